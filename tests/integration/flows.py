"""How tests go through the flows below a receiver."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigFlowResult,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry


async def begin_tracker(
    hass: HomeAssistant, entry: MockConfigEntry
) -> SubentryFlowResult:
    """Begin to add a tracker."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "tracker"), context={"source": SOURCE_USER}
    )


async def choose(
    hass: HomeAssistant, menu: SubentryFlowResult | ConfigFlowResult, option: str
) -> SubentryFlowResult:
    """Choose from a menu."""
    assert menu["type"] is FlowResultType.MENU
    assert option in menu["menu_options"]
    return await hass.config_entries.subentries.async_configure(
        menu["flow_id"], {"next_step_id": option}
    )


async def submit_tracker(
    hass: HomeAssistant, flow: SubentryFlowResult, **fields: Any
) -> SubentryFlowResult:
    """Fill in the form of a tracker."""
    result = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], fields
    )
    await hass.async_block_till_done()
    return result


async def begin_heard(
    hass: HomeAssistant, entry: MockConfigEntry
) -> SubentryFlowResult:
    """Begin to add a tracker that reports already."""
    return await choose(hass, await begin_tracker(hass, entry), "heard")


async def begin_change(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry, option: str
) -> SubentryFlowResult:
    """Begin to change a tracker."""
    menu = await entry.start_subentry_reconfigure_flow(hass, tracker.subentry_id)
    return await choose(hass, menu, option)


async def begin_option(
    hass: HomeAssistant, entry: MockConfigEntry, option: str
) -> ConfigFlowResult:
    """Begin to do something with a receiver."""
    options = hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    assert menu["type"] is FlowResultType.MENU
    assert option in menu["menu_options"]
    return await options.async_configure(menu["flow_id"], {"next_step_id": option})


async def look(hass: HomeAssistant, flow: SubentryFlowResult) -> SubentryFlowResult:
    """Look at what a flow shows by now, as the interface does."""
    return await hass.config_entries.subentries.async_configure(flow["flow_id"])
