"""An open port hears all kinds of things, and Home Assistant does not mind."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
import ssl
from time import perf_counter

import pytest

from simulator import Transport

from .conftest import Receiver
from .frames import AT_SEA, AT_WORK, KINDS, sample
from .host import Host
from .lines import Line, line
from .owner import Owner

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

SLOWEST_ANSWER_SECONDS = 1.0
CROWD = 200

_addresses = count(1)


def tls_hello() -> bytes:
    """What a browser begins a secure connection with."""
    context = ssl.create_default_context()
    to_server = ssl.MemoryBIO()
    hello = context.wrap_bio(ssl.MemoryBIO(), to_server, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        hello.do_handshake()
    return to_server.read()


BAD = {
    "HTTP request": b"GET / HTTP/1.1\r\nHost: localhost:8888\r\nAccept: */*\r\n\r\n",
    "TLS hello": tls_hello(),
    "GT06 login": bytes.fromhex("78780d01012345678901234500018cdd0d0a"),
    "64 KiB without an end": b"*HQ,9170000001,V1," + b"A" * 65_000,
    "64 KiB of nothing": bytes(65_000),
    "64 KiB of half records": b"$" * 65_000,
    "sentence of another unit": b"*HQ,#*HQ,,V1,#*HQ,1,V1,,,,,,,,,,,#",
    "digits beyond ASCII": "*HQ,\uff19\uff11700000001,V1,°#".encode() * 20,
}


@pytest.fixture
def elsewhere() -> str:
    """An address that nobody else comes from: what a flood costs it costs alone."""
    return f"127.9.{next(_addresses)}.1"


@asynccontextmanager
async def responsive(host: Host) -> AsyncIterator[None]:
    """Ask Home Assistant all the time, and see that it answers and logs nothing bad."""
    begin = host.log.mark()
    seconds: list[float] = []
    is_over = asyncio.Event()

    async def ask() -> None:
        while not is_over.is_set():
            asked = perf_counter()
            await host.rest.get("/api/states")
            seconds.append(perf_counter() - asked)

    asking = asyncio.create_task(ask())
    try:
        yield
    finally:
        is_over.set()
        await asking
    assert max(seconds) < SLOWEST_ANSWER_SECONDS
    assert host.log.problems(begin) == ""


@asynccontextmanager
async def good_trackers(
    owner: Owner, receiver: Receiver, new_id: Callable[[], str]
) -> AsyncIterator[None]:
    """Two accepted trackers that are connected before, and go on afterwards."""
    async with AsyncExitStack() as stack:
        lines: dict[str, Line] = {}
        for transport in Transport:
            tracker_id = new_id()
            opened = await stack.enter_async_context(line(receiver.port, transport))
            opened.send(KINDS["V8"](sample(tracker_id, AT_SEA, seconds_ago=240)))
            await owner.accept(tracker_id, f"Good {tracker_id}")
            opened.send(KINDS["V8"](sample(tracker_id, AT_SEA, seconds_ago=230)))
            await opened.answer(b",R12,")
            lines[tracker_id] = opened

        yield

        for tracker_id, opened in lines.items():
            opened.heard.clear()
            opened.send(KINDS["V8"](sample(tracker_id, AT_SEA, ignition=True)))
            await opened.answer(b",R12,")
            await owner.until_shown(tracker_id, "ignition", "on")


@pytest.mark.parametrize("what", BAD)
async def test_a_stranger_talks_something_else(
    owner: Owner,
    receiver: Receiver,
    new_id: Callable[[], str],
    elsewhere: str,
    *,
    what: str,
) -> None:
    """Over TCP it is shown the door without a word, over UDP it is not heard."""
    known = await owner.discoveries()
    async with (
        responsive(owner.host),
        line(receiver.port, source=elsewhere) as tcp,
        line(receiver.port, Transport.UDP, source=elsewhere) as udp,
    ):
        async with good_trackers(owner, receiver, new_id):
            udp.send(BAD[what])
            tcp.send(BAD[what])
            tcp.finish()
            await tcp.until_lost()
        assert not tcp.heard
        assert not udp.heard
    assert await owner.discoveries() == known


async def test_an_empty_datagram_is_nothing(
    owner: Owner, receiver: Receiver, new_id: Callable[[], str]
) -> None:
    async with (
        responsive(owner.host),
        good_trackers(owner, receiver, new_id),
        line(receiver.port, Transport.UDP) as udp,
    ):
        udp.send(b"")
        udp.send(KINDS["V1"](sample(stranger := new_id(), AT_WORK)))
        card = await owner.discovered(stranger)
        assert not udp.heard
    await owner.cancel(card)


async def test_a_frame_behind_junk_counts(
    owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    """One bad frame never costs a connection its good ones."""
    async with responsive(owner.host), line(receiver.port) as tracker:
        tracker.send(KINDS["V8"](sample(tracker_id, AT_SEA, seconds_ago=30)))
        await owner.accept(tracker_id, "Chatterbox")
        report = KINDS["V8"](sample(tracker_id, AT_SEA, ignition=True))
        tracker.send(b"*HQ,?!#\r\n" + report)
        await tracker.answer(b",R12,")
        await owner.until_shown(tracker_id, "ignition", "on")


async def test_two_hundred_connections_at_once(
    owner: Owner, receiver: Receiver, new_id: Callable[[], str], elsewhere: str
) -> None:
    """Some send half a frame, the others nothing. A tracker still finds its place."""
    async with responsive(owner.host), good_trackers(owner, receiver, new_id):
        async with AsyncExitStack() as stack:
            crowd = await asyncio.gather(
                *(
                    stack.enter_async_context(line(receiver.port, source=elsewhere))
                    for _ in range(CROWD)
                )
            )
            for opened in crowd[::2]:
                opened.send(b"*HQ,9170000001,V1,12")
            for transport in Transport:
                async with line(receiver.port, transport) as newcomer:
                    newcomer.send(KINDS["V1"](sample(stranger := new_id(), AT_WORK)))
                    await owner.cancel(await owner.discovered(stranger))
        assert not any(opened.heard for opened in crowd)


async def test_a_flood_of_ids_does_not_fill_the_page(
    owner: Owner, receiver: Receiver, new_id: Callable[[], str], elsewhere: str
) -> None:
    """A stranger can write any number into a frame."""
    async with (
        responsive(owner.host),
        good_trackers(owner, receiver, new_id),
        line(receiver.port, source=elsewhere) as flood,
    ):
        ids = [new_id() for _ in range(300)]
        for tracker_id in ids:
            flood.send(KINDS["V1"](sample(tracker_id, AT_WORK)))
        await owner.discovered(ids[0])
        assert not flood.heard
    cards = await owner.discoveries()
    assert len(cards) <= 20
    for card in cards.values():
        await owner.cancel(card)
