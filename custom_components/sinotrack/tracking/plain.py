"""Single values as plain JSON ones, and back with care.

What is read may be anything; what is no such value raises TypeError or ValueError.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from ..h02 import Status

# Leave room to reckon with what was read, whatever it is.
_LAST_YEAR: Final = 9000
_LARGEST_NUMBER: Final = 1e10
_LARGEST_WORD: Final = 0xFFFFFFFF


def maybe[T, R](convert: Callable[[T], R], value: T | None) -> R | None:
    """Convert what is there."""
    return None if value is None else convert(value)


def read_flag(value: object) -> bool:
    """Take what must be true or false."""
    if not isinstance(value, bool):
        raise TypeError(f"no flag: {value!r}")
    return value


def read_count(value: object) -> int:
    """Take what must be a whole number."""
    if not isinstance(value, int):
        raise TypeError(f"no count: {value!r}")
    return value


def read_number(value: float) -> float:
    """Take what must be a number of a sane size."""
    if not abs(value) <= _LARGEST_NUMBER:  # nor is that NaN
        raise ValueError(f"no number: {value!r}")
    return value


def export_status(status: Status) -> int:
    """Give a status word as a number."""
    return status.word


def read_status(word: object) -> Status:
    """Take a status word."""
    word = read_count(word)
    if not 0 <= word <= _LARGEST_WORD:
        raise ValueError(f"no status word: {word!r}")
    return Status(word)


def read_duration(seconds: float) -> timedelta:
    """Take a number of seconds."""
    return timedelta(seconds=read_number(seconds))


def export_time(time: datetime) -> str:
    """Give a time as text."""
    return time.isoformat()


def read_time(text: str) -> datetime:
    """Take a time with its zone."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None or time.year > _LAST_YEAR:
        raise ValueError(f"no time to reckon with: {text!r}")
    return time
