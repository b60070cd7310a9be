"""The tracker without its radio: when it reports, and what frame it makes of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from . import binary, text
from .journey import Journey
from .route import Moment
from .sample import Cell, Neighbour, Sample, StatusBit

ICCID = "8949000000000000001F"
CELL = Cell(mcc=262, mnc=3, lac=49032, cid=21237)
"""The SIM of every unit, and the cell that it is in wherever it drives."""

INTERVAL_ON = 20
INTERVAL_OFF = 300
"""Seconds between reports; 20 is the vendor's default (protocol.md d, 8050000)."""


class Dialect(StrEnum):
    """The firmware families of protocol.md, "In short" 3.

    4G: V6 once, then V8. 2G: V1, NBR while there is no fix. Binary: `$` of 45 bytes,
    or of 32 bytes.
    """

    FOUR_G = "4g"
    TWO_G = "2g"
    BINARY = "binary"
    BINARY_32 = "binary-32"


@dataclass(frozen=True, slots=True)
class Condition:
    """A status bit that holds from `begin` until `end`, seconds since the start."""

    bit: StatusBit
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Record:
    """A frame with the truth it was made of.

    `time` is the true UTC time of making, always whole seconds, and `sent` the time at
    which it left; they differ for a record that was `stored` without a link. `moment`
    is where the car truly was, `sample` what the frame says: noise, frozen places in a
    tunnel and a wrong clock are in `sample` only.
    """

    time: datetime
    sent: datetime
    frame: bytes
    moment: Moment
    sample: Sample
    stored: bool


class Unit:
    """One tracker's settings, state and frames; `t` is whole seconds since `start`."""

    def __init__(
        self,
        tracker_id: str,
        journey: Journey,
        *,
        start: datetime,
        dialect: Dialect | str = Dialect.FOUR_G,
        interval_on: int = INTERVAL_ON,
        interval_off: int = INTERVAL_OFF,
        conditions: Iterable[Condition] = (),
        clock_offset: timedelta = timedelta(0),
        mileage_km: int = 0,
    ) -> None:
        """Set up a unit that is switched on at `start`, an aware time.

        `clock_offset` is how far the device's own clock runs ahead; `mileage_km` what
        the car had driven before.
        """
        dialect = Dialect(dialect)
        if dialect.startswith(Dialect.BINARY) and len(tracker_id) != 10:
            raise ValueError("a binary record holds an id of 10 digits")
        self.tracker_id = tracker_id
        self.journey = journey
        # The wire has whole seconds: with whole seconds everywhere a frame's time and
        # the truth's time are the same.
        self.start = start.replace(microsecond=0)
        self.dialect = dialect
        self.interval_on = interval_on
        self.interval_off = interval_off
        self.latched: set[StatusBit] = set()
        """Conditions switched on by hand or by a command, besides the scripted ones."""
        self._script = tuple(conditions)
        self._clock_offset = clock_offset
        self._mileage_km = mileage_km
        self._number = 0

    def sample(self, t: int, *, stored: bool = False) -> Sample:
        """What the unit would say at `t`."""
        fix = self.journey.fix(t)
        return Sample(
            tracker_id=self.tracker_id,
            time=self.start + timedelta(seconds=t) + self._clock_offset,
            latitude=fix.latitude,
            longitude=fix.longitude,
            speed_kmh=fix.speed_kmh,
            course=fix.course,
            valid=fix.has_fix,
            ignition=fix.ignition,
            buffered=stored,
            conditions=self._conditions(t, ignition=fix.ignition),
            satellites=11 if fix.has_fix else 2,
            csq=24,
            voltage=14.1 if fix.ignition else 12.6,
            battery_percent=100,
            battery_level=6,
            cell=CELL,
        )

    def power_on(self, t: int, *, stored: bool = False) -> Record | None:
        """The sentence sent once at power-on, None where the dialect has none."""
        if self.dialect is not Dialect.FOUR_G:
            return None
        sample = self.sample(t, stored=stored)
        return self._record(t, sample, text.v6(sample, ICCID), stored=stored)

    def report(self, t: int, *, stored: bool = False) -> Record:
        """The periodic report at `t`; `stored` marks it as made without a link."""
        sample = self.sample(t, stored=stored)
        return self._record(t, sample, self._frame(t, sample), stored=stored)

    def report_times(self) -> Iterator[int]:
        """The times of all reports, whole seconds from 0 to the journey's end.

        The interval follows ignition; ignition and scripted conditions are reported in
        the second in which they change. Intervals may be changed meanwhile.
        """
        t, end = 0, self.journey.duration
        while t < end:
            yield t
            ignition = self.journey.at(t).ignition
            due: float = t + (self.interval_on if ignition else self.interval_off)
            due = min(due, end, *self._next_changes(t))
            t = max(t + 1, ceil(due))
        yield t

    def _next_changes(self, t: float) -> Iterator[float]:
        change = self.journey.next_ignition_change(t)
        if change is not None:
            yield change
        for condition in self._script:
            yield from (e for e in (condition.begin, condition.end) if e > t)

    def _conditions(self, t: float, *, ignition: bool) -> frozenset[StatusBit]:
        scripted = {c.bit for c in self._script if c.begin <= t < c.end}
        engine = {StatusBit.ENGINE_RUNNING} if ignition else set()
        return frozenset(self.latched | scripted | engine)

    def _frame(self, t: int, sample: Sample) -> bytes:
        match self.dialect:
            case Dialect.FOUR_G:
                return text.v8(sample)
            case Dialect.TWO_G if sample.valid:
                return text.v1(sample)
            case Dialect.TWO_G:
                near = [
                    Neighbour(CELL.lac, CELL.cid + i, rxlev)
                    for i, rxlev in enumerate((37, 27, 18))
                ]
                return text.nbr(sample, near)
        self._number += 1
        if self.dialect is Dialect.BINARY_32:
            return binary.record_32(sample, self._number)
        driven_km = int(self.journey.at(t).odometer_m / 1000)
        return binary.record_45(sample, self._number, self._mileage_km + driven_km)

    def _record(self, t: int, sample: Sample, frame: bytes, *, stored: bool) -> Record:
        time = self.start + timedelta(seconds=t)
        return Record(time, time, frame, self.journey.at(t), sample, stored)
