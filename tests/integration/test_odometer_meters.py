"""What others that count along make of an odometer that is set (README)."""

from datetime import UTC, datetime, timedelta

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from .host import device_of
from .road import report
from .trouble import Trouble

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
PERIOD = timedelta(minutes=5)
ODOMETER = "sensor.car_odometer"


@pytest.fixture(autouse=True)
def integration(
    recorder_mock: Recorder, socket_enabled: None, enable_custom_integrations: None
) -> None:
    """Have a recorder, which has to be there before Home Assistant is."""


@pytest.mark.parametrize(
    ("km", "counted"),
    [(2000, (1000, 1000)), (990, (0, -10)), (100, (0, 100))],
)
async def test_set_odometer_counts_as_the_readme_says(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: Trouble,
    km: float,
    counted: tuple[float, float],
) -> None:
    car.freezer.move_to(NOON)
    await car.say(report())
    await hass.async_block_till_done()
    device = device_of(hass, entry)
    assert device is not None

    for period, value in enumerate((1000.0, km)):
        car.freezer.move_to(NOON + period * PERIOD + timedelta(minutes=1))
        await hass.services.async_call(
            "sinotrack",
            "set_odometer",
            {"device_id": device.id, "kilometres": value},
            blocking=True,
        )
        await async_wait_recording_done(hass)
        do_adhoc_statistics(hass, start=NOON + period * PERIOD)
        await async_wait_recording_done(hass)
        if not period:
            config = {"utility_meter": {"way": {"source": ODOMETER}}}
            assert await async_setup_component(hass, "utility_meter", config)
            await hass.async_block_till_done()

    rows = await get_instance(hass).async_add_executor_job(
        lambda: statistics_during_period(
            hass, NOON, None, {ODOMETER}, "5minute", None, {"sum"}
        )
    )
    before, after = (row["sum"] or 0.0 for row in rows[ODOMETER])
    meter = hass.states.get("sensor.way")
    assert meter is not None
    assert (float(meter.state), after - before) == counted
