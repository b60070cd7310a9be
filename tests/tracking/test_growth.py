"""What a tracker keeps: numbers in rows, and nothing else that grows by the report."""

from collections.abc import Callable, Iterator
import gc
import sys

import pytest

from custom_components.sinotrack.h02 import Report
from custom_components.sinotrack.tracking import Tracker

from .road import HOME, RADIO, after, beside, report

SETTLED = 700
"""Reports until all that is bounded has reached its bounds."""

MORE = 2000

STRAY = 50
"""Pieces of memory that Python itself takes and gives back now and then."""


def driving() -> Iterator[Report]:
    """A drive, each second."""
    for number in range(SETTLED + MORE):
        place = beside(HOME, east=15.0 * number)
        yield report(after(number), place, speed_kmh=54.0, ignition=True)


def parked() -> Iterator[Report]:
    """A parked car with some drift."""
    for number in range(SETTLED + MORE):
        yield report(after(number), beside(HOME, east=number % 7))


def leaping() -> Iterator[Report]:
    """Places that nothing drives between."""
    for number in range(SETTLED + MORE):
        place = beside(HOME, east=9000.0 * (number % 3))
        yield report(after(number), place, speed_kmh=20.0, ignition=True)


def stored() -> Iterator[Report]:
    """What was recorded an hour before."""
    for number in range(SETTLED + MORE):
        place = beside(HOME, east=15.0 * number)
        yield report(
            after(number - 3600), place, speed_kmh=54.0, ignition=True, buffered=True
        )


@pytest.mark.parametrize("reports", [driving, parked, leaping, stored])
def test_report_leaves_nothing_behind(reports: Callable[[], Iterator[Report]]) -> None:
    tracker = Tracker("9170000001")
    blocks = 0
    for number, each in enumerate(reports()):
        if number == SETTLED:
            gc.collect()
            blocks = sys.getallocatedblocks()
        now = after(number) + RADIO
        tracker.tick(now)
        tracker.accept(each, now)
        tracker.take_alarms()
    gc.collect()
    assert sys.getallocatedblocks() - blocks < STRAY
