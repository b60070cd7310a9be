"""The owner limits from where trackers may come."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.receiver import Refusal

from .conftest import TcpFactory
from .flows import begin_option
from .host import add_tracker, hub_of, offered, receiver_entry, set_up, shown, until
from .road import CAR, VAN, TcpUnit, UdpUnit, report

HOME = "192.168.1.0/24"


@pytest.fixture
def from_elsewhere(monkeypatch: pytest.MonkeyPatch, entry: MockConfigEntry) -> None:
    """Let trackers on this machine be from anywhere."""
    monkeypatch.setattr("ipaddress.IPv4Address.is_loopback", False)
    hub_of(entry).receiver.admission.own_address = ""


async def set_networks(
    hass: HomeAssistant, entry: MockConfigEntry, *networks: str
) -> ConfigFlowResult:
    """Go through the dialog."""
    form = await begin_option(hass, entry, "networks")
    assert form["type"] is FlowResultType.FORM
    done = await hass.config_entries.options.async_configure(
        form["flow_id"], {"allowed_networks": list(networks)}
    )
    await hass.async_block_till_done()
    return done


def suggested(form: ConfigFlowResult) -> Any:
    """Give what the field is filled with."""
    schema = form["data_schema"]
    assert schema is not None
    (field,) = schema.schema
    return field.description["suggested_value"]


# --- the dialog -----------------------------------------------------------------------


async def test_networks_are_kept_and_shown_again(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    assert suggested(await begin_option(hass, entry, "networks")) == []

    done = await set_networks(hass, entry, HOME, "2001:db8::/32")

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {"allowed_networks": [HOME, "2001:db8::/32"]}
    form = await begin_option(hass, entry, "networks")
    assert suggested(form) == [HOME, "2001:db8::/32"]


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("192.168.1.77/24", HOME),
        (" 192.168.1.0/24 ", HOME),
        ("192.168.1.0/255.255.255.0", HOME),
        ("203.0.113.7", "203.0.113.7/32"),
        ("2001:DB8::1", "2001:db8::1/128"),
    ],
)
async def test_network_is_kept_in_one_way_of_writing(
    hass: HomeAssistant, entry: MockConfigEntry, entered: str, kept: str
) -> None:
    await set_networks(hass, entry, entered, kept, "", " ")

    assert entry.options == {"allowed_networks": [kept]}


@pytest.mark.parametrize(
    "entered",
    ["home", "192.168.1.0/33", "192.168.1", "192.168.1.0-192.168.1.9", "8888"],
)
async def test_what_is_no_network_is_told_and_can_be_mended(
    hass: HomeAssistant, entry: MockConfigEntry, entered: str
) -> None:
    form = await set_networks(hass, entry, HOME, entered)

    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == {"allowed_networks": "no_network"}
    assert form["description_placeholders"] == {"network": entered}
    assert suggested(form) == [HOME, entered]
    assert entry.options == {}

    done = await hass.config_entries.options.async_configure(
        form["flow_id"], {"allowed_networks": [HOME]}
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {"allowed_networks": [HOME]}


async def test_empty_field_allows_all_again(
    hass: HomeAssistant, entry: MockConfigEntry, *, from_elsewhere: None, udp: UdpUnit
) -> None:
    await set_networks(hass, entry, HOME)
    form = await begin_option(hass, entry, "networks")

    await hass.config_entries.options.async_configure(form["flow_id"], {})

    assert entry.options == {"allowed_networks": []}
    udp.send(report())
    await until(hass, lambda: offered(hass) == [CAR])


async def test_networks_can_be_set_while_the_receiver_is_closed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)

    await set_networks(hass, entry, HOME)

    assert entry.options == {"allowed_networks": [HOME]}


# --- what it does ---------------------------------------------------------------------


async def test_change_counts_at_once_and_without_a_reload(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    from_elsewhere: None,
    connect: TcpFactory,
    udp: UdpUnit,
) -> None:
    hub = hub_of(entry)
    await add_tracker(hass, entry)
    car = await connect()
    car.send(report())
    await car.answer()

    await set_networks(hass, entry, HOME)

    assert await car.is_closed()
    assert entry.state is ConfigEntryState.LOADED
    assert hub_of(entry) is hub
    again = await connect()
    assert await again.is_closed()
    udp.send(report(ignition=True))
    refusals = hub.receiver.refusals
    await until(hass, lambda: refusals[Refusal.NOT_ALLOWED] == 3)
    assert shown(hass, "ignition").state == "off"
    assert not udp.has_answer()

    await set_networks(hass, entry, HOME, "127.0.0.0/8")
    udp.send(report(ignition=True))
    await udp.answer()
    assert shown(hass, "ignition").state == "on"


async def test_connection_that_is_still_allowed_survives_a_change(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory
) -> None:
    await add_tracker(hass, entry)
    car = await connect()
    car.send(report())
    await car.answer()

    await set_networks(hass, entry, "127.0.0.1")

    car.send(report(ignition=True))
    await car.answer()
    assert shown(hass, "ignition").state == "on"


@pytest.mark.parametrize("kept", [["nowhere"], None])
async def test_networks_that_cannot_be_read_open_the_port_to_nobody(
    hass: HomeAssistant, port: int, kept: object
) -> None:
    entry = receiver_entry(port, options={"allowed_networks": kept})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "networks_unreadable"
    with pytest.raises(ConnectionRefusedError):
        await TcpUnit.connect(port)
    await set_networks(hass, entry, "127.0.0.0/8")
    await until(hass, lambda: entry.state.value == "loaded")
    assert hub_of(entry).receiver.port == port


async def test_networks_count_from_the_start(
    hass: HomeAssistant, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipaddress.IPv4Address.is_loopback", False)
    entry = receiver_entry(port, options={"allowed_networks": [HOME]})
    hub = await set_up(hass, entry)
    hub.receiver.admission.own_address = ""

    unit = await TcpUnit.connect(port)

    assert await unit.is_closed()
    unit.close()
    assert hub.receiver.refusals == {Refusal.NOT_ALLOWED: 1}


async def test_stranger_from_elsewhere_is_neither_remembered_nor_offered(
    hass: HomeAssistant, entry: MockConfigEntry, *, from_elsewhere: None, udp: UdpUnit
) -> None:
    await set_networks(hass, entry, HOME)
    udp.send(report(VAN))
    refusals = hub_of(entry).receiver.refusals
    await until(hass, lambda: refusals[Refusal.NOT_ALLOWED] == 1)

    assert offered(hass) == []
    assert not list(hub_of(entry).strangers)


# --- floods ---------------------------------------------------------------------------


async def test_tracker_is_heard_while_its_address_floods(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    connect: TcpFactory,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    await add_tracker(hass, entry)
    hub = hub_of(entry)
    old = await connect()
    old.send(report())
    await old.answer()
    for _ in range(101):
        udp.send(b"*HQ,broken,V1#")
    await until(hass, lambda: hub.receiver.admission.is_flooding("127.0.0.1"))

    # Each in a second of its own: the same once more would be a duplicate.
    freezer.tick(1)
    old.send(report(ignition=True))
    await old.answer()
    assert shown(hass, "ignition").state == "on"
    freezer.tick(1)
    udp.send(report(VAN), report(ignition=False))
    await udp.answer()
    assert shown(hass, "ignition").state == "off"
    new = await connect()
    freezer.tick(1)
    new.send(report(ignition=True))
    await new.answer()
    assert shown(hass, "ignition").state == "on"

    stranger = await connect()
    stranger.send(report(VAN))
    assert await stranger.is_closed()
    assert not list(hub.strangers)
    assert offered(hass) == []
    assert hub.receiver.refusals[Refusal.FLOOD] == 2
