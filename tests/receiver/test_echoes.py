"""An answer that is the question itself goes to and fro over UDP no more than a little.

Whoever echoes it, another server of this protocol or this port itself: one datagram
with a forged sender begins it, and nothing else would end it.
"""

import pytest

from custom_components.sinotrack.receiver import Limits

from .frames import CAR, VAN, many, v1
from .wire import CARRIER, ELSEWHERE, Port

LIMITS = Limits()
HEARTBEAT, LOGIN = b"*HQ,9170000001,HTBT#", b"*HQ,9170000001,V0#"


def rounds(port: Port, frame: bytes, host: str = CARRIER) -> int:
    """Send a frame from where each answer comes back; gives how often it did."""
    count = 0
    answers = [frame]
    while answers and count < 10_000:
        answers = port.datagram(*answers, host=host)
        count += 1
        # As long as an echo takes around the world.
        port.loop.now += 0.3
    return count


@pytest.mark.parametrize("frame", [HEARTBEAT, LOGIN, HEARTBEAT.replace(b"#", b",99#")])
def test_echo_ends_by_itself(port: Port, frame: bytes) -> None:
    assert rounds(port, frame) < 2 * LIMITS.echoes_burst
    assert port.receiver.traffic.withheld == 1


def test_echoes_in_many_names_are_no_more_than_in_one(port: Port) -> None:
    count = sum(rounds(port, HEARTBEAT, f"198.51.100.{i}") for i in range(200))
    assert count < 200 + LIMITS.echoes_burst + 200 * 0.5


def test_tracker_that_sends_heartbeats_is_answered_each_time(port: Port) -> None:
    for _ in range(1000):
        assert port.datagram(HEARTBEAT) == [HEARTBEAT]
        port.pass_time(2)
    assert port.receiver.traffic.withheld == 0


def test_burst_of_heartbeats_is_answered_and_the_next_too_after_a_while(
    port: Port,
) -> None:
    for _ in range(LIMITS.echoes_burst):
        assert port.datagram(HEARTBEAT) == [HEARTBEAT]
    for _ in range(1000):
        assert port.datagram(HEARTBEAT) == []
    assert port.receiver.traffic.withheld == 1000
    port.pass_time(2)
    assert port.datagram(HEARTBEAT) == [HEARTBEAT]
    assert port.datagram(HEARTBEAT) == []


def test_echoes_of_one_tracker_cost_the_others_no_answer(port: Port) -> None:
    rounds(port, HEARTBEAT)
    other = HEARTBEAT.replace(CAR.encode(), VAN.encode())
    assert port.datagram(other, host=ELSEWHERE) == [other]


def test_stored_records_are_answered_however_many(port: Port) -> None:
    for frame in many(3000):
        assert port.datagram(frame) == [b"*HQ,9170000001,R12,120005#"]
    assert port.receiver.traffic.withheld == 0


def test_over_a_connection_each_heartbeat_is_answered(port: Port) -> None:
    wire = port.connect()
    wire.send(HEARTBEAT * 500)
    assert wire.answers == [HEARTBEAT] * 500


def test_tracker_that_is_removed_and_comes_back_begins_anew(port: Port) -> None:
    rounds(port, HEARTBEAT)
    port.receiver.disconnect(CAR)
    assert port.datagram(HEARTBEAT) == [HEARTBEAT]


# --- this port itself ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "192.0.2.1"]
)
def test_what_this_port_sent_itself_is_not_read(port: Port, host: str) -> None:
    port.receiver.port = 8888
    port.receiver.admission.own_address = "192.0.2.1"
    assert port.datagram(HEARTBEAT, host=host, port=8888) == []
    assert port.refusals == {"own": 1}
    assert port.receiver.traffic.received == 0


@pytest.mark.parametrize(("host", "number"), [("127.0.0.1", 8889), (CARRIER, 8888)])
def test_who_shares_but_one_half_of_its_address_is_read(
    port: Port, host: str, number: int
) -> None:
    port.receiver.port = 8888
    assert port.datagram(v1(CAR), host=host, port=number) != []
    assert port.refusals == {}
