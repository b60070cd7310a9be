"""What a stranger may cost, and what a tracker may do for all that."""

import asyncio
from functools import partial
import socket
from typing import Final

import pytest

from custom_components.sinotrack.h02 import BATCH_LIMIT, SENTENCE_LIMIT
from custom_components.sinotrack.receiver import Limits
from custom_components.sinotrack.receiver.limits import (
    DATAGRAM_LIMIT,
    READ_SIZE,
    UNSENT_LIMIT,
)

from .conftest import Connect, Datagrams, Listen
from .frames import CAR, STRANGER, VAN, many, mileage_record, short_record, v1
from .harness import HOST, Listener, until
from .wire import Port

SWEEP: Final = 0.01
SOON: Final = 0.1
NEVER: Final = 1000.0


def limits(
    *,
    first_frame: float = NEVER,
    partial_frame: float = NEVER,
    stranger_idle: float = NEVER,
    tracker_idle: float = NEVER,
) -> Limits:
    """All the time in the world, but for what a test is about."""
    return Limits(
        first_frame=first_frame,
        partial_frame=partial_frame,
        stranger_idle=stranger_idle,
        tracker_idle=tracker_idle,
        sweep=SWEEP,
    )


# --- time -------------------------------------------------------------------------------


async def test_connection_that_says_nothing_is_closed(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(limits(first_frame=SOON))
    peer = await connect(listener)
    assert await peer.until_closed() == b""
    assert listener.refusals == {"no_frame": 1}
    assert listener.receiver.connections == 0


async def test_connection_that_says_only_nonsense_is_closed(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(limits(first_frame=SOON))
    peer = await connect(listener)
    peer.send(b"*HQ,not-an-id,V1,120000#", b"noise")
    await peer.until_closed()
    assert listener.refusals == {"malformed": 1, "no_frame": 1}


def test_connection_that_never_says_whose_it_is_is_closed(port: Port) -> None:
    wire = port.connect()
    for _ in range(7):
        wire.send(v1("") + mileage_record() + v1(""))
        port.pass_time(5)
    assert wire.is_closing()
    assert port.refusals == {"no_id": 21, "no_frame": 1}


def test_connection_that_says_in_time_whose_it_is_may_stay(port: Port) -> None:
    wire = port.connect()
    wire.send(mileage_record() + v1(""))
    port.pass_time(29)
    wire.send(v1(CAR))
    port.pass_time(18_000)
    assert wire.is_open


async def test_dripping_frame_is_given_up(
    listen: Listen, connect: Connect, reads: list[int]
) -> None:
    listener = await listen(limits(first_frame=5 * SOON, partial_frame=SOON))
    peer = await connect(listener)
    for sent, byte in enumerate(v1()[:-1], start=1):
        peer.send(bytes((byte,)))
        await until(partial(_has_read, reads, sent, listener))
        await until_later(SOON / 10)
    await peer.until_closed()
    assert listener.refusals == {"partial": 1, "no_frame": 1}
    assert listener.reports == []


def _has_read(reads: list[int], count: int, listener: Listener) -> bool:
    return len(reads) == count or not listener.receiver.connections


async def test_given_up_frame_never_costs_a_tracker_its_connection(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(limits(partial_frame=SOON))
    peer = await connect(listener)
    await peer.say(v1())
    peer.send(v1()[:40])
    await until(lambda: listener.refusals == {"partial": 1})
    assert await peer.say(v1()) != b""


async def test_record_held_when_its_time_is_over_still_counts(
    listen: Listen, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "custom_components.sinotrack.receiver.tcp.RECORD_PATIENCE", NEVER
    )
    listener = await listen(limits(partial_frame=SOON))
    peer = await connect(listener)
    peer.send(short_record())
    await listener.until_reports(1)
    assert listener.refusals == {"partial": 1}


async def test_stream_that_always_ends_inside_a_frame_loses_none(
    listen: Listen, connect: Connect
) -> None:
    """The time of a frame begins with that frame, not with the first ever cut."""
    listener = await listen(limits(partial_frame=SOON))
    peer = await connect(listener)
    head, tail = v1()[:40], v1()[40:]
    loop = asyncio.get_running_loop()
    end = loop.time() + 4 * SOON
    peer.send(head)
    sent = 0
    while loop.time() < end:
        peer.send(tail, head)
        sent += 1
        await listener.until_reports(sent)
    assert listener.refusals == {}
    assert len(listener.reports) == sent > 5


async def test_stranger_may_not_stay_silent_for_long(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(limits(stranger_idle=SOON))
    peer = await connect(listener)
    peer.send(v1(STRANGER))
    await peer.until_closed()
    assert listener.ids == [STRANGER]
    assert listener.refusals == {"idle": 1}


async def test_accepted_tracker_may_sleep(listen: Listen, connect: Connect) -> None:
    listener = await listen(limits(first_frame=SOON, stranger_idle=SOON))
    tracker, stranger = await connect(listener), await connect(listener)
    await tracker.say(v1(CAR))
    stranger.send(v1(STRANGER))
    await stranger.until_closed()
    await until_later(2 * SOON)
    assert listener.receiver.connections == 1
    assert await tracker.say(v1(CAR)) != b""


async def test_accepted_tracker_may_not_sleep_for_ever(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(limits(tracker_idle=SOON))
    peer = await connect(listener)
    await peer.say(v1(CAR))
    assert await peer.until_closed() == b""
    assert listener.refusals == {"idle": 1}


async def test_each_frame_gives_a_stranger_more_time(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(limits(first_frame=2 * SOON, stranger_idle=2 * SOON))
    peer = await connect(listener)
    for count in range(1, 6):
        peer.send(v1(STRANGER))
        await listener.until_reports(count)
        await until_later(SOON)
    assert listener.refusals == {}


def test_limits_let_an_st_906_sleep_and_a_scanner_wait_in_vain() -> None:
    usual = Limits()
    assert usual.tracker_idle > 18_000, "the longest interval that can be set"
    assert usual.stranger_idle > 300, "the default interval of a parked vehicle"
    assert usual.first_frame <= 60
    assert usual.partial_frame <= 60


async def until_later(seconds: float) -> None:
    """Let real time pass, where its passing is what a test is about."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    await until(lambda: loop.time() >= end)


# --- bytes ------------------------------------------------------------------------------


async def test_64_kib_without_an_end_close_the_connection(
    listen: Listen, connect: Connect, reads: list[int]
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(b"*HQ,9170000001,V1," + b"A" * 65536)
    await peer.until_closed()
    assert listener.refusals == {"overlong": 1, "junk": 1}
    assert sum(reads) <= 3 * READ_SIZE


async def test_junk_before_the_first_frame_is_borne_for_a_while(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(b"\xff" * 1000, v1(CAR))
    assert await peer.receive() != b""
    peer.send(b"\xff" * 65536)
    assert await peer.say(v1(CAR)) != b""
    assert listener.refusals == {}


async def test_peer_that_reads_no_answers_is_dropped(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    loop = asyncio.get_running_loop()
    with socket.socket() as sock:
        # A small window, so that the answers pile up on the other side.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        sock.setblocking(False)
        await loop.sock_connect(sock, (HOST, listener.receiver.port))
        await loop.sock_sendall(sock, b"".join(many(1000)))
        await listener.until_reports(1000)
        assert listener.refusals == {}, "it may be a backlog on a slow line"
        burst = v1(CAR) * 40
        while not listener.refusals:
            try:
                await loop.sock_sendall(sock, burst)
            except ConnectionError:
                break
        await until(lambda: listener.receiver.connections == 0)
    assert listener.refusals == {"unread": 1}
    assert len(listener.reports) < 10_000, "or the kernel holds megabytes"
    assert await (await connect(listener)).say(v1(VAN)) != b""


def test_no_more_answers_than_the_limit_wait_for_a_peer(port: Port) -> None:
    """The event loop would hold eight times as many."""
    assert port.connect().holds == UNSENT_LIMIT


async def test_datagram_longer_than_any_frame_is_not_read(
    listen: Listen, datagrams: Datagrams
) -> None:
    listener = await listen()
    sender = datagrams(listener)
    frames = [v1(CAR)] * (DATAGRAM_LIMIT // len(v1(CAR)))
    sender.send(*frames)
    await listener.until_reports(len(frames))
    assert listener.refusals == {}
    sender.send(*frames, v1(CAR))
    await until(lambda: listener.refusals == {"overlong": 1})
    assert len(listener.reports) == len(frames)


def test_longest_frame_fits_into_a_datagram() -> None:
    assert DATAGRAM_LIMIT >= BATCH_LIMIT


async def test_overlong_frame_of_a_tracker_costs_that_frame_alone(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    await peer.say(v1(CAR))
    peer.send(b"*HQ,9170000001,V1," + b"A" * SENTENCE_LIMIT, v1(CAR))
    assert await peer.receive() != b""
    assert listener.refusals == {"overlong": 1}
