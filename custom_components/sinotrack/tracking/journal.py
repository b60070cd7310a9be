"""The dated records of the last day, in order of time (tracking.md, Order).

They come newest first, interleaved and repeated; here each stands once and in its
place. As rows of plain numbers, since a day of driving has thousands of records.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Final

from ..h02 import Status
from .state import Location

# Stands for what a record does not tell; below every real value.
_NONE: Final = -1000.0

_WIDTH: Final = 6


@dataclass(slots=True)
class JournalRecord:
    """What a path follows, and what tells one record from another."""

    time: datetime
    fix: Location | None = None
    speed_kmh: float | None = None
    status: Status | None = None


class Journal:
    """Records in order of time, each of them once."""

    def __init__(self) -> None:
        """Start empty."""
        # Row after row: time, latitude, longitude, accuracy, speed, status.
        self._numbers = array("d")

    def __len__(self) -> int:
        """Count the records."""
        return len(self._numbers) // _WIDTH

    def __iter__(self) -> Iterator[JournalRecord]:
        """Give the records in order of time."""
        numbers = self._numbers
        for row in batched(numbers, _WIDTH, strict=True):
            yield _record(row)

    @property
    def seconds(self) -> float:
        """Tell how much time lies between the first record and the last."""
        numbers = self._numbers
        return numbers[-_WIDTH] - numbers[0] if numbers else 0.0

    def add(self, record: JournalRecord) -> bool | None:
        """Put a record in its place: the last one, or one before others.

        Gives True where it is the last, False where not, and None if it was there.
        """
        numbers, row = self._numbers, _row(record)
        if not numbers or row[0] > numbers[-_WIDTH]:
            numbers.extend(row)
            return True
        count = len(self)
        # Records of one second stand in an order of their own, so that the order of
        # arrival leaves no trace.
        index = bisect_left(range(count), row, key=self._row)
        if index < count and self._row(index) == row:
            return None
        numbers[index * _WIDTH : index * _WIDTH] = array("d", row)
        return index == count

    def pop_before(self, time: datetime) -> list[JournalRecord]:
        """Take out the records before a time, the oldest first."""
        return self.pop_first(
            bisect_left(range(len(self)), time.timestamp(), key=self._time)
        )

    def pop_first(self, count: int) -> list[JournalRecord]:
        """Take out so many, the oldest first."""
        old = [_record(self._row(index)) for index in range(count)]
        del self._numbers[: count * _WIDTH]
        return old

    def _time(self, index: int) -> float:
        return self._numbers[index * _WIDTH]

    def _row(self, index: int) -> tuple[float, ...]:
        return tuple(self._numbers[index * _WIDTH : (index + 1) * _WIDTH])


def _row(record: JournalRecord) -> tuple[float, ...]:
    fix, speed, status = record.fix, record.speed_kmh, record.status
    return (
        record.time.timestamp(),
        _NONE if fix is None else fix.latitude,
        _NONE if fix is None else fix.longitude,
        _NONE if fix is None else fix.accuracy,
        _NONE if speed is None else speed,
        _NONE if status is None else status.word,
    )


def _record(row: tuple[float, ...]) -> JournalRecord:
    seconds, latitude, longitude, accuracy, speed, status = row
    time = datetime.fromtimestamp(seconds, UTC)
    return JournalRecord(
        time,
        None if accuracy == _NONE else Location(latitude, longitude, accuracy, time),
        None if speed == _NONE else speed,
        None if status == _NONE else Status(int(status)),
    )
