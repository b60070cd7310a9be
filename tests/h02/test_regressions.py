"""What fuzzing has found; each was wrong once."""

import pytest

from custom_components.sinotrack.h02 import Framer, mask, split

from .frames import CAR, record, record_45, v1
from .read import read
from .streams import feed

NINES = "9" * 20


def test_course_just_below_the_full_circle_stays_below_it() -> None:
    report = read(v1(course="359.999999999"))

    assert report.course is not None
    assert 359 < report.course < 360


def test_course_of_too_many_decimals_is_none_and_costs_nothing_else() -> None:
    report = read(v1(course=f"359.{NINES}"))

    assert report.course is None
    assert report.speed_knots == 12.3
    assert report.valid


def test_speed_of_too_many_decimals_is_none_and_costs_nothing_else() -> None:
    report = read(v1(speed=f"999.{NINES}"))

    assert report.speed_knots is None
    assert report.course == 123
    assert report.valid


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("BC", "BC"),
        ("BC,052825", "BC,052825"),
        ("BC,052825,138", "BC,052825,138"),
        ("VP1,V", "VP1,V"),
        ("VP1,V,470", "VP1,V,470"),
    ],
)
def test_mask_of_a_sentence_that_ends_early_has_no_field_too_many(
    sent: str, shown: str
) -> None:
    assert mask(f"*HQ,{CAR},{sent}#".encode(), 7) == f"*HQ,0000000007,{shown}#".encode()


@pytest.mark.parametrize("broken_off", [29, 31])
def test_record_broken_off_by_a_sentence_is_none_even_where_its_length_is_right(
    broken_off: int,
) -> None:
    sentence = f"*HQ,{'1' * (45 - broken_off - 6)},#".encode()
    datagram = record()[:broken_off] + sentence
    assert len(datagram) == 45

    assert feed(datagram) == split(datagram) == [sentence]


def test_record_broken_off_is_none_where_its_length_is_known() -> None:
    sentence = b"*HQ,111111111,#"
    framer = Framer()
    framer.feed(record_45())
    framer.flush()

    assert framer.feed(record_45()) == [record_45()]
    assert framer.feed(record()[:30] + sentence) == [sentence]
