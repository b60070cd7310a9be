"""The self-test of a port."""

import asyncio
import socket
from typing import Any

import pytest

from custom_components.sinotrack.h02 import Report
from custom_components.sinotrack.receiver import (
    ALL_TRANSPORTS,
    BindProblem,
    Link,
    Loopback,
    Receiver,
    Transport,
    probe,
)
from custom_components.sinotrack.receiver.bind import open_sockets
from custom_components.sinotrack.receiver.udp import UdpEndpoint

from .harness import HOST


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait no longer than a loop needs for what never comes."""
    monkeypatch.setattr("custom_components.sinotrack.receiver.loopback.PATIENCE", 0.05)


async def test_host_that_is_none_is_not_reached() -> None:
    assert await Loopback().run("127.0.0.1\0x", 8888) == frozenset()


async def run(host: str, deaf_to: set[Transport] | None = None) -> set[Transport]:
    """Test a receiver that does not hear everything."""
    test = Loopback()
    answers: list[bool] = []

    def hear(report: Report, link: Link, _: Any) -> bool:
        if link.transport not in (deaf_to or set()):
            answers.append(test.hear(report, link))
        return False

    receiver = Receiver(host, 0, on_report=hear)
    await receiver.start()
    try:
        heard = set(await test.run(receiver.host, receiver.port))
    finally:
        await receiver.stop()
    assert all(answers)
    return heard


@pytest.mark.parametrize("host", [HOST, "0.0.0.0"])
async def test_open_port_hears_itself_over_tcp_and_udp(host: str) -> None:
    assert await run(host) == ALL_TRANSPORTS


async def test_open_port_of_both_families_hears_itself() -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    assert await run("::") == ALL_TRANSPORTS


def test_test_is_not_held_against_this_machine_though_it_is_not_answered() -> None:
    receiver = Receiver(
        HOST, 0, on_report=lambda *_: False, is_accepted=lambda _tracker_id: True
    )
    endpoint = UdpEndpoint(receiver)
    for _ in range(1500):
        endpoint.datagram_received(b"*HQ,9170000001,HTBT#", (HOST, 1))
    assert receiver.refusals == {}
    assert len(receiver.admission) == 0


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("deaf_to", [{"tcp"}, {"udp"}, {"tcp", "udp"}])
async def test_what_does_not_arrive_is_told_by_its_transport(
    deaf_to: set[Transport],
) -> None:
    assert await run(HOST, deaf_to) == ALL_TRANSPORTS - deaf_to


@pytest.mark.usefixtures("impatient")
async def test_port_that_is_closed_hears_nothing() -> None:
    tcp, udp = await open_sockets(HOST, 0)
    port = tcp.getsockname()[1]
    tcp.close()
    udp.close()

    assert await Loopback().run(HOST, port) == set()


def test_report_of_anyone_else_is_not_of_the_test() -> None:
    test, other = Loopback(), Loopback()
    report = Report(b"", "HTBT", other.tracker_id, "HQ")
    link: Any = object()

    assert not test.hear(report, link)


def test_nobody_can_guess_the_id() -> None:
    drawn = {Loopback().tracker_id for _ in range(100)}

    assert len(drawn) == 100
    assert {len(tracker_id) for tracker_id in drawn} == {16}


@pytest.mark.usefixtures("impatient")
async def test_probe_tells_a_port_that_hears_nothing(
    monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    async def refuse(*_: Any, **__: Any) -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio, "open_connection", refuse)

    assert await probe(HOST, unused_tcp_port) is BindProblem.DEAF
