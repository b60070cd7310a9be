"""The SinoTrack integration: a receiver for GPS trackers inside Home Assistant.

The life of an entry: restore what is known and open the port, so that a port that is
taken shows at once; then follow the sub-entries, each of which is one tracker; then the
platforms, whose entities read what is known.
"""

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    signal_discovered_config_entry_removed,
)
from homeassistant.const import CONF_HOST, CONF_PORT, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN, MANUFACTURER, PLATFORMS, shown_address
from .hub import Hub, SinotrackConfigEntry
from .issues import (
    async_check_issues,
    async_delete_issues_of_entry,
    async_delete_port_issue,
    async_delete_stale_issues,
    async_follow_disabling,
    async_note_port_failure,
    async_watch_issues,
)
from .offers import withdraw_offers
from .receiver import bind_problem
from .services import async_setup_services
from .storage import TrackerStore

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Offer the actions, and ignored trackers once they are ignored no longer."""
    async_setup_services(hass)
    async_follow_disabling(hass)

    @callback
    def offer_again(entry: ConfigEntry) -> None:
        for key in entry.discovery_keys.get(DOMAIN, ()):
            for loaded in hass.config_entries.async_loaded_entries(DOMAIN):
                hub: Hub = loaded.runtime_data
                hub.async_offer_again(str(key.key))

    async_dispatcher_connect(
        hass, signal_discovered_config_entry_removed(DOMAIN), offer_again
    )
    return True


async def async_setup_entry(hass: HomeAssistant, entry: SinotrackConfigEntry) -> bool:
    """Open the port and bring the trackers to life."""
    hub = Hub(hass, entry)
    entry.async_on_unload(hub.async_stop)
    try:
        hub.async_follow_options()
    except (TypeError, ValueError) as error:
        # Rather closed than open to all.
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="networks_unreadable"
        ) from error
    try:
        await hub.async_start()
    except OSError as error:
        async_note_port_failure(hass, entry)
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key=bind_problem(error),
            translation_placeholders=shown_address(entry),
        ) from error
    async_delete_port_issue(hass, entry)
    entry.runtime_data = hub

    async def stop(_event: Event) -> None:
        await hub.async_stop()

    # Entries are not unloaded when Home Assistant stops: the port would stay open.
    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop))
    # Before the platforms, which take their time: no tracker may come unnoticed.
    entry.async_on_unload(entry.add_update_listener(_async_follow_entry))
    # And what came while the port was being opened, when nobody followed yet.
    await _async_follow_entry(hass, entry)
    entry.async_on_unload(async_watch_issues(hub))
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        model=f"TCP/UDP {hub.address[1]}",
        translation_key="receiver",
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Refuse what a later version of the integration has written."""
    return entry.version == 1


async def async_unload_entry(hass: HomeAssistant, entry: SinotrackConfigEntry) -> bool:
    """Close the port, so that no report comes while the entities go."""
    await entry.runtime_data.async_stop()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: SinotrackConfigEntry) -> None:
    """Forget what was kept, and withdraw the trackers that were offered."""
    await TrackerStore(hass, entry.entry_id).async_remove()
    async_delete_issues_of_entry(hass, entry)
    withdraw_offers(hass, entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: SinotrackConfigEntry, device: dr.AnyDeviceEntry
) -> bool:
    """Let a device be deleted that nothing stands behind any more.

    Raises HomeAssistantError, which tells what to delete instead, for any other.
    """
    owners = {entry.entry_id: entry.title} | {
        subentry.unique_id: subentry.title for subentry in entry.subentries.values()
    }
    for owner, title in owners.items():
        if (DOMAIN, owner) in device.identifiers:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="device_in_use",
                translation_placeholders={"name": title},
            )
    return True


async def _async_follow_entry(hass: HomeAssistant, entry: SinotrackConfigEntry) -> None:
    """Follow changes live; a change of the port needs a reload."""
    hub = entry.runtime_data
    if entry.state is ConfigEntryState.FAILED_UNLOAD:
        return  # Only a restart of Home Assistant helps it.
    if hub.address != (entry.data[CONF_HOST], entry.data[CONF_PORT]):
        hass.config_entries.async_schedule_reload(entry.entry_id)
    else:
        hub.async_follow_options()
        hub.async_follow_subentries()
        async_delete_stale_issues(hass)
        async_check_issues(hub)
