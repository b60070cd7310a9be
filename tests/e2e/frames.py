"""Reports made by the pretend tracker's own encoder, with the time of now."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from simulator import (
    CELL,
    ICCID,
    Sample,
    record_32,
    record_45,
    utc_now,
    v1,
    v6,
    v8,
)

from .history import Place

KINDS: dict[str, Callable[[Sample], bytes]] = {
    "V1": v1,
    "V6": partial(v6, iccid=ICCID),
    "V8": v8,
    "$ of 32": partial(record_32, number=1),
    "$ of 45": partial(record_45, number=1, mileage_km=1234),
}

AT_WORK = (52.53125, 13.41019)
AT_SEA = (-33.91877, -18.42339)
FURTHER_AT_SEA = (-33.92021, -18.42517)


def sample(
    tracker_id: str,
    place: Place,
    *,
    speed_kmh: float = 0.0,
    ignition: bool = False,
    valid: bool = True,
    seconds_ago: float = 0.0,
) -> Sample:
    """What a unit in a car would know; a little ago, as its radio needs time."""
    latitude, longitude = place
    return Sample(
        tracker_id=tracker_id,
        time=utc_now() - timedelta(seconds=seconds_ago),
        latitude=latitude,
        longitude=longitude,
        speed_kmh=speed_kmh,
        course=45,
        valid=valid,
        ignition=ignition,
        satellites=11,
        csq=24,
        voltage=12.6,
        battery_percent=100,
        battery_level=6,
        cell=CELL,
    )
