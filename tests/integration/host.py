"""What tests ask of Home Assistant, and how they wait for it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
import json
from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryDataWithId
from homeassistant.const import (
    EVENT_STATE_CHANGED,
    EVENT_STATE_REPORTED,
)
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.hub import Hub
from custom_components.sinotrack.issues import FAILURES_BORNE

from .road import CAR

# What is there from the start, and what comes with its first value.
CORE = ("location", "ignition", "motion", "connectivity", "speed", "last_seen")

PLATFORM_OF = {
    "location": "device_tracker",
    "alarm": "event",
    **dict.fromkeys(
        (
            "ignition",
            "motion",
            "connectivity",
            "external_power",
            "vibration",
            "sos",
            "door",
            "engine_cut",
            "overspeed",
            "geofence",
            "low_battery",
            "gps_fault",
            "armed",
        ),
        "binary_sensor",
    ),
    **dict.fromkeys(
        (
            "speed",
            "last_seen",
            "odometer",
            "battery",
            "voltage",
            "heading",
            "mileage",
            "satellites",
            "signal",
            "last_fix",
            "verdict",
        ),
        "sensor",
    ),
}

# Turns of the loop until a condition must hold: far more than anything here takes.
_PATIENCE = 2000


async def until(
    hass: HomeAssistant, condition: Callable[[], object], *, is_watched: bool = False
) -> None:
    """Let Home Assistant and the sockets work until a condition holds.

    While a dialog is watched, a task of it waits for news all the time.
    """
    for _ in range(_PATIENCE):
        if condition():
            await hass.async_block_till_done(wait_background_tasks=not is_watched)
            return
        await hass.async_block_till_done()
    pytest.fail("what the test waits for never came")


def subentry_id(tracker_id: str) -> str:
    """Give the id of a sub-entry; it holds nothing of that of its tracker."""
    return f"subentry-{int(tracker_id):x}"


async def fail_to_open(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Have a receiver try to get a port that is taken, until its owner is told."""
    for _ in range(FAILURES_BORNE + 1):
        await hass.config_entries.async_unload(entry.entry_id)
        assert not await hass.config_entries.async_setup(entry.entry_id)


def receiver_entry(
    port: int, trackers: Mapping[str, str] | None = None, **kwargs: Any
) -> MockConfigEntry:
    """A receiver on 127.0.0.1, with trackers by id and name."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="SinoTrack",
        data={"host": "127.0.0.1", "port": port},
        subentries_data=[
            ConfigSubentryDataWithId(
                subentry_id=subentry_id(tracker_id),
                subentry_type="tracker",
                title=name,
                unique_id=tracker_id,
                data={"tracker_id": tracker_id},
            )
            for tracker_id, name in (trackers or {}).items()
        ],
        **kwargs,
    )


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> Hub:
    """Set a receiver up."""
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return hub_of(entry)


def hub_of(entry: MockConfigEntry) -> Hub:
    """Give the hub of a receiver that is set up."""
    hub: Hub = entry.runtime_data
    return hub


async def add_tracker(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker_id: str = CAR,
    name: str = "Car",
) -> ConfigSubentry:
    """Let a tracker in."""
    subentry = ConfigSubentry(
        data=MappingProxyType({"tracker_id": tracker_id}),
        subentry_id=subentry_id(tracker_id),
        subentry_type="tracker",
        title=name,
        unique_id=tracker_id,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    await hass.async_block_till_done()
    return subentry


def entity_id(hass: HomeAssistant, key: str, tracker_id: str = CAR) -> str | None:
    """Find an entity by what is promised of it: its unique id."""
    return er.async_get(hass).async_get_entity_id(
        PLATFORM_OF[key], DOMAIN, f"{tracker_id}_{key}"
    )


def shown(hass: HomeAssistant, key: str, tracker_id: str = CAR) -> State:
    """Give what an entity shows."""
    state = hass.states.get(entity_id(hass, key, tracker_id) or "")
    assert state is not None, f"{key} of {tracker_id} does not exist"
    return state


def place_of(hass: HomeAssistant, tracker_id: str = CAR) -> tuple[float, float] | None:
    """Give where a tracker is on the map, or None."""
    attributes = shown(hass, "location", tracker_id).attributes
    if "latitude" not in attributes:
        return None
    return attributes["latitude"], attributes["longitude"]


def device_of(
    hass: HomeAssistant, entry: MockConfigEntry, tracker_id: str = CAR
) -> dr.DeviceEntry | None:
    """Give the device of a tracker."""
    return dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, tracker_id), entry.entry_id
    )


def offered(hass: HomeAssistant) -> list[str]:
    """Give the ids that are offered to the owner, sorted."""
    return sorted(
        flow["context"]["unique_id"] or ""
        for flow in hass.config_entries.flow.async_progress_by_handler(
            DOMAIN, match_context={"source": "integration_discovery"}
        )
    )


def kept(hass_storage: dict[str, Any], entry: MockConfigEntry) -> dict[str, Any]:
    """Give what is stored of each tracker."""
    stored = hass_storage[f"sinotrack.{entry.entry_id}"]
    trackers: dict[str, Any] = stored["data"]["trackers"]
    return trackers


def remembered(entry: MockConfigEntry) -> dict[str, Any]:
    """Give what should be stored of each tracker, as JSON holds it."""
    trackers: dict[str, Any] = json.loads(
        json.dumps(
            {
                tracker_id: live.export()
                for tracker_id, live in hub_of(entry).trackers.items()
            }
        )
    )
    return trackers


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, time: timedelta
) -> None:
    """Let time pass, and what was waiting for it happen."""
    freezer.tick(time)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


def count_writes(hass: HomeAssistant) -> list[str]:
    """Give a list to which each state write adds its entity, changed or not."""
    writes: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        writes.append(event.data["entity_id"])

    @callback
    def each(_data: Mapping[str, Any]) -> bool:
        return True

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    hass.bus.async_listen(EVENT_STATE_REPORTED, note, event_filter=each)
    return writes
