"""A drive as a pure function of time: where the car truly is, and what GPS says."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import cos, inf, radians, sin
from random import Random

from .earth import Place, offset, track
from .route import Leg, Moment, Pause, Step, lay_out


class Journey:
    """Steps from home, driven `laps` times; None drives for ever.

    Deterministic: the same arguments and the same time give the same moment, in
    whatever order the times are asked for. `noise_m` is the standard deviation of the
    GPS error along each axis; it touches `fix` only, never the truth of `at`.
    """

    def __init__(
        self,
        home: tuple[float, float],
        steps: Sequence[Step],
        *,
        laps: int | None = 1,
        noise_m: float = 0.0,
        seed: int = 0,
    ) -> None:
        """Lay out the path; `home` is latitude and longitude in degrees."""
        self.home = Place(*home)
        self._noise_m = noise_m
        self._seed = seed
        self._laps = inf if laps is None else laps
        self._stretches = lay_out(self.home, steps)
        self._begins = [stretch.begin for stretch in self._stretches]
        last = self._stretches[-1]
        self._parked = last.at(last.finish)
        self.lap_seconds = round(last.finish, 6)  # so that 150 s are 150 s
        self.lap_m = self._parked.odometer_m
        # Seconds in a lap; the first piece follows the end of the lap before.
        self._ignition_changes = [
            after.begin
            for before, after in pairwise([self._stretches[-1], *self._stretches])
            if before.moment.ignition != after.moment.ignition
        ]
        if self._laps > 1 and track(self.home, last.end)[0] > 1:
            raise ValueError("only a journey that returns home can be repeated")

    @property
    def duration(self) -> float:
        """Seconds until the last lap is over; infinite for endless laps."""
        return self.lap_seconds * self._laps

    def at(self, t: float) -> Moment:
        """Where the car truly is, `t` seconds after the start.

        Before the start it is as at 0, after the end as at the end.
        """
        lap, rest = self._lap(t)
        moment = self._stretches[bisect_right(self._begins, rest) - 1].at(rest)
        return replace(moment, odometer_m=moment.odometer_m + lap * self.lap_m)

    def fix(self, t: float) -> Moment:
        """What the GPS receiver says at `t`: with noise, and blind in a tunnel.

        Without a fix it repeats the place, speed and course it had when the signal was
        lost (protocol.md e.1). Ignition and odometer stay true.
        """
        now = self.at(t)
        if now.has_fix:
            return self._noisy(now, t)
        lap, rest = self._lap(t)
        lost = lap * self.lap_seconds + self._signal_lost(rest)
        return replace(
            self._noisy(self.at(lost), lost),
            ignition=now.ignition,
            has_fix=False,
            odometer_m=now.odometer_m,
        )

    def next_ignition_change(self, t: float) -> float | None:
        """The first time after `t` at which the key turns, None if it never does."""
        this, _ = self._lap(t)
        for lap in (this, this + 1):
            for begin in self._ignition_changes:
                # Always this sum: rounding must not find a given change anew.
                change = lap * self.lap_seconds + begin
                if max(t, 0.0) < change < self.duration:
                    return change
        return None

    def _lap(self, t: float) -> tuple[int, float]:
        """The lap that `t` falls into and the seconds since that lap began."""
        if t >= self.duration:
            return int(self._laps) - 1, self.lap_seconds
        lap, rest = divmod(max(t, 0.0), self.lap_seconds)
        return int(lap), rest

    def _signal_lost(self, rest: float) -> float:
        """The beginning of the tunnel in which a lap is after `rest` seconds."""
        index = bisect_right(self._begins, rest) - 1
        while index and not self._stretches[index - 1].moment.has_fix:
            index -= 1
        return self._begins[index]

    def _noisy(self, moment: Moment, t: float) -> Moment:
        if not self._noise_m:
            return moment
        chance = Random(f"{self._seed}:{t:.3f}")
        place = offset(
            Place(moment.latitude, moment.longitude),
            chance.gauss(0, self._noise_m),
            chance.gauss(0, self._noise_m),
        )
        return replace(moment, latitude=place.latitude, longitude=place.longitude)


_TOWN_KMH = 50.0
_CORNER_KMH = 25.0
_SMALLEST_SCALE, _LARGEST_SCALE = 0.2, 400.0


def round_trip(
    home: tuple[float, float],
    *,
    duration: float = 150.0,
    top_speed_kmh: float = 90.0,
    bearing: float = 0.0,
    laps: int | None = 1,
    noise_m: float = 0.0,
    seed: int = 0,
) -> Journey:
    """A lap from home, through a traffic light and a tunnel, parking, and home again.

    One lap takes `duration` seconds; distances grow with it while speeds stay, at most
    `top_speed_kmh` (50 to 120). 150 seconds reach well over 500 m away from home.
    `bearing` turns the whole route clockwise by degrees, so that several cars from one
    home drive apart. Raises ValueError when the time is too short for the speeds.
    """
    if not 50 <= top_speed_kmh <= 120:
        raise ValueError("the top speed lies between 50 and 120 km/h")
    low, high = _SMALLEST_SCALE, _LARGEST_SCALE
    for _ in range(60):
        scale = (low + high) / 2
        steps = _round_trip_steps(scale, duration, top_speed_kmh, bearing)
        if Journey(home, steps).lap_seconds < duration:
            low = scale
        else:
            high = scale
    journey = Journey(home, steps, laps=laps, noise_m=noise_m, seed=seed)
    if abs(journey.lap_seconds - duration) > 0.001:
        raise ValueError(f"no round trip takes {duration:g} s")
    return journey


def _round_trip_steps(
    scale: float, duration: float, top: float, bearing: float
) -> list[Step]:
    """Steps of the round trip: out with a light and a tunnel, back another way.

    Pauses are shares of the time, legs are metres times `scale`; the far end lies
    1.05 km times `scale` from home.
    """
    turn_east, turn_north = sin(radians(bearing)), cos(radians(bearing))

    def leg(
        east: float, north: float, cruise: float, end: float, *, tunnel: bool = False
    ) -> Leg:
        return Leg(
            scale * (east * turn_north + north * turn_east),
            scale * (north * turn_north - east * turn_east),
            cruise,
            end,
            tunnel,
        )

    def pause(share: float, *, ignition: bool = True) -> Pause:
        return Pause(share * duration, ignition)

    return [
        pause(0.05, ignition=False),
        pause(0.02),
        leg(0, 250, _TOWN_KMH, _CORNER_KMH),
        leg(300, 100, top, 0),
        pause(0.06),
        leg(250, 50, top, _TOWN_KMH),
        leg(200, 0, _TOWN_KMH, _TOWN_KMH, tunnel=True),
        leg(150, 150, _TOWN_KMH, 0),
        pause(0.02),
        pause(0.12, ignition=False),
        pause(0.02),
        leg(-150, -150, _TOWN_KMH, _CORNER_KMH),
        leg(-450, -150, top, _CORNER_KMH),
        leg(-300, -250, top, 0),
        pause(0.02),
        pause(0.07, ignition=False),
    ]
