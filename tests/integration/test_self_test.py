"""The receiver tests itself by way of its own port."""

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.receiver import Link, Receiver, Transport

from .host import hub_of, offered


async def run_test(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Go through the dialog."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "init"
    return await hass.config_entries.options.async_configure(form["flow_id"], {})


async def test_open_port_passes(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    done = await run_test(hass, entry)

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "test_passed"
    assert done["description_placeholders"] == {"port": str(port)}


async def test_test_is_no_stranger_and_no_discovery(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await run_test(hass, entry)
    await hass.async_block_till_done()

    assert not list(hub_of(entry).strangers)
    assert offered(hass) == []
    assert not hub_of(entry).receiver.refusals


@pytest.mark.parametrize(
    ("heard", "reason"),
    [
        ({"tcp"}, "udp_is_deaf"),
        ({"udp"}, "tcp_is_deaf"),
        (set[Transport](), "both_are_deaf"),
    ],
)
async def test_what_does_not_arrive_is_told(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    *,
    heard: set[Transport],
    reason: str,
) -> None:
    monkeypatch.setattr("custom_components.sinotrack.receiver.loopback.PATIENCE", 0.1)
    deliver = Receiver.deliver

    def lose(receiver: Receiver, frame: bytes, link: Link) -> bool:
        return link.transport in heard and deliver(receiver, frame, link)

    monkeypatch.setattr(Receiver, "deliver", lose)

    assert (await run_test(hass, entry))["reason"] == reason


async def test_receiver_that_is_closed_cannot_run_test(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)

    done = await hass.config_entries.options.async_init(entry.entry_id)

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "receiver_closed"
