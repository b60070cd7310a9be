"""Types that tell cells of the mobile network instead of a place (a.4)."""

from typing import Final

from .position import (
    DATE_BEHIND_CLOCK,
    FIRST_FIELD,
    begin_report,
    find_block,
    find_date,
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

# NBR: clock, country, network, timing advance, and the number of cells.
_BEFORE_CELLS: Final = 5


def read_v3(frame: bytes, fields: list[str]) -> Report:
    """Read cells and battery of Cantrack units, told by `X`; else a position."""
    values = fields[FIRST_FIELD:]
    if not is_v3_of_cells(values):
        return read_position(frame, fields)
    report = begin_report(frame, fields)
    clock, network, _, *groups = values[:-5]
    battery, reboot, _, date, status = values[-5:]
    report.time = read_time(clock, date)
    report.status = parse_status(status)
    report.cell = read_network(network[:3], network[3:])
    report.add(neighbours=_read_neighbours(groups, size=4), reboot=reboot)
    if (level := read_hex(battery)) is not None:
        report.add(battery_volts=round(level * _VOLTS_PER_COUNT, 3))
    return report


def read_nbr(frame: bytes, fields: list[str]) -> Report:
    """Read neighbour cells, sent instead of a position while there is no fix."""
    report = begin_report(frame, fields)
    values = fields[FIRST_FIELD:]
    if len(values) < _BEFORE_CELLS:
        report.add(extra=tuple(values))
        return report
    clock, mcc, mnc, advance, _ = values[:_BEFORE_CELLS]
    end = find_end_of_cells(values)
    date, status, level = (*values[end:], "", "", "")[:3]
    report.time = read_time(clock, date)
    report.status = parse_status(status)
    report.cell = read_network(mcc, mnc)
    report.add(neighbours=_read_neighbours(values[_BEFORE_CELLS:end], size=3))
    if (timing_advance := read_integer(advance)) is not None:
        report.add(timing_advance=timing_advance)
    read_battery_level(report, level)
    return report


def read_vp1(frame: bytes, fields: list[str]) -> Report:
    """Read a position without a time of day, or cells where there is no fix."""
    block_at = find_block(fields)
    if block_at is not None:
        report = read_block_at(frame, fields, block_at)
        date = (*fields, "", "", "")[block_at + DATE_BEHIND_CLOCK].strip()
        if len(date) == len("ddmmyy") and date.isdecimal():
            report.add(date=date)
        return report
    report = begin_report(frame, fields)
    report.valid = False
    mcc, mnc, *groups = (*fields[FIRST_FIELD + 1 :], "", "")
    report.cell = read_network(mcc, mnc)
    # `Y` stands between the groups, without commas around it.
    values = ",".join(groups).replace("Y", ",").split(",")
    report.add(neighbours=_read_neighbours(values, size=3))
    return report


def is_v3_of_cells(values: list[str]) -> bool:
    """Tell whether a V3 has cells, by what stands behind its type."""
    return len(values) >= 8 and values[-3].strip() == "X"


def find_end_of_cells(values: list[str]) -> int:
    """Give the index in an NBR, without its head, of what follows the cells.

    That is a date and a status word. The count says where, but may be wrong: if they do
    not stand there, they show by their form.
    """
    count = read_integer((*values, *[""] * _BEFORE_CELLS)[_BEFORE_CELLS - 1]) or 0
    end = min(_BEFORE_CELLS + 3 * count, len(values))
    if find_date(values[end : end + 2]) is not None:
        return end
    date_at = find_date(values[_BEFORE_CELLS:])
    return end if date_at is None else _BEFORE_CELLS + date_at


def _read_neighbours(values: list[str], *, size: int) -> tuple[Neighbour, ...]:
    """Read all groups of LAC, CID, level and more that are whole."""
    cells = []
    for start in range(0, len(values) - size + 1, size):
        lac, cid = read_integer(values[start]), read_integer(values[start + 1])
        if lac is not None and cid is not None:
            cells.append(Neighbour(lac, cid, values[start + 2]))
    return tuple(cells)
