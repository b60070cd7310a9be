"""Add a tracker that reports already, or type the id of one."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_USER, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .flows import begin_heard, begin_tracker, submit_tracker
from .host import (
    add_tracker,
    device_of,
    hub_of,
    offered,
    place_of,
    receiver_entry,
    set_up,
    until,
)
from .road import BERLIN, CAR, VAN, UdpUnit, heartbeat, report

RIO = (-22.951916, -43.210487)


def offers(flow: SubentryFlowResult) -> list[Any]:
    """Give what a form offers."""
    schema = flow["data_schema"]
    assert schema is not None
    options: list[Any] = schema.schema["tracker_id"].config["options"]
    return options


def heard_ids(flow: SubentryFlowResult) -> list[str]:
    """Give the ids that a form offers."""
    return [option["value"] for option in offers(flow)]


async def test_there_are_two_ways_to_add_a_tracker(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    menu = await begin_tracker(hass, entry)

    assert menu["type"] is FlowResultType.MENU
    assert menu["step_id"] == "user"
    assert menu["menu_options"] == ["heard", "prepare"]


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=3, seconds=59), "3 min"),
        (timedelta(hours=5), "5 h"),
        (timedelta(days=2, hours=23), "2 d"),
    ],
)
async def test_each_is_told_by_what_helps_to_know_it_again(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
    *,
    age: timedelta,
    told: str,
) -> None:
    udp.send(report(CAR), report(CAR, RIO))
    await until(hass, lambda: len(hub_of(entry).strangers) == 1)
    freezer.tick(age)

    (offer,) = offers(await begin_heard(hass, entry))

    # To some ten kilometres: enough to know one's own, and no more.
    assert offer["label"] == f"{CAR} · UDP · 2 × · {told} · 23.0° S 43.2° W"


async def test_one_without_a_place_is_told_without(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(heartbeat(CAR))
    await until(hass, lambda: len(hub_of(entry).strangers) == 1)

    (offer,) = offers(await begin_heard(hass, entry))

    assert offer["label"].startswith(f"{CAR} · UDP · 1 × · ")
    assert "°" not in offer["label"]


async def test_trackers_heard_of_late_are_offered_the_newest_first(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report(CAR), report(VAN))
    await until(hass, lambda: len(hub_of(entry).strangers) == 2)

    flow = await begin_heard(hass, entry)

    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "heard"
    assert heard_ids(flow) == [VAN, CAR]


async def test_tracker_that_was_heard_is_added_and_its_card_withdrawn(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report(CAR), report(VAN))
    await until(hass, lambda: offered(hass) == [CAR, VAN])

    result = await submit_tracker(
        hass, await begin_heard(hass, entry), tracker_id=CAR, name="Car"
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert offered(hass) == [VAN]
    (subentry,) = entry.subentries.values()
    assert (subentry.unique_id, subentry.title) == (CAR, "Car")
    assert subentry.data == {"tracker_id": CAR}
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)


async def test_who_begins_with_an_id_and_a_name_is_asked_nothing_more(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    done = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "tracker"),
        context={"source": SOURCE_USER},
        data={"tracker_id": CAR, "name": "Car"},
    )

    assert done["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert (subentry.unique_id, subentry.title) == (CAR, "Car")


@pytest.mark.parametrize(
    "tracker_id", ["00000001", "9170000000", "358899051234567", "1234567890123456"]
)
async def test_any_id_may_be_typed(
    hass: HomeAssistant, entry: MockConfigEntry, tracker_id: str
) -> None:
    await submit_tracker(
        hass, await begin_heard(hass, entry), tracker_id=f" {tracker_id} "
    )

    (subentry,) = entry.subentries.values()
    assert subentry.unique_id == tracker_id
    assert subentry.title == f"ST-906 {tracker_id[-4:]}"


@pytest.mark.parametrize(
    "wrong",
    ["", "1234567", "12345678901234567", "917000000A", "9170-000000", "٩١٧٠٠٠٠٠٠٠"],
)
async def test_id_that_is_none_is_told_and_can_be_mended(
    hass: HomeAssistant, entry: MockConfigEntry, wrong: str
) -> None:
    flow = await begin_heard(hass, entry)
    result = await submit_tracker(hass, flow, tracker_id=wrong, name="Car")
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"tracker_id": "invalid_tracker_id"}

    result = await submit_tracker(hass, flow, tracker_id=CAR, name="Car")
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_tracker_that_was_added_already_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, unused_tcp_port_factory: Any
) -> None:
    await add_tracker(hass, entry, CAR)
    other = receiver_entry(unused_tcp_port_factory(), {VAN: "Van"})
    await set_up(hass, other)
    flow = await begin_heard(hass, entry)

    for tracker_id in (CAR, VAN):
        result = await submit_tracker(hass, flow, tracker_id=tracker_id)
        assert result["errors"] == {"tracker_id": "already_configured"}


async def test_tracker_of_another_receiver_is_not_offered(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    receiver_entry(8889, {VAN: "Van"}).add_to_hass(hass)
    udp.send(report(CAR), report(VAN))
    await until(hass, lambda: len(hub_of(entry).strangers) == 2)

    assert heard_ids(await begin_heard(hass, entry)) == [CAR]


async def test_id_may_be_typed_in_groups_as_the_sticker_has_it(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    flow = await begin_heard(hass, entry)

    await submit_tracker(hass, flow, tracker_id=f" {CAR[:4]} {CAR[4:]} ", name="Car")

    (subentry,) = entry.subentries.values()
    assert subentry.unique_id == CAR


async def test_tracker_is_not_added_to_a_receiver_that_was_removed_meanwhile(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    flow = await begin_heard(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)

    result = await submit_tracker(hass, flow, tracker_id=CAR, name="Car")

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "receiver_closed"


async def test_tracker_is_added_to_a_receiver_that_is_not_open(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)

    flow = await begin_tracker(hass, entry)
    assert flow["step_id"] == "heard"
    assert heard_ids(flow) == []
    result = await submit_tracker(hass, flow, tracker_id=CAR, name="Car")

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert device_of(hass, entry) is not None
