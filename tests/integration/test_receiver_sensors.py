"""What the receiver counts, for those who want to see it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.hub import INSPECTION_INTERVAL, Hub
from custom_components.sinotrack.receiver import Refusal

from .host import add_tracker, count_writes, hub_of, pass_time, until
from .road import VAN, UdpUnit, report

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
KEYS = ("online", "reports", "refused", "strangers")


@pytest.fixture(autouse=True)
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Begin at noon, and let time pass only where a test says so."""
    freezer.move_to(NOON)


@pytest.fixture
def registered(
    hass: HomeAssistant, entry: MockConfigEntry
) -> dict[str, er.RegistryEntry]:
    """The sensors of the receiver by key."""
    registry = er.async_get(hass)
    return {
        str(registered.translation_key): registered
        for registered in er.async_entries_for_config_entry(registry, entry.entry_id)
    }


@pytest.fixture
def ids(registered: dict[str, er.RegistryEntry]) -> dict[str, str]:
    """The entity ids of these sensors by key."""
    return {key: sensor.entity_id for key, sensor in registered.items()}


def has_come(hub: Hub, reports: int) -> bool:
    """Tell whether so many reports have come."""
    return hub.receiver.traffic.reports == reports


def counted(hass: HomeAssistant, ids: dict[str, str]) -> dict[str, str]:
    """Give what the sensors show."""
    states = {key: hass.states.get(entity_id) for key, entity_id in ids.items()}
    return {key: state.state for key, state in states.items() if state is not None}


def test_they_are_diagnostic_and_disabled_until_their_owner_wants_them(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    registered: dict[str, er.RegistryEntry],
) -> None:
    receiver = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, entry.entry_id), entry.entry_id
    )
    assert receiver is not None

    assert registered.keys() == set(KEYS)
    for key, sensor in registered.items():
        assert sensor.unique_id == f"{entry.entry_id}_{key}"
        assert sensor.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        assert sensor.entity_category is EntityCategory.DIAGNOSTIC
        assert sensor.device_id == receiver.id
        assert sensor.config_subentry_id is None
        assert hass.states.get(sensor.entity_id) is None


@pytest.mark.usefixtures("all_enabled")
async def test_they_bear_the_name_of_the_receiver_and_count_from_zero(
    hass: HomeAssistant, ids: dict[str, str]
) -> None:
    assert ids["online"] == "sensor.sinotrack_receiver_trackers_online"
    assert counted(hass, ids) == dict.fromkeys(KEYS, "0")


@pytest.mark.usefixtures("all_enabled")
async def test_they_follow_what_came_through_the_port(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    ids: dict[str, str],
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    await add_tracker(hass, entry)
    receiver = hub_of(entry).receiver
    udp.send(report(), report(), report(VAN))
    udp.send(b"GET / HTTP/1.1\r\n\r\n")
    await until(hass, lambda: receiver.refusals[Refusal.FOREIGN] == 1)
    assert counted(hass, ids) == dict.fromkeys(KEYS, "0")

    await pass_time(hass, freezer, INSPECTION_INTERVAL)

    assert counted(hass, ids) == {
        "online": "1",
        "reports": "3",
        "refused": "1",
        "strangers": "1",
    }

    await pass_time(hass, freezer, timedelta(hours=13))
    await pass_time(hass, freezer, INSPECTION_INTERVAL)

    assert counted(hass, ids)["online"] == "0"


@pytest.mark.usefixtures("all_enabled")
async def test_they_write_only_what_changed(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    ids: dict[str, str],
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    writes = count_writes(hass)
    for _ in range(3):
        await pass_time(hass, freezer, INSPECTION_INTERVAL)
    assert writes == []

    for count in (1, 2):
        udp.send(report(VAN))
        await until(hass, partial(has_come, hub_of(entry), count))
        await pass_time(hass, freezer, INSPECTION_INTERVAL)
    assert Counter(writes) == {ids["reports"]: 2, ids["strangers"]: 1}


@pytest.mark.usefixtures("all_enabled")
async def test_they_are_unavailable_without_the_receiver(
    hass: HomeAssistant, entry: MockConfigEntry, ids: dict[str, str]
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)

    assert counted(hass, ids) == dict.fromkeys(KEYS, "unavailable")
