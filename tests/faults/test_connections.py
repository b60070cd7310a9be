"""Connections that never end, and frames that come in pieces or in heaps."""

from dataclasses import replace
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import record_32, record_45
from tests.integration.conftest import TcpFactory
from tests.integration.host import hub_of, pass_time, place_of, shown, until
from tests.integration.road import (
    BERLIN,
    CAR,
    POTSDAM,
    VAN,
    TcpUnit,
    UdpUnit,
    heartbeat,
    report,
    sample,
)

pytestmark = pytest.mark.usefixtures("trackers")

SWEEP = timedelta(seconds=5)


async def read_alone(
    hass: HomeAssistant, entry: MockConfigEntry, tcp: TcpUnit, piece: bytes
) -> None:
    """Send bytes and wait until they were read, before any others."""
    traffic = hub_of(entry).receiver.traffic
    before = traffic.received
    tcp.send(piece)
    await until(hass, lambda: traffic.received > before)


async def test_half_open_connection_is_closed_and_its_tracker_comes_back(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    connect: TcpFactory,
    freezer: FrozenDateTimeFactory,
) -> None:
    receiver = hub_of(entry).receiver
    receiver.limits = replace(receiver.limits, retired=0)
    lost = await connect()
    lost.send(report())
    await lost.answer()

    back = await connect()
    back.send(report(ignition=True))
    await back.answer()
    await pass_time(hass, freezer, SWEEP)

    assert await lost.is_closed()
    assert shown(hass, "ignition").state == "on"
    assert receiver.connections == 1


async def test_zombie_connection_is_closed_in_the_end(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    connect: TcpFactory,
    freezer: FrozenDateTimeFactory,
) -> None:
    receiver = hub_of(entry).receiver
    receiver.limits = replace(receiver.limits, tracker_idle=0)
    zombie = await connect()
    zombie.send(report())
    await zombie.answer()

    await pass_time(hass, freezer, SWEEP)

    assert await zombie.is_closed()
    assert receiver.connections == 0
    assert shown(hass, "connectivity").state == "on"


@pytest.mark.parametrize("at", [1, 12, 40, -1])
async def test_frame_that_comes_in_two_reads_is_one(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory, at: int
) -> None:
    tcp = await connect()
    frame = report()

    await read_alone(hass, entry, tcp, frame[:at])
    assert place_of(hass) is None
    tcp.send(frame[at:])
    await tcp.answer()

    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)


async def test_each_of_several_frames_in_one_read_is_taken_and_answered(
    hass: HomeAssistant, connect: TcpFactory
) -> None:
    tcp = await connect()

    tcp.send(report(CAR), heartbeat(CAR), report(VAN, POTSDAM))

    assert [await tcp.answer() for _ in range(3)] == [
        b"*HQ,9170000000,R12,120000#",
        b"*HQ,9170000000,HTBT#",
        b"*HQ,9170000001,R12,120000#",
    ]
    assert place_of(hass, CAR) == pytest.approx(BERLIN, abs=1e-5)
    assert place_of(hass, VAN) == pytest.approx(POTSDAM, abs=1e-5)


async def test_each_of_several_frames_in_one_datagram_is_taken(
    hass: HomeAssistant, udp: UdpUnit
) -> None:
    udp.send(report(CAR), b"\r\n", report(VAN, POTSDAM))

    for _ in range(2):
        await udp.answer()
    assert place_of(hass, CAR) == pytest.approx(BERLIN, abs=1e-5)
    assert place_of(hass, VAN) == pytest.approx(POTSDAM, abs=1e-5)


async def test_frame_that_drips_and_never_ends_is_cut_off(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    connect: TcpFactory,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    receiver = hub_of(entry).receiver
    receiver.limits = replace(receiver.limits, first_frame=0, partial_frame=0)
    drip = await connect()
    for byte in b"*HQ,9170000000,V1,":
        await read_alone(hass, entry, drip, bytes((byte,)))

    await pass_time(hass, freezer, SWEEP)

    assert await drip.is_closed()
    assert receiver.refusals == {"partial": 1, "no_frame": 1}
    udp.send(report())
    await udp.answer()
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("surplus", [1, 4, 7, 11])
@pytest.mark.parametrize("length", [32, 45])
async def test_binary_record_of_unexpected_length_counts_and_so_does_what_follows(
    hass: HomeAssistant,
    connect: TcpFactory,
    udp: UdpUnit,
    *,
    transport: str,
    surplus: int,
    length: int,
) -> None:
    """What can be read of it counts, and so does the sentence behind it."""
    unit = await connect() if transport == "tcp" else udp
    known = sample(place=POTSDAM)
    record = (
        record_32(known, number=1)
        if length == 32
        else record_45(known, number=1, mileage_km=1234)
    )

    unit.send(record + bytes(surplus), report(VAN))

    answers = b"".join([await unit.answer(), await unit.answer()])
    assert b"9170000001,R12" in answers
    assert place_of(hass, CAR) == pytest.approx(POTSDAM, abs=1e-4)
    assert place_of(hass, VAN) == pytest.approx(BERLIN, abs=1e-5)
