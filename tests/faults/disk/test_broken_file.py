"""A file that cannot be read, as a whole or in part."""

from collections.abc import Callable
import logging
import os
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.host import place_of, remembered, shown
from tests.integration.road import BERLIN, CAR, POTSDAM, VAN, UdpUnit, report

from .files import copies_in, edited, file_in, kept_in, leftovers_in

BROKEN: dict[str, Callable[[Path], bytes]] = {
    "half written": lambda folder: file_in(folder).read_bytes()[:300],
    "empty": lambda folder: b"",
    "zeroed": lambda folder: bytes(4096),
    "no text": lambda folder: b"\xff\xfe\x00" * 100,
    "of a later version": lambda folder: edited(folder, version=2),
    "of no version": lambda folder: edited(folder, version=0),
    "a list": lambda folder: b"[1, 2]",
    "a word": lambda folder: b'"trackers"',
    "without trackers": lambda folder: edited(folder, data={}),
    "of other trackers": lambda folder: edited(folder, data={"trackers": 5}),
}

BROKEN_PARTS: dict[str, dict[str, Any]] = {
    "no path": {"path": "nowhere"},
    # Beyond the last year that a time in UTC can have.
    "held beyond all time": {
        "held": {
            "place": {
                "latitude": BERLIN[0],
                "longitude": BERLIN[1],
                "accuracy": 15.0,
                "time": "2026-06-01T12:00:00+00:00",
            },
            "until": "9999-12-31T23:59:59-05:00",
        }
    },
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_broken_file_is_kept_and_costs_no_configuration(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    folder: Path,
    udp: UdpUnit,
    caplog: pytest.LogCaptureFixture,
    broken: Callable[[Path], bytes],
) -> None:
    content = broken(folder)
    file_in(folder).write_bytes(content)
    subentries = dict(entry.subentries)

    assert await hass.config_entries.async_setup(entry.entry_id)

    (copy,) = copies_in(folder)
    assert copy.read_bytes() == content
    assert [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert entry.subentries == subentries
    assert shown(hass, "location").state == "unknown"
    # Inverted, as its owner has set it.
    udp.send(report(ignition=False))
    await udp.answer()
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert shown(hass, "ignition").state == "on"

    news = remembered(entry)
    for _ in range(2):
        await hass.config_entries.async_reload(entry.entry_id)
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert kept_in(folder)[CAR]["state"] == news[CAR]["state"]
    assert copies_in(folder) == [copy]


@pytest.mark.parametrize("broken", BROKEN_PARTS.values(), ids=BROKEN_PARTS)
@pytest.mark.parametrize("has_links", [True, False], ids=["links", "no links"])
async def test_broken_record_is_kept_and_costs_its_tracker_alone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    has_links: bool,
    broken: dict[str, Any],
) -> None:
    """Also where the file system knows no second name for a file."""
    trackers = kept_in(folder)
    trackers[CAR] |= broken
    content = edited(folder, data={"trackers": trackers})
    file_in(folder).write_bytes(content)
    if not has_links:
        monkeypatch.setattr(os, "link", Mock(side_effect=PermissionError))

    assert await hass.config_entries.async_setup(entry.entry_id)

    assert "What was kept of Car cannot be read" in caplog.text
    (copy,) = copies_in(folder)
    assert copy.read_bytes() == content
    assert copy.stat().st_mode & 0o077 == 0
    assert shown(hass, "location", CAR).state == "unknown"
    assert place_of(hass, VAN) == pytest.approx(POTSDAM, abs=1e-5)
    await hass.config_entries.async_reload(entry.entry_id)
    assert copies_in(folder) == [copy]
    assert place_of(hass, VAN) == pytest.approx(POTSDAM, abs=1e-5)


async def test_file_that_can_be_neither_read_nor_kept_keeps_no_port_closed(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    folder: Path,
    udp: UdpUnit,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A folder in its place is as bad as a disk that fails."""
    path = file_in(folder)
    path.unlink()
    path.mkdir()

    assert await hass.config_entries.async_setup(entry.entry_id)

    assert f"No copy of {path} could be kept" in caplog.text
    udp.send(report())
    await udp.answer()
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_copy_goes_with_its_receiver(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path
) -> None:
    file_in(folder).write_bytes(b"[]")
    await hass.config_entries.async_setup(entry.entry_id)
    assert copies_in(folder)

    await hass.config_entries.async_remove(entry.entry_id)

    assert leftovers_in(folder) == []
