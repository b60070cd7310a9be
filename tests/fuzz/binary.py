"""Binary records: any bytes as they are, and made into the nearest record."""

from collections.abc import Iterator
from itertools import batched

from tests.h02.vectors import VECTORS

from .properties import check_frame, take

LONGEST = 160
_SHORT = 100

_LENGTHS = (32, 45, 46, 47, 48, 51)
# From id to course, the first and the last value of each byte of two digits; None where
# any byte may stand.
_DIGITS = (
    *[(0, 99)] * 5,  # id
    *((0, 23), (0, 59), (0, 59)),  # clock
    *((1, 31), (1, 12), (0, 99)),  # date
    *((0, 89), (0, 59), (0, 99), (0, 99)),  # latitude
    None,  # battery
    *((0, 17), (0, 99), (0, 99), (0, 99)),  # longitude
    None,  # its last digit, and flags
    *((0, 99), (0, 99), (0, 99)),  # speed and course
)
_DIGITS_END = 1 + len(_DIGITS)
_BATTERY = 16
_FLAGS = 21
_HIGHEST_FLAGS = 0x9F
# Bytes of digits of two values; the second begins one: minutes, and hundreds of degrees.
_HIGHEST_SECOND_DIGIT = {18: 5, 23: 2}
# What tells the one kind of 46 bytes from the others, behind the status (a.5).
_FUEL_LENGTH = 46
_FUEL_MARK = slice(29, 33)
_FUEL = b"\xff\x03\x44\x00"
# What may begin a frame, and what may stand between two.
_SPECIAL = b"*$X\r\n\t "
_HARMLESS = 0xFF


def seeds() -> Iterator[bytes]:
    """Give the records of real trackers, each with a length and a second record."""
    for vector in VECTORS:
        if vector.data[:1] in {b"$", b"X"}:
            yield vector.data
            yield vector.data * 2


def run(data: bytes) -> None:
    """Decode; records of two trackers come whole out of any stream."""
    check_frame(data)
    if not data:
        return
    length = _LENGTHS[data[0] % len(_LENGTHS)]
    records = [
        make_record(bytes(part).ljust(length, b"\x00"), index % 2)
        for index, part in enumerate(batched(data, length, strict=False))
    ]
    for record in records:
        check_read(record)
    stream = b"".join(records)
    size = 1 + data[-1] % len(stream)
    segments = [stream[i : i + size] for i in range(0, len(stream), size)]
    assert take([stream]) == records
    assert take(segments) == records
    if len(stream) <= _SHORT:
        assert take(stream[i : i + 1] for i in range(len(stream))) == records


def check_read(record: bytes) -> None:
    """Check that a record is read, and some of its digits against their places."""
    report = check_frame(record)
    assert report is not None
    digits = record.hex()
    assert report.type == chr(record[0])
    assert report.tracker_id == ("" if report.type == "X" else digits[2:12])
    assert report.speed_knots == float(digits[44:47])
    assert report.course == float(digits[47:50])
    if report.time is not None:
        assert f"{report.time:%H%M%S%d%m%y}" == digits[12:24]


def make_record(data: bytes, number: int) -> bytes:
    """Give the record that these bytes come nearest to, of tracker `number`.

    X is known by the same bytes and has 32 of them.
    """
    record = bytearray(data)
    record[0] = ord("X") if len(data) == 32 and data[0] == ord("X") else ord("$")
    for index, span in enumerate(_DIGITS, 1):
        if span is not None:
            record[index] = _to_digits(record[index], *span)
    for index, highest in _HIGHEST_SECOND_DIGIT.items():
        second = record[index] & 15
        record[index] += min(second, highest) - second
    record[_FLAGS] = min(record[_FLAGS], _HIGHEST_FLAGS)
    for index in (_BATTERY, *range(_DIGITS_END, len(record))):
        if record[index] in _SPECIAL:
            record[index] = _HARMLESS
    if len(record) == _FUEL_LENGTH:
        record[_FUEL_MARK] = _FUEL
    elif record[_FUEL_MARK] == _FUEL:
        record[_FUEL_MARK] = bytes(len(_FUEL))
    # Ids that differ, and that no digits of these spans can repeat.
    record[1:5] = bytes([0x99, 0x98 + number, record[3], 0x99])
    return bytes(record)


def _to_digits(byte: int, first: int, last: int) -> int:
    """Give a byte of two digits from `first` to `last`: itself where it is one."""
    high, low = divmod(byte, 16)
    value = high * 10 + low
    if high > 9 or low > 9 or not first <= value <= last:
        value = first + byte % (last - first + 1)
    return value // 10 << 4 | value % 10
