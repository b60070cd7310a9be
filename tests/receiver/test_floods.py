"""What counts as a flood, and what it costs those who make it."""

import pytest

from custom_components.sinotrack.h02 import split
from custom_components.sinotrack.receiver import Limits, udp
from custom_components.sinotrack.receiver.limits import (
    DATAGRAM_LIMIT,
    READ_SIZE,
    SIFTED_LIMIT,
    STRANGER_READ_SIZE,
)

from .frames import (
    BROKEN,
    CAR,
    FOREIGN,
    STRANGER,
    VAN,
    batch,
    many,
    mileage_record,
    short_record,
    v1,
)
from .wire import CARRIER, ELSEWHERE, Port


def strangers(count: int) -> list[bytes]:
    """Reports, each of another id."""
    return [v1(f"80{number:08}") for number in range(count)]


# --- what counts as a flood -----------------------------------------------------------

UDP, ONE, NEW = "datagrams", "one connection", "a connection for each"

FLOODS = {
    "broken frames in one stream": (ONE, [BROKEN] * 101),
    "broken frames in datagrams": (UDP, [BROKEN] * 101),
    "broken frames in one datagram": (UDP, [BROKEN * 101]),
    "frames of another protocol": (ONE, [b"*ET,1,HB#"] * 101),
    "connections of another protocol": (NEW, [FOREIGN["tls"]] * 101),
    "datagrams of another protocol": (UDP, [FOREIGN["http"]] * 101),
    "many ids in one stream": (ONE, strangers(101)),
    "many ids in datagrams": (UDP, strangers(101)),
    "many ids, each by its own connection": (NEW, strangers(101)),
    "reports of one id without an end": (ONE, [v1(STRANGER) * 20] * 56),
    "batches of one id without an end": (ONE, [batch(STRANGER, 80)] * 15),
    "reports of one id, each by its own connection": (NEW, [v1(STRANGER)] * 1102),
    "reports without an id": (ONE, [v1("")] * 101),
    "connections with nothing but junk": (NEW, [b"\xff" * 5000] * 101),
    "datagrams that are too long": (UDP, [bytes(DATAGRAM_LIMIT + 1)] * 101),
}


@pytest.mark.parametrize(("way", "data"), FLOODS.values(), ids=FLOODS)
def test_what_no_tracker_does_is_a_flood_when_it_goes_on(
    port: Port, way: str, data: list[bytes]
) -> None:
    wire = port.connect()
    for piece in data:
        if way == UDP:
            port.datagram(piece)
        else:
            (wire if way == ONE else port.connect()).send(piece)
    assert port.receiver.admission.is_flooding(CARRIER)
    before = port.refusals.get("flood", 0)
    heard = len(port.ids)
    port.datagram(v1(STRANGER))
    assert port.refusals["flood"] == before + 1
    assert len(port.ids) == heard


def test_junk_between_the_frames_of_a_stranger_is_a_flood_and_closes(
    port: Port,
) -> None:
    wire = port.connect()
    wire.send(v1(STRANGER))
    for _ in range(200):
        wire.send(b"\xff" * 100)
    assert port.receiver.admission.is_flooding(CARRIER)
    assert wire.is_closing()
    assert port.refusals == {"flood": 1}


def test_junk_of_a_stranger_is_held_against_it_once(port: Port) -> None:
    wire = port.connect()
    wire.send(v1(STRANGER) + b"\xff" * 100)
    for frame in many(1000, STRANGER):
        wire.send(frame)
    assert len(port.reports) == 1001
    assert port.refusals == {}


def test_junk_between_the_frames_of_a_tracker_is_none(port: Port) -> None:
    wire = port.connect()
    wire.send(v1(CAR))
    for _ in range(200):
        wire.send(b"\xff" * 100)
    assert not port.receiver.admission.is_flooding(CARRIER)
    assert wire.is_open


@pytest.mark.parametrize(
    "frame", [v1(CAR).replace(b",V1,", b",Q9,"), b"*ET,9170000001,HB#"]
)
def test_odd_frame_of_an_accepted_tracker_is_not_held_against_its_address(
    port: Port, frame: bytes
) -> None:
    port.connect().send(frame * 500)
    for _ in range(500):
        port.datagram(frame)
    assert not port.receiver.admission.is_flooding(CARRIER)
    assert port.receiver.admission.judge_datagram(CARRIER) is None


def test_fault_of_our_own_is_not_held_against_a_tracker(port: Port) -> None:
    for _ in range(1500):
        port.fault = RuntimeError("boom")
        port.datagram(v1(CAR))
    assert port.refusals == {"fault": 1500}
    assert len(port.receiver.admission) == 0


# --- what is none ---------------------------------------------------------------------


@pytest.mark.parametrize("tracker_id", [CAR, STRANGER])
def test_backlog_of_1000_records_in_one_burst_is_none(
    port: Port, tracker_id: str
) -> None:
    wire = port.connect()
    wire.send(b"".join(many(1000, tracker_id)))
    assert port.ids == [tracker_id] * 1000
    assert wire.is_open
    assert port.refusals == {}


@pytest.mark.parametrize("tracker_id", [CAR, STRANGER])
def test_backlog_of_1000_datagrams_in_one_burst_is_none(
    port: Port, tracker_id: str
) -> None:
    for frame in many(1000, tracker_id):
        port.datagram(frame)
    assert port.ids == [tracker_id] * 1000
    assert port.refusals == {}


def test_new_trackers_behind_one_carrier_are_none(port: Port) -> None:
    """Ten of them, each with a report every half second, for ten minutes."""
    for _ in range(1200):
        for frame in strangers(10):
            port.datagram(frame)
        port.pass_time(0.5)
    assert len(port.reports) == 12_000
    assert port.refusals == {}


def test_new_trackers_that_connect_for_each_report_are_none(port: Port) -> None:
    for _ in range(100):
        for frame in strangers(20):
            port.connect().send(frame)
        port.pass_time(20)
    assert len(port.reports) == 2000
    assert port.refusals.keys() <= {"too_many"}


def test_accepted_trackers_report_as_often_as_they_like(port: Port) -> None:
    for _ in range(5000):
        port.datagram(v1(CAR), v1(VAN))
    assert len(port.reports) == 10_000
    assert len(port.receiver.admission) == 0


# --- what it costs those who make it --------------------------------------------------


def test_datagram_of_a_flood_is_not_read(flooded: Port) -> None:
    received = flooded.receiver.traffic.received
    for data in (v1(STRANGER), BROKEN, FOREIGN["http"], mileage_record()):
        flooded.datagram(data)
    assert flooded.receiver.traffic.received == received + 4
    assert flooded.refusals == {"flood": 4}
    assert flooded.foreign == []
    assert flooded.ids == []


def test_datagram_is_read_no_further_than_to_the_frame_that_makes_a_flood(
    port: Port,
) -> None:
    port.datagram(*[BROKEN] * 150, v1(STRANGER), v1(CAR), FOREIGN["http"])
    assert port.refusals == {"malformed": 101, "flood": 50}
    assert port.ids == [CAR]


def test_datagram_is_read_no_further_than_to_the_record_that_is_too_much(
    port: Port,
) -> None:
    for _ in range(11):
        port.datagram(*[short_record(STRANGER)] * 100)
    assert len(port.reports) == 1001
    assert port.refusals == {"too_fast": 99}


def test_datagram_of_a_flood_is_cut_no_further_than_a_tracker_sends(
    flooded: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To find where frames begin costs the more, the less of them there are."""
    seen: list[int] = []

    def noted(data: bytes) -> list[bytes]:
        seen.append(len(data))
        return split(data)

    monkeypatch.setattr(udp, "split", noted)
    flooded.datagram(*many(12), b"$" * 6000)
    assert flooded.ids == [CAR] * 12
    flooded.datagram(b"$" * DATAGRAM_LIMIT)
    flooded.datagram(*many(60))
    assert seen == [SIFTED_LIMIT] * 3
    assert len(flooded.ids) == 12 + SIFTED_LIMIT // len(v1(CAR))
    assert flooded.refusals == {"flood": 3}, "what is beyond counts as one"


def test_new_connection_of_a_flood_is_closed_at_its_first_frame(flooded: Port) -> None:
    for frame in (v1(STRANGER), BROKEN, short_record(STRANGER) * 2, v1("") * 2):
        wire = flooded.connect()
        assert wire.is_open, "its id may be that of an accepted tracker"
        wire.send(frame)
        assert wire.is_closing()
        assert wire.answers == []
    assert flooded.reports == []
    assert flooded.refusals == {"flood": 6}
    assert flooded.receiver.connections == 0


@pytest.mark.parametrize("protocol", FOREIGN)
def test_new_connection_of_another_protocol_is_closed_and_no_news(
    flooded: Port, protocol: str
) -> None:
    wire = flooded.connect()
    wire.send(FOREIGN[protocol])
    assert wire.is_closing()
    assert flooded.foreign == []
    assert flooded.refusals == {"flood": 1}


def test_what_follows_the_frame_that_closes_is_not_looked_at(flooded: Port) -> None:
    flooded.connect().send(v1(STRANGER) + FOREIGN["http"])
    assert flooded.refusals == {"flood": 1}
    assert flooded.foreign == []


def test_open_connection_of_a_stranger_is_read_no_further_and_in_time_closed(
    port: Port,
) -> None:
    wire = port.connect()
    wire.send(v1(STRANGER))
    port.flood()
    wire.send(v1(STRANGER))
    assert wire.is_open
    port.pass_time(599)
    wire.send(v1(STRANGER))
    assert port.ids == [STRANGER]
    assert port.refusals == {"flood": 2}
    port.pass_time(2)
    assert wire.is_closing()


@pytest.mark.parametrize(
    ("tracker_id", "size"), [(STRANGER, STRANGER_READ_SIZE), (CAR, READ_SIZE)]
)
def test_flood_over_an_open_connection_is_left_waiting_at_its_sender(
    port: Port, tracker_id: str, size: int
) -> None:
    wire = port.connect()
    wire.send(v1(tracker_id))
    port.flood()
    wire.send(v1(STRANGER) * 1000)
    waiting = len(wire.waiting)
    assert waiting > 10 * READ_SIZE
    pause = size / Limits().flood_rate
    port.pass_time(0.9 * pause)
    assert len(wire.waiting) == waiting
    port.pass_time(0.1 * pause)
    assert len(wire.waiting) == waiting - size


@pytest.mark.parametrize("first", [v1(STRANGER), b"\xff", b""])
def test_blanks_of_a_stranger_wait_in_a_flood_and_are_counted(
    port: Port, first: bytes
) -> None:
    wire = port.connect()
    wire.send(first)
    port.flood()
    wire.send(b"\r\n" * 10_000)
    for reads in range(1, 4):
        assert len(wire.waiting) == 20_000 - reads * STRANGER_READ_SIZE
        assert port.refusals == {"flood": reads}
        port.pass_time(STRANGER_READ_SIZE / Limits().flood_rate)
    assert wire.is_open


@pytest.mark.parametrize("tracker_id", [CAR, STRANGER])
def test_blanks_cost_nobody_a_pause_without_need(port: Port, tracker_id: str) -> None:
    wire = port.connect()
    wire.send(v1(tracker_id))
    if tracker_id == CAR:
        port.flood()
    wire.send(b"\r\n" * 10_000 + v1(tracker_id))
    assert port.ids == [tracker_id] * 2
    assert port.refusals == {}


def test_pause_ends_also_where_the_host_has_slept_through_it(port: Port) -> None:
    """All that is due comes at once then, and in any order."""
    wire = port.connect()
    wire.send(v1(STRANGER))
    port.flood()
    wire.send(v1(STRANGER) + v1(CAR)[:40])
    wire.send(v1(CAR)[40:])
    port.loop.now += 60
    for session in port.receiver.sessions:
        session.check(port.loop.now)
    port.pass_time(0)
    assert wire.waiting == b""
    assert port.ids == [STRANGER, CAR]


def test_connection_that_says_nothing_in_a_flood_has_no_more_time(
    flooded: Port,
) -> None:
    wire = flooded.connect()
    flooded.pass_time(31)
    assert wire.is_closing()
    assert flooded.refusals == {"no_frame": 1}


def test_who_does_not_flood_is_read_as_ever(flooded: Port) -> None:
    flooded.datagram(v1(STRANGER), host=ELSEWHERE)
    flooded.connect(ELSEWHERE).send(v1(STRANGER))
    assert flooded.ids == [STRANGER, STRANGER]
    assert flooded.refusals == {}


def test_after_ten_minutes_strangers_are_read_again(flooded: Port) -> None:
    flooded.pass_time(600)
    flooded.datagram(v1(STRANGER))
    wire = flooded.connect()
    wire.send(v1(STRANGER))
    assert flooded.ids == [STRANGER, STRANGER]
    assert wire.is_open


def test_batches_of_a_stranger_beyond_the_rate_are_counted(port: Port) -> None:
    for _ in range(20):
        port.datagram(batch(STRANGER, 80))
    assert len(port.reports) == 13 * 80
    assert port.refusals == {"too_fast": 7}


def test_batches_of_a_tracker_are_heard_however_many(port: Port) -> None:
    wire = port.connect()
    for _ in range(50):
        wire.send(batch(CAR, 80))
        port.datagram(batch(CAR, 80))
    assert len(port.reports) == 100 * 80
    assert len(port.receiver.admission) == 0


def test_datagrams_of_a_stranger_beyond_the_rate_are_counted(port: Port) -> None:
    for frame in many(1500, STRANGER):
        port.datagram(frame)
    assert len(port.reports) == 1001
    assert port.refusals == {"too_fast": 499}
