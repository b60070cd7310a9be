"""Journeys of a pretend tracker that knows the truth, and what a car made of them."""

from collections.abc import Iterable
from typing import Any

import pytest

from custom_components.sinotrack.h02 import Fix
from custom_components.sinotrack.tracking.geo import distance
from simulator import Journey, Record, Unit

from .road import HOME, T0, Car

HOUR = 3600
AWAY_AND_BACK = ["home", "not_home", "home"]
TWO_DRIVES = [False, True, False, True, False]

_ZONE_M = 100.0


def unit(journey: Journey, **settings: Any) -> Unit:
    """An ST-906 of 4G in a car, reporting every 5 s while it drives."""
    usual: dict[str, Any] = {"start": T0, "interval_on": 5, "interval_off": 60}
    return Unit("9170000001", journey, **usual | settings)


def play(records: Iterable[Record]) -> Car:
    """Take all frames, then wait until all is settled."""
    car = Car()
    car.hear_all(records)
    car.wait(1200)
    return car


def story(car: Car) -> tuple[list[Any], ...]:
    """All that an automation could have heard of."""
    return tuple(car.edges(field) for field in ("place", "motion", "ignition"))


def zones(car: Car) -> list[str]:
    """The zones that the car was seen in, each change once."""
    names: list[str] = []
    for shown in car.shown:
        if shown.place is None:
            continue
        is_home = distance(Fix(*shown.place), Fix(*HOME)) < _ZONE_M
        name = "home" if is_home else "not_home"
        if not names or names[-1] != name:
            names.append(name)
    return names


def assert_true_distance(car: Car, records: list[Record], rel: float = 0.01) -> None:
    """The odometer tells how far the car truly went, to 1 %."""
    truth = max(record.moment.odometer_m for record in records) / 1000
    assert car.state.odometer_km == pytest.approx(truth, rel=rel)
