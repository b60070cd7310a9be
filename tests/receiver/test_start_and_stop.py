"""The port is opened and closed as one, and free at once."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
import errno
import gc
import os
import socket
from typing import Any

import pytest

from custom_components.sinotrack.h02 import Report
from custom_components.sinotrack.receiver import (
    BindProblem,
    Limits,
    Link,
    Receiver,
    bind_problem,
    probe,
)
from custom_components.sinotrack.receiver.bind import open_sockets
from custom_components.sinotrack.receiver.udp import UdpEndpoint

from .conftest import Connect, Datagrams, Listen
from .frames import CAR, short_record, v1
from .harness import HOST, Listener, until
from .wire import Outbox


def occupy(kind: socket.SocketKind) -> tuple[socket.socket, int]:
    """Take a port of 127.0.0.1 for TCP or UDP alone."""
    sock = socket.socket(socket.AF_INET, kind)
    sock.bind((HOST, 0))
    if kind == socket.SOCK_STREAM:
        sock.listen()
    return sock, sock.getsockname()[1]


async def assert_is_free(port: int) -> None:
    """Bind both again, right away and without any help."""
    for sock in await open_sockets(HOST, port):
        sock.close()


# --- start ------------------------------------------------------------------------------


async def test_tcp_and_udp_have_one_number(
    listen: Listen, connect: Connect, datagrams: Datagrams
) -> None:
    listener = await listen()
    assert listener.receiver.port > 0
    assert await (await connect(listener)).say(v1()) != b""
    sender = datagrams(listener)
    sender.send(v1())
    assert await sender.receive() != b""


async def test_usual_limits_and_the_clock_of_the_host_where_none_are_given() -> None:
    times: list[datetime] = []

    def take(_report: Report, _link: Link, time: datetime) -> bool:
        times.append(time)
        return False

    receiver = Receiver(HOST, 0, on_report=take)
    assert receiver.limits == Limits()
    UdpEndpoint(receiver).datagram_received(v1(), (HOST, 1))
    assert times[0].utcoffset() == timedelta(0)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
async def test_port_that_is_half_taken_is_not_taken_at_all(
    kind: socket.SocketKind,
) -> None:
    sock, port = occupy(kind)
    with sock:
        receiver = Receiver(HOST, port, on_report=lambda *_: False)
        with pytest.raises(OSError, match="in use") as caught:
            await receiver.start()
        assert caught.value.errno == errno.EADDRINUSE
    # Neither half is left behind, and nothing has to be stopped.
    await assert_is_free(port)


async def test_receiver_does_not_share_its_port_with_another(listen: Listen) -> None:
    listener = await listen()
    other = Receiver(HOST, listener.receiver.port, on_report=lambda *_: False)
    with pytest.raises(OSError, match="in use"):
        await other.start()


@pytest.mark.parametrize(
    "failure", [OSError(errno.ENOBUFS, "No buffer space"), asyncio.CancelledError()]
)
@pytest.mark.parametrize("step", ["create_server", "create_datagram_endpoint"])
async def test_start_that_fails_half_way_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise failure

    loop = asyncio.get_running_loop()
    receiver = Receiver(HOST, 0, on_report=lambda *_: False)
    monkeypatch.setattr(loop, step, fail)
    with pytest.raises(type(failure)):
        await receiver.start()
    assert receiver.port > 0
    await assert_is_free(receiver.port)


@pytest.mark.parametrize("turns", range(12))
async def test_start_that_is_cancelled_leaves_nothing_open(turns: int) -> None:
    receiver = Receiver(HOST, 0, on_report=lambda *_: False)
    starting = asyncio.ensure_future(receiver.start())
    if turns:
        await until(lambda: receiver.port > 0)
    for _ in range(turns - 1):
        await asyncio.sleep(0)
    starting.cancel()
    await asyncio.wait([starting])
    if not starting.cancelled():
        await receiver.stop()
    gc.collect()
    await assert_is_free(receiver.port)


async def test_receiver_can_be_started_again(listen: Listen, connect: Connect) -> None:
    listener = await listen()
    port = listener.receiver.port
    await listener.receiver.stop()
    await listener.receiver.start()
    assert listener.receiver.port == port
    assert await (await connect(listener)).say(v1()) != b""


# --- stop -------------------------------------------------------------------------------


async def test_port_is_free_at_once_with_connections_open(
    listen: Listen, connect: Connect, datagrams: Datagrams
) -> None:
    listener = await listen(Limits(sweep=0.001))
    tracker, stranger = await connect(listener), await connect(listener)
    await tracker.say(v1(CAR))
    datagrams(listener).send(v1())
    await listener.until_reports(2)
    await listener.receiver.stop()
    assert listener.receiver.connections == 0
    await assert_is_free(listener.receiver.port)
    assert await tracker.until_closed() == b""
    assert await stranger.until_closed() == b""


@pytest.mark.parametrize("turns", range(5))
async def test_connection_just_made_is_closed_too(listen: Listen, turns: int) -> None:
    """Whatever stage of being accepted it is in."""
    listener = await listen()
    with socket.create_connection((HOST, listener.receiver.port)) as sock:
        for _ in range(turns):
            await asyncio.sleep(0)
        await listener.receiver.stop()
        sock.settimeout(5)
        with suppress(ConnectionResetError):
            assert sock.recv(1) == b""
    gc.collect()
    assert listener.receiver.connections == 0
    await assert_is_free(listener.receiver.port)


async def test_stop_that_is_cancelled_closes_all_the_same(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    stopping = asyncio.ensure_future(listener.receiver.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    await asyncio.wait([stopping])
    assert await peer.until_closed() == b""
    await assert_is_free(listener.receiver.port)


async def test_stop_leaves_no_timer_of_a_record_behind(
    listen: Listen, connect: Connect, reads: list[int]
) -> None:
    """What looks for timers after each test would tell."""
    listener = await listen()
    peer = await connect(listener)
    peer.send(short_record())
    await until(lambda: reads == [32])
    await listener.receiver.stop()
    # It was whole: what is known of the tracker may still be saved.
    assert listener.ids == [CAR]


async def test_stopping_twice_or_never_started_is_nothing() -> None:
    receiver = Receiver(HOST, 0, on_report=lambda *_: False)
    await receiver.stop()
    await receiver.start()
    await receiver.stop()
    await receiver.stop()


async def test_answer_after_the_stop_goes_nowhere(
    listen: Listen, connect: Connect, datagrams: Datagrams
) -> None:
    listener = await listen()
    peer, sender = await connect(listener), datagrams(listener)
    await peer.say(v1())
    sender.send(v1())
    await sender.receive()
    await listener.until_reports(2)
    await listener.receiver.stop()
    for link in listener.links:
        link.send(b"*HQ,9170000001,R12,120005#")
    assert await peer.until_closed() == b""
    assert not sender.has_answer()


# --- UDP answers ------------------------------------------------------------------------


async def test_answers_do_not_pile_up_where_they_cannot_leave() -> None:
    listener = Listener()
    endpoint, transport = UdpEndpoint(listener.receiver), Outbox()
    endpoint.connection_made(transport)
    endpoint.pause_writing()
    endpoint.datagram_received(v1(), (HOST, 1))
    assert transport.sent == []
    endpoint.resume_writing()
    endpoint.datagram_received(v1(), (HOST, 1))
    assert transport.sent == [b"*HQ,9170000001,R12,120005#"]
    assert listener.ids == [CAR, CAR]


async def test_answer_that_does_not_arrive_is_no_fault() -> None:
    listener = Listener()
    endpoint = UdpEndpoint(listener.receiver)
    endpoint.error_received(ConnectionRefusedError())
    endpoint.datagram_received(v1(), (HOST, 1))
    endpoint.close()
    assert listener.refusals == {}


# --- why a port cannot be had -----------------------------------------------------------


async def test_probe_tells_a_port_that_can_be_had(unused_tcp_port: int) -> None:
    assert await probe(HOST, unused_tcp_port) is None


@pytest.mark.parametrize("port", [-1, 0, 65_536])
async def test_probe_tells_a_number_that_is_no_port(port: int) -> None:
    assert await probe(HOST, port) is BindProblem.NOT_A_PORT


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
async def test_probe_tells_a_port_in_use(kind: socket.SocketKind) -> None:
    sock, port = occupy(kind)
    with sock:
        assert await probe(HOST, port) is BindProblem.PORT_IN_USE


async def test_probe_tells_an_address_that_is_not_there() -> None:
    assert await probe("192.0.2.1", 8888) is BindProblem.ADDRESS_NOT_AVAILABLE


@pytest.mark.parametrize(
    "failure",
    [
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        UnicodeEncodeError("idna", "..", 0, 1, "label empty"),
        ValueError("embedded null character"),
    ],
)
async def test_probe_tells_a_name_that_nobody_knows(
    monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise failure

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
    assert await probe("..", 8888) is BindProblem.ADDRESS_NOT_AVAILABLE


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (errno.EADDRINUSE, BindProblem.PORT_IN_USE),
        (errno.EACCES, BindProblem.PERMISSION_DENIED),
        (errno.EPERM, BindProblem.PERMISSION_DENIED),
        (errno.EADDRNOTAVAIL, BindProblem.ADDRESS_NOT_AVAILABLE),
        (errno.EAFNOSUPPORT, BindProblem.ADDRESS_NOT_AVAILABLE),
        (errno.ENOBUFS, BindProblem.CANNOT_BIND),
    ],
)
def test_each_reason_asks_for_its_own_remedy(error: int, problem: BindProblem) -> None:
    assert bind_problem(OSError(error, os.strerror(error))) is problem


def test_error_without_a_number_is_a_reason_too() -> None:
    assert bind_problem(OSError("what?")) is BindProblem.CANNOT_BIND
    assert bind_problem(socket.gaierror()) is BindProblem.ADDRESS_NOT_AVAILABLE
