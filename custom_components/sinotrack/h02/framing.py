"""Cuts a stream or a datagram into frames (protocol/h02.md a.2 and a.8).

Sentences run from `*` to `#`. Binary records carry no length, so that the framer looks
ahead: a length is right when another frame begins there, or when the data ends there
and it was the length before. Where that cannot be told yet it waits for more bytes, and
`flush` says that none will come. What belongs to no frame is skipped, counted, and its
beginning kept for a name.

Whatever arrives costs work in proportion to its bytes: offsets move on, and the framer
knows how far it has searched an unfinished sentence.
"""

import re
from typing import Final

from .binary import HEAD_LENGTH, LENGTHS, RECORD_HEAD, SHORTEST, find_lengths
from .foreign import LONGEST_HEAD

SENTENCE_LIMIT: Final = 1024
"""No sentence but a batch comes near 1 KiB (a.8)."""

BATCH_LIMIT: Final = 8192
"""A BC batch of a hundred records takes about 7 KiB (a.8)."""

RECORD_PATIENCE: Final = 0.3
"""Seconds to wait for the rest of a record that may be whole (a.8)."""

_BLANK: Final = b"\r\n\t "
_NOT_BLANK: Final = re.compile(rb"[^\r\n\t ]")

_MARKERS: Final = (b"$", b"X")

_START: Final = re.compile(rb"[*$X]")
_SENTENCE: Final = re.compile(rb"\*[A-Za-z]{2},")
_BEGUN_SENTENCE: Final = re.compile(rb"\*[A-Za-z]{0,2}\Z")
# What can be nothing but the beginning of a frame. The class in front is what makes the
# search fast.
_FRAME: Final = re.compile(
    rb"[*$X](?:(?<=\*)[A-Za-z]{2},|(?<=[$X])%s)" % RECORD_HEAD, re.DOTALL
)
_BATCH: Final = re.compile(rb"\*..,[0-9]{0,16},BC,")
_SMS: Final = re.compile(rb"\*..,[0-9]{0,16},SMS,")

_USUAL_LENGTHS: Final = LENGTHS[:2]
_SENTENCE_HEAD_LENGTH: Final = len("*HQ,")
# The same record begins again where marker and id do.
_ID_LENGTH: Final = 6
# With so many bytes, whatever follows a record of any known length would show, even
# behind a line break.
_TELLING_LENGTH: Final = max(LENGTHS) + len(_BLANK) + HEAD_LENGTH

# Outcomes of looking for the end of a frame; ends themselves are positive.
_NO_FRAME: Final = -1
_NEED_MORE: Final = 0


class Framer:
    """Bytes in, whole frames out; one for each connection.

    It never holds more than one unfinished frame, at most `BATCH_LIMIT` bytes.
    """

    __slots__ = (
        "_buffer",
        "_record_length",
        "_record_start",
        "_searched",
        "is_waiting",
        "junk",
        "skipped",
    )

    def __init__(self) -> None:
        """Start with nothing received."""
        self._buffer = b""
        self._record_start = b""
        self._record_length = 0
        self._searched = 0
        self.is_waiting = False
        """Whether a record is held that may be whole: flush after a short while."""
        self.skipped = 0
        """Bytes so far that belonged to no frame."""
        self.junk = b""
        """The first of those bytes, enough to name a foreign protocol."""

    @property
    def is_empty(self) -> bool:
        """Whether no frame is under way."""
        return not self._buffer

    def feed(self, data: bytes) -> list[bytes]:
        """Take what arrived and give the frames that it completes."""
        if self._buffer:
            data = self._buffer + data
        elif _is_one_sentence(data) or (
            len(data) == self._record_length
            and data.startswith(self._record_start)
            and _is_one_record(data)
        ):
            return [data]
        return self._cut(data, final=False)

    def flush(self) -> list[bytes]:
        """Take what is held as all there is: the end of a datagram, or patience."""
        return self._cut(self._buffer, final=True)

    def _cut(self, buffer: bytes, *, final: bool) -> list[bytes]:
        """Cut frames off the front of the buffer until one is unfinished."""
        self._buffer = buffer
        self.is_waiting = False
        frames = []
        start = skipped_from = 0
        while start < len(buffer):
            end = self._find_end(start, final=final)
            self._searched = 0
            if end == _NEED_MORE:
                self._searched = len(buffer) - start
                break
            if end == _NO_FRAME:
                next_start = _START.search(buffer, start + 1)
                start = next_start.start() if next_start else len(buffer)
                continue
            self._skip(buffer[skipped_from:start])
            frames.append(buffer[start:end])
            start = skipped_from = _skip_blanks(buffer, end)
        self._skip(buffer[skipped_from:start])
        self._buffer = buffer[start:]
        return frames

    def _skip(self, lost: bytes) -> None:
        """Count bytes that belong to no frame; blanks between frames do not count."""
        if lost and lost.strip(_BLANK):
            self.skipped += len(lost)
            self.junk = (self.junk + lost[:LONGEST_HEAD])[:LONGEST_HEAD]

    def _find_end(self, start: int, *, final: bool) -> int:
        """Find where the frame at `start` ends."""
        buffer = self._buffer
        if buffer.startswith(b"*", start):
            end = _find_sentence_end(buffer, start, self._searched)
            return _NO_FRAME if final and end == _NEED_MORE else end
        if buffer.startswith(_MARKERS, start):
            lengths = find_lengths(buffer, start)
            if lengths and not _is_broken_off(buffer, start, start + lengths[0]):
                return self._find_record_end(start, lengths, final=final)
        return _NO_FRAME

    def _find_record_end(
        self, start: int, lengths: tuple[int, ...], *, final: bool
    ) -> int:
        """Find the length of a record by what follows it, or by what it was before."""
        buffer = self._buffer
        size = len(buffer) - start
        if size < lengths[0]:
            return _NO_FRAME if final else _NEED_MORE
        if len(lengths) == 1:
            return start + lengths[0]
        for length in lengths:
            if _is_followed(buffer, start, start + length):
                return self._learn(start, length)
        is_known = buffer.startswith(self._record_start, start)
        known = self._record_length if is_known else 0
        if known and _may_end(buffer, start, start + known):
            return start + known
        if not final and size < _TELLING_LENGTH:
            self.is_waiting = True
            return _NEED_MORE
        for length in (size - 2, size) if buffer.endswith(b"\r\n") else (size,):
            if length in lengths:
                return self._learn(start, length)
        # A length nobody has seen: the common part is sound, the rest is skipped.
        tail_end = start + known + HEAD_LENGTH - 1
        if known > size or _FRAME.search(buffer, start + SHORTEST, tail_end):
            known = 0
        return start + (known or SHORTEST)

    def _learn(self, start: int, length: int) -> int:
        """Remember the length for the next record of this tracker; give the end."""
        self._record_start = self._buffer[start : start + _ID_LENGTH]
        self._record_length = length
        return start + length


def split(datagram: bytes) -> list[bytes]:
    """Cut a datagram, which holds whole frames only (a.9)."""
    if _is_one_sentence(datagram) or _is_one_record(datagram):
        return [datagram]
    framer = Framer()
    return framer.feed(datagram) + framer.flush()


def _is_one_sentence(data: bytes) -> bool:
    """Tell at little cost the usual case: exactly one sentence and nothing else."""
    return (
        data.find(b"#") == len(data) - 1
        and len(data) <= SENTENCE_LIMIT
        and _SENTENCE.match(data) is not None
        and not _FRAME.search(data, 1)
    )


def _is_one_record(data: bytes) -> bool:
    """Tell at little cost the other: exactly one record of a usual length."""
    return (
        len(data) in _USUAL_LENGTHS
        and len(data) in find_lengths(data)
        and data.find(data[:_ID_LENGTH], 1) < 0
        and not _FRAME.search(data, SHORTEST)
    )


def _find_sentence_end(buffer: bytes, start: int, searched: int) -> int:
    """Find `#`; a sentence that another frame interrupts is none.

    The first `searched` bytes behind `start` are known to hold neither.
    """
    if not _SENTENCE.match(buffer, start):
        return _NEED_MORE if _BEGUN_SENTENCE.match(buffer, start) else _NO_FRAME
    limit = start + (BATCH_LIMIT if _BATCH.match(buffer, start) else SENTENCE_LIMIT)
    end = buffer.find(b"#", start + searched, limit)
    # A frame that interrupts may have been cut where the search ended, and a record may
    # hold the byte of `#` itself.
    unsure = start + max(1, searched - HEAD_LENGTH)
    interruption = _FRAME.search(
        buffer, unsure, limit if end < 0 else end + HEAD_LENGTH
    )
    if interruption and (end < 0 or interruption.start() < end):
        return _NO_FRAME
    if end < 0:
        return _NEED_MORE if len(buffer) < limit else _NO_FRAME
    if _SMS.match(buffer, start):
        end = _find_text_end(buffer, end, limit)
    return end + 1


def _find_text_end(buffer: bytes, end: int, limit: int) -> int:
    """Find the last `#` before another frame, as a text may hold some itself (a.8)."""
    following = _FRAME.search(buffer, end, limit + HEAD_LENGTH)
    stop = min(limit, following.start() if following else len(buffer))
    while not _may_begin(buffer, _skip_blanks(buffer, end + 1)):
        next_end = buffer.find(b"#", end + 1, stop)
        if next_end < 0:
            break
        end = next_end
    return end


def _is_broken_off(buffer: bytes, start: int, end: int) -> bool:
    """Tell whether a sentence or the same tracker's next record begins too early."""
    mark = buffer[start : start + _ID_LENGTH]
    begun_again = buffer.find(mark, start + 1, end + _ID_LENGTH - 1)
    return (len(mark) == _ID_LENGTH and begun_again > 0) or bool(
        _SENTENCE.search(buffer, start + 1, end + _SENTENCE_HEAD_LENGTH - 1)
    )


def _is_followed(buffer: bytes, start: int, end: int) -> bool:
    """Tell whether a frame surely begins where the record from `start` may end.

    Of blanks only a whole line break may stand between them: a single one can be the
    last byte of a longer record.
    """
    mark = buffer[start : start + _ID_LENGTH]
    if buffer.startswith(b"\r\n", end):
        end += 2
    return (
        buffer.startswith(mark, end)
        or _SENTENCE.match(buffer, end) is not None
        or (
            buffer.startswith(_MARKERS, end)
            and len(buffer) >= end + HEAD_LENGTH
            and bool(find_lengths(buffer, end))
        )
    )


def _may_end(buffer: bytes, start: int, end: int) -> bool:
    """Tell whether what follows a record of the known length may be a beginning."""
    rest = buffer[end : end + _ID_LENGTH]
    if rest in {b"", b"\r\n"}:
        return end <= len(buffer)
    is_cut = end + len(rest) == len(buffer)
    return (is_cut and buffer.startswith(rest, start)) or bool(
        _BEGUN_SENTENCE.match(buffer, end)
    )


def _may_begin(buffer: bytes, start: int) -> bool:
    """Tell whether a frame begins at `start`, as far as the data reaches."""
    if buffer.startswith(_MARKERS, start):
        return bool(find_lengths(buffer, start))
    return bool(_SENTENCE.match(buffer, start) or _BEGUN_SENTENCE.match(buffer, start))


def _skip_blanks(buffer: bytes, start: int) -> int:
    """Skip CR, LF, tabs and blanks."""
    found = _NOT_BLANK.search(buffer, start)
    return found.start() if found else len(buffer)
