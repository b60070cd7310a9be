"""The flows: open a receiver, let in a tracker that was heard, add one by hand."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from .const import (
    CONF_ENTRY_ID,
    CONF_TRACKER_ID,
    DEFAULT_HOST,
    DEFAULT_PORT,
    DOMAIN,
    MODEL,
    SUBENTRY_TRACKER,
    TITLE,
    is_tracker_id,
)
from .options import form_fields, options_of_form
from .receiver import BindProblem, probe

if TYPE_CHECKING:
    import probatio as vol

    from .hub import SinotrackConfigEntry
else:
    import voluptuous as vol

# The field that a remedy has to change.
_FIELD_OF_PROBLEM: Final = {
    BindProblem.PORT_IN_USE: CONF_PORT,
    BindProblem.PERMISSION_DENIED: CONF_PORT,
    BindProblem.ADDRESS_NOT_AVAILABLE: CONF_HOST,
    BindProblem.CANNOT_BIND: "base",
}

_NAME: Final = TextSelector()


def _receiver_schema(host: str, port: int) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_PORT, default=port): cv.port,
            vol.Required(CONF_HOST, default=host): TextSelector(),
        }
    )


def _listen_address(user_input: dict[str, Any]) -> str:
    """Give the address to listen on; none given means all."""
    host: str = user_input[CONF_HOST].strip()
    return host or DEFAULT_HOST


async def _probe_change(entry: ConfigEntry, host: str, port: int) -> BindProblem | None:
    """Tell what keeps a receiver from a new address."""
    if entry.state is ConfigEntryState.LOADED and port == entry.data[CONF_PORT]:
        # The port is its own. That leaves the address to be proved, on any port.
        port = 0
    return await probe(host, port)


def _tracker_data(tracker_id: str) -> dict[str, Any]:
    return {CONF_TRACKER_ID: tracker_id}


def _default_name(tracker_id: str) -> str:
    """Propose a name that tells several trackers apart."""
    return f"{MODEL} {tracker_id[-4:]}"


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

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the port, and prove that it can be opened."""
        errors: dict[str, str] = {}
        host, port = DEFAULT_HOST, DEFAULT_PORT
        if user_input is not None:
            host, port = _listen_address(user_input), user_input[CONF_PORT]
            self._async_abort_entries_match({CONF_PORT: port})
            problem = await probe(host, port)
            if problem is None:
                return self.async_create_entry(
                    title=TITLE, data={CONF_HOST: host, CONF_PORT: port}
                )
            errors[_FIELD_OF_PROBLEM[problem]] = problem
        return self.async_show_form(
            step_id="user", data_schema=_receiver_schema(host, port), errors=errors
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change port or listen address; the trackers stay."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        host, port = entry.data[CONF_HOST], entry.data[CONF_PORT]
        if user_input is not None:
            host, port = _listen_address(user_input), user_input[CONF_PORT]
            self._async_abort_entries_match({CONF_PORT: port})
            problem = await _probe_change(entry, host, port)
            if problem is None:
                result = self.async_update_and_abort(
                    entry, data_updates={CONF_HOST: host, CONF_PORT: port}
                )
                if entry.state is not ConfigEntryState.LOADED:
                    # Nobody follows the change, and the next retry may be minutes off.
                    self.hass.config_entries.async_schedule_reload(entry.entry_id)
                return result
            errors[_FIELD_OF_PROBLEM[problem]] = problem
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=_receiver_schema(host, port),
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
        if _is_known(self.hass, self._tracker_id):
            return self.async_abort(reason="already_configured")
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema(
                    {
                        vol.Required(
                            CONF_NAME, default=_default_name(self._tracker_id)
                        ): _NAME
                    }
                ),
                description_placeholders={CONF_TRACKER_ID: self._tracker_id},
            )
        name = user_input[CONF_NAME].strip() or _default_name(self._tracker_id)
        self.hass.config_entries.async_add_subentry(
            entry,
            ConfigSubentry(
                data=MappingProxyType(_tracker_data(self._tracker_id)),
                subentry_type=SUBENTRY_TRACKER,
                title=name,
                unique_id=self._tracker_id,
            ),
        )
        return self.async_abort(
            reason="tracker_added", description_placeholders={CONF_NAME: name}
        )


class TrackerSubentryFlow(ConfigSubentryFlow):
    """Adds a tracker by hand, and changes what is set of one."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the id, offering those that were heard, and for a name."""
        entry: SinotrackConfigEntry = self._get_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            tracker_id = user_input[CONF_TRACKER_ID].strip()
            if not is_tracker_id(tracker_id):
                errors[CONF_TRACKER_ID] = "invalid_tracker_id"
            elif _is_known(self.hass, tracker_id):
                errors[CONF_TRACKER_ID] = "already_configured"
            else:
                self._withdraw_offer(tracker_id)
                name = user_input.get(CONF_NAME, "").strip()
                return self.async_create_entry(
                    title=name or _default_name(tracker_id),
                    data=_tracker_data(tracker_id),
                    unique_id=tracker_id,
                )
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(
                _tracker_schema(entry), user_input
            ),
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a name and for what reports shall mean."""
        subentry = self._get_reconfigure_subentry()
        if user_input is None:
            return self.async_show_form(
                step_id="reconfigure",
                data_schema=vol.Schema(
                    {
                        vol.Required(CONF_NAME, default=subentry.title): _NAME,
                        **form_fields(subentry.data),
                    }
                ),
            )
        return self.async_update_and_abort(
            self._get_entry(),
            subentry,
            title=user_input[CONF_NAME].strip() or subentry.title,
            data={
                **_tracker_data(subentry.data[CONF_TRACKER_ID]),
                **options_of_form(user_input),
            },
        )

    def _withdraw_offer(self, tracker_id: str) -> None:
        """End the discovery of a tracker that is added by hand."""
        flows = self.hass.config_entries.flow
        for flow in flows.async_progress_by_handler(
            DOMAIN, match_context={"unique_id": tracker_id}
        ):
            flows.async_abort(flow["flow_id"])


def _tracker_schema(entry: SinotrackConfigEntry) -> vol.Schema:
    """Offer the strangers heard of late; any id may be typed."""
    heard: list[SelectOptionDict] = []
    if entry.state is ConfigEntryState.LOADED:
        heard = [
            SelectOptionDict(value=stranger.tracker_id, label=stranger.tracker_id)
            for stranger in entry.runtime_data.strangers
        ]
    return vol.Schema(
        {
            vol.Required(CONF_TRACKER_ID): SelectSelector(
                SelectSelectorConfig(
                    options=heard, custom_value=True, mode=SelectSelectorMode.DROPDOWN
                )
            ),
            vol.Optional(CONF_NAME): _NAME,
        }
    )


def _is_known(hass: HomeAssistant, tracker_id: str) -> bool:
    """Tell whether a tracker was let in already, by this receiver or another."""
    return any(
        subentry.unique_id == tracker_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry in entry.subentries.values()
    )
