"""A tracker that nobody knows yet knocks, and the owner decides."""

from collections.abc import Callable

import pytest

from simulator import Transport

from .conftest import Receiver
from .frames import AT_SEA, AT_WORK, FURTHER_AT_SEA, KINDS, sample
from .lines import line
from .owner import Owner

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("transport", Transport)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_tracker_is_discovered_and_shown_once_it_is_accepted(
    owner: Owner,
    receiver: Receiver,
    tracker_id: str,
    kind: str,
    transport: Transport,
) -> None:
    """It gets no answer before, and one for each report after."""
    async with line(receiver.port, transport) as tracker:
        first = sample(tracker_id, AT_SEA, speed_kmh=42, ignition=True, seconds_ago=20)
        tracker.send(KINDS[kind](first))
        card = await owner.discovered(tracker_id)
        assert card["context"]["source"] == "integration_discovery"
        assert card["context"]["unique_id"] == tracker_id
        assert card["step_id"] == "confirm"
        assert tracker_id not in await owner.trackers(receiver.entry_id)
        assert not tracker.heard

        await owner.submit(card, {"name": f"Boat {tracker_id}"})
        accepted = (await owner.trackers(receiver.entry_id))[tracker_id]
        assert accepted["title"] == f"Boat {tracker_id}"
        assert accepted["subentry_type"] == "tracker"

        location = await owner.state(tracker_id, "location")
        assert location.entity_id.startswith("device_tracker.")
        assert location.value == "not_home"
        assert location.place == pytest.approx(AT_SEA, abs=1e-5)
        assert location.attributes["gps_accuracy"] > 0
        assert (await owner.state(tracker_id, "ignition")).value == "on"
        assert (await owner.state(tracker_id, "motion")).value == "on"
        assert (await owner.state(tracker_id, "connectivity")).value == "on"
        speed = await owner.state(tracker_id, "speed")
        assert float(speed.value) == pytest.approx(42, abs=1)  # `$` has whole knots

        tracker.send(KINDS[kind](sample(tracker_id, FURTHER_AT_SEA, ignition=False)))
        await tracker.answer(tracker_id.encode(), b",R12,")
        await owner.until_shown(tracker_id, "ignition", "off")
        await owner.until_shown(tracker_id, "motion", "off")
        moved = await owner.state(tracker_id, "location")
        assert moved.place == pytest.approx(FURTHER_AT_SEA, abs=1e-5)


async def test_the_device_says_what_it_is(
    owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    async with line(receiver.port) as tracker:
        tracker.send(KINDS["V1"](sample(tracker_id, AT_WORK)))
        await owner.accept(tracker_id, "Trailer")
    await owner.entity_id(tracker_id, "location")
    device = (await owner.devices())[tracker_id]
    assert device["name"] == "Trailer"
    assert device["manufacturer"] == "SinoTrack"
    assert device["model"] == "ST-906"
    assert {"location", "ignition", "motion", "connectivity", "speed", "last_seen"} <= (
        await owner.entity_ids(tracker_id)
    ).keys()


async def test_a_renamed_tracker_renames_its_device(
    owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    """And keeps its connection."""
    async with line(receiver.port) as tracker:
        tracker.send(KINDS["V1"](sample(tracker_id, AT_WORK, seconds_ago=5)))
        await owner.accept(tracker_id, "Old name")
        await owner.entity_id(tracker_id, "location")
        await owner.rename_tracker(receiver.entry_id, tracker_id, "New name")

        async def renamed() -> bool:
            return bool((await owner.devices())[tracker_id]["name"] == "New name")

        await owner.host.wait_for(renamed, "the device to be renamed")
        tracker.send(KINDS["V1"](sample(tracker_id, AT_WORK)))
        await tracker.answer(b",R12,")


async def test_a_stored_place_is_no_fix_and_no_move(
    owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    """A frame marked `V` says the ignition, and nothing of place or motion."""
    async with line(receiver.port) as tracker:
        tracker.send(KINDS["V1"](sample(tracker_id, AT_WORK, seconds_ago=5)))
        await owner.accept(tracker_id, "Tunnel digger")
        lost = sample(tracker_id, AT_SEA, speed_kmh=80, ignition=True, valid=False)
        tracker.send(KINDS["V1"](lost))
        await owner.until_shown(tracker_id, "ignition", "on")
    assert (await owner.state(tracker_id, "motion")).value == "off"
    location = await owner.state(tracker_id, "location")
    assert location.place == pytest.approx(AT_WORK, abs=1e-5)


async def test_an_ignored_tracker_is_not_offered_again(
    owner: Owner, receiver: Receiver, new_id: Callable[[], str]
) -> None:
    """Until its id is no longer ignored."""
    ignored, other = new_id(), new_id()
    async with line(receiver.port) as tracker, line(receiver.port) as newcomer:
        tracker.send(KINDS["V1"](sample(ignored, AT_WORK, seconds_ago=9)))
        await owner.ignore(ignored)
        tracker.send(KINDS["V1"](sample(ignored, AT_WORK, seconds_ago=6)))
        newcomer.send(KINDS["V1"](sample(other, AT_WORK)))
        card = await owner.discovered(other)
        assert ignored not in await owner.discoveries()
        await owner.cancel(card)

        entries = {entry["title"]: entry for entry in await owner.entries()}
        assert entries[ignored]["source"] == "ignore"
        await owner.delete(entries[ignored]["entry_id"])
        tracker.send(KINDS["V1"](sample(ignored, AT_WORK, seconds_ago=3)))
        await owner.cancel(await owner.discovered(ignored))
        assert not tracker.heard


async def test_a_tracker_added_by_hand_waits_for_its_first_report(
    owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    done = await owner.add_by_hand(receiver.entry_id, tracker_id, "Van")
    assert done["type"] == "create_entry"
    assert (await owner.state(tracker_id, "location")).value == "unknown"
    async with line(receiver.port, Transport.UDP) as tracker:
        tracker.send(KINDS["V8"](sample(tracker_id, AT_WORK)))
        await tracker.answer(b",R12,")
    await owner.until_shown(tracker_id, "location", "not_home")
    assert tracker_id not in await owner.discoveries()


async def test_a_deleted_tracker_is_a_stranger_again(
    owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    async with line(receiver.port) as tracker:
        tracker.send(KINDS["V1"](sample(tracker_id, AT_WORK, seconds_ago=5)))
        await owner.accept(tracker_id, "Sold")
        await owner.entity_id(tracker_id, "location")
        await owner.delete_tracker(receiver.entry_id, tracker_id)
    assert await owner.entity_ids(tracker_id) == {}
    assert tracker_id not in await owner.devices()
    async with line(receiver.port) as tracker:
        tracker.send(KINDS["V1"](sample(tracker_id, AT_WORK)))
        await owner.cancel(await owner.discovered(tracker_id))
        assert not tracker.heard
