"""Binary records: `$` and `X` (protocol.md a.5 and a.6).

A record has no length and no checksum, but nearly all of it is BCD with narrow ranges.
One pattern holds that grammar: it tells a record from chance bytes (no false positive
in 3,019 messages of other protocols, a.8), for the framer and for the decoder alike.
"""

from collections.abc import Callable
import re
from typing import Final

from .foreign import refuse
from .report import Cell, Foreign, Malformed, Report
from .status import parse_status
from .values import (
    BATTERY_PERCENT,
    IMEI_DIGITS,
    STRONGEST_CSQ,
    bcd,
    byte_class,
    check_digit,
    join_time,
    make_fix,
)

LENGTHS: Final = (32, 45, 47, 48, 51)
"""Known lengths of `$` in bytes, most usual first (a.5); `X` has the first alone."""

SHORTEST: Final = LENGTHS[0]
_X_LENGTHS: Final = (SHORTEST,)
# A fuel unit is told by its bytes: its record is as long as a usual one with a line
# break behind it.
_FUEL_LENGTHS: Final = (SHORTEST, 46)
_FUEL_MARK: Final = b"\xff\x03\x44\x00"
_LONG_ID_LENGTHS: Final = (42,)
# In the long form everything behind the id stands three bytes later (a.5).
LONG_ID_SHIFT: Final = 3

_ANY: Final = bcd(0, 99)
# A byte whose second digit opens the minutes of the longitude.
_TENS_OF_MINUTES: Final = byte_class(
    tens << 4 | ones for tens in range(10) for ones in range(6)
)
# The last digit of the speed shares its byte with the first of the course.
_BELOW_300: Final = byte_class(
    tens << 4 | ones for tens in range(10) for ones in range(3)
)
_ABOVE_300: Final = byte_class(tens << 4 | 3 for tens in range(10))
# The last digit of the longitude shares its byte with the flags.
_DIGIT_AND_FLAGS: Final = rb"[\x00-\x9f]"

_CLOCK: Final = bcd(0, 23) + bcd(0, 59) + bcd(0, 59)  # hhmmss
_DATE: Final = bcd(1, 31) + bcd(1, 12) + _ANY  # ddmmyy
_BODY: Final = b"".join(
    (
        _CLOCK + _DATE,
        b"(?:%s%s|\x99\x99)%s%s" % (bcd(0, 90), bcd(0, 59), _ANY, _ANY),
        b".",  # battery, or nothing
        b"(?:%s%s|\x99\x99)%s%s" % (bcd(0, 18), _TENS_OF_MINUTES, _ANY, _ANY),
        _DIGIT_AND_FLAGS,
        b"%s(?:%s%s|%s%s)" % (_ANY, _BELOW_300, _ANY, _ABOVE_300, bcd(0, 60)),
        b".{4}",  # status
    )
)
_RECORD: Final = re.compile(rb"[$X]" + _ANY * 5 + _BODY, re.DOTALL)
_LONG_ID_RECORD: Final = re.compile(rb"\$" + _ANY * 8 + _BODY, re.DOTALL)

RECORD_HEAD: Final = _ANY * 5 + _CLOCK + _DATE
"""Pattern of id, time and date: behind a marker, they tell a record from all else."""

HEAD_LENGTH: Final = 12
"""Bytes of marker, id, time and date."""

LONG_ID_HEAD: Final = _ANY * LONG_ID_SHIFT + RECORD_HEAD
"""Pattern of id, time and date in the form with a long id."""

LONG_ID_HEAD_LENGTH: Final = HEAD_LENGTH + LONG_ID_SHIFT
"""Bytes of marker, id, time and date in that form."""

STATUS_END: Final = 29
"""Bytes up to the end of the status word, which all kinds have in common."""

# Completes a record that has not arrived whole, so that its beginning can be judged.
_EXAMPLE: Final = bytes.fromhex(
    "2441060116601245431311165035313006004318210e000000fffffbffff0024"
)
_LONG_ID_EXAMPLE: Final = bytes.fromhex(
    "2435248308419329301047591808172627335900074412294e024138feffffff"
)

_X: Final = ord("X")
_EAST: Final = 8
_NORTH: Final = 4
_VALID: Final = 2

# The maker's unit of mileage, as its document prints it (a.6).
_KM_PER_STEP: Final = 0.51444 / 1000
_HAS_MILEAGE_IN_KM: Final = 0xFF


def find_lengths(data: bytes, start: int = 0) -> tuple[int, ...]:
    """Give the lengths that a record at `start` can have, or () if none stands there.

    Judges as far as the data reaches. The form with a 15-digit id collides with another
    protocol, so that its id must have the check digit of an IMEI (a.8).
    """
    record = long_id_record = data
    present = len(data) - start
    if present < SHORTEST:
        head, start = data[start:], 0
        record = head + _EXAMPLE[present:]
        long_id_record = head + _LONG_ID_EXAMPLE[present:]
    if _RECORD.match(record, start):
        if record[start] == _X:
            return _X_LENGTHS
        is_fuel = record.startswith(_FUEL_MARK, start + STATUS_END)
        return _FUEL_LENGTHS if is_fuel else LENGTHS
    if _LONG_ID_RECORD.match(long_id_record, start) and (
        present < 9 or _is_imei(long_id_record[start + 1 : start + 9].hex())
    ):
        return _LONG_ID_LENGTHS
    return ()


def decode_binary(record: bytes) -> Report | Foreign | Malformed:
    """Read one `$` or `X` record of any known length.

    Another protocol gives Foreign, anything that is not BCD in range Malformed.
    """
    body = record
    if len(record) < SHORTEST:
        return refuse(record, "too short")
    if not _RECORD.match(record):
        if not _LONG_ID_RECORD.match(record) or not _is_imei(record[1:9].hex()):
            return refuse(record, "not BCD in range")
        body = record[LONG_ID_SHIFT:]
    # From the id to the status: nearly all of it decimal digits.
    digits = body[1:29].hex()
    battery, flags = body[16], body[21]
    fix = make_fix(
        int(digits[22:30]) / 10_000.0,
        int(digits[32:41]) / 10_000.0,
        not flags & _NORTH,
        not flags & _EAST,
    )
    course = float(digits[45:48])
    report = Report(
        record,
        "$",
        digits[:10],
        "",
        join_time(digits[10:16], digits[16:22]),
        fix is not None and flags & _VALID != 0,
        fix,
        float(digits[42:45]),
        0.0 if course == 360.0 else course,
        parse_status(digits[48:56]),
        None,
        battery,
        BATTERY_PERCENT[battery],
    )
    if body is not record:
        report.tracker_id = record[1:9].hex()[:IMEI_DIGITS]
    elif record[0] == _X:
        _read_x(report, record)
    elif len(record) == SHORTEST:
        report.details = {"record_number": record[31]}
    elif read_tail := _TAILS.get(len(record)):
        read_tail(report, record)
    return report


def _is_imei(digits: str) -> bool:
    """Check the last of the first fifteen digits."""
    last = IMEI_DIGITS - 1
    return int(digits[last]) == check_digit(digits[:last])


# --- what the kinds and lengths add ---------------------------------------------------


def _read_x(report: Report, record: bytes) -> None:
    """Turn what `$` would mean into what X does: mileage for id, other battery byte."""
    report.type = "X"
    report.mileage_km = int(report.tracker_id) * _KM_PER_STEP
    report.tracker_id = ""
    report.battery_level = report.battery_percent = None
    report.add(temperature_raw=record[16], record_number=record[31])


def _read_signal(report: Report, record: bytes) -> None:
    """Read signal and satellites: BeiDou in the high nibble, GPS in the low one."""
    report.csq = record[31] if record[31] <= STRONGEST_CSQ else None
    report.satellites = (record[32] >> 4) + (record[32] & 0x0F)


def _read_supply(report: Report, record: bytes) -> None:
    """Read tenths of a volt."""
    report.voltage = int.from_bytes(record[44:46]) / 10


def _read_45(report: Report, record: bytes) -> None:
    """Read signal, satellites, mileage and cell; byte 29 tells which mileage."""
    report.details = {"record_number": record[-1]}
    if record[29] == _HAS_MILEAGE_IN_KM:
        _read_signal(report, record)
        report.mileage_km = float(int.from_bytes(record[33:37]))
    else:
        report.details["mileage_raw"] = int.from_bytes(record[29:33])
    report.cell = Cell(
        int.from_bytes(record[37:39]),
        record[39],
        int.from_bytes(record[40:42]),
        int.from_bytes(record[42:44]),
    )


def _read_46(report: Report, record: bytes) -> None:
    """Read what the fuel unit adds; the decimals of its fuel have their own byte."""
    report.add(
        temperature_c=float(record[37]),
        fuel_percent=record[38] + record[39] / 100,
        altitude_m=float(int.from_bytes(record[40:42])),
    )
    report.cell = Cell(
        lac=int.from_bytes(record[42:44]), cid=int.from_bytes(record[44:46])
    )
    odometer = record[33:37].hex()
    if odometer.isdecimal():
        report.add(odometer_raw=int(odometer))


def _read_47(report: Report, record: bytes) -> None:
    """Read the form of 45 with tenths of a volt before the record number (a.5)."""
    _read_45(report, record)
    _read_supply(report, record)


def _read_51(report: Report, record: bytes) -> None:
    """Read signal, satellites and supply, if it has the one form that is known.

    What stands where others have their cell is none: a unit in Brazil says China. No
    satellites stand beside valid fixes, and say nothing.
    """
    if record[29] == _HAS_MILEAGE_IN_KM and not any(record[46:50]):
        report.details = {"record_number": record[-1]}
        _read_signal(report, record)
        report.satellites = report.satellites or None
        _read_supply(report, record)


_TAILS: Final[dict[int, Callable[[Report, bytes], None]]] = {
    45: _read_45,
    46: _read_46,
    47: _read_47,
    51: _read_51,
}
