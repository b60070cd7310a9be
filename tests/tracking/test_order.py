"""Order: newest first, interleaved, repeated; and settling."""

from datetime import timedelta

import pytest

from custom_components.sinotrack.h02 import Report
from custom_components.sinotrack.tracking import TrackerOptions, Verdict

from .road import (
    FAR,
    HOME,
    Car,
    Place,
    after,
    beside,
    drive_at,
    heartbeat,
    report,
)

AWAY = beside(HOME, north=2000)


# --- repeated ---------------------------------------------------------------------------


def test_report_that_comes_again_proves_contact_and_nothing_else() -> None:
    car = Car()
    car.hear(report(after(0), HOME, ignition=True))
    near = beside(HOME, north=200)
    car.hear(report(after(20), near, speed_kmh=50, ignition=True))
    assert car.hear(report(after(0), HOME, ignition=True), after(30)) is (
        Verdict.DUPLICATE
    )
    assert car.place == pytest.approx(near, abs=1e-6)
    assert car.state.motion is True
    assert car.state.last_seen == after(30)
    assert car.state.verdict is Verdict.DUPLICATE


def test_late_report_that_comes_again_is_a_duplicate() -> None:
    car = Car()
    stored = report(after(-3600), FAR)
    assert car.hear(stored, after(0)) is Verdict.LATE
    assert car.hear(stored, after(20)) is Verdict.DUPLICATE


@pytest.mark.parametrize(
    "other",
    [
        report(after(1), HOME),
        report(after(0), AWAY),
        report(after(0), HOME, ignition=True),
        report(after(0), HOME, ignition=None),
        report(after(0), None),
    ],
)
def test_report_that_differs_in_time_place_or_status_is_no_duplicate(
    other: Report,
) -> None:
    car = Car()
    car.hear(report(after(0), HOME))
    assert car.hear(other, after(5)) is not Verdict.DUPLICATE


def test_reports_without_a_time_are_no_duplicates() -> None:
    car = Car()
    for seconds in (0, 20, 40):
        heard = report(None, HOME, ignition=True)
        assert car.hear(heard, after(seconds)) is Verdict.LIVE


def test_unit_whose_clock_stands_still_is_not_frozen() -> None:
    """Its date is that of a unit without a clock, always the same (e.10)."""
    car = Car()
    stuck = after(0).replace(year=2004)
    for i in range(4):
        place = beside(HOME, north=200.0 * i)
        car.hear(report(stuck, place, ignition=True), after(20 * i))
        assert car.place == pytest.approx(place, abs=1e-6)


@pytest.mark.parametrize("newest_first", [False, True])
def test_400_stored_records_sent_twice_are_all_recognised(newest_first: bool) -> None:
    car = Car()
    stored = [report(after(-20_000 + 20 * i), FAR) for i in range(400)]
    if newest_first:
        stored.reverse()
    for record in stored:
        assert car.hear(record, after(0)) is Verdict.LATE
    for record in stored:
        assert car.hear(record, after(60)) is Verdict.DUPLICATE


def test_memory_of_reports_is_bounded_and_keeps_the_newest() -> None:
    car = Car()
    reports = [report(after(20 * i)) for i in range(2000)]
    for each in reports:
        car.hear(each)
    assert len(list(car.tracker.repeats)) == 512
    end = after(20 * 2000)
    assert car.hear(reports[-512], end) is Verdict.DUPLICATE
    # What is older, but of this day, the odometer knows.
    assert car.hear(reports[0], end) is Verdict.DUPLICATE
    day = 86_400
    car.hear(report(after(3 * day)))
    assert car.hear(reports[0], after(3 * day + 20)) is Verdict.LATE


# --- late and outdated --------------------------------------------------------------------


def test_late_report_changes_no_live_value() -> None:
    car = Car()
    car.hear(report(after(0), HOME, course=10.0, satellites=9, voltage=12.6))
    late = report(
        after(-3600),
        FAR,
        speed_kmh=80,
        ignition=True,
        course=200.0,
        satellites=4,
        csq=3,
        voltage=14.1,
        battery_percent=7,
        mileage_km=99.0,
    )
    assert car.hear(late, after(20)) is Verdict.LATE
    state = car.state
    assert (car.place, state.speed_kmh, state.course) == (HOME, 0.0, 10.0)
    assert (state.motion, state.ignition) == (False, False)
    assert (state.satellites, state.csq, state.voltage) == (9, None, 12.6)
    assert (state.battery_percent, state.mileage_km) == (None, None)


def test_late_record_never_opens_the_garage() -> None:
    """Parked far away; the records of the drive home come an hour after the fact."""
    car = Car()
    car.hear(report(after(0), FAR))
    for i in range(20):
        car.hear(report(after(-3600 + 20 * i), HOME, speed_kmh=30), after(20 + i))
    car.hear(report(after(60), FAR))
    car.wait(24 * 3600)
    assert car.edges("place") == [FAR]


def test_live_report_older_than_the_state_changes_nothing() -> None:
    car = Car()
    car.hear(report(after(60), HOME))
    older = report(after(30), FAR, speed_kmh=50, ignition=True)
    assert car.hear(older, after(70)) is Verdict.OUTDATED
    assert car.place == HOME
    assert car.state.ignition is False


def test_live_report_as_old_as_the_state_counts() -> None:
    """The turn of the key is reported in the second of the last position."""
    car = Car()
    car.hear(report(after(0), ignition=False))
    assert car.hear(report(after(0), ignition=True), after(3)) is Verdict.LIVE
    assert car.state.ignition is True


def test_clock_ahead_by_minutes_does_not_rule_the_order() -> None:
    """No record was made after it arrived; the next ones must not wait for it."""
    car = Car()
    car.hear(report(after(240), HOME, ignition=True), after(0))
    near = beside(HOME, north=200)
    assert car.hear(report(None, near, ignition=True), after(20)) is Verdict.LIVE
    assert car.place == pytest.approx(near, abs=1e-6)


@pytest.mark.parametrize("behind", [0, 25, 240])
def test_status_without_time_and_place_outdates_no_place(behind: float) -> None:
    """It comes right ahead of each position, which was made before it."""
    car = Car()
    for seconds in range(0, 400, 20):
        north = beside(HOME, north=200 + 10 * seconds)
        undated = report(None, None, ignition=True)
        assert car.hear(undated, after(seconds + 1)) is Verdict.NO_FIX
        made = report(after(seconds - behind), north, speed_kmh=36, ignition=True)
        assert car.hear(made, after(seconds + 1.5)) is Verdict.LIVE
        assert car.place == pytest.approx(north, abs=1e-6)


def test_status_without_a_place_turns_the_key_at_its_own_time() -> None:
    car = Car()
    car.hear(report(after(0), ignition=True))
    car.hear(report(after(40), None, ignition=False))
    late = report(after(30), ignition=True)
    assert car.hear(late, after(43)) is Verdict.OUTDATED
    assert car.state.ignition is False


# --- settling -----------------------------------------------------------------------------


def hear_stored(car: Car, *ages_in_minutes: float, at: float = 0.0) -> None:
    """Take stored records in one burst, each a kilometre further north."""
    for i, age in enumerate(ages_in_minutes):
        place = beside(HOME, north=1000.0 * (60 - age))
        car.hear(report(after(at - 60 * age), place), after(at + i))


def settled_place(age: float) -> tuple[float, float]:
    """The place of a stored record of that age in minutes, as it is shown."""
    latitude, longitude = beside(HOME, north=1000.0 * (60 - age))
    return round(latitude, 6), round(longitude, 6)


@pytest.mark.parametrize("ages", [(40, 30, 20), (20, 30, 40), (30, 20, 40)])
def test_newest_stored_place_settles_after_five_minutes_of_silence(
    ages: tuple[float, ...],
) -> None:
    car = Car()
    car.hear(report(after(-7200), HOME))
    hear_stored(car, *ages)
    car.wait(299)
    assert car.place == HOME
    car.wait(300)
    assert car.place == settled_place(20)
    assert car.state.location is not None
    assert car.state.location.time == after(-20 * 60)


def test_stored_place_settles_though_a_live_fix_is_doubted() -> None:
    """A drive while nobody listened; the newest report is from where it ended."""
    car = Car()
    car.hear(report(after(-7200), HOME, ignition=True))
    for seconds in range(-7190, -6600, 60):
        car.hear(report(after(seconds), HOME))
    hear_stored(car, 40, 30, 20)
    parked = settled_place(20)
    assert car.hear(report(after(5), parked)) is Verdict.HELD
    assert car.place == HOME
    car.wait(300)
    assert car.place == parked
    car.hear(report(after(7200), parked))
    assert car.edges("motion") == [False]


def test_place_that_settles_puts_the_time_of_the_last_fix_not_back() -> None:
    """The one that is doubted is newer."""
    car = Car()
    for seconds in (-7200, -7140, -1200):
        car.hear(report(after(seconds), HOME))
    assert car.hear(report(after(0), AWAY)) is Verdict.HELD
    assert car.hear(report(after(-400), HOME), after(3)) is Verdict.LATE
    car.wait(300)
    assert car.place == HOME
    assert car.state.location is not None
    assert car.state.location.time == after(-400)
    assert car.state.last_fix == after(0)


def test_stored_place_settles_where_none_was_known() -> None:
    car = Car()
    hear_stored(car, 20)
    car.wait(300)
    assert car.place == settled_place(20)


@pytest.mark.parametrize(("age", "place"), [(54, settled_place(54)), (56, None)])
def test_stored_place_of_more_than_an_hour_ago_never_settles(
    age: float, place: Place | None
) -> None:
    """Its age counts when it would settle, five minutes later."""
    car = Car()
    hear_stored(car, age)
    car.wait(24 * 3600)
    assert car.place == place


def test_age_that_may_settle_is_an_option() -> None:
    car = Car(TrackerOptions(settle_within=timedelta(hours=3)))
    hear_stored(car, 120)
    car.wait(300)
    assert car.place == settled_place(120)


def test_stored_place_older_than_the_one_shown_never_settles() -> None:
    car = Car()
    car.hear(report(after(-600), FAR))
    hear_stored(car, 20, 15)
    car.wait(24 * 3600)
    assert car.edges("place") == [FAR]


def test_live_fix_ends_settling() -> None:
    car = Car()
    hear_stored(car, 20)
    car.hear(report(after(60), FAR))
    car.wait(24 * 3600)
    assert car.edges("place") == [None, FAR]


def test_live_fix_ends_settling_so_that_the_next_record_waits_for_itself_alone() -> (
    None
):
    car = Car()
    stored = ((-2000, -1150), (-1900, -900), (-1800, -200))
    for made, heard in (*stored, (100, 100), (500, 1000)):
        place = beside(HOME, north=10 * made)
        car.hear(report(after(made), place, speed_kmh=36, ignition=True), after(heard))
    car.wait(299)
    assert car.place == pytest.approx(beside(HOME, north=1000))
    car.wait(300)
    assert car.place == pytest.approx(beside(HOME, north=5000))


def test_live_report_without_a_fix_does_not_end_settling() -> None:
    """Parked under a roof after a drive without a link: the entrance is known."""
    car = Car()
    car.hear(report(after(-3000), FAR))
    hear_stored(car, 20, 10)
    for seconds in (60, 120, 180):
        car.hear(report(after(seconds), FAR, valid=False))
    car.wait_until(after(400))
    assert car.place == settled_place(10)


def test_stored_place_does_not_settle_while_the_key_is_on_again() -> None:
    """Whoever drives off from there, without a fix yet, does not arrive there."""
    car = Car()
    car.hear(report(after(-7200), HOME))
    hear_stored(car, 40, 30, 20)
    for seconds in range(10, 900, 10):
        car.hear(report(after(seconds), None, speed_kmh=None, ignition=True))
        assert car.place == HOME
        assert car.state.ignition is True
    car.hear(report(after(900), None, speed_kmh=None, ignition=False))
    car.wait(1190)
    assert car.place == settled_place(20)
    assert car.state.ignition is False


def test_key_that_was_on_is_unknown_where_a_stored_place_settles() -> None:
    car = Car()
    car.hear(report(after(-7200), HOME, speed_kmh=50, ignition=True))
    car.hear(report(after(-7180), beside(HOME, north=300), speed_kmh=50, ignition=True))
    hear_stored(car, 20)
    car.hear(report(after(10), None, speed_kmh=None, ignition=True))
    car.wait(312)
    assert car.place == settled_place(20)
    assert car.state.ignition is None
    assert car.state.motion is not True


def test_settling_waits_for_three_gaps_between_dripping_records() -> None:
    """Firmware without acknowledgements sends one stored record per 84 s, or slower."""
    car = Car()
    for i in range(4):
        hear_stored(car, 30 - i, at=200.0 * i)
    car.wait(599)
    assert car.place is None
    car.wait(600)
    assert car.place is not None


def test_stored_records_without_a_fix_prolong_settling_and_settle_nowhere() -> None:
    car = Car()
    car.hear(report(after(-1200), HOME, valid=False), after(0))
    car.wait(24 * 3600)
    assert car.place is None


def test_heartbeat_does_not_disturb_settling() -> None:
    car = Car()
    hear_stored(car, 20)
    car.hear(heartbeat(), after(200))
    car.wait_until(after(300))
    assert car.place == settled_place(20)


def test_clock_of_the_host_that_is_set_back_does_not_delay_settling() -> None:
    car = Car()
    car.hear(report(after(-1200), FAR), after(10_800))
    car.hear(heartbeat(), after(0))
    car.wait(300)
    assert car.place == FAR


def test_settling_happens_once() -> None:
    car = Car()
    hear_stored(car, 20)
    car.wait(300)
    car.hear(report(after(310), FAR))
    car.wait(24 * 3600)
    assert car.place == FAR


def test_place_that_settles_in_a_drive_is_not_its_end() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    passed = beside(HOME, north=3000)
    car.hear(report(after(120), passed, speed_kmh=50, ignition=True), after(500))
    car.wait(300)
    assert car.place == pytest.approx(passed, abs=1e-6)
    assert car.edges("motion") == [True, None]


def test_key_and_motion_of_before_say_nothing_of_a_place_that_settles() -> None:
    """They would open the garage for a record of minutes ago."""
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    for seconds in (100, 120):
        passed = beside(HOME, north=3000)
        stored = report(after(seconds), passed, speed_kmh=50, ignition=True)
        car.hear(stored, after(500 + seconds))
    car.wait(300)
    settled = car.state
    assert car.place == pytest.approx(passed, abs=1e-6)
    assert (settled.ignition, settled.motion, settled.speed_kmh) == (None, None, None)
    assert settled.is_online


def test_drive_that_ends_in_silence_is_noticed_as_soon_when_a_place_settles() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=600)
    for seconds in (610, 620):
        stored = report(after(seconds), HOME, ignition=True, buffered=True)
        car.hear(stored, after(330 + seconds))
    silent_since = car.state.last_seen
    assert silent_since is not None
    car.wait(300)
    assert (car.state.ignition, car.state.is_online) == (None, True)
    car.wait(599)
    assert car.state.is_online
    car.wait(600)
    assert not car.state.is_online


def test_ignition_that_was_on_counts_for_silence_until_that_is_noticed() -> None:
    """Also when a second place settles; after the silence, nobody knows of the key."""
    car = Car()
    drive_at(car, 50, begin=0, end=600)
    for made, heard in ((610, 950), (900, 1300)):
        place = beside(HOME, north=8000 + made)
        stored = report(after(made), place, ignition=True, buffered=True)
        car.hear(stored, after(heard))
        car.wait(300)
        assert car.place == pytest.approx(place)
    assert car.state.ignition is None
    assert car.tracker.deadline == after(1300 + 600)
    car.wait(600)
    assert not car.state.is_online
    car.hear(heartbeat(), after(4000))
    deadline = car.tracker.deadline
    assert deadline is not None
    assert deadline >= after(4000 + 3600), "as long as with the key off"


def test_place_settles_in_a_garage_once_the_key_is_turned_off() -> None:
    """Where it has no fix: until then it may as well drive on through a tunnel."""
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    passed = beside(HOME, north=3000)
    car.hear(report(after(120), passed, speed_kmh=50, ignition=True), after(500))
    for seconds in range(520, 900, 20):
        car.hear(report(after(seconds), None, speed_kmh=None, ignition=True))
    assert car.place != pytest.approx(passed, abs=1e-6)
    assert car.state.ignition is True
    for seconds in range(900, 1200, 20):
        car.hear(report(after(seconds), None, speed_kmh=None))
    assert car.place == pytest.approx(passed, abs=1e-6)
    assert car.state.ignition is False


def test_car_that_was_parked_stays_parked_when_a_place_settles() -> None:
    car = Car()
    car.hear(report(after(-7200), HOME))
    hear_stored(car, 30, 20)
    car.wait(300)
    assert (car.state.ignition, car.state.motion) == (False, False)


def test_vehicle_that_settled_elsewhere_has_not_moved_when_it_reports_from_there() -> (
    None
):
    car = Car()
    car.hear(report(after(-7200), HOME))
    hear_stored(car, 40, 30, 20)
    car.wait(300)
    parked = settled_place(20)
    assert car.place == parked
    for seconds in (900, 920):
        car.hear(report(after(seconds), beside(parked, east=100)))
    assert car.verdicts[-2:] == [Verdict.HELD, Verdict.LIVE]
    assert car.edges("motion") == [False]


def test_next_fix_tells_where_a_vehicle_stopped_that_still_drove_as_it_settled() -> (
    None
):
    """The last that its backlog tells is a street before the one where it parks."""
    car = Car()
    for seconds in (-7200, -7100):
        car.hear(report(after(seconds), FAR))
    for i in range(20):
        street = beside(HOME, east=130 + 200 * (19 - i))
        stored = report(after(20 * i - 900), street, speed_kmh=36, ignition=True)
        car.hear(stored, after(0.1 * i))
    car.wait(300)
    assert car.place == pytest.approx(street, abs=1e-6)

    parked = beside(HOME, east=62)
    assert car.hear(report(after(600), parked)) is Verdict.LIVE
    assert car.hear(report(after(900), beside(parked, east=9))) is Verdict.HELD
    assert car.place == pytest.approx(parked, abs=1e-6)


def test_next_fix_is_judged_from_the_place_that_settled() -> None:
    """From the place before it, nothing gets there in the time since then."""
    car = Car()
    far = beside(HOME, north=60_000)
    car.hear(report(after(0), HOME))
    stored = report(after(3600), far, speed_kmh=50, ignition=True, buffered=True)
    car.hear(stored, after(3910))
    car.wait(300)
    assert car.place == pytest.approx(far)
    further = beside(far, north=400)
    moved = report(after(4220), further, speed_kmh=50, ignition=True)
    assert car.hear(moved) is Verdict.LIVE
    assert car.place == pytest.approx(further)


def test_vehicle_that_settled_elsewhere_is_held_there_and_not_where_it_was() -> None:
    car = Car()
    for seconds in (-7200, -7100):
        car.hear(report(after(seconds), HOME))
    hear_stored(car, 40, 30, 20)
    car.wait(300)
    parked = settled_place(20)
    for seconds in (900, 920, 940):
        car.hear(report(after(seconds), beside(parked, east=10)))
    assert car.verdicts[-3:] == [Verdict.HELD] * 3
    assert car.place == parked
