"""Frames to show to others: what they tell of a vehicle, and not whose or where it is.

The rule: a value is shown only where both its field and its form say that it is
harmless, and of all else the shape is left. So nobody has to think of each private
thing that a frame may hold. What is masked decodes as the frame itself did, with the
same time, status and speed; a frame that cannot be masked like that is not shown.
"""

from dataclasses import fields
import re
from typing import Any, Final

from .binary import LONG_ID_SHIFT, STATUS_END
from .decoding import decode
from .masked_text import mask_place, mask_sentence
from .report import Report
from .values import IMEI_DIGITS, check_digit

# Of these it is only told whether they are there.
_PRIVATE: Final = ("tracker_id", "fix", "cell", "iccid", "text")
_TOLD: Final = tuple(
    field.name
    for field in fields(Report)
    if field.name not in {"raw", "details", *_PRIVATE}
)

_LONGEST_TYPE: Final = len("BASE")
"""A number of any length may follow the V of a type, an id as well."""

# A place that is one, or else the filler of the wire for none (a.3).
_PLACE_DIGITS: Final = "19"

# What is masked in one field must not stand in another; fewer digits do by chance.
_TELLING_DIGITS: Final = 5
_FIELD: Final = re.compile(r"[^,;]+")

# Makes a sentence of one record of a batch.
_BATCH_HEAD: Final = b"*HQ,,BC,000000,0,"

_OUTLINE: Final = re.compile(rb"[*$]?[A-Za-z]{0,2}")

# Bytes behind the status word that may be shown, by the length of the record (a.5): no
# network and cell, and nothing of unknown meaning.
_PUBLIC_BYTES: Final = {
    32: {29, 30, 31},
    45: {*range(29, 39), 44},
    46: {*range(29, 33), 37, 38, 39},
    47: {*range(29, 39), 44, 45, 46},
    51: {*range(29, 33), 44, 45, 50},
}


def mask(frame: bytes, number: int) -> bytes | None:
    """Mask a frame of tracker `number`: a value keeps its length, if the number fits.

    The id becomes `placeholder_id`, and each place the same one. Takes what `decode`
    takes, and `Report.raw` of a record of a batch. Gives None where there is nothing
    that may be shown; `outline` is then all there is to tell.
    """
    report = decode(frame)
    if isinstance(report, Report):
        return _mask_report(report, number)
    batch = decode(_BATCH_HEAD + frame + b"#")
    if isinstance(batch, Report) and len(batch.points) == 1:
        masked = _mask_report(batch, number)
        return masked and masked[len(_BATCH_HEAD) : -1]
    return None


def show_frame(frame: bytes) -> str:
    """Show a frame the way it can be copied: a sentence as it is, a record in hex."""
    if frame.startswith((b"$", b"X")):
        return frame.hex()
    return frame.decode("utf-8", "backslashreplace")


def outline(frame: bytes) -> str:
    """Tell of any bytes no more than how they begin and how many they are."""
    begin = _OUTLINE.match(frame)
    return f"{begin.group().decode() if begin else ''}… ({len(frame)} bytes)"


def placeholder_id(number: int, length: int) -> str:
    """Give the digits that stand for the id of tracker `number`.

    The last of 15 is the check digit of an IMEI: some records are known by it (a.8).
    """
    if length != IMEI_DIGITS:
        return f"{number:0{length}}"
    digits = f"{number:0{length - 1}}"
    return f"{digits}{check_digit(digits)}"


def _mask_report(report: Report, number: int) -> bytes | None:
    if len(report.type) > _LONGEST_TYPE:
        return None
    is_record = report.type in {"$", "X"}
    tracker_id = report.tracker_id
    alias = tracker_id and placeholder_id(number, len(tracker_id))
    for digit in _PLACE_DIGITS:
        if is_record:
            masked = _mask_record(report, alias, digit)
        else:
            sentence = report.raw[1:-1].decode("utf-8", "replace")
            shown = mask_sentence(sentence, alias, digit)
            if _is_told_twice(sentence, shown):
                return None
            masked = f"*{shown}#".encode()
        again = decode(masked)
        if isinstance(again, Report) and _meaning(again) == _meaning(report):
            return masked
    return None


def _mask_record(report: Report, alias: str, digit: str) -> bytes:
    """Mask the digits of id and place, and what is not public behind the status."""
    record, digits = report.raw, report.raw.hex()
    shift = LONG_ID_SHIFT if len(alias) == IMEI_DIGITS else 0
    # X has a mileage where `$` has its id, and no id.
    id_digits = alias.ljust(2 * (5 + shift), "0") if alias else digits[2:12]
    body = digits[2 * shift :]
    latitude, longitude = mask_place(body[24:32], body[34:43], digit)
    public = _PUBLIC_BYTES.get(len(record), set())
    tail = bytes(
        value if index in public else 0
        for index, value in enumerate(record)
        if index >= STATUS_END + shift
    )
    shown = (
        *(digits[:2], id_digits, body[12:24], latitude, body[32:34], longitude),
        *(body[43:58], tail.hex()),
    )
    return bytes.fromhex("".join(shown))


def _meaning(report: Report) -> tuple[Any, ...]:
    """Give what a mask must leave as it was."""
    return (
        *(getattr(report, name) for name in _TOLD),
        *(bool(getattr(report, name)) for name in _PRIVATE),
        *(report.details or ()),
        *((point.day_time, _meaning(point.report)) for point in report.points),
    )


def _is_told_twice(sentence: str, shown: str) -> bool:
    """Tell whether a field that is masked is shown in another place."""
    for field in _FIELD.finditer(sentence):
        value = field.group().strip()
        digits = [letter for letter in value if letter.isdecimal()]
        if (
            len(digits) >= _TELLING_DIGITS
            and len(set(digits)) > 1
            and field.group() != shown[field.start() : field.end()]
            and value in shown
        ):
            return True
    return False
