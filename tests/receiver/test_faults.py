"""A fault of our own costs what it happened to, and nothing else."""

from typing import Any

import pytest

from custom_components.sinotrack.receiver import Limits
from custom_components.sinotrack.receiver.tcp import TcpSession

from .conftest import Connect, Listen
from .frames import BROKEN, CAR, FOREIGN, STRANGER, v1
from .harness import until
from .wire import Port

ODD = ["::ffff:0:192.0.2.1", "::ffff:0:c000:201", "::ffff:102:304", "::ffff:abcd"]
"""Begin like the name of an IPv4 address, and are none."""


@pytest.mark.parametrize("host", ODD)
def test_peer_of_any_address_is_heard_and_judged(port: Port, host: str) -> None:
    port.receiver.allow(["::/0"])
    for data in (BROKEN, FOREIGN["http"], v1(STRANGER), v1(CAR)):
        port.datagram(data, host=host)
    port.connect(host).send(v1(CAR))
    assert port.ids == [STRANGER, CAR, CAR]
    assert port.refusals == {"malformed": 1, "foreign": 1}
    assert port.links[0].peer == host
    port.flood(host)
    assert port.receiver.admission.is_flooding(host)


@pytest.mark.parametrize("host", ODD)
def test_peer_of_any_address_may_not_be_allowed(port: Port, host: str) -> None:
    port.receiver.allow(["192.0.2.0/24"])
    port.datagram(v1(CAR), host=host)
    assert not port.connect(host).is_open
    assert port.refusals == {"not_allowed": 2}


def boom(*_: Any) -> Any:
    raise RuntimeError("boom")


def test_fault_while_a_datagram_is_judged_raises_nowhere(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.sinotrack.receiver.udp.split", boom)
    assert port.datagram(v1(CAR)) == []
    monkeypatch.undo()
    assert port.datagram(v1(CAR)) != []
    assert port.refusals == {"fault": 1}


def test_connection_that_could_not_begin_is_closed(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would stay for ever, as nobody looks at its times."""
    monkeypatch.setattr(port.receiver.sessions, "admit", boom)
    wire = port.connect()
    assert not wire.is_open
    assert port.refusals == {"fault": 1}
    monkeypatch.undo()
    assert port.connect().is_open


async def test_fault_with_one_connection_does_not_stop_looking_at_the_others(
    listen: Listen, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = await listen(Limits(first_frame=0.05, sweep=0.01))
    peer = await connect(listener)
    with monkeypatch.context() as patch:
        patch.setattr(TcpSession, "check", boom)
        await until(lambda: listener.refusals.get("fault", 0) > 1)
    assert await peer.until_closed() == b""
    assert listener.refusals["no_frame"] == 1


# --- while a report is handled ------------------------------------------------------------


def test_fault_costs_an_accepted_tracker_no_connection(port: Port) -> None:
    """It would connect anew every 30 s, and be met by the same fault."""
    wire = port.connect()
    for _ in range(20):
        port.fault = RuntimeError("boom")
        wire.send(v1(CAR))
        port.pass_time(60)
    assert wire.is_open
    assert wire.answers == []
    assert port.refusals == {"fault": 20}
    wire.send(v1(CAR))
    assert len(wire.answers) == 1


def test_fault_costs_an_accepted_tracker_no_connection_in_a_flood(
    flooded: Port,
) -> None:
    wire = flooded.connect()
    flooded.fault = RuntimeError("boom")
    wire.send(v1(CAR))
    flooded.pass_time(60)
    assert wire.is_open
    assert flooded.refusals == {"fault": 1}


def test_fault_is_no_frame_of_a_stranger(port: Port) -> None:
    wire = port.connect()
    port.fault = RuntimeError("boom")
    wire.send(v1(STRANGER))
    port.pass_time(60)
    assert wire.is_closing()
    assert port.refusals == {"fault": 1, "no_frame": 1}
