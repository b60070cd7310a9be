"""Where frames begin and end, as far as their bytes tell (protocol.md a.2, a.8).

Everything here looks at a buffer and remembers nothing.
"""

import re
from typing import Final

from .binary import (
    HEAD_LENGTH,
    LONG_ID_HEAD,
    LONG_ID_HEAD_LENGTH,
    RECORD_HEAD,
    find_lengths,
)

SENTENCE_LIMIT: Final = 1024
"""No sentence but a batch comes near 1 KiB (a.8)."""

BATCH_LIMIT: Final = 8192
"""A BC batch of a hundred records takes about 7 KiB (a.8)."""

NEED_MORE: Final = 0
"""The frame is not complete."""

NO_FRAME: Final = -1
"""No frame begins there. Ends of frames are positive."""

OVERLONG: Final = -2
"""No frame either: a sentence that goes on beyond its limit."""

MARKERS: Final = (b"$", b"X")
"""What binary records begin with."""

BLANKS: Final = b"\r\n\t "
_NOT_BLANK: Final = re.compile(rb"[^\r\n\t ]")

SENTENCE_HEAD: Final = re.compile(rb"\*[A-Za-z]{2},")
"""Pattern of what a sentence begins with; whether it ends is not looked at."""

_SENTENCE_HEAD_LENGTH: Final = len("*HQ,")
_BEGUN_SENTENCE: Final = re.compile(rb"\*[A-Za-z]{0,2}\Z")

# What stands behind a marker, which must be the right one. The patterns below begin
# with any marker: that is what makes the search fast.
_HEAD: Final = rb"(?<=\*)[A-Za-z]{2},|(?<=[$X])" + RECORD_HEAD

FRAME_HEAD: Final = re.compile(rb"[*$X](?:%s)" % _HEAD, re.DOTALL)
"""Pattern of what can be nothing but the beginning of a frame."""

FRAME_START: Final = re.compile(
    rb"[*$X](?:%s|(?<=\$)%s|(?!.{%d}))"
    % (_HEAD, LONG_ID_HEAD, LONG_ID_HEAD_LENGTH - 1),
    re.DOTALL,
)
"""Pattern of what deserves a closer look: a head of any form, or a marker with too few
bytes behind it to tell. Not any marker: one byte in 85 is one by chance, and each byte
of a sender who wants the search to be slow."""

_BATCH: Final = re.compile(rb"\*..,[0-9]{0,16},BC,")
_SMS: Final = re.compile(rb"\*..,[0-9]{0,16},SMS,")

ID_LENGTH: Final = 6
"""A record begins with its marker and id; the next of the same tracker does again."""


# --- sentences ------------------------------------------------------------------------


def find_sentence_end(buffer: bytes, start: int, searched: int) -> int:
    """Find `#`; a sentence that another frame interrupts is none.

    The first `searched` bytes behind `start` are known to hold neither.
    """
    if not SENTENCE_HEAD.match(buffer, start):
        return NEED_MORE if _BEGUN_SENTENCE.match(buffer, start) else NO_FRAME
    limit = start + (BATCH_LIMIT if _BATCH.match(buffer, start) else SENTENCE_LIMIT)
    end = buffer.find(b"#", start + searched, limit)
    # A frame that interrupts may have been cut where the search ended, and a record may
    # hold the byte of `#` itself.
    unsure = start + max(1, searched - HEAD_LENGTH)
    if _is_interrupted(buffer, unsure, limit if end < 0 else end):
        return NO_FRAME
    if end < 0:
        return NEED_MORE if len(buffer) < limit else OVERLONG
    if _SMS.match(buffer, start):
        end = _find_text_end(buffer, end, limit)
    return end + 1


def _is_interrupted(buffer: bytes, begin: int, end: int) -> bool:
    """Tell whether another frame begins in between, as far as the data reaches.

    The last letters of a sentence can be digits of BCD, and then the record behind it
    makes of them what looks like a head.
    """
    found = FRAME_HEAD.search(buffer, begin, end + HEAD_LENGTH)
    while found and found.start() < end:
        if may_begin(buffer, found.start()):
            return True
        found = FRAME_HEAD.search(buffer, found.start() + 1, end + HEAD_LENGTH)
    return False


def _find_text_end(buffer: bytes, end: int, limit: int) -> int:
    """Find the last `#` before another frame, as a text may hold some itself (a.8)."""
    following = FRAME_HEAD.search(buffer, end, limit + HEAD_LENGTH)
    stop = min(limit, following.start() if following else len(buffer))
    while not may_begin(buffer, skip_blanks(buffer, end + 1)):
        next_end = buffer.find(b"#", end + 1, stop)
        if next_end < 0:
            break
        end = next_end
    return end


def may_begin(buffer: bytes, start: int) -> bool:
    """Tell whether a frame begins at `start`, as far as the data reaches."""
    if buffer.startswith(MARKERS, start):
        return bool(find_lengths(buffer, start))
    return bool(
        SENTENCE_HEAD.match(buffer, start) or _BEGUN_SENTENCE.match(buffer, start)
    )


# --- records --------------------------------------------------------------------------


def is_broken_off(buffer: bytes, start: int, end: int) -> bool:
    """Tell whether a sentence or the same tracker's next record begins too early."""
    mark = buffer[start : start + ID_LENGTH]
    begun_again = buffer.find(mark, start + 1, end + ID_LENGTH - 1)
    return (len(mark) == ID_LENGTH and begun_again > 0) or bool(
        SENTENCE_HEAD.search(buffer, start + 1, end + _SENTENCE_HEAD_LENGTH - 1)
    )


def find_whole(buffer: bytes, start: int, lengths: tuple[int, ...]) -> int:
    """Give the length that the data has from `start` on, less a line break, or 0."""
    for ending in (b"\r\n", b"", b"\n", b"\r"):
        length = len(buffer) - start - len(ending)
        if length in lengths and buffer.endswith(ending):
            return length
    return 0


def is_followed(
    buffer: bytes, start: int, length: int, lengths: tuple[int, ...]
) -> bool:
    """Tell whether a frame surely begins behind a record of one of its lengths.

    A line break may stand between them, of one byte where that cannot be the last of a
    longer record.
    """
    mark, end = buffer[start : start + ID_LENGTH], start + length
    if buffer.startswith(b"\r\n", end):
        end += 2
    elif buffer.startswith((b"\n", b"\r"), end) and length + 1 not in lengths:
        end += 1
    return (
        buffer.startswith(mark, end)
        or SENTENCE_HEAD.match(buffer, end) is not None
        or (
            buffer.startswith(MARKERS, end)
            and len(buffer) >= end + HEAD_LENGTH
            and bool(find_lengths(buffer, end))
        )
    )


def may_end(buffer: bytes, start: int, end: int) -> bool:
    """Tell whether nothing, or no more than a beginning, follows a record."""
    rest = buffer[end : end + ID_LENGTH]
    if rest in {b"", b"\r\n"}:
        return end <= len(buffer)
    is_cut = end + len(rest) == len(buffer)
    return (is_cut and buffer.startswith(rest, start)) or bool(
        _BEGUN_SENTENCE.match(buffer, end)
    )


def skip_blanks(buffer: bytes, start: int) -> int:
    """Skip CR, LF, tabs and blanks."""
    found = _NOT_BLANK.search(buffer, start)
    return found.start() if found else len(buffer)
