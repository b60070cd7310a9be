"""The life of a receiver: opened, retried, unloaded, stopped, removed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.receiver import Receiver

from .conftest import TcpFactory
from .host import (
    add_tracker,
    device_of,
    hub_of,
    kept,
    offered,
    pass_time,
    place_of,
    receiver_entry,
    remembered,
    set_up,
    shown,
    subentry_id,
    until,
)
from .ports import is_free, is_open, other_program
from .road import BERLIN, CAR, VAN, UdpUnit, report

LORRY = "9170000002"


def receiver_device(hass: HomeAssistant, entry: MockConfigEntry) -> dr.DeviceEntry:
    """Give the device of a receiver."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, entry.entry_id), entry.entry_id
    )
    assert device is not None
    return device


async def delete_device(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, device_id: str
) -> str | None:
    """Delete a device as its page does; gives the reason why not, if there is one."""
    assert await async_setup_component(hass, "config", {})
    client = await hass_ws_client(hass)
    response = await client.remove_device(device_id)
    return None if response["success"] else str(response["error"]["message"])


# --- set-up ---------------------------------------------------------------------------


async def test_receiver_is_a_service_that_its_trackers_are_reached_through(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await add_tracker(hass, entry)

    receiver = receiver_device(hass, entry)
    assert receiver.name == "SinoTrack receiver"
    assert receiver.entry_type is dr.DeviceEntryType.SERVICE
    car = device_of(hass, entry)
    assert car is not None
    assert car.via_device_id == receiver.id
    assert (car.name, car.manufacturer, car.model) == ("Car", "SinoTrack", "ST-906")
    assert car.serial_number == CAR


async def test_port_in_use_is_told_and_tried_again(
    hass: HomeAssistant, port: int, freezer: FrozenDateTimeFactory
) -> None:
    entry = receiver_entry(port)
    entry.add_to_hass(hass)
    with other_program(port):
        assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "port_in_use"
    assert entry.error_reason_translation_placeholders == {
        "host": "127.0.0.1",
        "port": str(port),
    }
    assert entry.reason is not None
    assert entry.reason.startswith(f"Port {port} is used by another program.")

    await pass_time(hass, freezer, timedelta(minutes=1))
    await until(hass, lambda: entry.state is ConfigEntryState.LOADED)


async def test_waiting_for_the_port_logs_a_silent_tracker_once_and_keeps_it(
    hass: HomeAssistant,
    port: int,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = receiver_entry(port, {CAR: "Car"})
    await set_up(hass, entry)
    udp.send(report())
    await until(hass, lambda: place_of(hass))
    await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(timedelta(days=30))

    with other_program(port):
        for _ in range(3):
            await hass.config_entries.async_setup(entry.entry_id)
            await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)

    assert caplog.text.count("Tracker Car is silent") == 1
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ((1, 2), ConfigEntryState.LOADED),
        ((2, 1), ConfigEntryState.MIGRATION_ERROR),
    ],
)
async def test_entry_of_a_later_major_version_is_left_alone(
    hass: HomeAssistant,
    port: int,
    version: tuple[int, int],
    state: ConfigEntryState,
) -> None:
    major, minor = version
    entry = receiver_entry(port, version=major, minor_version=minor)
    entry.add_to_hass(hass)

    await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is state


# --- the end --------------------------------------------------------------------------


async def test_unloading_frees_the_port_and_loading_takes_it_again(
    hass: HomeAssistant, entry: MockConfigEntry, port: int, connect: TcpFactory
) -> None:
    await add_tracker(hass, entry)
    car = await connect()
    car.send(report())
    await car.answer()

    assert await hass.config_entries.async_unload(entry.entry_id)
    assert is_free(port)
    assert await car.is_closed()
    assert shown(hass, "location").state == "unavailable"

    assert await hass.config_entries.async_setup(entry.entry_id)
    assert await is_open(port)
    assert shown(hass, "location").state == "not_home"


async def test_reload_keeps_port_and_trackers(
    hass: HomeAssistant, entry: MockConfigEntry, port: int, udp: UdpUnit
) -> None:
    await add_tracker(hass, entry)
    udp.send(report())
    await until(hass, lambda: place_of(hass))

    assert await hass.config_entries.async_reload(entry.entry_id)

    assert await is_open(port)
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)


async def test_stop_of_home_assistant_closes_the_port_and_saves(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    port: int,
    udp: UdpUnit,
    hass_storage: dict[str, Any],
) -> None:
    await add_tracker(hass, entry)
    udp.send(report())
    await until(hass, lambda: place_of(hass))

    await hass.async_stop(force=True)

    assert entry.state is ConfigEntryState.LOADED
    assert is_free(port)
    assert kept(hass_storage, entry) == remembered(entry)


async def test_removed_receiver_leaves_nothing_behind(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    port: int,
    udp: UdpUnit,
    hass_storage: dict[str, Any],
) -> None:
    await add_tracker(hass, entry)
    udp.send(report(CAR), report(VAN))
    await until(hass, lambda: offered(hass) == [VAN])
    await hass.config_entries.async_unload(entry.entry_id)
    assert f"sinotrack.{entry.entry_id}" in hass_storage

    await hass.config_entries.async_remove(entry.entry_id)

    assert is_free(port)
    assert offered(hass) == []
    assert f"sinotrack.{entry.entry_id}" not in hass_storage
    assert not er.async_get(hass).entities
    assert not dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)


async def test_removed_receiver_withdraws_its_own_offers_alone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    unused_tcp_port_factory: Any,
) -> None:
    other = receiver_entry(unused_tcp_port_factory())
    await set_up(hass, other)
    udp.send(report(CAR))
    await until(hass, lambda: offered(hass) == [CAR])

    await hass.config_entries.async_remove(other.entry_id)

    assert offered(hass) == [CAR]


async def test_disabled_receiver_withdraws_what_cannot_report_to_it(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report(CAR))
    await until(hass, lambda: offered(hass) == [CAR])

    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert offered(hass) == []

    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    udp.send(report(CAR))
    await until(hass, lambda: offered(hass) == [CAR])


@pytest.mark.parametrize(("version", "is_taken"), [(1, True), (2, False)])
async def test_entry_of_a_later_version_is_refused(
    hass: HomeAssistant, port: int, version: int, *, is_taken: bool
) -> None:
    entry = receiver_entry(port, version=version, minor_version=7)
    entry.add_to_hass(hass)

    assert await hass.config_entries.async_setup(entry.entry_id) is is_taken
    assert (entry.state is ConfigEntryState.MIGRATION_ERROR) is not is_taken


# --- devices that nothing stands behind -----------------------------------------------


async def test_device_of_a_tracker_or_receiver_cannot_be_deleted_alone(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    await add_tracker(hass, entry)
    car = device_of(hass, entry)
    assert car is not None

    for device, name in (
        (car, "Car"),
        (receiver_device(hass, entry), entry.title),
    ):
        reason = await delete_device(hass, hass_ws_client, device.id)
        assert reason is not None
        assert reason.startswith(f"{name} is still set up. ")


async def test_device_without_a_tracker_can_be_deleted(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    await add_tracker(hass, entry, CAR)
    orphan = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, VAN)}
    )

    assert await delete_device(hass, hass_ws_client, orphan.id) is None

    assert device_of(hass, entry, VAN) is None
    assert device_of(hass, entry, CAR) is not None


# --- trackers come and go -------------------------------------------------------------


async def test_trackers_come_and_go_without_a_reload(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory
) -> None:
    hub = hub_of(entry)
    await add_tracker(hass, entry, CAR, "Car")
    car = await connect()
    car.send(report(CAR))
    await car.answer()

    van = await add_tracker(hass, entry, VAN, "Van")
    assert shown(hass, "connectivity", VAN).state == "off"
    hass.config_entries.async_remove_subentry(entry, van.subentry_id)
    await hass.async_block_till_done()

    assert hub_of(entry) is hub
    car.send(report(CAR, ignition=True))
    await car.answer()
    assert shown(hass, "ignition", CAR).state == "on"


async def test_deleted_tracker_is_gone_with_all_it_had(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    connect: TcpFactory,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    await add_tracker(hass, entry, CAR, "Car")
    subentry = await add_tracker(hass, entry, VAN, "Van")
    van = await connect()
    van.send(report(VAN))
    await van.answer()
    await pass_time(hass, freezer, timedelta(minutes=1))
    assert kept(hass_storage, entry).keys() == {CAR, VAN}

    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await hass.async_block_till_done()

    assert await van.is_closed()
    assert device_of(hass, entry, VAN) is None
    assert device_of(hass, entry, CAR) is not None
    assert not er.async_get(hass).async_get_entity_id(
        "device_tracker", DOMAIN, f"{VAN}_location"
    )
    assert hass.states.get("device_tracker.van") is None
    await pass_time(hass, freezer, timedelta(minutes=1))
    assert kept(hass_storage, entry).keys() == {CAR}


async def test_tracker_that_is_deleted_while_its_receiver_is_closed_is_forgotten(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    hass_storage: dict[str, Any],
) -> None:
    tracker = await add_tracker(hass, entry)
    udp.send(report())
    await until(hass, lambda: place_of(hass))
    await hass.config_entries.async_unload(entry.entry_id)
    assert list(kept(hass_storage, entry)) == [CAR]

    hass.config_entries.async_remove_subentry(entry, tracker.subentry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.config_entries.async_unload(entry.entry_id)

    assert kept(hass_storage, entry) == {}


async def test_what_changes_while_a_receiver_is_being_opened_is_followed(
    hass: HomeAssistant, port: int, connect: TcpFactory
) -> None:
    entry = receiver_entry(port, {CAR: "Car", LORRY: "Lorry"})
    entry.add_to_hass(hass)
    start = Receiver.start

    async def start_slowly(receiver: Receiver) -> None:
        hass.config_entries.async_remove_subentry(entry, subentry_id(CAR))
        lorry = entry.subentries[subentry_id(LORRY)]
        hass.config_entries.async_update_subentry(
            entry, lorry, data={**lorry.data, "acknowledge": False}
        )
        await add_tracker(hass, entry, VAN, "Van")
        await start(receiver)

    with patch.object(Receiver, "start", start_slowly):
        await hass.config_entries.async_setup(entry.entry_id)

    trackers = hub_of(entry).trackers
    assert trackers.keys() == {LORRY, VAN}
    assert not trackers[LORRY].is_acknowledged
    van = await connect()
    van.send(report(VAN))
    await van.answer()
    assert place_of(hass, VAN) == pytest.approx(BERLIN, abs=1e-5)


async def test_port_that_changes_while_the_old_one_is_being_opened_is_taken(
    hass: HomeAssistant, unused_tcp_port_factory: Callable[[], int]
) -> None:
    old, new = unused_tcp_port_factory(), unused_tcp_port_factory()
    entry = receiver_entry(old)
    entry.add_to_hass(hass)
    start = Receiver.start

    async def start_slowly(receiver: Receiver) -> None:
        data = {**entry.data, "port": new}
        hass.config_entries.async_update_entry(entry, data=data)
        await start(receiver)

    with patch.object(Receiver, "start", start_slowly):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()

    assert is_free(old)
    assert await is_open(new)


async def test_deleted_tracker_leaves_a_connection_open_that_another_uses(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory
) -> None:
    await add_tracker(hass, entry, CAR, "Car")
    subentry = await add_tracker(hass, entry, VAN, "Van")
    both = await connect()
    for tracker_id in (CAR, VAN):
        both.send(report(tracker_id))
        await both.answer()

    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await hass.async_block_till_done()

    both.send(report(CAR, ignition=True))
    await both.answer()
    assert shown(hass, "ignition", CAR).state == "on"


async def test_deleted_tracker_may_lose_its_device_before_the_hub_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    subentry = await add_tracker(hass, entry)
    udp.send(report())
    await udp.answer()

    # Home Assistant 2026.11 clears the registries first, 2026.10 afterwards.
    er.async_get(hass).async_clear_config_subentry(entry.entry_id, subentry.subentry_id)
    dr.async_get(hass).async_clear_config_subentry(
        entry.entry_id, subentry.subentry_id, DOMAIN
    )
    udp.send(report(ignition=True))
    await udp.answer()
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await hass.async_block_till_done()

    assert hub_of(entry).trackers == {}
    assert hass.states.async_all("device_tracker") == []


async def test_tracker_that_was_deleted_and_added_again_starts_afresh(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    first = await add_tracker(hass, entry)
    udp.send(report())
    await until(hass, lambda: place_of(hass))

    hass.config_entries.async_remove_subentry(entry, first.subentry_id)
    await add_tracker(hass, entry, name="Car again")

    assert shown(hass, "location").state == "unknown"
    udp.send(report(place=BERLIN))
    await until(hass, lambda: place_of(hass))
    assert shown(hass, "location").name == "Car again"


async def test_renamed_tracker_renames_its_device(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory
) -> None:
    subentry = await add_tracker(hass, entry, name="Car")
    car = await connect()
    car.send(report())
    await car.answer()

    hass.config_entries.async_update_subentry(entry, subentry, title="Old car")
    await hass.async_block_till_done()

    device = device_of(hass, entry)
    assert device is not None
    assert device.name == "Old car"
    assert shown(hass, "location").name == "Old car"
    assert shown(hass, "ignition").name == "Old car Ignition"
    car.send(report(ignition=True))
    await car.answer()
    assert shown(hass, "ignition").state == "on"


async def test_tracker_that_is_renamed_to_nothing_is_named_after_its_id(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    subentry = await add_tracker(hass, entry, name="Car")

    hass.config_entries.async_update_subentry(entry, subentry, title="")
    await hass.async_block_till_done()

    device = device_of(hass, entry)
    assert device is not None
    assert device.name == "ST-906 0000"
    await hass.config_entries.async_reload(entry.entry_id)
    assert shown(hass, "location").name == "ST-906 0000"


async def test_tracker_renamed_while_its_receiver_was_closed_renames_its_device(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    subentry = await add_tracker(hass, entry, name="Car")
    await hass.config_entries.async_unload(entry.entry_id)

    hass.config_entries.async_update_subentry(entry, subentry, title="Old car")
    await hass.config_entries.async_setup(entry.entry_id)

    device = device_of(hass, entry)
    assert device is not None
    assert device.name == "Old car"


async def test_change_of_something_else_changes_no_tracker(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await add_tracker(hass, entry)
    hub = hub_of(entry)
    live = hub.trackers[CAR]

    hass.config_entries.async_update_entry(entry, title="Garage")
    await hass.async_block_till_done()

    assert hub_of(entry) is hub
    assert hub.trackers == {CAR: live}


async def test_device_that_was_deleted_from_the_registry_does_not_stop_a_rename(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    subentry = await add_tracker(hass, entry, name="Car")
    device = device_of(hass, entry)
    assert device is not None
    dr.async_get(hass).async_remove_device(device.id)

    hass.config_entries.async_update_subentry(entry, subentry, title="Old car")
    await hass.async_block_till_done()

    assert hub_of(entry).trackers[CAR].subentry.title == "Old car"
