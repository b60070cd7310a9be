"""When an alarm begins (tracking.md, Alarms).

The status word says which alarms hold; an event is due once, where one begins. Stored
records come late and in any order, so that what was seen is kept in order of time, and
each new record is compared with its neighbours.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile
from operator import attrgetter
from typing import Final

from ..h02 import Alarm, Report
from .clock import Reading

# As many as reports are remembered (repeats.py): a backlog as long as that, sent newest
# first, loses none. What changes nothing is not kept, so that a tracker without alarms
# has two, and at most they are some 70 kilobytes.
_OBSERVATIONS_KEPT: Final = 512

_NONE: Final[frozenset[Alarm]] = frozenset()


@lru_cache(maxsize=64)
def _shared(alarms: frozenset[Alarm]) -> frozenset[Alarm]:
    """Give the one set that stands for all like it."""
    return alarms


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """An alarm that began at `time` (UTC); late where it was told afterwards."""

    alarm: StrEnum
    """An `Alarm` of the status word, or one that somebody else has found."""
    time: datetime
    is_late: bool


@dataclass(slots=True)
class Observation:
    """The alarms that held at a time, and those of them that were told with it."""

    time: datetime
    alarms: frozenset[Alarm] = _NONE
    told: frozenset[Alarm] = _NONE

    def __post_init__(self) -> None:
        """Share the sets: there are few of them, and each would take 216 bytes."""
        self.alarms, self.told = _shared(self.alarms), _shared(self.told)


class AlarmHistory:
    """Finds the beginnings of alarms, each of them once.

    An alarm that holds from one observation to the next is one, told with any of them.
    """

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.seen: list[Observation] = []
        """What was seen, in order of time, each time once."""
        self.undated = _NONE
        """Told of stored records that nobody can date, and by no other since."""
        self.is_4g = False
        """The tracker has sent what only 4G units send: all alarms are read so."""

    def follow(
        self,
        report: Report,
        time: datetime,
        reading: Reading,
        *,
        learns: bool = True,
    ) -> list[AlarmEvent]:
        """Take the alarms of a report; gives those that began, each of them once.

        A stored record that nobody can date ends none: it may be older than all.
        """
        self.is_4g = self.is_4g or (learns and report.is_4g)
        alarms = report.alarms_of(is_4g=self.is_4g)
        if not reading.is_live and not reading.is_dated:
            return self.record_undated(time, alarms)
        if alarms or report.status is not None:
            return self.record(time, alarms, is_late=not reading.is_live)
        return []

    def record(
        self, time: datetime, alarms: tuple[Alarm, ...], *, is_late: bool
    ) -> list[AlarmEvent]:
        """Take the alarms that held at `time`; gives those that began."""
        seen, held = self.seen, frozenset(alarms)
        if self.undated:
            self.undated -= held
        if self._goes_on(time, held):
            return []
        index = bisect_left(seen, time, key=attrgetter("time"))
        if index == 0 and len(seen) == _OBSERVATIONS_KEPT:
            # Nobody knows any more what was told of that time.
            return []
        there = Observation(time)
        if index < len(seen) and seen[index].time == time:
            # An alarm that held in a second held, whatever else was said of it.
            there = seen.pop(index)
            held |= there.alarms
        earlier = seen[index - 1].alarms if index else _NONE
        later = seen[index].alarms if index < len(seen) else _NONE
        begun = held - there.alarms - earlier - later
        seen.insert(index, Observation(time, held, there.told | begun))
        events = [AlarmEvent(alarm, time, is_late) for alarm in sorted(begun)]
        # What looked like one alarm was two, if it was over in between.
        events += [
            self._tell_other(alarm, index) for alarm in sorted((earlier & later) - held)
        ]
        self._forget(index + 1)
        self._forget(index - 1)
        del seen[:-_OBSERVATIONS_KEPT]
        return events

    def record_undated(
        self, received_at: datetime, alarms: tuple[Alarm, ...]
    ) -> list[AlarmEvent]:
        """Take the alarms of a stored record that nobody can date.

        It may be sent again and again, and nothing tells it from another: each kind of
        alarm is told once, until a record that has a time tells it.
        """
        told = self.undated
        begun = tuple(alarm for alarm in alarms if alarm not in told)
        if not begun:
            return []
        events = self.record(received_at, begun, is_late=True)
        self.undated = told.union(begun)
        return events

    def _goes_on(self, time: datetime, held: frozenset[Alarm]) -> bool:
        """Move the last observation on, where one that came now would replace it."""
        if len(self.seen) < 2:
            return False
        before, last = self.seen[-2:]
        if time <= last.time or last.told or not before.alarms == last.alarms == held:
            return False
        last.time = time
        return True

    def _tell_other(self, alarm: Alarm, index: int) -> AlarmEvent:
        """Tell the one of two alarms, before and after `index`, that was not told."""
        seen, begin = self.seen, index + 1
        after = takewhile(lambda there: alarm in there.alarms, seen[begin:])
        if any(alarm in there.told for there in after):
            begin = index - 1
            while begin and alarm in seen[begin - 1].alarms:
                begin -= 1
        seen[begin].told |= {alarm}
        return AlarmEvent(alarm, seen[begin].time, is_late=True)

    def _forget(self, index: int) -> None:
        """Drop an observation whose neighbours say the same: it tells nothing."""
        seen = self.seen
        if 0 < index < len(seen) - 1 and not seen[index].told:
            held = seen[index].alarms
            if seen[index - 1].alarms == held == seen[index + 1].alarms:
                del seen[index]
