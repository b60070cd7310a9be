"""What each way to let a tracker in has to ask and to mind."""

from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import TextSelector

from ..const import CONF_TRACKER_ID, is_tracker_id
from ..offers import is_known

NAME: Final = TextSelector()


def tracker_data(tracker_id: str) -> dict[str, Any]:
    """Give what a sub-entry keeps of a tracker that is new."""
    return {CONF_TRACKER_ID: tracker_id}


@callback
def id_problem(hass: HomeAssistant, tracker_id: str) -> str | None:
    """Tell why an id cannot be let in."""
    if not is_tracker_id(tracker_id):
        return "invalid_tracker_id"
    return "already_configured" if is_known(hass, tracker_id) else None
