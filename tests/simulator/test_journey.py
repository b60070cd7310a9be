"""The pretend drive is one a car could make, and always the same."""

from itertools import pairwise
from math import cos, hypot, radians
from random import Random

import pytest

from simulator import Journey, Leg, Moment, Pause, Step, round_trip

HOME = (52.5163, 13.3777)
STEP = 0.25

HOMES = [HOME, (-33.918, 18.423), (0.0, 0.0), (64.147, -21.943)]


def metres(one: Moment, other: Moment) -> float:
    """A distance by the plainest means: mean metres per degree, good to 1 %."""
    north = (other.latitude - one.latitude) * 111_195
    scale = cos(radians((one.latitude + other.latitude) / 2))
    return hypot(north, (other.longitude - one.longitude) * 111_195 * scale)


def drive(journey: Journey) -> list[Moment]:
    """The true moments of a journey in small steps."""
    return [journey.at(i * STEP) for i in range(int(journey.duration / STEP) + 1)]


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("duration", [90.0, 150.0, 1800.0])
def test_nothing_jumps(home: tuple[float, float], duration: float) -> None:
    """Place follows speed, speed follows what brakes and engines can do."""
    moments = drive(round_trip(home, duration=duration))
    for before, after in pairwise(moments):
        fastest = max(before.speed_kmh, after.speed_kmh) / 3.6 + 3 * STEP
        assert metres(before, after) <= fastest * STEP * 1.01 + 0.01
        assert abs(after.speed_kmh - before.speed_kmh) <= 3.6 * 3.0 * STEP + 1e-6
        assert after.odometer_m >= before.odometer_m


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("top_speed_kmh", [50, 90, 120])
def test_speed_stays_legal(home: tuple[float, float], top_speed_kmh: float) -> None:
    """The car goes as fast as it may, and no faster."""
    journey = round_trip(home, duration=600, top_speed_kmh=top_speed_kmh)
    fastest = max(moment.speed_kmh for moment in drive(journey))
    assert fastest == pytest.approx(top_speed_kmh, abs=1)


@pytest.mark.parametrize("home", HOMES)
def test_round_trip_leaves_the_home_zone_and_returns(home: tuple[float, float]) -> None:
    """Clearly outside 100 m, parked there, and back on the very spot."""
    journey = round_trip(home)
    moments = drive(journey)
    start, end = moments[0], moments[-1]
    assert (start.latitude, start.longitude) == home
    assert metres(start, end) < 0.1
    assert not start.ignition
    assert not end.ignition
    away = [moment for moment in moments if not moment.ignition and moment.odometer_m]
    assert max(metres(start, moment) for moment in away) > 500


def test_round_trip_takes_the_time_it_is_given() -> None:
    """The duration is exact, so that laps do not drift against the clock."""
    assert round_trip(HOME, duration=150).duration == pytest.approx(150, abs=1e-3)
    assert round_trip(HOME, duration=3600).duration == pytest.approx(3600, abs=1e-3)


def test_odometer_is_the_length_of_the_path() -> None:
    """The truth that other measurements are held against is itself consistent."""
    moments = drive(round_trip(HOME, duration=600))
    path = sum(metres(*pair) for pair in pairwise(moments))
    assert moments[-1].odometer_m == pytest.approx(path, rel=0.01)


def test_speed_is_what_the_odometer_does() -> None:
    """Distance per time equals the mean of the speeds."""
    moments = drive(round_trip(HOME, duration=600))
    for before, after in pairwise(moments):
        driven = (after.odometer_m - before.odometer_m) / STEP * 3.6
        slack = 3.6 * 3 * STEP
        low, high = sorted((before.speed_kmh, after.speed_kmh))
        assert low - slack <= driven <= high + slack


def test_route_has_a_light_a_tunnel_and_a_parking_place() -> None:
    """What a demonstration is meant to show does happen."""
    moments = drive(round_trip(HOME))
    stops = [moment for moment in moments if moment.ignition and not moment.speed_kmh]
    assert any(100 < moment.odometer_m < 500 for moment in stops)
    blind = [moment for moment in moments if not moment.has_fix]
    assert len(blind) * STEP > 5
    assert all(moment.speed_kmh > 40 for moment in blind)


def test_moment_does_not_depend_on_what_was_asked_before() -> None:
    """Two journeys agree at every time, asked in different order, noise included."""
    one = round_trip(HOME, noise_m=10, seed=3)
    other = round_trip(HOME, noise_m=10, seed=3)
    times = [i * 1.5 for i in range(100)]
    first = {t: one.fix(t) for t in times}
    Random(1).shuffle(times)
    assert {t: other.fix(t) for t in times} == first


def test_noise_moves_the_fix_and_not_the_truth() -> None:
    """Sigma is in metres, per axis; another seed is another error."""
    clean = round_trip(HOME)
    noisy = round_trip(HOME, noise_m=10, seed=1)
    assert [noisy.at(t) for t in range(150)] == [clean.at(t) for t in range(150)]
    errors = [metres(noisy.at(t / 4), noisy.fix(t / 4)) for t in range(150)]
    assert sum(errors) / len(errors) == pytest.approx(12.5, abs=2.5)
    assert round_trip(HOME, noise_m=10, seed=2).fix(5) != noisy.fix(5)


def test_without_noise_the_fix_is_the_truth() -> None:
    """Outside the tunnel."""
    journey = round_trip(HOME)
    for t in range(150):
        if journey.at(t).has_fix:
            assert journey.fix(t) == journey.at(t)


def test_tunnel_freezes_place_speed_and_course() -> None:
    """A unit without a fix repeats what it last knew (protocol.md e.1)."""
    journey = Journey(
        HOME, [Leg(0, 400, 70, 50), Leg(300, 0, 60, 50, tunnel=True), Leg(100, 0, 60)]
    )
    times = [i / 10 for i in range(int(journey.duration * 10))]
    blind = [t for t in times if not journey.at(t).has_fix]
    frozen = {
        (fix.latitude, fix.longitude, fix.speed_kmh, fix.course)
        for fix in map(journey.fix, blind)
    }
    assert len(frozen) == 1
    before = journey.at(blind[0])
    assert metres(journey.fix(blind[-1]), before) < 2
    assert metres(journey.at(blind[-1]), before) > 250
    assert not journey.fix(blind[0]).has_fix


def test_laps_repeat_the_way_and_add_up() -> None:
    """The odometer goes on, everything else begins again."""
    journey = round_trip(HOME, laps=3)
    assert journey.duration == pytest.approx(450)
    once, again = journey.at(40), journey.at(340)
    assert again.latitude == pytest.approx(once.latitude)
    assert again.odometer_m == pytest.approx(once.odometer_m + 2 * journey.lap_m)
    assert journey.at(1e6).odometer_m == pytest.approx(3 * journey.lap_m)


def test_endless_laps_never_end() -> None:
    """A demonstration runs until somebody stops it."""
    journey = round_trip(HOME, laps=None)
    assert journey.at(150 * 1000 + 40).odometer_m > 1000 * journey.lap_m
    assert journey.next_ignition_change(150 * 1000 + 149) is not None


@pytest.mark.parametrize("laps", [1, 3])
def test_ignition_changes_are_all_foretold(laps: int) -> None:
    """Following `next_ignition_change` finds each turn of the key, and no other."""
    journey = round_trip(HOME, laps=laps)
    told: list[float] = []
    while (t := journey.next_ignition_change(told[-1] if told else 0)) is not None:
        told.append(t)
        assert journey.at(t - 0.01).ignition != journey.at(t + 0.01).ignition
    seen = [journey.at(i / 10).ignition for i in range(int(journey.duration * 10))]
    turns = sum(before != after for before, after in pairwise(seen))
    assert len(told) == turns == 4 * laps


def test_key_that_turns_at_home_between_laps_is_foretold() -> None:
    """A lap that ends running and begins parked turns the key at its seam."""
    steps: list[Step] = [
        Pause(10, ignition=False),
        Leg(0, 300, 50),
        Leg(0, -300, 50),
        Pause(5),
    ]
    journey = Journey(HOME, steps, laps=2)
    assert journey.next_ignition_change(12) == pytest.approx(journey.lap_seconds)


def test_bearing_turns_the_route() -> None:
    """Two trackers from one home do not drive on top of each other."""
    far = 85
    north, south = round_trip(HOME), round_trip(HOME, bearing=180)
    assert metres(north.at(far), south.at(far)) > 900


IMPOSSIBLE: list[list[Step]] = [
    [Leg(0, 10, 90, 90)],
    [Leg(0, 500, 50, 50), Leg(0, 5, 50, 0)],
    [Leg(0, 500, 50, 20), Pause(3)],
]


@pytest.mark.parametrize("steps", IMPOSSIBLE)
def test_impossible_steps_are_refused(steps: list[Step]) -> None:
    """A car can neither reach a speed on ten metres nor stop in none."""
    with pytest.raises(ValueError, match=r"leg"):
        Journey(HOME, steps)


def test_one_way_journey_cannot_be_repeated() -> None:
    """The second lap would begin with a jump."""
    with pytest.raises(ValueError, match="returns home"):
        Journey(HOME, [Leg(0, 500, 50)], laps=2)


def test_too_short_a_round_trip_is_refused() -> None:
    """Rather than one at unbelievable speed."""
    with pytest.raises(ValueError, match="no round trip"):
        round_trip(HOME, duration=30)
