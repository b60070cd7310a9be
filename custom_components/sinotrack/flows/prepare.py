"""Point a new tracker at this receiver: the texts to send, and a look at what arrives.

The texts are kept by the receiver until the tracker is there, so that the owner may
leave for the car and come back.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.util import dt as dt_util

from ..const import CONF_TRACKER_ID, DOMAIN, default_name
from ..h02 import sms_faults, sms_texts, sms_warnings
from ..offers import ignored_ids, is_known, known_ids
from ..preparation import Preparation, Stage, Standing
from ..schema import vol
from .sms_form import SMS_FORM, fill_again, propose, read_setup
from .steps import NAME, TrackerSteps, typed_id, words

LOOK_INTERVAL: Final = timedelta(seconds=1)
"""Between two looks at what has arrived, while somebody watches."""

# What the interface makes of it are icons in front of a list.
_SEEN: Final = '<ha-icon icon="mdi:check-circle"></ha-icon>'
_UNSEEN: Final = '<ha-icon icon="mdi:circle-outline"></ha-icon>'

# Each has a text of its own for the time when it takes longer than it should.
_MAY_TAKE_LONG: Final = {Stage.SILENCE, Stage.CONNECTION, Stage.BYTES}


class PrepareSteps(TrackerSteps):
    """Ask what the tracker is to be told, show the texts, wait for its report."""

    _followed: Preparation | None = None

    async def async_step_prepare(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for all that the texts need."""
        hub = self.hub()
        if hub is None:
            return self.closed()
        errors: dict[str, str] = {}
        shown = user_input
        if user_input is not None:
            setup = read_setup(user_input)
            tracker_id = typed_id(user_input)
            errors |= sms_faults(setup)
            problem = self.id_problem(tracker_id) if tracker_id else None
            if problem is not None:
                errors[CONF_TRACKER_ID] = problem
            if not errors:
                hub.async_prepare(setup, tracker_id)
                self._followed = hub.preparation
                return await self.async_step_texts()
        elif hub.preparation is not None:
            shown = fill_again(hub.preparation)
        else:
            shown = propose(self.hass, hub.receiver.port)
        return self.async_show_form(
            step_id="prepare",
            data_schema=self.add_suggested_values_to_schema(SMS_FORM, shown),
            errors=errors,
        )

    async def async_step_texts(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show the texts to send, one by one."""
        preparation = self._preparation()
        if preparation is None:
            return self.closed()
        if user_input is not None:
            # A progress that is done at once would hand this answer to the next form.
            if _is_over(self._look()):
                return await self.async_step_arrived()
            return await self.async_step_wait()
        purposes = await words(self.hass, "sms_purpose")
        hints = await words(self.hass, "sms_warning")
        return self.async_show_form(
            step_id="texts",
            data_schema=vol.Schema({}),
            description_placeholders={
                "texts": "\n\n".join(
                    f"**{number}.** {purposes[sms.purpose]}\n\n```\n{sms.text}\n```"
                    for number, sms in enumerate(sms_texts(preparation.setup), 1)
                ),
                "hints": "\n".join(
                    f"- {hints[warning]}" for warning in sms_warnings(preparation.setup)
                ),
            },
        )

    async def async_step_wait(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show how far the tracker has come, until it is there."""
        preparation, standing = self._preparation(), self._look()
        if preparation is None or standing is None or _is_over(standing):
            return self.async_show_progress_done(next_step_id="arrived")
        task = self.async_get_progress_task()
        if task is None or task.done():
            task = self._get_entry().async_create_background_task(
                self.hass, self._until_news(standing), f"{DOMAIN} preparation"
            )
        signs = await words(self.hass, "sign")
        return self.async_show_progress(
            step_id="wait",
            progress_action=_action(standing),
            description_placeholders={
                "signs": "\n".join(
                    f"{_SEEN if is_seen else _UNSEEN} {signs[sign]}"
                    for sign, is_seen in standing.signs.items()
                ),
                **_names(preparation, standing),
            },
            progress_task=task,
        )

    async def async_step_arrived(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a name of the tracker that arrived; of several, for the right one."""
        if user_input is not None:
            tracker_id = user_input[CONF_TRACKER_ID]
            if is_known(self.hass, tracker_id):
                return self.async_abort(reason="already_configured")
            return self.let_in(tracker_id, user_input.get(CONF_NAME, ""))
        hub = self.hub()
        if hub is not None and self._was_let_in():
            if hub.preparation is self._followed:
                hub.preparation = None
            return self.async_abort(reason="already_configured")
        standing = self._look()
        if standing is None or not standing.tracker_ids:
            return self.closed()
        tracker_id, *others = standing.tracker_ids
        # A name that is proposed for one may be left in place as another is chosen.
        name = (
            vol.Optional(CONF_NAME)
            if others
            else vol.Required(CONF_NAME, default=default_name(tracker_id))
        )
        return self.async_show_form(
            step_id="arrived",
            data_schema=vol.Schema(
                {
                    vol.Required(CONF_TRACKER_ID, default=tracker_id): SelectSelector(
                        SelectSelectorConfig(
                            options=[tracker_id, *others],
                            mode=SelectSelectorMode.LIST,
                        )
                    ),
                    name: NAME,
                }
            ),
            description_placeholders={CONF_TRACKER_ID: ", ".join(standing.tracker_ids)},
        )

    @callback
    def _preparation(self) -> Preparation | None:
        """Give what was prepared, unless it is gone together with the receiver.

        It stays that of this dialog: another one may prepare another tracker.
        """
        hub = self.hub()
        if hub is None:
            return None
        if self._followed is None or self._followed.receiver is not hub.receiver:
            self._followed = hub.preparation
        return self._followed

    @callback
    def _look(self) -> Standing | None:
        """Look at what has arrived; None where there is nothing to wait for."""
        preparation = self._preparation()
        if preparation is None or self._was_let_in():
            return None
        return preparation.look(
            dt_util.utcnow(), known=known_ids(self.hass), ignored=ignored_ids(self.hass)
        )

    @callback
    def _was_let_in(self) -> bool:
        """Tell whether the tracker was let in another way meanwhile."""
        preparation = self._preparation()
        if preparation is None:
            return False
        # Another receiver may have let it in.
        return preparation.is_over or (
            bool(preparation.tracker_id) and is_known(self.hass, preparation.tracker_id)
        )

    async def _until_news(self, shown: Standing) -> None:
        """Wait until there is something else to show."""
        news = asyncio.Event()

        @callback
        def look(_now: datetime) -> None:
            if self._look() != shown:
                news.set()

        stop = async_track_time_interval(self.hass, look, LOOK_INTERVAL)
        try:
            await news.wait()
        finally:
            stop()


def _names(preparation: Preparation, standing: Standing) -> dict[str, str]:
    """Give the names that the text of a stage may need."""
    return {
        "port": str(preparation.setup.port),
        "protocol": standing.protocol.upper(),
        CONF_TRACKER_ID: preparation.tracker_id,
        "heard_id": ", ".join(standing.tracker_ids),
    }


def _action(standing: Standing) -> str:
    """Give the key of the text for a stage."""
    stage = standing.stage
    is_late = standing.is_overdue and stage in _MAY_TAKE_LONG
    return f"{stage}_overdue" if is_late else stage.value


def _is_over(standing: Standing | None) -> bool:
    """Tell whether to wait no more: for a fix not for ever, it may be in a garage."""
    return (
        standing is None
        or standing.stage is Stage.FIX
        or (standing.stage is Stage.NO_FIX and standing.is_overdue)
    )
