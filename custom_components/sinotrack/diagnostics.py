"""What helps to find a fault, to be shown in public: of nobody, and of no place.

Trackers are numbered instead of named. What is private is not taken in at all, rather
than taken out again: the ids, names and places of trackers, the addresses of their
senders, and what an SMS said. Their last frames are masked (see `h02.mask`).
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.loader import async_get_loaded_integration

from .const import CONF_ALLOWED_NETWORKS, DOMAIN
from .h02 import mask, outline, placeholder_id, show_frame
from .hub import Hub, SinotrackConfigEntry
from .knocks import Knock
from .live_tracker import LiveTracker
from .strangers import Stranger
from .tracking import Tracker

_WILDCARDS: Final = {"0.0.0.0", "::"}

_PUBLIC_STATE: Final = (
    "is_online",
    "last_seen",
    "last_fix",
    "verdict",
    "is_clock_corrected",
    "ignition",
    "motion",
    "speed_kmh",
    "course",
    "odometer_km",
    "mileage_km",
    "battery_percent",
    "voltage",
    "satellites",
    "csq",
)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: SinotrackConfigEntry
) -> dict[str, Any]:
    """Tell of the receiver, of its trackers, and of who else knocks."""
    told = _entry(hass, entry)
    if entry.state is ConfigEntryState.LOADED:
        hub = entry.runtime_data
        trackers = enumerate(hub.trackers.values(), 1)
        told |= _receiver(hub)
        told["trackers"] = [_tracker(live, number) for number, live in trackers]
    return told


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: SinotrackConfigEntry, device: dr.AnyDeviceEntry
) -> dict[str, Any]:
    """Tell of one tracker, or of the receiver alone.

    A tracker has the same number here as in the diagnostics of the entry.
    """
    told = _entry(hass, entry)
    if entry.state is not ConfigEntryState.LOADED:
        return told
    hub = entry.runtime_data
    if (DOMAIN, entry.entry_id) in device.identifiers:
        return told | _receiver(hub)
    for number, live in enumerate(hub.trackers.values(), 1):
        if (DOMAIN, live.tracker.tracker_id) in device.identifiers:
            told["tracker"] = _tracker(live, number)
    return told


def _entry(hass: HomeAssistant, entry: SinotrackConfigEntry) -> dict[str, Any]:
    """Tell what there is to tell also while the port is closed."""
    host = entry.data[CONF_HOST]
    return {
        "version": str(async_get_loaded_integration(hass, DOMAIN).version),
        "entry": {
            "version": f"{entry.version}.{entry.minor_version}",
            "state": entry.state.value,
            "host": host if host in _WILDCARDS else REDACTED,
            "port": entry.data[CONF_PORT],
            "transports": ["tcp", "udp"],
            # Not which: they may tell where the owner lives.
            "allowed_networks": len(entry.options.get(CONF_ALLOWED_NETWORKS) or ()),
        },
    }


def _receiver(hub: Hub) -> dict[str, Any]:
    receiver = hub.receiver
    strangers = enumerate(hub.strangers, len(hub.trackers) + 1)
    return {
        "receiver": {
            "limits": asdict(receiver.limits),
            "connections": receiver.connections,
            "traffic": asdict(receiver.traffic),
            "refusals": dict(receiver.refusals),
            "strangers_forgotten": hub.strangers.forgotten,
            "offers_withheld": hub.strangers.withheld,
        },
        "knocks": [_knock(knock) for knock in hub.knocks],
        "strangers": [_stranger(stranger, number) for number, stranger in strangers],
    }


def _knock(knock: Knock) -> dict[str, Any]:
    return {
        "protocol": knock.protocol,
        "transport": knock.transport,
        "count": knock.count,
        "first_heard": knock.first_heard,
        "last_heard": knock.last_heard,
    }


def _stranger(stranger: Stranger, number: int) -> dict[str, Any]:
    return {
        "tracker_id": placeholder_id(number, len(stranger.tracker_id)),
        "transport": stranger.transport,
        "reports": stranger.reports,
        "is_offered": stranger.is_offered,
        "first_heard": stranger.first_heard,
        "last_heard": stranger.last_heard,
        "recent": [
            {"received_at": received_at, "raw": _masked(report.raw, number)}
            for report, received_at in stranger.recent
        ],
    }


def _tracker(live: LiveTracker, number: int) -> dict[str, Any]:
    tracker = live.tracker
    clock, contact = tracker.clock, tracker.contact
    intervals = {
        "ignition_on": contact.with_ignition.length,
        "ignition_off": contact.without_ignition.length,
    }
    return {
        "tracker_id": placeholder_id(number, len(tracker.tracker_id)),
        "options": {
            **_in_seconds(asdict(tracker.options)),
            "acknowledge": live.is_acknowledged,
            "hold_contradictions": live.impostor.guard.is_on,
        },
        "verdicts": dict(live.verdicts),
        "state": _state(tracker),
        "clock": {
            "offset": clock.offset.total_seconds(),
            "lead": clock.lead.total_seconds(),
            "was_right": clock.was_right,
            "marks_all": clock.marks_all,
            "steady": clock.steady and _in_seconds(asdict(clock.steady)),
        },
        "intervals": _in_seconds(intervals),
        "impostor": {
            "alternations": live.impostor.networks.alternations,
            "place_held_until": live.impostor.guard.until,
        },
        "deadline": tracker.deadline,
        "reports": [
            {
                "received_at": taken.received_at,
                "time": taken.time,
                "transport": taken.transport,
                "verdict": taken.verdict,
                "raw": _masked(taken.raw, number),
            }
            for taken in live.reports
        ],
    }


def _state(tracker: Tracker) -> dict[str, Any]:
    """Tell what is shown of a tracker, but of its place only how good it is."""
    state = tracker.state
    return {
        **{name: getattr(state, name) for name in _PUBLIC_STATE},
        "status": state.status and str(state.status),
        "accuracy": state.location and state.location.accuracy,
    }


def _masked(raw: bytes, number: int) -> str:
    frame = mask(raw, number)
    return outline(raw) if frame is None else show_frame(frame)


def _in_seconds(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give lengths of time as JSON holds them."""
    return {
        key: value.total_seconds() if isinstance(value, timedelta) else value
        for key, value in values.items()
    }
