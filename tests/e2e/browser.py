"""A real browser, signed in to a Home Assistant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
import json
from pathlib import Path
import shutil
from urllib.parse import urlsplit

from playwright.async_api import (
    BrowserContext,
    Error as BrowserError,
    Locator,
    Page,
    Route,
    TimeoutError as BrowserTimeoutError,
    async_playwright,
)

from .config import ROOT, ignored_folder
from .host import Host
from .waiting import wait_for

ARTIFACTS = ROOT / "artifacts"

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",  # which needs what containers do not have
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-proxy-server",
    # Map tiles come from the internet: without one they shall fail at once.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# One pixel that cannot be seen.
_NO_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b49444154"
    "78da636000020000050001e9fadcd80000000049454e44ae426082"
)
_LOAD_MILLISECONDS = 20_000
# What a browser says of a page that it did not go to, since another one came between.
_GIVEN_UP = "net::ERR_ABORTED"
_WIDTH, _HEIGHT = 1280, 800


def find_browser() -> str:
    """The path of the browser to use."""
    for name in _PROGRAMS:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(
        f"a test in a browser needs one on the path: {', '.join(_PROGRAMS)}"
    )


@dataclass(frozen=True, slots=True)
class Browser:
    """One window of the signed-in user."""

    host: Host
    page: Page

    async def open(self, path: str) -> Page:
        """Go to a page of Home Assistant.

        A dialog that has just closed goes back in the history of the page, and a
        browser then gives up the page that was asked for: it is asked for once more.
        """
        return await wait_for(partial(self._arrive, path), f"the page {path}")

    async def see(self, what: str | Locator) -> Locator:
        """Wait until a text, or whatever else, is visible somewhere on the page.

        Nearly all of the frontend lies in shadow roots, which locators look into. What
        there was to see instead is kept in the picture "unseen".
        """
        found = self.page.get_by_text(what) if isinstance(what, str) else what
        try:
            await found.first.wait_for(state="visible")
        except BrowserTimeoutError:
            await self.picture("unseen")
            raise
        return found.first

    async def picture(self, name: str) -> Path:
        """Write what is on the screen into the ignored folder artifacts/e2e.

        Each version of Home Assistant has a folder of its own there.
        """
        path = ignored_folder(ARTIFACTS) / "e2e" / self.host.version / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(await wait_for(self._still, "a page that stands still"))
        return path

    async def _arrive(self, path: str) -> Page | None:
        """The page, None if the page before went somewhere else meanwhile."""
        try:
            await self.page.goto(self.host.url + path, wait_until="domcontentloaded")
        except BrowserError as error:
            if _GIVEN_UP not in error.message:
                raise
            return None
        return self.page

    async def _still(self) -> bytes | None:
        """A picture of the screen, None while something on it is moving."""
        pictures = {await self.page.screenshot(animations="disabled") for _ in range(3)}
        return pictures.pop() if len(pictures) == 1 else None


@asynccontextmanager
async def browsing(host: Host) -> AsyncIterator[Browser]:
    """Start a browser in which the account of `host` is signed in."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=find_browser(), args=_ARGUMENTS
        )
        try:
            context = await _signed_in(
                host,
                await chromium.new_context(
                    viewport={"width": _WIDTH, "height": _HEIGHT},
                    device_scale_factor=1,
                    locale="en-GB",
                    timezone_id="Europe/Berlin",
                    reduced_motion="reduce",
                    service_workers="block",
                ),
            )
            context.set_default_timeout(_LOAD_MILLISECONDS)
            await context.route("**/api/map_tiles/**", _answer_empty_map)
            yield Browser(host, await context.new_page())
        finally:
            await chromium.close()


async def _answer_empty_map(route: Route) -> None:
    """Stand in for the map's server: a valid map on which there is nothing.

    Home Assistant would fetch it from the internet; without any, it draws no trails.
    """
    path = urlsplit(route.request.url).path
    if path.endswith("tilejson.json"):
        tiles = route.request.url.partition("/tilejson.json")[0]
        await route.fulfill(
            json={
                "tilejson": "3.0.0",
                "tiles": [f"{tiles}/vector/{{z}}/{{x}}/{{y}}.mvt"],
                "vector_layers": [],
                "maxzoom": 14,
            }
        )
    elif path.endswith(".json"):
        await route.fulfill(json={})
    elif path.endswith(".png"):
        await route.fulfill(body=_NO_PICTURE, content_type="image/png")
    else:
        await route.fulfill(body=b"", content_type="application/x-protobuf")


async def _signed_in(host: Host, context: BrowserContext) -> BrowserContext:
    """Put the tokens where the frontend looks for them at its start."""
    tokens = await host.rest.tokens()
    stored = {
        "hassUrl": host.url,
        "clientId": host.rest.client_id,
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "token_type": "Bearer",
        "expires": round(tokens.expires * 1000),
        "expires_in": 1800,
    }
    script = f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(stored))})"
    await context.add_init_script(script)
    return context
