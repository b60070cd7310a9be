"""A Home Assistant that writes its files in earnest, and two trackers in one of them."""

from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.road import POTSDAM, VAN, UdpUnit, report

from .files import file_in


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Let Home Assistant have a folder of its own."""
    return hass_tmp_config_dir


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Let it write its files in earnest, none of which is there yet."""
    return {}


@pytest.fixture
async def folder(hass: HomeAssistant, entry: MockConfigEntry, car: UdpUnit) -> Path:
    """Where Home Assistant keeps its files; two trackers are there and their file."""
    car.send(report(VAN, POTSDAM))
    await car.answer()
    for subentry in entry.subentries.values():
        hass.config_entries.async_update_subentry(
            entry, subentry, data={**subentry.data, "ignition_source": "inverted"}
        )
    await hass.config_entries.async_unload(entry.entry_id)
    folder = Path(hass.config.path(".storage"))
    assert file_in(folder).stat().st_mode & 0o077 == 0, "it tells who was where"
    return folder
