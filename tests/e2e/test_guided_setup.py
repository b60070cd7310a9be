"""A person comes from nothing to a car with entities, led by the dialogs alone."""

import pytest

from .browser import Browser
from .cars import driving
from .guided import APN, PUBLIC_HOST, name_tracker, open_receiver, prepare_tracker
from .lines import line
from .owner import Owner
from .ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


async def test_person_is_led_from_the_port_to_the_first_report(
    owner: Owner, browser: Browser, tracker_id: str
) -> None:
    port = free_port()
    dialog = await open_receiver(browser, port, browser.picture)
    texts = await prepare_tracker(dialog, browser.picture)
    assert texts == [
        "8960000E00",
        f"8030000 {APN}",
        f"8040000 {PUBLIC_HOST} {port}",
        "8050000 20",
        "8090000 300",
        "7100000",
        "RCONF",
    ]

    # Something else comes first, and is told from a tracker.
    async with line(port) as scanner:
        await dialog.see("A connection was opened, and nothing was sent")
        scanner.send(b"\x00\x01\x02\x03")
        await dialog.see("Something was sent that is no report")
        await browser.picture("waiting_on")

    async with driving(tracker_id, port):
        await name_tracker(dialog, "Van", browser.picture)
        await owner.until_shown(tracker_id, "ignition", "on")

    device = (await owner.devices())[tracker_id]
    page = await browser.open(f"/config/devices/device/{device['id']}")
    for text in ("Van", "Ignition", "Moving", "Speed", "Odometer"):
        await browser.see(page.get_by_text(text, exact=True))
    await browser.picture("device")
    (entry_id,) = {device["primary_config_entry"]}
    await owner.delete(str(entry_id))
