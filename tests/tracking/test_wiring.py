"""Whether the ACC wire is connected, as trips tell it."""

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

from .road import HOME, Car, after, beside, heartbeat, report

TRIP = 600.0
"""Seconds from the start of one trip to that of the next."""


def drive(car: Car, begin: float, *, ignition: bool | None = False) -> None:
    """Drive for a minute, and stand until the drive has ended."""
    roll(car, begin, ignition=ignition)
    stand(car, begin + 80, ignition=ignition)


def roll(car: Car, begin: float, *, ignition: bool | None = False) -> None:
    """Drive for a minute at 50 km/h, with no end."""
    for seconds in range(0, 61, 20):
        place = beside(HOME, north=begin + seconds * 14)
        car.hear(report(after(begin + seconds), place, speed_kmh=50, ignition=ignition))


def stand(car: Car, begin: float, *, ignition: bool | None = False) -> None:
    """Stand where a minute of driving ended, until that ends the drive."""
    place = beside(HOME, north=begin + 760)
    for seconds in (0, 100):
        car.hear(report(after(begin + seconds), place, ignition=ignition))
    assert car.state.motion is False


def test_trip_without_the_bit_counts_when_it_has_ended() -> None:
    car = Car()
    car.hear(report(after(-60)))
    for number in (1, 2, 3):
        drive(car, number * TRIP)
        assert car.tracker.wiring.silent_trips == number


def test_trip_that_ends_by_time_alone_counts_as_well() -> None:
    car = Car()
    roll(car, 0)
    car.hear(report(after(80), beside(HOME, north=840)))
    assert car.tracker.wiring.silent_trips == 0
    car.wait(90)
    assert car.state.motion is False
    assert car.tracker.wiring.silent_trips == 1


def test_standing_is_no_trip_however_long() -> None:
    car = Car()
    for seconds in range(0, 3600, 60):
        car.hear(report(after(seconds)))
    assert car.tracker.wiring.silent_trips == 0


def test_bit_that_was_seen_once_proves_the_wire_for_good() -> None:
    car = Car()
    drive(car, 0)
    car.hear(report(after(400), beside(HOME, north=840), ignition=True))
    assert car.tracker.wiring.is_proven
    assert car.tracker.wiring.silent_trips == 0
    for number in (1, 2, 3):
        drive(car, number * TRIP)
    assert car.tracker.wiring.silent_trips == 0


def test_stored_record_with_the_bit_proves_the_wire_too() -> None:
    car = Car()
    drive(car, 0)
    late = report(after(-3600), ignition=True)
    assert car.hear(late, after(300)) is Verdict.LATE
    assert car.tracker.wiring.is_proven


def test_trip_in_which_no_status_word_came_tells_nothing() -> None:
    car = Car()
    drive(car, 0, ignition=None)
    assert car.tracker.wiring.silent_trips == 0


def test_silence_within_a_trip_does_not_end_it() -> None:
    car = Car()
    roll(car, 0)
    car.wait(13 * 3600)
    assert (car.state.is_online, car.state.motion) == (False, None)
    assert car.tracker.wiring.silent_trips == 0
    car.hear(heartbeat(), after(14 * 3600))
    assert car.tracker.wiring.silent_trips == 0

    stand(car, 15 * 3600)

    assert car.tracker.wiring.silent_trips == 1


@pytest.mark.parametrize("source", [IgnitionSource.INVERTED, IgnitionSource.MOTION])
def test_only_a_wire_that_is_read_as_it_is_can_be_missed(
    source: IgnitionSource,
) -> None:
    car = Car(TrackerOptions(ignition_source=source))
    drive(car, 0)
    assert car.tracker.wiring.silent_trips == 0


def test_another_source_and_back_counts_anew() -> None:
    car = Car()
    for number in range(2):
        drive(car, number * TRIP)
    assert car.tracker.wiring.silent_trips == 2

    car.tracker.options = TrackerOptions(ignition_source=IgnitionSource.MOTION)
    car.tracker.options = TrackerOptions()

    assert car.tracker.wiring.silent_trips == 0
    drive(car, 2 * TRIP)
    assert car.tracker.wiring.silent_trips == 1


def test_trip_is_counted_over_a_restart() -> None:
    car = Car()
    drive(car, 0)
    roll(car, TRIP)
    kept = json.loads(json.dumps(export_tracker(car.tracker)))

    car = Car()
    restore_tracker(car.tracker, kept)
    stand(car, TRIP + 80)

    assert car.tracker.wiring.silent_trips == 2


def test_proof_outlives_a_restart() -> None:
    car = Car()
    car.hear(report(after(0), ignition=True))
    other = Tracker("9170000001")
    restore_tracker(other, json.loads(json.dumps(export_tracker(car.tracker))))
    assert other.wiring.is_proven


def test_trip_that_begins_to_be_counted_anew_needs_a_status_word_of_its_own() -> None:
    car = Car()
    roll(car, 0)
    for source in (IgnitionSource.MOTION, IgnitionSource.WIRE):
        car.tracker.options = TrackerOptions(ignition_source=source)
    roll(car, 80, ignition=None)
    stand(car, 160, ignition=None)
    assert car.tracker.wiring.silent_trips == 0
