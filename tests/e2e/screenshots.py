"""The pictures of the README, taken anew in a real browser."""

# ruff: noqa: T201 - a program for people talks to them

import asyncio
from pathlib import Path
import shutil
import sys
from tempfile import TemporaryDirectory

from .browser import Browser, browsing
from .cars import drive_away, driving, see_trails
from .config import ROOT
from .guided import name_tracker, open_receiver, prepare_tracker
from .host import Host
from .owner import Owner
from .ports import free_port, is_free

PORT = 8888
IMAGES = ROOT / "docs" / "images"

# Of the way through the dialogs, those that the README shows.
_OF_DIALOG = {"add_tracker", "texts", "waiting"}

_VAN = "9170000001"
_ON_THE_MAP = {"9170000002": "Car", "9170000003": "Boat trailer"}


def main() -> int:
    """Take them all; the exit status."""
    if not is_free(PORT):
        # It is in the pictures, and shall be the usual one.
        print(f"screenshots: port {PORT} is in use", file=sys.stderr)
        return 1
    with TemporaryDirectory() as folder:
        asyncio.run(_take(Path(folder)))
    return 0


async def _take(folder: Path) -> None:
    async with Host(folder, port=free_port()) as host, browsing(host) as browser:
        owner = Owner(host)

        async def picture(name: str) -> None:
            path = await browser.picture(name)
            IMAGES.mkdir(exist_ok=True)
            shutil.copyfile(path, IMAGES / path.name)
            print(IMAGES.relative_to(ROOT) / path.name, flush=True)

        async def picture_of_readme(name: str) -> None:
            """Leave out what the README does not show."""
            if name in _OF_DIALOG:
                await picture(name)

        dialog = await open_receiver(browser, PORT, picture_of_readme)
        await prepare_tracker(dialog, picture_of_readme)
        async with driving(_VAN, PORT):
            await name_tracker(dialog, "Van", picture_of_readme)
            await owner.until_shown(_VAN, "motion", "on")
            await _see_device(owner, browser, _VAN)
            await picture("device")

        # The map shows others: the van would jump on it to where its second drive begins.
        (entry,) = await owner.entries()
        await owner.delete_tracker(str(entry["entry_id"]), _VAN)
        for number, (tracker_id, name) in enumerate(_ON_THE_MAP.items()):
            await drive_away(owner, PORT, tracker_id, name, 40 + 75 * number)
        await see_trails(owner, browser, [*_ON_THE_MAP])
        await picture("map")


async def _see_device(owner: Owner, browser: Browser, tracker_id: str) -> None:
    """Open the page of a tracker."""
    device = (await owner.devices())[tracker_id]
    page = await browser.open(f"/config/devices/device/{device['id']}")
    await browser.see(page.get_by_text("Ignition", exact=True))


if __name__ == "__main__":
    sys.exit(main())
