"""Whether a tracker is there (tracking.md, Contact)."""

from datetime import datetime, timedelta
from typing import Final

_LONGEST: Final = timedelta(hours=12)
_SHORTEST_WITH_IGNITION: Final = timedelta(minutes=10)
_SHORTEST_WITHOUT: Final = timedelta(minutes=60)
_INTERVALS_UNTIL_OFFLINE: Final = 3
# Of the last gaps the longest but one is the interval. One lost report does not change
# it, nor do reports that come in pairs: who wakes up tells more than one thing.
_GAPS_KEPT: Final = 9
# Closer together is one burst.
_SHORTEST_GAP: Final = timedelta(seconds=2)


class Contact:
    """Learns how often one tracker reports and tells when it is late.

    The interval is another with ignition on than off, so that each is learned apart.
    """

    def __init__(self) -> None:
        """Start with nothing learned."""
        self.offline_after: timedelta | None = None
        """A fixed time, or None for the learned one."""
        self.last_heard: datetime | None = None
        self.last_regular: datetime | None = None
        """When the last regular report came: the gap to the next begins there."""
        self.with_ignition = Interval(_SHORTEST_WITH_IGNITION)
        self.without_ignition = Interval(_SHORTEST_WITHOUT)

    def heard(
        self,
        received_at: datetime,
        *,
        ignition: bool,
        has_turned: bool = False,
        is_regular: bool = True,
    ) -> None:
        """Follow any frame; `ignition` is what it was until now.

        A frame of a backlog or one sent again is not regular and teaches nothing, nor
        does one that came because the key `has_turned`, before its time.
        """
        self.last_heard = received_at
        if not is_regular:
            return
        if self.last_regular is not None and not has_turned:
            gap = received_at - self.last_regular
            if _SHORTEST_GAP <= gap <= _LONGEST:
                self._interval(ignition).learn(gap)
        self.last_regular = received_at

    def deadline(self, *, ignition: bool) -> datetime | None:
        """Give the time from which the tracker is offline."""
        if self.last_heard is None:
            return None
        patience = self.offline_after or self._interval(ignition).patience
        return self.last_heard + patience

    def put_back(self, now: datetime) -> None:
        """Wait from now on, whenever the last frame was."""
        self.last_heard = now

    def _interval(self, ignition: bool) -> Interval:
        return self.with_ignition if ignition else self.without_ignition


class Interval:
    """How far apart reports come, and how long to wait for the next."""

    __slots__ = ("_shortest_patience", "gaps", "length", "patience")

    def __init__(self, shortest_patience: timedelta) -> None:
        """Start with no gap, and with the shortest patience."""
        self.gaps: tuple[timedelta, ...] = ()
        """The last ones, oldest first."""
        self.length: timedelta | None = None
        """None before there was a gap."""
        self.patience = self._shortest_patience = shortest_patience

    def learn(self, gap: timedelta) -> None:
        """Take one more gap between two regular reports."""
        self.gaps = (*self.gaps, gap)[-_GAPS_KEPT:]
        # Or the only one there is.
        self.length = sorted(self.gaps)[-2:][0]
        patience = _INTERVALS_UNTIL_OFFLINE * self.length
        self.patience = min(max(patience, self._shortest_patience), _LONGEST)
