"""The receiver tests itself by way of its own port."""

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.receiver import Link, Receiver, Refusal, Transport

from .flows import begin_option
from .host import hub_of, offered, until
from .road import CAR, UdpUnit, report


async def run_test(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Go through the dialog."""
    form = await begin_option(hass, entry, "self_test")
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "self_test"
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


async def test_networks_that_are_allowed_do_not_matter_to_it_and_are_told(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    networks = ["192.0.2.0/24", "2001:db8::/32"]
    hass.config_entries.async_update_entry(
        entry, options={"allowed_networks": networks}
    )
    await hass.async_block_till_done()

    done = await run_test(hass, entry)

    assert done["reason"] == "test_passed_within"
    assert done["description_placeholders"] == {
        "port": str(port),
        "networks": "192.0.2.0/24, 2001:db8::/32",
    }


async def test_flood_from_this_machine_does_not_matter_to_it(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    """As where all trackers come through a tunnel that ends here."""
    admission = hub_of(entry).receiver.admission
    for _ in range(101):
        udp.send(b"*HQ,broken,V1#")
    await until(hass, lambda: admission.is_flooding("127.0.0.1"))

    assert (await run_test(hass, entry))["reason"] == "test_passed"
    udp.send(report(CAR))
    await until(hass, lambda: hub_of(entry).receiver.refusals[Refusal.FLOOD])
    assert not list(hub_of(entry).strangers)


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

    done = await begin_option(hass, entry, "self_test")

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "receiver_closed"


@pytest.mark.parametrize("option", ["self_test", "networks"])
async def test_options_of_a_receiver_that_was_removed_meanwhile_say_so(
    hass: HomeAssistant, entry: MockConfigEntry, option: str
) -> None:
    form = await begin_option(hass, entry, option)
    await hass.config_entries.async_remove(entry.entry_id)

    done = await hass.config_entries.options.async_configure(form["flow_id"], {})

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "receiver_closed"


async def test_id_of_a_test_that_is_over_is_one_like_any_other(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has gone over the wire, and shall pass no flood control."""
    loopback = "custom_components.sinotrack.receiver.loopback"
    monkeypatch.setattr(f"{loopback}.secrets.randbelow", lambda _below: 7)

    assert (await run_test(hass, entry))["reason"] == "test_passed"

    assert not hub_of(entry).receiver.is_accepted("0000000000000007")
