"""The clock of the machine is wrong, or put right: at boot, or at any other time."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.host import place_of, shown
from tests.integration.road import BERLIN, UdpUnit

from .conftest import NOON, beside
from .world import World

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RIGHT = timedelta(0)

FIVE_HOURS = timedelta(hours=5, minutes=7)
"""No number of quarters, which the clock of a tracker may be off by."""


@pytest.fixture
def world(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    """The time, and a receiver that is open."""
    return World(hass, freezer, monkeypatch, NOON)


def is_at(hass: HomeAssistant, north: float) -> bool:
    """Tell whether the car is shown so many metres north of where it was parked."""
    return place_of(hass) == pytest.approx(beside(north), abs=1e-5)


# --- at boot --------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [-3 * HOUR, -FIVE_HOURS, -400 * DAY, 2 * MINUTE])
async def test_drive_is_followed_on_a_board_that_starts_in_the_past(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    world: World,
    *,
    car: UdpUnit,
    ahead: timedelta,
) -> None:
    """A board without a battery starts in the past, and learns of the present."""
    await hass.config_entries.async_unload(entry.entry_id)
    await world.wait(MINUTE)
    world.put_clock(ahead)
    await hass.config_entries.async_setup(entry.entry_id)
    assert is_at(hass, 0)

    for number in range(1, 9):
        if number == 5:
            world.put_clock(RIGHT)
        await world.wait(20 * SECOND)
        await world.hear(car, beside(200 * number))
        assert is_at(hass, 200 * number)
    assert shown(hass, "ignition").state == "on"
    assert shown(hass, "motion").state == "on"
    assert shown(hass, "connectivity").state == "on"
    assert float(shown(hass, "odometer").state) == pytest.approx(1.6, rel=0.01)


async def test_host_ahead_by_its_zone_follows_a_drive_from_the_third_report_on(
    hass: HomeAssistant, world: World, trackers: None, udp: UdpUnit
) -> None:
    """Set to local time by another system: believed from the third report on."""
    world.put_clock(2 * HOUR)
    for number in range(1, 9):
        if number == 6:
            world.put_clock(RIGHT)
        await world.wait(20 * SECOND)
        await world.hear(udp, beside(200 * number))
        if number >= 3:
            assert is_at(hass, 200 * number)
            assert shown(hass, "motion").state == "on"


# --- at any other time ----------------------------------------------------------------


@pytest.mark.parametrize("ahead", [2 * HOUR, FIVE_HOURS, -3 * HOUR, -FIVE_HOURS])
async def test_host_that_is_off_for_a_while_loses_no_kilometre(
    hass: HomeAssistant, world: World, car: UdpUnit, ahead: timedelta
) -> None:
    """As long as it is ahead, nobody can tell what is live. Nothing is lost by that."""
    for number in range(1, 13):
        if number == 4:
            world.put_clock(ahead)
        if number == 10:
            world.put_clock(RIGHT)
        await world.wait(20 * SECOND)
        await world.hear(car, beside(200 * number))
        is_doubtful = ahead > RIGHT and 4 <= number < 10
        assert is_at(hass, 200 * (3 if is_doubtful else number))
        assert shown(hass, "connectivity").state == "on"
        assert shown(hass, "ignition").state == "on"
    await world.wait(10 * SECOND)
    assert float(shown(hass, "odometer").state) == pytest.approx(2.4, rel=0.01)


@pytest.mark.parametrize("behind", [RIGHT, 2 * MINUTE, 4 * MINUTE], ids=str)
async def test_clock_of_the_host_behind_by_minutes_brings_no_car_back(
    hass: HomeAssistant, world: World, car: UdpUnit, behind: timedelta
) -> None:
    """What it told on its way comes once more, newest first."""
    world.put_clock(-behind)
    for number in range(1, 5):
        await world.wait(20 * SECOND)
        await world.hear(car, beside(200 * number))
        assert is_at(hass, 200 * number)

    for age in range(10, 70, 20):
        await world.hear(car, beside(800 - 10 * age), age=age * SECOND)
        assert is_at(hass, 800)


@pytest.mark.parametrize("back", [3 * HOUR, 400 * DAY], ids=str)
async def test_tracker_that_falls_silent_as_the_clock_is_put_back_goes_offline(
    hass: HomeAssistant, world: World, car: UdpUnit, back: timedelta
) -> None:
    world.put_clock(-back)

    for _ in range(5):
        await world.wait(10 * MINUTE)
        assert shown(hass, "connectivity").state == "on"
    # Once to see that the clock was put back, once to wait for it.
    for _ in range(8):
        await world.wait(10 * MINUTE)
    assert shown(hass, "connectivity").state == "off"

    await world.hear(car, BERLIN)
    assert shown(hass, "connectivity").state == "on"


@pytest.mark.parametrize("back", [3 * HOUR, 400 * DAY], ids=str)
async def test_tracker_is_still_watched_after_a_start_in_the_past(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    world: World,
    *,
    car: UdpUnit,
    back: timedelta,
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    world.put_clock(-back)
    await hass.config_entries.async_setup(entry.entry_id)
    assert shown(hass, "connectivity").state == "on"

    await world.wait(61 * MINUTE)

    assert shown(hass, "connectivity").state == "off"


@pytest.mark.parametrize("forth", [3 * HOUR, 400 * DAY], ids=str)
async def test_tracker_is_not_lost_as_the_clock_is_put_forth(
    hass: HomeAssistant, world: World, car: UdpUnit, forth: timedelta
) -> None:
    """It may look silent for a while, but no longer than until it reports."""
    world.put_clock(-forth)
    await world.wait(10 * MINUTE)
    await world.hear(car, BERLIN, ignition=False, speed_kmh=0)
    world.put_clock(RIGHT)
    await world.wait(10 * MINUTE)

    for _ in range(12):
        await world.hear(car, BERLIN, ignition=False, speed_kmh=0)
        assert shown(hass, "connectivity").state == "on"
        await world.wait(10 * MINUTE)
        assert shown(hass, "connectivity").state == "on"
    await world.wait(2 * HOUR)
    assert shown(hass, "connectivity").state == "off"


@pytest.mark.parametrize("back", [3 * HOUR, 400 * DAY], ids=str)
async def test_vehicle_stands_after_the_clock_was_put_back(
    hass: HomeAssistant, world: World, car: UdpUnit, back: timedelta
) -> None:
    await world.wait(20 * SECOND)
    await world.hear(car, beside(200))
    await world.wait(20 * SECOND)
    await world.hear(car, beside(250), speed_kmh=0)
    assert shown(hass, "motion").state == "on"
    world.put_clock(-back)

    # Once to see that the clock was put back, once to wait for it.
    for _ in range(2):
        await world.wait(91 * SECOND)

    assert shown(hass, "motion").state == "off"


@pytest.mark.parametrize("back", [3 * HOUR, 400 * DAY], ids=str)
async def test_stored_records_count_after_the_clock_was_put_back(
    hass: HomeAssistant, world: World, car: UdpUnit, back: timedelta
) -> None:
    """For the odometer, and for the place where they end."""
    await world.wait(40 * MINUTE)
    for number in range(1, 21):
        age = 30 * MINUTE - 20 * number * SECOND
        await world.hear(car, beside(200 * number), age=age)
    assert float(shown(hass, "odometer").state) == 0
    world.put_clock(-back)

    for _ in range(2):
        await world.wait(11 * SECOND)
    assert float(shown(hass, "odometer").state) == pytest.approx(4, rel=0.01)
    for _ in range(2):
        await world.wait(5 * MINUTE)
    assert is_at(hass, 4000)


async def test_last_seen_follows_a_clock_that_was_put_back(
    hass: HomeAssistant, world: World, car: UdpUnit
) -> None:
    world.put_clock(-3 * HOUR)
    await world.wait(MINUTE)

    await world.hear(car, BERLIN)

    assert shown(hass, "last_seen").state == dt_util.utcnow().isoformat()
