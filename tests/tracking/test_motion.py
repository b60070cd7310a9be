"""Motion, on and off."""

import pytest

from custom_components.sinotrack.tracking import (
    IgnitionSource,
    TrackerOptions,
    Verdict,
)

from .road import HOME, RADIO, Car, Place, after, beside, drive_at, heartbeat, report


def parked() -> Car:
    """A car that has stood at home for ten minutes, ignition off."""
    car = Car()
    for seconds in range(-600, 0, 60):
        car.hear(report(after(seconds)))
    return car


# --- on ---------------------------------------------------------------------------------


def test_motion_is_unknown_before_the_first_report() -> None:
    assert Car().state.motion is None


def test_first_report_of_a_standing_vehicle_is_motion_off() -> None:
    assert parked().state.motion is False


def test_motion_is_on_at_7_kmh_with_ignition() -> None:
    car = parked()
    car.hear(report(after(0), speed_kmh=6.9, ignition=True))
    assert car.state.motion is False
    car.hear(report(after(20), speed_kmh=7.0, ignition=True))
    assert car.state.motion is True


@pytest.mark.parametrize("ignition", [False, None])
def test_motion_without_ignition_needs_the_speed_twice_in_a_row(
    ignition: bool | None,
) -> None:
    car = Car()
    car.hear(report(after(-60), ignition=ignition))
    for seconds, speed, motion in (
        (0, 20, False),
        (20, 3, False),
        (40, 20, False),
        (60, 5, False),
        (80, 20, False),
        (100, 20, True),
    ):
        car.hear(report(after(seconds), speed_kmh=speed, ignition=ignition))
        assert car.state.motion is motion, seconds


def test_first_speed_without_ignition_leaves_motion_unknown() -> None:
    car = Car()
    car.hear(report(after(0), speed_kmh=20))
    assert car.state.motion is None
    car.hear(report(after(20), speed_kmh=20))
    assert car.state.motion is True


def test_move_of_more_than_150_m_is_motion_without_any_speed() -> None:
    car = parked()
    for seconds, north in ((0, 140), (20, 149)):
        car.hear(report(after(seconds), beside(HOME, north=north)))
        assert car.state.motion is False
    # The new place holds it too, until two fixes agree.
    for seconds, north, motion in ((40, 240, False), (60, 250, True)):
        car.hear(report(after(seconds), beside(HOME, north=north)))
        assert car.state.motion is motion


@pytest.mark.parametrize("speed_kmh", [5.0, None])
def test_move_that_is_slow_from_the_start_is_motion(speed_kmh: float | None) -> None:
    """A boat at walking pace, or a unit that tells no speed."""
    car = Car()
    for i in range(11):
        place = beside(HOME, north=28.0 * i)
        car.hear(report(after(20 * i), place, speed_kmh=speed_kmh, ignition=True))
    assert car.edges("motion") == [None, True]
    assert car.state.odometer_km == pytest.approx(0.28, abs=0.001)


def test_vehicle_that_comes_back_standing_elsewhere_does_not_move() -> None:
    car = parked()
    for i in range(3):
        car.hear(report(after(20 * i), beside(HOME, north=300.0 * i), speed_kmh=54))
    car.wait(2 * 3600)
    assert car.state.motion is None
    car.hear(report(after(3 * 3600), beside(HOME, north=3000)))
    assert car.state.motion is False


@pytest.mark.parametrize("ignition", [True, False])
def test_way_at_walking_pace_is_motion_after_a_stand_as_well(*, ignition: bool) -> None:
    """A boat under sail, for hours."""
    car = parked()
    for i in range(60):
        there = beside(HOME, north=31.0 * i)
        car.hear(report(after(20 * i), there, speed_kmh=5.6, ignition=ignition))
    assert car.edges("motion") == [False, True]
    assert car.state.odometer_km == pytest.approx(59 * 0.031, rel=0.02)


@pytest.mark.parametrize(
    ("silence", "motion"),
    [(500, [False, True]), (1200, [False])],
    ids=["short", "long"],
)
def test_move_in_a_long_silence_is_over(silence: int, motion: list[bool]) -> None:
    """Driven while nothing could be heard, and parked since: no tow, and no arrival."""
    car = parked()
    there = beside(HOME, north=3000)
    for seconds in (silence, silence + 60):
        car.hear(report(after(seconds), there))
    assert car.edges("motion") == motion
    assert car.place == pytest.approx(there, abs=1e-6)
    assert car.state.odometer_km == pytest.approx(3, rel=0.01)


def test_move_in_a_silence_that_stored_records_tell_is_over_too() -> None:
    car = parked()
    for i in range(40):
        made, there = after(30 * i), beside(HOME, north=200.0 * i)
        stored = report(made, there, speed_kmh=24, ignition=True, buffered=True)
        car.hear(stored, after(2000 + i))
    there = beside(HOME, north=8000)
    for seconds in (2060, 2120):
        car.hear(report(after(seconds), there))
    assert car.edges("motion") == [False]
    assert car.place == pytest.approx(there, abs=1e-6)


def test_drift_does_not_add_up_to_a_move() -> None:
    """The distance is that from the stopping place, not the length of the way."""
    car = parked()
    for i in range(100):
        east = 60.0 * (-1) ** i
        car.hear(report(after(20 * i), beside(HOME, east=east)))
    assert car.edges("motion") == [False]


def test_move_without_speed_ends_when_it_does() -> None:
    car = parked()
    for seconds in (0, 20, 40):
        car.hear(report(after(seconds), beside(HOME, north=200.0 + seconds)))
    assert car.state.motion is True
    car.wait(90)
    assert car.edges("motion") == [False, True, False]
    # The new place is the one that the next move is measured from.
    car.hear(report(after(200), beside(HOME, north=300)))
    assert car.state.motion is False


# --- off --------------------------------------------------------------------------------


def test_motion_goes_off_after_90_s_below_4_kmh() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    for seconds in range(60, 150, 10):
        car.hear(report(after(seconds), speed_kmh=3.9, ignition=True))
        assert car.state.motion is True
    car.hear(report(after(150), speed_kmh=3.9, ignition=True))
    assert car.state.motion is False


def test_motion_goes_off_by_time_alone() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), speed_kmh=0.0, ignition=True))
    car.wait(89)
    assert car.state.motion is True
    car.wait(90)
    assert car.state.motion is False


def test_traffic_light_is_not_the_end_of_a_drive() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    for seconds in range(60, 140, 20):
        car.hear(report(after(seconds), speed_kmh=0.0, ignition=True))
    car.hear(report(after(140), speed_kmh=20, ignition=True))
    car.wait(200)
    assert car.edges("motion") == [True]


@pytest.mark.parametrize("speed", [4.0, 6.9])
def test_speed_between_4_and_7_kmh_keeps_the_state(speed: float) -> None:
    moving, standing, unknown = Car(), parked(), Car()
    drive_at(moving, 50, begin=0, end=60)
    for seconds in range(60, 600, 20):
        for car in (moving, standing, unknown):
            car.hear(report(after(seconds), speed_kmh=speed, ignition=True))
    assert moving.state.motion is True
    assert standing.state.motion is False
    assert unknown.state.motion is None


def test_speed_between_4_and_7_kmh_begins_the_90_s_anew() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), speed_kmh=0.0, ignition=True))
    car.hear(report(after(130), speed_kmh=5.0, ignition=True))
    car.hear(report(after(140), speed_kmh=0.0, ignition=True))
    car.wait(89)
    assert car.state.motion is True


def test_ignition_off_ends_the_drive_at_once() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), speed_kmh=3.9, ignition=False))
    assert car.state.motion is False


def test_ignition_off_at_speed_does_not_end_the_drive() -> None:
    """Down a hill, or a wire that comes loose."""
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), speed_kmh=30, ignition=False))
    assert car.state.motion is True


@pytest.mark.parametrize("speed", [4, 8, 30])
def test_ignition_off_at_speed_ends_the_drive_after_90_s_without_a_fix(
    speed: float,
) -> None:
    """Rolling into a garage: nothing tells the speed any more."""
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), speed_kmh=speed, ignition=False))
    car.hear(report(after(80), speed_kmh=speed, ignition=False, valid=False))
    assert car.edges("motion") == [True]
    car.wait_until(after(60 + 90) + RADIO)
    assert car.edges("motion") == [True, False]
    assert car.state.speed_kmh == 0.0


def test_drive_goes_on_with_a_fix_at_speed_after_ignition_off() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    for seconds in range(60, 400, 80):
        car.hear(report(after(seconds), speed_kmh=4, ignition=False))
    assert car.edges("motion") == [True]


def test_ignition_off_without_sky_ends_the_drive_after_90_s() -> None:
    """In a garage: nothing tells the speed any more."""
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), speed_kmh=50, ignition=False, valid=False))
    assert car.state.motion is True
    car.wait(90)
    assert car.state.motion is False


@pytest.mark.parametrize("speed_kmh", [None, 80.0])
def test_key_that_comes_back_on_ends_no_drive(speed_kmh: float | None) -> None:
    """One frame that says off, and a tunnel behind it."""
    car = Car()
    drive_at(car, 80, begin=0, end=60)
    place = None if speed_kmh is None else beside(HOME, north=1300)
    car.hear(report(after(60), place, speed_kmh=speed_kmh, ignition=False))
    for seconds in range(80, 300, 20):
        car.hear(report(after(seconds), None, ignition=True))
    assert car.edges("motion") == [True]


def test_speeds_of_a_drive_that_ended_without_sky_prove_no_start() -> None:
    """An outlier that looks fast is then the first of two, and moves nothing."""
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), None, ignition=False))
    car.wait(90)
    assert car.state.motion is False
    outlier = beside(HOME, north=2000)
    assert car.hear(report(after(3600), outlier, speed_kmh=9)) is Verdict.HELD
    car.hear(report(after(3660), HOME))
    assert car.edges("motion") == [True, False]


def test_tunnel_does_not_end_a_drive() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    for seconds in range(60, 300, 10):
        car.hear(report(after(seconds), speed_kmh=0, ignition=True, valid=False))
    assert car.edges("motion") == [True]


def hear_without_sky(
    car: Car, *, begin: float, end: float, ignition: bool | None
) -> None:
    """Report every 5 minutes from a garage; the last speed is frozen."""
    for seconds in range(int(begin), int(end), 300):
        heard = report(after(seconds), speed_kmh=30, ignition=ignition, valid=False)
        car.hear(heard)


def drive_into_garage(*, ignition: bool, options: TrackerOptions | None = None) -> Car:
    """A car that has come to its garage with 30 km/h; the last fix is that at 100 s."""
    car = Car(options)
    for seconds in range(0, 101, 20):
        place = beside(HOME, north=8.0 * seconds)
        car.hear(report(after(seconds), place, speed_kmh=30, ignition=ignition))
    assert car.state.motion is True
    return car


def test_drive_is_unknown_after_90_minutes_without_a_fix() -> None:
    """The key is not turned off, and the tracker reports all the time."""
    car = drive_into_garage(ignition=True)
    hear_without_sky(car, begin=120, end=5400, ignition=True)
    assert (car.state.motion, car.state.ignition) == (True, True)
    assert car.tracker.deadline == after(100 + 5400)
    hear_without_sky(car, begin=5520, end=86_400, ignition=True)
    state = car.state
    assert (state.motion, state.speed_kmh, state.ignition) == (None, None, True)
    assert car.edges("motion") == [True, None]
    assert car.edges("is_online") == [True]


def test_heartbeats_keep_no_drive_alive() -> None:
    car = drive_into_garage(ignition=True)
    for seconds in range(120, 6000, 300):
        car.hear(heartbeat(), after(seconds))
    assert (car.state.motion, car.state.is_online) == (None, True)


def test_ignition_that_follows_motion_is_unknown_with_it() -> None:
    options = TrackerOptions(ignition_source=IgnitionSource.MOTION)
    car = drive_into_garage(ignition=True, options=options)
    hear_without_sky(car, begin=120, end=86_400, ignition=True)
    assert car.edges("ignition") == car.edges("motion") == [None, True, None]


def test_clock_of_the_host_that_is_set_back_keeps_no_drive_alive() -> None:
    """Its key was on when the time of next year came from nowhere."""
    year = 365 * 86_400
    car = Car()
    drive_at(car, 50, begin=year, end=year + 60)
    for seconds in range(0, 6000, 300):
        car.wait_until(after(seconds))
        heard = report(after(seconds), None, ignition=True)
        car.tracker.accept(heard, after(seconds))
    assert car.state.motion is None


def test_clock_of_the_host_that_is_set_back_does_not_delay_the_stop() -> None:
    car = Car()
    drive_at(car, 50, begin=10_800, end=10_860)
    car.hear(report(after(10_860), speed_kmh=0, ignition=True))
    car.hear(heartbeat(), after(0))
    car.wait(90)
    assert car.edges("motion") == [True, False]


def test_vehicle_that_stands_without_a_fix_stands_on() -> None:
    car = parked()
    hear_without_sky(car, begin=0, end=86_400, ignition=False)
    assert car.edges("motion") == [False]


def test_drive_goes_on_where_the_fix_comes_back() -> None:
    car = drive_into_garage(ignition=True)
    hear_without_sky(car, begin=120, end=10_000, ignition=True)
    car.hear(report(after(10_000), speed_kmh=30, ignition=True))
    assert car.edges("motion") == [True, None, True]


@pytest.mark.parametrize(
    ("source", "bit"), [(IgnitionSource.WIRE, False), (IgnitionSource.INVERTED, True)]
)
def test_vehicle_of_unknown_motion_stands_with_the_key_off(
    source: IgnitionSource, bit: bool
) -> None:
    """A wire that is not connected says so too, and most often it is true."""
    car = Car(TrackerOptions(ignition_source=source))
    car.hear(report(after(-40), speed_kmh=30, ignition=None))
    assert car.state.motion is None
    car.hear(report(after(-20), None, ignition=bit))
    assert car.state.motion is False


@pytest.mark.parametrize("ignition", [True, None])
def test_motion_without_a_fix_stays_unknown_unless_the_key_is_off(
    ignition: bool | None,
) -> None:
    car = Car()
    hear_without_sky(car, begin=0, end=3000, ignition=ignition)
    assert car.state.motion is None


def test_drive_into_a_garage_without_a_wire_ends() -> None:
    car = drive_into_garage(ignition=False)
    hear_without_sky(car, begin=120, end=86_400, ignition=False)
    assert car.edges("motion") == [None, True, None, False]
    assert (car.state.speed_kmh, car.state.is_online) == (None, True)


def test_slow_network_does_not_turn_a_traffic_light_into_a_stop() -> None:
    """Each report is four minutes old when it arrives, and live for all that."""
    car = Car()
    lag = 240
    drive_to_light = [(0, 50), (20, 50), (40, 0), (60, 0), (80, 30), (100, 50)]
    for seconds, speed in drive_to_light:
        heard = report(after(seconds), speed_kmh=speed, ignition=True)
        assert car.hear(heard, after(seconds + lag)) is Verdict.LIVE
    assert car.edges("motion") == [True]


def test_clock_that_is_fast_does_not_delay_the_stop() -> None:
    car = Car()
    car.hear(report(after(240), speed_kmh=50, ignition=True), after(0))
    car.hear(report(after(260), speed_kmh=0, ignition=True), after(20))
    car.wait(90)
    assert car.state.motion is False


def test_parked_vehicle_shows_no_speed_of_the_drive() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), speed_kmh=3.0, ignition=True))
    assert car.state.speed_kmh == pytest.approx(3.0)
    car.wait(90)
    assert car.state.speed_kmh == 0.0


# --- the stopping place -------------------------------------------------------------------


def test_next_move_is_measured_from_where_the_drive_ended() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=120)
    end = beside(HOME, north=120 * 50 / 3.6)
    car.hear(report(after(120), end, ignition=False))
    car.hear(report(after(420), beside(end, east=100)))
    assert car.state.motion is False
    for seconds, motion in ((720, False), (780, True)):
        car.hear(report(after(seconds), beside(end, east=200)))
        assert car.state.motion is motion


def test_stopping_place_found_late_is_measured_from_too() -> None:
    """The link was lost in a drive; the first fix afterwards tells where it ended."""
    car = parked()
    drive_at(car, 50, begin=0, end=60)
    car.wait(3600)
    assert car.edges("motion")[-1] is None
    found: Place = beside(HOME, north=5000)
    assert car.hear(report(after(7200), found, ignition=True)) is Verdict.LIVE
    assert car.state.motion is False
    moved = beside(found, north=160)
    car.hear(report(after(7800), moved, speed_kmh=5, ignition=True))
    assert car.state.motion is True


def test_drive_that_ends_far_from_the_last_stop_is_over_at_once() -> None:
    """Its way was seen; only a move from a stand shows motion that no speed does."""
    car = parked()
    drive_at(car, 50, begin=0, end=120)
    end = beside(HOME, north=120 * 50 / 3.6)
    car.hear(report(after(120), end, ignition=False))
    assert car.edges("motion") == [False, True, False]


def test_late_report_is_no_motion() -> None:
    car = parked()
    for i in range(5):
        late = report(after(-3600 + 20 * i), speed_kmh=50, ignition=True)
        car.hear(late, after(i))
    assert car.edges("motion") == [False]


def test_drive_that_became_unknown_goes_on_at_the_second_speed() -> None:
    """No key vouches for it, and what was seen of the drive before is no proof."""
    car = drive_into_garage(ignition=False)
    car.wait(86_400)
    assert car.state.motion is None
    there = beside(HOME, north=800)
    for seconds, motion in ((90_000, None), (90_020, True)):
        car.hear(report(after(seconds), there, speed_kmh=30))
        assert car.state.motion is motion


def test_vehicle_that_nobody_saw_stop_has_stopped_where_it_is_seen_next() -> None:
    """A move counts from there, and not from where it still drove."""
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.hear(report(after(60), None, speed_kmh=None, ignition=False))
    car.wait(100)
    assert car.place is not None
    driven = car.place
    for seconds, metres in ((600, 130), (900, 130), (1200, 230), (1500, 230)):
        car.hear(report(after(seconds), beside(driven, north=metres)))
    assert car.place == pytest.approx(beside(driven, north=230))
    assert car.edges("motion") == [True, False]
