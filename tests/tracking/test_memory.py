"""What outlives a restart."""

from collections.abc import Callable
from datetime import timedelta
import json
from typing import Any

import pytest

from custom_components.sinotrack.h02 import Alarm
from custom_components.sinotrack.tracking import (
    Tracker,
    TrackerOptions,
    Verdict,
    export_tracker,
    restore_tracker,
)

from .road import FAR, HOME, Car, after, beside, drive_at, heartbeat, report


def restarted(car: Car) -> Car:
    """The same car after a restart; what is kept went through a file."""
    kept = json.loads(json.dumps(export_tracker(car.tracker)))
    other = Car(car.tracker.options)
    restore_tracker(other.tracker, kept)
    return other


def known_car() -> Car:
    """A car of which there is something to remember in each respect."""
    car = Car()
    for seconds in (0, 20, 40):
        car.hear(report(after(seconds) - timedelta(hours=8), FAR), after(seconds + 2))
    drive_at(car, 50, begin=60, end=120)
    car.hear(
        report(
            after(120),
            beside(HOME, north=900),
            speed_kmh=2,
            ignition=True,
            course=45.0,
            satellites=9,
            csq=24,
            voltage=14.1,
            battery_percent=80,
            mileage_km=1234.5,
        )
    )
    car.hear(report(after(-2000), FAR), after(130))
    car.hear(report(after(-1900), FAR), after(134))
    car.hear(heartbeat(), after(145))
    return car


@pytest.mark.parametrize("make", [Car, known_car])
def test_export_is_exact(make: Callable[[], Car]) -> None:
    car = make()
    other = restarted(car)
    assert other.state == car.state
    assert other.tracker.deadline == car.tracker.deadline
    assert export_tracker(other.tracker) == export_tracker(car.tracker)


def test_restart_in_the_middle_of_a_drive_is_not_noticed() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=100)
    car = restarted(car)
    assert (car.state.motion, car.state.ignition) == (True, True)
    drive_at(car, 50, begin=160, end=200)
    assert car.edges("motion") == car.edges("ignition") == [True]


def test_stop_that_began_before_a_restart_ends_after_it() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), speed_kmh=0, ignition=True))
    car = restarted(car)
    car.wait(90)
    assert car.state.motion is False
    assert car.tracker.path.stopped_at is not None


def test_first_of_two_speeds_before_a_restart_counts_after_it() -> None:
    car = Car()
    car.hear(report(after(0)))
    car.hear(report(after(20), speed_kmh=20))
    car = restarted(car)
    car.hear(report(after(40), speed_kmh=20))
    assert car.state.motion is True


def test_speed_told_again_after_a_restart_is_no_second() -> None:
    car = Car()
    car.hear(report(after(0)))
    car.hear(report(after(20), speed_kmh=20))
    car = restarted(car)
    told_again = report(after(20), speed_kmh=20, details={"alarm": Alarm.SOS})
    assert car.hear(told_again, after(25)) is Verdict.HELD
    assert car.state.motion is False


def test_report_sent_again_after_a_restart_is_a_duplicate() -> None:
    car = Car()
    stored = [report(after(-3600 + 20 * i), FAR) for i in range(100)]
    for each in stored:
        car.hear(each, after(0))
    car = restarted(car)
    for each in stored:
        assert car.hear(each, after(60)) is Verdict.DUPLICATE


def test_stored_place_settles_over_a_restart() -> None:
    car = Car()
    car.hear(report(after(-1200), FAR), after(0))
    car = restarted(car)
    car.wait(300)
    assert car.place == FAR


def test_silence_after_a_settled_place_is_noticed_as_soon_after_a_restart() -> None:
    """The ignition was on before, and nobody has seen it turned off."""
    car = Car()
    drive_at(car, 50, begin=0, end=100)
    way = beside(HOME, north=2000)
    car.hear(report(after(110), way, ignition=True, buffered=True), after(500))
    car.wait(300)
    assert car.place == pytest.approx(way)
    assert car.state.ignition is None
    other = restarted(car)
    assert other.tracker.deadline == car.tracker.deadline == after(500 + 600)


def test_stored_place_is_too_old_after_a_long_stop() -> None:
    car = Car()
    car.hear(report(after(-1200), FAR), after(0))
    car = restarted(car)
    car.tracker.tick(after(7200))
    assert car.place is None


def test_wrong_clock_is_learned_over_a_restart() -> None:
    car = Car()
    for seconds in (0, 20):
        car.hear(report(after(seconds) - timedelta(hours=8)), after(seconds))
    car = restarted(car)
    late = report(after(40) - timedelta(hours=8))
    assert car.hear(late, after(40)) is Verdict.LIVE


def test_mark_that_says_nothing_says_nothing_after_a_restart() -> None:
    car = Car()
    for seconds in range(0, 200, 20):
        car.hear(report(after(seconds), buffered=True))
    car = restarted(car)
    assert car.hear(report(None, FAR, buffered=True), after(300)) is not Verdict.LATE


def test_options_are_not_remembered_with_the_tracker() -> None:
    """They belong to the owner, and may have changed."""
    car = known_car()
    other = Tracker("9170000001", TrackerOptions(offline_after=timedelta(hours=2)))
    restore_tracker(other, export_tracker(car.tracker))
    other.tick(after(500))
    assert other.deadline == after(145) + timedelta(hours=2)


def test_backlog_of_a_drive_into_a_garage_counts_after_a_restart_there() -> None:
    """Reports without a place are newer than it, and stand in its way no more."""
    car = Car()
    for seconds in range(0, 600, 60):
        car.hear(report(after(seconds)))
    for seconds in (1800, 1860, 1920):
        car.hear(report(after(seconds), FAR, valid=False))
    car = restarted(car)
    for i in range(60):
        place = beside(HOME, north=250 * i)
        stored = report(after(620 + 20 * i), place, speed_kmh=45, ignition=True)
        car.hear(stored, after(1990 + 0.3 * i))
    car.wait(600)
    assert car.place == (round(place[0], 6), round(place[1], 6))
    assert car.state.odometer_km == pytest.approx(59 * 0.25, rel=0.01)


# --- what is no export --------------------------------------------------------------------


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places inside an export, from the outside in."""
    found = [path]
    if isinstance(data, dict):
        for key, value in data.items():
            found += paths(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            found += paths(value, (*path, index))
    return found


def with_value(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of `data` that holds something else at `path`."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = with_value(copy[path[0]], path[1:], value)
    return copy


EXPORT = export_tracker(known_car().tracker)

GARBAGE = [
    None,
    True,
    -1,
    10**400,
    1e300,
    float("nan"),
    "garbage",
    "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59+00:00",
    "2026-06-01T12:00:00",
    "ü",
    [],
    [None],
    {},
    {"latitude": "north"},
]


@pytest.mark.parametrize("value", GARBAGE, ids=repr)
def test_garbage_raises_only_what_is_said_or_does_no_harm(value: Any) -> None:
    for path in paths(EXPORT):
        tracker = Tracker("9170000001")
        try:
            restore_tracker(tracker, with_value(EXPORT, path, value))
        except KeyError, TypeError, ValueError:
            continue
        use(tracker)


def use(tracker: Tracker) -> None:
    """Do all that is ever done with a tracker; nothing of it may raise."""
    for seconds in range(0, 86_400, 20_000):
        tracker.tick(after(seconds))
        tracker.accept(report(after(seconds), speed_kmh=50), after(seconds))
        tracker.accept(report(after(seconds - 3600)), after(seconds))
        deadline = tracker.deadline
        if deadline is not None:
            tracker.tick(deadline)
        json.dumps(export_tracker(tracker))


NEWER = {"is_4g", "undated_alarms", "was_on", "wiring"}
"""Parts that the first exports lack."""


@pytest.mark.parametrize("key", sorted(EXPORT.keys() - NEWER))
def test_missing_part_is_no_export(key: str) -> None:
    data = {name: part for name, part in EXPORT.items() if name != key}
    with pytest.raises(KeyError):
        restore_tracker(Tracker("9170000001"), data)


def test_export_of_an_older_version_is_one() -> None:
    data = {name: part for name, part in EXPORT.items() if name not in NEWER}
    tracker = Tracker("9170000001")

    restore_tracker(tracker, data)

    assert {**export_tracker(tracker), "wiring": EXPORT["wiring"]} == EXPORT
    assert tracker.wiring.silent_trips == 0
    assert not tracker.alarms.is_4g


def test_state_of_an_older_version_is_one() -> None:
    """It did not know whether its status word was of before a silence."""
    state = {**EXPORT["state"]}
    assert state.pop("live_status") == state["status"]
    tracker = Tracker("9170000001")

    restore_tracker(tracker, {**EXPORT, "state": state})

    assert tracker.state.status is not None
    assert tracker.state.live_status is None


def test_path_of_an_older_version_is_one() -> None:
    """It did not know whether the key was ever seen."""
    path = {name: part for name, part in EXPORT["path"].items() if name != "is_wired"}
    odometer = {**EXPORT["odometer"], "path": path}
    tracker = Tracker("9170000001")

    restore_tracker(tracker, {**EXPORT, "path": path, "odometer": odometer})

    assert not tracker.path.is_wired
    assert export_tracker(tracker)["state"] == EXPORT["state"]


@pytest.mark.parametrize(
    "part", ["state", "clock", "path", "odometer", "contact", "settling", "wiring"]
)
def test_part_of_another_kind_is_no_export(part: str) -> None:
    values: list[Any] = [None, 1, "text", []]
    for value in values:
        with pytest.raises(TypeError):
            restore_tracker(Tracker("9170000001"), {**EXPORT, part: value})


@pytest.mark.parametrize("word", [-1, 1 << 32])
def test_number_that_is_no_status_word_is_no_export(word: int) -> None:
    state = {**EXPORT["state"], "status": word}
    with pytest.raises(ValueError, match="status word"):
        restore_tracker(Tracker("9170000001"), {**EXPORT, "state": state})


def test_car_stays_parked_at_the_middle_of_its_fixes_over_a_restart() -> None:
    """The first of them was 50 m off, and is what is shown."""
    car = Car()
    for seconds in range(-600, 0, 20):
        car.hear(report(after(seconds), beside(HOME, north=50 * (seconds == -600))))
    car = restarted(car)
    for seconds in (0, 20):
        drift = report(after(seconds), beside(HOME, north=-40))
        assert car.hear(drift) is Verdict.HELD
