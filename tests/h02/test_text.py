"""Sentences: who sent what (a.1, a.2, a.4)."""

from datetime import UTC, datetime

import pytest

from custom_components.sinotrack.h02 import Alarm, Cell, Foreign, Status, decode

from .frames import v1
from .read import details, read, read_text, refusal

POSITION = "050316,A,2212.8745,N,11346.6574,E,14.28,028,220902,FFFFFBFF"


# --- maker code, id, type -------------------------------------------------------------


@pytest.mark.parametrize("vendor", ["HQ", "hq", "TH", "Xy"])
def test_maker_code_is_any_two_letters(vendor: str) -> None:
    assert read(v1(vendor=vendor)).vendor == vendor


@pytest.mark.parametrize(
    "tracker_id", ["", "123", "0000000001", "866104011702712", "0" * 16]
)
def test_id_is_kept_as_it_was_sent(tracker_id: str) -> None:
    assert read(v1(tracker_id=tracker_id)).tracker_id == tracker_id


@pytest.mark.parametrize("vendor", ["", "H", "HQQ", "H1", "ÄÖ"])
def test_other_maker_code_is_refused(vendor: str) -> None:
    assert refusal(v1(vendor=vendor)) == "no maker code"


@pytest.mark.parametrize(
    "tracker_id", ["0" * 17, "12a", "-1", "+1", " 1", "١٢٣", "1_0"]
)
def test_other_id_is_refused(tracker_id: str) -> None:
    assert refusal(v1(tracker_id=tracker_id)) == "no tracker id"
    assert refusal(f"*HQ,{tracker_id},SMS,x#".encode()) == "no tracker id"


@pytest.mark.parametrize(
    "kind", ["V", "Va", "v1", "V1 ", "V-1", "R12", "ZZ", "VI2", "V\u0661"]
)
def test_unknown_type_is_refused(kind: str) -> None:
    assert refusal(v1(kind=kind)) == "unknown type"


@pytest.mark.parametrize(
    "frame", [b"*#", b"*", b"*HQ#", b"*HQ,1#", b"*HQ,1,V1", b"*HQ,1,V1#\n"]
)
def test_what_is_no_sentence_is_refused(frame: bytes) -> None:
    assert refusal(frame) == "no sentence"


def test_sentence_of_another_protocol_is_named() -> None:
    frame = b"*ET,358999999999916,OB,BD$V14.2;R0825#"

    assert decode(frame) == Foreign(frame, "easytrack")


@pytest.mark.parametrize("speed", ["012.30", " 12.30", "½", "१२"])
def test_byte_beyond_ascii_costs_its_field_alone(speed: str) -> None:
    report = read(v1(speed=speed, tail="½"))

    assert report.fix == read(v1()).fix
    assert report.speed_knots == (12.3 if speed.isascii() else None)
    assert report.battery_percent is None


def test_empty_type_is_a_sign_of_life() -> None:
    report = read(b"*HQ,4109198974,#")

    assert (report.type, report.tracker_id) == ("", "4109198974")
    assert report.details is None


# --- confirmations --------------------------------------------------------------------


def test_long_confirmation_carries_command_and_position() -> None:
    report = read_text(f"V4,S20,ERROR,130305,{POSITION}")

    assert report.details == {
        "command": "S20",
        "command_time": "130305",
        "result": ("ERROR",),
    }
    assert report.valid
    assert report.time == datetime(2002, 9, 22, 5, 3, 16, tzinfo=UTC)
    assert report.status == Status(0xFFFFFBFF)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("V1", {"command": "V1"}),
        ("V1,20260601120000", {"command": "V1"}),
        ("SCF,061837," + POSITION, {"command": "SCF", "command_time": "061837"}),
        (
            "S20,034313,1,1",
            {"command": "S20", "command_time": "034313", "result": ("1", "1")},
        ),
        ("S20,OK", {"command": "S20", "result": ("OK",)}),
        ("S1," + POSITION, {"command": "S1"}),
        ("S20,OK," + POSITION, {"command": "S20", "result": ("OK",)}),
        ("S20, 034313 ," + POSITION, {"command": "S20", "command_time": "034313"}),
        (
            "S40,2,1800,FF,093234," + POSITION,
            {"command": "S40", "command_time": "093234", "result": ("2", "1800", "FF")},
        ),
        ("", {"command": ""}),
    ],
)
def test_confirmation(fields: str, expected: dict[str, object]) -> None:
    assert details(f"V4,{fields}") == expected
    assert read_text(f"V4,{fields}").valid is (POSITION in fields or None)


def test_confirmation_of_a_unit_that_never_had_a_fix_keeps_time_and_status() -> None:
    """Its relay is bit 27 of it."""
    report = read_text(
        "V4,S20,OK,061158,061202,V,0.0000,0,0.0000,0,0.00,0,160716,F7FFBBFF,460,00,1,2"
    )

    assert report.details == {
        "command": "S20",
        "command_time": "061158",
        "result": ("OK",),
    }
    assert not report.valid
    assert report.time == datetime(2016, 7, 16, 6, 12, 2, tzinfo=UTC)
    assert report.status == Status(0xF7FFBBFF)
    assert report.cell == Cell(460, 0, 1, 2)


def test_confirmation_without_anything() -> None:
    assert details("V4") == {"command": ""}


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        ("20260601120005", datetime(2026, 6, 1, 12, 0, 5, tzinfo=UTC)),
        ("20260631120005", None),
        ("20260601240000", None),
        ("00000000000000", None),
        ("2026060112000x", None),
    ],
)
def test_confirmation_may_carry_a_clock(stamp: str, time: datetime | None) -> None:
    assert read_text(f"V4,V1,{stamp}").time == time


# --- heartbeats and the rest ----------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "percent"),
    [
        ("HTBT", None),
        ("HTBT,100", 100),
        ("HTBT,0", 0),
        ("HTBT,101", None),
        ("HTBT,", None),
    ],
)
def test_heartbeat_may_tell_the_battery(fields: str, percent: int | None) -> None:
    assert read_text(fields).battery_percent == percent


def test_link_tells_signal_satellites_and_battery() -> None:
    report = read_text("LINK,180902,15,3,84,7,9,240517,FFFFFBFF")

    assert report.time == datetime(2017, 5, 24, 18, 9, 2, tzinfo=UTC)
    assert (report.satellites, report.battery_percent) == (3, 84)
    assert report.status == Status(0xFFFFFBFF)
    assert report.details == {"gsm_percent": 15, "steps": 7, "turnovers": 9}


@pytest.mark.parametrize("fields", ["LINK", "LINK,", "LINK,x,-1,x,101,x,x,x,x"])
def test_link_invents_nothing(fields: str) -> None:
    report = read_text(fields)

    assert (report.time, report.satellites, report.status) == (None, None, None)
    assert (report.battery_percent, report.details) == (None, None)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ("SMS,SET OK", "SET OK"),
        ("SMS,a,b,,c", "a,b,,c"),
        ("SMS,VOLT:13.1V\nGSM:26#1", "VOLT:13.1V\nGSM:26#1"),
        ("SMS,Größe *1", "Größe *1"),
        ("SMS,", ""),
        ("SMS", ""),
    ],
)
def test_text_is_all_that_follows_the_third_comma(fields: str, text: str) -> None:
    assert read_text(fields).text == text


def test_text_that_is_no_utf_8_is_read_as_far_as_it_goes() -> None:
    assert read(b"*HQ,1,SMS,21\xb0C#").text == "21�C"


@pytest.mark.parametrize(
    ("number", "alarm"),
    [("1", Alarm.SOS), ("2", Alarm.LOW_BATTERY), ("3", Alarm.GEOFENCE)],
)
def test_alarm_tells_what_it_was_sent_for(number: str, alarm: Alarm) -> None:
    report = read_text(f"ALRM,{number},{POSITION}")

    assert report.alarms == (alarm,)
    assert report.valid


def test_alarm_of_type_and_status_is_one() -> None:
    fields = POSITION.replace("FFFFFBFF", "FFFFFBFC")

    assert read_text(f"ALRM,1,{fields}").alarms == (Alarm.SOS, Alarm.THEFT)
    assert read_text(f"ALRM,3,{fields}").alarms == (
        Alarm.GEOFENCE,
        Alarm.SOS,
        Alarm.THEFT,
    )


@pytest.mark.parametrize("fields", ["ALRM", "ALRM,", "ALRM,9"])
def test_alarm_without_a_meaning_is_none(fields: str) -> None:
    assert read_text(fields).alarms == ()


@pytest.mark.parametrize(
    ("fields", "extra"),
    [
        ("XT", None),
        ("XT,1,100", ("1", "100")),
        ("BS,,2d4,a,1b63", ("", "2d4", "a", "1b63")),
        ("V0", None),
        ("V0,", None),
    ],
)
def test_values_without_a_known_meaning_are_kept(
    fields: str, extra: tuple[str, ...] | None
) -> None:
    assert details(fields).get("extra") == extra


def test_base_keeps_time_and_status() -> None:
    report = read_text("BASE,152609,0,0,0,0,211014,FFFFFFFF")

    assert report.time == datetime(2014, 10, 21, 15, 26, 9, tzinfo=UTC)
    assert report.status == Status(0xFFFFFFFF)


def test_base_may_end_with_its_cell() -> None:
    report = read_text("BASE,152609,0,0,0,0,211014,FFFFFFFF,460,0,9692,3912")

    assert report.cell == Cell(460, 0, 9692, 3912)
