"""Contact: whether a tracker is there."""

from datetime import datetime, timedelta

import pytest

from custom_components.sinotrack.tracking import TrackerOptions

from .road import FAR, HOME, RADIO, Car, after, beside, drive_at, heartbeat, report

MINUTE = 60
HOUR = 3600


def report_every(
    car: Car, seconds: float, *, begin: float = 0, count: int = 6, ignition: bool
) -> datetime:
    """Report at an interval, standing; gives the time of the last arrival."""
    for i in range(count):
        car.hear(report(after(begin + i * seconds), ignition=ignition))
    return after(begin + (count - 1) * seconds) + RADIO


def offline_at(car: Car) -> datetime:
    """Wait until the tracker is offline; gives when that was."""
    assert car.state.last_seen is not None
    car.wait(24 * HOUR)
    assert not car.state.is_online
    return next(shown.at for shown in reversed(car.shown) if not shown.is_online)


def test_nothing_is_heard_of_a_new_tracker() -> None:
    car = Car()
    assert not car.state.is_online
    assert car.tracker.deadline is None
    car.tracker.tick(after(0))
    assert car.state.last_seen is None


def test_any_frame_is_contact() -> None:
    car = Car()
    car.hear(heartbeat(), after(0))
    assert car.state.is_online
    assert car.state.last_seen == after(0)


@pytest.mark.parametrize(("ignition", "minutes"), [(True, 10), (False, 60)])
def test_silence_is_borne_for_a_while_before_an_interval_is_known(
    ignition: bool, minutes: float
) -> None:
    car = Car()
    car.hear(report(after(0), ignition=ignition), after(0))
    assert offline_at(car) == after(minutes * MINUTE)


@pytest.mark.parametrize(
    ("ignition", "interval", "patience"),
    [
        (True, 20, 10 * MINUTE),
        (True, 300, 15 * MINUTE),
        (False, 300, 60 * MINUTE),
        (False, 2 * HOUR, 6 * HOUR),
        (False, 5 * HOUR, 12 * HOUR),
    ],
)
def test_tracker_is_offline_after_three_learned_intervals(
    ignition: bool, interval: float, patience: float
) -> None:
    car = Car()
    last = report_every(car, interval, ignition=ignition)
    assert offline_at(car) == last + timedelta(seconds=patience)


def test_interval_is_learned_apart_for_ignition_on_and_off() -> None:
    car = Car()
    report_every(car, 20, ignition=True)
    report_every(car, 2 * HOUR, begin=120, ignition=False)
    contact = car.tracker.contact
    assert contact.with_ignition.length == timedelta(seconds=20)
    assert contact.without_ignition.length == timedelta(hours=2)


def test_interval_beyond_the_shortest_patience_is_learned_all_the_same() -> None:
    """The silence that it first takes for an end makes the ignition unknown."""
    car = Car()
    report_every(car, 12 * MINUTE, count=10, ignition=True)
    assert car.tracker.contact.with_ignition.length == timedelta(minutes=12)
    assert car.tracker.contact.without_ignition.length is None
    assert car.edges("is_online") == [True, False, True]


def test_report_at_the_turn_of_the_key_teaches_no_interval() -> None:
    """It came before its time."""
    car = Car()
    last = report_every(car, 2 * HOUR, count=2, ignition=False)
    for i in range(1, 12):
        car.hear(report(last + timedelta(minutes=5 * i), ignition=bool(i % 2)))
    assert car.tracker.contact.with_ignition.length is None
    assert car.tracker.contact.without_ignition.length == timedelta(hours=2)


@pytest.mark.parametrize("interval", [2 * HOUR, 5 * HOUR])
def test_tracker_that_wakes_up_to_tell_two_things_does_not_seem_to_fall_silent(
    interval: float,
) -> None:
    """But for twice, while nothing is learned yet."""
    car = Car()
    for i in range(12):
        for seconds in (0, 40):
            car.hear(report(after(interval * i + seconds), ignition=False))
    assert car.edges("is_online") == [True, False, True, False, True]


def test_one_lost_report_does_not_change_the_interval() -> None:
    car = Car()
    for i in (0, 1, 2, 4, 5):
        car.hear(report(after(20 * i), ignition=True))
    assert car.tracker.contact.with_ignition.length == timedelta(seconds=20)


def test_frames_of_one_burst_are_no_interval() -> None:
    car = Car()
    for seconds in (0, 1, 600, 601, 1200, 1201):
        car.hear(report(after(seconds), ignition=True))
    assert car.tracker.contact.with_ignition.length == timedelta(seconds=599)


@pytest.mark.parametrize(
    ("seconds", "is_learned"),
    [(1.99, False), (2, True), (12 * HOUR, True), (12 * HOUR + 0.01, False)],
)
def test_gap_is_an_interval_between_a_burst_and_a_stay_in_the_garage(
    seconds: float, is_learned: bool
) -> None:
    car = Car()
    for at in (after(0), after(seconds)):
        car.hear(report(at, ignition=False), at)
    gaps = car.tracker.contact.without_ignition.gaps
    assert gaps == ((timedelta(seconds=seconds),) if is_learned else ())


def test_backlog_teaches_no_interval() -> None:
    """Stored records that drip between two reports an hour apart."""
    car = Car()
    for hour in range(6):
        begin = hour * HOUR
        car.hear(report(after(begin), ignition=False))
        for i in range(10):
            made, at = after(begin - 7200 + i), after(begin + 84 * (i + 1))
            car.hear(report(made, FAR), at)
            car.hear(report(made, FAR), at + timedelta(seconds=10))
    assert car.tracker.contact.without_ignition.length == timedelta(hours=1)


def test_late_report_is_contact() -> None:
    car = Car()
    car.hear(report(after(0)))
    car.wait(2 * HOUR)
    assert not car.state.is_online
    car.hear(report(after(600)), after(3 * HOUR))
    assert car.state.is_online


def test_time_until_offline_is_an_option() -> None:
    car = Car(TrackerOptions(offline_after=timedelta(minutes=3)))
    last = report_every(car, 20, ignition=False)
    assert offline_at(car) == last + timedelta(minutes=3)


def test_location_stays_while_a_tracker_is_offline() -> None:
    car = Car()
    car.hear(report(after(0), HOME))
    car.wait(30 * 24 * HOUR)
    assert not car.state.is_online
    assert car.place == HOME
    assert car.edges("is_online") == [True, False]


def test_offline_is_told_once_each_way() -> None:
    car = Car()
    for begin in (0, 24 * HOUR, 48 * HOUR):
        report_every(car, 300, begin=begin, ignition=False)
    car.wait(24 * HOUR)
    assert car.edges("is_online") == [True, False, True, False, True, False]


def test_parked_vehicle_is_still_parked_when_it_comes_back() -> None:
    car = Car()
    car.hear(report(after(0)))
    car.wait(24 * HOUR)
    car.hear(heartbeat(), after(25 * HOUR))
    assert (car.state.motion, car.state.ignition) == (False, False)
    away = beside(HOME, north=500)
    car.hear(report(after(26 * HOUR), away))
    assert car.place == HOME
    car.hear(report(after(26 * HOUR + 60), away))
    assert car.place == pytest.approx(away, abs=1e-6)


@pytest.mark.parametrize("late", [False, True])
def test_drive_that_broke_off_is_not_shown_when_an_old_record_comes_back(
    late: bool,
) -> None:
    """Whether it goes on is unknown until a live report says so."""
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.wait(2 * HOUR)
    assert not car.state.is_online
    back = after(10 * HOUR)
    car.hear(report(after(70), FAR, ignition=True) if late else heartbeat(), back)
    state = car.state
    assert state.is_online
    assert (state.motion, state.ignition, state.speed_kmh) == (None, None, None)
    car.hear(report(after(11 * HOUR), FAR))
    assert (state.motion, state.ignition, state.speed_kmh) == (False, False, 0.0)


@pytest.mark.parametrize("late", [False, True])
def test_what_passes_by_itself_is_unknown_after_a_silence(late: bool) -> None:
    """Until a live report tells it, be it the same as before."""
    car = Car()
    car.hear(report(after(0), satellites=9, csq=24))
    state = car.state
    told = state.status
    assert told is not None
    assert (state.live_status, state.satellites, state.csq) == (told, 9, 24)
    car.wait(24 * HOUR)
    back = after(25 * HOUR)
    stored = report(after(10 * HOUR), satellites=7, csq=11)
    car.hear(stored if late else heartbeat(), back)
    assert state.is_online
    assert (state.live_status, state.satellites, state.csq) == (None, None, None)
    assert state.status == told
    car.hear(report(after(26 * HOUR), satellites=9, csq=24))
    assert (state.live_status, state.satellites, state.csq) == (told, 9, 24)


def test_drive_that_goes_on_after_a_silence_is_one() -> None:
    car = Car()
    drive_at(car, 50, begin=0, end=60)
    car.wait(2 * HOUR)
    drive_at(car, 50, begin=2 * HOUR, end=2 * HOUR + 60)
    assert (car.state.motion, car.state.ignition) == (True, True)


def test_host_whose_clock_is_set_back_waits_no_less() -> None:
    car = Car()
    car.hear(report(after(86_400), ignition=False), after(86_400))
    car.tracker.accept(report(after(0), ignition=False), after(0))
    car.tracker.tick(after(10))
    assert car.tracker.deadline == after(HOUR)
    assert car.tracker.contact.without_ignition.length is None


def test_silence_begins_anew_as_the_clock_of_the_host_is_set_back() -> None:
    car = Car()
    car.hear(report(after(86_400), ignition=False), after(86_400))
    car.tracker.tick(after(0))
    assert car.tracker.deadline == after(HOUR)
    car.tracker.tick(after(HOUR))
    assert not car.state.is_online


def test_vehicle_that_is_towed_teaches_how_often_it_reports_with_its_key_off() -> None:
    car = Car()
    car.hear(report(after(0), ignition=True))
    for i in range(1, 6):
        there = beside(HOME, north=400.0 * i)
        car.hear(report(after(30 * i), there, speed_kmh=48, ignition=False))
    assert car.state.motion
    contact = car.tracker.contact
    assert contact.without_ignition.length == timedelta(seconds=30)
    assert contact.with_ignition.length is None


def test_drives_without_a_wire_do_not_make_a_long_rest_look_like_silence() -> None:
    """Every five minutes while it drives, and every 70 minutes while it is parked."""
    car, rest = Car(), 70 * MINUTE
    for day in range(3):
        begin = 24 * HOUR * day
        for i in range(12):
            there = beside(HOME, north=4000.0 * i)
            car.hear(report(after(begin + 300 * i), there, speed_kmh=48))
        parked_at = begin + 300 * 12
        for i in range(20):
            car.hear(report(after(parked_at + rest * i), there))
    assert all(shown.is_online for shown in car.shown if shown.at > after(24 * HOUR))
