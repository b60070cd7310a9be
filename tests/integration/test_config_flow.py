"""The flows: open a receiver, change it, let trackers in."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
import socket
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigFlowResult,
    FlowType,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.receiver import BindProblem

from .host import (
    add_tracker,
    device_of,
    hub_of,
    place_of,
    receiver_entry,
    set_up,
    until,
)
from .ports import LOOPBACK, is_open, other_program
from .road import BERLIN, CAR, UdpUnit, report

FIELD_OF_PROBLEM = {
    BindProblem.PORT_IN_USE: "port",
    BindProblem.PERMISSION_DENIED: "port",
    BindProblem.NOT_A_PORT: "port",
    BindProblem.ADDRESS_NOT_AVAILABLE: "host",
    BindProblem.CANNOT_BIND: "base",
    BindProblem.DEAF: "base",
}


@contextmanager
def bind_ends_in(problem: BindProblem) -> Generator[None]:
    """Let a port fail to open in a way that cannot be had on every machine."""
    with patch("custom_components.sinotrack.config_flow.probe", return_value=problem):
        yield


async def begin(hass: HomeAssistant) -> ConfigFlowResult:
    """Begin to add a receiver."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )


async def submit(
    hass: HomeAssistant, flow: ConfigFlowResult, **fields: Any
) -> ConfigFlowResult:
    """Fill in a form."""
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], fields)
    await hass.async_block_till_done()
    return result


async def discover(
    hass: HomeAssistant, entry_id: str, tracker_id: str = CAR
) -> ConfigFlowResult:
    """Let a receiver offer a stranger."""
    return await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_INTEGRATION_DISCOVERY},
        data={"entry_id": entry_id, "tracker_id": tracker_id},
    )


# --- open a receiver ------------------------------------------------------------------


async def test_receiver_is_proposed_on_port_8888_of_all_addresses(
    hass: HomeAssistant,
) -> None:
    flow = await begin(hass)

    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "user"
    assert not flow["errors"]
    assert flow["data_schema"] is not None
    assert flow["data_schema"]({}) == {"port": 8888, "host": "0.0.0.0"}


async def test_receiver_is_opened(hass: HomeAssistant, port: int) -> None:
    result = await submit(hass, await begin(hass), port=port, host=f" {LOOPBACK} ")

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "SinoTrack"
    assert result["data"] == {"host": LOOPBACK, "port": port}
    assert result["result"].state is ConfigEntryState.LOADED
    assert result["result"].unique_id is None


async def test_second_receiver_is_told_from_the_first(
    hass: HomeAssistant, entry: MockConfigEntry, unused_tcp_port_factory: Any
) -> None:
    other = unused_tcp_port_factory()
    result = await submit(hass, await begin(hass), port=other, host=LOOPBACK)

    assert result["title"] == f"SinoTrack {other}"
    models = {device.model for device in dr.async_get(hass).devices}
    assert models == {
        f"TCP/UDP {each.data['port']}"
        for each in hass.config_entries.async_entries(DOMAIN)
    }


async def test_second_receiver_is_proposed_on_another_port(
    hass: HomeAssistant,
) -> None:
    receiver_entry(8888).add_to_hass(hass)
    receiver_entry(8890).add_to_hass(hass)

    flow = await begin(hass)

    assert flow["data_schema"] is not None
    assert flow["data_schema"]({})["port"] == 8889


@pytest.mark.parametrize("title", ["SinoTrack {port}", "At the boat"])
async def test_title_that_tells_the_port_follows_it(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    unused_tcp_port_factory: Any,
    title: str,
) -> None:
    hass.config_entries.async_update_entry(
        entry, title=title.format(port=entry.data["port"])
    )
    other = unused_tcp_port_factory()
    flow = await entry.start_reconfigure_flow(hass)
    await submit(hass, flow, port=other, host=LOOPBACK)

    assert entry.title == title.format(port=other)


async def test_receiver_that_was_opened_leads_to_its_first_tracker(
    hass: HomeAssistant, port: int
) -> None:
    result = await submit(hass, await begin(hass), port=port, host=LOOPBACK)

    kind, flow_id = result["next_flow"]
    assert kind is FlowType.CONFIG_SUBENTRIES_FLOW
    menu = await hass.config_entries.subentries.async_configure(flow_id)
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["heard", "prepare"]
    assert await is_open(port)


async def test_no_listen_address_means_all(hass: HomeAssistant, port: int) -> None:
    result = await submit(hass, await begin(hass), port=port, host=" ")

    assert result["data"] == {"host": "0.0.0.0", "port": port}


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
async def test_port_that_another_program_uses_is_told_and_can_be_freed(
    hass: HomeAssistant, port: int, kind: socket.SocketKind
) -> None:
    flow = await begin(hass)
    with other_program(port, kind):
        result = await submit(hass, flow, port=port, host=LOOPBACK)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"port": "port_in_use"}

    result = await submit(hass, flow, port=port, host=LOOPBACK)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("problem", BindProblem)
async def test_each_problem_stands_at_the_field_that_mends_it(
    hass: HomeAssistant, port: int, problem: BindProblem
) -> None:
    flow = await begin(hass)
    with bind_ends_in(problem):
        result = await submit(hass, flow, port=port, host=LOOPBACK)
    assert result["errors"] == {FIELD_OF_PROBLEM[problem]: problem.value}
    assert result["data_schema"] is not None
    assert result["data_schema"]({}) == {"port": port, "host": LOOPBACK}

    result = await submit(hass, flow, port=port, host=LOOPBACK)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
async def test_address_that_is_not_of_this_machine_is_told(
    hass: HomeAssistant, port: int, host: str
) -> None:
    flow = await begin(hass)
    result = await submit(hass, flow, port=port, host=host)
    assert result["errors"] == {"host": "address_not_available"}

    result = await submit(hass, flow, port=port, host=LOOPBACK)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("port", [0, 65536])
async def test_number_that_is_no_port_is_told(hass: HomeAssistant, port: int) -> None:
    result = await submit(hass, await begin(hass), port=port, host=LOOPBACK)

    assert result["errors"] == {"port": "not_a_port"}


async def test_port_of_another_receiver_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    result = await submit(hass, await begin(hass), port=port, host=LOOPBACK)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


# --- change a receiver ----------------------------------------------------------------


async def test_new_port_is_opened_and_the_old_one_freed_while_trackers_stay(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    port: int,
    unused_tcp_port_factory: Any,
    udp: UdpUnit,
) -> None:
    await add_tracker(hass, entry)
    udp.send(report(place=BERLIN))
    await until(hass, lambda: place_of(hass))
    new_port = unused_tcp_port_factory()

    flow = await entry.start_reconfigure_flow(hass)
    assert flow["step_id"] == "reconfigure"
    result = await submit(hass, flow, port=new_port, host=LOOPBACK)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == {"host": LOOPBACK, "port": new_port}
    await until(hass, lambda: entry.state is ConfigEntryState.LOADED)
    assert not await is_open(port)
    assert await is_open(new_port)
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)


async def test_address_changes_on_the_same_port(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    result = await submit(
        hass, await entry.start_reconfigure_flow(hass), port=port, host="0.0.0.0"
    )

    assert result["reason"] == "reconfigure_successful"
    await until(hass, lambda: entry.state is ConfigEntryState.LOADED)
    assert hub_of(entry).address == ("0.0.0.0", port)


async def test_wrong_address_on_the_same_port_is_told_and_can_be_mended(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    flow = await entry.start_reconfigure_flow(hass)
    result = await submit(hass, flow, port=port, host="192.0.2.1")
    assert result["errors"] == {"host": "address_not_available"}

    result = await submit(hass, flow, port=port, host=LOOPBACK)
    assert result["reason"] == "reconfigure_successful"


async def test_address_that_another_program_has_on_the_same_port_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    """And the receiver is open again where it was."""
    flow = await entry.start_reconfigure_flow(hass)
    with other_program(port, host="127.0.0.2"):
        result = await submit(hass, flow, port=port, host="0.0.0.0")
        assert result["errors"] == {"port": "port_in_use"}
        await until(hass, lambda: entry.state is ConfigEntryState.LOADED)
        assert await is_open(port)
    assert entry.data["host"] == LOOPBACK

    result = await submit(hass, flow, port=port, host="0.0.0.0")
    assert result["reason"] == "reconfigure_successful"
    await until(hass, lambda: entry.state is ConfigEntryState.LOADED)
    assert hub_of(entry).address == ("0.0.0.0", port)


async def test_receiver_opens_again_whatever_becomes_of_the_proof(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    flow = await entry.start_reconfigure_flow(hass)
    with (
        patch(
            "custom_components.sinotrack.flows.receiver_form.probe",
            side_effect=RuntimeError,
        ),
        pytest.raises(RuntimeError),
    ):
        await submit(hass, flow, port=port, host="0.0.0.0")

    await until(hass, lambda: entry.state is ConfigEntryState.LOADED)
    assert await is_open(port)
    assert hub_of(entry).address == (LOOPBACK, port)


async def test_receiver_that_could_not_be_unloaded_is_changed_all_the_same(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    """Only a restart helps it, and what was changed counts then."""
    with patch.object(
        hass.config_entries, "async_unload_platforms", return_value=False
    ):
        assert not await hass.config_entries.async_unload(entry.entry_id)

    result = await submit(
        hass, await entry.start_reconfigure_flow(hass), port=port, host="0.0.0.0"
    )

    assert result["reason"] == "reconfigure_successful"
    assert entry.data["host"] == "0.0.0.0"


async def test_nothing_changed_leaves_the_port_open(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    hub = hub_of(entry)

    result = await submit(
        hass, await entry.start_reconfigure_flow(hass), port=port, host=LOOPBACK
    )

    assert result["reason"] == "reconfigure_successful"
    assert hub_of(entry) is hub


async def test_change_to_a_port_in_use_is_told_and_can_be_mended(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    port: int,
    unused_tcp_port_factory: Any,
) -> None:
    new_port = unused_tcp_port_factory()
    flow = await entry.start_reconfigure_flow(hass)
    with other_program(new_port, socket.SOCK_DGRAM):
        result = await submit(hass, flow, port=new_port, host=LOOPBACK)
    assert result["errors"] == {"port": "port_in_use"}
    assert entry.data["port"] == port
    assert await is_open(port)

    result = await submit(hass, flow, port=new_port, host=LOOPBACK)
    assert result["reason"] == "reconfigure_successful"


async def test_change_to_the_port_of_another_receiver_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, unused_tcp_port_factory: Any
) -> None:
    other = receiver_entry(unused_tcp_port_factory())
    await set_up(hass, other)
    flow = await entry.start_reconfigure_flow(hass)

    result = await submit(hass, flow, port=other.data["port"], host=LOOPBACK)
    assert result["errors"] == {"port": "port_in_use"}

    # It is not free either while that one does not run.
    await hass.config_entries.async_unload(other.entry_id)
    result = await submit(hass, flow, port=other.data["port"], host=LOOPBACK)
    assert result["reason"] == "already_configured"


async def test_receiver_that_waits_for_its_port_takes_another_at_once(
    hass: HomeAssistant, port: int, unused_tcp_port_factory: Any
) -> None:
    entry = receiver_entry(port)
    entry.add_to_hass(hass)
    with other_program(port, socket.SOCK_STREAM):
        await hass.config_entries.async_setup(entry.entry_id)
        flow = await entry.start_reconfigure_flow(hass)
        result = await submit(hass, flow, port=port, host=LOOPBACK)
        assert result["errors"] == {"port": "port_in_use"}

        result = await submit(hass, flow, port=unused_tcp_port_factory(), host=LOOPBACK)
        assert result["reason"] == "reconfigure_successful"
        assert entry.state is ConfigEntryState.LOADED


async def test_receiver_that_was_removed_meanwhile_cannot_be_changed(
    hass: HomeAssistant, entry: MockConfigEntry, port: int
) -> None:
    flow = await entry.start_reconfigure_flow(hass)
    with patch.object(hass.config_entries.flow, "async_abort"):
        # The dialog was being submitted just then.
        await hass.config_entries.async_remove(entry.entry_id)

    result = await submit(hass, flow, port=port, host=LOOPBACK)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "receiver_gone"


async def test_two_dialogs_at_a_time_open_one_receiver(
    hass: HomeAssistant, port: int
) -> None:
    both_prove = asyncio.Barrier(2)

    async def probe(_host: str, _port: int) -> None:
        await both_prove.wait()

    dialogs = [await begin(hass), await begin(hass)]
    with patch("custom_components.sinotrack.config_flow.probe", probe):
        results = await asyncio.gather(
            *(
                hass.config_entries.flow.async_configure(
                    dialog["flow_id"], {"port": port, "host": LOOPBACK}
                )
                for dialog in dialogs
            )
        )

    assert {result["type"] for result in results} == {
        FlowResultType.CREATE_ENTRY,
        FlowResultType.ABORT,
    }
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


# --- let in a tracker that was heard --------------------------------------------------


async def test_discovered_tracker_is_let_in_with_a_name(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    flow = await discover(hass, entry.entry_id)
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "confirm"
    assert flow["description_placeholders"] == {"tracker_id": CAR, "heard": "–"}
    assert flow["data_schema"] is not None
    assert flow["data_schema"]({}) == {"name": "ST-906 0000"}
    assert hass.config_entries.flow.async_get(flow["flow_id"])["context"][
        "title_placeholders"
    ] == {"name": CAR}

    result = await submit(hass, flow, name=" Car ")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "tracker_expected"
    assert result["description_placeholders"] == {"name": "Car"}
    (subentry,) = entry.subentries.values()
    assert subentry.subentry_type == "tracker"
    assert subentry.unique_id == CAR
    assert subentry.title == "Car"
    assert subentry.data == {"tracker_id": CAR}
    device = device_of(hass, entry)
    assert device is not None
    assert device.name == "Car"
    assert device.config_subentry_id == subentry.subentry_id


async def test_tracker_without_a_name_is_named_after_its_id(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await submit(hass, await discover(hass, entry.entry_id), name=" ")

    (subentry,) = entry.subentries.values()
    assert subentry.title == "ST-906 0000"


async def test_known_tracker_is_not_offered(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await add_tracker(hass, entry)

    result = await discover(hass, entry.entry_id)

    assert result["reason"] == "already_configured"


async def test_tracker_of_another_receiver_is_not_offered(
    hass: HomeAssistant, entry: MockConfigEntry, unused_tcp_port_factory: Any
) -> None:
    other = receiver_entry(
        unused_tcp_port_factory(),
        {CAR: "Car"},
        disabled_by=ConfigEntryDisabler.USER,
    )
    other.add_to_hass(hass)

    result = await discover(hass, entry.entry_id)

    assert result["reason"] == "already_configured"


async def test_tracker_added_while_its_card_was_open_is_not_added_again(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    flow = await discover(hass, entry.entry_id)
    await add_tracker(hass, entry)

    result = await submit(hass, flow, name="Car")

    assert result["reason"] == "already_configured"
    assert len(entry.subentries) == 1


async def test_tracker_of_a_receiver_that_is_gone_cannot_be_let_in(
    hass: HomeAssistant,
) -> None:
    result = await discover(hass, "gone")

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "receiver_gone"


async def test_card_that_is_being_filled_in_outlives_its_receiver_and_says_so(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    flow = await discover(hass, entry.entry_id)
    with pytest.raises(InvalidData):
        await submit(hass, flow, name=1)
    await hass.config_entries.async_remove(entry.entry_id)

    result = await submit(hass, flow, name="Car")

    assert result["reason"] == "receiver_gone"


async def test_tracker_is_let_in_while_its_receiver_waits_for_its_port(
    hass: HomeAssistant, port: int
) -> None:
    entry = receiver_entry(port)
    await set_up(hass, entry)
    flow = await discover(hass, entry.entry_id)
    await hass.config_entries.async_unload(entry.entry_id)

    result = await submit(hass, flow, name="Car")

    assert result["reason"] == "tracker_expected"
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert device_of(hass, entry) is not None
