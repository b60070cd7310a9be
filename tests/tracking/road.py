"""Reports by hand, and a tracker that is treated as its owner would treat it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, radians
from typing import Any

from custom_components.sinotrack.h02 import Fix, Report, Status, decode
from custom_components.sinotrack.tracking import (
    Tracker,
    TrackerOptions,
    TrackerState,
    Verdict,
)
from simulator import Record

T0 = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

type Place = tuple[float, float]

HOME: Place = (52.520833, 13.410190)
NEAR: Place = (52.522, 13.411)
FAR: Place = (52.616667, 13.083333)

HOURS_8 = timedelta(hours=8)

RADIO = timedelta(seconds=2)
"""What a report takes to arrive."""

_METRES_PER_DEGREE = 111_195.0
_KMH_PER_KNOT = 1.852
_IGNITION_OFF = 1 << 10
_BUFFERED = 1 << 26
_ALL_QUIET = 0xFFFFFFFF


def after(seconds: float) -> datetime:
    """So many seconds after the start of the test."""
    return T0 + timedelta(seconds=seconds)


def beside(place: Place, *, north: float = 0.0, east: float = 0.0) -> Place:
    """The place so many metres away."""
    latitude, longitude = place
    return (
        latitude + north / _METRES_PER_DEGREE,
        longitude + east / (_METRES_PER_DEGREE * cos(radians(latitude))),
    )


def rounded(place: Place) -> Place:
    """A place as it is shown."""
    return round(place[0], 6), round(place[1], 6)


def status(*, ignition: bool = False, buffered: bool = False) -> Status:
    """A status word; its bits are active low, but for the ignition's."""
    word = _ALL_QUIET
    if not ignition:
        word &= ~_IGNITION_OFF
    if buffered:
        word &= ~_BUFFERED
    return Status(word)


def report(
    time: datetime | None,
    place: Place | None = HOME,
    *,
    speed_kmh: float | None = 0.0,
    ignition: bool | None = False,
    buffered: bool = False,
    valid: bool = True,
    **values: Any,
) -> Report:
    """A position; `ignition` None leaves the status word out."""
    return Report(
        raw=b"",
        type="V1",
        tracker_id="9170000001",
        vendor="HQ",
        time=time,
        valid=valid and place is not None,
        fix=None if place is None else Fix(*place),
        speed_knots=None if speed_kmh is None else speed_kmh / _KMH_PER_KNOT,
        status=None
        if ignition is None
        else status(ignition=ignition, buffered=buffered),
        **values,
    )


def heartbeat(**values: Any) -> Report:
    """A frame that proves contact and nothing else."""
    return Report(b"", "HTBT", "9170000001", "HQ", **values)


def read(frame: bytes) -> Report:
    """What a frame says."""
    heard = decode(frame)
    assert isinstance(heard, Report)
    return heard


@dataclass(slots=True)
class Shown:
    """What was shown from `at` on."""

    at: datetime
    place: Place | None
    motion: bool | None
    ignition: bool | None
    is_online: bool


class Car:
    """A tracker whose deadlines are kept, and what it showed in the course of time."""

    def __init__(self, options: TrackerOptions | None = None) -> None:
        """Start with nothing known."""
        self.tracker = Tracker("9170000001", options)
        self.shown: list[Shown] = []
        self.verdicts: list[Verdict] = []

    @property
    def state(self) -> TrackerState:
        """The state as it is now."""
        return self.tracker.state

    @property
    def place(self) -> Place | None:
        """The place shown now."""
        location = self.state.location
        return None if location is None else (location.latitude, location.longitude)

    def hear(self, heard: Report, at: datetime | None = None) -> Verdict:
        """Take a report, which arrived at `at` or right after it was made."""
        if at is None:
            assert heard.time is not None
            at = heard.time + RADIO
        self.wait_until(at)
        verdict = self.tracker.accept(heard, at)
        self.verdicts.append(verdict)
        self._note(at)
        deadline = self.tracker.deadline
        assert deadline is None or deadline > at
        return verdict

    def hear_record(self, record: Record) -> Verdict:
        """Take a frame of a pretend tracker."""
        return self.hear(read(record.frame), record.sent + RADIO)

    def hear_all(self, records: Iterable[Record]) -> None:
        """Take frames of a pretend tracker."""
        for record in records:
            self.hear_record(record)

    def wait_until(self, time: datetime) -> None:
        """Let time pass, with a tick at each deadline as a timer would give it."""
        while (deadline := self.tracker.deadline) is not None and deadline <= time:
            self.tracker.tick(deadline)
            self._note(deadline)
            moved_on = self.tracker.deadline
            assert moved_on is None or moved_on > deadline, "a timer that never rests"

    def wait(self, seconds: float) -> None:
        """Let time pass since the last report."""
        assert self.state.last_seen is not None
        self.wait_until(self.state.last_seen + timedelta(seconds=seconds))

    def edges(self, field: str) -> list[Any]:
        """The values that a field went through, each change once."""
        values: list[Any] = []
        for shown in self.shown:
            value = getattr(shown, field)
            if not values or values[-1] != value:
                values.append(value)
        return values

    def _note(self, at: datetime) -> None:
        state = self.state
        self.shown.append(
            Shown(at, self.place, state.motion, state.ignition, state.is_online)
        )


def drive_at(car: Car, speed_kmh: float, *, begin: float, end: float) -> None:
    """Report every 10 s with ignition on, on a way that leads north."""
    for seconds in range(int(begin), int(end), 10):
        place = beside(HOME, north=(seconds - begin) * speed_kmh / 3.6)
        car.hear(report(after(seconds), place, speed_kmh=speed_kmh, ignition=True))


def hear_lagging(
    car: Car,
    seconds: float,
    lag: timedelta,
    place: Place = HOME,
    *,
    buffered: bool = False,
) -> Verdict:
    """Take a report that says a time so long ago."""
    heard = report(after(seconds) - lag, place, ignition=True, buffered=buffered)
    return car.hear(heard, after(seconds) + RADIO)
