"""What is no report costs little, is counted by its reason, and never raises."""

import logging

import pytest

from custom_components.sinotrack.h02 import Foreign, Malformed, Report, decode
from custom_components.sinotrack.receiver import Receiver, Refusal, server
from custom_components.sinotrack.receiver.udp import UdpEndpoint

from .conftest import Connect, Datagrams, Listen
from .frames import CAR, FOREIGN, STRANGER, VAN, short_record, v1
from .harness import HOST
from .wire import Port

ODD_SEGMENTS = {
    "nothing but stars": b"*" * 5000,
    "nothing but dollars": b"$" * 5000,
    "nothing but zeros": bytes(5000),
    "all bytes": bytes(range(256)) * 20,
    "ends of frames": b"#" * 5000,
    "text that is none": b"*HQ,\xff\xfe\xfd,V1,\x80#" * 200,
}


@pytest.mark.parametrize(("protocol", "head"), FOREIGN.items(), ids=FOREIGN)
async def test_foreign_protocol_is_named_and_closed(
    listen: Listen, connect: Connect, protocol: str, head: bytes
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(head)
    assert await peer.until_closed() == b""
    assert listener.foreign == [protocol]
    assert listener.refusals == {"foreign": 1}


@pytest.mark.parametrize(("protocol", "head"), FOREIGN.items(), ids=FOREIGN)
async def test_foreign_protocol_is_named_over_udp(
    listen: Listen, datagrams: Datagrams, protocol: str, head: bytes
) -> None:
    listener = await listen()
    sender = datagrams(listener)
    sender.send(head)
    sender.send(v1())
    await listener.until_reports(1)
    assert listener.foreign == [protocol]
    assert listener.refusals == {"foreign": 1}


async def test_foreign_protocol_is_named_in_pieces(
    listen: Listen, connect: Connect, reads: list[int]
) -> None:
    listener = await listen()
    peer = await connect(listener)
    for byte in b"GET ":
        peer.send(bytes((byte,)))
    await peer.until_closed()
    assert listener.foreign == ["http"]


BROKEN_RECORDS = {
    # Of a clock that was never set, of no place at all, and as nothing is divided.
    "no date": (6 + 3, "000000"),
    "69 seconds": (6 + 2, "69"),
    "no place": (12, "ffffffff"),
    "60 minutes": (13, "60"),
}


@pytest.mark.parametrize(("at", "digits"), BROKEN_RECORDS.values(), ids=BROKEN_RECORDS)
def test_broken_record_is_nobody_elses_where_its_id_is_of_an_accepted_tracker(
    port: Port, at: int, digits: str
) -> None:
    """Much of what begins with `$` is of another make."""
    broken = bytearray(short_record(CAR))
    value = bytes.fromhex(digits)
    broken[at : at + len(value)] = value
    wire = port.connect()
    wire.send(bytes(broken))
    wire.send(v1(CAR))
    assert wire.answers != []
    assert port.datagram(bytes(broken)) == []
    assert port.foreign == []
    assert port.refusals == {"malformed": 1}
    assert len(port.receiver.admission) == 0

    broken[1:6] = bytes.fromhex(STRANGER)
    wire = port.connect()
    wire.send(bytes(broken))
    assert not wire.is_open
    assert port.foreign != []


async def test_foreign_frame_never_costs_the_good_ones_behind_it(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(b"*ET,135790246811221,HB,A,0D0A#", v1(CAR))
    assert await peer.receive() != b""
    assert listener.foreign == ["easytrack"]


async def test_unknown_datagram_is_counted_as_unknown(
    listen: Listen, datagrams: Datagrams
) -> None:
    listener = await listen()
    sender = datagrams(listener)
    sender.send(b"\xff\xfe\xfd")
    sender.send(v1())
    await listener.until_reports(1)
    assert listener.foreign == ["unknown"]


@pytest.mark.parametrize("data", ODD_SEGMENTS.values(), ids=ODD_SEGMENTS)
async def test_odd_bytes_raise_nowhere(
    listen: Listen,
    connect: Connect,
    datagrams: Datagrams,
    caplog: pytest.LogCaptureFixture,
    data: bytes,
) -> None:
    listener = await listen()
    peer, sender = await connect(listener), datagrams(listener)
    peer.send(data)
    await peer.finish()
    sender.send(data)
    sender.send(v1())
    await listener.until_reports(1)
    assert [r for r in caplog.records if r.levelno > logging.INFO] == []


async def test_what_cannot_be_read_is_not_logged(
    listen: Listen, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """A frame tells who is where, even one that is broken."""
    caplog.set_level(logging.DEBUG)
    listener = await listen()
    peer = await connect(listener)
    peer.send(v1(CAR).replace(b",V1,", b",Q9,"))
    await peer.finish()
    assert listener.refusals == {"malformed": 1}
    assert "5231.2500" not in caplog.text
    assert CAR not in caplog.text


# --- faults of our own ------------------------------------------------------------------


async def test_handler_that_raises_costs_its_report_and_nothing_else(
    listen: Listen, connect: Connect, datagrams: Datagrams
) -> None:
    listener = await listen()
    peer, sender = await connect(listener), datagrams(listener)
    listener.fault = RuntimeError("boom")
    peer.send(v1(CAR), v1(VAN))
    assert await peer.receive() == b"*HQ,9170000002,R12,120005#"
    listener.fault = RuntimeError("boom")
    sender.send(v1(CAR), v1(VAN))
    assert await sender.receive() == b"*HQ,9170000002,R12,120005#"
    assert listener.ids == [VAN, VAN]
    assert listener.refusals == {"fault": 2}


async def test_decoder_that_raises_costs_its_frame_and_nothing_else(
    listen: Listen, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It promises not to; the connection does not depend on that."""

    def flawed(frame: bytes) -> Report | Foreign | Malformed:
        if CAR.encode() in frame:
            raise KeyError("boom")
        return decode(frame)

    monkeypatch.setattr(server, "decode", flawed)
    listener = await listen()
    peer = await connect(listener)
    peer.send(v1(CAR), v1(VAN))
    assert await peer.receive() == b"*HQ,9170000002,R12,120005#"
    assert listener.refusals == {"fault": 1}


async def test_handler_of_foreign_protocols_may_raise(
    listen: Listen, connect: Connect, datagrams: Datagrams
) -> None:
    listener = await listen()
    peer, sender = await connect(listener), datagrams(listener)
    listener.fault = RuntimeError("boom")
    peer.send(b"*ET,135790246811221,HB,A,0D0A#", v1(CAR))
    assert await peer.receive() != b""
    listener.fault = RuntimeError("boom")
    sender.send(FOREIGN["http"])
    sender.send(v1(CAR))
    assert await sender.receive() != b""
    assert listener.refusals == {"foreign": 2, "fault": 2}


async def test_fault_that_repeats_does_not_fill_the_log(
    listen: Listen, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    listener = await listen()
    peer = await connect(listener)
    for _ in range(100):
        listener.fault = RuntimeError("boom")
        peer.send(v1(CAR))
        await peer.say(v1(VAN))
    assert listener.refusals == {"fault": 100}
    lines = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert len(lines) == 7
    assert all(line.exc_info for line in lines)


async def test_log_of_a_fault_tells_its_kind_and_way_but_not_what_was_sent(
    listen: Listen, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    listener = await listen()
    peer = await connect(listener)
    listener.fault = ValueError("cannot read 5231.2000,N")
    peer.send(v1(CAR))
    await peer.say(v1(VAN))
    assert "ValueError" in caplog.text
    assert "in _hand_on" in caplog.text
    assert "5231.2000" not in caplog.text


def test_foreign_protocol_needs_no_handler() -> None:
    receiver = Receiver(HOST, 0, on_report=lambda *_: False)
    UdpEndpoint(receiver).datagram_received(FOREIGN["http"], (HOST, 1))
    assert receiver.refusals == {Refusal.FOREIGN: 1}
