"""The port: taken by others, let go of, and taken again while reports keep coming."""

import asyncio
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
import logging
import socket

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.tracking import Verdict
from tests.integration.conftest import TcpFactory
from tests.integration.host import (
    hub_of,
    pass_time,
    place_of,
    receiver_entry,
    shown,
    until,
)
from tests.integration.ports import is_free, is_open, other_program
from tests.integration.road import BERLIN, CAR, VAN, TcpUnit, UdpUnit, report

RELOADS = 8


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
async def test_port_of_which_half_is_in_use_is_left_alone_until_both_are_free(
    hass: HomeAssistant,
    port: int,
    udp: UdpUnit,
    *,
    freezer: FrozenDateTimeFactory,
    socket_count: Callable[[], int],
    kind: socket.SocketKind,
) -> None:
    """Neither half is taken then, and both as soon as they can be had."""
    entry = receiver_entry(port, {CAR: "Car"})
    entry.add_to_hass(hass)
    with other_program(port, kind):
        before = socket_count()
        assert not await hass.config_entries.async_setup(entry.entry_id)
        assert socket_count() == before
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "port_in_use"
    assert is_free(port)

    await pass_time(hass, freezer, timedelta(minutes=1))
    await until(hass, lambda: entry.state is ConfigEntryState.LOADED)
    udp.send(report())
    await udp.answer()
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)


async def test_reload_leaves_no_socket(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    *,
    port: int,
    connect: TcpFactory,
    socket_count: Callable[[], int],
) -> None:
    before = socket_count()
    tasks = len(asyncio.all_tasks())
    for _ in range(RELOADS):
        van = await connect()
        van.send(report(VAN))
        await van.answer()
        await hass.config_entries.async_reload(entry.entry_id)
        assert await van.is_closed()
        van.close()
    await hass.async_block_till_done()

    await until(hass, lambda: socket_count() == before)
    assert len(asyncio.all_tasks()) == tasks
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert is_free(port)


class Driver:
    """Two trackers that report without a pause, and what of it was acknowledged."""

    def __init__(self, port: int, freezer: FrozenDateTimeFactory) -> None:
        """Report to a port of this machine, each report in a second of its own."""
        self._port = port
        self._freezer = freezer
        self.acknowledged: dict[str, list[bytes]] = {CAR: [], VAN: []}

    def _next(self, tracker_id: str) -> bytes:
        self._freezer.tick(timedelta(seconds=1))
        return report(tracker_id, ignition=True)

    def has_gone_on(self, before: dict[str, int]) -> bool:
        """Tell whether more was acknowledged of both than `before`."""
        return all(
            len(frames) > before[tracker_id] + 5
            for tracker_id, frames in self.acknowledged.items()
        )

    async def over_tcp(self) -> None:
        """Let the car report, and connect again whenever that ends."""
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                unit = await TcpUnit.connect(self._port)
                with closing(unit):
                    while True:
                        frame = self._next(CAR)
                        unit.send(frame)
                        await unit.answer()
                        self.acknowledged[CAR].append(frame)

    async def over_udp(self) -> None:
        """Let the van report, from a new port each time, and not wait for long."""
        while True:
            with suppress(OSError), closing(UdpUnit(self._port)) as unit:
                frame = self._next(VAN)
                unit.send(frame)
                for _ in range(50):
                    await asyncio.sleep(0)
                    if unit.has_answer():
                        self.acknowledged[VAN].append(frame)
                        break


async def test_reload_under_load_forgets_nothing_that_was_acknowledged(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    trackers: None,
    *,
    port: int,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    socket_count: Callable[[], int],
) -> None:
    """What was acknowledged is known afterwards; the rest comes again."""
    sockets, tasks = socket_count(), len(asyncio.all_tasks())
    driver = Driver(port, freezer)
    acknowledged = driver.acknowledged
    driving = [
        asyncio.create_task(driver.over_tcp()),
        asyncio.create_task(driver.over_udp()),
    ]
    for _ in range(RELOADS):
        before = {key: len(frames) for key, frames in acknowledged.items()}
        await until(hass, partial(driver.has_gone_on, before))
        assert await hass.config_entries.async_reload(entry.entry_id)
        assert await is_open(port)
    for task in driving:
        task.cancel()
    await asyncio.gather(*driving, return_exceptions=True)

    verdicts = {key: live.verdicts for key, live in hub_of(entry).trackers.items()}
    with closing(UdpUnit(port)) as unit:
        for tracker_id, frames in acknowledged.items():
            assert len(frames) > 5 * RELOADS
            before_again = verdicts[tracker_id][Verdict.DUPLICATE]
            for frame in frames:
                unit.send(frame)
                await unit.answer()
            again = verdicts[tracker_id][Verdict.DUPLICATE] - before_again
            assert again == len(frames)
    # asyncio tells of slow turns in its debug mode, and those are of the test.
    problems = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert not [r.getMessage() for r in problems if r.name != "asyncio" or r.exc_info]
    await until(hass, lambda: socket_count() == sockets)
    assert len(asyncio.all_tasks()) == tasks


async def test_unload_closes_200_open_sockets(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    *,
    port: int,
    socket_count: Callable[[], int],
) -> None:
    sockets = socket_count()
    crowd = [
        await asyncio.open_connection("127.0.0.1", port, local_addr=(host, 0))
        for host in (f"127.0.0.{number}" for number in range(2, 12))
        for _ in range(20)
    ]
    # Some have said nothing, some a part of a frame, some all of it.
    for number, (_, writer) in enumerate(crowd):
        writer.write((b"", b"*HQ,9170000000,V1,1200", report(VAN))[number % 3])
    receiver = hub_of(entry).receiver
    await until(hass, lambda: receiver.connections >= 100)

    assert await hass.config_entries.async_unload(entry.entry_id)

    assert receiver.connections == 0
    assert is_free(port)
    for reader, writer in crowd:
        async with asyncio.timeout(10):
            with suppress(ConnectionResetError):
                await reader.read()
        writer.close()
    await until(hass, lambda: socket_count() == sockets - 2)
    assert await hass.config_entries.async_setup(entry.entry_id)
    car.send(report(ignition=True))
    await car.answer()
    assert shown(hass, "ignition").state == "on"
