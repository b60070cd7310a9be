"""What is promised of one frame, and of the frames of a stream."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
import re

from custom_components.sinotrack.h02 import (
    BATCH_LIMIT,
    LONGEST_HEAD,
    Foreign,
    Framer,
    Malformed,
    Report,
    acknowledge,
    decode,
    expand_batch,
    identify,
    mask,
    outline,
    placeholder_id,
    split,
)
from custom_components.sinotrack.h02.binary import HEAD_LENGTH
from tests.h02.values import check_values

# Around midnight, the end of a short month and the end of a year dates go wrong.
NOW = datetime(2026, 6, 1, 12, 0, 5, tzinfo=UTC)
MOMENTS = (
    NOW,
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 1, tzinfo=UTC),
)
# The months of a day that a point of a batch may lie in: this one and the one before,
# up to a day ahead.
BATCH_SPAN = timedelta(days=62)

LONGEST_ANSWER = len("*HQ,1234567890123456,V4,NBR,20260601120005#")
NUMBER = 7

_TRACKER_ID = re.compile(r"[0-9]{0,16}")
_VENDOR = re.compile(r"(?:[A-Za-z]{2})?")
_TELLING_ID = 8


def check_frame(frame: bytes) -> Report | None:
    """Check all that is promised of any bytes taken for one frame; gives the report."""
    decoded = decode(frame)
    assert decoded.raw == frame
    assert decode(decoded.raw) == decoded
    assert identify(frame)
    assert len(outline(frame)) < 30
    shown = mask(frame, NUMBER)
    match decoded:
        case Report():
            check_report(decoded)
            check_answer(decoded)
            check_batch(decoded)
            check_masked(decoded, shown)
            return decoded
        case Foreign():
            assert decoded.protocol == identify(frame)
        case Malformed():
            assert decoded.reason
    return None


def check_report(report: Report) -> None:
    """Check the values of a report."""
    check_values(report)
    assert _TRACKER_ID.fullmatch(report.tracker_id)
    assert _VENDOR.fullmatch(report.vendor)
    assert report.type.isascii()
    assert len(set(report.alarms)) == len(report.alarms)
    assert str(report)


def check_answer(report: Report) -> None:
    """Check that an answer is one short sentence, addressed to who reported."""
    answer = acknowledge(report, NOW)
    assert len(answer) <= LONGEST_ANSWER
    if answer:
        assert split(answer) == [answer]
        assert answer.split(b",")[1].decode() == report.tracker_id


def check_batch(report: Report) -> None:
    """Check that a batch gives no more points than it has, each of them near now."""
    if not report.points:
        assert expand_batch(report, NOW) == ()
        return
    for moment in MOMENTS:
        points = expand_batch(report, moment)
        assert len(points) <= report.raw.count(b";") + 1
        for point in points:
            check_values(point)
            assert point.time is None or (
                moment - BATCH_SPAN <= point.time <= moment + timedelta(days=1)
            )


def check_masked(report: Report, shown: bytes | None) -> None:
    """Check that what is shown is as long, of the same type, and not the same id."""
    if shown is None:
        return
    assert length_of(shown) == length_of(report.raw)
    again = decode(shown)
    assert isinstance(again, Report)
    assert (again.type, again.time) == (report.type, report.time)
    tracker_id = report.tracker_id
    assert again.tracker_id == (tracker_id and placeholder_id(NUMBER, len(tracker_id)))
    # A record is all digits: an id of few different ones may stand anywhere in it.
    if (
        report.raw[:1] == b"*"
        and len(tracker_id) >= _TELLING_ID
        and len(set(tracker_id)) > 2
        and tracker_id != again.tracker_id
    ):
        assert tracker_id.encode() not in shown


def length_of(frame: bytes) -> int:
    """Count the bytes of a record, and the letters of a sentence."""
    is_sentence = frame.startswith(b"*")
    return len(frame.decode(errors="replace") if is_sentence else frame)


def take(segments: Iterable[bytes]) -> list[bytes]:
    """Give the frames of a stream; check the framer meanwhile and at the end."""
    framer = Framer()
    frames: list[bytes] = []
    arrived = b""
    for segment in segments:
        frames += framer.feed(segment)
        arrived += segment
        held = len(framer._buffer)  # noqa: SLF001  what it holds
        assert held <= BATCH_LIMIT
        assert framer.is_empty == (held == 0)
        assert not (framer.is_waiting and framer.is_empty)
        assert len(framer.junk) <= LONGEST_HEAD
    frames += framer.flush()
    # What may begin a frame, behind a record that had to wait, was held once more.
    skipped = framer.skipped
    assert framer.flush() == []
    assert framer.skipped - skipped < HEAD_LENGTH
    assert framer.is_empty
    assert not framer.is_waiting
    assert bool(framer.junk) == bool(framer.skipped)
    # Each byte belongs to a frame, is counted as skipped, or is a blank.
    lost = len(arrived) - sum(map(len, frames)) - framer.skipped
    assert 0 <= lost <= sum(map(arrived.count, (b"\r", b"\n", b"\t", b" ")))
    return frames


def check_order(frames: Iterable[bytes], stream: bytes) -> None:
    """Check that frames are pieces of the stream, one behind another."""
    end = 0
    for frame in frames:
        begin = stream.find(frame, end)
        assert begin >= 0
        assert frame[:1] in {b"*", b"$", b"X"}
        end = begin + len(frame)
