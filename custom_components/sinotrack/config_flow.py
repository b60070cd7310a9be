"""The first steps: open a receiver, and let in a tracker that was heard.

What is done below a receiver that is there stands in `flows`.
"""

from itertools import count
from types import MappingProxyType
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryFlow,
    FlowType,
    OptionsFlow,
)
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_PORT
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .const import (
    CONF_ENTRY_ID,
    CONF_TRACKER_ID,
    DEFAULT_HOST,
    DEFAULT_PORT,
    DOMAIN,
    SUBENTRY_TRACKER,
    TITLE,
    default_name,
)
from .flows import ReceiverOptionsFlow, TrackerSubentryFlow
from .flows.describe import describe
from .flows.receiver_form import (
    FIELD_OF_PROBLEM,
    listen_address,
    move_receiver,
    numbered_title,
    probe_change,
    receiver_schema,
)
from .flows.steps import NAME
from .hub import SinotrackConfigEntry
from .offers import is_known
from .receiver import probe
from .schema import vol
from .strangers import Stranger


class SinotrackConfigFlow(ConfigFlow, domain=DOMAIN):
    """Opens a receiver, and lets in trackers that were heard."""

    VERSION = 1
    MINOR_VERSION = 1

    _entry_id = ""
    _tracker_id = ""

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to a receiver."""
        return {SUBENTRY_TRACKER: TrackerSubentryFlow}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return what can be done with a receiver."""
        return ReceiverOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the port, and prove that it can be opened."""
        errors: dict[str, str] = {}
        taken = {entry.data[CONF_PORT] for entry in self._async_current_entries()}
        host = DEFAULT_HOST
        port = next(number for number in count(DEFAULT_PORT) if number not in taken)
        if user_input is not None:
            host, port = listen_address(user_input)
            self._async_abort_entries_match({CONF_PORT: port})
            problem = await probe(host, port)
            # Another dialog may have been as fast.
            self._async_abort_entries_match({CONF_PORT: port})
            if problem is None:
                # Who has two has to tell them apart.
                title = numbered_title(port) if taken else TITLE
                return self.async_create_entry(
                    title=title, data={CONF_HOST: host, CONF_PORT: port}
                )
            errors[FIELD_OF_PROBLEM[problem]] = problem
        return self.async_show_form(
            step_id="user", data_schema=receiver_schema(host, port), errors=errors
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go on with the first tracker: a receiver alone is of no use."""
        flow = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_TRACKER),
            context={"source": SOURCE_USER},
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"])
        return result

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change port or listen address; the trackers stay."""
        entry = self.hass.config_entries.async_get_entry(self._reconfigure_entry_id)
        if entry is None:
            return self.async_abort(reason="receiver_gone")
        errors: dict[str, str] = {}
        host, port = entry.data[CONF_HOST], entry.data[CONF_PORT]
        if user_input is not None:
            host, port = listen_address(user_input)
            problem = await probe_change(self.hass, entry, host, port)
            if problem is None:
                # Of another receiver that is not running.
                self._async_abort_entries_match({CONF_PORT: port})
                move_receiver(self.hass, entry, host, port)
                return self.async_update_and_abort(entry)
            errors[FIELD_OF_PROBLEM[problem]] = problem
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=receiver_schema(host, port),
            errors=errors,
        )

    @override
    async def async_step_integration_discovery(
        self, discovery_info: dict[str, Any]
    ) -> ConfigFlowResult:
        """Offer a tracker that was heard."""
        self._entry_id = discovery_info[CONF_ENTRY_ID]
        self._tracker_id = discovery_info[CONF_TRACKER_ID]
        await self.async_set_unique_id(self._tracker_id)
        # Ignored trackers are entries of their own.
        self._abort_if_unique_id_configured()
        # The interface falls back on `name` where it has not loaded the translation.
        self.context["title_placeholders"] = {CONF_NAME: self._tracker_id}
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a name; with it the tracker is let in."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None:
            return self.async_abort(reason="receiver_gone")
        if is_known(self.hass, self._tracker_id):
            return self.async_abort(reason="already_configured")
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema(
                    {
                        vol.Required(
                            CONF_NAME, default=default_name(self._tracker_id)
                        ): NAME
                    }
                ),
                description_placeholders={
                    CONF_TRACKER_ID: self._tracker_id,
                    "heard": self._heard(entry),
                },
            )
        name = user_input[CONF_NAME].strip() or default_name(self._tracker_id)
        was_heard = self._stranger(entry) is not None
        self.hass.config_entries.async_add_subentry(
            entry,
            ConfigSubentry(
                data=MappingProxyType({CONF_TRACKER_ID: self._tracker_id}),
                subentry_type=SUBENTRY_TRACKER,
                title=name,
                unique_id=self._tracker_id,
            ),
        )
        return self.async_abort(
            reason="tracker_added" if was_heard else "tracker_expected",
            description_placeholders={CONF_NAME: name},
        )

    def _heard(self, entry: SinotrackConfigEntry) -> str:
        """Tell what was heard of the tracker."""
        stranger = self._stranger(entry)
        return "–" if stranger is None else describe(stranger, dt_util.utcnow())

    def _stranger(self, entry: SinotrackConfigEntry) -> Stranger | None:
        """Give the tracker as it was heard, which a restart has had forgotten."""
        if entry.state is not ConfigEntryState.LOADED:
            return None
        return entry.runtime_data.strangers.get(self._tracker_id)
