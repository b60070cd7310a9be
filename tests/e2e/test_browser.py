"""What the pages of Home Assistant show in a real browser, with pictures of it."""

from collections.abc import Callable

import pytest
import pytest_asyncio

from .browser import Browser
from .cars import drive_away, marker_of, see_trails
from .conftest import Receiver
from .frames import AT_WORK, KINDS, sample
from .lines import line
from .owner import Owner

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def alone(owner: Owner, receiver: Receiver) -> None:
    """Take away what other tests have left on the pages."""
    for tracker_id in await owner.trackers(receiver.entry_id):
        await owner.delete_tracker(receiver.entry_id, tracker_id)
    for card in (await owner.discoveries()).values():
        await owner.cancel(card)


async def test_the_map_page_shows_the_cars(
    owner: Owner, receiver: Receiver, browser: Browser, new_id: Callable[[], str]
) -> None:
    """And a page that the owner has made shows where they have been."""
    cars = {"Van": new_id(), "Boat trailer": new_id()}
    for number, (name, tracker_id) in enumerate(cars.items()):
        await drive_away(owner, receiver.port, tracker_id, name, 40 + 75 * number)

    page = await browser.open("/map")
    markers = {name: await marker_of(owner, page, cars[name]) for name in cars}
    # Where the page finds room for lists, it begins with the one of people.
    devices = page.get_by_text("Devices")
    await browser.see(devices.or_(markers["Van"]))
    if await devices.is_visible():
        await devices.click()
    for name, marker in markers.items():
        await browser.see(marker)
        assert await marker.get_attribute("title") == name
    await browser.picture("map_page")

    await see_trails(owner, browser, list(cars.values()))
    await browser.picture("map")


async def test_the_integration_page_offers_what_was_discovered(
    owner: Owner, receiver: Receiver, browser: Browser, tracker_id: str
) -> None:
    """And a way to add a tracker by hand; the offer is accepted with a few clicks."""
    async with line(receiver.port) as tracker:
        tracker.send(KINDS["V8"](sample(tracker_id, AT_WORK)))
        await owner.discovered(tracker_id)

    page = await browser.open("/config/integrations/integration/sinotrack")
    await browser.see("Discovered")
    await browser.see("Add tracker")
    offer = page.locator(".discovered ha-list-item-base", has_text=tracker_id)
    await browser.see(offer)
    await browser.picture("discovered")

    await offer.get_by_role("button", name="Add").click()
    dialog = page.locator("dialog-data-entry-flow")
    await browser.see(dialog.get_by_text(tracker_id))
    await dialog.locator("input").fill("Blue boat")
    await browser.picture("confirm")
    await dialog.get_by_role("button", name="Submit").click()
    await browser.see(dialog.get_by_text("Blue boat was added"))
    await browser.picture("added")
    await dialog.get_by_role("button", name="Close").last.click()
    await dialog.wait_for(state="hidden")
    await browser.see(page.locator("ha-config-sub-entry-row", has_text="Blue boat"))
    await browser.picture("integration")
    assert (await owner.trackers(receiver.entry_id))[tracker_id]["title"] == "Blue boat"
