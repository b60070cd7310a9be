"""The position block, regular and in all spellings seen (a.3)."""

from datetime import UTC, datetime

import pytest

from custom_components.sinotrack.h02 import Cell, Fix, Report, Status

from .frames import v1
from .read import read, read_text

HUGE = "9" * 5000


def place(latitude: str, north: str, longitude: str, east: str) -> Fix | None:
    """Give the fix of a sentence with these coordinates."""
    return read(v1(latitude=latitude, north=north, longitude=longitude, east=east)).fix


def test_regular_block_is_read_in_full() -> None:
    frame = v1(tail="460,00,10342,4283")

    report = read(frame)

    assert (report.raw, report.type) == (frame, "V1")
    assert (report.vendor, report.tracker_id) == ("HQ", "9170000001")
    assert report.time == datetime(2019, 6, 11, 12, 13, tzinfo=UTC)
    assert report.valid
    assert report.fix is not None
    assert report.fix.latitude == pytest.approx(22.5687233, abs=1e-7)
    assert report.fix.longitude == pytest.approx(113.85206, abs=1e-7)
    assert (report.speed_knots, report.course) == (12.3, 123.0)
    assert report.status == Status(0xFFFFFBFF)


# --- places ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("longitude", "degrees"),
    [
        ("00038.6508", 0.64418),
        ("38.6508", 0.64418),  # degrees omitted
        ("954.9490", 9.9158167),  # leading zeros omitted
        ("9733.2842", 97.5547367),
        ("06805.1470", 68.0857833),
        ("145037022", 145.06170333),  # no point
        ("37573392", 37.95565333),
        ("5.1234", 0.08539),  # degrees omitted, and a zero of the minutes
        ("51234", 0.08539),
        ("-48-2.8926", 48.04821),
        ("00507.33983", 5.1223305),  # five decimals
        (" 00507.33983 ", 5.1223305),  # padded
        ("18000.0000", 180.0),
        ("17959.9999", 179.99999833),
    ],
)
def test_two_digits_before_the_point_are_minutes(
    longitude: str, degrees: float
) -> None:
    fix = place("4900.0000", "N", longitude, "E")

    assert fix is not None
    assert fix.longitude == pytest.approx(degrees, abs=1e-7)


@pytest.mark.parametrize(
    ("north", "east", "south", "west"),
    [
        ("N", "E", 1, 1),
        ("S", "E", -1, 1),
        ("N", "W", 1, -1),
        (" S", "W ", -1, -1),
        ("s", "w", -1, -1),
    ],
)
def test_south_and_west_are_negative(
    north: str, east: str, south: int, west: int
) -> None:
    assert place("3000.0000", north, "06000.0000", east) == Fix(30 * south, 60 * west)


def test_sign_and_letter_together_mean_south_once() -> None:
    fix = place("-23-29.0095", "S", "-46-51.5852", "W")

    assert fix is not None
    assert fix.latitude == pytest.approx(-23.4834917, abs=1e-7)
    assert fix.longitude == pytest.approx(-46.8597533, abs=1e-7)


@pytest.mark.parametrize(
    "minutes", ["2.8926", "2.893", "2.9", "02.9", "2.89261", "12.9"]
)
def test_minutes_behind_a_sign_may_have_one_digit(minutes: str) -> None:
    fix = place("-23-35.3408", "S", f"-48-{minutes}", "W")

    assert fix is not None
    assert fix.longitude == pytest.approx(-48 - float(minutes) / 60, abs=1e-7)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("9999.9999", "99999.9999"),  # filler of units that never had a fix
        ("0000.0000", "00000.0000"),
        ("", ""),
        ("2234.1234", ""),
        ("", "11351.1236"),
        ("9000.0001", "11351.1236"),
        ("2234.1234", "18000.0001"),
        ("2260.0000", "11351.1236"),  # sixty minutes
        ("2234.1234", "11399.0000"),
        ("2234.", "11351.1236"),
        ("22.34.1234", "11351.1236"),
        ("+2234.1234", "11351.1236"),
        ("-2234.1234", "11351.1236"),  # a sign alone was never seen
        ("-23-29", "11351.1236"),
        ("-23-29.0-1", "11351.1236"),
        ("22_34.1234", "11351.1236"),
        ("2234.1e34", "11351.1236"),
        ("nan", "inf"),
        ("4.5", "1.5"),
        (".", "-"),
        ("0x22.1234", "11351.1236"),
        (HUGE, HUGE),
        (f"{HUGE}.1", f"{HUGE}.1"),
    ],
)
def test_what_is_no_place_on_earth_is_no_fix(latitude: str, longitude: str) -> None:
    report = read(v1(latitude=latitude, longitude=longitude))

    assert report.fix is None
    assert not report.valid
    # It costs nothing else.
    assert report.time == datetime(2019, 6, 11, 12, 13, tzinfo=UTC)
    assert (report.speed_knots, report.course) == (12.3, 123.0)
    assert report.status == Status(0xFFFFFBFF)


def test_one_zero_alone_is_a_place() -> None:
    assert place("0000.0000", "N", "00600.0000", "E") == Fix(0, 6)
    assert place("5130.0000", "N", "00000.0000", "W") == Fix(51.5, 0)


# --- validity -------------------------------------------------------------------------


@pytest.mark.parametrize("validity", ["A", "B", "0", "1"])
def test_fix_of_gps_or_beidou_or_coding_digit_is_valid(validity: str) -> None:
    assert read(v1(validity=validity)).valid


@pytest.mark.parametrize("validity", ["V", "", "X", "AA", "?"])
def test_any_other_fix_is_the_last_known_place(validity: str) -> None:
    report = read(v1(validity=validity))

    assert not report.valid
    assert report.fix is not None


# --- status and other shapes ----------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("fbffffff", Status(0xFBFFFFFF)),
        (" FFFFFBFF ", Status(0xFFFFFBFF)),
        ("FFFFBFF", None),  # once misprinted
        ("FFFFFBFG", None),
        ("0x123456", None),
        ("+FFFFFBF", None),
        ("FFFFFBFFF", None),
        ("", None),
    ],
)
def test_status_is_eight_hex_digits(sent: str, status: Status | None) -> None:
    report = read(v1(status=sent))

    assert report.status == status
    assert report.valid


@pytest.mark.parametrize("count", range(12))
def test_sentence_may_end_early(count: int) -> None:
    """VP1 lacks a status word, and any sentence may be cut by its maker."""
    fields = v1().decode().strip("*#").split(",")[: 3 + count]

    report = read(f"*{','.join(fields)}#".encode())

    assert report.type == "V1"
    assert (report.fix is not None) == (count > 5)
    assert report.speed_knots == (12.3 if count > 6 else None)
    assert report.course == (123.0 if count > 7 else None)
    assert (report.time is not None) == (count > 8)
    assert (report.status is not None) == (count > 9)


def test_battery_level_may_stand_before_the_date() -> None:
    report = read_text(
        "V1,054048,A,2828.2297,N,07733.4332,E,000.5,047,4,080918,EEE7FBDF,4261193,0"
    )

    assert (report.battery_level, report.battery_percent) == (4, 60)
    assert report.time == datetime(2018, 9, 8, 5, 40, 48, tzinfo=UTC)
    assert report.status == Status(0xEEE7FBDF)


def test_battery_level_behind_the_cell_may_be_padded() -> None:
    assert read(v1(tail="460,00,10342,4283, 6")).battery_level == 6


def test_battery_level_may_end_a_sentence() -> None:
    report = read_text("V1,054048,A,2828.2297,N,07733.4332,E,000.5,047,4")

    assert (report.battery_level, report.course) == (4, 47.0)
    assert (report.time, report.status) == (None, None)


def test_battery_level_before_the_date_may_be_empty() -> None:
    report = read_text(
        "V1,121314,A,5130.1234,N,00005.1234,E,3.34,47,,110619,FFFFFBFF,234,10,100,200"
    )

    assert (report.battery_level, report.course) == (None, 47.0)
    assert report.time == datetime(2019, 6, 11, 12, 13, 14, tzinfo=UTC)
    assert report.status == Status(0xFFFFFBFF)
    assert report.cell == Cell(234, 10, 100, 200)


def test_date_that_is_empty_is_not_taken_for_a_battery_level() -> None:
    report = read_text("V1,,V,4605.75732,N,01430.73863,E,0.00,0,,FFFFFFEF,234,10,1,2")

    assert report.time is None
    assert report.status == Status(0xFFFFFFEF)
    assert report.cell == Cell(234, 10, 1, 2)


@pytest.mark.parametrize(
    ("kind", "tail"), [("V1", "234,10,100,200,6"), ("V8", "234,10,100,200,22,31,126,0")]
)
def test_cell_is_found_where_the_status_is_missing(kind: str, tail: str) -> None:
    report = read_text(
        f"{kind},121314,A,5130.1234,N,00005.1234,E,3.34,47,110619,{tail}"
    )

    assert report.status is None
    assert report.cell == Cell(234, 10, 100, 200)
    assert report.battery_percent == (100 if kind == "V1" else 0)


def test_date_and_status_may_be_glued_together() -> None:
    report = read_text(
        "V1,061202,A,2235.0086,N,11354.3668,E,000.00,000,160716F7FFBBFF,460,00,1,2"
    )

    assert report.time == datetime(2016, 7, 16, 6, 12, 2, tzinfo=UTC)
    assert report.status == Status(0xF7FFBBFF)
    assert report.cell is not None


def test_letters_may_be_small() -> None:
    report = read(v1(validity="a", north="n", east="e", status="fffffbff"))

    assert report.valid
    assert report.fix == read(v1()).fix
    assert report.status == Status(0xFFFFFBFF)


@pytest.mark.parametrize(
    "kind", ["V1", "V2", "V5", "V6", "V8", "V19", "VI", "VI1", "V77"]
)
def test_position_has_the_same_form_in_all_its_types(kind: str) -> None:
    report, v1_report = read(v1(kind=kind)), read(v1())

    assert report.type == kind
    for name in Report.__dataclass_fields__.keys() - {"type", "raw"}:
        assert getattr(report, name) == getattr(v1_report, name)


def test_spelling_of_one_field_does_not_change_how_others_are_read() -> None:
    """The pattern of a regular block and the patterns of its fields agree."""
    fields = {
        "clock": ["121300", "", "1213"],
        "validity": ["A", "V", "9", "X"],
        "latitude": ["2234.1234", "34.1234", "2260.0000", ""],
        "speed": ["012.30", "", "5.", "1000"],
        "course": ["123", "99", "360", "400"],
        "date": ["110619", ""],
        "status": ["FFFFFBFF", "FFFBFF"],
    }
    for name, spellings in fields.items():
        for spelling in spellings:
            # A blank makes the block irregular and means nothing.
            regular = read(v1(**{name: spelling}))
            mended = read(v1(**{name: spelling, "longitude": " 11351.1236"}))
            regular.raw = mended.raw
            assert regular == mended, (name, spelling)
