"""A tracker of a receiver: add one, and change what is set of it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.util import dt as dt_util

from ..const import CONF_TRACKER_ID
from ..h02 import SmsFault
from ..offers import known_ids
from ..options import form_fields, option_problems, options_of_form
from ..schema import vol
from .describe import describe
from .ignition import IgnitionSteps
from .prepare import PrepareSteps
from .steps import NAME, typed_id


class TrackerSubentryFlow(PrepareSteps, IgnitionSteps):
    """Adds a tracker that reports or is to report, and changes one that is there."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask whether the tracker reports already or is new.

        Who begins with an id and a name knows the answer.
        """
        hub = self.hub()
        if hub is None or user_input is not None:
            # While nothing can be heard, what is left is to type an id.
            return await self.async_step_heard(user_input)
        options = ["heard", "prepare"]
        if hub.preparation is not None:
            options.append("texts")
        return self.async_show_menu(step_id="user", menu_options=options)

    async def async_step_heard(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the id, offering those that were heard, and for a name."""
        errors: dict[str, str] = {}
        if user_input is not None:
            tracker_id = typed_id(user_input)
            problem = self.id_problem(tracker_id)
            if problem is None:
                return self.let_in(tracker_id, user_input.get(CONF_NAME, ""))
            errors[CONF_TRACKER_ID] = problem
        return self.async_show_form(
            step_id="heard",
            data_schema=self.add_suggested_values_to_schema(
                self._heard_schema(), user_input
            ),
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what to change."""
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["settings", "ignition"],
            description_placeholders=self.named(),
        )

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a name and for what reports shall mean."""
        subentry = self.subentry()
        if subentry is None:
            return self.gone()
        name = subentry.title
        options: Mapping[str, Any] = subentry.data
        errors: dict[str, str] = {}
        if user_input is not None:
            name, options = user_input[CONF_NAME].strip(), options_of_form(user_input)
            errors = option_problems(user_input)
            if not name:
                errors[CONF_NAME] = SmsFault.EMPTY
            if not errors:
                own_id = {CONF_TRACKER_ID: subentry.unique_id}
                return self.async_update_and_abort(
                    self._get_entry(), subentry, title=name, data={**own_id, **options}
                )
        return self.async_show_form(
            step_id="settings",
            data_schema=vol.Schema(
                {
                    vol.Required(CONF_NAME, default=name): NAME,
                    **form_fields(options, opened=errors),
                }
            ),
            errors=errors,
            description_placeholders=self.named(),
        )

    def _heard_schema(self) -> vol.Schema:
        """Offer the strangers heard of late; any id may be typed."""
        hub, now = self.hub(), dt_util.utcnow()
        known = known_ids(self.hass)
        heard = [
            SelectOptionDict(
                value=stranger.tracker_id,
                label=f"{stranger.tracker_id} · {describe(stranger, now)}",
            )
            for stranger in (() if hub is None else hub.strangers)
            if stranger.tracker_id not in known
        ]
        return vol.Schema(
            {
                vol.Required(CONF_TRACKER_ID): SelectSelector(
                    SelectSelectorConfig(
                        options=heard,
                        custom_value=True,
                        mode=SelectSelectorMode.DROPDOWN,
                    )
                ),
                vol.Optional(CONF_NAME): NAME,
            }
        )
