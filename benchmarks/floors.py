"""What plain Python needs for the same values without a single check: the floor.

Each reader splits a frame, takes the fields it needs and converts them. It believes
everything, so that nothing that checks can be faster. Figures compare over machines by
their ratio to it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final


def read_v1(frame: bytes) -> tuple[Any, ...]:
    """Read a V1 sentence with a cell."""
    (
        vendor, tracker_id, kind, clock, validity, latitude, north, longitude, east,
        speed, course, date, status, mcc, mnc, lac, cid,
    ) = frame[1:-1].decode().split(",")  # fmt: skip
    return (
        vendor,
        tracker_id,
        kind,
        datetime.fromisoformat(f"20{date[4:]}{date[2:4]}{date[:2]}T{clock}Z"),
        validity == "A",
        _degrees(float(latitude), north == "S"),
        _degrees(float(longitude), east == "W"),
        float(speed),
        float(course),
        int(status, 16),
        int(mcc),
        int(mnc),
        int(lac),
        int(cid),
    )


def read_v8(frame: bytes) -> tuple[Any, ...]:
    """Read a V8 sentence without Wi-Fi stations."""
    (
        vendor, tracker_id, kind, clock, validity, latitude, north, longitude, east,
        speed, course, date, status, mcc, mnc, lac, cid,
        satellites, csq, tenths, percent,
    ) = frame[1:-1].decode().split(",")  # fmt: skip
    return (
        vendor,
        tracker_id,
        kind,
        datetime.fromisoformat(f"20{date[4:]}{date[2:4]}{date[:2]}T{clock}Z"),
        validity == "A",
        _degrees(float(latitude), north == "S"),
        _degrees(float(longitude), east == "W"),
        float(speed),
        float(course),
        int(status, 16),
        int(mcc),
        int(mnc),
        int(lac),
        int(cid),
        int(satellites),
        int(csq),
        int(tenths) / 10,
        int(percent),
    )


def read_32(record: bytes) -> tuple[Any, ...]:
    """Read a `$` record of 32 bytes."""
    digits = record[1:29].hex()
    flags = record[21]
    return (
        digits[:10],
        datetime.fromisoformat(
            f"20{digits[20:22]}{digits[18:20]}{digits[16:18]}T{digits[10:16]}Z"
        ),
        flags & 2 != 0,
        _degrees(int(digits[22:30]) / 10_000.0, not flags & 4),
        _degrees(int(digits[32:41]) / 10_000.0, not flags & 8),
        float(digits[42:45]),
        float(digits[45:48]),
        int(digits[48:56], 16),
        record[16],
        record[31],
    )


def read_45(record: bytes) -> tuple[Any, ...]:
    """Read a `$` record of 45 bytes."""
    return (
        *read_32(record),
        record[31],
        record[32],
        int.from_bytes(record[33:37]),
        int.from_bytes(record[37:39]),
        record[39],
        int.from_bytes(record[40:42]),
        int.from_bytes(record[42:44]),
    )


def _degrees(minutes: float, is_negative: bool) -> float:
    degrees = (minutes - minutes // 100.0 * 40.0) / 60.0
    return -degrees if is_negative else degrees


FLOOR: Final = "plain-Python floor without checks"
"""What they are called in the table."""

REFERENCE_US: Final = {"V1": 1.29, "$ 32": 1.18}
"""What such floors take where the figures of this project were set, in µs."""

READERS: Final[dict[str, Callable[[bytes], object]]] = {
    "V1": read_v1,
    "V8": read_v8,
    "$ 32": read_32,
    "$ 45": read_45,
}
