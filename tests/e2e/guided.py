"""The way from nothing to a car on the map, by clicks alone."""

from collections.abc import Awaitable, Callable

from .browser import Browser
from .dialog import Dialog
from .ports import LOOPBACK

type Picture = Callable[[str], Awaitable[object]]

APN = "internet"
PUBLIC_HOST = "home.example.org"


async def open_receiver(browser: Browser, port: int, picture: Picture) -> Dialog:
    """Add the integration; the dialog goes on with the first tracker."""
    page = await browser.open("/config/integrations/dashboard")
    await page.get_by_role("button", name="Add integration").click()
    search = page.locator("dialog-add-integration")
    await search.locator("input").first.fill("SinoTrack")
    await search.get_by_text("SinoTrack", exact=True).last.click()

    dialog = Dialog(browser)
    await dialog.see("Set up a receiver")
    await dialog.fill("Port*", str(port))
    await dialog.fill("Listen address*", LOOPBACK)
    await picture("receiver")
    await dialog.press("Submit")
    await dialog.see("It already reports")
    await picture("add_tracker")
    return dialog


async def prepare_tracker(dialog: Dialog, picture: Picture) -> list[str]:
    """Have the texts written and wait for the tracker; gives the texts."""
    await dialog.choose("Prepare a new ST-906")
    await dialog.see("The tracker needs a SIM card")
    await dialog.fill("APN*", APN)
    await dialog.fill("Public host*", PUBLIC_HOST)
    await picture("prepare")
    await dialog.press("Submit")
    await dialog.see("Send these SMS")
    texts = await dialog.text("ha-markdown pre code")
    await picture("texts")
    await dialog.press("I have sent them")
    await dialog.see("Nothing has arrived yet")
    await picture("waiting")
    return texts


async def name_tracker(dialog: Dialog, name: str, picture: Picture) -> None:
    """Give the tracker that arrived a name."""
    await dialog.see("The tracker is there")
    await dialog.fill("Name*", name)
    await picture("arrived")
    await dialog.press("Submit")
    await dialog.see(f"Created configuration for {name}")
    await dialog.finish("Finish")
