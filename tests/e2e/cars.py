"""Cars that have driven somewhere, for pages that show them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from playwright.async_api import Locator, Page

from simulator import (
    Dialect,
    SimulatedTracker,
    Unit,
    record,
    round_trip,
    utc_now,
)

from .browser import Browser
from .dashboard import add_dashboard
from .host import HOME
from .lines import line
from .owner import Owner

ROUND_TRIP_SECONDS = 400
# From home to the place where the round trip has its stop.
WAY_THERE_SECONDS = 230
SWITCHED_ON_AFTER = 60

_LONG_TRAIL = 20


@asynccontextmanager
async def driving(tracker_id: str, port: int) -> AsyncIterator[None]:
    """Let a car be under way meanwhile, with a tracker that has just been switched on."""
    unit = Unit(
        tracker_id,
        round_trip(HOME, duration=ROUND_TRIP_SECONDS),
        start=utc_now() - timedelta(seconds=SWITCHED_ON_AFTER),
        dialect=Dialect.FOUR_G,
        interval_on=1,
    )
    async with SimulatedTracker(unit, port=port) as tracker:
        running = asyncio.create_task(tracker.run())
        try:
            yield
        finally:
            running.cancel()


async def drive_away(
    owner: Owner, port: int, tracker_id: str, name: str, bearing: float
) -> None:
    """Let in a car that has just driven from home to somewhere else."""
    unit = Unit(
        tracker_id,
        round_trip(HOME, duration=ROUND_TRIP_SECONDS, bearing=bearing),
        start=utc_now() - timedelta(seconds=WAY_THERE_SECONDS),
        interval_on=5,
    )
    way = [made for made in record(unit) if made.time <= utc_now()]
    async with line(port) as tracker:
        tracker.send(way[0].frame)
        await owner.accept(tracker_id, name)
        await owner.until_shown(tracker_id, "location", "home")
        for made in way:
            tracker.send(made.frame)
        await owner.until_shown(tracker_id, "location", "not_home")
        await owner.until_shown(tracker_id, "ignition", "off")


async def marker_of(owner: Owner, page: Page, tracker_id: str) -> Locator:
    """The marker of a tracker on any map."""
    entity_id = await owner.entity_id(tracker_id, "location")
    return page.locator(f'ha-entity-marker[entity-id="{entity_id}"]')


async def see_trails(owner: Owner, browser: Browser, tracker_ids: list[str]) -> None:
    """Open a page of one's own, and wait until it shows where the cars have been."""
    page = await browser.open(await add_dashboard(owner, tracker_ids))
    for tracker_id in tracker_ids:
        await browser.see(await marker_of(owner, page, tracker_id))

    async def long_trails() -> bool:
        lengths = await page.locator("ha-map").evaluate(
            "map => (map.paths ?? []).map(path => path.points.length)"
        )
        return len(lengths) == len(tracker_ids) and min(lengths) > _LONG_TRAIL

    await owner.host.wait_for(long_trails, "a trail for each car")
