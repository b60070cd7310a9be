"""What the page about the health of Home Assistant tells of all receivers."""

from collections.abc import Callable

from homeassistant.components.system_health import DATA_SYSTEM_HEALTH_PLATFORMS
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.receiver import Refusal

from .host import add_tracker, hub_of, receiver_entry, set_up, until
from .road import VAN, UdpUnit, report


@pytest.fixture(autouse=True)
async def system_health(hass: HomeAssistant) -> None:
    """Set the page up."""
    assert await async_setup_component(hass, "system_health", {})


async def test_receiver_without_trackers_listens(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    assert await get_system_health_info(hass, DOMAIN) == {
        "receivers": "1/1",
        "ports": str(port),
        "trackers": 0,
        "online": 0,
        "reports": 0,
        "refused": 0,
        "strangers": 0,
    }


async def test_what_came_is_counted_over_all_receivers(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    port: int,
    udp: UdpUnit,
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    other = receiver_entry(unused_tcp_port_factory(), {VAN: "Van"})
    await set_up(hass, other)
    await add_tracker(hass, entry)
    udp.send(report(), report(VAN))
    udp.send(b"GET / HTTP/1.1\r\n\r\n")
    refusals = hub_of(entry).receiver.refusals
    await until(hass, lambda: refusals[Refusal.FOREIGN] == 1)

    assert await get_system_health_info(hass, DOMAIN) == {
        "receivers": "2/2",
        "ports": f"{port}, {other.data['port']}",
        "trackers": 2,
        "online": 1,
        "reports": 2,
        "refused": 1,
        "strangers": 1,
    }


async def test_receiver_that_does_not_listen_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    # The port is taken.
    waiting = receiver_entry(port)
    waiting.add_to_hass(hass)
    await hass.config_entries.async_setup(waiting.entry_id)
    # Neither is meant to listen.
    MockConfigEntry(domain=DOMAIN, source="ignore", unique_id=VAN).add_to_hass(hass)
    receiver_entry(port, disabled_by=ConfigEntryDisabler.USER).add_to_hass(hass)

    told = await get_system_health_info(hass, DOMAIN)

    assert (told["receivers"], told["ports"]) == ("1/2", str(port))


async def test_page_leads_to_the_integration(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    platforms = await hass.data[DATA_SYSTEM_HEALTH_PLATFORMS].async_get_platforms()

    assert platforms[DOMAIN].manage_url == "/config/integrations/integration/sinotrack"
