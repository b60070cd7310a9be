"""Actions: look into what a tracker sent, and set its odometer."""

from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_device_and_config_entry

from .const import DOMAIN, LONGEST_WAY_KM
from .h02 import show_frame
from .hub import SinotrackConfigEntry
from .live_tracker import REPORTS_REMEMBERED, LiveTracker, TakenReport
from .schema import vol

SERVICE_GET_REPORTS: Final = "get_reports"
SERVICE_SET_ODOMETER: Final = "set_odometer"

ATTR_COUNT: Final = "count"
ATTR_KILOMETRES: Final = "kilometres"

_GET_REPORTS: Final = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Optional(ATTR_COUNT, default=REPORTS_REMEMBERED): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=REPORTS_REMEMBERED)
        ),
    }
)
_SET_ODOMETER: Final = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Required(ATTR_KILOMETRES): vol.All(
            vol.Coerce(float), vol.Range(min=0, max=LONGEST_WAY_KM)
        ),
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, which are there while no receiver is."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_REPORTS,
        _async_get_reports,
        schema=_GET_REPORTS,
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN, SERVICE_SET_ODOMETER, _async_set_odometer, schema=_SET_ODOMETER
    )


@callback
def _async_get_reports(call: ServiceCall) -> ServiceResponse:
    """Give the last reports of a tracker, the newest last."""
    reports = list(_tracker(call).reports)[-call.data[ATTR_COUNT] :]
    return {"reports": [_shown(report) for report in reports]}


@callback
def _async_set_odometer(call: ServiceCall) -> None:
    """Let the odometer of a tracker go on from a distance."""
    _tracker(call).async_set_odometer(call.data[ATTR_KILOMETRES])


def _tracker(call: ServiceCall) -> LiveTracker:
    """Find the tracker that an action is for."""
    entry: SinotrackConfigEntry
    device, entry = async_get_device_and_config_entry(
        call.hass, DOMAIN, call.data[ATTR_DEVICE_ID]
    )
    for domain, identifier in device.identifiers:
        live = entry.runtime_data.trackers.get(identifier)
        if domain == DOMAIN and live is not None:
            return live
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="not_a_tracker",
        translation_placeholders={"name": device.name_by_user or device.name or ""},
    )


def _shown(report: TakenReport) -> dict[str, Any]:
    return {
        "received_at": report.received_at.isoformat(),
        "time": None if report.time is None else report.time.isoformat(),
        "transport": report.transport,
        "verdict": report.verdict.value,
        "raw": show_frame(report.raw),
    }
