"""Legs and pauses, and the pieces of constant acceleration they consist of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from .earth import Place, offset, track

# Metres per second squared: a brisk driver, well inside what tyres allow.
ACCELERATION = 2.5
BRAKING = 3.0


@dataclass(frozen=True, slots=True)
class Leg:
    """A straight drive, `east` and `north` metres further.

    The car enters with the speed the leg before ended with, goes up to `cruise_kmh`
    where the length allows it and leaves with `end_kmh`. In a tunnel there is no fix.
    """

    east: float
    north: float
    cruise_kmh: float
    end_kmh: float = 0.0
    tunnel: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Standing still for `seconds`: a traffic light with ignition, parked without."""

    seconds: float
    ignition: bool = True


type Step = Leg | Pause


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant: degrees, km/h, course 0..360, metres driven since the start."""

    latitude: float
    longitude: float
    speed_kmh: float
    course: float
    ignition: bool
    has_fix: bool
    odometer_m: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of constant acceleration (m/s²) that starts with `moment` at `begin`."""

    begin: float
    seconds: float
    length: float
    acceleration: float
    moment: Moment
    end: Place

    @property
    def finish(self) -> float:
        """Seconds after the journey's start at which the next piece begins."""
        return self.begin + self.seconds

    def at(self, t: float) -> Moment:
        """The moment `t` seconds after the journey's start, within this piece."""
        if not self.length:
            return self.moment
        elapsed = min(max(t - self.begin, 0.0), self.seconds)
        speed = self.moment.speed_kmh / 3.6
        driven = speed * elapsed + self.acceleration * elapsed**2 / 2
        share = min(driven / self.length, 1.0)
        place = _between(
            Place(self.moment.latitude, self.moment.longitude), self.end, share
        )
        return replace(
            self.moment,
            latitude=place.latitude,
            longitude=place.longitude,
            speed_kmh=max(0.0, speed + self.acceleration * elapsed) * 3.6,
            odometer_m=self.moment.odometer_m + share * self.length,
        )


def lay_out(home: Place, steps: Sequence[Step]) -> list[Stretch]:
    """Turn steps into pieces; raises ValueError for a leg too short for its speeds.

    Corners are laid out on the plane that touches home, so that a way back ends exactly
    where it began; the length of a leg is what lies between its ends on the earth.
    """
    stretches: list[Stretch] = []
    ignition = next((step.ignition for step in steps if isinstance(step, Pause)), True)
    now = Moment(home.latitude, home.longitude, 0.0, 0.0, ignition, True, 0.0)
    east = north = clock = 0.0
    for step in steps:
        if isinstance(step, Pause):
            if now.speed_kmh:
                raise ValueError("a pause needs a leg before it that ends at 0 km/h")
            now = replace(now, ignition=step.ignition, has_fix=True)
            place = Place(now.latitude, now.longitude)
            pieces = [Stretch(clock, step.seconds, 0.0, 0.0, now, place)]
        else:
            east, north = east + step.east, north + step.north
            pieces = list(_drive(step, clock, now, offset(home, east, north)))
        stretches += pieces
        clock = pieces[-1].finish
        now = pieces[-1].at(clock)
        if isinstance(step, Leg):  # exactly this, whatever the rounding
            now = replace(now, speed_kmh=step.end_kmh)
    return stretches


def _drive(leg: Leg, clock: float, now: Moment, end: Place) -> Iterator[Stretch]:
    """Accelerate, cruise and brake along one leg; pieces of no length are left out."""
    start = Place(now.latitude, now.longitude)
    length, course = track(start, end)
    entry, last = now.speed_kmh / 3.6, leg.end_kmh / 3.6
    top = _top_speed(length, entry, leg.cruise_kmh / 3.6, last)
    speeding_up = (top**2 - entry**2) / (2 * ACCELERATION)
    slowing_down = (top**2 - last**2) / (2 * BRAKING)
    plan = (
        (speeding_up, (top - entry) / ACCELERATION, ACCELERATION, entry),
        (cruise := length - speeding_up - slowing_down, cruise / top, 0.0, top),
        (slowing_down, (top - last) / BRAKING, -BRAKING, top),
    )
    driven = 0.0
    for metres, seconds, acceleration, speed in plan:
        if metres < 1e-6:
            continue
        here = _between(start, end, driven / length)
        driven += metres
        moment = Moment(
            here.latitude,
            here.longitude,
            speed * 3.6,
            course,
            ignition=True,
            has_fix=not leg.tunnel,
            odometer_m=now.odometer_m + driven - metres,
        )
        until = _between(start, end, driven / length)
        yield Stretch(clock, seconds, metres, acceleration, moment, until)
        clock += seconds


def _top_speed(length: float, entry: float, cruise: float, last: float) -> float:
    """The highest speed (m/s) a leg reaches: its cruise, or less when it is short."""
    reachable = sqrt(
        (length + entry**2 / (2 * ACCELERATION) + last**2 / (2 * BRAKING))
        / (1 / (2 * ACCELERATION) + 1 / (2 * BRAKING))
    )
    top = min(cruise, reachable)
    if top < max(entry, last):
        raise ValueError(f"a leg of {length:.0f} m is too short or too slow")
    return top


def _between(start: Place, end: Place, share: float) -> Place:
    """The place after `share` (0..1) of the way from `start` to `end`."""
    return Place(
        start.latitude + (end.latitude - start.latitude) * share,
        start.longitude + (end.longitude - start.longitude) * share,
    )
