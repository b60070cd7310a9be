"""Who fills the port with connections takes the places of its own."""

from collections.abc import Sequence
import random
import socket

import pytest

from custom_components.sinotrack.receiver import Limits
from custom_components.sinotrack.receiver.link import Session
from custom_components.sinotrack.receiver.sessions import Sessions

from .conftest import Connect, Listen
from .frames import CAR, VAN, v1
from .harness import HOST, until
from .wire import CARRIER, ELSEWHERE, Port

LIMITS = Limits()

OTHER_HOSTS = ("127.0.0.2", "127.0.0.3", "127.0.0.4")


class Lots:
    """Draws, and notes among how many."""

    def __init__(self) -> None:
        """Begin, in the same way each time."""
        self.sizes: list[int] = []
        self._random = random.Random(8888)

    def draw(self, sessions: Sequence[Session]) -> Session:
        """Draw one."""
        self.sizes.append(len(sessions))
        return self._random.choice(sessions)


@pytest.fixture
def lots(port: Port) -> Lots:
    """What decides who makes room."""
    lots = Lots()
    port.receiver.sessions = Sessions(LIMITS, lots.draw)
    return lots


def fill(port: Port) -> list[str]:
    """Take all places, from as few addresses as can; gives these."""
    hosts = [
        f"203.0.113.{i}"
        for i in range(LIMITS.connections // LIMITS.connections_per_peer)
    ]
    for host in hosts:
        for _ in range(LIMITS.connections_per_peer):
            port.connect(host)
    assert port.receiver.connections == LIMITS.connections
    return hosts


def test_tracker_that_has_said_nothing_yet_keeps_its_place_in_a_crowd_from_elsewhere(
    port: Port, lots: Lots
) -> None:
    hosts = fill(port)
    tracker = port.connect(ELSEWHERE)
    for _ in range(100):
        for host in hosts:
            port.connect(host)
    assert tracker.is_open
    tracker.send(v1(CAR))
    assert tracker.answers != []
    assert port.receiver.connections == LIMITS.connections


def test_lot_is_drawn_among_those_of_all_addresses_that_have_most(
    port: Port, lots: Lots
) -> None:
    fill(port)
    port.connect(ELSEWHERE)
    port.connect(ELSEWHERE)
    assert lots.sizes == [LIMITS.connections, LIMITS.connections - 32]


def test_one_connection_from_each_address_has_its_chance(
    port: Port, lots: Lots
) -> None:
    """As of many machines at once: none of them has more than the tracker."""
    tracker = port.connect(ELSEWHERE)
    for number in range(LIMITS.connections):
        port.connect(f"10.0.{number >> 8}.{number & 255}")
    assert lots.sizes == [LIMITS.connections]
    assert tracker.is_open


def test_tracker_in_a_crowd_at_its_own_address_is_often_in_time(
    port: Port, lots: Lots
) -> None:
    """100 connections a second, and half a second until it speaks."""
    heard = 0
    for _ in range(200):
        tracker = port.connect()
        for _ in range(50):
            port.connect()
        heard += tracker.is_open
    assert set(lots.sizes) == {LIMITS.connections_per_peer}
    assert heard / 200 == pytest.approx((31 / 32) ** 50, abs=0.1)


def test_newest_connection_is_never_the_one_to_go(port: Port, lots: Lots) -> None:
    for _ in range(200):
        assert port.connect().is_open


def test_connections_that_are_too_many_are_a_flood_in_the_end(port: Port) -> None:
    for _ in range(LIMITS.connections_per_peer + LIMITS.offences):
        port.connect()
    assert not port.receiver.admission.is_flooding(CARRIER)
    port.connect()
    assert port.receiver.admission.is_flooding(CARRIER)


def test_connections_that_are_too_many_in_all_are_held_against_who_made_them(
    port: Port,
) -> None:
    limits = Limits(connections=20)
    port.receiver.sessions = Sessions(limits)
    for _ in range(limits.connections):
        port.connect()
    for _ in range(limits.offences + 1):
        assert not port.receiver.admission.is_flooding(CARRIER)
        port.connect(ELSEWHERE).send(b"\xff" * (limits.junk + 1))
        port.connect()
    assert port.receiver.admission.is_flooding(CARRIER)


def test_connections_that_say_nothing_are_a_flood_in_the_end(port: Port) -> None:
    hosts = [f"2001:db8::{number}" for number in range(LIMITS.connections_per_peer)]
    for _ in range(200):
        for host in hosts:
            port.connect(host)
        port.pass_time(LIMITS.first_frame + 1)
        if port.receiver.admission.is_flooding(hosts[0]):
            break
    assert port.receiver.admission.is_flooding(hosts[0])
    assert port.refusals.keys() == {"no_frame"}
    assert port.connect(hosts[0]).is_open, "it may be that of an accepted tracker"


def test_connection_that_says_nothing_once_in_a_while_is_no_flood(port: Port) -> None:
    for _ in range(1000):
        port.connect()
        port.pass_time(LIMITS.first_frame + 1)
    assert port.refusals == {"no_frame": 1000}
    assert not port.receiver.admission.is_flooding(CARRIER)


# --- at the limits --------------------------------------------------------------------


async def test_stranger_of_a_peer_makes_room(listen: Listen, connect: Connect) -> None:
    listener = await listen(Limits(connections_per_peer=3))
    tracker = await connect(listener)
    await tracker.say(v1(CAR))
    only = await connect(listener)
    await (await connect(listener)).say(v1(VAN))
    newest = await connect(listener)
    assert await only.until_closed() == b""
    assert listener.refusals == {"too_many": 1}
    assert listener.receiver.connections == 3
    assert await tracker.say(v1(CAR)) != b""
    assert await newest.say(v1(VAN)) != b""


async def test_tracker_is_never_thrown_out_for_a_stranger(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(Limits(connections_per_peer=3))
    car, van = await connect(listener), await connect(listener)
    await car.say(v1(CAR))
    await van.say(v1(VAN))
    stranger = await connect(listener)
    for _ in range(3):
        newest = await connect(listener)
        await stranger.until_closed()
        stranger = newest
    assert listener.refusals == {"too_many": 3}
    assert await car.say(v1(CAR)) != b""
    assert await van.say(v1(VAN)) != b""


@pytest.mark.parametrize(
    "limits", [Limits(connections_per_peer=3), Limits(connections=3)]
)
def test_one_stranger_is_let_in_where_all_places_are_trackers(limits: Limits) -> None:
    """It may be an accepted one: 40 behind one tunnel, or one that connects anew."""
    port = Port(limits)
    ids = [f"91700001{number:02}" for number in range(40)]
    port.accepted |= set(ids)
    wires = [port.connect() for _ in ids]
    for wire, tracker_id in zip(wires, ids, strict=True):
        # All but the one that was there last had to make room meanwhile.
        own = wire if wire.is_open else port.connect()
        own.send(v1(tracker_id))
        assert own.answers != []
    assert port.receiver.connections == len(ids)
    first, second = port.connect(), port.connect()
    assert not first.is_open
    second.send(v1(ids[5]))
    assert second.answers != []


async def test_peers_do_not_take_each_others_places(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(Limits(connections_per_peer=1))
    for host in OTHER_HOSTS:
        await connect(listener, host)
    assert listener.receiver.connections == 3
    assert listener.refusals == {}


async def test_stranger_makes_room_where_all_are_too_many(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(Limits(connections=2))
    tracker = await connect(listener)
    await tracker.say(v1(CAR))
    first, second = [await connect(listener, host) for host in OTHER_HOSTS[:2]]
    await first.until_closed()
    assert listener.refusals == {"too_many": 1}
    assert listener.receiver.connections == 2
    assert await tracker.say(v1(CAR)) != b""
    assert await second.say(v1(VAN)) != b""


async def test_200_connections_at_once_stay_within_the_limit(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen(Limits(connections=50, connections_per_peer=20))
    tracker = await connect(listener)
    await tracker.say(v1(CAR))
    address = (HOST, listener.receiver.port)
    flood = []
    for _ in range(200):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(address)
        flood.append(sock)
    await until(lambda: listener.refusals == {"too_many": 181})
    assert listener.receiver.connections == 20
    assert await tracker.say(v1(CAR)) != b""
    for sock in flood:
        sock.close()
    await until(lambda: listener.receiver.connections == 1)
