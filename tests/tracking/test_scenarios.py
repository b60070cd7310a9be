"""Whole days of a vehicle with a link: what is shown of them, and how far it went."""

from datetime import timedelta
import json
from random import Random

import pytest

from custom_components.sinotrack.h02 import Fix
from custom_components.sinotrack.tracking import (
    Verdict,
    export_tracker,
    restore_tracker,
)
from custom_components.sinotrack.tracking.geo import distance
from simulator import Condition, StatusBit, record, round_trip

from .journeys import (
    AWAY_AND_BACK,
    HOUR,
    TWO_DRIVES,
    assert_true_distance,
    play,
    story,
    unit,
    zones,
)
from .road import FAR, HOME, RADIO, T0, Car, after, beside, read, report

# --- a drive ------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["4g", "2g", "binary", "binary-32"])
def test_drive_with_a_light_a_tunnel_and_a_stop(dialect: str) -> None:
    entries = list(record(unit(round_trip(HOME, duration=600), dialect=dialect)))
    car = Car()
    for entry in entries:
        before = car.place
        verdict = car.hear_record(entry)
        if not entry.moment.has_fix:
            assert verdict is Verdict.NO_FIX
            assert car.place == before
            assert car.state.motion is True
        elif verdict is not Verdict.DUPLICATE:
            is_held = not entry.moment.ignition and verdict is Verdict.HELD
            assert is_held or verdict is Verdict.LIVE
            truth = Fix(entry.moment.latitude, entry.moment.longitude)
            assert car.state.location is not None
            assert distance(car.state.location, truth) < 1
        assert car.state.ignition is entry.moment.ignition
    assert Verdict.NO_FIX in car.verdicts
    assert car.edges("ignition") == car.edges("motion") == TWO_DRIVES
    assert zones(car) == AWAY_AND_BACK
    assert car.place == pytest.approx(HOME, abs=1e-5)
    assert_true_distance(car, entries)


def test_light_of_minutes_is_a_stop_and_a_tunnel_is_none() -> None:
    car = play(record(unit(round_trip(HOME, duration=4 * HOUR), interval_on=20)))
    assert Verdict.NO_FIX in car.verdicts
    assert car.edges("ignition") == TWO_DRIVES
    assert car.edges("motion") == [*TWO_DRIVES, True, False]


def test_noise_of_a_good_receiver_adds_less_than_two_percent() -> None:
    journey = round_trip(HOME, duration=4 * HOUR, noise_m=3.0)
    entries = list(record(unit(journey, interval_on=20)))
    car = play(entries)
    assert_true_distance(car, entries, rel=0.02)
    assert zones(car) == AWAY_AND_BACK


def test_restart_after_each_report_of_a_drive_is_not_noticed() -> None:
    entries = list(record(unit(round_trip(HOME, duration=600))))
    car = Car()
    for entry in entries:
        car.hear_record(entry)
        kept = json.loads(json.dumps(export_tracker(car.tracker)))
        restarted = Car()
        restore_tracker(restarted.tracker, kept)
        restarted.shown, restarted.verdicts = car.shown, car.verdicts
        car = restarted
    car.wait(1200)
    calm = play(entries)
    assert car.shown == calm.shown
    assert car.verdicts == calm.verdicts
    assert car.state.odometer_km == calm.state.odometer_km


def test_ignition_bit_absent_in_every_second_frame() -> None:
    entries = list(record(unit(round_trip(HOME, duration=600))))
    car = Car()
    for number, entry in enumerate(entries):
        heard = read(entry.frame)
        if number % 2:
            heard.status = None
        car.hear(heard, entry.sent + RADIO)
    assert car.edges("ignition") == car.edges("motion") == TWO_DRIVES
    assert_true_distance(car, entries)


@pytest.mark.parametrize("ahead", [0, 120, 8 * HOUR])
def test_drive_of_a_unit_that_marks_all_it_sends_as_stored(ahead: int) -> None:
    """Its clock may be ahead: that no queue explains."""
    journey = round_trip(HOME, duration=600)
    always = [Condition(StatusBit.BUFFERED, 0, HOUR)]
    offset = timedelta(seconds=ahead)
    marking = unit(journey, conditions=always, clock_offset=offset)
    car, calm = Car(), Car()
    for seconds in range(-600, 0, 30):
        heard = report(after(seconds) + offset, HOME, buffered=True)
        car.hear(heard, after(seconds) + RADIO)
        calm.hear(report(after(seconds), HOME))
    car.shown.clear()
    calm.shown.clear()
    for marked, entry in zip(record(marking), record(unit(journey)), strict=True):
        status = read(marked.frame).status
        assert status is not None
        assert status.buffered
        car.hear_record(marked)
        calm.hear_record(entry)
    assert car.shown == calm.shown


def test_storm_of_repeated_records() -> None:
    entries = list(record(unit(round_trip(HOME, duration=600))))
    car = Car()
    for number, entry in enumerate(entries):
        car.hear_record(entry)
        count = len(car.verdicts)
        for old in entries[max(0, number - 20) : number + 1]:
            car.hear(read(old.frame), entry.sent + RADIO)
        assert set(car.verdicts[count:]) == {Verdict.DUPLICATE}
    car.wait(1200)
    calm = play(entries)
    assert story(car) == story(calm)
    assert car.state.odometer_km == calm.state.odometer_km


@pytest.mark.parametrize("year", [1980, 2004, 2099])
def test_one_record_of_another_year(year: int) -> None:
    entries = list(record(unit(round_trip(HOME, duration=600))))
    car = Car()
    for number, entry in enumerate(entries):
        heard = read(entry.frame)
        if number == len(entries) // 3:
            assert heard.time is not None
            heard.time = heard.time.replace(year=year)
        verdict = car.hear(heard, entry.sent + RADIO)
        assert verdict not in {Verdict.LATE, Verdict.OUTDATED}
    car.wait(1200)
    assert story(car) == story(play(entries))
    assert_true_distance(car, entries)


def test_clock_8_h_behind_from_the_start() -> None:
    journey = round_trip(HOME, duration=600)
    behind = unit(journey, interval_on=10, clock_offset=timedelta(hours=-8))
    entries = list(record(behind))
    car = play(entries)
    assert car.verdicts[:3] == [Verdict.LATE, Verdict.DUPLICATE, Verdict.LATE]
    assert set(car.verdicts[3:]) == {Verdict.LIVE, Verdict.NO_FIX, Verdict.HELD}
    assert zones(car) == AWAY_AND_BACK
    assert car.edges("motion") == [None, *TWO_DRIVES]
    assert car.place == pytest.approx(HOME, abs=1e-5)
    assert car.tracker.clock.offset == timedelta(hours=8) + RADIO
    assert_true_distance(car, entries)


def test_two_trackers_know_nothing_of_each_other() -> None:
    """Their frames come mixed through one socket."""
    mine = list(record(unit(round_trip(HOME, duration=600))))
    other = list(record(unit(round_trip(FAR, duration=600, bearing=90))))
    one, two = Car(), Car()
    for pair in zip(mine, other, strict=True):
        for car, entry in zip((one, two), pair, strict=True):
            car.hear_record(entry)
    for car, entries in ((one, mine), (two, other)):
        car.wait(1200)
        assert story(car) == story(play(entries))
        assert_true_distance(car, entries)


# --- without a fix, without a word --------------------------------------------------------


def test_filler_for_an_hour() -> None:
    car = Car()
    for seconds in range(0, 60, 20):
        place = beside(HOME, north=10.0 * seconds)
        car.hear(report(after(seconds), place, speed_kmh=36, ignition=True))
    last = car.place
    for seconds in range(60, 3660, 20):
        time = after(seconds)
        filler = read(
            f"*HQ,9170000001,V8,{time:%H%M%S},A,9999.9999,N,99999.9999,E,000.00,000,"
            f"{time:%d%m%y},FFFFFFFF,262,3,49032,21237,0,20,141,100#".encode()
        )
        assert car.hear(filler) is Verdict.NO_FIX
    assert car.place == last
    assert car.edges("motion") == car.edges("ignition") == [True]
    assert car.edges("is_online") == [True]
    assert car.hear(report(after(3660), FAR, ignition=True)) is Verdict.LIVE
    assert car.place == FAR


def test_way_without_a_fix_is_the_straight_one_to_where_it_comes_back() -> None:
    entries = list(record(unit(round_trip(HOME, duration=4 * HOUR), interval_on=20)))
    car = Car()
    for entry in entries:
        heard = read(entry.frame)
        if 3000 <= (entry.time - T0).total_seconds() < 3000 + HOUR:
            heard.fix, heard.valid = None, False
        car.hear(heard, entry.sent + RADIO)
    car.wait(1200)
    assert zones(car) == AWAY_AND_BACK
    assert car.edges("is_online") == [True]
    truth = max(entry.moment.odometer_m for entry in entries) / 1000
    assert 0.5 * truth < car.state.odometer_km <= truth * 1.001


def test_sleep_of_5_h() -> None:
    car = Car()
    for i in range(6):
        car.hear(report(after(5 * HOUR * i), HOME))
        car.wait(5 * HOUR - 60)
    # Silence for an hour was too much before the interval was known, and never again.
    assert car.edges("is_online") == [True, False, True]
    assert car.edges("place") == [HOME]
    assert car.edges("motion") == car.edges("ignition") == [False]


def test_sleep_of_5_h_and_a_drive_between() -> None:
    """It moves no more: nobody is to take that for a tow, or for an arrival of now."""
    car = Car()
    for seconds in range(0, 3600, 300):
        car.hear(report(after(seconds)))
    there = beside(HOME, north=12_000)
    for seconds in (6 * HOUR, 6 * HOUR + 60):
        car.hear(report(after(seconds), there))
    car.wait(300)
    assert zones(car) == ["home", "not_home"]
    assert car.edges("motion") == [False]
    assert car.state.odometer_km == pytest.approx(12, rel=0.01)


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
