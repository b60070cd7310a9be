"""What an open port hears from those who are no trackers of its owner."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
import random

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.h02 import Foreign, Malformed, Report, decode
from custom_components.sinotrack.offers import OPEN_OFFERS
from custom_components.sinotrack.receiver import Refusal, server
from custom_components.sinotrack.strangers import STRANGERS_REMEMBERED
from tests.integration.conftest import TcpFactory
from tests.integration.host import hub_of, offered, pass_time, place_of, shown, until
from tests.integration.road import BERLIN, CAR, POTSDAM, VAN, UdpUnit, report
from tests.integration.trouble import SECOND

NOISE = random.Random(8888).randbytes(6000)

BYTES = {
    "http": b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8888\r\nAccept: */*\r\n\r\n",
    "tls": bytes.fromhex("16030100750100007103036f6a") + NOISE[:109],
    "random": NOISE,
}


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_http_tls_and_random_bytes_get_no_answer_and_do_no_harm(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    *,
    connect: TcpFactory,
    caplog: pytest.LogCaptureFixture,
    data: bytes,
    transport: str,
) -> None:
    if transport == "tcp":
        tcp = await connect()
        tcp.send(data)
        assert await tcp.is_closed()
    else:
        car.send(data)
    await until(hass, hub_of(entry).receiver.refusals.total)

    car.send(report(ignition=True))
    assert await car.answer() == b"*HQ,9170000000,R12,120000#"
    assert shown(hass, "ignition").state == "on"
    assert not car.has_answer()
    assert offered(hass) == []
    assert not [r for r in caplog.records if r.levelname in ("WARNING", "ERROR")]


async def test_flood_of_bots_costs_no_tracker_its_connection(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    trackers: None,
    connect: TcpFactory,
    socket_count: Callable[[], int],
) -> None:
    receiver = hub_of(entry).receiver
    tracker = await connect()
    tracker.send(report())
    await tracker.answer()
    before = socket_count()

    bots = [await connect() for _ in range(150)]
    for bot in bots:
        bot.send(BYTES["http"])
    for bot in bots:
        assert await bot.is_closed()

    await until(hass, lambda: receiver.connections == 1)
    tracker.send(report(ignition=True))
    await tracker.answer()
    assert shown(hass, "ignition").state == "on"
    for bot in bots:
        bot.close()
    await until(hass, lambda: socket_count() == before)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_unknown_ids_in_bulk_create_nothing(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    *,
    connect: TcpFactory,
    freezer: FrozenDateTimeFactory,
    transport: str,
) -> None:
    entities = len(er.async_get(hass).entities)
    devices = len(dr.async_get(hass).devices)
    receiver = hub_of(entry).receiver
    before = receiver.traffic.reports
    crowd = await connect() if transport == "tcp" else car
    for begin in range(0, 500, 10):
        crowd.send(*(report(f"91800{n:05d}") for n in range(begin, begin + 10)))

    def are_all_heard() -> bool:
        freezer.tick(0.1)  # between two reads of a flood there is a pause
        unread = receiver.refusals[Refusal.FLOOD]
        return receiver.traffic.reports + unread == before + 500

    await until(hass, are_all_heard)

    assert len(offered(hass)) <= OPEN_OFFERS
    assert len(hub_of(entry).strangers) <= STRANGERS_REMEMBERED
    assert len(er.async_get(hass).entities) == entities
    assert len(dr.async_get(hass).devices) == devices
    assert not car.has_answer()
    crowd.send(report(CAR, ignition=True))
    freezer.tick(1)
    answer = await crowd.answer()
    assert answer.startswith(b"*HQ,9170000000,R12,1200")
    assert shown(hass, "ignition").state == "on"


async def test_decode_exception_does_not_drop_the_connection(
    hass: HomeAssistant,
    trackers: None,
    connect: TcpFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def flawed(frame: bytes) -> Report | Foreign | Malformed:
        if CAR.encode() in frame:
            raise IndexError("boom")
        return decode(frame)

    monkeypatch.setattr(server, "decode", flawed)
    tcp = await connect()

    tcp.send(report(CAR), report(VAN, POTSDAM))
    assert await tcp.answer() == b"*HQ,9170000001,R12,120000#"

    assert place_of(hass, CAR) is None
    assert place_of(hass, VAN) == pytest.approx(POTSDAM, abs=1e-5)


async def test_id_from_two_addresses_keeps_its_newest_connection_and_its_place(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    trackers: None,
    port: int,
    freezer: FrozenDateTimeFactory,
) -> None:
    receiver = hub_of(entry).receiver
    receiver.limits = replace(receiver.limits, retired=0)
    ends = []
    for host, place in (("127.0.0.2", BERLIN), ("127.0.0.3", POTSDAM)):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(host, 0)
        )
        ends.append((reader, writer))
        writer.write(report(place=place, ignition=True, speed_kmh=50))
        async with asyncio.timeout(10):
            assert await reader.readuntil(b"#") == b"*HQ,9170000000,R12,120000#"
    (old, _), _ = ends

    await pass_time(hass, freezer, 5 * SECOND)
    async with asyncio.timeout(10):
        assert await old.read() == b""
    assert receiver.connections == 1
    # Nobody drives that fast: two places in one second are no move of one vehicle.
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert hub_of(entry).trackers[CAR].tracker.state.verdict == "implausible"
    for _, writer in ends:
        writer.close()
