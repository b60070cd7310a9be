"""What a report says of its place, as far as a single one can tell (tracking.md)."""

from datetime import datetime
from typing import Final

from ..h02 import Fix, Report
from .state import Location

# Closer to 0/0 than any vehicle: the filler of a unit that never had a fix.
_NULL_ISLAND_DEGREES: Final = 0.01

_POLE_DEGREES: Final = 90.0
_DATE_LINE_DEGREES: Final = 180.0

# Steps of 11 cm: finer than any fix, and short to read.
_STEPS_PER_DEGREE: Final = 1e6

# The protocol carries no accuracy, and 0 would mean a perfect one.
_ACCURACY_M: Final = 15.0
_ACCURACY_MANY_SATELLITES_M: Final = 10.0
_ACCURACY_FEW_SATELLITES_M: Final = 30.0
_MANY_SATELLITES: Final = 8
_FEW_SATELLITES: Final = 5


def locate(report: Report, time: datetime, accuracy_m: float | None) -> Location | None:
    """Give the place of a report, or None where it has no fix.

    `accuracy_m` replaces the estimate.
    """
    fix = _real_fix(report)
    if fix is None:
        return None
    return Location(
        # As `round(degrees, 6)`, at a third of its time.
        round(fix.latitude * _STEPS_PER_DEGREE) / _STEPS_PER_DEGREE,
        round(fix.longitude * _STEPS_PER_DEGREE) / _STEPS_PER_DEGREE,
        accuracy_m or estimate_accuracy(report.satellites),
        time,
    )


def estimate_accuracy(satellites: int | None) -> float:
    """Estimate the accuracy of a fix in metres; never 0."""
    if satellites is None or _FEW_SATELLITES <= satellites < _MANY_SATELLITES:
        return _ACCURACY_M
    if satellites < _FEW_SATELLITES:
        return _ACCURACY_FEW_SATELLITES_M
    return _ACCURACY_MANY_SATELLITES_M


def _real_fix(report: Report) -> Fix | None:
    """Give the fix where it is said to be valid, and a real place."""
    fix = report.fix
    if fix is None or not report.valid:
        return None
    north, east = abs(fix.latitude), abs(fix.longitude)
    if north < _NULL_ISLAND_DEGREES and east < _NULL_ISLAND_DEGREES:
        return None
    return fix if north <= _POLE_DEGREES and east <= _DATE_LINE_DEGREES else None
