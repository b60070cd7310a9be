"""What trackers send in the benchmark; made by the pretend tracker's own encoder."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from math import cos, radians
from typing import Final

from custom_components.sinotrack.h02 import Report, decode
from simulator import CELL, Sample, record_32, record_45, v1, v8
from tests.h02.vectors import REPORTS

type Encoder = Callable[[Sample], bytes]

SECOND: Final = timedelta(seconds=1)

# A few metres a second, so that no move is ever a jump.
_STEP_DEGREES: Final = 0.0002
_START: Final = (52.52, 13.405)

# No drive is of a tracker that was heard before.
_ids = count(9_170_000_000)


def drive(length: int, *, end: datetime | None = None) -> Iterator[Sample]:
    """Give what a car tells on its way east, each second until `end`, or now."""
    end = end or datetime.now(UTC)
    first = Sample(
        tracker_id=str(next(_ids)),
        time=end - length * SECOND,
        latitude=_START[0],
        longitude=_START[1],
        speed_kmh=54.0,
        course=90.0,
        ignition=True,
        satellites=11,
        csq=24,
        voltage=14.1,
        battery_percent=100,
        cell=CELL,
    )
    for step in range(1, length + 1):
        yield replace(
            first,
            time=first.time + step * SECOND,
            longitude=_START[1] + step * _STEP_DEGREES / cos(radians(_START[0])),
            speed_kmh=50.0 + step % 9,
            course=float(85 + step % 10),
        )


def stop_and_go(length: int) -> Iterator[Sample]:
    """Give what a car tells that turns its key with every report: all changes."""
    for step, sample in enumerate(drive(length)):
        is_on = step % 2 == 0
        speed = sample.speed_kmh if is_on else 0.0
        yield replace(sample, speed_kmh=speed, ignition=is_on)


def parked(length: int) -> Iterator[Sample]:
    """Give what a parked car tells: only its clock goes on."""
    for sample in drive(length):
        yield replace(sample, longitude=_START[1], speed_kmh=0.0, ignition=False)


def stored(length: int) -> Iterator[Sample]:
    """Give what was recorded without a link, half a minute apart until an hour ago."""
    end = datetime.now(UTC) - timedelta(hours=1)
    for step, sample in enumerate(drive(length)):
        time = end - (length - step) * 30 * SECOND
        yield replace(sample, time=time, buffered=True)


ENCODERS: Final[dict[str, Encoder]] = {
    "V1": v1,
    "V8": v8,
    "$ 32": partial(record_32, number=1),
    "$ 45": partial(record_45, number=1, mileage_km=4711),
}

SAMPLE_MESSAGES: Final = [vector.data for vector in REPORTS]
"""Of many trackers and documents; each of them must be read."""


def count_read() -> int:
    """Count the sample messages that are read."""
    return sum(isinstance(decode(frame), Report) for frame in SAMPLE_MESSAGES)
