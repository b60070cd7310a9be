"""What can be done with a receiver: test it, and limit who may be heard by it."""

from ipaddress import ip_network
from typing import Any, Final

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.const import CONF_PORT
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig

from ..const import CONF_ALLOWED_NETWORKS
from ..hub import SinotrackConfigEntry
from ..receiver import ALL_TRANSPORTS
from ..schema import vol
from .receiver_form import change_receiver

_FAILURE: Final = {
    frozenset({"tcp"}): "udp_is_deaf",
    frozenset({"udp"}): "tcp_is_deaf",
    frozenset(): "both_are_deaf",
}


class ReceiverOptionsFlow(OptionsFlow):
    """Tests a receiver by way of its own port, and keeps its options."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to do."""
        return self.async_show_menu(
            step_id="init", menu_options=["self_test", "networks"]
        )

    async def async_step_self_test(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer the test, do it, and tell what came of it."""
        entry = self._find_entry()
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="receiver_closed")
        port = {CONF_PORT: str(entry.data[CONF_PORT])}
        if user_input is None:
            return self.async_show_form(
                step_id="self_test",
                data_schema=vol.Schema({}),
                description_placeholders=port,
            )
        heard = await entry.runtime_data.async_test()
        if heard != ALL_TRANSPORTS:
            return self.async_abort(
                reason=_FAILURE[heard], description_placeholders=port
            )
        networks = entry.options.get(CONF_ALLOWED_NETWORKS)
        if not networks:
            return self.async_abort(reason="test_passed", description_placeholders=port)
        return self.async_abort(
            reason="test_passed_within",
            description_placeholders={**port, "networks": ", ".join(networks)},
        )

    async def async_step_networks(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask from where trackers may come; a running receiver follows at once."""
        entry = self._find_entry()
        if entry is None:
            return self.async_abort(reason="receiver_closed")
        if user_input is None:
            return self._show_networks(entry.options.get(CONF_ALLOWED_NETWORKS, []))
        entered = user_input.get(CONF_ALLOWED_NETWORKS, [])
        networks: dict[str, None] = {}
        for text in filter(None, map(str.strip, entered)):
            try:
                # An address within the network is as good as its first.
                networks[str(ip_network(text, strict=False))] = None
            except ValueError:
                return self._show_networks(entered, wrong=text)
        options = {**entry.options, CONF_ALLOWED_NETWORKS: list(networks)}
        # Those of before may be what kept the receiver closed.
        change_receiver(self.hass, entry, options=options)
        return self.async_create_entry(data=options)

    def _find_entry(self) -> SinotrackConfigEntry | None:
        """Give the receiver, or None if it was removed while the dialog was open."""
        return self.hass.config_entries.async_get_entry(self.handler)

    def _show_networks(
        self, networks: list[str], *, wrong: str | None = None
    ) -> ConfigFlowResult:
        """Show the form, with the text that is no network if there is one."""
        # A default would come back into a field that was emptied.
        field = vol.Optional(
            CONF_ALLOWED_NETWORKS, description={"suggested_value": networks}
        )
        return self.async_show_form(
            step_id="networks",
            data_schema=vol.Schema(
                {field: TextSelector(TextSelectorConfig(multiple=True))}
            ),
            errors={} if wrong is None else {CONF_ALLOWED_NETWORKS: "no_network"},
            description_placeholders=None if wrong is None else {"network": wrong},
        )
