"""The form of a receiver, and the proof that its port can be had.

Opening a receiver, changing it and repairing it ask for the same two things.
"""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import TextSelector

from ..const import DEFAULT_HOST, TITLE
from ..hub import SinotrackConfigEntry
from ..receiver import BindProblem, probe
from ..schema import vol
from .steps import whole_number

FIELD_OF_PROBLEM: Final = {
    BindProblem.PORT_IN_USE: CONF_PORT,
    BindProblem.PERMISSION_DENIED: CONF_PORT,
    BindProblem.NOT_A_PORT: CONF_PORT,
    BindProblem.ADDRESS_NOT_AVAILABLE: CONF_HOST,
    BindProblem.CANNOT_BIND: "base",
    BindProblem.DEAF: "base",
}
"""The field that a remedy has to change."""


def receiver_schema(host: str, port: int) -> vol.Schema:
    """Ask for the port and the listen address, filled with what is set."""
    return vol.Schema(
        {
            vol.Required(CONF_PORT, default=port): whole_number(),
            vol.Required(CONF_HOST, default=host): TextSelector(),
        }
    )


def listen_address(user_input: dict[str, Any]) -> tuple[str, int]:
    """Give the address and port to listen on; no address given means all."""
    return user_input[CONF_HOST].strip() or DEFAULT_HOST, user_input[CONF_PORT]


@callback
def move_receiver(
    hass: HomeAssistant, entry: ConfigEntry, host: str, port: int
) -> None:
    """Let a receiver listen somewhere else, and try it at once."""
    is_numbered = entry.title == numbered_title(entry.data[CONF_PORT])
    change_receiver(
        hass,
        entry,
        title=numbered_title(port) if is_numbered else entry.title,
        data={CONF_HOST: host, CONF_PORT: port},
    )


def numbered_title(port: int) -> str:
    """Give the title of a receiver that is not the only one."""
    return f"{TITLE} {port}"


@callback
def change_receiver(hass: HomeAssistant, entry: ConfigEntry, **changes: Any) -> None:
    """Change what is kept of a receiver, and try it at once."""
    # The change may be followed before the call that makes it returns. What cannot be
    # unloaded takes it up when Home Assistant is restarted.
    is_followed = entry.state in (
        ConfigEntryState.LOADED,
        ConfigEntryState.FAILED_UNLOAD,
    )
    entries = hass.config_entries
    entries.async_update_entry(entry, **changes)
    if not is_followed:
        # Nobody follows the change, and the next retry may be minutes off.
        entries.async_schedule_reload(entry.entry_id)


async def probe_change(
    hass: HomeAssistant, entry: SinotrackConfigEntry, host: str, port: int
) -> BindProblem | None:
    """Tell what keeps a receiver from a new address.

    A receiver that is open on this port would fail the test itself, and is closed for
    it. The change reloads it; if there is none, it is reloaded here.
    """
    if entry.state is not ConfigEntryState.LOADED or port != entry.data[CONF_PORT]:
        return await probe(host, port)
    if host == entry.data[CONF_HOST]:
        return None
    await entry.runtime_data.receiver.stop()
    is_free = False
    try:
        problem = await probe(host, port)
        is_free = problem is None
    finally:
        if not is_free:
            hass.config_entries.async_schedule_reload(entry.entry_id)
    return problem
