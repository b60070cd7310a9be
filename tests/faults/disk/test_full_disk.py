"""A disk that is full, or slow."""

import asyncio
from contextlib import AbstractContextManager
from datetime import timedelta
import errno
import logging
import os
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util.file import write_utf8_file_atomic
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.sinotrack import storage
from tests.faults.conftest import beside
from tests.integration.host import pass_time, place_of, remembered
from tests.integration.road import CAR, UdpUnit, report

from .files import kept_in

MINUTE = timedelta(minutes=1)
SAVE_DELAY = timedelta(seconds=storage.SAVE_DELAY)


def full_disk() -> AbstractContextManager[Any]:
    """Let nothing be written to the end."""
    no_space = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return patch("atomicwrites.AtomicWriter.sync", side_effect=no_space)


def own_problems(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give what we have complained of."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and record.name.startswith("custom_components.sinotrack")
    ]


async def test_full_disk_is_told_once_and_all_is_written_when_there_is_room(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    folder: Path,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Told once; all is written as soon as there is room, though nothing new came."""
    await hass.config_entries.async_setup(entry.entry_id)
    before = kept_in(folder)
    freezer.tick(MINUTE)
    udp.send(report(place=beside(900), speed_kmh=50))
    await udp.answer()
    with full_disk():
        for _ in range(3):
            await pass_time(hass, freezer, SAVE_DELAY)
        assert kept_in(folder) == before
        (problem,) = own_problems(caplog)
        assert problem.endswith("No space left on device")
        assert place_of(hass) == pytest.approx(beside(900), abs=1e-5)

    await pass_time(hass, freezer, SAVE_DELAY)

    assert kept_in(folder) == remembered(entry) != before
    assert "What is known of the trackers is saved again" in caplog.text
    assert len(own_problems(caplog)) == 1
    with full_disk():
        udp.send(report(place=beside(950)))
        await udp.answer()
        await pass_time(hass, freezer, SAVE_DELAY)
    assert len(own_problems(caplog)) == 2


async def test_full_disk_does_not_keep_a_receiver_from_going_on_where_it_was(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    folder: Path,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    await hass.config_entries.async_setup(entry.entry_id)
    freezer.tick(MINUTE)
    udp.send(report(place=beside(900), speed_kmh=50))
    await udp.answer()

    with full_disk():
        for _ in range(2):
            assert await hass.config_entries.async_reload(entry.entry_id)
            assert place_of(hass) == pytest.approx(beside(900), abs=1e-5)
            await pass_time(hass, freezer, SAVE_DELAY)

    await pass_time(hass, freezer, SAVE_DELAY)
    assert kept_in(folder) == remembered(entry)


async def test_fault_that_home_assistant_does_not_catch_keeps_no_receiver_loaded(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    folder: Path,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As when its folder cannot be made. The receiver could never be unloaded."""
    await hass.config_entries.async_setup(entry.entry_id)
    udp.send(report(ignition=True))
    await udp.answer()

    def write(path: str, *args: Any, **kwargs: Any) -> None:
        if "sinotrack" in path:
            raise PermissionError("read-only")
        write_utf8_file_atomic(path, *args, **kwargs)

    with patch("homeassistant.helpers.storage.write_utf8_file_atomic", write):
        await pass_time(hass, freezer, SAVE_DELAY)
        assert await hass.config_entries.async_unload(entry.entry_id)

    assert len(own_problems(caplog)) == 1
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.config_entries.async_unload(entry.entry_id)
    assert kept_in(folder)[CAR]["state"]["ignition"] is False, "it is inverted"


async def test_what_was_not_saved_goes_with_its_receiver(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path, udp: UdpUnit
) -> None:
    await hass.config_entries.async_setup(entry.entry_id)
    udp.send(report(ignition=True))
    await udp.answer()

    with full_disk():
        await hass.config_entries.async_remove(entry.entry_id)

    assert not [
        value
        for value in hass.data.values()
        if isinstance(value, dict) and f"sinotrack.{entry.entry_id}" in value
    ]


async def test_reload_while_the_disk_is_slow_reads_what_was_to_be_written(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    folder: Path,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    """No report comes in between, so that nothing seems to be left to save."""
    await hass.config_entries.async_setup(entry.entry_id)
    freezer.tick(MINUTE)
    udp.send(report(place=beside(900), speed_kmh=50))
    await udp.answer()
    begun, room = threading.Event(), threading.Event()

    def write_slowly(*args: Any, **kwargs: Any) -> None:
        begun.set()
        assert room.wait(30)
        write_utf8_file_atomic(*args, **kwargs)

    loop = asyncio.get_running_loop()
    with patch("homeassistant.helpers.storage.write_utf8_file_atomic", write_slowly):
        freezer.tick(SAVE_DELAY)
        async_fire_time_changed(hass)
        assert await loop.run_in_executor(None, begun.wait, 30)
        reload = asyncio.create_task(hass.config_entries.async_reload(entry.entry_id))
        # More turns than it takes, if it does not wait.
        for _ in range(1000):
            await asyncio.sleep(0)
        room.set()
        assert await reload

    assert place_of(hass) == pytest.approx(beside(900), abs=1e-5)
