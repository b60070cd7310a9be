"""The position block that V1 and its relatives share (protocol.md a.3).

Most blocks have one regular form, told by one pattern, and are read straight:

    hhmmss, A|V|B, ddmm.mmmm, N|S, dddmm.mmmm, E|W, speed, course, ddmmyy, status, tail…

Any other block is first brought into that form: it is found by its hemisphere letters,
since what stands before it depends on the type, its spellings are mended, and what no
spelling explains becomes empty. So there is one reader for both.
"""

from itertools import pairwise
import re
from typing import Final

from .report import Report
from .status import parse_status
from .tails import TAILS, read_cell_tail
from .values import (
    LONGEST_CELL,
    join_time,
    make_fix,
    read_battery_level,
    read_cell,
    read_time,
)

FIRST_FIELD: Final = 3
"""Where a sentence goes on behind maker code, id and type."""

DATE_BEHIND_CLOCK: Final = 8
"""Fields from the clock of a block to its date."""

_LETTER_BEHIND_CLOCK: Final = 3
_SPEED_BEHIND_CLOCK: Final = 6

# Ends in minutes below 60, which the filler 9999.9999 does not.
_COORDINATE: Final = r"[0-9]{2,5}+(?<=[0-5][0-9])\.[0-9]++"

# With more decimals than any unit sends, 359.99… would become 360.
_DECIMALS: Final = r"(?:\.[0-9]{0,9}+)?+"
_KNOTS: Final = r"[0-9]{1,3}+" + _DECIMALS
_DEGREES: Final = r"(?:[0-2]?[0-9]?[0-9]|3[0-5][0-9])" + _DECIMALS

# The fields of the block in their regular form.
_FORMS: Final = (
    r"(?!24)[0-9]{6}",  # hhmmss; 24 would be read as the next day
    r"[ABV0-9]",  # A: GPS, B: BeiDou, V: no fix, or the digit of a coding scheme
    _COORDINATE,
    r"[NS]",
    _COORDINATE,
    r"[EW]",
    _KNOTS,
    _DEGREES,
    r"[0-9]{6}",  # ddmmyy
    r"[0-9A-Fa-f]{8}",  # status
)
TAIL: Final = FIRST_FIELD + len(_FORMS)
"""Where the tail begins."""

_FORM_OF_FIELD: Final = tuple(re.compile(form) for form in _FORMS)
# What `read_block` can read: a field may be empty but for speed and course, where that
# would mean 0.
_READABLE_BLOCK: Final = re.compile(
    ",".join(form if form in {_KNOTS, _DEGREES} else f"(?:{form})?+" for form in _FORMS)
)

_HEAD: Final = r"\*[A-Za-z]{2},[0-9]{0,16}+,V(?:[0-9]++|I1?)"
_TAIL: Final = r"(?:,[\x00-\x7f]*#|#)\Z"

is_regular: Final = re.compile(
    ",".join((_HEAD, *_FORMS)).encode() + _TAIL.encode()
).match
"""Tells a sentence, all of it ASCII, that needs nothing but `read_block`."""

_DATE: Final = re.compile(r"[0-9]{6}")
_COUNTRY: Final = re.compile(r"[0-9]{1,3}")

# As precise as units send minutes: 4.5 may be anything.
_BELOW_TEN_MINUTES: Final = re.compile(r"[0-9]\.[0-9]{4,5}")

_FULL_CIRCLE: Final = re.compile(r"360(?:\.0*)?")

_VALIDITY: Final = re.compile(r" *[ABVabv0-9]? *")
_NO_FIX: Final = frozenset({"V", ""})
_INVALID: Final = frozenset("Vv")
_NORTH_SOUTH: Final = frozenset("NSns")
_EAST_WEST: Final = frozenset("EWew")
_CELL_FIELDS: Final = 4

# Stands for a field that was not sent, while a blank one can mean 0.
_ABSENT: Final = "?"


def tells_place(kind: str) -> bool:
    """Tell whether sentences of a type have a place, or would if one were known."""
    return kind.startswith("V")


def begin_report(frame: bytes, fields: list[str]) -> Report:
    """Make a report of what every sentence begins with: maker code, id, type."""
    return Report(frame, fields[2], fields[1], fields[0])


def read_block(frame: bytes, fields: list[str]) -> Report:
    """Read a block of the regular form, or with empty fields, then the type's tail.

    The tail, if there is any, is the last field in one piece.
    """
    if len(fields) == TAIL:
        fields.append("")
    (
        vendor, tracker_id, kind,
        clock, validity, latitude, north, longitude, east, speed, course, date, status,
        tail,
    ) = fields  # fmt: skip
    fix = None
    if latitude and longitude:
        fix = make_fix(float(latitude), float(longitude), north == "S", east == "W")
    # Usually the tail is a cell that came before, and nothing else.
    cell = read_cell(tail) if len(tail) <= LONGEST_CELL else None
    report = Report(
        frame,
        kind,
        tracker_id,
        vendor,
        join_time(clock, date),
        fix is not None and validity not in _NO_FIX,
        fix,
        float(speed) if speed else None,
        float(course) if course else None,
        parse_status(status),
        cell,
    )
    if tail and cell is None:
        TAILS.get(kind, read_cell_tail)(report, tail)
    return report


def read_position(frame: bytes, fields: list[str]) -> Report:
    """Find a block of any spelling and read it."""
    block_at = find_block(fields)
    if block_at is None:
        return read_without_place(frame, fields)
    return read_block_at(frame, fields, block_at)


def read_block_at(frame: bytes, fields: list[str], block_at: int) -> Report:
    """Read a block of any spelling where `find_block` says that it begins."""
    fields, level = _align(fields, block_at)
    report = read_block(frame, fields)
    if level:
        read_battery_level(report, level)
    return report


def find_block(fields: list[str]) -> int | None:
    """Find N or S that has E or W two fields on; gives where its block begins, or None.

    That is the index of the clock. Of a block without one, which stands right behind
    the type, it is the index of the type.
    """
    for index in range(FIRST_FIELD + 2, len(fields) - 2):
        is_latitude = fields[index].strip() in _NORTH_SOUTH
        if is_latitude and fields[index + 2].strip() in _EAST_WEST:
            return index - _LETTER_BEHIND_CLOCK
    return None


def read_without_place(frame: bytes, fields: list[str]) -> Report:
    """Keep time and status of a sentence without hemisphere letters.

    BASE has none, nor have LK units before their first fix (`0.0000,0,0.0000,0`). The
    first value is hhmmss, and `ddmmyy,status` is found by its form; V19, which has its
    status elsewhere, has the date in its usual place.
    """
    report = begin_report(frame, fields)
    values = fields[FIRST_FIELD:]
    if not any(values):
        return report
    if tells_place(report.type) and _VALIDITY.fullmatch((*values, "", "")[1]):
        report.valid = False
    is_v19 = report.type == "V19" and len(values) > DATE_BEHIND_CLOCK + 1
    date_at = DATE_BEHIND_CLOCK if is_v19 else find_date(values)
    if date_at is not None:
        read_date(report, values, clock_at=0, date_at=date_at)
    report.add(extra=tuple(values))
    return report


def find_date(values: list[str]) -> int | None:
    """Find `ddmmyy,status`; gives the index or None.

    Before the first fix the clock may be unset, and the date empty.
    """
    is_invalid = any(value.strip() in _INVALID for value in values[:2])
    lengths = (len("ddmmyy"), 0) if is_invalid else (len("ddmmyy"),)
    for index, (date, word) in enumerate(pairwise(values)):
        if len(date.strip()) in lengths and parse_status(word) is not None:
            return index
    return None


def read_date(
    report: Report, values: list[str], *, clock_at: int, date_at: int
) -> None:
    """Read the time, and what follows its date: the status, and the type's tail."""
    report.time = read_time(values[clock_at], values[date_at])
    report.status = parse_status(values[date_at + 1])
    tail = values[date_at + 2 :]
    if tail and tells_place(report.type):
        TAILS.get(report.type, read_cell_tail)(report, ",".join(tail))
    elif len(tail) >= _CELL_FIELDS:
        report.cell = read_cell(",".join(tail[:_CELL_FIELDS]))


def _align(fields: list[str], block_at: int) -> tuple[list[str], str]:
    """Bring a block into the regular form.

    Also gives the battery level that older firmware sends before the date (a.3, 10b).
    """
    speed_at = block_at + _SPEED_BEHIND_CLOCK
    place, rest = fields[block_at:speed_at], fields[speed_at:]
    if block_at < FIRST_FIELD:
        place[0] = ""  # no clock, but the type
    level = rest.pop(2) if _has_level(rest) else ""
    if len(rest) > 2 and len(rest[2]) == len("ddmmyySSSSSSSS"):
        # Once printed glued to the status: `160716F7FFBBFF`.
        rest[2:3] = rest[2][:6], rest[2][6:]
    if len(rest) > 4 and _COUNTRY.fullmatch(rest[3].strip()):
        # The cell follows at once: the status is missing.
        rest.insert(3, "")
    rest += [_ABSENT] * (4 - len(rest))
    block = place + rest[:4]
    if not _READABLE_BLOCK.fullmatch(",".join(block)):
        block = _mend([value.strip() for value in block])
    aligned = fields[:FIRST_FIELD] + block
    if len(rest) > 4:
        aligned.append(",".join(rest[4:]))
    return aligned, level


def _has_level(rest: list[str]) -> bool:
    """Tell whether a battery level, which may be empty, follows speed and course.

    The date behind it tells an empty one from a date that is empty.
    """
    if len(rest) < 3:
        return False
    level = rest[2].strip()
    if level:
        return len(level) == 1
    return len(rest) > 4 and _DATE.fullmatch(rest[3]) is not None


def _mend(block: list[str]) -> list[str]:
    """Give each field of a block its regular form, or "" where it has none."""
    clock, validity, latitude, north, longitude, east, speed, course, date, status = (
        block
    )
    mended = [
        clock,
        validity.upper(),
        _mend_coordinate(latitude),
        north.upper(),
        _mend_coordinate(longitude),
        east.upper(),
        speed or "0",
        "0" if not course or _FULL_CIRCLE.fullmatch(course) else course,
        date,
        status,
    ]
    if _READABLE_BLOCK.fullmatch(",".join(mended)):
        return mended
    return [
        value if form.fullmatch(value) else ""
        for form, value in zip(_FORM_OF_FIELD, mended, strict=True)
    ]


def _mend_coordinate(text: str) -> str:
    """Undo three spellings of coordinates (a.3).

    `-23-29.0095,S` says south twice and means it once; without a point, as in
    `145037022`, the last four digits are decimals; and a zero may be missing before
    the minutes, as in `5.1234` near the equator or Greenwich.
    """
    degrees = ""
    if text.startswith("-"):
        degrees, minus, text = text[1:].partition("-")
        if not minus:
            return ""
        if text[1:2] == ".":
            text = f"0{text}"  # alone behind its degrees, and so minutes
    elif "." not in text:
        text = f"{text[:-4]}.{text[-4:]}"
    return degrees + ("0" if _BELOW_TEN_MINUTES.fullmatch(text) else "") + text
