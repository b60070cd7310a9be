"""What follows the status word of a position, by type and firmware (a.3, a.4)."""

from collections.abc import Callable
from typing import Final

from .report import AccessPoint, Cell, Report
from .status import parse_status
from .values import (
    read_battery_level,
    read_cell,
    read_csq,
    read_hex,
    read_iccid,
    read_integer,
    read_number,
    read_percent,
    read_tenths,
)

# Wi-Fi levels are sent as hex above this floor (a.4).
_RSSI_OFFSET_DBM: Final = 110


def read_cell_tail(report: Report, tail: str) -> None:
    """Read the tails of V1, V2 and unknown V types, told apart by length (a.3)."""
    commas = tail.count(",")
    if commas == 3:
        report.cell = read_cell(tail)
    elif commas > 3:
        _read_long_tail(report, tail)
    elif not commas and (percent := read_percent(tail)) is not None:
        report.battery_percent = percent
    else:
        report.add(extra=tuple(tail.split(",")))


def _read_long_tail(report: Report, tail: str) -> None:
    """Read what stands behind the cell: a battery level, or the values of Mictrack."""
    rest = _take_cell(report, tail)
    if len(rest) == 1 and len(rest[0].strip()) == 1:
        read_battery_level(report, rest[0])
    elif len(rest) == 2 and "." in tail:
        _read_fuel_tail(report, tail)
    elif len(rest) == 3:
        _read_mictrack_values(report, *rest)
    elif any(rest):
        report.add(extra=tuple(rest))


def _take_cell(report: Report, tail: str) -> list[str]:
    """Read the serving cell, which opens most tails, and give what follows."""
    values = tail.split(",")
    report.cell = read_cell(",".join(values[:4]))
    return values[4:]


def _read_mictrack_values(report: Report, gps: str, gsm: str, tenths: str) -> None:
    """Read two signals of unknown unit and the supply voltage (a.3)."""
    gps_signal, gsm_signal = read_integer(gps), read_integer(gsm)
    report.voltage = read_tenths(tenths)
    if gps_signal is None or gsm_signal is None:
        report.add(extra=(gps, gsm, tenths))
    else:
        report.add(gps_signal=gps_signal, gsm_signal=gsm_signal)


def _read_fuel_tail(report: Report, tail: str) -> None:
    """Read odometer, temperature, fuel, altitude and hex cell of one unit (e.26)."""
    values = tail.split(",")
    odometer, temperature, fuel, altitude = (read_number(text) for text in values[:4])
    if odometer is None or temperature is None or fuel is None or altitude is None:
        report.add(extra=tuple(values))
        return
    report.add(
        odometer_raw=int(odometer),
        temperature_c=temperature,
        fuel_percent=fuel,
        altitude_m=altitude,
    )
    report.cell = Cell(lac=read_hex(values[4]), cid=read_hex(values[5]))


def _read_v5_tail(report: Report, tail: str) -> None:
    """Read cell, mileage in an unknown unit, and the supply voltage where sent."""
    mileage, tenths = (*_take_cell(report, tail), "", "")[:2]
    if (mileage_raw := read_integer(mileage)) is not None:
        report.add(mileage_raw=mileage_raw)
    report.voltage = read_tenths(tenths)


def _read_v6_tail(report: Report, tail: str) -> None:
    """Read cell and the ICCID of the SIM, once at power-on."""
    iccid = (*_take_cell(report, tail), "")[0]
    report.iccid = read_iccid(iccid)


def _read_v8_tail(report: Report, tail: str) -> None:
    """Read cell and Wi-Fi stations; the last four are the same in every form (a.4)."""
    if tail.endswith(",") and tail.count(",") % 2 == 0:
        # Four of the cell, pairs, and four more: of these commas one ends the sentence.
        tail = tail.removesuffix(",")
    network, *last = tail.rsplit(",", 4)
    commas = network.count(",")
    if commas < 3:
        _take_cell(report, tail)
        return
    satellites, csq, tenths, percent = last
    report.satellites = read_integer(satellites)
    report.csq = read_csq(csq)
    report.voltage = read_tenths(tenths)
    report.battery_percent = read_percent(percent)
    if commas == 3:
        report.cell = read_cell(network)
    elif points := _read_access_points(_take_cell(report, network)):
        report.add(access_points=tuple(points))


def _read_access_points(values: list[str]) -> list[AccessPoint]:
    """Read pairs of BSSID and level, both hex (a.4)."""
    pairs = zip(values[::2], values[1::2], strict=False)
    return [
        AccessPoint(bssid.strip(), level - _RSSI_OFFSET_DBM)
        for bssid, text in pairs
        if (level := read_hex(text)) is not None
    ]


def _read_v19_tail(report: Report, tail: str) -> None:
    """Read number or address, ICCID and, only here, the status word behind them.

    An empty field stands before them where V1 has its status (a.4).
    """
    number, iccid, status = (*tail.split(","), "", "")[:3]
    if number:
        report.add(number_or_ip=number)
    report.iccid = read_iccid(iccid)
    report.status = report.status or parse_status(status)


TAILS: Final[dict[str, Callable[[Report, str], None]]] = {
    "V5": _read_v5_tail,
    "V6": _read_v6_tail,
    "V8": _read_v8_tail,
    "V19": _read_v19_tail,
    "VP1": read_battery_level,
}
"""Types with a tail of their own; all others have that of V1."""
