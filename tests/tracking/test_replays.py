"""Each replay of a vehicle whose true path is known: distance, zones and edges."""

from collections.abc import Iterable
from datetime import timedelta
import json
from random import Random
from typing import Any

import pytest

from custom_components.sinotrack.h02 import Fix, Report, decode
from custom_components.sinotrack.tracking import (
    Tracker,
    Verdict,
    export_tracker,
    restore_tracker,
)
from custom_components.sinotrack.tracking.geo import distance
from simulator import Condition, Journey, Record, StatusBit, Unit, record, round_trip

from .road import FAR, HOME, RADIO, T0, Car, after, beside, report

HOUR = 3600
ZONE_M = 100.0
AWAY_AND_BACK = ["home", "not_home", "home"]
TWO_DRIVES = [False, True, False, True, False]


def unit(journey: Journey, **settings: Any) -> Unit:
    """A unit in a car, reporting every 10 s while it drives."""
    usual: dict[str, Any] = {"start": T0, "interval_on": 10, "interval_off": 60}
    return Unit("9170000001", journey, **usual | settings)


def long_drive(**settings: Any) -> Unit:
    """Four hours, most of them on the road, and a tunnel."""
    return unit(round_trip(HOME, duration=4 * HOUR), interval_on=20, **settings)


def reads(entry: Record) -> Report:
    """What a frame says."""
    heard = decode(entry.frame)
    assert isinstance(heard, Report)
    return heard


def play(entries: Iterable[Record]) -> Car:
    """Take all frames, then wait until all is settled."""
    car = Car()
    car.hear_all(entries)
    car.wait(1200)
    return car


def zones(car: Car) -> list[str]:
    """The zones that the car was seen in, each change once."""
    names: list[str] = []
    for shown in car.shown:
        if shown.place is not None:
            is_home = distance(Fix(*shown.place), Fix(*HOME)) < ZONE_M
            names.append("home" if is_home else "not_home")
    return [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]


def assert_true_distance(car: Car, entries: list[Record]) -> None:
    """The odometer tells how far the car truly went, to 1 %."""
    truth = max(entry.moment.odometer_m for entry in entries) / 1000
    assert car.state.odometer_km == pytest.approx(truth, rel=0.01)


# --- driving ------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["4g", "2g", "binary", "binary-32"])
def test_drive_with_a_tunnel(dialect: str) -> None:
    entries = list(record(long_drive(dialect=dialect)))
    car = play(entries)
    assert Verdict.NO_FIX in car.verdicts
    assert_true_distance(car, entries)
    assert zones(car) == AWAY_AND_BACK
    assert car.edges("ignition") == TWO_DRIVES
    assert car.edges("motion") == [*TWO_DRIVES, True, False]  # a long light


def test_noise_of_a_good_receiver_adds_less_than_two_percent() -> None:
    journey = round_trip(HOME, duration=4 * HOUR, noise_m=3.0)
    entries = list(record(unit(journey, interval_on=20)))
    car = play(entries)
    truth = max(entry.moment.odometer_m for entry in entries) / 1000
    assert car.state.odometer_km == pytest.approx(truth, rel=0.02)
    assert zones(car) == AWAY_AND_BACK


def test_restart_in_the_middle_of_a_drive() -> None:
    entries = list(record(long_drive()))
    car = Car()
    for number, entry in enumerate(entries):
        if number % 50 == 25:
            kept = json.loads(json.dumps(export_tracker(car.tracker)))
            car.tracker = Tracker("9170000001")
            restore_tracker(car.tracker, kept)
        car.hear(reads(entry), entry.sent + RADIO)
    assert_true_distance(car, entries)
    assert zones(car) == AWAY_AND_BACK
    assert car.edges("ignition") == TWO_DRIVES
    assert car.edges("motion") == [*TWO_DRIVES, True, False]  # a long light


def test_clock_8_h_behind_from_the_start() -> None:
    entries = list(record(long_drive(clock_offset=timedelta(hours=-8))))
    car = play(entries)
    assert_true_distance(car, entries)
    assert zones(car) == AWAY_AND_BACK


def test_storm_of_repeated_records() -> None:
    entries = list(record(long_drive()))
    car = Car()
    for number, entry in enumerate(entries):
        for old in (entry, *entries[max(0, number - 9) : number]):
            car.hear(reads(old), entry.sent + RADIO)
    assert_true_distance(car, entries)
    assert zones(car) == AWAY_AND_BACK
    assert car.edges("ignition") == TWO_DRIVES
    assert car.edges("motion") == [*TWO_DRIVES, True, False]  # a long light


def test_ignition_bit_absent_in_every_second_frame() -> None:
    entries = list(record(long_drive()))
    car = Car()
    for number, entry in enumerate(entries):
        heard = reads(entry)
        if number % 2:
            heard.status = None
        car.hear(heard, entry.sent + RADIO)
    assert_true_distance(car, entries)
    assert car.edges("ignition") == TWO_DRIVES
    assert car.edges("motion") == [*TWO_DRIVES, True, False]  # a long light


def test_one_record_dated_2099() -> None:
    entries = list(record(long_drive()))
    car = Car()
    for number, entry in enumerate(entries):
        heard = reads(entry)
        if number == 100:
            assert heard.time is not None
            heard.time = heard.time.replace(year=2099)
        car.hear(heard, entry.sent + RADIO)
    assert_true_distance(car, entries)
    assert zones(car) == AWAY_AND_BACK


def test_two_trackers_on_one_socket() -> None:
    mine = list(record(long_drive()))
    other_journey = round_trip(FAR, duration=4 * HOUR, bearing=90)
    other = list(record(unit(other_journey, interval_on=20)))
    one, two = Car(), Car()
    for pair in zip(mine, other, strict=True):
        for car, entry in zip((one, two), pair, strict=True):
            car.hear(reads(entry), entry.sent + RADIO)
    assert_true_distance(one, mine)
    assert_true_distance(two, other)
    assert zones(one) == AWAY_AND_BACK
    assert zones(two) == ["not_home"]


# --- stored records -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "drip_s"),
    [
        ("oldest", 0.0),
        ("newest", 0.0),
        ("interleaved", 0.0),
        ("oldest", 84.0),
        ("newest", 84.0),
        ("queue", 2.0),
    ],
)
def test_three_hours_offline_then_400_stored_records(order: str, drip_s: float) -> None:
    """No zone and no edge of what is long over, and each kilometre of it."""
    offline = [(1800.0, 1800.0 + 3 * HOUR)]
    entries = list(record(long_drive(), offline=offline, order=order, drip_s=drip_s))
    late = [e for e in entries if e.sent - e.time > timedelta(minutes=5)]
    assert len(late) >= 350
    car = Car()
    for entry in entries:
        before = car.state.location
        car.hear(reads(entry), entry.sent + RADIO)
        if entry in late:
            assert car.verdicts[-1] is Verdict.LATE
            assert car.state.location == before
    car.wait(1200)
    assert_true_distance(car, entries)
    assert zones(car) == AWAY_AND_BACK
    assert car.place == pytest.approx(HOME, abs=1e-5)
    assert car.tracker.clock.offset == timedelta(0)


def test_alarms_of_three_hours_offline_are_told_once_each() -> None:
    pressed = [Condition(StatusBit.SOS, t, t + 200) for t in (600, 4000, 9000)]
    for order in ("oldest", "newest", "interleaved"):
        car = long_drive(conditions=pressed)
        tracker, events = Tracker("9170000001"), []
        for entry in record(car, offline=[(1800, 1800 + 3 * HOUR)], order=order):
            tracker.accept(reads(entry), entry.sent + RADIO)
            tracker.accept(reads(entry), entry.sent + RADIO)
            events += tracker.take_alarms()
        told = {(event.time, event.is_late) for event in events}
        assert len(events) == len(told) == 3
        assert (after(600), False) in told
        assert {is_late for _, is_late in told} == {False, True}


# --- parked -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_parked_for_a_day_with_drift_and_outliers(seed: int) -> None:
    chance = Random(seed)
    car = Car()
    car.hear(report(after(-60)))
    for minute in range(24 * 60):
        spread = 20.0
        north, east = chance.gauss(0, spread), chance.gauss(0, spread)
        if minute % 60 == 30:
            north += 2000
        speed = chance.uniform(0, 3.5)
        drift = beside(HOME, north=north, east=east)
        car.hear(report(after(60 * minute), drift, speed_kmh=speed))
    car.wait(600)
    assert zones(car) == ["home"]
    assert car.edges("place") == [HOME]
    assert car.edges("motion") == car.edges("ignition") == [False]
    assert car.state.odometer_km == 0


def test_sleep_of_5_h_and_a_drive_between() -> None:
    car = Car()
    for seconds in range(0, 3600, 300):
        car.hear(report(after(seconds)))
    there = beside(HOME, north=12_000)
    for seconds in (6 * HOUR, 6 * HOUR + 60):
        car.hear(report(after(seconds), there))
    car.wait(300)
    assert zones(car) == ["home", "not_home"]
    assert car.edges("motion") == [False, True, False]
    assert car.state.odometer_km == pytest.approx(12, rel=0.01)


def test_filler_for_an_hour_in_a_drive() -> None:
    """The way is then the straight one to where the fix comes back."""
    entries = list(record(long_drive()))
    car = Car()
    for entry in entries:
        heard = reads(entry)
        if 3000 <= (entry.time - T0).total_seconds() < 3000 + HOUR:
            heard.fix, heard.valid = None, False
        car.hear(heard, entry.sent + RADIO)
    car.wait(1200)
    assert zones(car) == AWAY_AND_BACK
    assert car.edges("is_online") == [True]
    truth = max(entry.moment.odometer_m for entry in entries) / 1000
    assert 0.5 * truth < car.state.odometer_km <= truth * 1.001
