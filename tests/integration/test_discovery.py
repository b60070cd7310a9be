"""Strangers: heard, remembered within bounds, offered, ignored, let in."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers.discovery_flow import async_create_flow
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.offers import OPEN_OFFERS
from custom_components.sinotrack.strangers import (
    STRANGER_REPORTS_REMEMBERED,
    STRANGERS_REMEMBERED,
)

from .conftest import TcpFactory
from .flows import begin_heard, submit_tracker
from .host import (
    add_tracker,
    count_writes,
    hub_of,
    offered,
    place_of,
    receiver_entry,
    set_up,
    shown,
    until,
)
from .road import BERLIN, CAR, POTSDAM, VAN, UdpUnit, heartbeat, report


def strangers(count: int) -> list[str]:
    """Give ids that nobody knows."""
    return [f"80{number:08}" for number in range(count)]


@pytest.fixture
async def other(
    hass: HomeAssistant, unused_tcp_port_factory: Callable[[], int]
) -> MockConfigEntry:
    """Another receiver of the house."""
    entry = receiver_entry(unused_tcp_port_factory())
    await set_up(hass, entry)
    return entry


def flow_of(hass: HomeAssistant, tracker_id: str) -> str:
    """Give the flow that offers a tracker."""
    (flow,) = hass.config_entries.flow.async_progress_by_handler(
        DOMAIN, match_context={"unique_id": tracker_id}
    )
    return flow["flow_id"]


async def heard(hass: HomeAssistant, entry: MockConfigEntry, reports: int) -> None:
    """Wait until so many reports of strangers have come."""
    await until(
        hass,
        lambda: (
            sum(stranger.reports for stranger in hub_of(entry).strangers) >= reports
        ),
    )


async def ignore(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, tracker_id: str
) -> ConfigEntry:
    """Ignore an offer as the discovery card does; gives what remembers that."""
    assert await async_setup_component(hass, "config", {})
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "config_entries/ignore_flow",
            "flow_id": flow_of(hass, tracker_id),
            "title": f"Tracker {tracker_id}",
        }
    )
    assert (await client.receive_json())["success"]
    await hass.async_block_till_done()
    (ignored,) = (
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.source == SOURCE_IGNORE and entry.unique_id == tracker_id
    )
    return ignored


# --- who is offered -------------------------------------------------------------------


async def test_first_report_with_a_fix_is_offered(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report())

    await until(hass, lambda: offered(hass) == [CAR])


@pytest.mark.usefixtures("noon")
async def test_offer_tells_what_was_heard_by_now(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    udp.send(report())
    await until(hass, lambda: offered(hass) == [CAR])
    udp.send(heartbeat())
    await heard(hass, entry, 2)
    freezer.tick(timedelta(minutes=7))
    (flow,) = hass.config_entries.flow.async_progress()

    form = await hass.config_entries.flow.async_configure(flow["flow_id"])

    assert form["description_placeholders"] == {
        "tracker_id": CAR,
        "heard": "UDP · 2 × · 7 min · 52.5° N 13.4° E",
    }
    done = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"name": "Car"}
    )
    assert done["reason"] == "tracker_added"


async def test_report_without_a_fix_is_offered_once_another_follows(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report(valid=False))
    await heard(hass, entry, 1)
    assert offered(hass) == []

    udp.send(heartbeat())
    await until(hass, lambda: offered(hass) == [CAR])


async def test_stranger_is_offered_once(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit, connect: TcpFactory
) -> None:
    udp.send(report(), report(place=POTSDAM))
    (await connect()).send(report())
    await heard(hass, entry, 3)

    assert offered(hass) == [CAR]


async def test_stranger_begins_one_flow_however_often_it_reports(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    with patch(
        "custom_components.sinotrack.offers.async_create_flow", wraps=async_create_flow
    ) as create_flow:
        for _ in range(3):
            udp.send(report())
        await heard(hass, entry, 3)

    create_flow.assert_called_once()


async def test_stranger_gets_no_answer_and_creates_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report())
    await heard(hass, entry, 1)

    assert not udp.has_answer()
    assert not entry.subentries
    assert not hass.states.async_all("device_tracker")


@pytest.mark.parametrize("tracker_id", ["1234567", "12345678901234567", "91700000AB"])
async def test_id_that_is_none_is_neither_remembered_nor_offered(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit, tracker_id: str
) -> None:
    udp.send(report(tracker_id))
    udp.send(report(CAR))
    await heard(hass, entry, 1)

    assert [stranger.tracker_id for stranger in hub_of(entry).strangers] == [CAR]
    assert offered(hass) == [CAR]


async def test_deleted_tracker_that_still_reports_is_offered_again(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    subentry = await add_tracker(hass, entry)
    udp.send(report())
    await until(hass, lambda: place_of(hass))
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await hass.async_block_till_done()
    assert offered(hass) == []

    udp.send(report())
    await until(hass, lambda: offered(hass) == [CAR])


# --- the port is open to everyone -----------------------------------------------------


async def test_so_many_are_offered_and_the_next_when_one_is_decided(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    *first, last = strangers(OPEN_OFFERS + 1)
    udp.send(*(report(tracker_id) for tracker_id in first))
    udp.send(report(last))
    await heard(hass, entry, OPEN_OFFERS + 1)
    assert offered(hass) == first
    assert hub_of(entry).strangers.withheld == 1

    hass.config_entries.flow.async_abort(flow_of(hass, first[0]))
    udp.send(report(last))
    await until(hass, lambda: last in offered(hass))


async def test_crowd_in_one_datagram_is_not_offered_whole(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    crowd = strangers(3 * OPEN_OFFERS)
    udp.send(*(report(tracker_id) for tracker_id in crowd))
    await heard(hass, entry, len(crowd))

    assert offered(hass) == crowd[:OPEN_OFFERS]
    udp.send(*(report(tracker_id) for tracker_id in crowd))
    await heard(hass, entry, 2 * len(crowd))
    # Each of them once.
    assert hub_of(entry).strangers.withheld == 2 * OPEN_OFFERS


async def test_crowd_before_the_start_is_not_queued_whole(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    hass.set_state(CoreState.starting)
    crowd = strangers(3 * OPEN_OFFERS)
    udp.send(*(report(tracker_id) for tracker_id in crowd))
    await heard(hass, entry, len(crowd))
    assert offered(hass) == []

    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert offered(hass) == crowd[:OPEN_OFFERS]


async def test_strangers_remembered_are_bounded_and_the_oldest_makes_room(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    crowd = strangers(STRANGERS_REMEMBERED + 8)
    known = hub_of(entry).strangers
    for tracker_id in crowd:
        udp.send(report(tracker_id))
    await until(hass, lambda: any(one.tracker_id == crowd[-1] for one in known))

    assert len(known) == STRANGERS_REMEMBERED
    assert known.forgotten == 8
    assert [one.tracker_id for one in known] == crowd[8:][::-1]


async def test_stranger_that_was_forgotten_is_not_offered_again(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report(CAR))
    await until(hass, lambda: offered(hass) == [CAR])
    hass.config_entries.flow.async_abort(flow_of(hass, CAR))
    known = hub_of(entry).strangers
    # Of those that have no fix, the first report is no reason to offer them.
    for tracker_id in strangers(STRANGERS_REMEMBERED):
        udp.send(heartbeat(tracker_id))
    await until(hass, lambda: known.forgotten == 1)
    assert known.get(CAR) is None

    udp.send(report(CAR))
    await until(hass, lambda: known.get(CAR))

    assert offered(hass) == []


async def test_stranger_that_goes_on_reporting_is_not_the_oldest(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    crowd = strangers(STRANGERS_REMEMBERED)
    udp.send(*(report(tracker_id) for tracker_id in crowd), report(crowd[0]))
    udp.send(report(CAR))
    known = hub_of(entry).strangers
    await until(hass, lambda: known.get(CAR))

    assert known.get(crowd[0])
    assert not known.get(crowd[1])


async def test_reports_remembered_of_a_stranger_are_bounded(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    for _ in range(2 * STRANGER_REPORTS_REMEMBERED):
        udp.send(report())
    await heard(hass, entry, 2 * STRANGER_REPORTS_REMEMBERED)

    stranger = hub_of(entry).strangers.get(CAR)
    assert stranger is not None
    assert len(stranger.recent) == STRANGER_REPORTS_REMEMBERED
    assert stranger.transport == "udp"


# --- the owner decides ----------------------------------------------------------------


async def test_accepted_tracker_shows_its_place_the_moment_it_exists(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report(place=POTSDAM, age=timedelta(hours=1)))
    udp.send(report(place=BERLIN, speed_kmh=50, ignition=True))
    await heard(hass, entry, 2)
    writes = count_writes(hass)

    await hass.config_entries.flow.async_configure(flow_of(hass, CAR), {"name": "Car"})
    await hass.async_block_till_done()

    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert shown(hass, "ignition").state == "on"
    assert shown(hass, "motion").state == "on"
    assert shown(hass, "connectivity").state == "on"
    assert float(shown(hass, "speed").state) == pytest.approx(50, abs=0.1)
    assert writes.count("device_tracker.car") == 1
    assert hub_of(entry).strangers.get(CAR) is None


async def test_tracker_that_is_accepted_hours_after_its_report_is_not_connected(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    udp.send(report(place=BERLIN, ignition=True))
    await heard(hass, entry, 1)
    freezer.tick(timedelta(hours=3))

    await add_tracker(hass, entry)

    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert shown(hass, "connectivity").state == "off"
    assert shown(hass, "ignition").state == "unavailable"


async def test_accepting_one_tracker_leaves_the_connection_of_another_open(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory
) -> None:
    await add_tracker(hass, entry, VAN, "Van")
    van, car = await connect(), await connect()
    van.send(report(VAN))
    await van.answer()
    car.send(report(CAR))
    await until(hass, lambda: offered(hass) == [CAR])

    await hass.config_entries.flow.async_configure(flow_of(hass, CAR), {"name": "Car"})

    for unit, tracker_id in ((van, VAN), (car, CAR)):
        unit.send(report(tracker_id))
        assert (await unit.answer()).startswith(f"*HQ,{tracker_id},R12".encode())


async def hear_and_ignore(
    hass: HomeAssistant, udp: UdpUnit, hass_ws_client: WebSocketGenerator
) -> ConfigEntry:
    """Have the car offered, and ignored; gives the entry that stands for that."""
    udp.send(report())
    await until(hass, lambda: offered(hass) == [CAR])
    return await ignore(hass, hass_ws_client, CAR)


async def test_ignored_tracker_is_not_offered_again(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    hass_ws_client: WebSocketGenerator,
) -> None:
    await hear_and_ignore(hass, udp, hass_ws_client)
    assert offered(hass) == []

    udp.send(report())
    await heard(hass, entry, 2)
    assert offered(hass) == []
    assert not udp.has_answer()

    await hass.config_entries.async_reload(entry.entry_id)
    udp.send(report())
    await heard(hass, entry, 1)
    assert offered(hass) == []


async def test_tracker_ignored_no_longer_is_offered_at_once(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    hass_ws_client: WebSocketGenerator,
) -> None:
    ignored = await hear_and_ignore(hass, udp, hass_ws_client)

    await hass.config_entries.async_remove(ignored.entry_id)
    await until(hass, lambda: offered(hass) == [CAR])


async def test_tracker_ignored_no_longer_and_long_forgotten_is_offered_when_it_reports(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    hass_ws_client: WebSocketGenerator,
) -> None:
    ignored = await hear_and_ignore(hass, udp, hass_ws_client)
    await hass.config_entries.async_reload(entry.entry_id)

    await hass.config_entries.async_remove(ignored.entry_id)
    await hass.async_block_till_done()
    assert offered(hass) == []

    udp.send(report())
    await until(hass, lambda: offered(hass) == [CAR])


async def test_ignored_tracker_that_was_added_by_hand_is_offered_again_once_deleted(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    hass_ws_client: WebSocketGenerator,
) -> None:
    await hear_and_ignore(hass, udp, hass_ws_client)
    van = MockConfigEntry(domain=DOMAIN, source=SOURCE_IGNORE, unique_id=VAN)
    van.add_to_hass(hass)
    await add_tracker(hass, entry, CAR)
    await hass.async_block_till_done()
    assert offered(hass) == []
    assert van in hass.config_entries.async_entries(DOMAIN)

    (car,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, car)
    await hass.async_block_till_done()
    udp.send(report())

    await until(hass, lambda: offered(hass) == [CAR])


async def reports_to(
    hass: HomeAssistant, entry: MockConfigEntry, unit: UdpUnit
) -> None:
    """Let the car report to a receiver that does not know it."""
    before = hub_of(entry).strangers.get(CAR)
    count = before.reports if before else 0
    unit.send(report(age=timedelta(seconds=60 - count)))
    await heard(hass, entry, count + 1)


async def test_tracker_that_another_receiver_lets_go_is_offered(
    hass: HomeAssistant, entry: MockConfigEntry, other: MockConfigEntry, udp: UdpUnit
) -> None:
    """As when the trackers of a house move to another port, one by one."""
    tracker = await add_tracker(hass, other)
    await reports_to(hass, entry, udp)
    assert offered(hass) == []

    hass.config_entries.async_remove_subentry(other, tracker.subentry_id)
    await reports_to(hass, entry, udp)

    await until(hass, lambda: offered(hass) == [CAR])


async def test_tracker_is_offered_again_by_who_offered_it_before_another_had_it(
    hass: HomeAssistant, entry: MockConfigEntry, other: MockConfigEntry, udp: UdpUnit
) -> None:
    await reports_to(hass, entry, udp)
    await until(hass, lambda: offered(hass) == [CAR])
    form = await begin_heard(hass, other)
    await submit_tracker(hass, form, tracker_id=CAR, name="Car")
    await reports_to(hass, entry, udp)
    assert offered(hass) == []

    await hass.config_entries.async_remove(other.entry_id)
    await reports_to(hass, entry, udp)

    await until(hass, lambda: offered(hass) == [CAR])


async def test_tracker_of_a_receiver_that_was_removed_is_offered(
    hass: HomeAssistant, entry: MockConfigEntry, other: MockConfigEntry, udp: UdpUnit
) -> None:
    await add_tracker(hass, other)
    await reports_to(hass, entry, udp)

    await hass.config_entries.async_remove(other.entry_id)
    await reports_to(hass, entry, udp)

    await until(hass, lambda: offered(hass) == [CAR])


async def test_tracker_is_offered_by_one_receiver_at_a_time(
    hass: HomeAssistant, entry: MockConfigEntry, other: MockConfigEntry, udp: UdpUnit
) -> None:
    """When that one goes, the other receiver offers it."""
    with closing(UdpUnit(hub_of(other).receiver.port)) as unit:
        await reports_to(hass, other, unit)
        await until(hass, lambda: offered(hass) == [CAR])
    await reports_to(hass, entry, udp)
    assert offered(hass) == [CAR]

    await hass.config_entries.async_remove(other.entry_id)
    assert offered(hass) == []
    await reports_to(hass, entry, udp)

    await until(hass, lambda: offered(hass) == [CAR])


async def test_offer_outlives_a_reload_and_is_not_doubled(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    udp.send(report())
    await until(hass, lambda: offered(hass) == [CAR])

    await hass.config_entries.async_reload(entry.entry_id)
    udp.send(report())
    await heard(hass, entry, 1)

    assert offered(hass) == [CAR]
