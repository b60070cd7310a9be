"""Sentences with only those fields left that may be shown (see masking.py).

A layout says what form a field must have to be shown; a field of another form, or
without a layout, is blanked.
"""

from collections.abc import Callable, Iterable
from itertools import zip_longest
import re
from typing import Final

from .batch import POINT_AT
from .cells import find_end_of_cells, is_v3_of_cells
from .position import FIRST_FIELD, find_block, find_date, tells_place

type _Form = re.Pattern[str] | None
type _Layout = Callable[[list[str], str], list[str]]
"""Takes the values behind the type, and the type."""

# No form has room for an id, a phone number, or the degrees and minutes of a place.
_SIX_DIGITS: Final = re.compile(r" *[0-9]{6} *")
"""A time or a date."""
_DAY_TIME: Final = re.compile(r" *[0-3][0-9][0-2][0-9][0-5][0-9][0-5][0-9] *")
_STAMP: Final = re.compile(r"20[0-9]{12}")
_LETTER: Final = re.compile(r" *[A-Z0-9] *")
_SHORT: Final = re.compile(r" *-?0{0,3}[0-9A-Fa-f]{1,3} *")
"""A count, a level or a country code, also the way LK pads it (a.3)."""
_NUMBER: Final = re.compile(r" *[0-9]{0,3}(?:\.(?:[0-9]{0,3}|0+))? *")
"""A speed, a course or the like; minutes have four decimals."""
# Decimal digits alone could be an id; no unit has so many alarms at once.
_STATUS: Final = re.compile(r"(?=.*[A-Fa-f])[0-9A-Fa-f]{8}")
_DATE_AND_STATUS: Final = re.compile(r"[0-9]{6}(?=.*[A-Fa-f])[0-9A-Fa-f]{8}")
_COMMAND: Final = re.compile(r"[A-Z]{1,5}[0-9]{0,2}")
_RESULT: Final = re.compile(r"OK|DONE|ERROR")

_WORD: Final = re.compile(r"(?:[0-9A-Za-z]|[^\x00-\x7f])+")
_HEX: Final = re.compile(r"[0-9A-Fa-f]+")
_HEX_LETTER: Final = re.compile(r"[A-Fa-f]")
_FILLER: Final = re.compile(r"[0. ]+|[9. ]+")

_CELL: Final[tuple[_Form, ...]] = (_SHORT, None, None, None)
"""mcc, mnc, lac, cid."""


def mask_sentence(sentence: str, alias: str, digit: str) -> str:
    """Mask what stands between `*` and `#`.

    `alias` stands for the id, and each digit of a place becomes `digit`. Each comma
    stays, and each value keeps its length.
    """
    fields = sentence.split(",")
    vendor, _, kind = fields[:FIRST_FIELD]
    layout = _LAYOUTS.get(kind)
    if layout is not None:
        values = layout(fields[FIRST_FIELD:], kind)
    elif kind == "BC":
        values = _mask_batch(fields[FIRST_FIELD:], digit)
    else:
        values = _mask_position(fields, digit)
    return ",".join((vendor, alias, kind, *values))


def mask_place(latitude: str, longitude: str, digit: str) -> tuple[str, str]:
    """Put one digit in the place of all, unless they say that there is no place."""
    if _FILLER.fullmatch(latitude + longitude):
        return latitude, longitude
    return _overwrite(latitude, digit), _overwrite(longitude, digit)


def _overwrite(coordinate: str, digit: str) -> str:
    return re.sub(r"[0-9]", digit, re.sub(r"[A-Za-z]", "x", coordinate))


def _blank(text: str) -> str:
    """Leave length, signs, and whether a number is hex: `25FC` becomes `A000`."""
    return _WORD.sub(_blank_word, text)


def _blank_word(match: re.Match[str]) -> str:
    word = match.group()
    if not _HEX.fullmatch(word):
        return "x" * len(word)
    letter = _HEX_LETTER.search(word)
    if letter is None:
        return "0" * len(word)
    return ("a" if letter.group().islower() else "A").ljust(len(word), "0")


def _show(values: list[str], *forms: _Form) -> list[str]:
    """Leave each value that has its form, and blank the others."""
    return [
        value if form is not None and form.fullmatch(value) else _blank(value)
        for value, form in zip_longest(values, forms[: len(values)])
    ]


# --- positions ------------------------------------------------------------------------


def _mask_position(fields: list[str], digit: str) -> list[str]:
    """Mask a block, and what the type adds."""
    kind = fields[FIRST_FIELD - 1]
    block_at = find_block(fields)
    if block_at is None or (kind == "V3" and is_v3_of_cells(fields[FIRST_FIELD:])):
        without_place = _WITHOUT_PLACE.get(kind, _show_without_place)
        return without_place(fields[FIRST_FIELD:], kind)
    # Behind the type, where the block has no clock, as in VP1.
    start, validity_at = max(FIRST_FIELD, block_at), block_at + 1
    return [
        *_show(fields[FIRST_FIELD:start], *_BEFORE_BLOCK.get(kind, ())),
        *_show(fields[start:validity_at], _SIX_DIGITS),
        *_mask_block(fields[validity_at:], digit, kind),
    ]


def _mask_block(
    values: list[str], digit: str, kind: str, date: _Form = _SIX_DIGITS
) -> list[str]:
    """Mask a block from its validity on, and its tail."""
    validity, latitude, north, longitude, east, *rest = values
    latitude, longitude = mask_place(latitude, longitude, digit)
    forms: list[_Form] = [_NUMBER, _NUMBER]
    if len(rest) > 2 and len(rest[2].strip()) == 1:
        forms.append(_LETTER)  # the battery level of older firmware (a.3, 10b)
    glued = rest[len(forms) : len(forms) + 1]
    if glued and _DATE_AND_STATUS.fullmatch(glued[0]):
        forms.append(_DATE_AND_STATUS)
    else:
        forms += date, _STATUS
    return [
        *_show([validity], _LETTER),
        *(latitude, north, longitude, east),
        *_show(rest, *forms, *_tail_forms(kind, len(rest) - len(forms))),
    ]


def _tail_forms(kind: str, length: int) -> tuple[_Form, ...]:
    """Give the forms of a tail by its type and length (a.3, a.4)."""
    if kind == "V19":
        return None, None, _STATUS
    if length == 1:
        return (_NUMBER,)
    if kind == "V5":
        return *_CELL, None, _SHORT
    if kind == "V8" and length >= 8:
        stations = (None, _SHORT) * ((length - 8) // 2)
        return *_CELL, *stations, _SHORT, _SHORT, _SHORT, _SHORT
    if length == 5:
        return *_CELL, _LETTER
    if kind in {"V1", "V2"} and length == 7:
        return *_CELL, _SHORT, _SHORT, _SHORT
    return _CELL if length >= 4 else ()


def _mask_batch(values: list[str], digit: str) -> list[str]:
    """Mask each record of a batch."""
    head, records = _show(values[:2], _SIX_DIGITS, _SHORT), values[2:]
    if not records:
        return head
    segments = []
    for segment in ",".join(records).split(";"):
        parts = segment.split(",")
        is_point = find_block([""] * FIRST_FIELD + parts) == POINT_AT
        masked = _mask_block(parts, digit, "BC", _DAY_TIME) if is_point else None
        segments.append(",".join(masked or _show(parts)))
    return [*head, ";".join(segments)]


# --- without a place ------------------------------------------------------------------


def _show_without_place(values: list[str], kind: str) -> list[str]:
    """Show time, validity, and the first pair of date and status with its tail."""
    forms: list[_Form] = [None] * len(values)
    forms[:2] = _SIX_DIGITS, _LETTER
    date_at = find_date(values)
    if date_at is not None:
        behind = len(values) - date_at - 2
        tail = _tail_forms(kind, behind) if tells_place(kind) else ()
        forms[date_at:] = _SIX_DIGITS, _STATUS, *tail
    return _show(values, *forms)


def _show_neighbours(values: list[str], _kind: str) -> list[str]:
    """Show what stands before and behind the cells of NBR."""
    head = (_SIX_DIGITS, _SHORT, None, None, _SHORT)
    cells: list[_Form] = [None] * (find_end_of_cells(values) - len(head))
    return _show(values, *head, *cells, _SIX_DIGITS, _STATUS, _SHORT)


def _show_v3(values: list[str], kind: str) -> list[str]:
    """Show what stands around the cells of V3, if it is one with cells."""
    if not is_v3_of_cells(values):
        return _show_without_place(values, kind)
    cells: Iterable[_Form] = [None] * (len(values) - 6)
    forms = (_SIX_DIGITS, None, _SHORT, *cells, _LETTER, _SIX_DIGITS, _STATUS)
    return _show(values, *forms)


def _show_vp1(values: list[str], _kind: str) -> list[str]:
    """Show the country; `Y` stands between the cells, without commas around it."""
    head, cells = _show(values[:2], _LETTER, _SHORT), values[2:]
    if not cells:
        return head
    parts = ",".join(cells).split("Y")
    return [*head, "Y".join(map(_blank, parts))]


def _by(*forms: _Form) -> _Layout:
    """Make a layout of values that stand in fixed places."""
    return lambda values, _kind: _show(values, *forms)


_LAYOUTS: Final[dict[str, _Layout]] = {
    "SMS": _by(),
    "HTBT": _by(_SHORT),
    "LINK": _by(_SIX_DIGITS, *(_SHORT,) * 5, _SIX_DIGITS, _STATUS),
    "NBR": _show_neighbours,
    **dict.fromkeys(("V0", "XT", "BS", "BASE", ""), _show_without_place),
}
"""Types that never tell a place."""

_WITHOUT_PLACE: Final[dict[str, _Layout]] = {
    "V3": _show_v3,
    "V4": _by(_COMMAND, _STAMP, *(_RESULT,) * 3),
    "VP1": _show_vp1,
}
"""Types that look different while they tell none."""

_BEFORE_BLOCK: Final[dict[str, tuple[_Form, ...]]] = {
    "ALRM": (_LETTER,),
    "V4": (_COMMAND, *(_RESULT,) * 3),
}
"""What may stand before the time of a position."""
