"""BC: the records of a blind zone, and the month they lack (a.4)."""

from datetime import UTC, datetime

import pytest

from custom_components.sinotrack.h02 import Cell, Fix, Report, Status, expand_batch
from custom_components.sinotrack.h02.batch import BATCH_POINTS

from .read import read_text, refusal

POINT = "A,3000.0000,N,06000.0000,W,0.50,348,14182512"
RECEIVED = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


def batch(*day_times: str) -> Report:
    """Give a batch of points at these times."""
    points = ";".join(
        f"A,3000.0000,N,06000.0000,W,{i}.50,348,{day_time},FBFFFFFF,1CC,0,25FC,F48"
        for i, day_time in enumerate(day_times)
    )
    return read_text(f"BC,052825,{len(points)},{points}")


def expand(day_time: str, received_at: datetime = RECEIVED) -> datetime | None:
    """Give the time of a batch's only point."""
    (report,) = expand_batch(batch(day_time), received_at)
    return report.time


def test_batch_holds_its_points_and_no_place_itself() -> None:
    report = batch("14182512", " 14182612")

    assert report.fix is None
    assert report.details is not None
    assert report.details["batch_time"] == "052825"
    assert [point.day_time for point in report.points] == ["14182512", "14182612"]


@pytest.mark.parametrize("end", ["", ";"])
def test_batch_may_have_as_many_points_as_a_tracker_stores_in_one(end: str) -> None:
    report = read_text("BC,052825,1," + ";".join([POINT] * BATCH_POINTS) + end)

    assert len(report.points) == BATCH_POINTS


@pytest.mark.parametrize("point", [POINT, ",,N,,E,,,"])
def test_batch_of_more_points_is_refused_and_not_read_in_part(point: str) -> None:
    """What is acknowledged is not sent again, whether it was read or not."""
    points = ";".join([point] * (BATCH_POINTS + 1))

    assert refusal(f"*HQ,9170000001,BC,052825,1,{points}#".encode()) == (
        "too many records"
    )


def test_batch_becomes_dated_reports_in_the_order_sent() -> None:
    first, second = expand_batch(batch("15100000", "14182512"), RECEIVED)

    assert first.time == datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
    assert second.time == datetime(2026, 6, 14, 18, 25, 12, tzinfo=UTC)
    assert (first.speed_knots, second.speed_knots) == (0.5, 1.5)
    assert (first.type, first.tracker_id) == ("BC", "9170000001")
    assert (first.valid, first.fix) == (True, Fix(30.0, -60.0))
    assert (first.status, first.course) == (Status(0xFBFFFFFF), 348.0)
    assert first.cell == Cell(0x1CC, 0, 0x25FC, 0xF48)


@pytest.mark.parametrize(
    ("day_time", "received_at", "time"),
    [
        ("14000000", RECEIVED, datetime(2026, 6, 14, tzinfo=UTC)),
        ("17000000", RECEIVED, datetime(2026, 5, 17, tzinfo=UTC)),
        # The tracker's clock may be ahead of ours.
        ("15120500", RECEIVED, datetime(2026, 6, 15, 12, 5, tzinfo=UTC)),
        (
            "01000005",
            datetime(2026, 5, 31, 23, 59, 50, tzinfo=UTC),
            datetime(2026, 6, 1, 0, 0, 5, tzinfo=UTC),
        ),
        # Over the turn of the year.
        (
            "31235959",
            datetime(2026, 1, 1, 0, 0, 5, tzinfo=UTC),
            datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
        ),
        # June has no 31st: it was in May.
        ("31120000", RECEIVED, datetime(2026, 5, 31, 12, 0, tzinfo=UTC)),
    ],
)
def test_month_of_a_point_is_the_newest_that_can_be(
    day_time: str, received_at: datetime, time: datetime
) -> None:
    assert expand(day_time, received_at) == time


@pytest.mark.parametrize(
    ("day_time", "received_at"),
    [
        ("30000000", datetime(2026, 3, 1, tzinfo=UTC)),  # neither March 30 nor February
        ("00120000", RECEIVED),
        ("32120000", RECEIVED),
        ("14240000", RECEIVED),
        ("1412000", RECEIVED),
        ("1412000x", RECEIVED),
        ("", RECEIVED),
    ],
)
def test_day_that_does_not_exist_leaves_a_point_undated(
    day_time: str, received_at: datetime
) -> None:
    assert expand(day_time, received_at) is None


def test_segment_without_a_place_is_left_out() -> None:
    report = read_text(
        "BC,052825,9,;A,3000.0000,N;x,A,3000.0000,N,06000.0000,W,0,0,1,2"
    )

    assert report.details == {"batch_time": "052825", "points": ()}


@pytest.mark.parametrize("fields", ["BC", "BC,052825", "BC,052825,0"])
def test_batch_may_be_empty(fields: str) -> None:
    assert expand_batch(read_text(fields), RECEIVED) == ()


def test_other_report_is_no_batch() -> None:
    assert expand_batch(read_text("HTBT"), RECEIVED) == ()
