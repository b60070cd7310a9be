"""What is known outlives a restart of Home Assistant."""

import asyncio
from collections.abc import Callable

import pytest

from simulator import Pause, SimulatedTracker, Transport, Unit, utc_now
from simulator.journey import Journey

from .conftest import Receiver
from .frames import AT_SEA, AT_WORK, KINDS, sample
from .host import HOME, Host
from .lines import line
from .owner import Owner
from .ports import is_free

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


async def test_a_restart_keeps_trackers_and_places(
    host: Host, owner: Owner, receiver: Receiver, new_id: Callable[[], str]
) -> None:
    """Also of those that are silent for weeks, and without their help."""
    boat, lorry = new_id(), new_id()
    places = {boat: AT_SEA, lorry: AT_WORK}
    for tracker_id, transport in zip(places, Transport, strict=True):
        async with line(receiver.port, transport) as tracker:
            tracker.send(KINDS["V8"](sample(tracker_id, places[tracker_id])))
            await owner.accept(tracker_id, f"Kept {tracker_id}")
            await owner.until_shown(tracker_id, "location", "not_home")
    before = await owner.trackers(receiver.entry_id)

    await host.restart()

    assert await owner.trackers(receiver.entry_id) == before
    await owner.until_state(receiver.entry_id, "loaded")
    for tracker_id, place in places.items():
        shown = await owner.state(tracker_id, "location")
        assert shown.value == "not_home"
        assert shown.place == pytest.approx(place, abs=1e-5)
        async with line(receiver.port) as tracker:
            tracker.send(KINDS["V8"](sample(tracker_id, place, ignition=True)))
            await tracker.answer(b",R12,")
        await owner.until_shown(tracker_id, "ignition", "on")


async def test_a_driving_tracker_comes_back_by_itself(
    host: Host, owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    """What it recorded meanwhile is delivered and answered as well."""
    waiting = Journey(HOME, [Pause(3600)])
    unit = Unit(tracker_id, waiting, start=utc_now(), interval_on=1)
    async with SimulatedTracker(unit, port=receiver.port) as tracker:
        running = asyncio.create_task(tracker.run())
        counters = tracker.counters
        try:
            await owner.accept(tracker_id, "Restless")
            await tracker.until(lambda: counters.acknowledged > 0)
            await host.stop()
            assert is_free(receiver.port)
            missed = counters.sent - counters.acknowledged
            await host.start()
            # Its pauses between two tries have grown meanwhile, up to 30 s.
            async with asyncio.timeout(60):
                await tracker.until(lambda: counters.links > 1 and not tracker.waiting)
                sent = counters.sent
                await tracker.until(lambda: counters.acknowledged >= sent - missed)
            assert counters.stored > 0
        finally:
            running.cancel()
    await owner.until_shown(tracker_id, "connectivity", "on")
    assert (await owner.state(tracker_id, "location")).value == "home"
