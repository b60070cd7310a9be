"""Distance: the believed path in order of time, whatever the order of arrival."""

from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from custom_components.sinotrack.h02 import Report
from custom_components.sinotrack.tracking import (
    Tracker,
    TrackerOptions,
    Verdict,
    export_tracker,
    restore_tracker,
)
from custom_components.sinotrack.tracking.geo import distance

from .road import HOME, RADIO, Car, after, beside, drive_at, report

HOUR = 3600
DAY = 24 * HOUR


def drive(begin: float, count: int, *, interval: float = 20.0) -> list[Report]:
    """A drive round and round with 60 km/h, and parked at its end."""
    reports, here = [], HOME
    step = interval * 60 / 3.6
    for i in range(count):
        reports.append(
            report(after(begin + interval * i), here, speed_kmh=60, ignition=True)
        )
        side = i // 5 % 4
        here = beside(here, north=step * (1, 0, -1, 0)[side])
        here = beside(here, east=step * (0, 1, 0, -1)[side])
    end = reports[-1].fix
    assert end is not None
    place = (end.latitude, end.longitude)
    return [*reports, report(after(begin + interval * count), place)]


def length_km(reports: list[Report]) -> float:
    """The length of the way through all of them."""
    fixes = [report.fix for report in reports if report.fix]
    return sum(distance(a, b) for a, b in pairwise(fixes)) / 1000


def heard(reports: list[Report], at: datetime, *, apart: float = 0.0) -> Tracker:
    """A tracker that took stored records, and had time to count them."""
    tracker = Tracker("9170000001")
    for each in reports:
        tracker.accept(each, at)
        at += timedelta(seconds=apart)
        tracker.tick(at)
    tracker.tick(at + timedelta(seconds=400))
    return tracker


def test_drive_is_as_long_as_its_way() -> None:
    car = Car()
    reports = drive(0, 100)
    for each in reports:
        car.hear(each)
    assert car.state.odometer_km == pytest.approx(length_km(reports), rel=0.001)


@pytest.mark.parametrize("order", ["oldest", "newest", "shuffled", "twice"])
@pytest.mark.parametrize("apart", [0, 7, 84])
def test_stored_drive_is_as_long_in_any_order(order: str, apart: float) -> None:
    reports = drive(-5 * HOUR, 100)
    expected = length_km(reports)
    if order == "newest":
        reports.reverse()
    elif order == "shuffled":
        Random(1).shuffle(reports)
    elif order == "twice":
        reports += reports
    tracker = heard(reports, after(0), apart=apart)
    assert tracker.state.odometer_km == pytest.approx(expected, rel=0.001)


def test_live_drive_goes_on_while_stored_records_drip() -> None:
    car = Car()
    stored, live = drive(-5 * HOUR, 100), drive(0, 100)
    for i, each in enumerate(live):
        car.hear(each)
        assert each.time is not None
        for late in stored[i : i + 1]:
            car.hear(late, each.time + RADIO)
    car.wait(HOUR)
    expected = length_km(stored) + length_km(live)
    assert car.state.odometer_km == pytest.approx(expected, rel=0.01)


def test_late_records_are_counted_when_they_pause() -> None:
    car = Car()
    for each in drive(-5 * HOUR, 100):
        car.hear(each, after(0))
    assert car.state.odometer_km == 0
    assert car.tracker.deadline == after(10)
    car.wait_until(after(10))
    assert car.state.odometer_km > 30


def test_late_records_that_never_pause_are_counted_in_five_minutes() -> None:
    car = Car()
    for i, each in enumerate(drive(-5 * HOUR, 100)):
        car.hear(each, after(4 * i))
    car.wait_until(after(300))
    assert car.state.odometer_km > 20


def test_late_records_are_counted_though_the_clock_of_the_host_is_set_back() -> None:
    car = Car()
    for each in drive(-5 * HOUR, 100):
        car.hear(each, after(DAY))
    car.tracker.tick(after(0))
    assert car.tracker.deadline == after(10)
    car.wait_until(after(10))
    assert car.state.odometer_km > 30


def test_town_whose_every_report_is_of_a_light_is_driven_through() -> None:
    """The way between two reports shows what their speeds do not."""
    car = Car()
    way = [(0, 0, 50), (60, 800, 50), (120, 1500, 0), (180, 2100, 1), (240, 2700, 0)]
    for seconds, metres, speed in [*way, (300, 3200, 0)]:
        place = beside(HOME, north=metres)
        car.hear(report(after(seconds), place, speed_kmh=speed, ignition=True))
    car.hear(report(after(305), beside(HOME, north=3210)))
    car.wait(HOUR)
    assert car.state.odometer_km == pytest.approx(3.2, abs=0.02)
    assert car.edges("motion") == [True, False]


def test_light_and_drift_add_nothing() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    end = beside(HOME, north=60 * 50 / 3.6)
    car.hear(report(after(60), end, ignition=True))
    odometer = car.state.odometer_km
    chance = Random(2)
    for i in range(200):
        drift = beside(end, north=chance.gauss(0, 15), east=chance.gauss(0, 15))
        ignition = i < 100
        car.hear(report(after(65 + 5 * i), drift, speed_kmh=2, ignition=ignition))
    assert car.state.odometer_km == odometer


def test_way_without_speed_counts_when_it_is_believed() -> None:
    car = Car()
    car.hear(report(after(0)))
    for seconds in (60, 120):
        car.hear(report(after(seconds), beside(HOME, north=2000)))
    assert car.state.odometer_km == pytest.approx(2.0, rel=0.01)


def test_record_older_than_a_day_counts_no_more() -> None:
    car = Car()
    for seconds in range(0, 3 * DAY, HOUR):
        car.hear(report(after(seconds)))
    assert len(car.tracker.odometer.journal) <= 26
    old = drive(DAY, 10)
    for each in old:
        assert car.hear(each, after(3 * DAY)) is Verdict.LATE
    car.wait(HOUR)
    assert car.state.odometer_km == 0


@pytest.mark.parametrize("days", [1.5, 3, 30])
def test_record_older_than_a_day_counts_no_more_on_the_first_one_either(
    days: float,
) -> None:
    car = Car()
    for each in drive(0, 20):
        car.hear(each)
    before = car.state.odometer_km
    old = report(after(-days * DAY), beside(HOME, north=300_000), ignition=True)
    assert car.hear(old, after(HOUR)) is Verdict.LATE
    car.wait(400)
    assert car.state.odometer_km == before


def test_any_number_of_records_takes_bounded_room() -> None:
    """Whoever knows the id can tell of one second as many places as there are."""
    tracker = Tracker("9170000001")
    for i in range(10_500):
        told = report(after(0), beside(HOME, north=0.2 * i))
        tracker.accept(told, after(1 + i / 1000))
    assert 9_000 <= len(tracker.odometer.journal) <= 10_000


def test_drive_of_any_number_of_records_counts_in_full() -> None:
    reports = drive(0, 10_500, interval=1)
    missing = reports.pop(10_000)
    tracker = Tracker("9170000001")
    for each in reports:
        assert each.time is not None
        tracker.accept(each, each.time + RADIO)
    assert len(tracker.odometer.journal) <= 10_000
    end = after(10_501 + 300)
    assert tracker.accept(missing, end) is Verdict.LATE
    tracker.tick(end + timedelta(seconds=10))
    assert tracker.state.odometer_km == pytest.approx(length_km(reports), rel=0.001)


def test_what_is_settled_stays_counted() -> None:
    car = Car()
    first = drive(0, 50)
    for each in first:
        car.hear(each)
    for seconds in range(2 * HOUR, 3 * DAY, HOUR):
        car.hear(report(after(seconds)))
    car.hear(report(after(3 * DAY - 2 * HOUR + 7)), after(3 * DAY))
    car.wait(400)
    assert car.state.odometer_km >= length_km(first) * 0.999
    assert car.tracker.odometer.path.length_m / 1000 == pytest.approx(
        car.state.odometer_km
    )


@pytest.mark.parametrize("pause", [20, 600, 2 * HOUR])
def test_jump_that_is_believed_in_the_end_is_no_way_however_long_that_takes(
    pause: float,
) -> None:
    """The first fix of all is an outlier; after a while one could have driven it."""
    car = Car()
    car.hear(report(after(0), beside(HOME, north=30_000)))
    assert car.hear(report(after(60), HOME)) is Verdict.IMPLAUSIBLE
    assert car.hear(report(after(60 + pause), beside(HOME, east=5))) is Verdict.LIVE
    assert car.state.odometer_km == 0


def test_late_record_that_takes_kilometres_away_does_not_turn_the_odometer_back() -> (
    None
):
    """Two outliers agreed, until the records between gave them away."""
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    for seconds in (600, 620):
        there = beside(HOME, north=20_000)
        car.hear(report(after(seconds), there, speed_kmh=50, ignition=True))
    shown = car.state.odometer_km
    assert shown > 10
    for seconds in range(60, 600, 10):
        place = beside(HOME, north=833, east=seconds - 60)
        car.hear(report(after(seconds), place, speed_kmh=30, ignition=True), after(630))
    car.wait(400)
    assert car.state.odometer_km == shown


def test_owner_may_set_it() -> None:
    car = Car()
    first = drive(0, 50)
    for each in first:
        car.hear(each)
    car.tracker.set_odometer(12_345.6)
    assert car.state.odometer_km == 12_345.6
    again = drive(HOUR, 50)
    for each in again:
        car.hear(each)
    expected = 12_345.6 + length_km([first[-1], *again])
    assert car.state.odometer_km == pytest.approx(expected, abs=0.02)
    car.tracker.set_odometer(5.0)
    car.tracker.tick(after(2 * HOUR))
    assert car.state.odometer_km == 5.0


def test_it_is_set_behind_the_records_that_wait_to_be_counted() -> None:
    car = Car()
    for each in drive(-5 * HOUR, 50):
        car.hear(each, after(0))
    car.tracker.set_odometer(100.0)
    car.wait(400)
    assert car.state.odometer_km == 100.0


def test_records_that_wait_to_be_counted_outlive_a_restart() -> None:
    reports = drive(-5 * HOUR, 100)
    tracker = Tracker("9170000001")
    for each in reversed(reports):
        tracker.accept(each, after(0))
    other = Tracker("9170000001")
    restore_tracker(other, export_tracker(tracker))
    other.tick(after(1))
    assert other.state.odometer_km == pytest.approx(length_km(reports), rel=0.001)


def test_hold_radius_counts_for_the_distance_too() -> None:
    for radius, km in ((30.0, 0.08), (200.0, 0.0)):
        car = Car(TrackerOptions(hold_radius_m=radius))
        car.hear(report(after(0)))
        for seconds in (60, 120, 180, 200):
            car.hear(report(after(seconds), beside(HOME, north=160), speed_kmh=1))
        assert (car.state.odometer_km > km) is (radius < 100)


def test_drift_at_a_stand_counts_nothing_when_a_late_record_comes_in_between() -> None:
    """The path behind it is walked again, with all that its records told."""
    car = Car()
    drive_at(car, 50, begin=0, end=120)
    for seconds in range(120, 720, 20):
        place = beside(HOME, north=1667, east=30 * (seconds % 40 == 0))
        car.hear(report(after(seconds), place, ignition=True))
    km = car.state.odometer_km
    passed = beside(HOME, north=55 * 50 / 3.6)
    late = report(after(55), passed, speed_kmh=50, ignition=True)
    assert car.hear(late, after(722)) is Verdict.LATE
    car.wait(60)
    assert car.state.odometer_km == pytest.approx(km, abs=0.01)
