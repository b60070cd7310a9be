"""Sentences that would tell a place and have no hemisphere letters (a.3, a.4)."""

from datetime import UTC, datetime

import pytest

from custom_components.sinotrack.h02 import Cell, Status

from .read import read_text


def test_sentence_without_hemispheres_keeps_time_and_status() -> None:
    report = read_text("V1,000023,V,0.0000,0,0.0000,0,0.00,0,010119,FFFFFBFF")

    assert report.fix is None
    assert report.valid is False
    assert report.time == datetime(2019, 1, 1, 0, 0, 23, tzinfo=UTC)
    assert report.status == Status(0xFFFFFBFF)


@pytest.mark.parametrize("validity", ["V", "v", " V", "A", "0", ""])
def test_sentence_without_hemispheres_is_not_valid(validity: str) -> None:
    block = f"000023,{validity},0.0000,0,0.0000,0,0.00,0,010119,FFFFFBFF"

    assert read_text(f"V1,{block}").valid is False
    assert read_text(f"XT,{block}").valid is None


def test_sentence_without_hemispheres_keeps_its_cell() -> None:
    report = read_text(
        "V1,000023,V,0.0000,0,0.0000,0,0.00,0,010119,FFFFFBFF,194,65,  96,b78f"
    )

    assert report.cell == Cell(0x194, 0x65, 0x96, 0xB78F)


@pytest.mark.parametrize(
    ("kind", "tail", "name", "value"),
    [
        ("V1", "92", "battery_percent", 92),
        ("V1", "460,0,1,2,5", "battery_level", 5),
        ("V6", "460,0,1,2,89860318740240310101", "iccid", "89860318740240310101"),
        ("V8", "460,0,1,2,7,31,126,88", "voltage", 12.6),
    ],
)
def test_sentence_without_hemispheres_keeps_the_tail_of_its_type(
    kind: str, tail: str, name: str, value: object
) -> None:
    block = "000023,V,0.0000,0,0.0000,0,0.00,0,010119,FFFFFBFF"
    report = read_text(f"{kind},{block},{tail}")

    assert getattr(report, name) == value
    assert (report.details or {}).get("extra") == (*f"{block},{tail}".split(","),)


@pytest.mark.parametrize("validity", ["V", "v", " V"])
@pytest.mark.parametrize("place", ["0.0000,0,0.0000,0", ",,,"])
@pytest.mark.parametrize("number", ["195.63.13.195", "12345678"])
def test_v19_without_hemispheres_keeps_what_stands_behind_it(
    place: str, validity: str, number: str
) -> None:
    block = f"121300,{validity},{place},0.00,0,110619,"
    report = read_text(f"V19,{block},{number},8954315265044716555?,BFFFFBFF")

    assert report.time == datetime(2019, 6, 11, 12, 13, tzinfo=UTC)
    assert report.status == Status(0xBFFFFBFF)
    assert report.iccid == "8954315265044716555"
    assert (report.details or {})["number_or_ip"] == number


def test_short_v19_without_hemispheres_keeps_its_status() -> None:
    report = read_text("V19,121300,V,,,,,110619,FFFFFBFF")

    assert report.time == datetime(2019, 6, 11, 12, 13, tzinfo=UTC)
    assert report.status == Status(0xFFFFFBFF)


@pytest.mark.parametrize("validity", ["V", "v", " V"])
def test_status_counts_before_the_clock_is_set(validity: str) -> None:
    """An SOS may be in it."""
    report = read_text(f"V1,,{validity},0.0000,0,0.0000,0,0.00,0.00,,FFF7FBFD")

    assert report.time is None
    assert report.status == Status(0xFFF7FBFD)


def test_date_without_hemispheres_may_be_padded() -> None:
    report = read_text("V1,000023,V,0.0000,0,0.0000,0,0.00,0, 010119,FFFFFBFF,92")

    assert report.time == datetime(2019, 1, 1, 0, 0, 23, tzinfo=UTC)
    assert report.battery_percent == 92
