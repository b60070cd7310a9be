"""What the page about the health of Home Assistant tells of all receivers."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .hub import Hub


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what there is to tell."""
    register.async_register_info(
        async_system_health_info, f"/config/integrations/integration/{DOMAIN}"
    )


async def async_system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Count what came since the receivers were opened, and from whom."""
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    hubs: list[Hub] = [
        entry.runtime_data for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    ]
    receivers = [hub.receiver for hub in hubs]
    return {
        "receivers": f"{len(receivers)}/{len(entries)}",
        "ports": ", ".join(str(receiver.port) for receiver in receivers),
        "trackers": sum(len(hub.trackers) for hub in hubs),
        "online": sum(hub.online for hub in hubs),
        "reports": sum(receiver.traffic.reports for receiver in receivers),
        "refused": sum(receiver.refusals.total() for receiver in receivers),
        "strangers": sum(len(hub.strangers) for hub in hubs),
    }
