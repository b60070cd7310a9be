"""Types that tell cells of the mobile network instead of a place (a.4)."""

from typing import Final

from .position import (
    FIRST_FIELD,
    begin_report,
    find_latitude_letter,
    read_block_at,
    read_position,
)
from .report import Neighbour, Report
from .status import parse_status
from .values import (
    read_battery_level,
    read_hex,
    read_integer,
    read_network,
    read_time,
)

# V3: 10-bit analogue value (a.4).
_VOLTS_PER_COUNT: Final = 5.6 / 1024


def read_v3(frame: bytes, fields: list[str]) -> Report:
    """Read cells and battery of Cantrack units, told by `X`; else a position."""
    values = fields[FIRST_FIELD:]
    if len(values) < 8 or values[-3] != "X":
        return read_position(frame, fields)
    report = begin_report(frame, fields)
    clock, network, count, *groups = values[:-5]
    battery, reboot, _, date, status = values[-5:]
    report.time = read_time(clock, date)
    report.status = parse_status(status)
    report.cell = read_network(network[:3], network[3:])
    neighbours, _ = _read_neighbours(groups, count, size=4)
    report.add(neighbours=neighbours, reboot=reboot)
    if (level := read_hex(battery)) is not None:
        report.add(battery_volts=round(level * _VOLTS_PER_COUNT, 3))
    return report


def read_nbr(frame: bytes, fields: list[str]) -> Report:
    """Read neighbour cells, sent instead of a position while there is no fix."""
    report = begin_report(frame, fields)
    values = fields[FIRST_FIELD:]
    if len(values) < 5:
        report.add(extra=tuple(values))
        return report
    clock, mcc, mnc, advance, count = values[:5]
    neighbours, rest = _read_neighbours(values[5:], count, size=3)
    date, status, level = (*rest, "", "", "")[:3]
    report.time = read_time(clock, date)
    report.status = parse_status(status)
    report.cell = read_network(mcc, mnc)
    report.add(neighbours=neighbours)
    if (timing_advance := read_integer(advance)) is not None:
        report.add(timing_advance=timing_advance)
    read_battery_level(report, level)
    return report


def read_vp1(frame: bytes, fields: list[str]) -> Report:
    """Read a position without a time of day, or cells where there is no fix."""
    anchor = find_latitude_letter(fields)
    if anchor is not None:
        report = read_block_at(frame, fields, anchor)
        date = (*fields, "", "", "", "", "")[anchor + 5]
        if len(date) == len("ddmmyy") and date.isdecimal():
            report.add(date=date)
        return report
    report = begin_report(frame, fields)
    report.valid = False
    mcc, mnc, *groups = (*fields[FIRST_FIELD + 1 :], "", "")
    report.cell = read_network(mcc, mnc)
    # `Y` stands between the groups, without commas around it.
    values = ",".join(groups).replace("Y", ",").split(",")
    neighbours, _ = _read_neighbours(values, str(len(values) // 3), size=3)
    report.add(neighbours=neighbours)
    return report


def _read_neighbours(
    values: list[str], count: str, *, size: int
) -> tuple[tuple[Neighbour, ...], list[str]]:
    """Read groups of LAC, CID, level and more; give them and what follows."""
    groups = min(read_integer(count) or 0, len(values) // size)
    cells = []
    for start in range(0, groups * size, size):
        lac, cid = read_integer(values[start]), read_integer(values[start + 1])
        if lac is not None and cid is not None:
            cells.append(Neighbour(lac, cid, values[start + 2]))
    return tuple(cells), values[groups * size :]
