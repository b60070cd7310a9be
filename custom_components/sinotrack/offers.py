"""Discovery cards: trackers that report, offered to the owner of the house."""

from typing import Final

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    ConfigFlowResult,
)
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.helpers.discovery_flow import DiscoveryKey, async_create_flow

from .const import CONF_ENTRY_ID, CONF_TRACKER_ID, DOMAIN

OPEN_OFFERS: Final = 10
"""Discovery cards shown at once: the port is open to everyone."""


class Offers:
    """The offers that one receiver makes."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare; nothing is offered yet."""
        self._hass = hass
        self._entry_id = entry_id
        self._queued = 0

    @property
    def are_many(self) -> bool:
        """Whether as many trackers as may be await a decision of the owner."""
        if self._hass.state is not CoreState.running:
            # Home Assistant begins no flow before it has started, but queues them all.
            return self._queued >= OPEN_OFFERS
        flows = self._hass.config_entries.flow.async_progress_by_handler(
            DOMAIN,
            include_uninitialized=True,
            match_context={"source": SOURCE_INTEGRATION_DISCOVERY},
        )
        return len(flows) >= OPEN_OFFERS

    @callback
    def make(self, tracker_id: str) -> None:
        """Show a tracker to the owner."""
        if self._hass.state is not CoreState.running:
            self._queued += 1
        async_create_flow(
            self._hass,
            DOMAIN,
            context={"source": SOURCE_INTEGRATION_DISCOVERY},
            data={CONF_ENTRY_ID: self._entry_id, CONF_TRACKER_ID: tracker_id},
            discovery_key=DiscoveryKey(domain=DOMAIN, key=tracker_id, version=1),
        )


@callback
def ignored_ids(hass: HomeAssistant) -> set[str]:
    """Give the trackers that the owner has ignored."""
    return {entry.unique_id or "" for entry in _ignored(hass)}


@callback
def stop_ignoring(hass: HomeAssistant, tracker_id: str) -> None:
    """Ignore a tracker no longer, since it was let in.

    Home Assistant does so where an entry is added, but not where a sub-entry is. The
    tracker would not be discovered again after it was deleted.
    """
    for entry in _ignored(hass):
        if entry.unique_id == tracker_id:
            hass.async_create_task(hass.config_entries.async_remove(entry.entry_id))


@callback
def known_ids(hass: HomeAssistant) -> set[str]:
    """Give the trackers that were let in, by whichever receiver."""
    return {
        subentry.unique_id or ""
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry in entry.subentries.values()
    }


@callback
def is_known(hass: HomeAssistant, tracker_id: str) -> bool:
    """Tell whether a tracker was let in already, by this receiver or another."""
    return tracker_id in known_ids(hass)


@callback
def is_spoken_for(hass: HomeAssistant, tracker_id: str) -> bool:
    """Tell whether a tracker was let in, or the owner is asked about it right now.

    By this receiver or another: a second card would end at once.
    """
    return is_known(hass, tracker_id) or bool(_flows_about(hass, tracker_id))


@callback
def withdraw_offer(hass: HomeAssistant, tracker_id: str) -> None:
    """End the discovery of a tracker that is let in another way.

    The receiver that offers it may do so again, should the tracker be let go.
    """
    for flow in _flows_about(hass, tracker_id):
        hass.config_entries.flow.async_abort(flow["flow_id"])
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        entry.runtime_data.strangers.offer_again(tracker_id)


@callback
def withdraw_offers(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """End the discovery of all that a receiver has heard."""
    hass.config_entries.flow.async_dismiss_discovery_flows(
        dict, lambda info: info.get(CONF_ENTRY_ID) == entry.entry_id
    )


def _ignored(hass: HomeAssistant) -> list[ConfigEntry]:
    """Give the entries that stand for trackers which the owner has ignored."""
    return [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.source == SOURCE_IGNORE
    ]


def _flows_about(hass: HomeAssistant, tracker_id: str) -> list[ConfigFlowResult]:
    """Give the discovery of a tracker, if it is under way."""
    return hass.config_entries.flow.async_progress_by_handler(
        DOMAIN, match_context={"unique_id": tracker_id}
    )
