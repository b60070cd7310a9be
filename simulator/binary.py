"""Encoder for the binary records `$` and `X` (protocol.md a.5 and a.6)."""

import struct

from .sample import Sample, angle_digits

# The vendor's unit of mileage, as its document prints it (protocol.md a.6).
METRES_PER_MILEAGE_UNIT = 0.51444

_EAST, _NORTH, _VALID = 8, 4, 2
_NO_USER_ALARM = 0xFF


def record_32(sample: Sample, number: int) -> bytes:
    """A `$` record of 32 bytes; `number` is its record number and wraps at 256."""
    return b"$" + _id(sample) + _common(sample) + _end(number)


def record_45(sample: Sample, number: int, mileage_km: int) -> bytes:
    """A `$` record of 45 bytes in the form with byte 29 = FF and mileage in km.

    Adds CSQ, satellites, mileage and cell to the 32-byte record. The cell has 16 bits
    for its id, so an LTE id arrives cut.
    """
    cell = sample.cell
    radio = struct.pack(
        ">BBBBIHBHHB",
        _NO_USER_ALARM,
        0,
        sample.csq,
        sample.satellites,
        mileage_km,
        cell.mcc if cell else 0,
        cell.mnc & 0xFF if cell else 0,
        cell.lac & 0xFFFF if cell else 0,
        cell.cid & 0xFFFF if cell else 0,
        number & 0xFF,
    )
    return b"$" + _id(sample) + _common(sample) + radio


def record_x(sample: Sample, number: int, mileage_m: float) -> bytes:
    """An `X` record: mileage in place of the id, so it belongs on a TCP connection."""
    units = round(mileage_m / METRES_PER_MILEAGE_UNIT)
    return b"X" + bytes.fromhex(f"{units:010d}") + _common(sample) + _end(number)


def _id(sample: Sample) -> bytes:
    if len(sample.tracker_id) != 10:
        raise ValueError("a binary record holds an id of 10 digits")
    return bytes.fromhex(sample.tracker_id)


def _common(sample: Sample) -> bytes:
    """Bytes 6 to 28: time, date, place, battery, speed, course, status."""
    latitude, longitude = sample.latitude or 0.0, sample.longitude or 0.0
    flags = (
        (_EAST if longitude >= 0 else 0)
        | (_NORTH if latitude >= 0 else 0)
        | (_VALID if sample.valid else 0)
    )
    return bytes.fromhex(
        f"{sample.utc:%H%M%S%d%m%y}"
        f"{angle_digits(latitude, 2)}"
        f"{sample.battery_level or 0:02x}"
        f"{angle_digits(longitude, 3)}{flags:x}"
        f"{round(sample.speed_knots):03d}{sample.whole_course:03d}"
        f"{sample.status:08x}"
    )


def _end(number: int) -> bytes:
    return bytes((_NO_USER_ALARM, 0, number & 0xFF))
