"""Whole days of a vehicle, sent by a pretend tracker that knows the truth."""

from collections.abc import Iterable
from datetime import timedelta
import json
from typing import Any

import pytest

from custom_components.sinotrack.h02 import Fix, Report, decode
from custom_components.sinotrack.tracking import (
    Verdict,
    export_tracker,
    restore_tracker,
)
from custom_components.sinotrack.tracking.geo import distance
from simulator import Journey, Leg, Pause, Record, Unit, record, round_trip

from .road import FAR, HOME, RADIO, T0, Car, Place, after, beside, report

HOUR = 3600
LIVE_WITHIN = timedelta(minutes=5)
ZONE_M = 100.0


def unit(journey: Journey, **settings: Any) -> Unit:
    """An ST-906 of 4G in a car, reporting every 5 s while it drives."""
    usual: dict[str, Any] = {"start": T0, "interval_on": 5, "interval_off": 60}
    return Unit("9170000001", journey, **usual | settings)


def play(records: Iterable[Record]) -> Car:
    """Take all frames, then wait until the car has come to rest."""
    car = Car()
    car.hear_all(records)
    car.wait(120)
    return car


def story(car: Car) -> tuple[list[Any], ...]:
    """All that an automation could have heard of."""
    return tuple(car.edges(field) for field in ("place", "motion", "ignition"))


def zones(car: Car) -> list[str]:
    """The zones that the car was seen in, each change once."""
    names: list[str] = []
    for shown in car.shown:
        if shown.place is None:
            continue
        is_home = distance(Fix(*shown.place), Fix(*HOME)) < ZONE_M
        name = "home" if is_home else "not_home"
        if not names or names[-1] != name:
            names.append(name)
    return names


def reads(entry: Record) -> Report:
    """What a frame says."""
    heard = decode(entry.frame)
    assert isinstance(heard, Report)
    return heard


# --- a drive ------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["4g", "2g", "binary", "binary-32"])
def test_drive_with_a_light_a_tunnel_and_a_stop(dialect: str) -> None:
    journey = round_trip(HOME, duration=600)
    car = Car()
    for entry in record(unit(journey, dialect=dialect)):
        before = car.place
        car.hear(reads(entry), entry.sent + RADIO)
        if not entry.moment.has_fix:
            assert car.verdicts[-1] is Verdict.NO_FIX
            assert car.place == before
            assert car.state.motion is True
        elif car.verdicts[-1] is not Verdict.DUPLICATE:
            is_held = not entry.moment.ignition and car.verdicts[-1] is Verdict.HELD
            assert is_held or car.verdicts[-1] is Verdict.LIVE
            truth = Fix(entry.moment.latitude, entry.moment.longitude)
            assert car.state.location is not None
            assert distance(car.state.location, truth) < 1
        assert car.state.ignition is entry.moment.ignition
    assert Verdict.NO_FIX in car.verdicts
    assert car.edges("ignition") == [False, True, False, True, False]
    assert car.edges("motion") == [False, True, False, True, False]
    assert zones(car) == ["home", "not_home", "home"]
    assert car.place == pytest.approx(HOME, abs=1e-5)


def test_restart_after_each_report_of_a_drive_is_not_noticed() -> None:
    entries = list(record(unit(round_trip(HOME, duration=600))))
    car = Car()
    for entry in entries:
        car.hear(reads(entry), entry.sent + RADIO)
        kept = json.loads(json.dumps(export_tracker(car.tracker)))
        restarted = Car()
        restore_tracker(restarted.tracker, kept)
        restarted.shown, restarted.verdicts = car.shown, car.verdicts
        car = restarted
    car.wait(120)
    calm = play(entries)
    assert car.shown == calm.shown
    assert car.verdicts == calm.verdicts


def test_ignition_bit_absent_in_every_second_frame() -> None:
    entries = list(record(unit(round_trip(HOME, duration=600))))
    car = Car()
    for number, entry in enumerate(entries):
        heard = reads(entry)
        if number % 2:
            heard.status = None
        car.hear(heard, entry.sent + RADIO)
    assert car.edges("ignition") == [False, True, False, True, False]
    assert car.edges("motion") == [False, True, False, True, False]


def test_storm_of_repeated_records() -> None:
    entries = list(record(unit(round_trip(HOME, duration=600))))
    car = Car()
    for number, entry in enumerate(entries):
        car.hear(reads(entry), entry.sent + RADIO)
        count = len(car.verdicts)
        for old in entries[max(0, number - 20) : number + 1]:
            car.hear(reads(old), entry.sent + RADIO)
        assert set(car.verdicts[count:]) == {Verdict.DUPLICATE}
    car.wait(120)
    assert story(car) == story(play(entries))


@pytest.mark.parametrize("year", [1980, 2004, 2099])
def test_one_record_of_another_year(year: int) -> None:
    entries = list(record(unit(round_trip(HOME, duration=600))))
    car = Car()
    for number, entry in enumerate(entries):
        heard = reads(entry)
        if number == len(entries) // 3:
            assert heard.time is not None
            heard.time = heard.time.replace(year=year)
        car.hear(heard, entry.sent + RADIO)
        assert car.verdicts[-1] not in {Verdict.LATE, Verdict.OUTDATED}
    car.wait(120)
    assert story(car) == story(play(entries))


def test_clock_8_h_behind_from_the_start() -> None:
    journey = round_trip(HOME, duration=600)
    behind = unit(journey, interval_on=10, clock_offset=timedelta(hours=-8))
    car = play(record(behind))
    assert car.verdicts[:3] == [Verdict.LATE, Verdict.DUPLICATE, Verdict.LATE]
    assert set(car.verdicts[3:]) == {Verdict.LIVE, Verdict.NO_FIX, Verdict.HELD}
    assert zones(car) == ["home", "not_home", "home"]
    assert car.edges("motion") == [None, False, True, False, True, False]
    assert car.place == pytest.approx(HOME, abs=1e-5)
    assert car.tracker.clock.offset == timedelta(hours=8) + RADIO


# --- without a link -----------------------------------------------------------------------

DELIVERIES = [("oldest", 0.0), ("newest", 0.0), ("interleaved", 0.0), ("oldest", 84.0)]


@pytest.mark.parametrize(("order", "drip_s"), DELIVERIES)
def test_three_hours_offline_then_400_stored_records(order: str, drip_s: float) -> None:
    """What was stored moves nothing that is live, in whatever order it comes."""
    journey = round_trip(HOME, duration=4 * HOUR)
    entries = list(
        record(
            unit(journey, interval_on=20, interval_off=60),
            offline=[(1800, 1800 + 3 * HOUR)],
            order=order,
            drip_s=drip_s,
        )
    )
    late = [entry for entry in entries if entry.sent - entry.time > LIVE_WITHIN]
    assert len(late) >= 350
    car = play(entries)
    assert car.verdicts.count(Verdict.LATE) == len(late)
    only_live = [entry for entry in entries if entry not in late]
    assert story(car) == story(play(only_live))
    assert car.place == pytest.approx(HOME, abs=1e-5)
    assert car.state.motion is False


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
    entries = list(
        record(
            unit(journey),
            offline=[(290, journey.duration + 600)],
            order=order,
        )
    )
    car = Car()
    car.hear_all(entries)
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


# --- without a fix, without a word --------------------------------------------------------


def test_filler_for_an_hour() -> None:
    car = Car()
    for seconds in range(0, 60, 20):
        place = beside(HOME, north=10.0 * seconds)
        car.hear(report(after(seconds), place, speed_kmh=36, ignition=True))
    last = car.place
    for seconds in range(60, 3660, 20):
        time = after(seconds)
        heard = decode(
            f"*HQ,9170000001,V8,{time:%H%M%S},A,9999.9999,N,99999.9999,E,000.00,000,"
            f"{time:%d%m%y},FFFFFFFF,262,3,49032,21237,0,20,141,100#".encode()
        )
        assert isinstance(heard, Report)
        assert car.hear(heard, time + RADIO) is Verdict.NO_FIX
    assert car.place == last
    assert car.edges("motion") == car.edges("ignition") == [True]
    assert car.edges("is_online") == [True]
    back: Place = FAR
    assert car.hear(report(after(3660), back, ignition=True)) is Verdict.LIVE
    assert car.place == back


def test_sleep_of_5_h() -> None:
    car = Car()
    for i in range(6):
        car.hear(report(after(5 * HOUR * i), HOME))
        car.wait(5 * HOUR - 60)
    # Silence for an hour was too much before the interval was known, and never again.
    assert car.edges("is_online") == [True, False, True]
    assert car.edges("place") == [HOME]
    assert car.edges("motion") == car.edges("ignition") == [False]


def test_two_trackers_know_nothing_of_each_other() -> None:
    """Their frames come mixed through one socket."""
    mine = list(record(unit(round_trip(HOME, duration=600))))
    other = list(record(unit(round_trip(FAR, duration=600, bearing=90))))
    one, two = Car(), Car()
    for pair in zip(mine, other, strict=True):
        for car, entry in zip((one, two), pair, strict=True):
            car.hear(reads(entry), entry.sent + RADIO)
    for car in (one, two):
        car.wait(120)
    assert story(one) == story(play(mine))
    assert story(two) == story(play(other))
