"""The automations of the README, as somebody copies them."""

from datetime import timedelta
from pathlib import Path
import re
import shutil
from typing import Any, cast
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from simulator import StatusBit

from .host import add_tracker, pass_time, until
from .road import VAN, UdpUnit, report
from .trouble import HOUR, MINUTE

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()

Automation = dict[str, Any]


def automations() -> list[Automation]:
    """Give those that the README shows."""
    blocks = re.findall(
        r"^```yaml\n(automation:\n.*?)^```$", README, re.MULTILINE | re.DOTALL
    )
    parsed = [cast("dict[str, list[Automation]]", parse_yaml(each)) for each in blocks]
    return [automation for each in parsed for automation in each["automation"]]


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A configuration with the blueprints where an import from GitHub puts them."""
    target = Path(hass_tmp_config_dir) / "blueprints/automation/ha-sinotrack"
    shutil.copytree(ROOT / "blueprints/automation/sinotrack", target)
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only where a test says so."""
    freezer.move_to("2026-11-22 12:00:00+00:00")


@pytest.fixture
async def van(hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit) -> UdpUnit:
    """The tracker that the README speaks of; it has an alarm from its first report."""
    await add_tracker(hass, entry, VAN, "Van")
    udp.send(report(VAN))
    await udp.answer()
    return udp


@pytest.fixture
def told(hass: HomeAssistant) -> list[ServiceCall]:
    """The messages."""
    return async_mock_service(hass, "notify", "notify")


@pytest.fixture
def opened(hass: HomeAssistant) -> list[ServiceCall]:
    """The doors."""
    return async_mock_service(hass, "cover", "open_cover")


@pytest.fixture(autouse=True)
async def running(hass: HomeAssistant, van: UdpUnit) -> None:
    """Have the automations run."""
    config = {"automation": automations()}
    assert await async_setup_component(hass, "automation", config)
    await hass.async_block_till_done()
    assert {state.state for state in hass.states.async_all("automation")} == {"on"}


async def test_van_that_comes_home_opens_the_garage_with_its_ignition_on(
    hass: HomeAssistant,
    van: UdpUnit,
    opened: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    home = hass.config.latitude, hass.config.longitude
    for ignition in (False, True):
        for place in ((home[0] + 0.02, home[1]), home):
            freezer.tick(HOUR)
            for _ in range(2):
                freezer.tick(MINUTE)
                van.send(report(VAN, place, speed_kmh=50, ignition=ignition))
                await van.answer()
        await hass.async_block_till_done()
        assert hass.states.is_state("device_tracker.van", "home")
        assert len(opened) == int(ignition)


async def drive_away(
    hass: HomeAssistant, van: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    """Be seen away from home for ten minutes, with the ignition on."""
    for minutes in range(1, 11):
        freezer.tick(MINUTE)
        place = hass.config.latitude + 0.01 * minutes, hass.config.longitude
        van.send(report(VAN, place, speed_kmh=60, ignition=True))
        await van.answer()
    await hass.async_block_till_done()


@pytest.mark.parametrize("metres", [130, 200, 290])
async def test_stray_fix_of_a_van_that_stands_with_its_engine_on_opens_nothing(
    hass: HomeAssistant,
    van: UdpUnit,
    opened: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
    metres: float,
) -> None:
    home = hass.config.latitude, hass.config.longitude
    stray = home[0] + metres / 111_195, home[1]
    shown = []
    for place in (home, home, stray, home, stray, home):
        freezer.tick(MINUTE)
        van.send(report(VAN, place, ignition=True))
        await van.answer()
        await hass.async_block_till_done()
        shown.append(hass.states.is_state("device_tracker.van", "home"))

    assert shown[2:] == [False, True, False, True]
    assert len(opened) == 1, "it has come home once"


async def rename_ignition(hass: HomeAssistant) -> None:
    """Give the ignition another id and take it back, which adds it anew: the last."""
    registry = er.async_get(hass)
    ids = "binary_sensor.van_ignition", "binary_sensor.key"
    for old, new in (ids, reversed(ids)):
        registry.async_update_entity(old, new_entity_id=new)
        await hass.async_block_till_done()


@pytest.mark.parametrize("is_renamed", [False, True])
async def test_stored_record_that_is_shown_at_home_opens_nothing(
    hass: HomeAssistant,
    van: UdpUnit,
    opened: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
    is_renamed: bool,
) -> None:
    if is_renamed:
        await rename_ignition(hass)
    home = hass.config.latitude, hass.config.longitude
    await drive_away(hass, van, freezer)
    freezer.tick(9 * MINUTE)
    for age in (8, 7, 6):
        stored = report(
            VAN, home, speed_kmh=20, ignition=True, age=timedelta(minutes=age)
        )
        van.send(stored)
        await van.answer()
    for _ in range(6):
        await pass_time(hass, freezer, MINUTE)

    assert hass.states.is_state("device_tracker.van", "home")
    assert hass.states.is_state("binary_sensor.van_ignition", "unknown")
    assert opened == []


@pytest.mark.parametrize("is_renamed", [False, True])
async def test_van_that_is_heard_again_as_it_comes_home_opens_the_garage(
    hass: HomeAssistant,
    van: UdpUnit,
    opened: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
    is_renamed: bool,
) -> None:
    if is_renamed:
        await rename_ignition(hass)
    await drive_away(hass, van, freezer)
    await pass_time(hass, freezer, 2 * HOUR)
    assert hass.states.is_state("binary_sensor.van_ignition", "unavailable")

    home = hass.config.latitude, hass.config.longitude
    van.send(report(VAN, home, speed_kmh=20, ignition=True))
    await van.answer()
    await hass.async_block_till_done()

    assert len(opened) == 1


@pytest.mark.parametrize(
    ("gap", "longest"), [(timedelta(seconds=20), HOUR), (timedelta(minutes=5), MINUTE)]
)
async def test_silence_is_told_as_late_as_the_blueprint_says(
    hass: HomeAssistant,
    van: UdpUnit,
    freezer: FrozenDateTimeFactory,
    gap: timedelta,
    longest: timedelta,
) -> None:
    runs = async_mock_service(hass, "test", "done")
    inputs = {
        "last_seen": "sensor.van_last_seen",
        "silence": {"hours": 2},
        "silence_actions": [{"action": "test.done"}],
    }
    path = "ha-sinotrack/silent_too_long.yaml"
    automation = {"alias": "S", "use_blueprint": {"path": path, "input": inputs}}
    with patch(
        "homeassistant.config.load_yaml_config_file",
        autospec=True,
        return_value={"automation": [automation]},
    ):
        await hass.services.async_call("automation", "reload", blocking=True)
    for _ in range(10):
        await pass_time(hass, freezer, gap)
        van.send(report(VAN))
        await van.answer()

    waited = timedelta(0)
    while not runs and waited < 4 * HOUR:
        await pass_time(hass, freezer, MINUTE)
        waited += MINUTE
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.s"}, blocking=True
    )
    assert 2 * HOUR <= waited <= 2 * HOUR + longest


async def test_sos_is_told_once_and_not_when_it_is_hours_old(
    hass: HomeAssistant,
    van: UdpUnit,
    told: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.tick(MINUTE)
    van.send(report(VAN, conditions=frozenset({StatusBit.SOS})))
    await van.answer()
    await until(hass, lambda: len(told) == 1)

    freezer.tick(MINUTE)
    van.send(report(VAN))
    await van.answer()
    freezer.tick(10 * HOUR)
    stored = report(VAN, age=5 * HOUR, conditions=frozenset({StatusBit.SOS}))
    van.send(stored)
    await van.answer()
    await until(
        hass,
        lambda: hass.states.is_state(
            "event.van_alarm", "2026-11-22T22:02:00.000+00:00"
        ),
    )
    assert len(told) == 1


async def test_old_sos_is_no_news_when_its_entity_comes_back(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    van: UdpUnit,
    told: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    van.send(report(VAN, conditions=frozenset({StatusBit.SOS})))
    await van.answer()
    await until(hass, lambda: len(told) == 1)

    await hass.config_entries.async_unload(entry.entry_id)
    hass.states.async_remove("event.van_alarm")
    await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(hass, freezer, HOUR)

    assert hass.states.get("event.van_alarm")
    assert len(told) == 1
