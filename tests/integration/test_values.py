"""What a tracker can tell besides its place, and when an entity for it appears."""

import asyncio
from collections.abc import Callable, Sized
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from simulator import StatusBit

from .host import (
    CORE,
    PLATFORM_OF,
    add_tracker,
    count_writes,
    device_of,
    entity_id,
    hub_of,
    pass_time,
    shown,
    until,
)
from .road import CAR, UdpUnit, full_report, heartbeat, mileage_record, report

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

CONDITIONS = {
    "vibration": StatusBit.VIBRATION,
    "sos": StatusBit.SOS,
    "door": StatusBit.DOOR_OPEN,
    "engine_cut": StatusBit.FUEL_CUT,
    "overspeed": StatusBit.OVERSPEED_STATE,
    "geofence": StatusBit.GEOFENCE_EXIT,
    "low_battery": StatusBit.LOW_BATTERY,
    "gps_fault": StatusBit.GPS_FAULT,
    "armed": StatusBit.ARMED,
}
OFF_BY_DEFAULT = {
    "door",
    "engine_cut",
    "overspeed",
    "geofence",
    "low_battery",
    "gps_fault",
    "armed",
    "heading",
    "mileage",
    "satellites",
    "signal",
    "last_fix",
    "verdict",
}


@pytest.fixture(autouse=True)
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Begin at noon, and let time pass only where a test says so."""
    freezer.move_to(NOON)


@pytest.fixture
async def car(hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit) -> UdpUnit:
    """A tracker that was let in and has not reported."""
    await add_tracker(hass, entry)
    return udp


async def say(hass: HomeAssistant, car: UdpUnit, frame: bytes) -> None:
    """Report, and wait until all that comes of it is there."""
    car.send(frame)
    await car.answer()
    await hass.async_block_till_done()


def there(hass: HomeAssistant) -> set[str]:
    """Give the keys of all entities that were created."""
    return {key for key in PLATFORM_OF if entity_id(hass, key)}


async def enable_all(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Enable what is created disabled."""
    registry = er.async_get(hass)
    for registered in er.async_entries_for_config_entry(registry, entry.entry_id):
        registry.async_update_entity(registered.entity_id, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()


# --- what is there when ---------------------------------------------------------------


async def test_what_every_tracker_has_is_there_from_the_start(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    assert there(hass) == {*CORE, "alarm"}


async def test_each_value_appears_when_it_comes_first_and_without_a_reload(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    hub = hub_of(entry)
    seen = [there(hass)]
    mileage = partial(mileage_record, 1234)
    frames: tuple[Callable[[], bytes], ...] = (heartbeat, report, full_report, mileage)
    for frame in frames:
        await say(hass, car, frame())
        seen.append(there(hass))
        freezer.tick(SECOND)

    came = [after - before for before, after in pairwise(seen)]
    assert came == [
        {"verdict"},
        {"external_power", *CONDITIONS, "odometer", "heading", "last_fix"},
        {"voltage", "battery", "satellites", "signal"},
        {"mileage"},
    ]
    assert seen[-1] == PLATFORM_OF.keys()
    assert shown(hass, "voltage").state == "12.6"
    assert hub_of(entry) is hub


async def test_only_what_an_owner_looks_at_is_enabled(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    await say(hass, car, mileage_record(1234, age=SECOND))
    await say(hass, car, full_report())
    registry = er.async_get(hass)

    disabled = {
        key
        for key in PLATFORM_OF
        if (registered := registry.async_get(entity_id(hass, key) or ""))
        and registered.disabled
    }

    assert disabled == OFF_BY_DEFAULT


async def test_values_that_are_remembered_are_there_after_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry, car: UdpUnit
) -> None:
    await say(hass, car, full_report())
    before = there(hass)
    voltage = shown(hass, "voltage").state

    await hass.config_entries.async_reload(entry.entry_id)

    assert there(hass) == before
    assert shown(hass, "voltage").state == voltage


async def test_report_while_the_receiver_is_unloaded_creates_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, car: UdpUnit
) -> None:
    live = hub_of(entry).trackers[CAR]
    await hass.config_entries.async_unload(entry.entry_id)

    car.send(report())
    await hass.async_block_till_done()

    assert not live.reports
    assert there(hass) == {*CORE, "alarm"}


async def test_value_that_comes_after_a_new_name_leaves_that_name(
    hass: HomeAssistant, entry: MockConfigEntry, car: UdpUnit
) -> None:
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(entry, subentry, title="Van")
    await hass.async_block_till_done()

    await say(hass, car, full_report())

    device = device_of(hass, entry)
    assert device is not None
    assert device.name == "Van"
    assert shown(hass, "voltage").name == "Van Supply voltage"


# --- values ---------------------------------------------------------------------------


async def test_all_that_a_tracker_tells_is_shown(
    hass: HomeAssistant, entry: MockConfigEntry, car: UdpUnit
) -> None:
    await say(hass, car, mileage_record(1234, age=SECOND))
    await say(hass, car, full_report(speed_kmh=50, course=45, ignition=True))
    await enable_all(hass, entry)

    assert {
        key: shown(hass, key).state
        for key in PLATFORM_OF
        if PLATFORM_OF[key] == "sensor"
    } == {
        "speed": "50.0",
        "last_seen": NOON.isoformat(),
        "odometer": "0.0",
        "battery": "95",
        "voltage": "12.6",
        "heading": "45.0",
        "mileage": shown(hass, "mileage").state,
        "satellites": "11",
        "signal": "24",
        "last_fix": NOON.isoformat(),
        "verdict": "live",
    }
    assert float(shown(hass, "mileage").state) == 1234


@pytest.mark.parametrize("key", CONDITIONS)
async def test_each_condition_is_shown(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    *,
    key: str,
) -> None:
    await say(hass, car, report())
    await enable_all(hass, entry)
    assert {shown(hass, other).state for other in CONDITIONS} == {"off"}

    freezer.tick(SECOND)
    await say(hass, car, report(conditions=frozenset({CONDITIONS[key]})))

    assert {other for other in CONDITIONS if shown(hass, other).state == "on"} == {key}


@pytest.mark.parametrize(
    ("conditions", "power"),
    [
        (set[StatusBit](), "on"),
        ({StatusBit.ON_BACKUP_BATTERY}, "off"),
        ({StatusBit.ON_BACKUP_BATTERY, StatusBit.SUPPLY_REMOVED}, "off"),
        # A battery that needs care, and still supplies.
        ({StatusBit.SUPPLY_REMOVED}, "on"),
    ],
)
async def test_supply_is_there_unless_the_tracker_lives_on_its_own_battery(
    hass: HomeAssistant, car: UdpUnit, conditions: set[StatusBit], power: str
) -> None:
    await say(hass, car, report(conditions=frozenset(conditions)))

    assert shown(hass, "external_power").state == power


async def test_silent_tracker_keeps_what_it_said_of_the_vehicle_alone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    await say(hass, car, mileage_record(1234, age=SECOND))
    await say(hass, car, full_report(ignition=True))
    await enable_all(hass, entry)

    await pass_time(hass, freezer, timedelta(hours=13))

    assert {key for key in PLATFORM_OF if shown(hass, key).state == "unavailable"} == {
        "ignition",
        "motion",
        "speed",
        "vibration",
        "overspeed",
        "satellites",
        "signal",
    }


@pytest.mark.usefixtures("all_enabled")
@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("age", [None, timedelta(hours=1)])
async def test_tracker_that_is_back_does_not_say_again_what_it_said_before(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    *,
    age: timedelta | None,
    is_restarted: bool,
) -> None:
    """With a heartbeat or a stored record: neither tells how it is now."""
    conditions = frozenset({CONDITIONS["vibration"], CONDITIONS["overspeed"]})
    await say(hass, car, full_report(conditions=conditions))
    passing = ("vibration", "overspeed", "satellites", "signal")
    told = {key: shown(hass, key).state for key in passing}
    assert told == dict(zip(passing, ("on", "on", "11", "24"), strict=True))
    await pass_time(hass, freezer, timedelta(hours=13))
    if is_restarted:
        await hass.config_entries.async_reload(entry.entry_id)
    assert {shown(hass, key).state for key in passing} == {"unavailable"}

    await say(hass, car, heartbeat() if age is None else full_report(age=age))

    assert shown(hass, "connectivity").state == "on"
    assert {shown(hass, key).state for key in passing} == {"unknown"}
    await say(hass, car, full_report(conditions=conditions))
    assert {key: shown(hass, key).state for key in passing} == told


async def test_noise_of_the_speed_is_not_written(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(hass, car, report(speed_kmh=50, ignition=True))
    freezer.tick(SECOND)
    writes = count_writes(hass)

    await say(hass, car, report(speed_kmh=50.03, ignition=True))
    freezer.tick(SECOND)
    await say(hass, car, report(speed_kmh=50.2, ignition=True))

    assert writes.count("sensor.car_speed") == 1


async def test_place_is_written_only_when_it_changed(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(hass, car, report(speed_kmh=50, ignition=True))
    writes = count_writes(hass)

    for speed_kmh in (40, 30, 20):
        freezer.tick(SECOND)
        await say(hass, car, report(speed_kmh=speed_kmh, ignition=True))

    assert writes.count("device_tracker.car") == 0
    assert writes.count("sensor.car_speed") == 3


# --- alarms ---------------------------------------------------------------------------


def follow_alarms(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Give a list that each alarm is added to."""
    alarms: list[dict[str, Any]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        assert state is not None
        alarms.append(
            {key: state.attributes[key] for key in ("event_type", "late", "time")}
        )

    async_track_state_change_event(hass, "event.car_alarm", note)
    return alarms


def follow_changes(
    hass: HomeAssistant, entity: str
) -> list[tuple[str | None, str, str | None]]:
    """Give a list that each change is added to: from, to, and the kind of event."""
    changes: list[tuple[str | None, str, str | None]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        before, state = event.data["old_state"], event.data["new_state"]
        assert state is not None
        kind = state.attributes.get("event_type")
        changes.append((before.state if before else None, state.state, kind))

    async_track_state_change_event(hass, entity, note)
    return changes


async def until_heard(what: Sized) -> None:
    """Wait until something is there, while Home Assistant is busy with a set-up."""
    for _ in range(2000):
        if len(what):
            return
        await asyncio.sleep(0)
    pytest.fail("nothing was heard")


async def test_alarm_is_told_once_when_it_begins(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(hass, car, report())
    alarms = follow_alarms(hass)
    begun = NOON + SECOND

    for _ in range(3):
        freezer.tick(SECOND)
        await say(hass, car, report(conditions=frozenset({StatusBit.SOS})))

    assert alarms == [
        {"event_type": "sos", "late": False, "time": begun.isoformat()},
    ]


async def test_two_alarms_of_one_report_are_told_both(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    alarms = follow_alarms(hass)

    await say(
        hass,
        car,
        report(conditions=frozenset({StatusBit.SOS, StatusBit.VIBRATION})),
    )

    assert [alarm["event_type"] for alarm in alarms] == ["sos", "vibration"]


async def test_alarm_of_a_stored_record_says_that_it_is_late(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    await say(hass, car, report())
    alarms = follow_alarms(hass)
    age = timedelta(hours=2, minutes=7)

    await say(hass, car, report(conditions=frozenset({StatusBit.SOS}), age=age))

    assert alarms == [
        {"event_type": "sos", "late": True, "time": (NOON - age).isoformat()},
    ]
    assert shown(hass, "sos").state == "off"


async def test_alarms_that_begin_before_there_is_an_entity_are_told_when_it_is_there(
    hass: HomeAssistant, entry: MockConfigEntry, car: UdpUnit
) -> None:
    """Each as a change of its own: an automation takes no notice of the first state."""
    await say(hass, car, report())
    await hass.config_entries.async_unload(entry.entry_id)
    told = follow_changes(hass, "event.car_alarm")
    set_up_platforms = hass.config_entries.async_forward_entry_setups

    async def report_first(*args: Any) -> None:
        car.send(report(conditions=frozenset({StatusBit.SOS, StatusBit.VIBRATION})))
        await until_heard(hub_of(entry).trackers[CAR].alarms)
        await set_up_platforms(*args)

    with patch.object(hass.config_entries, "async_forward_entry_setups", report_first):
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()

    assert told[0] == ("unavailable", "unknown", None)
    assert [kind for _, _, kind in told[1:]] == ["sos", "vibration"]
    assert all(before != "unavailable" for before, _, _ in told[1:])


async def test_alarms_that_nobody_takes_are_bounded(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    er.async_get(hass).async_update_entity(
        "event.car_alarm", disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.config_entries.async_reload(entry.entry_id)

    for step in range(100):
        freezer.tick(SECOND)
        held = frozenset({StatusBit.SOS} if step % 2 else ())
        await say(hass, car, report(conditions=held))

    assert len(hub_of(entry).trackers[CAR].alarms) == 40


async def test_alarm_of_a_stranger_is_no_news(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report(conditions=frozenset({StatusBit.SOS})))
    await until(hass, lambda: hub_of(entry).strangers.get(CAR))

    await add_tracker(hass, entry)

    assert shown(hass, "alarm").state == "unknown"
    assert shown(hass, "sos").state == "on"
