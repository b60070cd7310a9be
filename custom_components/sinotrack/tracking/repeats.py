"""Reports that come again (tracking.md, Order).

Firmware that misses an acknowledgement sends a record again, at times a whole backlog.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from zlib import crc32

from ..h02 import Report

# Eight hours without a link at one report a minute; four kilobytes.
_REMEMBERED: Final = 512
_HALF_BITS: Final = 32
_HALF: Final = (1 << _HALF_BITS) - 1


class Repeats:
    """Remembers the newest reports by their time, place, status and alarm."""

    def __init__(self) -> None:
        """Start with none."""
        # Sorted: seconds since 1970 in the upper half, all of it mixed in the lower.
        self._keys = array("Q")

    def __iter__(self) -> Iterator[int]:
        """Give what is remembered, as numbers that mean the same after a restart."""
        return iter(self._keys)

    def remember(self, keys: Iterable[int]) -> None:
        """Go on with what was remembered before."""
        self._keys = array("Q", sorted(keys)[-_REMEMBERED:])

    def add(self, report: Report, time: datetime) -> bool:
        """Remember a report that says `time`; False if it was taken before."""
        key, keys = _key(report, time), self._keys
        if not keys or key > keys[-1]:
            keys.append(key)
        else:
            index = bisect_left(keys, key)
            if keys[index] == key:
                return False
            keys.insert(index, key)
        if len(keys) > _REMEMBERED:
            del keys[0]
        return True


def _key(report: Report, time: datetime) -> int:
    """Give a number that equal reports share, in the order of their times."""
    fix, status, seconds = report.fix, report.status, time.timestamp()
    # Numbers have the same hash in each process, which texts and times have not.
    mixed = hash(
        (
            seconds,
            None if fix is None else fix.latitude,
            None if fix is None else fix.longitude,
            None if status is None else status.word,
        )
    )
    if report.sent_for is not None:
        mixed ^= crc32(report.sent_for.encode())
    return (int(seconds) & _HALF) << _HALF_BITS | (mixed & _HALF)
