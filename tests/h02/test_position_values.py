"""Speed, course and time of a position (a.3)."""

from datetime import UTC

import pytest

from .frames import v1
from .read import read

HUGE = "9" * 5000


# --- speed and course -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "knots"),
    [
        ("000.00", 0.0),
        ("012.30", 12.3),
        ("  3.34", 3.34),
        ("64.80", 64.8),
        ("7", 7.0),
        ("5.", 5.0),
        ("", 0.0),  # blank means 0
        ("   ", 0.0),
        ("999.99", 999.99),
        ("1000", None),
        ("-1", None),
        ("1e2", None),
        ("1_0", None),
        ("nan", None),
        (HUGE, None),
    ],
)
def test_speed(sent: str, knots: float | None) -> None:
    assert read(v1(speed=sent)).speed_knots == knots


@pytest.mark.parametrize(
    ("sent", "degrees"),
    [
        ("000", 0.0),
        ("5", 5.0),
        ("99", 99.0),
        ("270.90", 270.9),
        ("0.0000", 0.0),
        ("359.99", 359.99),
        ("", 0.0),
        ("360", 0.0),
        ("360.00", 0.0),
        ("360.01", None),
        ("361", None),
        ("400", None),
        ("3600", None),
        ("-5", None),
        ("NE", None),
    ],
)
def test_course(sent: str, degrees: float | None) -> None:
    assert read(v1(course=sent)).course == degrees


# --- time -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "date", "year"),
    [
        ("121300", "110619", 2019),
        (" 121300", "110619 ", 2019),
        ("002339", "010104", 2004),  # a clock that was never set, but a time
        ("235959", "311279", 2079),
    ],
)
def test_time_is_utc(clock: str, date: str, year: int) -> None:
    time = read(v1(clock=clock, date=date)).time

    assert time is not None
    assert (time.year, time.tzinfo) == (year, UTC)
    assert f"{time:%H%M%S%d%m%y}" == clock.strip() + date.strip()


@pytest.mark.parametrize(
    ("clock", "date"),
    [
        ("", ""),
        ("121300", ""),
        ("", "110619"),
        ("160169", "180813"),  # 69 seconds (e.10)
        ("240000", "110619"),  # in ISO 8601 the next day
        ("250000", "110619"),
        ("121300", "320119"),
        ("121300", "300219"),
        ("121300", "011319"),
        ("121300", "000000"),
        ("235955", "050180"),  # 1980: no clock
        ("121300", "311299"),
        ("12:130", "110619"),
        ("1213", "110619"),
        ("121300", "11061"),
        ("121300", "2019W1"),
        (HUGE, HUGE),
    ],
)
def test_time_that_cannot_be_is_none(clock: str, date: str) -> None:
    report = read(v1(clock=clock, date=date))

    assert report.time is None
    assert report.valid
