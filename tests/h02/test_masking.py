"""A masked frame means what the frame does, and tells neither whose it is nor where."""

from collections.abc import Iterator
from datetime import UTC, datetime
import re

import pytest

from custom_components.sinotrack.h02 import (
    Report,
    decode,
    expand_batch,
    mask,
    outline,
    placeholder_id,
    show_frame,
    split,
)

from .frames import CAR, record, record_42, record_x, v1
from .read import meaning, read
from .vectors import FOREIGN, REPORTS, Vector

NUMBER = 7
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

# 111°11.1111′, or what is left where that is spelt with fewer digits.
ANYWHERE = {
    round(degrees + minutes / 60, 3)
    for degrees in (1, 11, 111)
    for minutes in (1.1111, 11.1111)
}

by_name = pytest.mark.parametrize(
    "vector", REPORTS, ids=[vector.name for vector in REPORTS]
)


def masked(frame: bytes) -> bytes:
    """Mask a frame that can be masked."""
    shown = mask(frame, NUMBER)
    assert shown is not None
    return shown


def masked_text(fields: str) -> str:
    """Mask what follows the id of an ordinary tracker, and give that."""
    shown = masked(f"*HQ,{CAR},{fields}#".encode()).decode()
    return shown.removeprefix("*HQ,0000000007,").removesuffix("#")


def private_digits(frame: bytes) -> Iterator[str]:
    """Give the digits of id, place, cell, SIM and text, by the form of the frame.

    Four digits in a row and more; fewer are anywhere by chance.
    """
    if frame[:1] == b"*":
        text = frame.decode()
        yield from re.findall(r"^\*..,(\d{4,})", text)
        for place in re.findall(r"([-\d.]+),[NS],([-\d.]+),[EW]", text):
            for coordinate in place:
                yield from re.findall(r"\d{4,}", coordinate)
        # Behind the status word: cells, stations and SIM.
        for tail in re.findall(r",\s?\d{6,8},?[A-Fa-f][0-9A-Fa-f]{7},([^;#]*)", text):
            yield from re.findall(r"[0-9A-Fa-f]{4,}", tail)
        if ",SMS," in text:
            yield from re.findall(r"\d{4,}", text)
        if ",V19," in text:
            number, iccid, _ = text.split(",")[-3:]
            yield from re.findall(r"\d{3,}", number + "," + iccid)
        return
    digits = frame.hex()
    shift = 6 if len(frame) == 42 else 0
    if frame[:1] == b"$":
        yield digits[2 : 12 + shift]
    yield digits[24 + shift : 32 + shift]
    yield digits[34 + shift : 43 + shift]
    if len(frame) in {45, 47}:
        yield digits[80:88]


def told(frame: bytes) -> str:
    """Give a frame as it is shown: text, or hex digits."""
    return frame.decode() if frame[:1] == b"*" else frame.hex()


# --- every known frame ----------------------------------------------------------------


@by_name
def test_masked_frame_means_what_the_frame_does(vector: Vector) -> None:
    shown = masked(vector.data)

    assert len(shown) == len(vector.data)
    assert meaning(read(shown)) == meaning(read(vector.data))
    assert split(shown) == [shown]


@by_name
def test_no_id_no_place_and_no_number_survives(vector: Vector) -> None:
    shown = told(masked(vector.data))

    survivors = {
        digits
        for digits in private_digits(vector.data)
        # Not zeros, and not a country code among zeros.
        if digits in shown and len(digits.lstrip("0")) > 3 and set(digits) != {"9"}
    }
    assert survivors == set()


@by_name
def test_every_place_becomes_the_same_one_or_none(vector: Vector) -> None:
    before, after = read(vector.data).fix, read(masked(vector.data)).fix

    assert (after is None) == (before is None)
    if after is not None:
        assert round(abs(after.latitude), 3) in ANYWHERE
        assert round(abs(after.longitude), 3) in ANYWHERE


def test_tests_know_what_is_private() -> None:
    count = sum(len({*private_digits(vector.data)}) for vector in REPORTS)

    assert count > 500
    assert {*private_digits(REPORTS[1].data)} >= {"865205035331981", "1935", "3933"}


@pytest.mark.parametrize("vector", FOREIGN, ids=[vector.name for vector in FOREIGN])
def test_other_protocols_are_never_shown(vector: Vector) -> None:
    assert mask(vector.data, NUMBER) is None


# --- sentences ------------------------------------------------------------------------


def test_answer_to_an_sms_keeps_nothing_but_its_signs() -> None:
    assert masked_text("SMS,IP:1.2.3.4 Zoë +491701234567,é\n#€") == (
        "SMS,xx:0.0.0.0 xxx +000000000000,x\n#x"
    )


def test_answer_of_a_command_keeps_the_command_and_how_it_went() -> None:
    assert masked_text("V4,S20,DONE,121314,1,1") == "V4,S20,xxxx,000000,0,0"
    assert masked_text("V4,S71,01,+491701234567") == "V4,S71,00,+000000000000"
    assert masked_text("V4,V1,20260601120000") == "V4,V1,20260601120000"
    assert masked_text("V4,V1,91700000001234") == "V4,V1,00000000000000"


@pytest.mark.parametrize(
    ("kind", "tail", "shown"),
    [
        ("V1", "", ""),
        ("V1", ",460,0,10342,4283", ",460,0,00000,0000"),
        ("V1", ",92", ",92"),
        ("V2", ",460,0,10342,4283,5", ",460,0,00000,0000,5"),
        ("V6", ",460,0,10342,4283,8986031874", ",460,0,00000,0000,0000000000"),
        ("V8", ",460,0,10342,4283,7,31,126,88", ",460,0,00000,0000,7,31,126,88"),
        ("VI1", ",460,0,10342,4283", ",460,0,00000,0000"),
    ],
)
def test_unit_that_never_had_a_fix_shows_all_that_it_tells(
    kind: str, tail: str, shown: str
) -> None:
    """It is the one that somebody asks about."""
    block = f"{kind},000023,V,0.0000,0,0.0000,0,0.00,0,010119,FFFFFBFF"
    assert masked_text(block + tail) == block + shown
    assert masked_text(f"{kind},121300,V,,,,,,,110619,FFFFFBFF{tail}") == (
        f"{kind},121300,V,,,,,,,110619,FFFFFBFF{shown}"
    )


def test_neighbour_cells_are_gone_and_their_number_stays() -> None:
    assert masked_text("NBR,160453,234,10,0,1,580,766,-67,291019,FFFFFBFF,6") == (
        "NBR,160453,234,00,0,1,000,000,-00,291019,FFFFFBFF,6"
    )
    assert masked_text("NBR") == "NBR"
    assert masked_text("NBR,160453,234") == "NBR,160453,234"


def test_cell_of_a_sentence_without_a_place_is_gone() -> None:
    assert masked_text("V3,044855,28403,01,001450,011473,158,-62,0292,0,X") == (
        "V3,044855,00000,00,000000,000000,000,-00,0000,0,x"
    )
    assert masked_text("V1,044855,28403") == "V1,044855,00000"


def test_signal_of_the_stations_stays_and_their_names_do_not() -> None:
    block = "121300,A,2234.1234,N,11351.1236,E,012.30,123,110619,FFFFFBFF"
    hidden = block.replace("2234.1234", "1111.1111").replace("11351.1236", "11111.1111")
    tails = {
        "V8,{},262,03,49032,212,d076e794d03c,3a,10,25,122,98": (
            "V8,{},262,00,00000,000,a00000000000,3a,10,25,122,98"
        ),
        "V8,{},262,03,49032,212,7": "V8,{},262,00,00000,000,7",
        "V1,{},262,03,49032,212,10,25,128": "V1,{},262,00,00000,000,10,25,128",
        "V7,{},262,03,49032,212,1,2": "V7,{},262,00,00000,000,0,0",
        "V1,{},92": "V1,{},92",
        "V1,{},0491701,1": "V1,{},0000000,0",
    }
    for tail, expected in tails.items():
        assert masked_text(tail.format(block)) == expected.format(hidden)


@pytest.mark.parametrize("tail", ["262,03,49032,212,431,653,26", "0491701"])
def test_values_that_mean_another_thing_when_blank_are_not_shown(tail: str) -> None:
    # A voltage where a cell could be, and what would become a battery.
    assert mask(v1(kind="V7", tail=tail), NUMBER) is None


def test_filler_for_no_place_stays_and_a_place_that_cannot_be_becomes_it() -> None:
    never = read(v1(latitude="9999.9999", longitude="99999.9999"))
    assert b"9999.9999,N,99999.9999,E" in masked(never.raw)
    assert b",0000.0000,N,00000.0000,E" in masked(
        v1(latitude="0000.0000", longitude="00000.0000")
    )
    assert b"9999.9999,N,99999.9999,E" in masked(v1(latitude="9134.1234"))
    assert b"xx11.1111,N,11111.1111,E" in masked(v1(latitude="ab34.1234"))
    assert b"xxxx,N,11111.1111,E" in masked(v1(latitude="home", longitude="00000.0000"))
    assert b"1111.1111,N,11111.1111,E" in masked(v1(latitude="0909.9090"))


def test_type_with_room_for_an_id_is_not_shown() -> None:
    assert isinstance(decode(v1(kind=f"V{CAR}")), Report)
    assert mask(v1(kind=f"V{CAR}"), NUMBER) is None


def test_place_that_is_told_twice_is_not_shown() -> None:
    # Where a time of day is expected, and six digits of any kind are shown.
    frame = v1(clock="351123", latitude="351123", longitude="11351.1236")
    assert isinstance(decode(frame), Report)

    assert mask(frame, NUMBER) is None


def test_status_that_could_be_an_id_is_not_shown() -> None:
    assert mask(v1(status="91700001"), NUMBER) is None


def test_batch_is_masked_record_by_record_in_one_piece_and_alone() -> None:
    point = "A,2239.4210,N,11400.8825,E,0.00,348,03182512,FFFFFFFF,460,0,9692,3912"
    hidden = "A,1111.1111,N,11111.1111,E,0.00,348,03182512,FFFFFFFF,460,0,0000,0000"
    batch = read(f"*HQ,{CAR},BC,052825,138,{point};{CAR};{point}#".encode())

    shown = masked(batch.raw).decode()
    assert shown == f"*HQ,0000000007,BC,052825,138,{hidden};0000000000;{hidden}#"
    records = expand_batch(batch, NOON)
    assert [masked(report.raw).decode() for report in records] == [hidden, hidden]


def test_batch_whose_places_cannot_be_masked_alike_is_not_shown() -> None:
    points = [
        f"A,{latitude},N,11400.8825,E,0.00,348,03182512,FFFFFFFF"
        for latitude in ("2239.4210", "9939.4210")
    ]

    assert mask(f"*HQ,{CAR},BC,052825,138,{';'.join(points)}#".encode(), 1) is None
    assert mask(points[1].encode(), 1) is not None


def test_batch_with_an_id_in_the_place_of_a_time_is_not_shown() -> None:
    assert mask(b"A,2239.4210,N,11400.8825,E,0.00,348,91700001,FFFFFFFF", 1) is None


# --- records --------------------------------------------------------------------------


def test_record_with_a_long_id_is_still_known_by_its_check_digit() -> None:
    shown = read(masked(record_42()))

    assert shown.tracker_id == placeholder_id(NUMBER, 15) == "000000000000075"


def test_record_of_an_unknown_length_ends_with_its_status() -> None:
    shown = masked(record(tail="ff0024" + "91" * 7))

    assert shown.hex().endswith("fffffbff" + "00" * 10)


@pytest.mark.parametrize("supply", ["", "00fc"])
def test_radio_and_mileage_of_a_record_stay_and_its_cell_is_gone(supply: str) -> None:
    """Each digit of the cell: with some of them left it could be found by trying."""
    known = "ff00150a0000002c01cc"
    frame = record(tail=f"{known}0b25fc10bf{supply}1f")

    assert masked(frame).hex().endswith(f"fffffbff{known}0000000000{supply}1f")


def test_record_that_would_mean_another_thing_is_not_shown() -> None:
    # Read with an id of ten digits once its long one is gone.
    frame = record_42(clock="100512", flags="6")
    assert read(frame).tracker_id == "352483084193293"

    assert mask(frame, NUMBER) is None


# --- ids and outlines -----------------------------------------------------------------


def test_trackers_can_be_told_apart() -> None:
    ids = {
        placeholder_id(number, length) for number in (1, 2) for length in range(8, 17)
    }

    assert len(ids) == 18
    assert {len(tracker_id) for tracker_id in ids} == {*range(8, 17)}


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (b"", "… (0 bytes)"),
        (v1(), "*HQ… (79 bytes)"),
        (b"*ID1,12", "*ID… (7 bytes)"),
        (b"9170000001", "… (10 bytes)"),
        (record(), "$A… (32 bytes)"),
        (bytes.fromhex("78780d01"), "xx… (4 bytes)"),
    ],
)
def test_outline_tells_the_beginning_and_the_length(frame: bytes, told: str) -> None:
    assert outline(frame) == told


@pytest.mark.parametrize(
    ("frame", "shown"),
    [
        (b"*HQ,9170000001,HTBT#", "*HQ,9170000001,HTBT#"),
        ("*HQ,9170000001,SMS,\u00e9#".encode(), "*HQ,9170000001,SMS,\u00e9#"),
        (b"*HQ,9170000001,SMS,\xff#", "*HQ,9170000001,SMS,\\xff#"),
        (record(), record().hex()),
        (record_x(), record_x().hex()),
    ],
)
def test_frame_is_shown_so_that_it_can_be_copied(frame: bytes, shown: str) -> None:
    assert show_frame(frame) == shown
