"""Which fix to believe: plausibility that locks nobody out, and the parked hold."""

from random import Random

import pytest

from custom_components.sinotrack.h02 import Fix, Status
from custom_components.sinotrack.tracking import TrackerOptions, Verdict
from custom_components.sinotrack.tracking.geo import distance

from .road import HOME, Car, after, beside, drive_at, report, rounded

FAR_OFF = beside(HOME, north=5000)


def parked(options: TrackerOptions | None = None, *, is_wired: bool = False) -> Car:
    """A car that has stood at home for ten minutes, ignition off."""
    car = Car(options)
    if is_wired:
        car.hear(report(after(-660), ignition=True))
    for seconds in range(-600, 0, 60):
        car.hear(report(after(seconds)))
    return car


def driving() -> Car:
    """A car that has come 500 m north with 50 km/h."""
    car = Car()
    drive_at(car, 50, begin=-36, end=0)
    return car


# --- plausibility -------------------------------------------------------------------------


def test_jump_is_held_back_and_changes_no_live_place() -> None:
    car = driving()
    before, odometer = car.place, car.state.odometer_km
    jump = report(after(10), FAR_OFF, speed_kmh=90, ignition=True, course=77.0)
    assert car.hear(jump) is Verdict.IMPLAUSIBLE
    assert (car.place, car.state.odometer_km) == (before, odometer)
    assert car.state.speed_kmh == pytest.approx(50)
    assert car.state.course is None


def test_jump_is_believed_when_a_second_fix_agrees_and_is_no_distance() -> None:
    car = driving()
    odometer = car.state.odometer_km
    car.hear(report(after(10), FAR_OFF, speed_kmh=50, ignition=True))
    there = beside(FAR_OFF, north=140)
    again = report(after(20), there, speed_kmh=50, ignition=True)
    assert car.hear(again) is Verdict.LIVE
    assert car.place == rounded(there)
    assert car.state.odometer_km == odometer


def test_fix_that_agrees_with_the_old_place_ends_the_doubt() -> None:
    car = driving()
    for seconds in (10, 30, 50):
        jump = report(after(seconds), FAR_OFF, speed_kmh=50, ignition=True)
        assert car.hear(jump) is Verdict.IMPLAUSIBLE
        home = report(after(seconds + 10), HOME, speed_kmh=50, ignition=True)
        assert car.hear(home) is Verdict.LIVE


@pytest.mark.parametrize(
    ("metres", "seconds", "verdict"),
    [
        (299, 1, Verdict.LIVE),
        (1300, 20, Verdict.LIVE),
        (1500, 20, Verdict.IMPLAUSIBLE),
        (310, 1, Verdict.IMPLAUSIBLE),
    ],
)
def test_jump_is_further_than_300_m_and_faster_than_250_kmh(
    metres: float, seconds: float, verdict: Verdict
) -> None:
    car = Car()
    car.hear(report(after(0), speed_kmh=50, ignition=True))
    place = beside(HOME, north=metres)
    heard = report(after(seconds), place, speed_kmh=50, ignition=True)
    assert car.hear(heard) is verdict


def test_speed_of_plausibility_is_an_option() -> None:
    car = Car(TrackerOptions(max_speed_kmh=100))
    car.hear(report(after(0), speed_kmh=50, ignition=True))
    heard = report(after(20), beside(HOME, north=600), speed_kmh=50, ignition=True)
    assert car.hear(heard) is Verdict.IMPLAUSIBLE
    car.tracker.options = TrackerOptions(max_speed_kmh=120)
    later = report(after(21), beside(HOME, north=600), speed_kmh=50, ignition=True)
    assert car.hear(later) is Verdict.LIVE


@pytest.mark.parametrize("speed", [5, 50, 130, 200, 249])
@pytest.mark.parametrize("off", [0.4, 1.0, 3.0, 700.0])
def test_way_that_goes_on_is_believed_within_three_reports(
    speed: float, off: float
) -> None:
    """Also where each is so far from the one before as from the old place."""
    car = Car()
    car.hear(report(after(0), speed_kmh=50, ignition=True))
    for i in range(3):
        place = beside(HOME, north=off * 1000 + i * 20 * speed / 3.6)
        car.hear(report(after(1 + 20 * i), place, speed_kmh=speed, ignition=True))
    assert car.verdicts[-1] is Verdict.LIVE
    assert car.place == rounded(place)


def test_outliers_that_agree_on_nothing_are_not_believed() -> None:
    car = driving()
    before = car.place
    for i in range(5):
        outlier = beside(HOME, north=20_000 * (-1) ** i, east=7000 * i)
        heard = report(after(10 + i), outlier, ignition=True)
        assert car.hear(heard) is Verdict.IMPLAUSIBLE
    assert car.place == before


@pytest.mark.parametrize("ignition", [True, False, None])
def test_drive_above_the_speed_of_plausibility_is_followed(
    ignition: bool | None,
) -> None:
    """An owner set 50 km/h, and took the motorway."""
    car = parked(TrackerOptions(max_speed_kmh=50))
    for i in range(60):
        place = beside(HOME, north=60 * i * 100 / 3.6)
        heard = report(after(60 * i), place, speed_kmh=100, ignition=ignition)
        car.hear(heard)
    assert car.state.motion is True
    driven = car.verdicts[-50:]
    assert all(Verdict.LIVE in driven[i : i + 6] for i in range(45))


def test_parked_car_is_held_against_jumps_however_many_they_are() -> None:
    car = parked(is_wired=True)
    for i in range(20):
        outlier = beside(HOME, north=9000 * (-1) ** i, east=4000 * (i % 3))
        car.hear(report(after(10 * i), outlier))
    assert car.edges("place") == [HOME]
    assert car.edges("motion") == [False]


# --- parked -------------------------------------------------------------------------------


def test_drift_of_a_parked_car_moves_nothing() -> None:
    car = parked()
    chance = Random(1)
    for i in range(500):
        drift = beside(HOME, north=chance.gauss(0, 15), east=chance.gauss(0, 15))
        speed = chance.uniform(0, 3)
        heard = report(after(60 * i), drift, speed_kmh=speed, course=10.0 * (i % 36))
        assert car.hear(heard) is Verdict.HELD
        assert (car.state.speed_kmh, car.state.course) == (0.0, None)
        assert car.state.last_fix == after(60 * i)
    assert car.edges("place") == [HOME]
    assert car.state.odometer_km == 0


def test_parking_place_is_the_middle_of_its_fixes() -> None:
    """The first fix may be the worst; what is shown stays."""
    car = Car()
    first = beside(HOME, north=60)
    car.hear(report(after(0), first))
    for i in range(1, 20):
        car.hear(report(after(60 * i), HOME))
    opposite = beside(HOME, north=-65)
    assert car.hear(report(after(1200), opposite)) is Verdict.HELD
    assert car.place == rounded(first)


def test_slow_drift_does_not_take_the_parking_place_along() -> None:
    """An anchor that drags, a tenth of a kilometre an hour."""
    car = parked()
    metres = 100 / 60
    for i in range(60 * 6):
        place = beside(HOME, north=metres * i)
        car.hear(report(after(60 * i), place))
        assert car.place is not None
        assert distance(Fix(*car.place), Fix(*place)) < 160
    assert car.state.odometer_km == pytest.approx(0.6, abs=0.15)


def test_two_agreeing_fixes_outside_release_a_parked_car() -> None:
    car = parked()
    towed = beside(HOME, north=100)
    assert car.hear(report(after(0), towed)) is Verdict.HELD
    assert car.place == HOME
    assert car.hear(report(after(60), beside(towed, east=10))) is Verdict.LIVE
    assert car.place == rounded(beside(towed, east=10))


def test_two_fixes_outside_that_do_not_agree_hold_it() -> None:
    car = parked()
    assert car.hear(report(after(0), beside(HOME, north=100))) is Verdict.HELD
    assert car.hear(report(after(60), beside(HOME, north=-100))) is Verdict.HELD
    assert car.hear(report(after(120), HOME)) is Verdict.HELD
    assert car.hear(report(after(180), beside(HOME, north=100))) is Verdict.HELD
    assert car.place == HOME


def test_fixes_outside_that_agree_on_nothing_hold_it_however_many_they_are() -> None:
    car = parked(is_wired=True)
    around = [(2000, 0), (-2000, 0), (0, 2500), (0, -2500)] * 5
    for i, (north, east) in enumerate(around):
        outlier = beside(HOME, north=north, east=east)
        assert car.hear(report(after(300 * i), outlier)) is Verdict.HELD
    assert car.edges("place") == [HOME]
    assert car.edges("motion") == [False]
    assert car.state.odometer_km == 0


def test_van_whose_key_nobody_sees_is_not_lost_between_its_stops() -> None:
    """Each report of half an hour is from another end of the town."""
    car = parked()
    stops = [(2000, 0), (-2000, 0), (0, 2500), (0, -2500), (1500, 1500)] * 4
    far = 0
    for i, (north, east) in enumerate(stops):
        stop = beside(HOME, north=north, east=east)
        car.hear(report(after(1800 * i), stop))
        far = far + 1 if car.place != rounded(stop) else 0
        assert far <= 5


def test_outliers_with_the_place_between_them_hold_a_car_without_a_wire_too() -> None:
    car = parked()
    for i in range(40):
        outlier = beside(HOME, north=2000 * (-1) ** i, east=400 * (i % 3))
        car.hear(report(after(300 * i), HOME if i % 5 == 4 else outlier))
    assert car.edges("place") == [HOME]


def test_car_that_creeps_on_from_a_gate_is_not_left_there() -> None:
    """Too slow to be seen moving, and further than what is held."""
    car = Car()
    drive_at(car, 50, begin=-40, end=0)
    gate = beside(HOME, north=500)
    for seconds in range(0, 120, 20):
        car.hear(report(after(seconds), gate))
    for i in range(4):
        there = beside(gate, north=30 * i)
        car.hear(report(after(120 + 20 * i), there, speed_kmh=5))
    for i in range(10):
        car.hear(report(after(300 + 300 * i), there))
    shown = car.state.location
    assert shown is not None
    assert distance(shown, Fix(*there)) < 75


@pytest.mark.parametrize("speed_kmh", [None, 0.0])
@pytest.mark.parametrize("step", [40, 300, 2000, 20_000])
@pytest.mark.parametrize("first", [80, 1000, 5000])
def test_way_that_leads_away_releases_a_parked_car_without_any_speed(
    first: float, step: float, speed_kmh: float | None
) -> None:
    car = parked()
    for i in range(4):
        place = beside(HOME, north=first + step * i)
        car.hear(report(after(300 * i), place, speed_kmh=speed_kmh))
    assert Verdict.LIVE in car.verdicts[-4:]


@pytest.mark.parametrize("speed_kmh", [0, 20])
def test_outlier_that_is_told_again_is_no_second_one(speed_kmh: float) -> None:
    """The same second and place, with the bit of an alarm."""
    car = parked(is_wired=True)
    outlier = report(after(0), beside(HOME, north=800), speed_kmh=speed_kmh)
    car.hear(outlier)
    assert outlier.status is not None
    outlier.status = Status(outlier.status.word & ~2)
    assert car.hear(outlier, after(5)) is Verdict.HELD
    assert car.edges("place") == [HOME]
    assert car.edges("motion") == [False]


def test_place_that_was_the_first_to_drift_gives_way_to_three_that_agree() -> None:
    """However many were there before it, so that the middle of all is near by."""
    car = Car()
    for i in range(40):
        car.hear(report(after(300 * i), beside(HOME, north=-110 if i < 20 else -70)))
    for i in range(40, 43):
        assert car.place == rounded(beside(HOME, north=-110))
        car.hear(report(after(300 * i), beside(HOME, north=-20)))
    assert car.place == rounded(beside(HOME, north=-20))


def test_place_that_was_the_first_to_drift_gives_way_to_the_middle_of_the_others() -> (
    None
):
    """Which are scattered to both sides, so that no two agree."""
    car = Car()
    first = beside(HOME, north=-100)
    car.hear(report(after(0), first))
    for i in range(1, 60):
        there = beside(HOME, north=min(10 * i - 100, 0), east=40 * (-1) ** i)
        car.hear(report(after(300 * i), there))
    assert car.place is not None
    assert distance(Fix(*car.place), Fix(*HOME)) < 45
    assert car.edges("motion") == [False]


def test_place_that_was_measured_once_is_not_given_up_for_two_that_agree() -> None:
    car = Car()
    for i in range(40):
        car.hear(report(after(300 * i), beside(HOME, north=-110 if i < 20 else -70)))
    for i, north in enumerate((-20, -20, -110, -20, -20, -70), start=40):
        car.hear(report(after(300 * i), beside(HOME, north=north)))
    assert car.place == rounded(beside(HOME, north=-110))


# --- a stop that no fix has seen ----------------------------------------------------------


def into_carport(last_fix: float) -> Car:
    """A car whose key is turned off under a roof, so many metres behind the last fix."""
    car = Car()
    for i in range(10):
        place = beside(HOME, north=last_fix + 160 * (9 - i))
        car.hear(report(after(20 * i), place, speed_kmh=30, ignition=True))
    car.hear(report(after(200), speed_kmh=30, ignition=False, valid=False))
    car.wait(120)
    assert car.state.motion is False
    return car


def test_first_fix_of_a_stop_that_none_has_seen_tells_where_it_is() -> None:
    """The last one before was made at 30 km/h: nobody has parked there."""
    car = into_carport(last_fix=70)
    assert car.hear(report(after(800), HOME)) is Verdict.LIVE
    assert car.place == HOME
    for i in range(10):
        drift = beside(HOME, north=20 * (-1) ** i)
        assert car.hear(report(after(1100 + 300 * i), drift)) is Verdict.HELD
    assert car.edges("motion") == [True, False]


def test_stop_that_no_fix_has_seen_is_no_move_from_where_it_drove_last() -> None:
    car = into_carport(last_fix=400)
    km = car.state.odometer_km
    assert car.hear(report(after(800), HOME)) is Verdict.HELD
    assert car.hear(report(after(1100), HOME)) is Verdict.LIVE
    assert car.place == HOME
    assert car.edges("motion") == [True, False]
    assert car.state.odometer_km == pytest.approx(km + 0.4, abs=0.01)
    there = beside(HOME, north=160)
    for seconds in (1400, 1700):
        car.hear(report(after(seconds), there))
    assert car.state.motion is True


def test_ignition_releases_a_parked_car() -> None:
    car = parked()
    there = beside(HOME, north=50)
    assert car.hear(report(after(0), there, ignition=True)) is Verdict.LIVE
    assert car.place == rounded(there)


@pytest.mark.parametrize("north", [100.0, 250.0, 900.0])
@pytest.mark.parametrize("is_awake", [True, False])
def test_outlier_as_the_key_is_turned_on_leaves_no_home(
    north: float, *, is_awake: bool
) -> None:
    """A receiver that wakes up with the key may be far off, with its first fix."""
    car = parked(is_wired=True)
    if not is_awake:
        car.hear(report(after(1780), None, speed_kmh=None, ignition=True))
    outlier = report(after(1800), beside(HOME, north=north), ignition=True)
    assert car.hear(outlier) is Verdict.HELD
    assert car.hear(report(after(1820), HOME, ignition=True)) is Verdict.LIVE
    assert car.edges("place") == [HOME]
    assert car.edges("motion")[-1] is False
    assert car.state.odometer_km == 0


@pytest.mark.parametrize("ratio", [0.3, 0.5, 0.7])
def test_fixes_that_come_nearer_as_the_receiver_wakes_up_leave_no_home(
    ratio: float,
) -> None:
    car = parked()
    for i in range(8):
        there = beside(HOME, north=900 * ratio**i)
        car.hear(report(after(1800 + 20 * i), there, ignition=True))
        assert car.place is not None
        assert distance(Fix(*car.place), Fix(*HOME)) < 75
    assert car.edges("motion") == [False]


def test_car_found_elsewhere_with_the_key_on_is_there_with_the_second_fix() -> None:
    car = parked()
    there = beside(HOME, north=2000)
    for seconds, verdict in ((3600, Verdict.HELD), (3620, Verdict.LIVE)):
        fix = beside(there, east=seconds / 3600)
        assert car.hear(report(after(seconds), fix, ignition=True)) is verdict
    assert car.place == pytest.approx(there, abs=1e-4)


def test_car_that_drives_off_with_the_key_is_followed_at_once() -> None:
    car = parked()
    there = beside(HOME, north=200)
    drive = report(after(0), there, speed_kmh=30, ignition=True)
    assert car.hear(drive) is Verdict.LIVE
    assert car.place == rounded(there)


def test_motion_releases_a_parked_car() -> None:
    car = parked()
    for seconds, verdict in ((0, Verdict.HELD), (20, Verdict.LIVE)):
        there = beside(HOME, north=20.0 + seconds)
        assert car.hear(report(after(seconds), there, speed_kmh=20)) is verdict


def test_hold_radius_is_an_option() -> None:
    options = TrackerOptions(hold_radius_m=30)
    car = parked(options)
    there = beside(HOME, north=40)
    car.hear(report(after(0), there))
    car.hear(report(after(60), there))
    assert car.place == rounded(there)


def test_car_that_comes_back_from_a_silence_in_a_drive_is_not_held() -> None:
    """Whether it is parked is unknown."""
    car = parked()
    drive_at(car, 50, begin=0, end=60)
    car.wait(2 * 3600)
    there = beside(HOME, north=4000)
    assert car.hear(report(after(3 * 3600), there)) is Verdict.LIVE
    assert car.place == rounded(there)
    assert car.state.motion is False


def test_parked_car_beside_the_date_line_keeps_its_middle() -> None:
    car = Car()
    for i in range(50):
        car.hear(report(after(60 * i), (0.0, 179.9999 * (-1) ** i)))
    assert set(car.verdicts[1:]) == {Verdict.HELD}


# --- accuracy -----------------------------------------------------------------------------


def test_accuracy_is_an_option() -> None:
    car = Car(TrackerOptions(accuracy_m=42.0))
    car.hear(report(after(0), satellites=11))
    assert car.state.location is not None
    assert car.state.location.accuracy == 42.0


def test_parked_car_settles_with_the_time_of_its_newest_record() -> None:
    """It stands there since long ago, which makes the place no older."""
    car = parked()
    there = beside(HOME, north=4000)
    for i in range(100):
        car.hear(report(after(60 * i), there), after(7000 + i))
    car.wait(300)
    assert car.state.location is not None
    assert car.place == rounded(there)
    assert car.state.location.time == after(60 * 99) == car.state.last_fix


# --- leaps --------------------------------------------------------------------------------


def test_newest_fix_is_the_last_in_turn_believed_or_doubted() -> None:
    assert Car().tracker.path.newest_fix is None
    car = Car()
    path = car.tracker.path
    assert not path.has_leapt_from(None)

    car.hear(report(after(0)))
    first = path.newest_fix
    assert first is not None
    car.hear(report(after(60), beside(HOME, north=20)))
    car.hear(report(after(70), valid=False))
    held = path.newest_fix
    assert held is not None
    assert (held.latitude, held.time) == (first.latitude, after(60))

    assert car.hear(report(after(80), FAR_OFF)) is Verdict.IMPLAUSIBLE
    doubted = path.newest_fix
    assert doubted is not None
    assert (doubted.latitude, doubted.longitude) == rounded(FAR_OFF)
    assert not path.has_leapt_from(None)


def test_leap_is_what_nothing_drives_in_time() -> None:
    car = Car(TrackerOptions(max_speed_kmh=180))
    path = car.tracker.path
    car.hear(report(after(0), speed_kmh=50))
    before = path.newest_fix

    car.hear(report(after(10), beside(HOME, north=490), speed_kmh=50))
    assert not path.has_leapt_from(before)
    before = path.newest_fix
    car.hear(report(after(11), beside(HOME, north=200), speed_kmh=50))
    assert not path.has_leapt_from(before)
    before = path.newest_fix
    car.hear(report(after(21), beside(HOME, north=710), speed_kmh=50))
    assert path.has_leapt_from(before)


def test_second_outlier_in_reach_of_the_first_is_no_agreement() -> None:
    """Both are 20 km away, and 13 km apart; a third in a row would be a way."""
    car = driving()
    before = car.place
    for seconds, north, east in ((10, 20_000, 0), (210, 16_000, 12_000)):
        outlier = beside(HOME, north=north, east=east)
        heard = report(after(seconds), outlier, speed_kmh=50, ignition=True)
        assert car.hear(heard) is Verdict.IMPLAUSIBLE
    assert car.place == before
