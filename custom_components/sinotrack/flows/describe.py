"""A tracker that was heard, in a few words that are the same in all languages."""

from datetime import datetime, timedelta
from typing import Final

from ..h02 import Fix
from ..strangers import Stranger

# Symbols of units are the same in all languages.
_UNITS: Final = (
    ("d", timedelta(days=1)),
    ("h", timedelta(hours=1)),
    ("min", timedelta(minutes=1)),
    ("s", timedelta(seconds=1)),
)


def describe(stranger: Stranger, now: datetime) -> str:
    """Tell what helps to know one's own tracker.

    How it reports, how many times it did, how long ago it last did, and roughly where.
    """
    parts = [
        stranger.transport.upper(),
        f"{stranger.reports} ×",
        _ago(now - stranger.last_heard),
    ]
    if stranger.fix is not None:
        parts.append(_about(stranger.fix))
    return " · ".join(parts)


def _ago(age: timedelta) -> str:
    """Tell a time that went by, in its largest whole unit."""
    for unit, length in _UNITS:
        if age >= length:
            return f"{age // length} {unit}"
    return "0 s"


def _about(fix: Fix) -> str:
    """Tell a place to some ten kilometres: enough to know one's own, and no more."""
    north = "N" if fix.latitude >= 0 else "S"
    east = "E" if fix.longitude >= 0 else "W"
    return f"{abs(fix.latitude):.1f}° {north} {abs(fix.longitude):.1f}° {east}"
