"""How little the recorder has to keep."""

from datetime import UTC, datetime, timedelta
from math import cos, radians
from random import Random

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.db_schema import States
from homeassistant.components.recorder.util import session_scope
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.sinotrack.h02 import Report, decode

from .host import add_tracker, hub_of, shown
from .road import BERLIN, CAR, Place, full_report

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
METRES_PER_DEGREE = 111_195


@pytest.fixture(autouse=True)
def integration(
    recorder_mock: Recorder, socket_enabled: None, enable_custom_integrations: None
) -> None:
    """Have a recorder, which has to be there before Home Assistant is."""


def off(place: Place, north_m: float, east_m: float) -> Place:
    """Give a place some metres away."""
    latitude, longitude = place
    return (
        latitude + north_m / METRES_PER_DEGREE,
        longitude + east_m / METRES_PER_DEGREE / cos(radians(latitude)),
    )


async def hear(hass: HomeAssistant, entry: MockConfigEntry, frame: bytes) -> None:
    """Let a tracker take a report now, and time what is due."""
    async_fire_time_changed(hass)
    report = decode(frame)
    assert isinstance(report, Report)
    live = hub_of(entry).trackers[CAR]
    live.async_accept(report, datetime.now(UTC), "udp")
    await hass.async_block_till_done()


async def rows(hass: HomeAssistant) -> int:
    """Count what the recorder keeps of the tracker."""
    await async_wait_recording_done(hass)

    def count() -> int:
        with session_scope(hass=hass, read_only=True) as session:
            return session.query(States).count()

    return await get_instance(hass).async_add_executor_job(count)


async def test_day_in_a_parking_place_costs_400_rows_at_most(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.move_to(NOON)
    await add_tracker(hass, entry)
    chance = Random(906)

    for _ in range(24 * 60):
        freezer.tick(timedelta(minutes=1))
        drift = off(BERLIN, chance.gauss(0, 20), chance.gauss(0, 20))
        await hear(hass, entry, full_report(place=drift))

    assert shown(hass, "connectivity").state == "on"
    assert 288 <= await rows(hass) <= 400


async def test_hour_of_driving_costs_five_rows_a_report_at_most(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.move_to(NOON)
    await add_tracker(hass, entry)
    chance = Random(906)
    reports = 60 * 3

    for step in range(reports):
        freezer.tick(timedelta(seconds=20))
        await hear(
            hass,
            entry,
            full_report(
                place=off(BERLIN, step * 250, 0),
                speed_kmh=chance.uniform(40, 50),
                ignition=True,
            ),
        )

    assert float(shown(hass, "odometer").state) == pytest.approx(44.75, rel=0.01)
    assert 3 * reports <= await rows(hass) <= 5 * reports
