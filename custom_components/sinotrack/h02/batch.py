"""BC: the records of a blind zone in one sentence (a.4).

SinoTrack stores single records instead; this is another maker's way.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from .position import (
    DATE_BEHIND_CLOCK,
    FIRST_FIELD,
    begin_report,
    find_block,
    read_block_at,
)
from .report import BatchPoint, Malformed, Report

BATCH_POINTS: Final = 100
"""The most that a unit sends in one batch (a.4). A frame has room for eight times as
many that are all but empty, and each would take the work of a whole one."""

POINT_AT: Final = FIRST_FIELD - 1
"""Where the block of a point begins if it stands behind a type: it has no clock."""

# A point has day and time where V1 has its date.
_DAY_TIME: Final = POINT_AT + DATE_BEHIND_CLOCK

# How far the clock of a tracker may be ahead without changing the month of a point.
_CLOCK_AHEAD: Final = timedelta(days=1)


def read_batch(frame: bytes, fields: list[str]) -> Report | Malformed:
    """Read the records, `;` between them.

    A batch of too many is refused as a whole: were it read in part, it would be
    acknowledged, and the rest be lost.
    """
    report = begin_report(frame, fields)
    if len(fields) <= FIRST_FIELD + 2:
        return report
    segments = ",".join(fields[FIRST_FIELD + 2 :]).removesuffix(";").split(";")
    if len(segments) > BATCH_POINTS:
        return Malformed(frame, "too many records")
    points = []
    for segment in segments:
        values = [*fields[:FIRST_FIELD], *segment.split(",")]
        if find_block(values) == POINT_AT and len(values) > _DAY_TIME:
            day_time, values[_DAY_TIME] = values[_DAY_TIME].strip(), ""
            point = read_block_at(segment.encode(), values, POINT_AT)
            points.append(BatchPoint(day_time, point))
    report.add(batch_time=fields[FIRST_FIELD], points=tuple(points))
    return report


def expand_batch(report: Report, received_at: datetime) -> tuple[Report, ...]:
    """Turn a BC batch into dated reports of its tracker, in the order sent.

    A point tells day and time; its month is the newest in which it does not lie more
    than a day after `received_at` (UTC). A point whose day exists in neither that month
    nor the one before is undated. A report that is no batch gives nothing.
    """
    latest = received_at + _CLOCK_AHEAD
    return tuple(
        replace(
            point.report,
            tracker_id=report.tracker_id,
            time=_date_point(point.day_time, latest),
        )
        for point in report.points
    )


def _date_point(day_time: str, latest: datetime) -> datetime | None:
    """Give DDhhmmss the month of `latest`, or the one before."""
    if len(day_time) != 8 or not day_time.isdecimal():
        return None
    day, hour, minute, second = (int(day_time[i : i + 2]) for i in range(0, 8, 2))
    previous = latest.replace(day=1) - timedelta(days=1)
    for month in (latest, previous):
        try:
            time = datetime(
                month.year, month.month, day, hour, minute, second, tzinfo=UTC
            )
        except ValueError:
            continue
        if time <= latest:
            return time
    return None
