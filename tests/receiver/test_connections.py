"""Which connection a tracker speaks through (protocol.md e.28)."""

from typing import override

from custom_components.sinotrack.h02 import RECORD_PATIENCE
from custom_components.sinotrack.receiver import Limits, Refusal
from custom_components.sinotrack.receiver.tcp import TcpSession

from .conftest import Connect, Datagrams, Listen
from .frames import CAR, STRANGER, VAN, many, short_record, v1
from .harness import until
from .wire import ELSEWHERE, Port

LIMITS = Limits()


def test_newest_connection_of_a_tracker_wins(port: Port) -> None:
    old, new = port.connect(), port.connect()
    old.send(v1(CAR))
    new.send(v1(CAR))
    port.pass_time(LIMITS.retired)
    assert [old.is_open, new.is_open] == [True, True]
    port.pass_time(1)
    assert [old.is_open, new.is_open] == [False, True]
    assert port.refusals == {}


def test_what_is_under_way_through_the_old_connection_arrives(port: Port) -> None:
    """Who knows the id could else throw its tracker out with a heartbeat."""
    old, new = port.connect(), port.connect(ELSEWHERE)
    old.send(v1(CAR) + short_record())
    new.send(f"*HQ,{CAR},HTBT#".encode())
    port.pass_time(RECORD_PATIENCE)
    assert len(port.reports) == 3
    assert len(old.answers) == 2


def test_beginning_behind_a_record_waits_for_its_rest_but_not_for_ever(
    port: Port,
) -> None:
    """A segment was lost that ends within the next record."""
    peer, record = port.connect(), short_record()
    peer.send(record + record[:4])
    port.pass_time(RECORD_PATIENCE)
    assert len(port.reports) == 1
    peer.send(record[4:])
    port.pass_time(RECORD_PATIENCE)
    assert len(port.reports) == 2

    peer.send(record + record[:4])
    port.pass_time(RECORD_PATIENCE)
    assert len(port.reports) == 3
    port.pass_time(LIMITS.partial_frame + 1)
    assert port.refusals == {Refusal.PARTIAL: 1}
    peer.send(v1(CAR))
    assert len(port.reports) == 4


def test_old_connection_takes_nothing_back(port: Port) -> None:
    old, new = port.connect(), port.connect()
    old.send(v1(CAR))
    new.send(v1(CAR))
    for _ in range(4):
        port.pass_time(LIMITS.retired / 4)
        old.send(v1(CAR))
    port.pass_time(1)
    assert not old.is_open
    assert new.is_open


async def test_connection_without_a_report_takes_nothing_over(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    old = await connect(listener)
    await old.say(v1(CAR))
    await connect(listener)
    assert await old.say(v1(CAR)) != b""
    assert listener.receiver.connections == 2


async def test_connections_of_strangers_stay_beside_each_other(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    first, second = await connect(listener), await connect(listener)
    for peer in (first, second, first):
        peer.send(v1(STRANGER))
    await listener.until_reports(3)
    assert listener.receiver.connections == 2


async def test_two_trackers_share_one_connection(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    shared = await connect(listener)
    for tracker_id in (CAR, VAN, CAR, VAN):
        answer = await shared.say(v1(tracker_id))
        assert answer == f"*HQ,{tracker_id},R12,120005#".encode()
    assert listener.receiver.connections == 1


async def test_shared_connection_stays_for_the_tracker_that_stays(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    shared, own = await connect(listener), await connect(listener)
    await shared.say(v1(CAR))
    await shared.say(v1(VAN))
    await own.say(v1(CAR))
    assert await shared.say(v1(VAN)) != b""


def test_last_tracker_that_leaves_a_shared_connection_takes_it_along(
    port: Port,
) -> None:
    shared, own = port.connect(), port.connect()
    shared.send(v1(CAR) + v1(VAN))
    own.send(v1(CAR))
    port.pass_time(LIMITS.retired + 1)
    assert shared.is_open
    own.send(v1(VAN))
    port.pass_time(LIMITS.retired + 1)
    assert not shared.is_open


def test_tracker_that_comes_back_to_a_shared_connection_leaves_its_own(
    port: Port,
) -> None:
    shared, own = port.connect(), port.connect()
    shared.send(v1(VAN))
    own.send(v1(CAR))
    shared.send(v1(CAR))
    port.pass_time(LIMITS.retired + 1)
    assert not own.is_open
    assert shared.is_open


async def test_datagram_closes_no_connection(
    listen: Listen, connect: Connect, datagrams: Datagrams
) -> None:
    listener = await listen()
    peer, sender = await connect(listener), datagrams(listener)
    await peer.say(v1(CAR))
    sender.send(v1(CAR))
    await sender.receive()
    assert await peer.say(v1(CAR)) != b""


async def test_tracker_accepted_no_longer_is_disconnected(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    await peer.say(v1(CAR))
    listener.accepted.clear()
    listener.receiver.disconnect(CAR)
    assert await peer.until_closed() == b""
    assert listener.receiver.connections == 0


async def test_disconnecting_one_tracker_never_costs_the_other_its_connection(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    shared = await connect(listener)
    await shared.say(v1(CAR))
    await shared.say(v1(VAN))
    listener.accepted.remove(CAR)
    listener.receiver.disconnect(CAR)
    shared.send(v1(CAR))
    assert await shared.say(v1(VAN)) == b"*HQ,9170000002,R12,120005#"
    assert listener.ids == [CAR, VAN, CAR, VAN]


async def test_who_is_not_connected_can_be_disconnected(
    listen: Listen, connect: Connect, datagrams: Datagrams
) -> None:
    listener = await listen()
    listener.receiver.disconnect(CAR)
    peer = await connect(listener)
    peer.send(v1(STRANGER))
    await listener.until_reports(1)
    listener.receiver.disconnect(STRANGER)
    assert listener.receiver.connections == 1


async def test_tracker_removed_while_its_burst_is_read_stays_removed(
    listen: Listen, connect: Connect
) -> None:
    """What it had sent is handed on, but binds the closed connection no more."""
    listener = await listen(Limits(connections_per_peer=1))
    peer = await connect(listener)
    await peer.say(v1(CAR))
    original = listener.accepted

    class Fickle(set[str]):
        @override
        def __contains__(self, tracker_id: object) -> bool:
            listener.receiver.disconnect(CAR)
            return tracker_id in original

    listener.accepted = Fickle()
    peer.send(*many(3))
    assert await peer.until_closed() == b""
    assert listener.ids == [CAR] * 4
    assert listener.receiver.traffic.own_connections == 1
    await until(lambda: listener.receiver.connections == 0)
    listener.receiver.disconnect(CAR)
    listener.accepted = original
    assert await (await connect(listener)).say(v1(CAR)) != b""


def test_stranger_is_heard_while_its_frame_is_under_way(port: Port) -> None:
    stranger, tracker, frame = port.connect(), port.connect(), v1(STRANGER)
    tracker.send(v1(CAR) + v1(CAR)[:20])
    heard = []
    for segment in (b"", frame[:20], frame[20:]):
        stranger.send(segment)
        heard.append(port.receiver.hears_stranger)
    assert heard == [False, True, False]


def test_connection_is_strange_until_an_accepted_tracker_speaks_through_it(
    port: Port,
) -> None:
    wires = [port.connect() for _ in range(3)]
    wires[0].send(v1(STRANGER))
    wires[1].send(v1(CAR) + v1(VAN))
    assert port.receiver.traffic.strange_connections == 2


async def test_closed_connection_leaves_its_place(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    await peer.say(v1(CAR))
    await peer.finish()
    await until(lambda: listener.receiver.connections == 0)
    # An answer to who has gone goes nowhere, and nothing can be closed twice.
    (session,) = listener.links
    assert isinstance(session, TcpSession)
    session.send(b"*HQ,9170000001,R12,120005#")
    session.abort(Refusal.IDLE)
    assert listener.refusals == {}
