"""Prove by turning the key what the status word says of the ignition."""

from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.core import callback

from ..const import DOMAIN
from ..ignition_proof import IgnitionProof
from ..live_tracker import LiveTracker
from ..options import CONF_IGNITION_SOURCE
from ..schema import vol
from ..tracking import IgnitionSource
from .steps import TrackerSteps


class IgnitionSteps(TrackerSteps):
    """Have the key turned on and off, and set what tells the ignition."""

    _proof: IgnitionProof
    _proved: IgnitionSource

    async def async_step_ignition(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Tell what is about to happen."""
        live = self._live()
        if live is None:
            return self.out_of_reach()
        if user_input is None:
            return self.async_show_form(
                step_id="ignition",
                data_schema=vol.Schema({}),
                description_placeholders=self.named(),
            )
        self._proof = IgnitionProof(live)
        return self._watch()

    async def async_step_key_on(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Watch the key being turned on."""
        return self._watch()

    async def async_step_key_off(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Watch the key being turned off."""
        return self._watch()

    async def async_step_proved(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Set what was proved, or tell why nothing was."""
        proof = self._proof
        if self._live() is not proof.live:
            return self.out_of_reach()
        if proof.source is not None:
            self._proved = proof.source
            if proof.is_doubtful:
                return await self.async_step_reversed()
            return await self.async_step_use_proved()
        if proof.turns:
            return self.async_abort(reason="key_left_on")
        if proof.is_out_of_reach:
            return self.async_abort(reason="nothing_heard")
        is_motion = proof.was_set is IgnitionSource.MOTION
        return self.async_show_menu(
            step_id="proved",
            menu_options=["ignition"] if is_motion else ["use_motion", "ignition"],
        )

    async def async_step_reversed(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask whether the key is off now, as a change of the setting supposes."""
        return self.async_show_menu(
            step_id="reversed", menu_options=["use_proved", "ignition"]
        )

    async def async_step_use_proved(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Set what was proved, now that the key is known to be off."""
        return self._set(self._proved)

    async def async_step_use_motion(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Let motion tell the ignition."""
        return self._set(IgnitionSource.MOTION)

    @callback
    def _live(self) -> LiveTracker | None:
        """Give the tracker at run time, or None while its receiver is not open."""
        hub, subentry = self.hub(), self.subentry()
        if hub is None or subentry is None:
            return None
        return hub.trackers.get(subentry.unique_id or "")

    @callback
    def _watch(self) -> SubentryFlowResult:
        """Tell how to turn the key, until it was turned or nobody believes in it."""
        proof = self._proof
        task = self.async_get_progress_task()
        if task is None or task.done():
            if proof.is_over or self._live() is not proof.live:
                return self.async_show_progress_done(next_step_id="proved")
            task = self._get_entry().async_create_background_task(
                self.hass, proof.until_turned(), f"{DOMAIN} ignition proof"
            )
        step_id = "key_off" if proof.turns else "key_on"
        return self.async_show_progress(
            step_id=step_id, progress_action=step_id, progress_task=task
        )

    @callback
    def _set(self, source: IgnitionSource) -> SubentryFlowResult:
        """Keep what tells the ignition; all else that is set stays."""
        subentry = self.subentry()
        if subentry is None:
            return self.gone()
        return self.async_update_and_abort(
            self._get_entry(),
            subentry,
            data_updates={CONF_IGNITION_SOURCE: source.value},
            reason="ignition_was_right"
            if source is self._proof.was_set
            else f"ignition_{source}",
        )
