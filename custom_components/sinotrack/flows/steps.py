"""What the steps of a tracker have in common."""

from typing import Any, Final

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
from homeassistant.helpers.translation import async_get_translations

from ..const import CONF_TRACKER_ID, DOMAIN, default_name, is_tracker_id
from ..hub import Hub, SinotrackConfigEntry
from ..offers import is_known, withdraw_offer
from ..schema import vol

NAME: Final = TextSelector()


def whole_number(unit: str | None = None) -> vol.All[Any]:
    """Give a field for a whole number of any size.

    What is out of range is for the step to refuse: it can say so in the language of
    who asks, and beside the field, while a selector cannot.
    """
    config = NumberSelectorConfig(step=1, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


def typed_id(user_input: dict[str, Any]) -> str:
    """Give the id that was typed, which a sticker may print in groups."""
    text: str = user_input.get(CONF_TRACKER_ID, "")
    return "".join(text.split())


class TrackerSteps(ConfigSubentryFlow):
    """A flow below a receiver, which may be open or not."""

    @callback
    def hub(self) -> Hub | None:
        """Give the receiver at run time, or None while it is not open, or gone."""
        entry: SinotrackConfigEntry | None = self._find_entry()
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        return entry.runtime_data

    @callback
    def id_problem(self, tracker_id: str) -> str | None:
        """Tell why an id cannot be let in."""
        if not is_tracker_id(tracker_id):
            return "invalid_tracker_id"
        return "already_configured" if is_known(self.hass, tracker_id) else None

    @callback
    def let_in(self, tracker_id: str, name: str) -> SubentryFlowResult:
        """Add a tracker, and withdraw what else was offered for it."""
        if self._find_entry() is None:
            return self.closed()
        withdraw_offer(self.hass, tracker_id)
        return self.async_create_entry(
            title=name.strip() or default_name(tracker_id),
            data={CONF_TRACKER_ID: tracker_id},
            unique_id=tracker_id,
        )

    @callback
    def closed(self) -> SubentryFlowResult:
        """End where only an open receiver could go on."""
        return self.async_abort(reason="receiver_closed")

    @callback
    def subentry(self) -> ConfigSubentry | None:
        """Give the tracker that is being changed, or None if it is gone."""
        entry = self._find_entry()
        if entry is None:
            return None
        return entry.subentries.get(self._reconfigure_subentry_id)

    @callback
    def named(self) -> dict[str, str]:
        """Give the name of the tracker that is being changed, for its texts."""
        subentry = self.subentry()
        return {CONF_NAME: "" if subentry is None else subentry.title}

    @callback
    def gone(self) -> SubentryFlowResult:
        """End where the tracker was deleted while the dialog was open."""
        return self.async_abort(reason="tracker_gone")

    @callback
    def out_of_reach(self) -> SubentryFlowResult:
        """End where the tracker is not there, or its receiver is not open."""
        is_gone = self.hub() is not None and self.subentry() is None
        return self.gone() if is_gone else self.closed()

    @callback
    def _find_entry(self) -> SinotrackConfigEntry | None:
        return self.hass.config_entries.async_get_entry(self._entry_id)


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
