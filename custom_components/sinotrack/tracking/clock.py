"""The time of a report, and whether it tells of now (tracking.md, Time).

A tracker without a right clock must not freeze, and a stored record must not look
live. The two can look alike: a constant age of hours is either a clock that is off or a
queue that lags. What tells them apart is that clocks are off by quarters of an hour,
from the very first report, and that queues mark their records.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

LIVE_WITHIN: Final = timedelta(minutes=5)
"""A report of this age is live; a device time so far ahead is still sane."""

EARLIEST: Final = datetime(2010, 1, 1, tzinfo=UTC)
"""No record is older; units without a clock begin in 1980 or 2004."""

LATEST_AHEAD: Final = timedelta(days=1)
"""No clock is further ahead; a date beyond is no time at all (protocol.md e.10)."""

_AHEAD: Final = -LIVE_WITHIN
_NO_OFFSET: Final = timedelta(0)
_QUARTER: Final = timedelta(minutes=15)
_QUARTER_TOLERANCE: Final = timedelta(minutes=2)
_SAME_AGE: Final = timedelta(seconds=30)
_APART: Final = timedelta(seconds=10)
_WITNESSES: Final = 3
# How long an age must stay before a clock that once was right is called wrong.
_TURNED_WRONG_AFTER: Final = timedelta(hours=24)


@dataclass(slots=True)
class Reading:
    """When a report was made (UTC), as far as can be told."""

    time: datetime
    is_live: bool
    is_corrected: bool = False
    """The device time was missing, absurd or off."""
    is_dated: bool = True
    """False where `time` is the arrival, so that it tells no order."""


@dataclass(slots=True)
class SteadyAge:
    """An age that repeats, and may be the offset of a clock."""

    age: timedelta
    since: datetime
    last: datetime
    witnesses: int = 1


class DeviceClock:
    """Reads the times of one tracker and learns by how much its clock is off."""

    def __init__(self) -> None:
        """Take the clock for right until it proves wrong."""
        self.offset = _NO_OFFSET
        """Add to a device time to get UTC; positive for a clock that is behind."""
        self.was_right = False
        self.steady: SteadyAge | None = None

    def read(
        self, time: datetime | None, received_at: datetime, *, is_buffered: bool
    ) -> Reading:
        """Date a report that arrived at `received_at`.

        It says `time`, or nothing that can be one (`is_possible`).
        """
        if time is None:
            return _undated(received_at, is_buffered=is_buffered)
        age = received_at - time
        if not _AHEAD <= age <= LIVE_WITHIN:
            self._consider(age, received_at, is_buffered=is_buffered)
        elif self.offset >= _NO_OFFSET or self._confirm_right(
            age, received_at, is_buffered=is_buffered
        ):
            if not is_buffered:
                self._trust()
            return Reading(time, is_live=True)
        corrected = time + self.offset
        if self.offset and corrected <= received_at + LIVE_WITHIN:
            is_live = received_at - corrected <= LIVE_WITHIN
            return Reading(corrected, is_live=is_live, is_corrected=True)
        # The offset explains nothing here: it would date the report into the future.
        if age < _NO_OFFSET:
            return _undated(received_at, is_buffered=is_buffered)
        return Reading(time, is_live=False)

    def _trust(self) -> None:
        """Take the clock for right again: a right time ends all doubt."""
        self.was_right = True
        self.offset = _NO_OFFSET
        self.steady = None

    def _confirm_right(
        self, age: timedelta, received_at: datetime, *, is_buffered: bool
    ) -> bool:
        """Count a right time of a clock that was ahead; True once they prove it right.

        A record that was stored for as long as the clock is ahead looks new as well.
        """
        if is_buffered:
            self.steady = None
            return False
        return self._witness(age, received_at).witnesses >= _WITNESSES

    def _consider(
        self, age: timedelta, received_at: datetime, *, is_buffered: bool
    ) -> None:
        """Look whether this age is the offset of a wrong clock."""
        if is_buffered or not _is_quarterly(age):
            self.steady = None
            return
        steady = self._witness(age, received_at)
        stayed = received_at - steady.since >= _TURNED_WRONG_AFTER
        if steady.witnesses >= _WITNESSES and (stayed or not self.was_right):
            self.offset = steady.age

    def _witness(self, age: timedelta, received_at: datetime) -> SteadyAge:
        """Count one more report of this age, or the first."""
        steady = self.steady
        if steady is None or abs(age - steady.age) > _SAME_AGE:
            steady = self.steady = SteadyAge(age, received_at, received_at)
        elif received_at - steady.last >= _APART:
            steady.last = received_at
            steady.witnesses += 1
        return steady


def is_possible(time: datetime, received_at: datetime) -> bool:
    """Tell whether a device time can be one at all, by a clock right or wrong."""
    return EARLIEST <= time <= received_at + LATEST_AHEAD


def _undated(received_at: datetime, *, is_buffered: bool) -> Reading:
    """Take the arrival, unless the tracker itself says that the record is old."""
    return Reading(
        received_at, is_live=not is_buffered, is_corrected=True, is_dated=False
    )


def _is_quarterly(age: timedelta) -> bool:
    """Tell whether an age lies close to a multiple of 15 minutes."""
    beyond = abs(age) % _QUARTER
    return min(beyond, _QUARTER - beyond) <= _QUARTER_TOLERANCE
