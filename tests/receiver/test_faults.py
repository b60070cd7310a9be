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
