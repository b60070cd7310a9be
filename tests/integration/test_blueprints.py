"""The blueprints, each loaded into Home Assistant and driven by states."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
import json
from pathlib import Path
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint import Blueprint
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, ServiceCall, State
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import extract_inputs
import pytest
from pytest_homeassistant_custom_component.common import (
    async_mock_service,
    mock_restore_cache,
)

from custom_components.sinotrack.const import DOMAIN

from .host import pass_time

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "blueprints/automation" / DOMAIN
MANIFEST = json.loads((ROOT / "custom_components/sinotrack/manifest.json").read_text())
HACS = json.loads((ROOT / "hacs.json").read_text())

# Each blueprint, and the input of its actions.
BLUEPRINTS = {
    "arrival": "arrival_actions",
    "left_behind": "left_behind_actions",
    "low_vehicle_battery": "low_battery_actions",
    "power_cut": "power_cut_actions",
    "silent_too_long": "silence_actions",
    "tow": "tow_actions",
}

AUTOMATION = "automation.blueprint"
VAN = "device_tracker.van"
IGNITION = "binary_sensor.van_ignition"
MOVING = "binary_sensor.van_moving"
POWER = "binary_sensor.van_external_power"
VOLTAGE = "sensor.van_voltage"
LAST_SEEN = "sensor.van_last_seen"
ALARM = "event.van_alarm"

SCHOOL = "zone.school"
PLACES = {
    "home": (32.87336, -117.22743),
    "School": (32.90000, -117.22743),
    "not_home": (33.10000, -117.22743),
}

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

# What Home Assistant writes where nothing is known.
GONE = [STATE_UNAVAILABLE, STATE_UNKNOWN]

type Install = Callable[..., Awaitable[list[ServiceCall]]]
type Wait = Callable[[timedelta], Awaitable[None]]


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A configuration of its own, with the blueprints where an import puts them."""
    target = Path(hass_tmp_config_dir) / "blueprints/automation" / DOMAIN
    shutil.copytree(FOLDER, target)
    return hass_tmp_config_dir


@pytest.fixture
async def install(hass: HomeAssistant) -> AsyncGenerator[Install]:
    """Make an automation of a blueprint; gives the list of what it has done."""

    async def install(name: str, **inputs: Any) -> list[ServiceCall]:
        runs = async_mock_service(hass, "test", "done")
        assert await async_setup_component(hass, "homeassistant", {})
        assert await async_setup_component(
            hass,
            "zone",
            {
                "zone": [
                    {
                        "name": "School",
                        "latitude": PLACES["School"][0],
                        "longitude": PLACES["School"][1],
                        "radius": 100,
                    }
                ]
            },
        )
        assert await async_setup_component(
            hass,
            "automation",
            {
                "automation": {
                    "id": name,
                    "alias": "Blueprint",
                    "use_blueprint": {
                        "path": f"{DOMAIN}/{name}.yaml",
                        "input": {
                            **inputs,
                            BLUEPRINTS[name]: [{"action": "test.done"}],
                        },
                    },
                }
            },
        )
        await hass.async_block_till_done()
        automation = hass.states.get(AUTOMATION)
        assert automation is not None
        assert automation.state == "on"
        return runs

    yield install
    # What it waits for goes with it.
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": AUTOMATION}, blocking=True
    )


@pytest.fixture
def wait(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Wait:
    """Let time pass."""
    return lambda time: pass_time(hass, freezer, time)


async def show(
    hass: HomeAssistant,
    entity_id: str,
    *states: str | float | datetime,
    attributes: Mapping[str, Any] | None = None,
) -> None:
    """Let an entity have one state after the other."""
    for state in states:
        text = state.isoformat() if isinstance(state, datetime) else str(state)
        hass.states.async_set(entity_id, text, attributes)
        await hass.async_block_till_done()


async def drive(hass: HomeAssistant, *places: str) -> None:
    """Let the van be at one place after the other.

    Each report of a tracker counts as a change, as it does of a real entity.
    """
    for place in places:
        attributes: dict[str, Any] = {"source_type": "gps"}
        if place != STATE_UNAVAILABLE:
            zone = {"home": ["zone.home"], "School": [SCHOOL]}
            attributes["in_zones"] = zone.get(place, [])
        if place in PLACES:
            latitude, longitude = PLACES[place]
            attributes |= {"latitude": latitude, "longitude": longitude}
            attributes["gps_accuracy"] = 15
        hass.states.async_set(VAN, place, attributes, force_update=True)
        await hass.async_block_till_done()


async def alarm(
    hass: HomeAssistant, kind: str, *, late: bool = False, at: datetime | None = None
) -> None:
    """Let an alarm arrive."""
    attributes = {"event_type": kind, "late": late, "time": "2026-06-01T12:00:00+00:00"}
    await show(hass, ALARM, at or dt_util.utcnow(), attributes=attributes)


def ran_before(hass: HomeAssistant, ago: timedelta) -> None:
    """Let the automation have run some time before Home Assistant was restarted."""
    last = (dt_util.utcnow() - ago).isoformat()
    mock_restore_cache(hass, [State(AUTOMATION, "on", {"last_triggered": last})])


class TestPapers:
    """What stands in the files."""

    @pytest.fixture(params=BLUEPRINTS)
    def name(self, request: pytest.FixtureRequest) -> str:
        """The name of each."""
        return str(request.param)

    @pytest.fixture
    async def blueprint(self, hass: HomeAssistant, name: str) -> Blueprint:
        """Each of them, as Home Assistant reads it."""
        assert await async_setup_component(hass, "automation", {})
        return await async_get_blueprints(hass).async_get_blueprint(
            f"{DOMAIN}/{name}.yaml"
        )

    def test_there_are_six(self) -> None:
        assert sorted(file.name for file in FOLDER.iterdir()) == [
            f"{name}.yaml" for name in BLUEPRINTS
        ]

    def test_every_blueprint_says_what_it_is_and_where_it_comes_from(
        self, blueprint: Blueprint, name: str
    ) -> None:
        path = (FOLDER / f"{name}.yaml").relative_to(ROOT).as_posix()

        assert blueprint.metadata.keys() == {
            "name",
            "description",
            "domain",
            "source_url",
            "homeassistant",
            "input",
        }
        assert blueprint.name.startswith("SinoTrack: ")
        assert blueprint.domain == "automation"
        assert blueprint.metadata["source_url"] == (
            f"{MANIFEST['documentation']}/blob/main/{path}"
        )
        assert blueprint.metadata["homeassistant"] == {
            "min_version": HACS["homeassistant"]
        }
        assert blueprint.validate() is None

    def test_every_input_is_used_and_explained(self, blueprint: Blueprint) -> None:
        body = {key: part for key, part in blueprint.data.items() if key != "blueprint"}

        assert extract_inputs(body) == set(blueprint.inputs)
        for given in blueprint.inputs.values():
            assert given.keys() - {"default"} == {"name", "description", "selector"}

    def test_only_vehicle_and_actions_have_to_be_chosen(
        self, blueprint: Blueprint, name: str
    ) -> None:
        chosen = {
            key: next(iter(given["selector"]))
            for key, given in blueprint.inputs.items()
            if "default" not in given
        }

        assert chosen.pop(BLUEPRINTS[name]) == "action"
        assert set(chosen.values()) == {"entity"}

    def test_entities_of_trackers_are_offered_and_no_others(
        self, blueprint: Blueprint
    ) -> None:
        offered = [
            shown
            for given in blueprint.inputs.values()
            for shown in given["selector"].get("entity", {}).get("filter", [])
            if shown["domain"] != ["zone"]
        ]

        assert offered
        assert {shown["integration"] for shown in offered} == {DOMAIN}


class TestArrival:
    """A vehicle comes into a zone."""

    async def test_arrival_runs_the_actions(
        self, hass: HomeAssistant, install: Install
    ) -> None:
        runs = await install("arrival", tracker=VAN)

        await drive(hass, "not_home", "home")

        assert len(runs) == 1

    async def test_staying_and_leaving_run_nothing(
        self, hass: HomeAssistant, install: Install
    ) -> None:
        runs = await install("arrival", tracker=VAN)

        await drive(hass, "home", "home", "not_home", "not_home")

        assert runs == []

    @pytest.mark.parametrize("gone", GONE)
    async def test_place_that_comes_back_is_no_arrival(
        self, hass: HomeAssistant, install: Install, wait: Wait, gone: str
    ) -> None:
        runs = await install("arrival", tracker=VAN)

        await drive(hass, "home", gone)
        await wait(HOUR)
        await drive(hass, "home")
        await drive(hass, "not_home", gone, "home")

        assert runs == []

    async def test_first_place_of_all_is_no_arrival(
        self, hass: HomeAssistant, install: Install
    ) -> None:
        runs = await install("arrival", tracker=VAN)

        await drive(hass, "home")

        assert runs == []

    @pytest.mark.parametrize(("away", "expected"), [(4, 0), (5, 1), (600, 1)])
    async def test_short_trip_is_no_arrival(
        self,
        hass: HomeAssistant,
        install: Install,
        wait: Wait,
        away: int,
        expected: int,
    ) -> None:
        runs = await install("arrival", tracker=VAN)

        await drive(hass, "home", "not_home")
        await wait(away * MINUTE)
        await drive(hass, "home")

        assert len(runs) == expected

    async def test_reports_and_other_zones_on_the_way_do_not_make_a_trip_short(
        self, hass: HomeAssistant, install: Install, wait: Wait
    ) -> None:
        runs = await install("arrival", tracker=VAN)

        await drive(hass, "home", "not_home")
        await wait(10 * MINUTE)
        await drive(hass, "School", "not_home", "not_home", "home")

        assert len(runs) == 1

    async def test_place_that_jumps_out_and_back_never_arrives(
        self, hass: HomeAssistant, install: Install, wait: Wait
    ) -> None:
        runs = await install("arrival", tracker=VAN)
        await drive(hass, "home")

        for _ in range(5):
            await wait(3 * MINUTE)
            await drive(hass, "not_home")
            await wait(MINUTE)
            await drive(hass, "home")

        assert runs == []

    async def test_time_away_may_be_nothing(
        self, hass: HomeAssistant, install: Install
    ) -> None:
        runs = await install("arrival", tracker=VAN, minimum_away={"minutes": 0})

        await drive(hass, "home", "not_home", "home")

        assert len(runs) == 1

    @pytest.mark.parametrize(("ago", "expected"), [(2, 0), (30, 1)])
    async def test_time_away_survives_a_restart(
        self, hass: HomeAssistant, install: Install, ago: int, expected: int
    ) -> None:
        ran_before(hass, ago * MINUTE)
        runs = await install("arrival", tracker=VAN)

        await drive(hass, STATE_UNAVAILABLE, "not_home", "home")

        assert len(runs) == expected

    @pytest.mark.parametrize(
        ("ignition", "expected"),
        [("on", 1), ("off", 0), (STATE_UNAVAILABLE, 0), (STATE_UNKNOWN, 0)],
    )
    async def test_ignition_has_to_be_on_where_it_is_asked_for(
        self, hass: HomeAssistant, install: Install, ignition: str, expected: int
    ) -> None:
        runs = await install("arrival", tracker=VAN, ignition=IGNITION)
        await show(hass, IGNITION, ignition)

        await drive(hass, "not_home", "home")

        assert len(runs) == expected

    async def test_any_zone_can_be_the_one(
        self, hass: HomeAssistant, install: Install
    ) -> None:
        runs = await install("arrival", tracker=VAN, zone=SCHOOL)

        await drive(hass, "not_home", "home", "not_home")
        assert runs == []

        await drive(hass, "School")
        assert len(runs) == 1

    async def test_actions_can_be_tried_by_hand(
        self, hass: HomeAssistant, install: Install
    ) -> None:
        runs = await install("arrival", tracker=VAN)

        await hass.services.async_call(
            "automation", "trigger", {"entity_id": AUTOMATION}, blocking=True
        )

        assert len(runs) == 1


class TestLeftBehind:
    """A vehicle stands with the ignition on."""

    @pytest.fixture
    async def runs(self, hass: HomeAssistant, install: Install) -> list[ServiceCall]:
        """What the automation has done, with 15 minutes of standstill."""
        return await install("left_behind", ignition=IGNITION, moving=MOVING)

    async def test_van_that_stops_with_the_ignition_on_is_left_behind_once(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, IGNITION, "on")
        await show(hass, MOVING, "on")
        await wait(MINUTE)
        await show(hass, MOVING, "off")

        await wait(14 * MINUTE)
        assert runs == []

        await wait(2 * MINUTE)
        await wait(24 * HOUR)
        assert len(runs) == 1

    async def test_van_that_is_started_and_does_not_go_is_left_behind(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, MOVING, "off")
        await show(hass, IGNITION, "off")
        await wait(HOUR)
        await show(hass, IGNITION, "on")

        await wait(16 * MINUTE)

        assert len(runs) == 1

    async def test_drive_is_no_part_of_the_standstill(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, IGNITION, "off", "on")
        await show(hass, MOVING, "off", "on")
        await wait(10 * MINUTE)
        await show(hass, MOVING, "off")

        await wait(14 * MINUTE)
        assert runs == []

        await wait(2 * MINUTE)
        assert len(runs) == 1

    async def test_ignition_off_or_a_new_start_ends_the_wait(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, IGNITION, "on")
        for _ in range(3):
            await show(hass, MOVING, "on", "off")
            await wait(10 * MINUTE)
        await show(hass, IGNITION, "off")

        await wait(HOUR)

        assert runs == []

    async def test_engine_that_stops_and_starts_at_a_stand_is_told_once(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, IGNITION, "on")
        await show(hass, MOVING, "on", "off")
        await wait(MINUTE)
        await show(hass, IGNITION, "off", "on")

        await wait(14 * MINUTE + 30 * SECOND)
        assert runs == []

        await wait(HOUR)
        assert len(runs) == 1

    @pytest.mark.parametrize("gone", GONE)
    async def test_restart_and_silence_leave_nothing_behind(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait, gone: str
    ) -> None:
        await show(hass, IGNITION, gone, "on")
        await show(hass, MOVING, gone, "off")
        await wait(HOUR)
        await show(hass, MOVING, "on", "off", gone, "off")
        await wait(HOUR)

        assert runs == []


class TestTow:
    """A vehicle moves with the ignition off."""

    @pytest.fixture
    async def runs(
        self, hass: HomeAssistant, install: Install, wait: Wait
    ) -> list[ServiceCall]:
        """What the automation has done for a van that is parked."""
        runs = await install("tow", moving=MOVING, ignition=IGNITION, alarm=ALARM)
        await show(hass, MOVING, "off")
        await show(hass, IGNITION, "off")
        await show(hass, ALARM, STATE_UNKNOWN)
        await wait(HOUR)
        return runs

    async def test_van_that_moves_with_the_ignition_off_is_towed(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, MOVING, "on")
        assert runs == []

        # A vehicle that is found elsewhere counts as moving for 90 s.
        await wait(91 * SECOND)
        assert runs == []
        await wait(30 * SECOND)
        assert len(runs) == 1

    @pytest.mark.parametrize("ignition", ["on", STATE_UNAVAILABLE, STATE_UNKNOWN])
    async def test_trip_of_its_own_is_no_tow(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait, ignition: str
    ) -> None:
        """The ignition may be told of a little later than the motion."""
        await show(hass, MOVING, "on")
        await wait(10 * SECOND)
        await show(hass, IGNITION, ignition)

        await wait(HOUR)

        assert runs == []

    async def test_trip_that_ends_at_once_is_no_tow(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, IGNITION, "on")
        await show(hass, MOVING, "on")
        await wait(20 * SECOND)
        await show(hass, IGNITION, "off")

        await wait(101 * SECOND)
        await wait(HOUR)

        assert runs == []

    async def test_jolt_is_no_tow(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, MOVING, "on")
        await wait(10 * SECOND)
        await show(hass, MOVING, "off")

        await wait(HOUR)

        assert runs == []

    async def test_lorry_in_the_traffic_is_told_of_once_in_a_while(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        for _ in range(5):
            await show(hass, MOVING, "on")
            await wait(2 * MINUTE + SECOND)
            await show(hass, MOVING, "off")
            await wait(10 * SECOND)
        assert len(runs) == 1

        await wait(15 * MINUTE)
        await show(hass, MOVING, "on")
        await wait(2 * MINUTE + SECOND)
        assert len(runs) == 2

    @pytest.mark.parametrize("gone", GONE)
    async def test_restart_and_silence_are_no_tow(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait, gone: str
    ) -> None:
        await show(hass, MOVING, gone, "on")

        await wait(HOUR)

        assert runs == []

    async def test_tow_alarm_counts_at_once_and_once(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await alarm(hass, "tow")
        assert len(runs) == 1

        await show(hass, MOVING, "on")
        await wait(MINUTE)
        assert len(runs) == 1

    @pytest.mark.parametrize("kind", ["vibration", "theft", "power_cut"])
    async def test_other_alarm_is_no_tow(
        self, hass: HomeAssistant, runs: list[ServiceCall], kind: str
    ) -> None:
        await alarm(hass, kind)

        assert runs == []

    async def test_late_alarm_is_no_tow(
        self, hass: HomeAssistant, runs: list[ServiceCall]
    ) -> None:
        await alarm(hass, "tow", late=True)

        assert runs == []

    async def test_alarm_on_a_drive_is_no_tow(
        self, hass: HomeAssistant, runs: list[ServiceCall]
    ) -> None:
        await show(hass, IGNITION, "on")
        await alarm(hass, "tow")

        assert runs == []

    async def test_old_alarm_that_comes_back_is_no_tow(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        old = dt_util.utcnow()
        hass.states.async_remove(ALARM)
        await alarm(hass, "tow", at=old)
        await wait(HOUR)
        await show(hass, ALARM, STATE_UNAVAILABLE)
        await alarm(hass, "tow", at=old)
        hass.states.async_remove(ALARM)
        await hass.async_block_till_done()

        assert runs == []

    async def test_alarm_is_optional(
        self, hass: HomeAssistant, install: Install, wait: Wait
    ) -> None:
        runs = await install("tow", moving=MOVING, ignition=IGNITION)
        await show(hass, MOVING, "off")
        await show(hass, IGNITION, "off")
        await wait(HOUR)

        await alarm(hass, "tow")
        assert runs == []

        await show(hass, MOVING, "on")
        await wait(2 * MINUTE + SECOND)
        assert len(runs) == 1


class TestPowerCut:
    """A tracker loses the power of the vehicle."""

    @pytest.fixture
    async def runs(self, hass: HomeAssistant, install: Install) -> list[ServiceCall]:
        """What the automation has done for a tracker that has power."""
        runs = await install("power_cut", external_power=POWER, alarm=ALARM)
        await show(hass, POWER, "on")
        await show(hass, ALARM, STATE_UNKNOWN)
        return runs

    async def test_power_that_is_gone_is_cut(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, POWER, "off")
        assert runs == []

        await wait(11 * SECOND)
        await wait(24 * HOUR)
        assert len(runs) == 1

    async def test_engine_that_is_started_cuts_nothing(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, POWER, "off")
        await wait(5 * SECOND)
        await show(hass, POWER, "on")

        await wait(HOUR)

        assert runs == []

    @pytest.mark.parametrize("gone", GONE)
    async def test_restart_cuts_nothing(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait, gone: str
    ) -> None:
        await show(hass, POWER, gone, "off")

        await wait(HOUR)

        assert runs == []

    async def test_loose_contact_is_told_of_once_in_a_while(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        for _ in range(3):
            await show(hass, POWER, "off")
            await wait(30 * SECOND)
            await show(hass, POWER, "on")
        assert len(runs) == 1

        await wait(5 * MINUTE)
        await show(hass, POWER, "off")
        await wait(30 * SECOND)
        assert len(runs) == 2

    async def test_tracker_that_is_switched_off_counts_at_once_and_once(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await alarm(hass, "power_off")
        assert len(runs) == 1

        await show(hass, POWER, "off")
        await wait(MINUTE)
        assert len(runs) == 1

    async def test_late_and_other_alarms_cut_nothing(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await alarm(hass, "power_off", late=True)
        await wait(SECOND)
        await alarm(hass, "low_battery")

        assert runs == []

    async def test_old_alarm_that_comes_back_cuts_nothing(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        old = dt_util.utcnow()
        hass.states.async_remove(ALARM)
        await alarm(hass, "power_off", at=old)
        await wait(HOUR)
        await show(hass, ALARM, STATE_UNAVAILABLE)
        await alarm(hass, "power_off", at=old)

        assert runs == []


class TestLowVehicleBattery:
    """The battery of a vehicle gets low."""

    @pytest.fixture
    async def runs(self, hass: HomeAssistant, install: Install) -> list[ServiceCall]:
        """What the automation has done for a battery of 12.6 V."""
        await show(hass, VOLTAGE, 12.6)
        return await install("low_vehicle_battery", voltage=VOLTAGE)

    async def test_battery_that_stays_low_is_told_of_once(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, VOLTAGE, 11.7)
        await wait(9 * MINUTE)
        assert runs == []

        await show(hass, VOLTAGE, 11.6)
        await wait(2 * MINUTE)
        await show(hass, VOLTAGE, 11.5)
        await wait(24 * HOUR)
        assert len(runs) == 1

    async def test_engine_that_is_started_does_not_make_it_low(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, VOLTAGE, 9.5)
        await wait(5 * SECOND)
        await show(hass, VOLTAGE, 14.2)

        await wait(HOUR)

        assert runs == []

    async def test_threshold_itself_is_not_low(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await show(hass, VOLTAGE, 11.8)

        await wait(HOUR)

        assert runs == []

    @pytest.mark.parametrize("gone", GONE)
    async def test_restart_does_not_make_it_low(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait, gone: str
    ) -> None:
        await show(hass, VOLTAGE, gone, 11.0)

        await wait(HOUR)

        assert runs == []

    async def test_battery_up_and_down_is_told_of_once_in_a_while(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        for _ in range(3):
            await show(hass, VOLTAGE, 11.7)
            await wait(HOUR)
            await show(hass, VOLTAGE, 12.0)
        assert len(runs) == 1

        await wait(12 * HOUR)
        await show(hass, VOLTAGE, 11.7)
        await wait(HOUR)
        assert len(runs) == 2

    async def test_lorry_has_a_threshold_of_its_own(
        self, hass: HomeAssistant, install: Install, wait: Wait
    ) -> None:
        await show(hass, VOLTAGE, 25.2)
        runs = await install("low_vehicle_battery", voltage=VOLTAGE, threshold=23.6)

        await show(hass, VOLTAGE, 23.5)
        await wait(11 * MINUTE)

        assert len(runs) == 1


class TestSilentTooLong:
    """Nothing arrives from a tracker."""

    @pytest.fixture
    async def runs(self, hass: HomeAssistant, install: Install) -> list[ServiceCall]:
        """What the automation has done for a tracker that reports."""
        runs = await install("silent_too_long", last_seen=LAST_SEEN)
        await show(hass, LAST_SEEN, dt_util.utcnow())
        return runs

    async def test_silence_is_told_of_once(
        self, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await wait(6 * HOUR - MINUTE)
        assert runs == []

        await wait(2 * MINUTE)
        await wait(48 * HOUR)
        assert len(runs) == 1

    async def test_every_silence_is_told_of(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        await wait(7 * HOUR)
        await wait(MINUTE)
        await show(hass, LAST_SEEN, dt_util.utcnow())
        await wait(7 * HOUR)

        assert len(runs) == 2

    async def test_tracker_that_reports_is_not_silent(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait
    ) -> None:
        for _ in range(6):
            await wait(5 * HOUR)
            await show(hass, LAST_SEEN, dt_util.utcnow())

        assert runs == []

    @pytest.mark.parametrize("gone", GONE)
    async def test_tracker_that_was_never_heard_is_not_silent(
        self, hass: HomeAssistant, runs: list[ServiceCall], wait: Wait, gone: str
    ) -> None:
        await show(hass, LAST_SEEN, gone)

        await wait(48 * HOUR)

        assert runs == []

    async def test_silence_of_home_assistant_is_not_that_of_the_tracker(
        self, hass: HomeAssistant, install: Install, wait: Wait
    ) -> None:
        """Two days off: the tracker gets its time to report again."""
        runs = await install("silent_too_long", last_seen=LAST_SEEN)
        before = dt_util.utcnow() - 48 * HOUR
        await show(hass, LAST_SEEN, STATE_UNAVAILABLE, before)

        await wait(5 * HOUR)
        assert runs == []

        await wait(2 * HOUR)
        assert len(runs) == 1

    @pytest.mark.parametrize(("told", "expected"), [(10, 0), (24, 1)])
    async def test_silence_that_was_told_of_before_a_restart_is_not_told_again(
        self,
        hass: HomeAssistant,
        install: Install,
        wait: Wait,
        told: int,
        expected: int,
    ) -> None:
        ran_before(hass, told * HOUR)
        runs = await install("silent_too_long", last_seen=LAST_SEEN)
        before = dt_util.utcnow() - 16 * HOUR
        await show(hass, LAST_SEEN, STATE_UNAVAILABLE, before)

        await wait(7 * HOUR)

        assert len(runs) == expected
