"""The small values that text and binary records share: time, place, battery, cell.

Each reader takes what was sent and gives None for what cannot be: nothing here raises,
and nothing is guessed. Patterns say what a number is, since `int` and `float` take
much more: signs, underscores, exponents, digits of other scripts.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
import re
from typing import Final

from .report import Cell, Fix, Report

# A tracker that has no clock yet sends dates of the 1980s (protocol.md e.10); two
# digits of year reach from 2000 to 2079.
_FIRST_CLOCKLESS_YEAR: Final = "80"

_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")
_CLOCK: Final = re.compile(r"(?!24)[0-9]{6}")
_STAMP: Final = re.compile(r"[0-9]{8}(?!24)[0-9]{6}")
# No number on the wire is longer; limits keep absurd digits out of arithmetic.
_LONGEST_INTEGER: Final = 15
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]*)?")
_CELL_VALUE: Final = re.compile(r"[0-9A-Fa-f]{1,12}")
_LK_WIDTH: Final = 6
_COUNTRIES: Final = range(200, 800)

LONGEST_CELL: Final = 4 * _LK_WIDTH + len(",,,")
"""Characters of a serving cell as units send it, even padded."""

# The scale of Traccar for the levels of a.7; no maker's table is known.
_LEVEL_PERCENT: Final = {1: 0, 2: 10, 3: 20, 4: 60, 5: 80, 6: 100}
_LEVEL_IN_HIGH_NIBBLE: Final = 0xF0
_FULL: Final = 100

STRONGEST_CSQ: Final = 31
"""The best signal of the mobile network; beyond it, 99 means that none is known."""

IMEI_DIGITS: Final = 15
"""With the last, which is the check digit of the others."""

_from_iso: Final = datetime.fromisoformat


def byte_class(values: Iterable[int]) -> bytes:
    """Give the pattern of one byte that has any of these values."""
    return b"[%s]" % b"".join(re.escape(bytes((value,))) for value in values)


def bcd(first: int, last: int) -> bytes:
    """Give the pattern of one byte of two BCD digits, from `first` to `last`."""
    return byte_class(value // 10 << 4 | value % 10 for value in range(first, last + 1))


def check_digit(digits: str) -> int:
    """Give the digit (Luhn) that ends an IMEI, behind its first fourteen."""
    weighted = (int(digit) * (1 + index % 2) for index, digit in enumerate(digits))
    return -sum(value // 10 + value % 10 for value in weighted) % 10


def read_time(clock: str, date: str) -> datetime | None:
    """Read hhmmss and ddmmyy, which every tracker sends in UTC (a.3)."""
    clock = clock.strip()
    return join_time(clock, date.strip()) if _CLOCK.fullmatch(clock) else None


def join_time(clock: str, date: str) -> datetime | None:
    """Read the same where the clock is empty, or six digits and not of hour 24.

    ISO 8601 has that hour, as the beginning of the next day; trackers have not.
    """
    try:
        return _from_iso(f"{_read_date(date)}{clock}Z")
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _read_date(date: str) -> str:
    """Turn ddmmyy into yyyymmddT, or "" where that is no date.

    A tracker sends the same date all day long, hence the cache.
    """
    if not _SIX_DIGITS.fullmatch(date) or date[4:] >= _FIRST_CLOCKLESS_YEAR:
        return ""
    return f"20{date[4:]}{date[2:4]}{date[:2]}T"


def read_stamp(stamp: str) -> datetime | None:
    """Read yyyymmddhhmmss in UTC, the clock of acknowledgements (c.2)."""
    if not _STAMP.fullmatch(stamp):
        return None
    try:
        return _from_iso(f"{stamp[:8]}T{stamp[8:]}Z")
    except ValueError:
        return None


def make_fix(latitude: float, longitude: float, south: bool, west: bool) -> Fix | None:
    """Turn ddmm.mmmm and dddmm.mmmm, both unsigned, into a place.

    Out of range, as the filler 9999.9999, and 0/0 are no fix (a.3).
    """
    # Degrees come as hundreds, and 100 - 40 minutes make a degree. All constants are
    # floats because mixed arithmetic takes twice the time.
    latitude = (latitude - latitude // 100.0 * 40.0) / 60.0
    longitude = (longitude - longitude // 100.0 * 40.0) / 60.0
    if latitude > 90.0 or longitude > 180.0 or latitude + longitude == 0.0:
        return None
    return Fix(-latitude if south else latitude, -longitude if west else longitude)


def read_number(text: str) -> float | None:
    """Read a number of any sign with up to nine digits before the point."""
    text = text.strip()
    return float(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=1024)
def read_integer(text: str) -> int | None:
    """Read a count, which may be padded with blanks.

    Satellites, signal, voltage and percent of all trackers are some hundreds of texts,
    hence the cache.
    """
    text = text.strip()
    is_count = text.isdecimal() and text.isascii() and len(text) <= _LONGEST_INTEGER
    return int(text) if is_count else None


def read_hex(text: str) -> int | None:
    """Read an unsigned number in hex of either case."""
    text = text.strip()
    return int(text, 16) if _CELL_VALUE.fullmatch(text) else None


def read_csq(text: str) -> int | None:
    """Read the signal of the mobile network, 0 to 31; 99 says that it is not known."""
    csq = read_integer(text)
    return csq if csq is not None and csq <= STRONGEST_CSQ else None


def read_percent(text: str) -> int | None:
    """Read 0 to 100."""
    percent = read_integer(text)
    return percent if percent is not None and percent <= _FULL else None


def read_tenths(text: str) -> float | None:
    """Read tenths of a volt, the unit of V5, V8 and the Mictrack tail (a.3, a.4)."""
    tenths = read_integer(text)
    return None if tenths is None else tenths / 10


def read_iccid(text: str) -> str | None:
    """Read the number of the SIM; some units end it with `?` (e.33)."""
    iccid = text.strip().rstrip("?")
    return iccid if iccid.isalnum() and iccid.isascii() else None


def _level_percent(level: int) -> int | None:
    """Turn a level as sent into percent (a.7); 0 and the unknown give None."""
    if max(_LEVEL_PERCENT) < level <= _FULL:
        return level
    if level > _LEVEL_IN_HIGH_NIBBLE:
        level -= _LEVEL_IN_HIGH_NIBBLE
    return _LEVEL_PERCENT.get(level)


BATTERY_PERCENT: Final = tuple(_level_percent(level) for level in range(256))
"""What a level as sent, 0 to 255, means in percent; None where it says nothing."""


def read_battery_level(report: Report, text: str) -> None:
    """Take a level as sent, and its estimate in percent."""
    level = read_integer(text)
    if level is not None and level < len(BATTERY_PERCENT):
        report.battery_level = level
        report.battery_percent = BATTERY_PERCENT[level]


@lru_cache(maxsize=1024)
def read_cell(text: str) -> Cell | None:
    """Read `mcc,mnc,lac,cid` where its number base is clear (a.3), otherwise None.

    SinoTrack sends plain decimal. LK units send hex, padded with blanks or to six
    digits. Hex in the cell behind a country code that reads as decimal is neither: two
    odd units swap the fields. Hex without a letter shows by its country, which is none
    in decimal. A parked tracker repeats its cell for hours, hence the cache.
    """
    sent = text.split(",")
    values = [value.strip() for value in sent]
    if len(sent) != 4 or not all(_CELL_VALUE.fullmatch(value) for value in values):
        return None
    country = values[0]
    is_padded = values != sent or len(country) == _LK_WIDTH
    is_country = country.isdecimal() and int(country) in _COUNTRIES
    is_hex = int(country, 16) in _COUNTRIES and not is_country
    if not is_padded and not is_hex and all(value.isdecimal() for value in values):
        return Cell(*(int(value) for value in values)) if len(country) <= 3 else None
    if is_country and len(country) == 3:
        return None
    return Cell(*(int(value, 16) for value in values))


def read_network(mcc: str, mnc: str) -> Cell | None:
    """Read the network alone, where a type tells no serving cell."""
    country, operator = read_integer(mcc), read_integer(mnc)
    return None if country is None or operator is None else Cell(country, operator)
