"""A page is reached although the one before it is still on its way."""

from typing import cast
from unittest.mock import AsyncMock, Mock

from playwright.async_api import Error as BrowserError, Page
import pytest

from .browser import Browser

URL = "http://127.0.0.1:8123"


def browser_that(*outcomes: object) -> tuple[Browser, AsyncMock]:
    """A browser whose goings end so, one after the other; gives these too."""
    page = Mock(goto=AsyncMock(side_effect=outcomes))
    return Browser(Mock(url=URL), cast("Page", page)), page.goto


async def test_a_page_is_asked_for_once_more_when_the_one_before_goes_back() -> None:
    """As it does when a dialog has closed: that ended a test now and then."""
    browser, goto = browser_that(
        BrowserError(f"Page.goto: net::ERR_ABORTED at {URL}/map"), None
    )
    assert await browser.open("/map") is browser.page
    assert [call.args for call in goto.await_args_list] == [(f"{URL}/map",)] * 2


async def test_a_page_that_cannot_be_reached_is_told() -> None:
    browser, goto = browser_that(
        BrowserError(f"Page.goto: net::ERR_CONNECTION_REFUSED at {URL}/map")
    )
    with pytest.raises(BrowserError, match="REFUSED"):
        await browser.open("/map")
    goto.assert_awaited_once()
