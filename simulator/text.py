"""Encoder for the text sentences `*HQ,<id>,<type>,…#` (protocol.md a.2 to a.4).

Each function gives the bytes of one sentence from `*` to `#`. Padding follows the
SinoTrack samples: speed `015.70`, course `045`, network `03`.
"""

from collections.abc import Iterable

from .sample import Neighbour, Sample, WifiPoint, angle_digits

# What a 4G unit sends before its first fix (protocol.md a.3, no-fix forms).
_NEVER_FIXED = "9999.9999,N,99999.9999,E"


def v1(sample: Sample) -> bytes:
    """Periodic position of 2G units: block, cell and battery level 1..6 where known."""
    tail = [] if sample.cell is None else [_cell(sample)]
    if tail and sample.battery_level is not None:
        tail.append(str(sample.battery_level))
    return _sentence(sample, "V1", _block(sample), _status(sample), *tail)


def v6(sample: Sample, iccid: str) -> bytes:
    """Sentence of 4G units, once at power-on: block, cell and the SIM's ICCID."""
    return _sentence(
        sample, "V6", _block(sample), _status(sample), _cell(sample), iccid
    )


def v8(sample: Sample, wifi: Iterable[WifiPoint] = ()) -> bytes:
    """Periodic position of 4G units.

    Block, cell, access points (RSSI = hex - 110 dBm), satellites, CSQ, voltage in
    0.1 V, battery %.
    """
    points = [f"{point.bssid},{point.rssi + 110:02x}" for point in wifi]
    supply = [
        str(sample.satellites),
        str(sample.csq),
        str(round(sample.voltage * 10)),
        str(sample.battery_percent),
    ]
    return _sentence(
        sample, "V8", _block(sample), _status(sample), _cell(sample), *points, *supply
    )


def v19(sample: Sample, number: str, iccid: str) -> bytes:
    """Sentence of 2015 to 2017 units: the status comes last, after the SIM's fields."""
    return _sentence(sample, "V19", _block(sample), "", number, iccid, _status(sample))


def v4(
    sample: Sample, command: str, command_time: str, results: Iterable[str] = ()
) -> bytes:
    """Confirmation of a command; `command_time` is the hhmmss of that command."""
    cell = [] if sample.cell is None else [_cell(sample)]
    return _sentence(
        sample,
        "V4",
        command,
        *results,
        command_time,
        _block(sample),
        _status(sample),
        *cell,
    )


def nbr(
    sample: Sample, neighbours: Iterable[Neighbour] = (), timing_advance: int = 0
) -> bytes:
    """Neighbour cells, sent by 2G units in place of V1 while there is no fix."""
    cells = list(neighbours)
    mcc, mnc = (0, 0) if sample.cell is None else (sample.cell.mcc, sample.cell.mnc)
    level = [] if sample.battery_level is None else [str(sample.battery_level)]
    return _sentence(
        sample,
        "NBR",
        f"{sample.utc:%H%M%S},{mcc},{mnc},{timing_advance},{len(cells)}",
        *(f"{cell.lac},{cell.cid},{cell.rxlev}" for cell in cells),
        f"{sample.utc:%d%m%y}",
        _status(sample),
        *level,
    )


def link_sentence(
    sample: Sample, gsm: int, steps: int = 0, turnovers: int = 0
) -> bytes:
    """Heartbeat with radio quality 0..100, satellites and battery %."""
    return _sentence(
        sample,
        "LINK",
        f"{sample.utc:%H%M%S},{gsm},{sample.satellites},{sample.battery_percent}",
        f"{steps},{turnovers},{sample.utc:%d%m%y}",
        _status(sample),
    )


def htbt(sample: Sample, battery_percent: int | None = None) -> bytes:
    """Heartbeat that wants an echo; some units add their battery %."""
    level = [] if battery_percent is None else [str(battery_percent)]
    return _sentence(sample, "HTBT", *level)


def v0(sample: Sample) -> bytes:
    """Login that wants an echo."""
    return _sentence(sample, "V0")


def xt(sample: Sample, *params: str) -> bytes:
    """Heartbeat of HST units, with whatever parameters they add."""
    return _sentence(sample, "XT", *params)


def sms(sample: Sample, answer: str) -> bytes:
    """Answer to a command that came as plain text; may hold line breaks."""
    return _sentence(sample, "SMS", answer)


def _sentence(sample: Sample, kind: str, *fields: str) -> bytes:
    text = ",".join((f"*{sample.maker}", sample.tracker_id, kind, *fields))
    return f"{text}#".encode()


def _block(sample: Sample) -> str:
    """Time, validity, place, speed, course, date: fields 3 to 11 (protocol.md a.3)."""
    return (
        f"{sample.utc:%H%M%S},{'A' if sample.valid else 'V'},{_place(sample)},"
        f"{sample.speed_knots:06.2f},{sample.whole_course:03d},{sample.utc:%d%m%y}"
    )


def _place(sample: Sample) -> str:
    if sample.latitude is None or sample.longitude is None:
        return _NEVER_FIXED
    latitude = angle_digits(sample.latitude, 2)
    longitude = angle_digits(sample.longitude, 3)
    return (
        f"{latitude[:4]}.{latitude[4:]},{'S' if sample.latitude < 0 else 'N'},"
        f"{longitude[:5]}.{longitude[5:]},{'W' if sample.longitude < 0 else 'E'}"
    )


def _status(sample: Sample) -> str:
    return f"{sample.status:08X}"


def _cell(sample: Sample) -> str:
    """Four decimal numbers, zeros when unknown (protocol.md a.3, tail)."""
    if sample.cell is None:
        return "0,0,0,0"
    cell = sample.cell
    return f"{cell.mcc},{cell.mnc:02d},{cell.lac},{cell.cid}"
