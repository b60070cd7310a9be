"""What the steps of a tracker have in common."""

from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from ..hub import Hub, SinotrackConfigEntry
from .letting_in import default_name, tracker_data, withdraw_offer


class TrackerSteps(ConfigSubentryFlow):
    """A flow below a receiver, which may be open or not."""

    @callback
    def hub(self) -> Hub | None:
        """Give the receiver at run time, or None while it is not open."""
        entry: SinotrackConfigEntry = self._get_entry()
        return entry.runtime_data if entry.state is ConfigEntryState.LOADED else None

    @callback
    def let_in(self, tracker_id: str, name: str) -> SubentryFlowResult:
        """Add a tracker, and withdraw what else was offered for it."""
        withdraw_offer(self.hass, tracker_id)
        return self.async_create_entry(
            title=name.strip() or default_name(tracker_id),
            data=tracker_data(tracker_id),
            unique_id=tracker_id,
        )

    @callback
    def closed(self) -> SubentryFlowResult:
        """End where only an open receiver could go on."""
        return self.async_abort(reason="receiver_closed")


async def words(hass: HomeAssistant, group: str) -> dict[str, str]:
    """Give the translations of a group of words, by their key.

    They go into the text of a step as a placeholder, which only the host can fill in:
    in the language of the house therefore, not in that of who looks at it.
    """
    prefix = f"component.{DOMAIN}.selector.{group}.options."
    texts: dict[str, Any] = await async_get_translations(
        hass, hass.config.language, "selector", [DOMAIN]
    )
    return {
        key.removeprefix(prefix): str(text)
        for key, text in texts.items()
        if key.startswith(prefix)
    }
