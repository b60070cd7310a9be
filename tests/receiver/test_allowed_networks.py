"""What is not from an allowed network is not read at all."""

from custom_components.sinotrack.receiver import Refusal
from custom_components.sinotrack.receiver.limits import DATAGRAM_LIMIT

from .frames import BROKEN, CAR, STRANGER, VAN, v1
from .wire import ELSEWHERE, Port


def test_connection_from_elsewhere_is_closed_before_it_says_anything(
    port: Port,
) -> None:
    port.receiver.allow(["203.0.113.0/24"])
    wire = port.connect(ELSEWHERE)
    assert wire.is_closing()
    assert port.refusals == {"not_allowed": 1}
    assert port.receiver.connections == 0
    assert port.receiver.traffic.connections == 0


def test_datagram_from_elsewhere_is_not_read_whoever_it_is_of(port: Port) -> None:
    port.receiver.allow(["203.0.113.0/24"])
    port.datagram(v1(CAR), host=ELSEWHERE)
    port.datagram(bytes(DATAGRAM_LIMIT + 1), host=ELSEWHERE)
    assert port.reports == []
    assert port.refusals == {"not_allowed": 2}
    assert port.receiver.traffic.received == 0
    assert len(port.receiver.admission) == 0


def test_change_closes_what_is_allowed_no_longer_and_nothing_else(port: Port) -> None:
    inside, outside = port.connect(), port.connect(ELSEWHERE)
    inside.send(v1(CAR))
    outside.send(v1(VAN))
    port.receiver.allow(["203.0.113.0/24"])
    assert inside.is_open
    assert outside.is_closing()
    assert port.refusals == {"not_allowed": 1}
    port.receiver.allow([])
    assert port.connect(ELSEWHERE).is_open


def test_flood_from_within_is_a_flood_all_the_same(port: Port) -> None:
    port.receiver.allow(["203.0.113.0/24"])
    port.datagram(BROKEN * 101)
    port.datagram(v1(STRANGER))
    assert port.receiver.refusals[Refusal.FLOOD] == 1
