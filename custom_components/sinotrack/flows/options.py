"""What can be done with a receiver that is open."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.const import CONF_PORT

from ..hub import SinotrackConfigEntry
from ..receiver import ALL_TRANSPORTS

if TYPE_CHECKING:
    import probatio as vol
else:
    import voluptuous as vol

_FAILURE: Final = {
    frozenset({"tcp"}): "udp_is_deaf",
    frozenset({"udp"}): "tcp_is_deaf",
    frozenset(): "both_are_deaf",
}


class ReceiverOptionsFlow(OptionsFlow):
    """Tests a receiver by way of its own port."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer the test, do it, and tell what came of it."""
        entry: SinotrackConfigEntry = self.config_entry
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="receiver_closed")
        port = {CONF_PORT: str(entry.data[CONF_PORT])}
        if user_input is None:
            return self.async_show_form(
                step_id="init",
                data_schema=vol.Schema({}),
                description_placeholders=port,
            )
        heard = await entry.runtime_data.async_test()
        return self.async_abort(
            reason="test_passed" if heard == ALL_TRANSPORTS else _FAILURE[heard],
            description_placeholders=port,
        )
