"""What a drive looks like in Home Assistant, one state after another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from simulator import (
    Dialect,
    FastClock,
    Record,
    SimulatedTracker,
    Transport,
    Unit,
    cut,
    round_trip,
    utc_now,
)

from .conftest import Receiver
from .frames import AT_WORK, KINDS, sample
from .history import History, Place, following
from .host import HOME, Host
from .lines import Line, line
from .owner import Owner

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

# The trip is driven at once and ends now. It is short, so that the time it seems to lie
# back says nothing about motion.
TRIP_SECONDS = 85
GAP_SECONDS = 0.05
NEAR = (52.5301, 13.4001)
FAR = (52.5321, 13.4041)


@dataclass(frozen=True, slots=True)
class Car:
    """An accepted tracker: its line, its entities and what they have shown."""

    tracker_id: str
    line: Line
    history: History
    location: str
    ignition: str
    motion: str

    def has_been_at(self, place: Place) -> bool:
        """Whether the map showed it there."""
        return any(near(shown, place) for shown in self.history.places(self.location))


def near(one: Place, other: Place) -> bool:
    """Whether two places are the same to 1e-5 degrees."""
    return one == pytest.approx(other, abs=1e-5)


@asynccontextmanager
async def parked_car(
    host: Host, owner: Owner, receiver: Receiver, tracker_id: str, transport: Transport
) -> AsyncIterator[Car]:
    """Let in a car that stands at home, a while ago."""
    async with line(receiver.port, transport) as opened:
        parked = sample(tracker_id, HOME, seconds_ago=TRIP_SECONDS + 30)
        opened.send(KINDS["V8"](parked))
        await owner.accept(tracker_id, f"Car {tracker_id}")
        await owner.until_shown(tracker_id, "location", "home")
        entities = await owner.entity_ids(tracker_id)
        async with following(host) as history:
            yield Car(
                tracker_id,
                opened,
                history,
                entities["location"],
                entities["ignition"],
                entities["motion"],
            )


@pytest.mark.parametrize(
    "radio",
    [
        (Transport.TCP, Dialect.FOUR_G),
        (Transport.UDP, Dialect.FOUR_G),
        (Transport.TCP, Dialect.TWO_G),
        (Transport.TCP, Dialect.BINARY),
        (Transport.UDP, Dialect.BINARY_32),
    ],
)
async def test_a_trip_leaves_home_and_comes_back(
    host: Host,
    owner: Owner,
    receiver: Receiver,
    tracker_id: str,
    radio: tuple[Transport, Dialect],
) -> None:
    """A round trip with a light, a tunnel and a stop, as fast as the wire takes it."""
    async with parked_car(host, owner, receiver, tracker_id, radio[0]) as car:
        records = await drive(car, receiver, *radio)
        await car.history.until(
            lambda history: (
                history.values(car.location) == ["home", "not_home", "home"]
                and history.values(car.motion) == ["off", "on", "off", "on", "off"]
            ),
            "a trip that leaves home and comes back",
        )
        assert car.history.values(car.ignition) == ["off", "on", "off", "on", "off"]

    driving = [r.sample for r in records if r.sample.valid and r.sample.speed_kmh > 7]
    assert len(driving) > 10
    for moment in driving:
        assert moment.latitude is not None
        assert moment.longitude is not None
        assert car.has_been_at((moment.latitude, moment.longitude))
    shown = await owner.state(tracker_id, "location")
    assert shown.place == pytest.approx(HOME, abs=1e-5)


async def drive(
    car: Car, receiver: Receiver, transport: Transport, dialect: Dialect
) -> list[Record]:
    """Make a round trip that ends now; what was sent on the way."""
    sent: list[Record] = []
    start = utc_now() - timedelta(seconds=TRIP_SECONDS)
    clock = FastClock(start)
    tracker = SimulatedTracker(
        Unit(
            car.tracker_id,
            round_trip(HOME, duration=TRIP_SECONDS),
            start=start,
            dialect=dialect,
            interval_on=3,
            interval_off=20,
        ),
        port=receiver.port,
        transport=transport,
        clock=clock,
        sleep=clock.sleep,
        on_sent=sent.append,
    )
    async with tracker, asyncio.timeout(20):
        await tracker.run()
        counters = tracker.counters
        await tracker.until(
            lambda: counters.acknowledged + counters.clock_acknowledged >= counters.sent
        )
    return sent


async def test_two_frames_in_one_datagram_both_count(
    host: Host, owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    udp = Transport.UDP
    async with parked_car(host, owner, receiver, tracker_id, udp) as car:
        one = sample(tracker_id, NEAR, speed_kmh=30, ignition=True, seconds_ago=60)
        two = sample(tracker_id, FAR, speed_kmh=50, ignition=True, seconds_ago=40)
        car.line.send(KINDS["V1"](one) + KINDS["$ of 32"](two))
        await car.history.until(
            lambda _: car.has_been_at(NEAR) and car.has_been_at(FAR), "both places"
        )
        assert len(car.history.places(car.location)) == 3


@pytest.mark.parametrize("kind", KINDS)
async def test_a_frame_cut_in_three_segments_counts(
    host: Host, owner: Owner, receiver: Receiver, tracker_id: str, kind: str
) -> None:
    tcp = Transport.TCP
    async with parked_car(host, owner, receiver, tracker_id, tcp) as car:
        whole = KINDS[kind](sample(tracker_id, AT_WORK, speed_kmh=50, ignition=True))
        for piece in cut(whole, 3):
            assert len(car.history.places(car.location)) == 1
            car.line.send(piece)
            # So that they do not leave together.
            await asyncio.sleep(GAP_SECONDS)
        await car.history.until(lambda _: car.has_been_at(AT_WORK), "the place")
        assert car.history.values(car.ignition) == ["off", "on"]
        assert car.history.values(car.motion) == ["off", "on"]


async def test_a_record_from_hours_ago_moves_nothing(
    host: Host, owner: Owner, receiver: Receiver, tracker_id: str
) -> None:
    """It is answered, so that the unit forgets it, but opens no garage."""
    tcp = Transport.TCP
    async with parked_car(host, owner, receiver, tracker_id, tcp) as car:
        old = sample(tracker_id, FAR, speed_kmh=50, ignition=True, seconds_ago=7200)
        car.line.send(KINDS["V8"](old))
        await car.line.answer(b",R12,")
        car.line.send(KINDS["V8"](sample(tracker_id, NEAR, speed_kmh=9, ignition=True)))
        await car.history.until(lambda _: car.has_been_at(NEAR), "the live place")
        assert not car.has_been_at(FAR)
        assert car.history.values(car.ignition) == ["off", "on"]
