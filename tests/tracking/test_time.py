"""Time: when a report was made, and whether it tells of now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.sinotrack.tracking import Verdict

from .road import (
    FAR,
    HOME,
    HOURS_8,
    NEAR,
    RADIO,
    T0,
    Car,
    after,
    beside,
    hear_lagging,
    heartbeat,
    report,
    rounded,
)

# --- live or late -----------------------------------------------------------------------


@pytest.mark.parametrize("age", [-300, -1, 0, 60, 300])
def test_report_of_up_to_five_minutes_is_live(age: float) -> None:
    car = Car()
    assert car.hear(report(after(-age), FAR), T0) is Verdict.LIVE
    assert car.state.location is not None
    # A clock that is ahead makes no place of the future.
    assert car.state.location.time == min(after(-age), T0)
    assert not car.state.is_clock_corrected


@pytest.mark.parametrize("age", [301, 3600, 86_400 * 400])
def test_older_report_is_late(age: float) -> None:
    car = Car()
    assert car.hear(report(after(-age), FAR), T0) is Verdict.LATE
    assert car.state.location is None


@pytest.mark.parametrize(
    "time",
    [
        None,
        datetime(2004, 1, 1, tzinfo=UTC),
        datetime(2009, 12, 31, 23, 59, 59, tzinfo=UTC),
        after(301),
        after(86_400 * 2),
        datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_missing_or_absurd_time_is_the_arrival(time: datetime | None) -> None:
    car = Car()
    assert car.hear(report(time, FAR), T0) is Verdict.LIVE
    assert car.state.location is not None
    assert car.state.location.time == T0
    assert car.state.is_clock_corrected


def test_note_of_a_wrong_clock_goes_with_a_right_one() -> None:
    car = Car()
    car.hear(report(None), T0)
    car.hear(report(after(20)))
    assert not car.state.is_clock_corrected


@pytest.mark.parametrize("time", [None, after(86_400 * 365)])
def test_record_that_says_it_is_stored_is_late_whatever_its_time(
    time: datetime | None,
) -> None:
    car = Car()
    assert car.hear(report(time, FAR, buffered=True), T0) is Verdict.LATE
    car.wait(3600)
    assert car.state.location is None


def test_record_marked_as_stored_is_live_when_it_is_new() -> None:
    """The first words of a unit at power-on are marked (Traccar #4663)."""
    car = Car()
    assert car.hear(report(T0, buffered=True)) is Verdict.LIVE


# --- one wrong time must not block right ones ---------------------------------------------


@pytest.mark.parametrize("year", [1980, 2004, 2027, 2099])
def test_one_record_of_another_year_never_blocks_the_next(year: int) -> None:
    car = Car()
    car.hear(report(after(0), HOME, ignition=True))
    car.hear(report(T0.replace(year=year), NEAR, ignition=True), after(20))
    assert car.hear(report(after(40), HOME, ignition=True)) is Verdict.LIVE
    assert car.place == HOME


def test_wrong_time_of_the_host_never_freezes_a_tracker() -> None:
    """It started a day ahead, and then learned the time from the network."""
    car = Car()
    car.hear(report(None, HOME, ignition=True), after(86_400))
    for seconds in (20, 40):
        heard = report(after(seconds), NEAR, ignition=True)
        assert car.tracker.accept(heard, after(seconds + 2)) is Verdict.LIVE
    assert car.place == NEAR
    car.tracker.tick(after(60))
    before = car.state.odometer_km
    there = beside(NEAR, north=300)
    heard = report(after(60), there, speed_kmh=50, ignition=True)
    car.tracker.accept(heard, after(62))
    assert car.state.odometer_km > before


@pytest.mark.parametrize("minutes", [1, 4, 60])
def test_clock_of_the_host_that_is_set_back_outdates_no_report_without_a_time(
    minutes: float,
) -> None:
    car = Car()
    for seconds in range(0, 600, 20):
        at = after(seconds if seconds < 300 else seconds - 60 * minutes)
        place = beside(HOME, north=10.0 * seconds)
        heard = report(None, place, speed_kmh=36, ignition=True)
        assert car.tracker.accept(heard, at) is Verdict.LIVE


def test_clock_of_the_host_that_is_set_back_leaves_no_fix_in_the_future() -> None:
    """A stored record may be the first to come after it, and settle."""
    car = Car()
    year = 365 * 24 * 3600
    for seconds in range(0, 200, 20):
        place = beside(HOME, north=15.0 * seconds)
        car.tracker.accept(report(None, place, speed_kmh=54), after(year + seconds))
    car.tracker.accept(report(after(-600), None), after(10))
    for seconds in (310, 320):
        car.tracker.tick(after(seconds))
        assert car.state.last_fix is not None
        assert car.state.last_fix <= after(seconds)


def test_clock_of_the_host_that_is_set_back_by_a_second_leaves_the_order() -> None:
    car = Car()
    car.hear(report(after(60), NEAR), after(62))
    older = report(after(30), HOME)
    assert car.tracker.accept(older, after(61)) is Verdict.OUTDATED
    assert car.place == NEAR


# --- a wrong clock, or a queue that lags ---------------------------------------------------


@pytest.mark.parametrize(
    "offset",
    [
        HOURS_8,
        timedelta(hours=5, minutes=45),
        timedelta(minutes=15),
        timedelta(days=3),
        timedelta(hours=-5),
    ],
)
def test_clock_that_is_off_from_the_start_is_learned(offset: timedelta) -> None:
    car = Car()
    for seconds in (0, 20, 40, 60):
        hear_lagging(car, seconds, offset, place=FAR)
    assert car.verdicts[2:] == [Verdict.LIVE, Verdict.LIVE]
    assert car.state.is_clock_corrected
    assert car.state.location is not None
    assert abs(car.state.location.time - after(60)) <= RADIO


def test_clock_is_not_called_wrong_before_the_third_report() -> None:
    car = Car()
    assert hear_lagging(car, 0, HOURS_8) is Verdict.LATE
    assert hear_lagging(car, 20, HOURS_8) is Verdict.LATE
    assert hear_lagging(car, 40, HOURS_8) is Verdict.LIVE


def test_reports_of_one_burst_are_one_witness() -> None:
    car = Car()
    for seconds in (0, 1, 2, 9):
        assert hear_lagging(car, seconds, HOURS_8) is Verdict.LATE
    assert hear_lagging(car, 12, HOURS_8) is Verdict.LATE
    assert hear_lagging(car, 22, HOURS_8) is Verdict.LIVE


@pytest.mark.parametrize("jitter", [31, -31])
def test_age_that_is_not_steady_is_no_wrong_clock(jitter: float) -> None:
    car = Car()
    for i in range(20):
        lag = HOURS_8 + timedelta(seconds=jitter * (i % 2))
        assert hear_lagging(car, 20 * i, lag) is Verdict.LATE


@pytest.mark.parametrize("minutes", [3, 7, 12])
def test_age_that_is_no_quarter_of_an_hour_is_a_queue(minutes: float) -> None:
    car = Car()
    for i in range(50):
        lag = timedelta(hours=3, minutes=minutes)
        assert hear_lagging(car, 20 * i, lag) is Verdict.LATE
    assert car.state.location is None


@pytest.mark.parametrize("minutes", [-1.9, 1.9])
def test_clock_that_is_off_by_nearly_a_quarter_is_wrong(minutes: float) -> None:
    car = Car()
    for i in range(3):
        hear_lagging(car, 20 * i, timedelta(hours=3, minutes=minutes))
    assert car.verdicts[-1] is Verdict.LIVE


def test_records_that_say_they_are_stored_are_no_wrong_clock() -> None:
    car = Car()
    for i in range(50):
        assert hear_lagging(car, 20 * i, HOURS_8, buffered=True) is Verdict.LATE


def test_stored_record_between_breaks_the_row_of_witnesses() -> None:
    car = Car()
    hear_lagging(car, 0, HOURS_8)
    hear_lagging(car, 20, HOURS_8)
    hear_lagging(car, 40, HOURS_8, buffered=True)
    assert hear_lagging(car, 60, HOURS_8) is Verdict.LATE


def test_clock_that_was_right_is_not_called_wrong_for_a_day() -> None:
    car = Car()
    car.hear(report(after(-600), HOME))
    day = 24 * 3600
    for seconds in range(0, day, 600):
        assert hear_lagging(car, seconds, HOURS_8) is Verdict.LATE
    assert hear_lagging(car, day, HOURS_8) is Verdict.LIVE


@pytest.mark.parametrize("buffered", [False, True])
def test_what_is_held_up_keeps_no_clock_that_turned_wrong_from_being_learned(
    buffered: bool,
) -> None:
    """Each hour one report comes a minute late, or as a stored one."""
    car, day = Car(), 24 * 3600
    car.hear(report(after(-600), HOME))
    for seconds in range(0, day, 600):
        lag = HOURS_8
        if seconds % 3600 == 1800:
            lag += timedelta(minutes=10 if buffered else 1)
        assert hear_lagging(car, seconds, lag, buffered=buffered and lag != HOURS_8)
    for seconds in (day, day + 600, day + 1200):
        hear_lagging(car, seconds, HOURS_8, place=NEAR)
    assert car.verdicts[-1] is Verdict.LIVE
    assert Verdict.LIVE not in car.verdicts[1:-3]


def test_younger_age_begins_the_day_of_a_clock_that_turned_wrong_anew() -> None:
    """As a queue does that catches up."""
    car, day = Car(), 24 * 3600
    car.hear(report(after(-600), HOME))
    for seconds in range(0, day + 3600, 600):
        lag = HOURS_8 if seconds < day / 2 else HOURS_8 - timedelta(minutes=30)
        assert hear_lagging(car, seconds, lag) is Verdict.LATE


def test_clock_that_turns_wrong_twice_is_learned_a_day_after() -> None:
    car, day = Car(), 24 * 3600
    car.hear(report(after(-600), HOME))
    for seconds in range(0, 2 * day, 600):
        # A second more, or its times would be those of before.
        hours, more = (1, 0) if seconds < day / 2 else (8, 1)
        verdict = hear_lagging(car, seconds, timedelta(hours=hours, seconds=more))
        assert (verdict is Verdict.LATE) is (seconds < 1.5 * day)


def test_queue_that_lags_over_a_night_is_no_wrong_clock() -> None:
    """It holds so many records: an hour of a drive, and days of a parked car."""
    car, made, seconds = Car(), [0], 0
    car.hear(report(after(0), HOME))
    while seconds < 36 * 3600:
        seconds += 30 if seconds % 86_400 < 4 * 3600 else 1800
        made.append(seconds)
        if len(made) > 360:
            stored = made[-361]
            heard = report(after(stored), beside(HOME, north=stored / 10))
            assert car.hear(heard, after(seconds + 2)) is not Verdict.LIVE


def test_late_mark_of_a_right_time_does_not_count_as_a_right_clock() -> None:
    """A record that says it is stored has the clock it had when it was made."""
    car = Car()
    car.hear(report(after(-600), ignition=True, buffered=True))
    for seconds in (0, 20, 40):
        hear_lagging(car, seconds, HOURS_8)
    assert car.verdicts[-1] is Verdict.LIVE


@pytest.mark.parametrize("hours", [8, -8])
def test_offset_is_that_of_the_report_that_was_fastest(hours: float) -> None:
    """Or the reports before the newest would look as new as that one."""
    car, lag = Car(), timedelta(hours=hours)
    for seconds, delay in ((0, 25), (40, 3), (60, 8), (80, 1)):
        heard = report(after(seconds) - lag, HOME, speed_kmh=50, ignition=True)
        car.hear(heard, after(seconds + delay))
    for seconds in (200, 180, 160, 140):
        place = beside(HOME, north=12.0 * seconds)
        heard = report(after(seconds) - lag, place, speed_kmh=43, ignition=True)
        car.hear(heard, after(202))
    assert car.verdicts[-4:] == [Verdict.LIVE] + [Verdict.OUTDATED] * 3
    assert car.place == rounded(beside(HOME, north=2400))


def test_right_time_ends_the_doubt() -> None:
    car = Car()
    for seconds in (0, 20, 40):
        hear_lagging(car, seconds, HOURS_8)
    assert car.hear(report(after(60), NEAR, ignition=True)) is Verdict.LIVE
    assert hear_lagging(car, 80, HOURS_8) is Verdict.LATE
    assert car.place == NEAR


def test_stored_record_of_a_wrong_clock_is_late() -> None:
    car = Car()
    for seconds in (0, 20, 40):
        hear_lagging(car, seconds, HOURS_8, place=HOME)
    hour_old = HOURS_8 + timedelta(hours=1)
    assert hear_lagging(car, 60, hour_old, place=FAR) is Verdict.LATE
    assert car.place == HOME


def test_queue_taken_for_a_wrong_clock_looks_not_live_while_it_catches_up() -> None:
    """An offset that would date a record into the future explains nothing."""
    car = Car()
    for seconds in (0, 20, 40):
        hear_lagging(car, seconds, timedelta(hours=3), place=HOME)
    assert car.place == HOME
    for i, minutes in enumerate(range(170, 10, -10)):
        lag = timedelta(minutes=minutes)
        assert hear_lagging(car, 60 + 20 * i, lag, place=FAR) is Verdict.LATE
    assert car.place == HOME
    assert car.hear(report(after(3600), FAR, ignition=True)) is Verdict.LIVE


def car_with_clock_ahead() -> Car:
    """A car whose clock is 8 h ahead, as is known; at home."""
    car = Car()
    for seconds in (0, 20, 40):
        hear_lagging(car, seconds, -HOURS_8, place=HOME)
    assert car.tracker.clock.offset == RADIO - HOURS_8
    return car


def test_record_stored_for_as_long_as_the_clock_is_ahead_looks_not_live() -> None:
    """Parked far away; the night at home is sent afterwards, unmarked."""
    car = car_with_clock_ahead()
    for seconds in (36_000, 36_020, 36_040):
        hear_lagging(car, seconds, -HOURS_8, place=FAR)
    for i in range(200):
        made = after(36_040 - 8 * 3600 - 3000 + 30 * i)
        stored = report(made + HOURS_8, HOME, ignition=True)
        assert car.hear(stored, after(36_044 + 0.2 * i)) is Verdict.LATE
    assert hear_lagging(car, 36_100, -HOURS_8, place=FAR) is Verdict.LIVE
    assert car.edges("place") == [HOME, FAR]


def test_record_that_says_it_is_stored_never_sets_a_clock_right() -> None:
    car = car_with_clock_ahead()
    for i in range(10):
        stored = report(after(60 + 20 * i), FAR, buffered=True)
        assert car.hear(stored) is Verdict.LATE
    assert hear_lagging(car, 300, -HOURS_8, place=HOME) is Verdict.LIVE


def test_stored_record_between_breaks_the_row_that_sets_a_clock_right() -> None:
    car = car_with_clock_ahead()
    for seconds, buffered in ((60, False), (80, False), (100, True), (120, False)):
        heard = report(after(seconds), FAR, buffered=buffered)
        assert car.hear(heard) is Verdict.LATE


def test_clock_that_was_ahead_is_right_at_the_third_right_time() -> None:
    car = car_with_clock_ahead()
    for seconds, verdict in (
        (60, Verdict.LATE),
        (65, Verdict.LATE),
        (80, Verdict.LATE),
        (100, Verdict.LIVE),
        (105, Verdict.LIVE),
    ):
        assert car.hear(report(after(seconds), NEAR, ignition=True)) is verdict
    assert car.place == NEAR
    assert not car.state.is_clock_corrected


def test_clock_set_to_another_zone_is_learned_anew() -> None:
    car = Car()
    for i in range(4):
        hear_lagging(car, 20 * i, HOURS_8)
    for i in range(4, 8):
        hear_lagging(car, 20 * i, timedelta(hours=7))
    assert car.verdicts[4:] == [Verdict.LATE] * 2 + [Verdict.LIVE] * 2


@pytest.mark.parametrize(
    ("offset", "other"),
    [(7, 8), (8, 7), (-8, 8), (8, -8)],
)
def test_clock_that_is_wrong_in_another_way_freezes_no_tracker(
    offset: int, other: int
) -> None:
    """As when its owner sets the zone the wrong way round."""
    car = Car()
    for i in range(4):
        hear_lagging(car, 20 * i, timedelta(hours=offset), place=HOME)
    for i in range(4, 8):
        hear_lagging(car, 20 * i, timedelta(hours=other), place=NEAR)
    assert car.verdicts[-1] is Verdict.LIVE
    assert car.place == NEAR


def test_clock_ahead_that_is_learned_goes_on_when_it_jumps_further() -> None:
    car = Car()
    for i in range(4):
        hear_lagging(car, 20 * i, timedelta(hours=-5), place=HOME)
    assert hear_lagging(car, 80, timedelta(hours=-7), place=NEAR) is Verdict.LIVE
    assert car.place == NEAR


def test_clock_ahead_by_any_time_never_freezes_a_tracker() -> None:
    car = Car()
    for i in range(10):
        place = (HOME, NEAR)[i % 2]
        lag = timedelta(minutes=-37)
        assert hear_lagging(car, 20 * i, lag, place=place) is Verdict.LIVE
        assert car.place == place


WEEKS_1024 = timedelta(weeks=1024)


# --- ahead, and so early in the order ---------------------------------------------------


class EarlyCar(Car):
    """A car whose clock is ahead, parked at home until it leaves for the north."""

    def __init__(self, lead: float) -> None:
        """Report twice from home, so that the lead is known."""
        super().__init__()
        self.lead = timedelta(seconds=lead)
        for seconds in (-600, -300):
            self.tell(seconds, 0, ignition=False)

    def tell(
        self, seconds: float, north: float, at: float | None = None, **values: Any
    ) -> Verdict:
        """Tell a place so many metres north, which arrives then, or right away."""
        made = after(seconds)
        heard = report(made + self.lead, beside(HOME, north=north), **values)
        return self.hear(heard, made + RADIO if at is None else after(at))


@pytest.mark.parametrize(
    ("lead", "buffered"),
    [(0, False), (20, False), (120, False), (280, False), (120, True), (420, True)],
)
def test_records_of_before_move_no_car_whose_clock_is_ahead(
    lead: float, buffered: bool
) -> None:
    """Newest first, they lead back home."""
    car = EarlyCar(lead)
    car.tell(100, 1670, speed_kmh=60, ignition=True)
    for i, seconds in enumerate(range(90, -1, -10)):
        north, at = 16.7 * seconds, 103 + 0.2 * i
        car.tell(seconds, north, at, speed_kmh=60, ignition=True, buffered=buffered)
    assert car.verdicts[-10:] == [Verdict.OUTDATED] * 10
    assert len(car.edges("place")) == 2


@pytest.mark.parametrize("lead", [0, 120, 280])
def test_report_that_was_overtaken_turns_no_key_of_a_car_whose_clock_is_ahead(
    lead: float,
) -> None:
    car = EarlyCar(lead)
    car.tell(0, 0, ignition=True)
    car.tell(40, 0, ignition=False)
    assert car.tell(30, 0, at=43, ignition=True) is Verdict.OUTDATED
    assert car.state.ignition is False


@pytest.mark.parametrize("lead", [0, 120, 280])
def test_way_of_a_car_whose_clock_is_ahead_is_as_long(lead: float) -> None:
    """Each fifth report is overtaken by the one behind it."""
    car = EarlyCar(lead)
    for i in range(0, 1000, 10):
        told = (i + 10, i) if i % 50 == 30 else (i,) if i % 50 != 40 else ()
        for seconds in told:
            at = max(told) + 3 + (seconds == i)
            car.tell(seconds, 16.7 * seconds, at, speed_kmh=60, ignition=True)
    car.wait(60)
    assert car.state.odometer_km == pytest.approx(16.53, rel=0.01)


@pytest.mark.parametrize("lead", [120, 280])
def test_clock_that_was_ahead_by_minutes_is_right_at_the_second_right_time(
    lead: float,
) -> None:
    car = EarlyCar(lead)
    for i in range(10):
        if i == 5:
            car.lead = timedelta(0)
        car.tell(20 * i, 200 * i, speed_kmh=36, ignition=True)
        if i != 5:
            assert car.place == rounded(beside(HOME, north=200 * i))


def test_record_of_a_clock_that_is_ahead_is_as_old_as_it_is() -> None:
    car = EarlyCar(280)
    assert car.tell(0, 0, at=299) is Verdict.HELD
    assert car.tell(0, 90, at=303) is Verdict.LATE


@pytest.mark.parametrize("lead", [31, 60, 280])
def test_unit_that_marks_all_it_sends_is_followed_though_its_clock_is_ahead(
    lead: float,
) -> None:
    car = Car()
    for seconds in range(0, 400, 20):
        there = beside(HOME, north=10 * seconds)
        heard = report(after(seconds + lead), there, ignition=True, buffered=True)
        assert car.hear(heard, after(seconds + 2)) is Verdict.LIVE
        assert car.place == rounded(there)


@pytest.mark.parametrize("behind", [3600, 8 * 3600])
def test_clock_that_was_ahead_by_minutes_and_turned_wrong_is_learned(
    behind: float,
) -> None:
    car = EarlyCar(200)
    car.lead = timedelta(seconds=-behind)
    for seconds in range(0, 90_000, 60):
        verdict = car.tell(seconds, 0, ignition=True)
    assert verdict is Verdict.LIVE
    assert car.tracker.clock.offset.total_seconds() == pytest.approx(behind, abs=5)
    assert not car.tracker.clock.lead


def test_clock_that_was_ahead_is_put_right_though_some_reports_are_delayed() -> None:
    car = EarlyCar(279)
    car.lead = timedelta(0)
    for i in range(8):
        seconds = 60 * i
        car.tell(seconds, 300 * i, seconds + (1, 45)[i % 2], ignition=True)
    assert car.verdicts[-6:] == [Verdict.LIVE] * 6


def test_lead_of_seconds_is_given_up() -> None:
    car = EarlyCar(25)
    assert car.tracker.clock.lead
    car.lead = timedelta(0)
    for seconds in (0, 20):
        car.tell(seconds, 0)
    assert not car.tracker.clock.lead


def test_right_time_ends_what_dated_stored_records() -> None:
    """Ahead by more than is right was the clock of the host."""
    car = EarlyCar(420)
    car.lead = timedelta(0)
    car.tell(0, 0, ignition=True)
    assert car.tell(-20, 0, at=3, buffered=True) is Verdict.OUTDATED


def test_burst_and_a_single_report_tell_no_lead() -> None:
    car = Car()
    for seconds in (0, 0.5, 1):
        car.hear(report(after(seconds + 200)), after(seconds))
    assert not car.tracker.clock.lead
    car.hear(report(after(30), ignition=True))
    assert not car.tracker.clock.lead


def test_receiver_whose_count_of_weeks_began_anew_is_read_right() -> None:
    """Its stored records are late, and are known when they come again."""
    car = Car()
    for i in range(3):
        place = beside(FAR, north=200.0 * i)
        heard = report(after(20 * i) - WEEKS_1024, place, speed_kmh=36, ignition=True)
        assert car.hear(heard, after(20 * i) + RADIO) is Verdict.LIVE
    assert car.state.is_clock_corrected
    assert car.state.location is not None
    assert car.state.location.time == after(40)
    stored = report(after(-3600) - WEEKS_1024, HOME, ignition=True)
    assert car.hear(stored, after(50)) is Verdict.LATE
    assert car.hear(stored, after(55)) is Verdict.DUPLICATE
    car.wait(3600)
    assert car.edges("place")[-1] == pytest.approx(place, abs=1e-6)


@pytest.mark.parametrize(
    "time", [datetime(1980, 1, 6, tzinfo=UTC), T0 - WEEKS_1024 - timedelta(days=31)]
)
def test_date_of_a_unit_without_a_clock_is_no_count_of_weeks(time: datetime) -> None:
    car = Car()
    assert car.hear(report(time, FAR), T0) is Verdict.LIVE
    assert car.state.location is not None
    assert car.state.location.time == T0


def test_heartbeat_says_nothing_of_the_clock() -> None:
    """A confirmation may carry the server's own time back."""
    car = Car()
    for seconds in (0, 20, 40):
        hear_lagging(car, seconds, HOURS_8)
    assert car.hear(heartbeat(time=after(50)), after(50)) is Verdict.CONTACT
    assert hear_lagging(car, 60, HOURS_8) is Verdict.LIVE


def test_repeated_record_says_nothing_of_the_clock() -> None:
    car = Car()
    hear_lagging(car, 0, HOURS_8)
    hear_lagging(car, 20, HOURS_8)
    car.hear(report(after(20) - HOURS_8, ignition=True), after(39))
    assert car.verdicts[-1] is Verdict.DUPLICATE
    assert hear_lagging(car, 40, HOURS_8) is Verdict.LIVE
