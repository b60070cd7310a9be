"""Binary records byte by byte (a.5, a.6)."""

from datetime import UTC, datetime

import pytest

from custom_components.sinotrack.h02 import (
    Cell,
    Fix,
    Foreign,
    Malformed,
    Status,
    decode,
    split,
)

from .frames import Record, record, record_42, record_45, record_x
from .read import read, refusal


def test_short_record_is_read_in_full() -> None:
    report = read(record())

    assert (report.type, report.tracker_id, report.vendor) == ("$", "4106011660", "")
    assert report.time == datetime(2016, 11, 13, 12, 45, 43, tzinfo=UTC)
    assert report.valid
    assert report.fix is not None
    assert report.fix.latitude == pytest.approx(50.58855, abs=1e-7)
    assert report.fix.longitude == pytest.approx(4.53035, abs=1e-7)
    assert (report.speed_knots, report.course) == (12.0, 123.0)
    assert report.status == Status(0xFFFFFBFF)
    assert (report.battery_level, report.battery_percent) == (6, 100)
    assert report.details == {"record_number": 0x24}
    assert (report.cell, report.mileage_km, report.csq) == (None, None, None)


@pytest.mark.parametrize(
    ("flags", "fix", "valid"),
    [
        ("e", Fix(30.0, 60.0), True),
        ("c", Fix(30.0, 60.0), False),
        ("a", Fix(-30.0, 60.0), True),
        ("6", Fix(30.0, -60.0), True),
        ("2", Fix(-30.0, -60.0), True),
        ("0", Fix(-30.0, -60.0), False),
        ("f", Fix(30.0, 60.0), True),  # bit 0 means nothing
        ("1", Fix(-30.0, -60.0), False),
    ],
)
def test_flags_share_a_byte_with_the_longitude(
    flags: str, fix: Fix, valid: bool
) -> None:
    report = read(record(latitude="30000000", longitude="060000000", flags=flags))

    assert (report.fix, report.valid) == (fix, valid)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("00000000", "000000000"),
        ("99999999", "999999999"),
        ("90000001", "000000000"),
        ("00000000", "180000001"),
    ],
)
def test_place_that_cannot_be_is_no_fix(latitude: str, longitude: str) -> None:
    report = read(record(latitude=latitude, longitude=longitude))

    assert (report.fix, report.valid) == (None, False)
    assert report.time is not None


@pytest.mark.parametrize(
    ("battery", "level", "percent"),
    [
        ("00", 0, None),
        ("01", 1, 0),
        ("04", 4, 60),
        ("07", 7, 7),
        ("64", 100, 100),
        ("65", 101, None),
        ("f0", 240, None),
        ("f1", 241, 0),
        ("f6", 246, 100),
        ("f7", 247, None),
        ("ff", 255, None),
    ],
)
def test_battery_is_a_level_or_a_percentage(
    battery: str, level: int, percent: int | None
) -> None:
    report = read(record(battery=battery))

    assert (report.battery_level, report.battery_percent) == (level, percent)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tracker_id": "410601166a"},
        {"clock": "240000"},
        {"clock": "126000"},
        {"clock": "120060"},
        {"clock": "1a0000"},
        {"date": "001116"},
        {"date": "321116"},
        {"date": "130016"},
        {"date": "131316"},
        {"date": "13111a"},
        {"latitude": "91000000"},
        {"latitude": "50600000"},
        {"latitude": "5035312a"},
        {"longitude": "190000000"},
        {"longitude": "004600000"},
        {"longitude": "00431821a"},
        {"speed": "01a"},
        {"course": "361"},
        {"course": "400"},
        {"course": "12a"},
    ],
    ids=str,
)
def test_what_is_not_bcd_in_range_is_no_record(wrong: dict[str, str]) -> None:
    assert isinstance(decode(record(**wrong)), Foreign | Malformed)
    assert split(record(**wrong)) == []


@pytest.mark.parametrize("course", ["000", "299", "300", "359", "360"])
def test_course_ends_at_a_full_circle(course: str) -> None:
    assert read(record(course=course)).course == int(course) % 360


@pytest.mark.parametrize("course", ["099", "199", "299", "300"])
@pytest.mark.parametrize("speed", ["000", "009", "199"])
def test_speed_and_course_share_a_byte(speed: str, course: str) -> None:
    report = read(record(speed=speed, course=course))

    assert (report.speed_knots, report.course) == (int(speed), int(course))


def test_date_before_the_clock_is_set_is_no_time() -> None:
    assert read(record(date="050180")).time is None
    assert read(record(date="300216")).time is None


@pytest.mark.parametrize("length", [0, 1, 6, 31])
def test_cut_record_is_none(length: int) -> None:
    assert not isinstance(decode(record()[:length]), type(read(record())))


def test_bytes_that_only_begin_like_a_record_are_refused() -> None:
    assert refusal(b"$hello, this is no record at all") == "not BCD in range"
    assert refusal(b"X") == "too short"


# --- longer records -------------------------------------------------------------------


def test_45_bytes_add_radio_mileage_and_cell() -> None:
    report = read(record_45())

    assert (report.csq, report.satellites) == (21, 10)
    assert report.mileage_km == 44.0
    assert report.cell == Cell(732, 12, 0, 0)
    assert report.details == {"record_number": 31}


def test_45_bytes_with_no_known_signal_tell_none() -> None:
    report = read(record_45(tail="ff00630a0000002c02dc0c000000001f"))

    assert (report.csq, report.satellites) == (None, 10)


def test_satellites_of_two_systems_share_a_byte() -> None:
    report = read(record_45(tail="ff00156b0000002c02dc0c000000001f"))

    assert report.satellites == 6 + 11


def test_45_bytes_of_newer_units_have_another_mileage() -> None:
    report = read(record_45(tail="01006a6e0000000001760d04e2c9934d"))

    assert (report.csq, report.satellites, report.mileage_km) == (None, None, None)
    assert report.cell == Cell(374, 13, 1250, 51603)
    assert report.details == {"record_number": 77, "mileage_raw": 0x01006A6E}


def test_47_bytes_add_the_supply() -> None:
    report = read(record(tail="ff00150a0000002c02dc0c0000000001081f"))

    assert report.voltage == 26.4
    assert (report.csq, report.satellites, report.mileage_km) == (21, 10, 44.0)
    assert report.cell == Cell(732, 12, 0, 0)
    assert report.details == {"record_number": 31}


def test_supply_of_47_bytes_stands_behind_the_cell() -> None:
    report = read(record(tail="ff00150a0000002c00ea0a04e2c99300791f"))

    assert report.voltage == 12.1
    assert report.cell == Cell(234, 10, 1250, 51603)


def test_46_bytes_add_tank_and_altitude() -> None:
    report = read(record(tail="ff03440069129344126332001151415a20"))

    assert report.details == {
        "odometer_raw": 69129344,
        "temperature_c": 18.0,
        "fuel_percent": 99.5,
        "altitude_m": 17.0,
    }
    assert report.cell == Cell(lac=0x5141, cid=0x5A20)


def test_46_bytes_with_an_odometer_that_is_none() -> None:
    report = read(record(tail="ff034400ffffffff126332001151415a20"))

    assert "odometer_raw" not in (report.details or {})


def test_51_bytes_tell_signal_satellites_and_supply() -> None:
    report = read(record(tail="ff04152a0000000001cc02ff000015007d0000000035"))

    assert (report.csq, report.satellites, report.voltage) == (21, 12, 12.5)
    assert report.details == {"record_number": 53}
    # A unit in Brazil tells the country code of China.
    assert (report.cell, report.mileage_km) == (None, None)


def test_51_bytes_with_no_satellites_say_nothing_of_them() -> None:
    """As one did beside a valid fix."""
    report = read(record(tail="ff0415000000000001cc02ff000015007d0000000035"))

    assert (report.csq, report.satellites) == (21, None)


@pytest.mark.parametrize(
    "tail",
    [
        "fe04152a0000000001cc02ff000015007d0000000035",
        "ff04152a0000000001cc02ff000015007d0000000135",
    ],
)
def test_51_bytes_of_another_form_claim_nothing(tail: str) -> None:
    report = read(record(tail=tail))

    assert (report.csq, report.voltage, report.details) == (None, None, None)


@pytest.mark.parametrize("length", [48, 51, 33])
def test_bytes_of_unknown_meaning_claim_nothing(length: int) -> None:
    report = read(record(tail="ff" + "5a" * (length - 30)))

    assert report.valid
    assert (report.details, report.cell, report.voltage) == (None, None, None)


# --- other forms ----------------------------------------------------------------------


def test_id_may_have_fifteen_digits() -> None:
    report = read(record_42())

    assert (report.type, report.tracker_id) == ("$", "352483084193293")
    assert report.time == datetime(2016, 11, 13, 12, 45, 43, tzinfo=UTC)
    assert report.valid
    assert (report.speed_knots, report.course) == (12.0, 123.0)
    assert report.battery_level == 6
    assert report.status == Status(0xFFFFFBFF)


def test_long_id_must_be_an_imei() -> None:
    """Another protocol has records of the same outline (a.8)."""
    wrong = record_42(tracker_id="3524830841932940")

    assert decode(wrong) == Foreign(wrong, "jt600")
    assert split(wrong) == []


def test_mileage_record_has_no_id() -> None:
    report = read(record_x())

    assert (report.type, report.tracker_id) == ("X", "")
    # A `$` record of the same unit and second says 504 km.
    assert report.mileage_km == pytest.approx(504.9223, abs=1e-3)
    assert (report.battery_level, report.battery_percent) == (None, None)
    assert report.details == {"temperature_raw": 6, "record_number": 0x24}
    assert report.valid


def test_records_of_the_tests_are_as_long_as_they_say() -> None:
    assert len(bytes(Record())) == 32
    assert [len(record_45()), len(record_42()), len(record_x())] == [45, 42, 32]
