"""Whatever arrives whole is handed on, in whatever pieces and company it arrives."""

import socket

import pytest

from custom_components.sinotrack.receiver import tcp
from custom_components.sinotrack.receiver.limits import READ_SIZE, STRANGER_READ_SIZE

from .conftest import Connect, Datagrams, Listen
from .frames import (
    CAR,
    NOW,
    STRANGER,
    VAN,
    batch,
    long_record,
    many,
    mileage_record,
    short_record,
    v1,
)
from .harness import HOST, until

MALFORMED = b"*HQ,not-an-id,V1,120000#"


# --- what is handed on ----------------------------------------------------------------


async def test_report_over_tcp_comes_with_its_link_and_the_time(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(v1())
    await listener.until_reports(1)
    (report,) = listener.reports
    assert (report.tracker_id, report.type, report.valid) == (CAR, "V1", True)
    assert report.fix is not None
    assert report.fix.latitude == pytest.approx(52.520833)
    assert listener.times == [NOW]
    assert listener.links[0].transport == "tcp"
    assert listener.links[0].peer == HOST


async def test_report_over_udp_comes_with_its_link_and_the_time(
    listen: Listen, datagrams: Datagrams
) -> None:
    listener = await listen()
    datagrams(listener).send(v1())
    await listener.until_reports(1)
    assert listener.ids == [CAR]
    assert listener.times == [NOW]
    assert listener.links[0].transport == "udp"
    assert listener.links[0].peer == HOST


# --- several frames -------------------------------------------------------------------


async def test_several_frames_in_one_segment_all_count(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(v1(CAR), b"\r\n", v1(VAN), long_record(CAR), v1(STRANGER))
    await listener.until_reports(4)
    assert listener.ids == [CAR, VAN, CAR, STRANGER]


async def test_several_frames_in_one_datagram_all_count(
    listen: Listen, datagrams: Datagrams
) -> None:
    listener = await listen()
    datagrams(listener).send(v1(CAR), v1(VAN), long_record(CAR), short_record(VAN))
    await listener.until_reports(4)
    assert listener.ids == [CAR, VAN, CAR, VAN]


async def test_frame_in_three_segments_counts_once(
    listen: Listen, connect: Connect, reads: list[int]
) -> None:
    listener = await listen()
    peer = await connect(listener)
    frame = v1()
    peer.send(frame[:4])
    await until(lambda: reads == [4])
    peer.send(frame[4:40])
    await until(lambda: reads == [4, 36])
    assert listener.reports == []
    peer.send(frame[40:])
    await listener.until_reports(1)
    assert reads == [4, 36, len(frame) - 40]
    assert listener.reports[0].raw == frame


async def test_more_bytes_than_one_read_lose_no_frame(
    listen: Listen, connect: Connect, reads: list[int]
) -> None:
    listener = await listen()
    peers = [await connect(listener) for _ in range(3)]
    bursts = {each: many(150, each) for each in (CAR, VAN, STRANGER)}
    for peer, frames in zip(peers, bursts.values(), strict=True):
        peer.send(*frames)
    await listener.until_reports(450)
    assert max(reads) <= READ_SIZE
    for tracker_id, frames in bursts.items():
        raws = [r.raw for r in listener.reports if r.tracker_id == tracker_id]
        assert raws == frames


async def test_stranger_is_read_a_little_at_a_time_until_it_is_accepted(
    listen: Listen, connect: Connect, reads: list[int]
) -> None:
    """All connections may be ready at once, and are then read in one turn."""
    listener = await listen()
    peer = await connect(listener)
    peer.send(*many(60, STRANGER))
    await listener.until_reports(60)
    assert max(reads) == STRANGER_READ_SIZE
    reads.clear()
    peer.send(*many(60, CAR))
    await listener.until_reports(120)
    assert reads[0] <= STRANGER_READ_SIZE
    assert max(reads) > STRANGER_READ_SIZE
    assert [r.raw for r in listener.reports] == many(60, STRANGER) + many(60, CAR)


# --- bad company ----------------------------------------------------------------------


async def test_bad_frame_never_costs_the_good_ones_beside_it(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(b"\x00\xffnoise", v1(CAR), MALFORMED, b"*HQ,917000", v1(VAN), b"noise")
    await listener.until_reports(2)
    assert listener.ids == [CAR, VAN]
    assert listener.refusals == {"malformed": 1}
    assert await peer.say() != b""


async def test_bad_frame_in_a_datagram_never_costs_the_good_ones(
    listen: Listen, datagrams: Datagrams
) -> None:
    listener = await listen()
    datagrams(listener).send(MALFORMED, v1(CAR), b"*HQ,917000", v1(VAN), b"\xff")
    await listener.until_reports(2)
    assert listener.ids == [CAR, VAN]
    assert listener.refusals == {"malformed": 1}


async def test_empty_or_blank_datagram_is_nothing(
    listen: Listen, datagrams: Datagrams
) -> None:
    listener = await listen()
    sender = datagrams(listener)
    sender.send(b"")
    sender.send(b"\r\n")
    sender.send(v1())
    await listener.until_reports(1)
    assert listener.refusals == {}
    assert listener.foreign == []


# --- records whose length is not in the frame -------------------------------------------


async def test_whole_record_is_taken_when_nothing_follows(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(short_record())
    await listener.until_reports(1)
    assert listener.reports[0].raw == short_record()
    assert (await peer.receive()).startswith(b"*HQ,9170000001,R12,")


async def test_record_cut_at_byte_32_is_one_record(
    listen: Listen,
    connect: Connect,
    reads: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tcp, "RECORD_PATIENCE", 60.0)
    listener = await listen()
    peer = await connect(listener)
    record = long_record()
    peer.send(record[:32])
    await until(lambda: reads == [32])
    assert listener.reports == []
    peer.send(record[32:], v1())
    await listener.until_reports(2)
    assert listener.reports[0].raw == record
    assert listener.reports[0].mileage_km == 1234


async def test_whole_record_waits_no_longer_when_another_frame_follows(
    listen: Listen,
    connect: Connect,
    reads: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tcp, "RECORD_PATIENCE", 60.0)
    listener = await listen()
    peer = await connect(listener)
    peer.send(short_record(number=1))
    await until(lambda: reads == [32])
    peer.send(v1())
    await listener.until_reports(2)
    assert [report.type for report in listener.reports] == ["$", "V1"]


async def test_whole_record_counts_when_the_connection_ends_behind_it(
    listen: Listen, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tcp, "RECORD_PATIENCE", 60.0)
    listener = await listen()
    peer = await connect(listener)
    peer.send(short_record())
    assert (await peer.finish()).startswith(b"*HQ,9170000001,R12,")
    assert listener.ids == [CAR]


async def test_whole_record_counts_when_the_connection_breaks_behind_it(
    listen: Listen,
    connect: Connect,
    reads: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tcp, "RECORD_PATIENCE", 60.0)
    listener = await listen()
    peer = await connect(listener)
    peer.send(short_record())
    await until(lambda: reads == [32])
    peer.reset()
    await listener.until_reports(1)
    assert listener.ids == [CAR]
    assert listener.receiver.connections == 0


# --- whose report it is -----------------------------------------------------------------


async def test_frame_without_an_id_belongs_to_the_id_seen_last(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(v1(CAR), v1(""), v1(VAN), mileage_record(), v1(""))
    await listener.until_reports(5)
    assert listener.ids == [CAR, CAR, VAN, VAN, VAN]
    assert listener.reports[3].type == "X"


async def test_frame_without_an_id_belongs_to_nobody_at_first(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(v1(""), mileage_record(), v1(VAN))
    await listener.until_reports(1)
    assert listener.ids == [VAN]
    assert listener.refusals == {"no_id": 2}


async def test_id_is_never_shared_between_connections(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    first, second = await connect(listener), await connect(listener)
    await first.say(v1(CAR))
    second.send(v1(""), v1(VAN))
    await listener.until_reports(2)
    assert listener.ids == [CAR, VAN]


async def test_datagram_stands_for_itself(listen: Listen, datagrams: Datagrams) -> None:
    listener = await listen()
    sender = datagrams(listener)
    sender.send(v1(CAR), v1(""), mileage_record())
    sender.send(v1(VAN))
    await listener.until_reports(2)
    assert listener.ids == [CAR, VAN]
    assert listener.refusals == {"no_id": 2}


@pytest.mark.parametrize("tracker_id", [CAR, ""])
async def test_each_record_of_a_batch_is_a_report(
    listen: Listen, connect: Connect, tracker_id: str
) -> None:
    listener = await listen()
    peer = await connect(listener)
    await peer.say(v1(CAR))
    assert (await peer.say(batch(tracker_id, 2))).startswith(b"*HQ,9170000001,R12,")
    assert listener.ids == [CAR] * 3
    hours = [report.time.hour for report in listener.reports[1:] if report.time]
    assert hours == [10, 11]


async def test_empty_batch_proves_that_the_tracker_is_there(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    assert (await peer.say(batch(CAR, 0))).startswith(b"*HQ,9170000001,R12,")
    assert listener.ids == [CAR]


# --- IPv6 -------------------------------------------------------------------------------


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
async def test_all_addresses_of_ipv6_are_those_of_ipv4_too(
    listen: Listen, connect: Connect, datagrams: Datagrams
) -> None:
    listener = await listen(host="::")
    peer = await connect(listener)
    assert await peer.say(v1(CAR)) != b""
    sender = datagrams(listener)
    sender.send(v1(VAN))
    assert (await sender.receive()).startswith(b"*HQ,9170000002,R12,")
    assert [link.peer for link in listener.links] == [HOST, HOST]
