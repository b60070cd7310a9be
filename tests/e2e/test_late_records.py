"""Records that were stored for hours come in one burst: nothing may believe them live."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from .conftest import Receiver
from .frames import KINDS, sample
from .history import Place, following
from .host import HOME, Host
from .lines import Line, line
from .owner import Owner
from .rest import Json

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

RECORDS = 400
INTERVAL_SECONDS = 25.0
# Ten minutes before now: nothing of it is live.
STORED_UNTIL_SECONDS_AGO = 600.0
STEP_M = 400.0

# What tracking.md demands before the end of a backlog is the known place, and some more
# for the machine. No option and no clock of ours shortens what a real one has to wait.
SETTLED_WITHIN_SECONDS = 300 + 30

METRES_PER_DEGREE = 111_195.0
NEARBY_M = 280.0


def north_of_home(metres: float) -> Place:
    """A place on the meridian of home."""
    latitude, longitude = HOME
    return latitude + metres / METRES_PER_DEGREE, longitude


def stored_records(tracker_id: str, turn: int) -> list[bytes]:
    """A drive of almost three hours, which turns round at a record."""
    return [
        KINDS["V8"](
            replace(
                sample(
                    tracker_id,
                    north_of_home(STEP_M * min(number, 2 * turn - 1 - number)),
                    speed_kmh=STEP_M / INTERVAL_SECONDS * 3.6,
                    ignition=True,
                    seconds_ago=STORED_UNTIL_SECONDS_AGO
                    + INTERVAL_SECONDS * (RECORDS - 1 - number),
                ),
                course=0 if number < turn else 180,
                buffered=True,
            )
        )
        for number in range(RECORDS)
    ]


@asynccontextmanager
async def counted_arrivals(host: Host, tracker: str) -> AsyncIterator[list[Json]]:
    """Let an automation run when a tracker enters home; its runs."""
    runs: list[Json] = []
    path = "/api/config/automation/config/late_records"
    await host.rest.post(
        path,
        {
            "alias": "Late records",
            "triggers": [
                {
                    "trigger": "zone",
                    "entity_id": tracker,
                    "zone": "zone.home",
                    "event": "enter",
                }
            ],
            "actions": [{"event": "came_home"}],
        },
    )

    async def is_on() -> bool:
        states: list[Json] = await host.rest.get("/api/states")
        return any(
            state["entity_id"] == "automation.late_records" and state["state"] == "on"
            for state in states
        )

    await host.wait_for(is_on, "the automation")
    number = await host.socket.subscribe(
        runs.append, "subscribe_events", event_type="came_home"
    )
    try:
        yield runs
    finally:
        await host.socket.unsubscribe(number)
        await host.rest.delete(path)


async def last_verdicts(host: Host, owner: Owner, tracker_id: str) -> list[str]:
    """What became of the last reports."""
    device = (await owner.devices())[tracker_id]
    answer = await host.rest.post(
        "/api/services/sinotrack/get_reports?return_response",
        {"device_id": device["id"]},
    )
    return [report["verdict"] for report in answer["service_response"]["reports"]]


async def report(
    opened: Line, tracker_id: str, place: Place, seconds_ago: float
) -> None:
    """Report live, driving."""
    driving = sample(
        tracker_id, place, speed_kmh=30, ignition=True, seconds_ago=seconds_ago
    )
    opened.send(KINDS["V8"](driving))


async def test_stored_records_bring_nobody_home_and_are_driven_all_the_same(
    host: Host, owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    nearby = north_of_home(NEARBY_M)
    async with line(receiver.port) as opened:
        await report(opened, tracker_id, HOME, 100)
        await owner.accept(tracker_id, f"Absent {tracker_id}")
        await owner.until_shown(tracker_id, "location", "home")
        location = await owner.entity_id(tracker_id, "location")
        async with (
            counted_arrivals(host, location) as arrivals,
            following(host) as history,
        ):
            await report(opened, tracker_id, nearby, 60)
            await owner.until_shown(tracker_id, "location", "not_home")
            answered = opened.heard.count(b",R12,")

            # Away, back, and home at the end.
            opened.send(b"".join(stored_records(tracker_id, turn=RECORDS // 2)))

            async def has_arrived() -> bool:
                return arrivals != []

            async def all_answered() -> bool:
                return opened.heard.count(b",R12,") >= answered + RECORDS

            await host.wait_for(all_answered, "an answer to each record", 20)
            assert set(await last_verdicts(host, owner, tracker_id)) == {"late"}
            assert arrivals == []
            assert history.values(location) == ["home", "not_home"]
            shown = await owner.state(tracker_id, "location")
            assert shown.place == pytest.approx(nearby, abs=1e-5)
            await owner.until_shown(tracker_id, "connectivity", "on")

            await report(opened, tracker_id, HOME, 0)

            await owner.until_shown(tracker_id, "location", "home")
            shown = await owner.state(tracker_id, "location")
            assert shown.place == pytest.approx(HOME, abs=1e-5)
            await host.wait_for(has_arrived, "the automation to run")
            assert len(arrivals) == 1
            assert history.values(location) == ["home", "not_home", "home"]
            true_km = (STEP_M * (RECORDS - 2) + 2 * NEARBY_M) / 1000

            async def counted() -> bool:
                driven = await owner.state(tracker_id, "odometer")
                return float(driven.value) == pytest.approx(true_km, rel=0.01)

            # Stored records are counted once they pause.
            await host.wait_for(counted, f"an odometer of {true_km} km", 20)


@pytest.mark.slow
@pytest.mark.timeout(SETTLED_WITHIN_SECONDS + 60)
async def test_place_where_stored_records_end_settles_when_nothing_follows(
    host: Host, owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    await owner.add_by_hand(receiver.entry_id, tracker_id, f"Parked {tracker_id}")
    end = north_of_home(STEP_M * (RECORDS - 1))
    async with line(receiver.port) as opened:
        opened.send(b"".join(stored_records(tracker_id, turn=RECORDS)))

        async def all_answered() -> bool:
            return opened.heard.count(b",R12,") >= RECORDS

        await host.wait_for(all_answered, "an answer to each record", 20)
    assert (await owner.state(tracker_id, "location")).value == "unknown"

    async def has_settled() -> bool:
        return (await owner.state(tracker_id, "location")).value == "not_home"

    await host.wait_for(has_settled, "the place to settle", SETTLED_WITHIN_SECONDS)
    shown = await owner.state(tracker_id, "location")
    assert shown.place == pytest.approx(end, abs=1e-5)
    driven = await owner.state(tracker_id, "odometer")
    assert float(driven.value) == pytest.approx(STEP_M * (RECORDS - 1) / 1000, rel=0.01)
