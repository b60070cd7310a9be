"""What follows the status word (a.3, a.4)."""

from dataclasses import replace

import pytest

from custom_components.sinotrack.h02 import AccessPoint, Cell, Report, Status

from .frames import v1
from .read import read

HUGE = "9" * 5000


def tail(values: str, kind: str = "V1") -> Report:
    """Read a position with these values behind its status."""
    report = read(v1(kind=kind, tail=values))
    assert report.valid
    return report


def without_raw(report: Report) -> Report:
    """Give the values alone."""
    return replace(report, raw=b"")


# --- the serving cell -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "cell"),
    [
        ("460,00,10342,4283", Cell(460, 0, 10342, 4283)),
        ("310,00,20502,185608458", Cell(310, 0, 20502, 185608458)),  # LTE
        ("0,0,0,0", Cell(0, 0, 0, 0)),  # unknown (e.17)
        ("194,65,  96,b78f", Cell(0x194, 0x65, 0x96, 0xB78F)),  # LK
        ("106,14, 203,1cd", Cell(0x106, 0x14, 0x203, 0x1CD)),
        ("106,3,2513,1948", Cell(0x106, 3, 0x2513, 0x1948)),  # not a letter in it
        ("26d,12f,3f5a,ada3", Cell(0x26D, 0x12F, 0x3F5A, 0xADA3)),
        ("1CC,0,25FC,F48", Cell(0x1CC, 0, 0x25FC, 0xF48)),
        ("000106,000002,000203,004c87", Cell(0x106, 2, 0x203, 0x4C87)),
        ("000243,000000,000000,000001", Cell(0x243, 0, 0, 1)),
        ("460,11,d18e105,7752", None),  # hex behind a decimal country: swapped fields
        (" 460,000,27A6,0F70", None),
        ("460,00,10342,", None),
        ("460,00,-1,4283", None),
        ("0x1,0,0,0", None),
        ("1106,3,2513,1948", None),  # no country in any base
        (f"460,00,{HUGE},4283", None),
    ],
)
def test_base_of_a_cell_shows_in_its_form(sent: str, cell: Cell | None) -> None:
    assert tail(sent).cell == cell


@pytest.mark.parametrize("sent", ["460", "460,00,10342"])
def test_shorter_tail_is_no_cell(sent: str) -> None:
    report = tail(sent)

    assert report.cell is None
    assert report.details == {"extra": tuple(sent.split(","))}


# --- V1 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "percent"),
    [("1", 0), ("2", 10), ("3", 20), ("4", 60), ("5", 80), ("6", 100), ("0", None)],
)
def test_fifth_value_is_a_battery_level(level: str, percent: int | None) -> None:
    report = tail(f"460,00,10342,4283,{level}")

    assert (report.battery_level, report.battery_percent) == (int(level), percent)
    assert report.cell == Cell(460, 0, 10342, 4283)
    assert report.details is None


def test_value_alone_is_a_percentage() -> None:
    report = tail("92")

    assert (report.battery_percent, report.battery_level) == (92, None)


@pytest.mark.parametrize("sent", ["101", "-1", "523.4", "a"])
def test_other_value_alone_is_kept_as_it_is(sent: str) -> None:
    report = tail(sent)

    assert report.battery_percent is None
    assert report.details == {"extra": (sent,)}


def test_two_digits_behind_the_cell_are_no_level() -> None:
    report = tail("000106,000002,000203,004c87,24")

    assert report.battery_level is None
    assert report.details == {"extra": ("24",)}


def test_empty_values_behind_the_cell_are_nothing() -> None:
    report = tail("460,00,10342,4283,,")

    assert (report.battery_level, report.details) == (None, None)


def test_mictrack_sends_two_signals_and_the_supply() -> None:
    report = tail("460,00,10342,4283,10,25,128")

    assert report.voltage == 12.8
    assert report.details == {"gps_signal": 10, "gsm_signal": 25}


def test_three_values_that_are_no_signals_are_kept() -> None:
    report = tail("460,00,10342,4283,x,25,y")

    assert report.voltage is None
    assert report.details == {"extra": ("x", "25", "y")}


def test_fuel_unit_sends_its_tank() -> None:
    report = tail("69129336,-5,99.5,18,5141,5A20")

    assert report.details == {
        "odometer_raw": 69129336,
        "temperature_c": -5.0,
        "fuel_percent": 99.5,
        "altitude_m": 18.0,
    }
    assert report.cell == Cell(lac=0x5141, cid=0x5A20)


def test_tail_that_only_looks_like_that_of_the_fuel_unit_is_kept() -> None:
    report = tail("69129336,x,1.5,18,5141,5A20")

    assert report.cell is None
    assert report.details == {"extra": ("69129336", "x", "1.5", "18", "5141", "5A20")}


# --- other types ----------------------------------------------------------------------


def test_v5_adds_mileage_and_supply() -> None:
    report = tail("460,00,10342,4283,2921283,125", "V5")

    assert report.cell == Cell(460, 0, 10342, 4283)
    assert (report.voltage, report.details) == (12.5, {"mileage_raw": 2921283})
    assert tail("460,00,10342,4283,2921283", "V5").voltage is None
    assert tail("460,00,10342,4283", "V5").details is None
    assert tail(f"460,00,10342,4283,{HUGE},{HUGE}", "V5").details is None


@pytest.mark.parametrize(
    ("sent", "iccid"),
    [
        (",8949227221106570251F", "8949227221106570251F"),
        (",8949227221106570251F,", "8949227221106570251F"),
        (",8954315265044716555?", "8954315265044716555"),
        (",89543152650½", None),
        (",", None),
        ("", None),
    ],
)
def test_v6_adds_the_number_of_the_sim(sent: str, iccid: str | None) -> None:
    report = tail(f"262,03,49032,46083637{sent}", "V6")

    assert report.iccid == iccid
    assert report.cell == Cell(262, 3, 49032, 46083637)


@pytest.mark.parametrize(
    ("wifi", "points"),
    [
        ("", None),
        (
            "d076e794d03c,3a, d076e794d03d ,30,",
            (AccessPoint("d076e794d03c", -52), AccessPoint("d076e794d03d", -62)),
        ),
        ("d076e794d03c,-5,", None),
        ("d076e794d03c,,", None),
    ],
)
def test_last_four_of_v8_are_radio_and_power(
    wifi: str, points: tuple[AccessPoint, ...] | None
) -> None:
    report = tail(f"0,0,0,0,{wifi}22,31,126,0", "V8")

    assert (report.satellites, report.csq) == (22, 31)
    assert (report.voltage, report.battery_percent) == (12.6, 0)
    assert report.cell == Cell(0, 0, 0, 0)
    assert (report.details or {}).get("access_points") == points


@pytest.mark.parametrize("wifi", ["", "d076e794d03c,3a,"])
def test_comma_at_the_end_of_v8_moves_no_value(wifi: str) -> None:
    sent = f"0,0,0,0,{wifi}22,31,126,0"

    assert without_raw(tail(f"{sent},", "V8")) == without_raw(tail(sent, "V8"))


def test_last_value_of_v8_may_be_empty() -> None:
    report = tail("0,0,0,0,22,31,126,", "V8")

    assert (report.satellites, report.voltage) == (22, 12.6)
    assert report.battery_percent is None


def test_signal_that_is_not_known_is_none() -> None:
    assert tail("0,0,0,0,22,99,126,0", "V8").csq is None


@pytest.mark.parametrize("sent", ["0,0,0,0", "0,0,0,0,22,31,126", "22,31"])
def test_short_v8_claims_nothing(sent: str) -> None:
    report = tail(sent, "V8")

    assert (report.satellites, report.csq, report.voltage) == (None, None, None)


def test_v8_with_impossible_values_tells_none_of_them() -> None:
    report = tail("0,0,0,0,x,,-3,101", "V8")

    assert (report.satellites, report.csq) == (None, None)
    assert (report.voltage, report.battery_percent) == (None, None)


def test_v19_has_its_status_behind_the_sim() -> None:
    frame = v1(
        kind="V19", status="", tail="195.63.13.195,8954315265044716555?,BFFFFBFF"
    )

    report = read(frame)

    assert report.status == Status(0xBFFFFBFF)
    assert report.iccid == "8954315265044716555"
    assert report.details == {"number_or_ip": "195.63.13.195"}


def test_v19_may_lack_number_and_sim() -> None:
    report = read(v1(kind="V19", status="", tail=",,BFFFFBFF"))

    assert report.status == Status(0xBFFFFBFF)
    assert (report.iccid, report.details) == (None, None)


def test_status_of_v19_in_its_usual_place_counts() -> None:
    assert tail("x", "V19").status == Status(0xFFFFFBFF)


def test_digits_of_other_scripts_are_none() -> None:
    report = tail("460,00,١٠٣٤٢,4283,٢٢,٣,١٢٦,٩", "V8")

    assert (report.cell, report.satellites, report.csq) == (None, None, None)
    assert (report.voltage, report.battery_percent) == (None, None)
    assert report.time is not None
