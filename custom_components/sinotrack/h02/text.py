"""Text sentences: `*HQ,<id>,<type>,…#` (protocol.md a.3 and a.4).

A sentence is split once and its type chooses a reader, which makes the report. What a
reader cannot make sense of stays None or goes to `details["extra"]`: a field never
costs the rest of its sentence.
"""

from collections.abc import Callable
from functools import lru_cache
import re
from typing import Final

from .batch import read_batch
from .cells import read_nbr, read_v3, read_vp1
from .foreign import refuse
from .position import (
    DATE_BEHIND_CLOCK,
    FIRST_FIELD,
    begin_report,
    find_block,
    find_date,
    read_block_at,
    read_date,
    read_position,
    read_without_place,
)
from .report import Foreign, Malformed, Report
from .status import Alarm, parse_status
from .values import read_integer, read_percent, read_stamp, read_time

_VENDOR: Final = re.compile(r"[A-Za-z]{2}")
_TRACKER_ID: Final = re.compile(r"[0-9]{0,16}")
_NUMBERED: Final = re.compile(r"V[0-9]+")

type _Reader = Callable[[bytes, list[str]], Report | Malformed]

_ALRM_TYPES: Final = {"1": Alarm.SOS, "2": Alarm.LOW_BATTERY, "3": Alarm.GEOFENCE}


def decode_text(frame: bytes) -> Report | Foreign | Malformed:
    """Read one sentence from `*` to `#` that is not regular as a whole.

    Another protocol gives Foreign; an id that is none, an unknown type or a batch of
    too many records gives Malformed.
    """
    # A byte beyond ASCII is no digit, and costs its field alone.
    fields = frame[1:-1].decode("ascii", "replace").split(",")
    if len(fields) < FIRST_FIELD or frame[-1:] != b"#":
        return refuse(frame, "no sentence")
    reader = _find_reader(*fields[:FIRST_FIELD])
    if isinstance(reader, str):
        return refuse(frame, reader)
    return reader(frame, fields)


@lru_cache(maxsize=1024)
def _find_reader(vendor: str, tracker_id: str, kind: str) -> _Reader | str:
    """Check what every sentence begins with and give the reader of its type.

    Gives the reason where there is none. A tracker begins all its sentences alike,
    hence the cache.
    """
    if not _VENDOR.fullmatch(vendor):
        return "no maker code"
    if not _TRACKER_ID.fullmatch(tracker_id):
        return "no tracker id"
    if _NUMBERED.fullmatch(kind):
        return _READERS.get(kind, read_position)
    return _READERS.get(kind, "unknown type")


def _read_v4(frame: bytes, fields: list[str]) -> Report:
    """Read the confirmation of a command, with a position or without (c.1).

    The time of the command stands right before the position, if both are there.
    """
    command, *values = fields[FIRST_FIELD:] or [""]
    block_at = find_block(fields)
    if block_at is not None:
        report = read_block_at(frame, fields, block_at)
        values = fields[FIRST_FIELD + 1 : block_at]
        if values and values[-1].strip().isdecimal():
            report.add(command_time=values.pop().strip())
    else:
        report = begin_report(frame, fields)
        date_at = find_date(values)
        if date_at is not None and date_at > DATE_BEHIND_CLOCK:
            # The form of a unit that never had a fix, which has no hemisphere letters.
            clock_at = date_at - DATE_BEHIND_CLOCK
            report.valid = False
            read_date(report, values, clock_at=clock_at, date_at=date_at)
            report.add(command_time=values[clock_at - 1].strip())
            values = values[: clock_at - 1]
        elif values and len(values[0]) == len("yyyymmddhhmmss"):
            report.time = read_stamp(values.pop(0))
        elif values and len(values[0]) == len("hhmmss") and values[0].isdecimal():
            report.add(command_time=values.pop(0))
    report.add(command=command.strip())
    if values:
        report.add(result=tuple(values))
    return report


def _read_alrm(frame: bytes, fields: list[str]) -> Report:
    """Read what the alarm is, then a position."""
    report = read_position(frame, fields)
    alarm = _ALRM_TYPES.get((*fields, "")[FIRST_FIELD])
    if alarm is not None:
        report.add(alarm=alarm)
    return report


def _read_link(frame: bytes, fields: list[str]) -> Report:
    """Read a heartbeat with signal, satellites and battery."""
    clock, gsm, satellites, battery, steps, turnovers, date, status = (
        *fields[FIRST_FIELD:],
        *("",) * 8,
    )[:8]
    report = begin_report(frame, fields)
    report.time = read_time(clock, date)
    report.status = parse_status(status)
    report.satellites = read_integer(satellites)
    report.battery_percent = read_percent(battery)
    if (gsm_percent := read_percent(gsm)) is not None:
        report.add(gsm_percent=gsm_percent)
    if (step_count := read_integer(steps)) is not None:
        report.add(steps=step_count)
    if (turnover_count := read_integer(turnovers)) is not None:
        report.add(turnovers=turnover_count)
    return report


def _read_htbt(frame: bytes, fields: list[str]) -> Report:
    """Read a heartbeat, which has a battery percentage at most."""
    report = begin_report(frame, fields)
    report.battery_percent = read_percent((*fields, "")[FIRST_FIELD])
    return report


def _read_sms(frame: bytes, fields: list[str]) -> Report:
    """Take all that follows the third comma, commas included."""
    report = begin_report(frame, fields)
    text = frame[1:-1].decode("utf-8", "replace")
    report.text = ",".join(text.split(",")[FIRST_FIELD:])
    return report


_READERS: Final[dict[str, _Reader]] = {
    "V0": read_without_place,
    "V3": read_v3,
    "V4": _read_v4,
    "VI1": read_position,
    "VI": read_position,
    "VP1": read_vp1,
    "NBR": read_nbr,
    "LINK": _read_link,
    "HTBT": _read_htbt,
    "XT": read_without_place,
    "SMS": _read_sms,
    "BC": read_batch,
    "ALRM": _read_alrm,
    "BS": read_without_place,
    "BASE": read_without_place,
    "": read_without_place,
}
"""Types known; V with any other number has a position, as V1 has."""
