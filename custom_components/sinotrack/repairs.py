"""The repairs: another port, another source of the ignition, or the owner's word."""

from typing import Any, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import CONF_ENTRY_ID, CONF_SUBENTRY_ID, DOMAIN, shown_address
from .findings import IGNITION_NEVER_ON
from .flows.receiver_form import (
    FIELD_OF_PROBLEM,
    listen_address,
    move_receiver,
    probe_change,
    receiver_schema,
)
from .issues import PORT_UNAVAILABLE, IssueData, async_dismiss_issue, name_issue
from .options import CONF_IGNITION_SOURCE
from .receiver import BindProblem
from .tracking import IgnitionSource


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: IssueData | None
) -> RepairsFlow:
    """Give the repair of an issue."""
    about = data or {}
    entry_id = str(about.get(CONF_ENTRY_ID))
    if issue_id == name_issue(PORT_UNAVAILABLE, entry_id):
        return PortRepair(entry_id)
    subentry_id = str(about.get(CONF_SUBENTRY_ID))
    if issue_id == name_issue(IGNITION_NEVER_ON, subentry_id):
        return IgnitionRepair(entry_id, subentry_id)
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


class IgnitionRepair(RepairsFlow):
    """Takes the ignition from the motion, or looks at the wire once more."""

    def __init__(self, entry_id: str, subentry_id: str) -> None:
        """Repair a tracker of a receiver."""
        self._entry_id = entry_id
        self._subentry_id = subentry_id

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask what is to be done."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_menu(
            step_id="init",
            menu_options=["use_motion", "look_again"],
            description_placeholders=None
            if issue is None
            else issue.translation_placeholders,
        )

    async def async_step_use_motion(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Let the ignition follow the motion from now on."""
        entries = self.hass.config_entries
        entry = entries.async_get_entry(self._entry_id)
        if entry is not None and self._subentry_id in entry.subentries:
            subentry = entry.subentries[self._subentry_id]
            source = {CONF_IGNITION_SOURCE: IgnitionSource.MOTION.value}
            entries.async_update_subentry(
                entry, subentry, data={**subentry.data, **source}
            )
        return self.async_create_entry(data={})

    async def async_step_look_again(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Believe that the wire is connected, until the trips say otherwise."""
        async_dismiss_issue(self.hass, self.issue_id)
        return self.async_create_entry(data={})


class ConfirmedRepair(ConfirmRepairFlow):
    """Explains, and takes note that the owner knows."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is not None:
            async_dismiss_issue(self.hass, self.issue_id)
        return await super().async_step_confirm(user_input)
