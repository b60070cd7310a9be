"""Whole days of a vehicle without a link, whose records come afterwards."""

from datetime import timedelta
from itertools import filterfalse

import pytest

from custom_components.sinotrack.tracking import Tracker, Verdict
from simulator import (
    Condition,
    Journey,
    Leg,
    Pause,
    Record,
    StatusBit,
    record,
    round_trip,
)

from .journeys import (
    AWAY_AND_BACK,
    HOUR,
    assert_true_distance,
    play,
    story,
    unit,
    zones,
)
from .road import FAR, HOME, RADIO, Car, after, beside, read, report

OFFLINE = [(1800, 1800 + 3 * HOUR)]

DELIVERIES = [
    ("oldest", 0.0),
    ("newest", 0.0),
    ("interleaved", 0.0),
    ("oldest", 84.0),
    ("newest", 84.0),
    ("queue", 2.0),
]


def is_late(entry: Record) -> bool:
    """Tell whether a record is too old to be live as it comes."""
    return entry.sent - entry.time > timedelta(minutes=5)


@pytest.mark.parametrize(("order", "drip_s"), DELIVERIES)
def test_three_hours_offline_then_400_stored_records(order: str, drip_s: float) -> None:
    """No zone and no edge of what is long over, and each kilometre of it."""
    car_unit = unit(round_trip(HOME, duration=4 * HOUR), interval_on=20)
    entries = list(record(car_unit, offline=OFFLINE, order=order, drip_s=drip_s))
    assert sum(map(is_late, entries)) >= 350
    car = Car()
    for entry in entries:
        before = car.place
        verdict = car.hear_record(entry)
        assert (verdict is Verdict.LATE) is is_late(entry)
        assert verdict is not Verdict.LATE or car.place == before
    car.wait(1200)
    assert story(car) == story(play(filterfalse(is_late, entries)))
    assert zones(car) == AWAY_AND_BACK
    assert car.place == pytest.approx(HOME, abs=1e-5)
    assert car.state.motion is False
    assert car.tracker.clock.offset == timedelta(0)
    assert_true_distance(car, entries)


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_drive_without_a_link_settles_where_it_ended(order: str) -> None:
    """Parked in a dead spot; the records get out later, and then nothing more."""
    journey = Journey(
        HOME,
        [
            Pause(300, ignition=False),
            Pause(10),
            Leg(3000, 4000, 90),
            Pause(900, ignition=False),
        ],
    )
    offline = [(290, journey.duration + 600)]
    car = Car()
    car.hear_all(record(unit(journey), offline=offline, order=order))
    assert zones(car) == ["home"]
    car.wait(299)
    assert zones(car) == ["home"]
    car.wait(300)
    end = journey.at(journey.duration)
    assert car.place == pytest.approx((end.latitude, end.longitude), abs=1e-5)
    assert zones(car) == ["home", "not_home"]
    assert car.edges("motion") == [False]


def test_queue_that_lags_3_h_for_200_reports_and_catches_up() -> None:
    """Its constant age is a multiple of 15 minutes, and it is no wrong clock."""
    car = Car()
    lag = 3 * HOUR
    for i in range(30):
        car.hear(report(after(20 * i), HOME))
    for i in range(200):
        made = after(600 + 20 * i)
        place = beside(HOME, north=200.0 * i)
        stored = report(made, place, speed_kmh=36, ignition=True)
        assert car.hear(stored, made + timedelta(seconds=lag)) is Verdict.LATE
    now = 600 + 20 * 200 + lag
    for i in range(lag // 60):
        stored = report(after(now - lag + 60 * i), FAR)
        car.hear(stored, after(now))
    assert car.edges("place")[0] == HOME
    assert set(car.edges("place")) <= {HOME, FAR}
    # The last of them were live, and agreed that it is no longer parked at home.
    assert car.hear(report(after(now + 20), FAR)) is Verdict.HELD
    assert car.place == FAR
    assert car.tracker.clock.offset == timedelta(0)


def test_queue_that_lags_never_settles_while_it_goes_on() -> None:
    car = Car()
    car.hear(report(after(0), HOME))
    for i in range(500):
        made = after(1000 + 20 * i)
        car.hear(report(made, FAR), made + timedelta(minutes=37))
    assert car.edges("place") == [HOME]


@pytest.mark.parametrize("order", ["oldest", "newest", "interleaved"])
def test_alarms_of_three_hours_offline_are_told_once_each(order: str) -> None:
    pressed = [Condition(StatusBit.SOS, t, t + 200) for t in (600, 4000, 9000)]
    journey = round_trip(HOME, duration=4 * HOUR)
    tracker, events = Tracker("9170000001"), []
    for entry in record(
        unit(journey, interval_on=20, conditions=pressed), offline=OFFLINE, order=order
    ):
        tracker.accept(read(entry.frame), entry.sent + RADIO)
        tracker.accept(read(entry.frame), entry.sent + RADIO)
        events += tracker.take_alarms()
    told = {(event.time, event.is_late) for event in events}
    assert len(events) == len(told) == 3
    assert (after(600), False) in told
    assert {is_late for _, is_late in told} == {False, True}
