"""A tracker that marks all it sends as stored (tracking.md, Time)."""

from datetime import timedelta

import pytest

from custom_components.sinotrack.tracking import Verdict

from .road import (
    HOME,
    HOURS_8,
    NEAR,
    RADIO,
    Car,
    after,
    hear_lagging,
    report,
    rounded,
)

MARKS = 10
"""So many reports that are marked, and of now, show that the mark says nothing."""


def mark_all(car: Car, number: int = MARKS, *, ahead: timedelta = RADIO) -> None:
    """Have a unit tell of now, each report marked as stored."""
    for i in range(number):
        hear_lagging(car, 20 * i, -ahead, buffered=True)


def undated(car: Car, seconds: float = 1000) -> Verdict:
    """Take what says no time, and that it is stored."""
    return car.hear(report(None, NEAR, buffered=True), after(seconds))


def test_mark_of_a_unit_that_marks_all_says_nothing() -> None:
    """As 4G units were seen to (protocol.md, section b)."""
    car = Car()
    mark_all(car)
    assert undated(car) is not Verdict.LATE


def test_mark_is_believed_until_it_has_come_ten_times() -> None:
    car = Car()
    mark_all(car, MARKS - 1)
    assert undated(car) is Verdict.LATE


def test_report_without_the_mark_shows_that_it_says_something() -> None:
    car = Car()
    mark_all(car)
    hear_lagging(car, 500, timedelta(0))
    assert undated(car) is Verdict.LATE


def test_report_without_the_mark_breaks_the_row() -> None:
    car = Car()
    mark_all(car, MARKS - 1)
    hear_lagging(car, 500, timedelta(0))
    hear_lagging(car, 520, timedelta(0), buffered=True)
    assert undated(car) is Verdict.LATE


def test_report_without_the_mark_is_none_of_the_ten() -> None:
    car = Car()
    hear_lagging(car, -20, timedelta(0))
    mark_all(car, MARKS - 1)
    assert undated(car) is Verdict.LATE


def test_old_record_breaks_the_row() -> None:
    """It may have been stored indeed."""
    car = Car()
    mark_all(car, MARKS - 1)
    hear_lagging(car, 500, timedelta(minutes=20), buffered=True)
    hear_lagging(car, 520, timedelta(0), buffered=True)
    assert undated(car) is Verdict.LATE


def test_old_record_does_not_make_the_mark_say_something() -> None:
    car = Car()
    mark_all(car)
    hear_lagging(car, 500, timedelta(minutes=20), buffered=True)
    assert undated(car) is not Verdict.LATE


def test_stored_records_of_the_last_minutes_prove_nothing_of_the_mark() -> None:
    """They come at once, or one by one and ever younger."""
    car = Car()
    for i in range(2 * MARKS):
        car.hear(report(after(10 * i), HOME, buffered=True), after(205 + i / 10))
    assert undated(car) is Verdict.LATE
    car = Car()
    for i in range(2 * MARKS):
        lag = timedelta(seconds=280 - 32 * i / 4)
        hear_lagging(car, 10 * i, lag, buffered=True)
    assert undated(car) is Verdict.LATE


def test_queue_that_lags_proves_nothing_of_the_mark() -> None:
    car = Car()
    for i in range(200):
        lag = timedelta(hours=3)
        assert hear_lagging(car, 20 * i, lag, buffered=True) is Verdict.LATE
    assert car.state.location is None


def test_somebody_else_proves_nothing_of_the_mark() -> None:
    car = Car()
    for i in range(2 * MARKS):
        heard = report(after(20 * i), HOME, buffered=True)
        car.tracker.accept(heard, after(20 * i + 2), is_trusted=False)
    assert undated(car) is Verdict.LATE


def test_unit_that_marks_all_is_not_frozen_by_a_clock_that_is_hours_ahead() -> None:
    car = Car()
    mark_all(car, 30, ahead=HOURS_8)
    assert Verdict.LATE not in car.verdicts[MARKS - 1 :]
    assert car.tracker.clock.offset.total_seconds() == pytest.approx(-8 * 3600, abs=5)


def test_unit_that_marks_all_is_not_frozen_by_a_host_whose_clock_is_behind() -> None:
    car = Car()
    mark_all(car)
    for i in range(10):
        heard = report(after(4000 + 20 * i), NEAR, ignition=True, buffered=True)
        assert car.tracker.accept(heard, after(400 + 20 * i)) is not Verdict.LATE
    assert car.place == rounded(NEAR)


def test_clock_of_a_unit_that_marks_all_is_learned_a_day_after_it_turned_wrong() -> (
    None
):
    car = Car()
    mark_all(car)
    day = 24 * 3600
    for seconds in range(600, day + 1200, 600):
        verdict = hear_lagging(car, seconds, HOURS_8, NEAR, buffered=True)
        assert (verdict is Verdict.LATE) is (seconds < day + 600)
    assert car.place == rounded(NEAR)
