"""Ignition, from the sources that an owner may choose."""

import json

import pytest

from custom_components.sinotrack.tracking import (
    IgnitionSource,
    Tracker,
    TrackerOptions,
    Verdict,
    export_tracker,
    restore_tracker,
)

from .road import HOME, Car, after, beside, drive_at, heartbeat, report


def car_with(source: IgnitionSource) -> Car:
    """A car whose ignition has that source."""
    return Car(TrackerOptions(ignition_source=source))


def test_ignition_is_unknown_before_the_first_status() -> None:
    car = Car()
    assert car.state.ignition is None
    car.hear(report(after(0), ignition=None))
    assert car.state.ignition is None


def test_bit_10_set_is_ignition_on() -> None:
    car = Car()
    car.hear(report(after(0), ignition=True))
    assert car.state.ignition is True
    car.hear(report(after(20), ignition=False))
    assert car.state.ignition is False


def test_absent_is_not_off() -> None:
    car = Car()
    for i in range(20):
        ignition = True if i % 2 == 0 else None
        car.hear(report(after(20 * i), speed_kmh=30, ignition=ignition))
    assert car.edges("ignition") == [True]
    car.hear(heartbeat(), after(400))
    assert car.state.ignition is True


def test_inverted_wire_is_read_the_other_way_round() -> None:
    car = car_with(IgnitionSource.INVERTED)
    for seconds, bit in enumerate((True, False, True)):
        car.hear(report(after(seconds), ignition=bit))
    assert car.edges("ignition") == [False, True, False]


def test_ignition_may_follow_motion() -> None:
    """For a unit whose wire is not connected: the bit says off in each drive."""
    car = car_with(IgnitionSource.MOTION)
    car.hear(report(after(-60), ignition=False))
    for seconds in (0, 20, 40):
        place = beside(HOME, north=20.0 * seconds)
        car.hear(report(after(seconds), place, speed_kmh=50, ignition=False))
    car.hear(report(after(60), speed_kmh=0, ignition=False))
    assert car.edges("ignition") == car.edges("motion") == [False, True]
    car.wait(90)
    assert car.edges("ignition") == car.edges("motion") == [False, True, False]


def test_motion_as_source_still_needs_the_speed_twice() -> None:
    car = car_with(IgnitionSource.MOTION)
    car.hear(report(after(0), ignition=True))
    car.hear(report(after(20), speed_kmh=50, ignition=True))
    assert car.state.ignition is False
    car.hear(report(after(40), speed_kmh=50, ignition=True))
    assert car.state.ignition is True


@pytest.mark.parametrize("is_restarted", [False, True])
def test_what_the_wire_once_said_holds_no_key_on_when_motion_is_the_source(
    is_restarted: bool,
) -> None:
    """A wire on permanent supply: its owner chose motion, and parks."""
    car = Car()
    for seconds in (-120, -60):
        car.hear(report(after(seconds), ignition=True))
    options = TrackerOptions(ignition_source=IgnitionSource.MOTION)
    if is_restarted:
        kept = json.loads(json.dumps(export_tracker(car.tracker)))
        car.tracker = Tracker("9170000001")
        restore_tracker(car.tracker, kept)
    car.tracker.options = options
    outlier = beside(HOME, north=2000)
    for seconds, place in ((0, outlier), (60, HOME), (120, outlier), (180, HOME)):
        heard = report(after(seconds), place, ignition=True)
        assert car.hear(heard) is Verdict.HELD
    assert car.edges("place") == [HOME]
    assert car.state.odometer_km == 0


def test_late_report_turns_no_key() -> None:
    car = Car()
    car.hear(report(after(0), ignition=False))
    late = report(after(-3600), ignition=True)
    assert car.hear(late, after(20)) is Verdict.LATE
    assert car.edges("ignition") == [False]


def test_drive_ends_with_the_key_of_an_inverted_wire() -> None:
    car = car_with(IgnitionSource.INVERTED)
    for seconds in (0, 20):
        car.hear(report(after(seconds), speed_kmh=50, ignition=False))
    assert (car.state.motion, car.state.ignition) == (True, True)
    car.hear(report(after(40), speed_kmh=0, ignition=True))
    assert (car.state.motion, car.state.ignition) == (False, False)


def test_each_turn_of_the_key_is_one_edge() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=100)
    car.hear(report(after(100), ignition=False))
    car.hear(report(after(400), ignition=False))
    drive_at(car, 50, begin=500, end=600)
    assert car.edges("ignition") == [True, False, True]
