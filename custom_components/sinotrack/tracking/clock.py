"""The time of a report, and whether it tells of now (tracking.md, Time).

A tracker without a right clock must not freeze, and a stored record must not look
live. The two can look alike: a constant age of hours is either a clock that is off or a
queue that lags. What tells them apart is that clocks are off by quarters of an hour,
from the very first report or for a whole day, and that queues mark their records. Some
units mark all they send, though: their mark says nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

LIVE_WITHIN: Final = timedelta(minutes=5)
"""A report of this age is live; a clock so far ahead is still right."""

EARLIEST: Final = datetime(2010, 1, 1, tzinfo=UTC)
"""No record is older; units without a clock begin in 1980 or 2004."""

LATEST_AHEAD: Final = timedelta(days=1)
"""No clock is further ahead; a date beyond is no time at all (protocol.md e.10)."""

_ROLLOVER: Final = timedelta(weeks=1024)
"""So many weeks a receiver of GPS counts with ten bits, and then begins anew."""

_ROLLED: Final = _ROLLOVER - LATEST_AHEAD
_ROLLED_WITHIN: Final = timedelta(days=30)

# The least age that a right clock gives: it may be ahead by that much.
_LEAST_AGE: Final = -LIVE_WITHIN
_NO_OFFSET: Final = timedelta(0)
_QUARTER: Final = timedelta(minutes=15)
_QUARTER_TOLERANCE: Final = timedelta(minutes=2)
_SAME_AGE: Final = timedelta(seconds=30)
_APART: Final = timedelta(seconds=10)
_WITNESSES: Final = 3
# Once so many in a row are marked as stored and tell of now, the mark says nothing.
_MARKED_IN_A_ROW: Final = 10
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
    least: timedelta
    """That of the report that was fastest on its way."""
    since: datetime
    last: datetime
    witnesses: int = 1


class DeviceClock:
    """Reads the times of one tracker and learns by how much its clock is off."""

    def __init__(self) -> None:
        """Take the clock for right until it proves wrong."""
        self.offset = _NO_OFFSET
        """Add to a device time to get UTC; positive for a clock that is behind."""
        self.lead = _NO_OFFSET
        """By how much it is ahead. Up to 5 minutes count as right, and even so what was
        made first is to come first; beyond, it dates what is marked as stored.
        """
        self.told_lead: tuple[timedelta, datetime] | None = None
        """What the last report told of it, and when."""
        self.was_right = False
        """It once told a right time: it then takes a day of wrong ones to be wrong."""
        self.steady: SteadyAge | None = None
        """The age of the last reports, if it may prove the clock wrong or right."""
        self.marks_all = False
        """It marks all that it sends as stored: the mark then says nothing."""
        self.marked: SteadyAge | None = None
        """The age of the last reports that are marked, if it may prove that."""

    def read(
        self,
        time: datetime | None,
        received_at: datetime,
        *,
        is_marked: bool,
        learns: bool = True,
    ) -> Reading:
        """Date a report that arrived at `received_at`, and learn of the clock by it.

        It says `time`, or nothing that can be one (`possible_time`), and that it was
        stored if it `is_marked`.
        """
        if learns:
            self._follow_mark(time, received_at, is_marked=is_marked)
        is_buffered = is_marked and not self.marks_all
        if time is None:
            return _undated(received_at, is_buffered=is_buffered)
        age = received_at - time
        if learns and not is_buffered and (age < _NO_OFFSET or self.lead):
            self._learn_lead(-age, received_at)
        made_at = time
        if self.lead and (is_buffered or self.lead <= LIVE_WITHIN):
            made_at -= self.lead
        is_live = received_at - made_at <= LIVE_WITHIN
        if not _LEAST_AGE <= age <= LIVE_WITHIN:
            if learns:
                self._consider(age, received_at, is_buffered=is_buffered)
        elif self.offset >= _NO_OFFSET or (
            learns and self._confirm_right(age, received_at, is_buffered=is_buffered)
        ):
            if learns and not is_buffered:
                self._trust()
            return Reading(made_at, is_live=is_live)
        corrected = time + self.offset
        if self.offset and corrected <= received_at + LIVE_WITHIN:
            is_live = received_at - corrected <= LIVE_WITHIN
            return Reading(corrected, is_live=is_live, is_corrected=True)
        # The offset explains nothing here: it would date the report into the future.
        if made_at > received_at + LIVE_WITHIN:
            return _undated(received_at, is_buffered=is_buffered)
        return Reading(made_at, is_live=is_live)

    def _follow_mark(
        self, time: datetime | None, received_at: datetime, *, is_marked: bool
    ) -> None:
        """See whether the tracker marks all that it sends as stored.

        What a queue holds up is old, or ever younger: a row of reports that are marked
        and tell of now, or by a wrong clock of a time to come, is none of a queue.
        """
        if not is_marked:
            self.marks_all = False
            self.marked = None
        if not is_marked or time is None:
            return
        age = received_at - time
        if age > LIVE_WITHIN:
            self.marked = None
            return
        self.marked = _witness(self.marked, age, received_at)
        if self.marked.witnesses >= _MARKED_IN_A_ROW:
            self.marks_all = True

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
        self.steady = _witness(self.steady, age, received_at)
        return self.steady.witnesses >= _WITNESSES

    def _learn_lead(self, lead: timedelta, received_at: datetime) -> None:
        """Take how far ahead a report says that the clock is, once another agrees.

        Of two the faster one is right, and two that say less need not agree. What is
        ahead by more than is right may be the host's fault: a right time ends it.
        """
        if self.offset or lead < _LEAST_AGE:
            return
        if lead <= LIVE_WITHIN < self.lead:
            self.lead = _NO_OFFSET
        told = self.told_lead
        if told is not None and _NO_OFFSET <= received_at - told[1] < _APART:
            return
        self.told_lead = lead, received_at
        before = self.lead if told is None else told[0]
        fastest = max(lead, before)
        if abs(lead - before) <= _SAME_AGE or fastest < self.lead:
            self.lead = max(fastest, _NO_OFFSET)

    def _consider(
        self, age: timedelta, received_at: datetime, *, is_buffered: bool
    ) -> None:
        """Look whether this age is the offset of a wrong clock."""
        if self._is_held_up(age, received_at, is_buffered=is_buffered):
            return
        if is_buffered or not _is_quarterly(age):
            self.steady = None
            return
        steady = self.steady = _witness(self.steady, age, received_at)
        stayed = received_at - steady.since >= _TURNED_WRONG_AFTER
        if steady.witnesses >= _WITNESSES and (stayed or not self.was_right):
            self.offset = steady.least
            self.lead, self.told_lead = _NO_OFFSET, None

    def _is_held_up(
        self, age: timedelta, received_at: datetime, *, is_buffered: bool
    ) -> bool:
        """Tell whether a report says nothing against a clock that turned wrong of late.

        What is marked as stored, or a little delayed on its way, is older than the
        clock is off: it breaks the row, but not the day for which an age has to stay.
        What is older by more may be a queue that grows.
        """
        steady = self.steady
        if steady is None or not self.was_right or steady.age < _NO_OFFSET:
            return False
        if not is_buffered and not _SAME_AGE < age - steady.age <= LIVE_WITHIN:
            return False
        if received_at - steady.last >= _TURNED_WRONG_AFTER:
            return False
        steady.witnesses = 0
        return True


def possible_time(time: datetime, received_at: datetime) -> datetime | None:
    """Give what a device time can mean, by a clock right or wrong, or else None.

    A date that is too early by the weeks that a receiver cannot count is put right, if
    it is then one of these days: a unit without a clock says old dates as well.
    """
    age = received_at - time
    if age >= _ROLLED:
        time += _ROLLOVER
        return time if age - _ROLLOVER <= _ROLLED_WITHIN else None
    return time if time >= EARLIEST and age >= -LATEST_AHEAD else None


def _witness(
    steady: SteadyAge | None, age: timedelta, received_at: datetime
) -> SteadyAge:
    """Count one more report of an age that is steady, or the first of another."""
    if steady is None or abs(age - steady.age) > _SAME_AGE:
        return SteadyAge(age, age, received_at, received_at)
    if received_at - steady.last >= _APART:
        steady.last = received_at
        steady.witnesses += 1
    steady.least = min(age, steady.least)
    return steady


def _undated(received_at: datetime, *, is_buffered: bool) -> Reading:
    """Take the arrival, unless the tracker itself says that the record is old."""
    return Reading(
        received_at, is_live=not is_buffered, is_corrected=True, is_dated=False
    )


def _is_quarterly(age: timedelta) -> bool:
    """Tell whether an age lies close to a multiple of 15 minutes."""
    beyond = abs(age) % _QUARTER
    return min(beyond, _QUARTER - beyond) <= _QUARTER_TOLERANCE
