"""A journey as a list of frames with the truth beside each, without a socket."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from simulator import (
    Backlog,
    Condition,
    Journey,
    Pause,
    Record,
    StatusBit,
    Unit,
    record,
    round_trip,
)

START = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOME = (52.5163, 13.3777)


def unit(journey: Journey | None = None, **settings: Any) -> Unit:
    """A unit on a round trip that reports every 5 s with ignition, 60 s without."""
    usual: dict[str, Any] = {"start": START, "interval_on": 5, "interval_off": 60}
    return Unit("9170000001", journey or round_trip(HOME), **usual | settings)


def fields(frame: bytes) -> list[str]:
    """The comma-separated fields of a sentence."""
    assert frame[:1] == b"*"
    assert frame[-1:] == b"#"
    return frame.decode()[:-1].split(",")


def status(frame: bytes) -> int:
    """The status word of a sentence with a position block, or of a `$` record."""
    if frame[:1] == b"$":
        return int.from_bytes(frame[25:29])
    return int(fields(frame)[12], 16)


def is_marked(frame: bytes) -> bool:
    """Whether bit 26 says that the record was made without a link."""
    return not status(frame) >> 26 & 1


def seconds(time: datetime) -> float:
    """Seconds since the start."""
    return (time - START).total_seconds()


def made(records: list[Record]) -> list[float]:
    """When the records were made."""
    return [seconds(entry.time) for entry in records]


def test_records_are_all_true_to_the_second() -> None:
    """Time, place and ignition on the wire are those of the truth beside it."""
    for entry in record(unit()):
        sent = fields(entry.frame)
        assert sent[3] == f"{entry.time:%H%M%S}"
        assert sent[11] == f"{entry.time:%d%m%y}"
        assert entry.sent == entry.time
        assert bool(status(entry.frame) >> 10 & 1) is entry.moment.ignition
        assert (sent[4] == "A") is entry.moment.has_fix
        if entry.moment.has_fix:
            degrees = int(sent[5][:2]) + float(sent[5][2:]) / 60
            assert degrees == pytest.approx(entry.moment.latitude, abs=1e-6)
            knots = entry.moment.speed_kmh / 1.852
            assert float(sent[9]) == pytest.approx(knots, abs=0.01)


def test_ignition_is_reported_in_the_second_it_changes() -> None:
    """And the interval follows it."""
    journey = round_trip(HOME)
    entries = list(record(unit(journey)))[1:]
    for before, after in pairwise(entries):
        gap = (after.time - before.time).total_seconds()
        assert 1 <= gap <= (5 if before.moment.ignition else 60)
    seen = [entry.moment.ignition for entry in entries]
    turns = sum(before != after for before, after in pairwise(seen))
    assert turns == 4
    assert journey.next_ignition_change(0) == 7.5
    assert made(entries)[:3] == [0, 8, 13]


def test_last_report_tells_that_the_car_is_parked_at_home() -> None:
    """The journey's end is reported, not left to the next interval."""
    *_, last = record(unit())
    assert seconds(last.time) == 150
    assert not last.moment.ignition
    assert last.moment.speed_kmh == 0


def test_4g_says_its_sim_once_and_then_positions() -> None:
    """V6 at power-on, V8 from then on (protocol.md, "In short" 3)."""
    kinds = [fields(entry.frame)[2] for entry in record(unit(dialect="4g"))]
    assert kinds[0] == "V6"
    assert set(kinds[1:]) == {"V8"}


def test_2g_sends_cells_while_it_has_no_fix() -> None:
    """NBR in the tunnel, V1 elsewhere."""
    entries = list(record(unit(dialect="2g", interval_on=1)))
    kinds = {(fields(e.frame)[2], e.moment.has_fix) for e in entries}
    assert kinds == {("V1", True), ("NBR", False)}


@pytest.mark.parametrize(("dialect", "length"), [("binary", 45), ("binary-32", 32)])
def test_binary_records_are_numbered(dialect: str, length: int) -> None:
    """The last byte counts and wraps; the length never changes."""
    journey = Journey(HOME, [Pause(300)])
    entries = list(record(unit(journey, dialect=dialect, interval_on=1)))
    assert {(entry.frame[:1], len(entry.frame)) for entry in entries} == {
        (b"$", length)
    }
    numbers = [entry.frame[-1] for entry in entries]
    assert numbers == [number % 256 for number in range(1, len(numbers) + 1)]


def test_mileage_of_the_unit_grows_with_the_way() -> None:
    """Whole kilometres, on top of what the car had driven before."""
    journey = round_trip(HOME, duration=600)
    entries = list(record(unit(journey, dialect="binary", mileage_km=504)))
    assert int.from_bytes(entries[0].frame[33:37]) == 504
    driven = int(journey.lap_m / 1000)
    assert driven > 3
    assert int.from_bytes(entries[-1].frame[33:37]) == 504 + driven


def test_scripted_condition_is_reported_when_it_begins_and_ends() -> None:
    """An alarm does not wait for the interval."""
    sos = Condition(StatusBit.SOS, 20.5, 41)
    entries = list(record(unit(interval_on=30, conditions=[sos])))
    active = [
        t
        for t, e in zip(made(entries), entries, strict=True)
        if not status(e.frame) >> 1 & 1
    ]
    assert active[0] == 21
    assert active[-1] < 41
    assert 41 in made(entries)


def test_clock_offset_is_on_the_wire_only() -> None:
    """The truth keeps the right time."""
    behind = unit(clock_offset=timedelta(hours=-8))
    for entry in record(behind):
        assert fields(entry.frame)[3] == f"{entry.time - timedelta(hours=8):%H%M%S}"


def test_records_made_without_a_link_are_marked_and_sent_later() -> None:
    """Bit 26 is 0 for exactly those; they leave when the link is back."""
    entries = list(record(unit(), offline=[(30, 62)]))
    for entry in entries:
        offline = 30 <= seconds(entry.time) < 62
        assert entry.stored is offline
        assert is_marked(entry.frame) is offline
        assert seconds(entry.sent) == (62 if offline else seconds(entry.time))
    assert [e.sent for e in entries] == sorted(e.sent for e in entries)
    assert sum(entry.stored for entry in entries) >= 6


def test_nothing_is_lost_or_said_twice_by_a_gap() -> None:
    """The same records, whatever order they arrive in."""
    whole = sorted(made(list(record(unit()))))
    for order in ("oldest", "newest", "interleaved", "queue"):
        for drip_s in (0.0, 7.0):
            gap = record(unit(), offline=[(30, 62)], order=order, drip_s=drip_s)
            assert sorted(made(list(gap))) == whole, (order, drip_s)


def test_stored_records_leave_oldest_first() -> None:
    """The usual order."""
    stored = [e for e in record(unit(), offline=[(30, 62)]) if e.stored]
    assert made(stored) == sorted(made(stored))


def test_stored_records_may_leave_newest_first() -> None:
    """Some firmware empties its memory from the top."""
    entries = record(unit(), offline=[(30, 62)], order="newest")
    stored = [entry for entry in entries if entry.stored]
    assert made(stored) == sorted(made(stored), reverse=True)


def test_stored_records_may_leave_between_live_reports() -> None:
    """Time goes back and forth on the wire."""
    entries = list(record(unit(), offline=[(20, 62)], order="interleaved"))
    first = next(i for i, entry in enumerate(entries) if entry.stored)
    assert not entries[first - 1].stored
    assert seconds(entries[first - 1].time) >= 62
    kinds = "".join("s" if entry.stored else "L" for entry in entries[first:])
    assert kinds.startswith("sssLsssL")


def test_drip_sends_one_stored_record_at_a_time() -> None:
    """With live reports in between, each at its own time."""
    entries = list(record(unit(), offline=[(20, 62)], drip_s=11))
    sent = [seconds(entry.sent) for entry in entries if entry.stored]
    assert sent == [62 + 11 * i for i in range(len(sent))]
    live = [entry for entry in entries if not entry.stored]
    assert all(entry.sent == entry.time for entry in live)


def test_queue_keeps_a_unit_late_without_marking_it() -> None:
    """Firmware that waits for acknowledgements lags at a steady age (Traccar #5597)."""
    journey = Journey(HOME, [Pause(600)])
    slow = unit(journey, dialect="2g", interval_on=10)
    entries = list(record(slow, offline=[(5, 100)], order="queue", drip_s=10))
    tail = [entry for entry in entries if seconds(entry.time) > 110]
    ages = {(entry.sent - entry.time).total_seconds() for entry in tail}
    assert ages == {90.0}
    assert not any(is_marked(entry.frame) for entry in tail)


def test_unit_switched_on_without_a_link_marks_its_first_words() -> None:
    """A V6 with bit 26 at 0 is real (Traccar #4663)."""
    first = next(record(unit(), offline=[(0, 12)]))
    assert fields(first.frame)[2] == "V6"
    assert is_marked(first.frame)


def test_backlog_without_a_link_gives_nothing_away() -> None:
    """Records wait until there is a link, and then their turn comes at once."""
    backlog = Backlog()
    backlog.keep(next(record(unit())))
    before = backlog.due
    backlog.link_up(40)
    linked = backlog.due
    backlog.link_down()
    assert (before, linked, backlog.due) == (None, 40, None)
