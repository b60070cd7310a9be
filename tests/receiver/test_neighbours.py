"""Trackers that share an address with a flood lose nothing by it."""

from hypothesis import given, strategies as st
import pytest

from custom_components.sinotrack.receiver import Limits

from .frames import (
    BROKEN,
    CAR,
    FOREIGN,
    STRANGER,
    VAN,
    batch,
    long_record,
    many,
    mileage_record,
    short_record,
    v1,
)
from .wire import CARRIER, Port

IMEI = "352483084193293"
IMEI_RECORD = bytes.fromhex(
    "2435248308419329301245431311165035313006004318210e012123fffffbffff01120064ba73005ecc"
)


FRAMES = {
    "sentence": v1(CAR),
    "record": short_record(CAR),
    "long record": long_record(CAR),
    "heartbeat": b"*HQ,9170000001,HTBT#",
    "batch": batch(CAR, 3),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_accepted_tracker_is_heard_over_udp(flooded: Port, frame: bytes) -> None:
    flooded.datagram(frame)
    assert set(flooded.ids) == {CAR}
    assert flooded.refusals == {}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_accepted_tracker_is_heard_over_a_new_connection(
    flooded: Port, frame: bytes
) -> None:
    wire = flooded.connect()
    # A record alone is held for a moment.
    wire.send(frame * 2)
    assert set(flooded.ids) == {CAR}
    assert len(wire.answers) >= 1
    assert wire.is_open


def test_accepted_tracker_is_heard_over_an_open_connection(port: Port) -> None:
    wire = port.connect()
    wire.send(v1(CAR))
    port.flood()
    wire.send(v1(CAR) + mileage_record() + v1(""))
    assert port.ids == [CAR] * 4
    assert len(wire.answers) == 4
    assert wire.is_open


def test_tracker_on_the_connection_of_the_flood_itself_is_heard(port: Port) -> None:
    """As behind something that sends what many trackers say through one connection."""
    wire = port.connect()
    wire.send(b"".join(v1(f"80{number:08}") for number in range(500)))
    assert port.receiver.admission.is_flooding(CARRIER)
    wire.send(v1(CAR))
    while wire.waiting:
        port.pass_time(1)
    assert port.ids[-1] == CAR
    assert len(wire.answers) == 1


def test_connection_of_a_tracker_that_began_in_a_flood_may_sleep(
    flooded: Port,
) -> None:
    wire = flooded.connect()
    wire.send(v1(CAR))
    flooded.pass_time(18_000)
    assert wire.is_open
    assert flooded.refusals == {}


def test_id_of_15_digits_in_a_record_is_found(flooded: Port) -> None:
    flooded.accepted.add(IMEI)
    flooded.datagram(IMEI_RECORD)
    assert flooded.ids == [IMEI]


def test_stranger_on_the_connection_of_a_tracker_is_left_out(flooded: Port) -> None:
    wire = flooded.connect()
    wire.send(v1(CAR) + v1(STRANGER) + v1(VAN))
    flooded.pass_time(1)
    assert flooded.ids == [CAR, VAN]
    assert wire.is_open
    assert flooded.refusals == {"flood": 1}


def test_record_of_a_stranger_is_not_taken_for_one_of_the_tracker_before(
    flooded: Port,
) -> None:
    wire = flooded.connect()
    wire.send(v1(CAR) + v1(STRANGER) + mileage_record())
    flooded.pass_time(1)
    wire.send(mileage_record() + v1(CAR) + mileage_record())
    assert flooded.ids == [CAR, CAR, CAR]
    assert flooded.refusals == {"flood": 3}


def test_letters_of_the_tracker_before_are_not_those_of_a_stranger_left_out(
    flooded: Port,
) -> None:
    """Accepted later, it would take no answer to its records (a.1)."""
    wire = flooded.connect()
    wire.send(v1(CAR).replace(b"*HQ", b"*TH") + v1(STRANGER))
    flooded.pass_time(1)
    flooded.accepted.add(STRANGER)
    wire.send(short_record(STRANGER) + v1(CAR))
    assert [report.vendor for report in flooded.reports] == ["TH", "", "HQ"]


def test_record_is_not_cut_short_while_the_flood_around_it_waits(
    flooded: Port,
) -> None:
    wire = flooded.connect()
    wire.send(v1(CAR) + v1(STRANGER) + long_record(CAR)[:40])
    wire.send(long_record(CAR)[40:])
    flooded.pass_time(0.9)
    assert flooded.ids == [CAR]
    flooded.pass_time(0.1)
    flooded.pass_time(1)
    assert [report.raw for report in flooded.reports] == [v1(CAR), long_record(CAR)]


def test_record_that_has_no_more_to_come_is_taken_after_the_pause(
    flooded: Port,
) -> None:
    wire = flooded.connect()
    wire.send(v1(CAR) + v1(STRANGER) + short_record(CAR))
    flooded.pass_time(1)
    flooded.pass_time(1)
    assert flooded.ids == [CAR, CAR]


def test_odd_frame_of_a_tracker_does_not_close_its_connection(flooded: Port) -> None:
    wire = flooded.connect()
    wire.send(v1(CAR).replace(b",V1,", b",Q9,"))
    assert wire.is_open
    wire.send(v1(CAR))
    assert flooded.ids == [CAR]


def test_tail_of_a_frame_before_the_first_does_not_either(flooded: Port) -> None:
    wire = flooded.connect()
    wire.send(v1(CAR)[40:])
    wire.send(v1(CAR))
    assert flooded.ids == [CAR]
    assert wire.is_open


@pytest.mark.parametrize("frame", [mileage_record(), v1("")])
def test_frame_without_an_id_before_the_first_does_not_either(
    flooded: Port, frame: bytes
) -> None:
    wire = flooded.connect()
    # A record alone is held for a moment.
    wire.send(frame + v1(CAR)[:40])
    assert wire.is_open
    flooded.pass_time(1)
    wire.send(v1(CAR)[40:] + frame)
    assert flooded.ids == [CAR, CAR]
    assert flooded.refusals == {"flood": 1}


def test_frames_without_an_id_alone_give_a_connection_no_time_in_a_flood(
    flooded: Port,
) -> None:
    wire = flooded.connect()
    for _ in range(4):
        wire.send(v1(""))
        flooded.pass_time(10)
    assert wire.is_closing()
    assert flooded.refusals == {"flood": 4, "no_frame": 1}


def test_tracker_in_a_datagram_with_strangers_is_heard(flooded: Port) -> None:
    flooded.datagram(v1(STRANGER), v1(CAR), BROKEN, v1(VAN))
    assert flooded.ids == [CAR, VAN]
    assert flooded.refusals == {"flood": 2}


def test_tracker_is_heard_beyond_the_rate_of_strangers(port: Port) -> None:
    for frame in many(1500, STRANGER):
        port.datagram(frame)
    port.reports.clear()
    port.datagram(v1(CAR))
    assert port.ids == [CAR]


TROUBLE = st.one_of(
    st.binary(max_size=300),
    st.sampled_from([BROKEN, BROKEN * 20, v1(STRANGER), *FOREIGN.values()]),
    st.integers(0, 10**10 - 1).map(lambda number: v1(f"{number % 10**9:010}")),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["udp", "old connection", "new connection", "car", "time"]),
        TROUBLE,
    ),
    max_size=40,
)


@given(steps=STEPS)
def test_accepted_tracker_is_never_shut_out(steps: list[tuple[str, bytes]]) -> None:
    """Whatever comes from its address, and however it reports itself."""
    port = Port(Limits(offences=3, strangers_burst=5, connections_per_peer=6))
    # Neither id is drawn.
    car, other = port.connect(), port.connect()
    car.send(v1(CAR))
    heard = 1
    for where, data in steps:
        if where == "udp":
            port.datagram(data)
        elif where == "old connection":
            other.send(data)
        elif where == "new connection":
            port.connect().send(data)
        elif where == "time":
            port.pass_time(100)
        else:
            new = port.connect()
            port.datagram(v1(VAN))
            car.send(v1(CAR))
            new.send(v1(VAN))
            heard += 3
            assert car.is_open
            assert new.is_open
        assert sum(port.accepts(tracker_id) for tracker_id in port.ids) == heard
