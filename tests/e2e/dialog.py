"""The dialog of a flow in a real browser, used the way a person does."""

from playwright.async_api import Locator

from .browser import Browser


class Dialog:
    """The one dialog that is open, whatever it shows."""

    def __init__(self, browser: Browser) -> None:
        """Use the page of a browser."""
        self._browser = browser
        self._root: Locator = browser.page.locator("dialog-data-entry-flow")

    async def see(self, text: str) -> None:
        """Wait for a text; the dialog may come to it by itself."""
        await self._browser.see(self._root.get_by_text(text))

    async def fill(self, label: str, value: str) -> None:
        """Fill in the field under a label."""
        field = self._root.locator("ha-form .root > *", has_text=label)
        await field.locator("input").fill(value)

    async def press(self, name: str) -> None:
        """Press the button at the bottom."""
        await self._root.get_by_role("button", name=name, exact=True).click()

    async def finish(self, name: str) -> None:
        """Press the last button there is, and see the dialog go.

        The page then goes back to where the dialog was opened, and would take back with
        it whoever had gone elsewhere before.
        """
        await self.press(name)
        await self._root.wait_for(state="hidden")
        await self._browser.page.wait_for_function("!history.state?.dialog")

    async def choose(self, option: str) -> None:
        """Choose from a menu."""
        await self._root.get_by_text(option, exact=True).click()

    async def text(self, selector: str) -> list[str]:
        """Read what stands in all elements of a kind."""
        return [
            text.strip()
            for text in await self._root.locator(selector).all_inner_texts()
        ]
