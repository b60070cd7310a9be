"""What is answered, to whom, and what is not (protocol.md c.2)."""

from hypothesis import given, strategies as st
import pytest

from custom_components.sinotrack.h02 import RECORD_PATIENCE
from custom_components.sinotrack.receiver import Receiver
from custom_components.sinotrack.receiver.udp import UdpEndpoint

from .conftest import Connect, Datagrams, Listen
from .frames import (
    CAR,
    STRANGER,
    VAN,
    batch,
    long_record,
    many,
    mileage_record,
    short_record,
    v1,
)
from .harness import HOST
from .wire import CARRIER, ELSEWHERE, Outbox, Port

R12 = b"*HQ,9170000001,R12,120005#"

ANSWERS = {
    "position": (v1(CAR), R12),
    "other maker code": (
        v1(CAR).replace(b"*HQ", b"*TH"),
        b"*TH,9170000001,R12,120005#",
    ),
    "id of 15 digits": (v1("866104011702712"), b"*HQ,866104011702712,R12,120005#"),
    "record of 32 bytes": (short_record(), R12),
    "record of 45 bytes": (long_record(), R12),
    "cells": (
        b"*HQ,9170000001,NBR,120000,262,3,0,1,49032,21237,37,010626,FFFFFBFF#",
        b"*HQ,9170000001,V4,NBR,20260601120005#",
    ),
    "heartbeat": (b"*HQ,9170000001,HTBT#", b"*HQ,9170000001,HTBT#"),
    "heartbeat with battery": (b"*hq,9170000001,HTBT,100#", b"*hq,9170000001,HTBT#"),
    "login": (b"*HQ,9170000001,V0#", b"*HQ,9170000001,V0#"),
}


@pytest.mark.parametrize(("frame", "answer"), ANSWERS.values(), ids=ANSWERS)
async def test_accepted_tracker_is_answered_over_tcp(
    listen: Listen, connect: Connect, frame: bytes, answer: bytes
) -> None:
    listener = await listen()
    listener.accepted.add("866104011702712")
    peer = await connect(listener)
    assert await peer.say(frame) == answer


async def test_records_are_answered_with_the_letters_of_the_sentences_before(
    listen: Listen, connect: Connect
) -> None:
    """A unit takes no answer that does not begin with its own (a.1)."""
    peer = await connect(await listen())
    assert await peer.say(v1(CAR).replace(b"*HQ", b"*TH")) == R12.replace(b"HQ", b"TH")

    for _ in range(2):
        assert await peer.say(short_record()) == R12.replace(b"HQ", b"TH")


def test_letters_of_a_tracker_are_known_however_it_comes(port: Port) -> None:
    theirs = R12.replace(b"HQ", b"TH")
    wire = port.connect()
    wire.send(v1(CAR).replace(b"*HQ", b"*TH"))
    again = port.connect()
    again.send(short_record() * 2)
    port.pass_time(RECORD_PATIENCE)
    assert wire.answers + again.answers == [theirs] * 3
    assert port.datagram(short_record()) == [theirs]

    port.receiver.disconnect(CAR)
    assert port.datagram(short_record()) == [R12]


def test_letters_that_a_tracker_told_last_are_its_letters(port: Port) -> None:
    port.datagram(v1(CAR).replace(b"*HQ", b"*TH"))
    assert port.datagram(short_record()) == [R12.replace(b"HQ", b"TH")]
    port.datagram(v1(CAR))
    assert port.datagram(short_record()) == [R12]


def test_nobody_elsewhere_tells_the_letters_of_a_tracker(port: Port) -> None:
    """Who knows its id could take all answers from it for good."""
    told = port.connect()
    told.send(v1(CAR).replace(b"*HQ", b"*TH"))
    forged = f"*ZZ,{CAR},HTBT#".encode()
    assert port.datagram(forged, host=ELSEWHERE) == [forged]
    new = port.connect()
    for wire in (new, told):
        wire.send(short_record() * 2)
        port.pass_time(RECORD_PATIENCE)
    assert new.answers == [R12] * 2
    assert told.answers == [R12.replace(b"HQ", b"TH")] * 3


async def test_letters_of_one_tracker_are_not_those_of_another(
    listen: Listen, connect: Connect
) -> None:
    peer = await connect(await listen())
    await peer.say(v1(VAN).replace(b"*HQ", b"*TH"))

    assert await peer.say(short_record()) == R12


@pytest.mark.parametrize(("frame", "answer"), ANSWERS.values(), ids=ANSWERS)
async def test_accepted_tracker_is_answered_over_udp(
    listen: Listen, datagrams: Datagrams, frame: bytes, answer: bytes
) -> None:
    listener = await listen()
    listener.accepted.add("866104011702712")
    sender = datagrams(listener)
    sender.send(frame)
    assert await sender.receive() == answer


async def test_answer_that_comes_back_is_not_answered_again(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(b"*HQ,9170000001,V4,V1,20260601120000#")
    assert await peer.finish() == b""
    assert listener.ids == [CAR]


def test_answer_that_comes_back_in_a_datagram_gets_not_even_an_empty_one(
    port: Port,
) -> None:
    assert port.datagram(b"*HQ,9170000001,V4,V1,20260601120000#") == []
    assert [report.type for report in port.reports] == ["V4"]


async def test_each_frame_is_answered_once_and_in_order(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(v1(CAR), b"*HQ,9170000002,HTBT#", v1(VAN), mileage_record())
    assert await peer.finish() == (
        b"*HQ,9170000001,R12,120005#"
        b"*HQ,9170000002,HTBT#"
        b"*HQ,9170000002,R12,120005#"
        b"*HQ,9170000002,R12,120005#"
    )


@pytest.mark.parametrize("frame", [v1(STRANGER), b"*HQ,9170000009,HTBT#"])
async def test_stranger_is_never_answered(
    listen: Listen, connect: Connect, datagrams: Datagrams, frame: bytes
) -> None:
    listener = await listen()
    peer, sender = await connect(listener), datagrams(listener)
    peer.send(frame, v1(""))
    assert await peer.finish() == b""
    sender.send(frame)
    sender.send(v1(CAR))
    assert await sender.receive() == R12
    assert listener.ids == [STRANGER, STRANGER, STRANGER, CAR]


def test_owner_may_want_no_answers() -> None:
    receiver = Receiver(
        HOST, 0, on_report=lambda *_: True, is_answered=lambda tracker_id: False
    )
    outbox, endpoint = Outbox(), UdpEndpoint(receiver)
    endpoint.connection_made(outbox)
    endpoint.datagram_received(v1(CAR), (CARRIER, 40000))
    assert receiver.traffic.reports == 1
    assert outbox.sent == []


async def test_nothing_else_is_ever_answered(
    listen: Listen, connect: Connect, datagrams: Datagrams
) -> None:
    listener = await listen()
    peer, sender = await connect(listener), datagrams(listener)
    sender.send(b"*HQ,not-an-id,V1#")
    sender.send(v1(""))
    sender.send(v1(CAR))
    assert await sender.receive() == R12
    peer.send(b"*HQ,not-an-id,V1#", v1(""))
    assert await peer.finish() == b""


async def test_tracker_is_answered_from_the_moment_it_is_accepted(
    listen: Listen, connect: Connect
) -> None:
    listener = await listen()
    peer = await connect(listener)
    peer.send(v1(STRANGER))
    await listener.until_reports(1)
    listener.accepted.add(STRANGER)
    assert await peer.say(v1(STRANGER)) == b"*HQ,9170000009,R12,120005#"


@pytest.mark.parametrize("frame", [b"*HQ,9170000001,XT#", b"*HQ,9170000001,#"])
async def test_answer_is_never_longer_than_the_datagram_that_asks(
    listen: Listen, connect: Connect, datagrams: Datagrams, frame: bytes
) -> None:
    listener = await listen()
    sender = datagrams(listener)
    sender.send(frame)
    sender.send(b"*HQ,9170000001,HTBT#")
    assert await sender.receive() == b"*HQ,9170000001,HTBT#"
    assert listener.ids == [CAR, CAR]
    assert listener.receiver.traffic.withheld == 1
    # Over TCP nobody else can be made to receive it.
    assert await (await connect(listener)).say(frame) == R12


# --- several frames in one datagram ---------------------------------------------------


def test_each_report_of_a_datagram_is_answered_by_itself(port: Port) -> None:
    frames = many(10)
    assert port.datagram(*frames, v1(STRANGER)) == [R12] * 10


def test_answers_that_would_be_more_than_the_datagram_go_together(port: Port) -> None:
    (together,) = port.datagram(*[short_record(number=i) for i in range(1, 41)])
    assert together == R12 * 40
    assert port.receiver.traffic.withheld == 0


def test_answers_go_together_under_flood_control_as_well(flooded: Port) -> None:
    assert flooded.datagram(*[short_record(number=i) for i in (1, 2)]) == [R12 * 2]


REPORTS = [v1(CAR), v1(VAN), short_record(), long_record(), batch(CAR, 3)]
OTHERS = [
    *(
        v1(STRANGER),
        b"*HQ,9170000001,V0#",
        b"*HQ,9170000001,HTBT#",
        b"*HQ,91700001,V0#",
    ),
    *(b"*HQ,9170000001,XT#", b"*HQ,9170000001,NBR,120000,262,3,0,1,1,1,1,010626,FFFF#"),
]


@given(st.lists(st.sampled_from(REPORTS + OTHERS), max_size=80))
def test_answers_are_never_more_than_what_they_answer(frames: list[bytes]) -> None:
    """Neither in bytes nor with their headers, and none of a report is left out."""
    port = Port()
    port.accepted.add("91700001")
    answers = port.datagram(*frames)
    size = len(b"".join(frames))
    assert len(b"".join(answers)) <= size
    for headers in (20 + 8, 40 + 8):
        assert sum(len(answer) + headers for answer in answers) <= size + headers
    reports = sum(frame in REPORTS for frame in frames)
    assert b"".join(answers).count(b",R12,") == reports
