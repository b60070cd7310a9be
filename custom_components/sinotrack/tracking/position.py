"""Which place to believe (tracking.md, Order and Which fix to believe)."""

from datetime import datetime, timedelta
from typing import Final

from ..h02 import Fix, Report
from .state import Location

# Closer to 0/0 than any vehicle: the filler of a unit that never had a fix.
_NULL_ISLAND_DEGREES: Final = 0.01
_POLE_DEGREES: Final = 90.0
_DATE_LINE_DEGREES: Final = 180.0

# 11 cm: finer than any fix, and short to read.
_DECIMALS: Final = 6

# The protocol carries no accuracy, and 0 would mean a perfect one.
_ACCURACY_M: Final = 15.0
_ACCURACY_MANY_SATELLITES_M: Final = 10.0
_ACCURACY_FEW_SATELLITES_M: Final = 30.0
_MANY_SATELLITES: Final = 8
_FEW_SATELLITES: Final = 5

_SETTLES_AFTER: Final = timedelta(minutes=5)
_SETTLES_AFTER_GAPS: Final = 3


def believed_fix(report: Report) -> Fix | None:
    """Give the fix of a report where it is one: said to be valid, and a real place."""
    fix = report.fix
    if fix is None or not report.valid:
        return None
    north, east = abs(fix.latitude), abs(fix.longitude)
    if north < _NULL_ISLAND_DEGREES and east < _NULL_ISLAND_DEGREES:
        return None
    return fix if north <= _POLE_DEGREES and east <= _DATE_LINE_DEGREES else None


def estimate_accuracy(satellites: int | None) -> float:
    """Estimate the accuracy of a fix in metres; never 0."""
    if satellites is None or _FEW_SATELLITES <= satellites < _MANY_SATELLITES:
        return _ACCURACY_M
    if satellites < _FEW_SATELLITES:
        return _ACCURACY_FEW_SATELLITES_M
    return _ACCURACY_MANY_SATELLITES_M


def locate(report: Report, time: datetime) -> Location | None:
    """Give the believed place of a report."""
    fix = believed_fix(report)
    if fix is None:
        return None
    return Location(
        round(fix.latitude, _DECIMALS),
        round(fix.longitude, _DECIMALS),
        estimate_accuracy(report.satellites),
        time,
    )


class Settling:
    """Keeps the newest stored place until it is clear that nothing live follows.

    A backlog that ends with the vehicle parked, and no live report after it, would
    otherwise leave the place of hours ago on the map.
    """

    def __init__(self, within: timedelta) -> None:
        """Let a place of at most this age settle."""
        self._within = within
        self.newest: Location | None = None
        self.last_heard: datetime | None = None
        self.gap = timedelta(0)

    @property
    def deadline(self) -> datetime | None:
        """When the stored place becomes the known one."""
        if self.newest is None or self.last_heard is None:
            return None
        return self.last_heard + max(_SETTLES_AFTER, _SETTLES_AFTER_GAPS * self.gap)

    def late(self, location: Location | None, received_at: datetime) -> None:
        """Follow a late report, with its place if it has one and its time is known."""
        if self.last_heard is not None:
            self.gap = received_at - self.last_heard
        self.last_heard = received_at
        newest = self.newest
        if location and (newest is None or location.time > newest.time):
            self.newest = location

    def live(self) -> None:
        """Follow a live fix, which knows better than any stored one."""
        self.newest = None
        self.last_heard = None
        self.gap = timedelta(0)

    def tick(self, now: datetime, known: Location | None) -> Location | None:
        """Give the place that settles at `now`, if one does."""
        deadline, newest = self.deadline, self.newest
        if newest is None or deadline is None or now < deadline:
            return None
        self.live()
        if now - newest.time > self._within:
            return None
        return newest if known is None or newest.time > known.time else None
