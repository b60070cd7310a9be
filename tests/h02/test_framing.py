"""Frames come out whole, whatever arrives around them (a.2, a.8)."""

from itertools import combinations
from time import process_time

import pytest

from custom_components.sinotrack.h02 import (
    BATCH_LIMIT,
    LONGEST_HEAD,
    SENTENCE_LIMIT,
    Framer,
    split,
)

from .frames import CAR, VAN, record
from .streams import (
    BATCH,
    HEARTBEAT,
    LONG,
    MILEAGE,
    MIXED,
    RECORD,
    SENTENCE,
    SMS,
    feed,
)

# --- sentences ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gap", [b"", b"\r", b"\n", b"\r\n", b" \r\n", b"\t", b"\r\n\r\n"]
)
def test_line_breaks_and_blanks_may_follow_a_frame(gap: bytes) -> None:
    frames = [SENTENCE, HEARTBEAT, RECORD, RECORD, SENTENCE]

    assert feed(gap.join([b"", *frames, b""])) == frames


def test_stream_may_begin_in_the_middle_of_a_sentence() -> None:
    assert feed(SENTENCE[30:] + b"\r\n" + SENTENCE) == [SENTENCE]


def test_tail_behind_a_sentence_is_skipped() -> None:
    framer = Framer()

    assert framer.feed(SENTENCE + b",T0.0#" + HEARTBEAT) == [SENTENCE, HEARTBEAT]
    assert framer.skipped == len(b",T0.0#")
    assert framer.junk == b",T0.0#"


@pytest.mark.parametrize("following", [SENTENCE, RECORD, LONG, MILEAGE])
@pytest.mark.parametrize("length", [1, 3, 4, 20, len(SENTENCE) - 1])
def test_half_a_sentence_does_not_cost_the_next_frame(
    length: int, following: bytes
) -> None:
    assert feed(HEARTBEAT + SENTENCE[:length], following) == [HEARTBEAT, following]
    assert split(HEARTBEAT + SENTENCE[:length] + following) == [HEARTBEAT, following]


@pytest.mark.parametrize("following", [SENTENCE, RECORD + RECORD])
def test_half_a_sentence_does_not_hold_back_the_next_frame(following: bytes) -> None:
    framer = Framer()

    assert framer.feed(SENTENCE[:40] + following + HEARTBEAT)[-1] == HEARTBEAT


def test_record_that_breaks_a_sentence_off_may_hold_the_byte_that_ends_one() -> None:
    with_hash = record(tracker_id="2323232323", clock="232323")

    assert feed(SENTENCE[:40] + with_hash) == [with_hash]


@pytest.mark.parametrize("end", ["XT", "V4,NXT", "SMS,MAX 0", "SMS,LIMIT X5"])
def test_last_letters_of_a_sentence_begin_no_record(end: str) -> None:
    """Letters and `#` are BCD as well, and with the record behind them make a head."""
    sentence = f"*HQ,9170000000,{end}#".encode()
    for minute in range(60):
        behind = record(tracker_id="9170000000", clock=f"16{minute:02}33")
        assert feed(sentence + behind) == [sentence, behind]
        assert split(sentence + behind) == [sentence, behind]


def test_star_alone_at_the_end_of_a_segment_begins_a_sentence() -> None:
    framer = Framer()

    assert framer.feed(SENTENCE + b"*") == [SENTENCE]
    assert framer.feed(SENTENCE[1:]) == [SENTENCE]
    assert framer.skipped == 0


def test_star_that_begins_nothing_is_skipped() -> None:
    assert feed(b"*", b"*H", b"*HQ;" + SENTENCE) == [SENTENCE]
    assert feed(b"**HQ*H,#*" + SENTENCE) == [SENTENCE]
    assert feed(SENTENCE + b"*HQ") == [SENTENCE]


# --- texts ----------------------------------------------------------------------------


def test_text_may_hold_stars_hashes_and_line_breaks() -> None:
    assert feed(SMS) == [SMS]
    assert feed(SMS + b"\r\n" + SENTENCE) == [SMS, SENTENCE]
    assert feed(SMS + RECORD) == [SMS, RECORD]
    assert feed(SMS, SMS) == [SMS, SMS]


def test_text_ends_at_its_last_hash_before_another_frame() -> None:
    text = b"*HQ,1,SMS,101#102#\n#103#"

    assert feed(text + SENTENCE) == [text, SENTENCE]
    assert feed(text + b"junk" + SENTENCE) == [text, SENTENCE]


def test_record_cut_behind_a_text_is_not_taken_for_more_of_it() -> None:
    with_hash = record(tracker_id="7340000000", clock="234315")

    for cut in range(len(with_hash)):
        assert feed(SMS + with_hash[:cut], with_hash[cut:]) == [SMS, with_hash], cut


def test_other_types_end_at_their_first_hash() -> None:
    assert feed(b"*HQ,1,XT#102#") == [b"*HQ,1,XT#"]


# --- mixtures -------------------------------------------------------------------------


def test_two_cuts_anywhere_change_nothing() -> None:
    stream = b"".join([RECORD, RECORD, SENTENCE, MILEAGE, HEARTBEAT])
    frames = [RECORD, RECORD, SENTENCE, MILEAGE, HEARTBEAT]

    for first, second in combinations(range(len(stream) + 1), 2):
        segments = stream[:first], stream[first:second], stream[second:]
        assert feed(*segments) == frames, (first, second)


@pytest.mark.parametrize("frames", [MIXED, [LONG, SENTENCE, LONG, LONG, MILEAGE, LONG]])
@pytest.mark.parametrize("gap", [b"", b"\r\n"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 31, 32, 33, 45, 64, 1000])
def test_segments_of_any_size_change_nothing(
    frames: list[bytes], gap: bytes, size: int
) -> None:
    stream = gap.join(frames)

    segments = [stream[at : at + size] for at in range(0, len(stream), size)]

    assert feed(*segments) == frames


@pytest.mark.parametrize(
    "junk",
    [b"\x00\xff", b"$GPRMC,1#", b"X", b"$", b"*", b"#", b"*HQ200862,A#", b"$$$X*"],
)
def test_junk_between_frames_costs_none_of_them(junk: bytes) -> None:
    framer = Framer()

    assert framer.feed(junk + junk.join(MIXED) + junk + HEARTBEAT) == [
        *MIXED,
        HEARTBEAT,
    ]
    assert framer.skipped == len(junk) * (len(MIXED) + 1)


def test_junk_keeps_its_beginning_for_a_name() -> None:
    framer = Framer()
    framer.feed(b"GET / HTTP/1.1\r\n")
    framer.feed(b"\r\n" + b"A" * 1000)

    assert framer.junk == (b"GET / HTTP/1.1\r\n\r\n" + b"A" * 1000)[:LONGEST_HEAD]
    assert framer.skipped == 1018


def test_blanks_alone_are_not_junk() -> None:
    framer = Framer()

    assert framer.feed(b"\r\n \t") == []
    assert framer.feed(b"\r\n" + SENTENCE + b"\r\n") == [SENTENCE]
    assert framer.skipped == 0
    assert framer.junk == b""


# --- limits ---------------------------------------------------------------------------


def test_batch_of_a_hundred_records_is_one_frame() -> None:
    batch = BATCH + b"#"

    assert SENTENCE_LIMIT < len(batch) < BATCH_LIMIT
    assert feed(batch) == [batch]
    assert feed(batch[:5000], batch[5000:]) == [batch]


def test_sentence_without_an_end_is_given_up_at_its_limit() -> None:
    framer = Framer()
    endless = b"*HQ,9170000001,V1," + b"A" * 65_536

    assert (framer.feed(endless[: SENTENCE_LIMIT - 1]), framer.is_empty) == ([], False)
    assert (framer.feed(b"A"), framer.is_empty) == ([], True)
    assert framer.overlong == 1
    assert framer.feed(endless + SENTENCE) == [SENTENCE]
    assert framer.overlong == 2


@pytest.mark.parametrize(
    "pattern",
    [
        *(b"$", b"X", b"*", b"#", b" ", b"*AA,", b"*AA,$", b"*HQ,1,SMS,##", b"\x00"),
        *(RECORD[:31], RECORD + b"$", b"*HQ,1,BC,", b"*HQ,1,BC," + b"X" * 8000),
    ],
    ids=lambda pattern: repr(pattern[:12]),
)
@pytest.mark.parametrize("size", [65_536, 1])
def test_hostile_stream_costs_little_time_and_memory(pattern: bytes, size: int) -> None:
    stream = (pattern * 65_536)[: 65_536 if size > 1 else 10_000]
    framer = Framer()
    begin = process_time()

    for at in range(0, len(stream), size):
        framer.feed(stream[at : at + size])
        assert len(framer._buffer) <= BATCH_LIMIT  # noqa: SLF001  what it holds

    # It takes 0.03 s; work that grew with the square of the length would take minutes.
    assert process_time() - begin < 3


def test_framer_that_is_left_alone_gives_nothing() -> None:
    framer = Framer()

    assert framer.is_empty
    assert not framer.is_waiting
    assert framer.feed(b"") == []
    assert framer.flush() == []


# --- datagrams ------------------------------------------------------------------------


def test_datagram_may_hold_several_frames() -> None:
    assert split(b"".join(MIXED)) == MIXED
    assert split(SENTENCE + b"\r\n") == [SENTENCE]


@pytest.mark.parametrize(
    "datagram", [b"", b"\r\n", b"*HQ,", RECORD[:31], b"GET /", b"#"]
)
def test_datagram_without_a_frame_gives_none(datagram: bytes) -> None:
    assert split(datagram) == []


def test_datagram_of_a_usual_length_may_still_hold_two_frames() -> None:
    sentence = b"*HQ,12,HTBT#\n"

    assert len(RECORD + sentence) == len(LONG)
    assert split(RECORD + sentence) == [RECORD, sentence.strip()]
    assert split(RECORD[:-6] + RECORD[:6]) == []


def test_numbers_used_here_are_those_of_the_frames() -> None:
    assert (len(RECORD), len(LONG), len(MILEAGE)) == (32, 45, 32)
    assert CAR.encode() in SENTENCE
    assert bytes.fromhex(VAN) in RECORD
