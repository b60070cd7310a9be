"""Home Assistant ends without a farewell, in the middle of a drive."""

import asyncio
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path

import pytest

from simulator import Journey, Leg, SimulatedTracker, Unit, utc_now

from .conftest import Receiver
from .frames import KINDS, sample
from .history import State
from .host import HOME, Host
from .lines import line
from .owner import Owner
from .rest import Json

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

SAVE_SECONDS = 60
# For a machine that has other things to do.
SLACK_SECONDS = 10


def kept(folder: Path, entry_id: str, tracker_id: str) -> Json:
    """What stands on the disk of a tracker."""
    path = folder / ".storage" / f"sinotrack.{entry_id}"
    if not path.exists():
        return {}
    trackers: Json = json.loads(path.read_text())["data"]["trackers"]
    return dict(trackers.get(tracker_id, {}))


@pytest.mark.slow
async def test_kill_in_a_drive_loses_no_more_than_the_last_minute(
    host: Host, owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    journey = Journey(HOME, [Leg(0, 5000, cruise_kmh=72)])
    unit = Unit(tracker_id, journey, start=utc_now(), interval_on=1)

    async def saved() -> bool:
        state = kept(host.folder, receiver.entry_id, tracker_id).get("state", {})
        return bool(state.get("odometer_km", 0) > 0.1)

    async with SimulatedTracker(unit, port=receiver.port) as tracker:
        running = asyncio.create_task(tracker.run())
        try:
            await owner.accept(tracker_id, "Killed")
            await host.wait_for(
                saved, "the drive to be saved", SAVE_SECONDS + SLACK_SECONDS
            )
            answered = tracker.counters.acknowledged
            await tracker.until(lambda: tracker.counters.acknowledged > answered + 3)
            killed_at = utc_now()
            await host.kill()
        finally:
            running.cancel()
    state = kept(host.folder, receiver.entry_id, tracker_id)["state"]
    last_seen = datetime.fromisoformat(state["last_seen"]).astimezone(UTC)
    lost = killed_at - last_seen
    assert timedelta(0) < lost <= timedelta(seconds=SAVE_SECONDS + SLACK_SECONDS)

    await host.start()

    await owner.until_state(receiver.entry_id, "loaded")
    assert await owner.until_shown(tracker_id, "motion", "on")
    shown = await owner.state(tracker_id, "location")
    location = state["location"]
    assert shown.place == (location["latitude"], location["longitude"])
    assert odometer(await owner.state(tracker_id, "odometer")) == pytest.approx(
        state["odometer_km"], abs=0.005
    )
    # What was lost was on the way: nothing of it is missing in the end.
    seconds = (utc_now() - unit.start).total_seconds()
    now = journey.fix(seconds)
    async with line(receiver.port) as back:
        frame = sample(
            tracker_id, (now.latitude, now.longitude), speed_kmh=72, ignition=True
        )
        back.send(KINDS["V8"](frame))
        await back.answer(b",R12,")
    driven_km = now.odometer_m / 1000

    async def counted() -> bool:
        km = odometer(await owner.state(tracker_id, "odometer"))
        return km == pytest.approx(driven_km, rel=0.01)

    await host.wait_for(counted, f"the odometer to show {driven_km} km")


def odometer(state: State) -> float:
    """The kilometres that an odometer shows."""
    return float(state.value)
