"""The log tells of each peer once a minute, and never what it sent."""

import logging

import pytest

from custom_components.sinotrack.receiver.limits import LINES_PER_MINUTE

from .frames import CAR, FOREIGN, STRANGER, v1
from .wire import CARRIER, Port

LOGGER = "custom_components.sinotrack.receiver.server"
BROKEN = v1(STRANGER).replace(b",V1,", b",Q9,")


@pytest.fixture
def port(caplog: pytest.LogCaptureFixture) -> Port:
    """A port whose log is read closely."""
    caplog.set_level(logging.DEBUG, LOGGER)
    return Port()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give what the log tells."""
    return [record.getMessage() for record in caplog.records]


def test_peer_has_one_line_a_minute_whatever_it_does(
    port: Port, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(300):
        port.datagram(BROKEN)
        port.connect().send(FOREIGN["http"])
    assert port.receiver.admission.is_flooding(CARRIER)
    assert lines(caplog) == ["Refused over udp: unknown type"]
    assert port.receiver.traffic.unlogged > 0
    port.pass_time(60)
    port.connect().send(BROKEN)
    port.datagram(FOREIGN["http"])
    assert lines(caplog)[1:] == [f"Refused over tcp from {CARRIER}: flood"]


def test_each_peer_has_its_own_line(
    port: Port, caplog: pytest.LogCaptureFixture
) -> None:
    port.datagram(FOREIGN["gt06"])
    port.datagram(FOREIGN["gt06"], host="198.51.100.1")
    assert lines(caplog) == ["Refused over udp: gt06"] * 2


def test_lines_of_all_peers_are_bounded_as_well(
    port: Port, caplog: pytest.LogCaptureFixture
) -> None:
    """Senders of datagrams can be forged without end."""
    for number in range(3 * LINES_PER_MINUTE):
        port.datagram(BROKEN, host=f"198.51.{number // 250}.{number % 250}")
    assert len(lines(caplog)) == LINES_PER_MINUTE
    assert port.receiver.traffic.unlogged == 2 * LINES_PER_MINUTE
    port.pass_time(60)
    port.datagram(BROKEN)
    assert len(lines(caplog)) == LINES_PER_MINUTE + 1


def test_neither_id_nor_place_nor_address_is_in_a_line(
    port: Port, caplog: pytest.LogCaptureFixture
) -> None:
    for number, data in enumerate((BROKEN, v1(STRANGER), v1(CAR), *FOREIGN.values())):
        port.datagram(data, host=f"198.51.100.{number}")
        port.connect(f"198.51.101.{number}").send(data)
    assert len(lines(caplog)) > len(FOREIGN)
    for private in (STRANGER, CAR, "5231.2500", "GET", "359710049095095", "198.51."):
        assert private not in caplog.text


@pytest.mark.parametrize(("level", "told"), [(logging.INFO, 1), (logging.WARNING, 0)])
def test_owner_who_does_not_ask_is_told_of_floods_at_most(
    port: Port, caplog: pytest.LogCaptureFixture, level: int, told: int
) -> None:
    caplog.set_level(level, LOGGER)
    port.datagram(FOREIGN["http"])
    assert lines(caplog) == []
    port.flood()
    port.datagram(v1(STRANGER))
    assert len(lines(caplog)) == told


def test_peer_that_is_not_allowed_is_told_with_its_address(
    port: Port, caplog: pytest.LogCaptureFixture
) -> None:
    """Whose provider has a new network, finds it there."""
    port.receiver.allow(["192.0.2.0/24"])
    port.datagram(v1(CAR))
    assert lines(caplog) == [f"Refused over udp from {CARRIER}: not_allowed"]
