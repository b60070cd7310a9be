"""The repairs: another port, an option of a tracker, or the owner's word."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import CONF_ENTRY_ID, CONF_SUBENTRY_ID, DOMAIN, shown_address
from .findings import IGNITION_NEVER_ON, TWO_NETWORKS
from .flows.receiver_form import (
    FIELD_OF_PROBLEM,
    listen_address,
    move_receiver,
    probe_change,
    receiver_schema,
)
from .issues import PORT_UNAVAILABLE, IssueData, async_dismiss_issue, name_issue
from .options import CONF_HOLD_CONTRADICTIONS, CONF_IGNITION_SOURCE
from .receiver import BindProblem
from .tracking import IgnitionSource

_REMEDIES: Final[Mapping[str, dict[str, Any]]] = {
    IGNITION_NEVER_ON: {CONF_IGNITION_SOURCE: IgnitionSource.MOTION.value},
    TWO_NETWORKS: {CONF_HOLD_CONTRADICTIONS: True},
}
"""The option that helps with an issue of a tracker."""


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: IssueData | None
) -> RepairsFlow:
    """Give the repair of an issue."""
    about = data or {}
    entry_id = str(about.get(CONF_ENTRY_ID))
    if issue_id == name_issue(PORT_UNAVAILABLE, entry_id):
        return PortRepair(entry_id)
    subentry_id = str(about.get(CONF_SUBENTRY_ID))
    for kind, option in _REMEDIES.items():
        if issue_id == name_issue(kind, subentry_id):
            return OptionRepair(entry_id, subentry_id, option)
    return ConfirmedRepair()


class PortRepair(RepairsFlow):
    """Opens the port of a receiver, or another one."""

    def __init__(self, entry_id: str) -> None:
        """Repair a receiver."""
        self._entry_id = entry_id

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Begin; what comes with that is no answer."""
        return await self.async_step_receiver()

    async def async_step_receiver(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask for port and address, and say what is wrong with those that are set."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None:
            return self.async_abort(reason="receiver_gone")
        host, port = entry.data[CONF_HOST], entry.data[CONF_PORT]
        if user_input is not None:
            host, port = listen_address(user_input)
        problem = await self._problem(entry, host, port)
        if problem is None and user_input is not None:
            move_receiver(self.hass, entry, host, port)
            return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="receiver",
            data_schema=receiver_schema(host, port),
            errors={} if problem is None else {FIELD_OF_PROBLEM[problem]: problem},
            description_placeholders=shown_address(entry),
        )

    async def _problem(
        self, entry: ConfigEntry, host: str, port: int
    ) -> BindProblem | None:
        """Tell what keeps the receiver from an address, another receiver included."""
        for other in self.hass.config_entries.async_entries(
            DOMAIN, include_ignore=False
        ):
            if other is not entry and other.data[CONF_PORT] == port:
                return BindProblem.PORT_IN_USE
        return await probe_change(self.hass, entry, host, port)


class OptionRepair(RepairsFlow):
    """Sets an option of a tracker, or takes note that the owner knows."""

    def __init__(self, entry_id: str, subentry_id: str, option: dict[str, Any]) -> None:
        """Repair a tracker of a receiver by an option and its value."""
        self._entry_id = entry_id
        self._subentry_id = subentry_id
        self._option = option

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask what is to be done, of what is not done yet."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        subentry = self._subentry()
        is_set = subentry and self._option.items() <= subentry.data.items()
        return self.async_show_menu(
            step_id="init",
            menu_options=["dismiss"] if is_set else ["change", "dismiss"],
            description_placeholders=None
            if issue is None
            else issue.translation_placeholders,
        )

    async def async_step_change(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Set the option; all else that is set stays."""
        entries, subentry = self.hass.config_entries, self._subentry()
        entry = entries.async_get_entry(self._entry_id)
        if entry is not None and subentry is not None:
            entries.async_update_subentry(
                entry, subentry, data={**subentry.data, **self._option}
            )
        return await self.async_step_dismiss()

    async def async_step_dismiss(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Take note that the owner knows, until it is found anew."""
        async_dismiss_issue(self.hass, self.issue_id)
        return self.async_create_entry(data={})

    def _subentry(self) -> ConfigSubentry | None:
        """Give the tracker, or None if it is gone."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        return None if entry is None else entry.subentries.get(self._subentry_id)


class ConfirmedRepair(ConfirmRepairFlow):
    """Explains, and takes note that the owner knows."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is not None:
            async_dismiss_issue(self.hass, self.issue_id)
        return await super().async_step_confirm(user_input)
