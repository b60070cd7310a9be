"""Cuts a stream or a datagram into frames (protocol.md a.2 and a.8).

Sentences run from `*` to `#`. Binary records carry no length, so that the framer looks
ahead: a length is right when another frame begins there, or when the data ends there
and it was the length before. Where that cannot be told yet it waits for more bytes, and
`flush` says that none will come. What belongs to no frame is skipped, counted, and its
beginning kept for a name.

Whatever arrives costs work in proportion to its bytes: offsets move on, and the framer
knows how far it has searched an unfinished sentence.
"""

from typing import Final

from .binary import HEAD_LENGTH, LENGTHS, SHORTEST, find_lengths
from .edges import (
    BLANKS,
    FRAME_HEAD,
    FRAME_START,
    ID_LENGTH,
    MARKERS,
    NEED_MORE,
    NO_FRAME,
    OVERLONG,
    SENTENCE_HEAD,
    SENTENCE_LIMIT,
    find_sentence_end,
    find_whole,
    is_broken_off,
    is_followed,
    may_begin,
    may_end,
    skip_blanks,
)
from .foreign import LONGEST_HEAD

RECORD_PATIENCE: Final = 0.3
"""Seconds to wait for the rest of a record that may be whole (a.8)."""

_USUAL_LENGTHS: Final = LENGTHS[:2]
# With so many bytes, whatever follows a record of any known length would show, even
# behind a line break.
_TELLING_LENGTH: Final = max(LENGTHS) + len(b"\r\n") + HEAD_LENGTH


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
        "overlong",
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
        """Bytes that belonged to no frame, since its owner set this back."""
        self.junk = b""
        """The first of all such bytes, enough to name a foreign protocol."""
        self.overlong = 0
        """Sentences given up at their limit, since its owner set this back."""

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
        """Take what is held as all there is: the end of a datagram, or patience.

        What is no frame even so is dropped. But a few bytes that may begin one, behind
        a record that has only now come out, have not waited yet: they stay once more.
        """
        return self._cut(self._buffer, final=True)

    def _cut(self, buffer: bytes, *, final: bool) -> list[bytes]:
        """Cut frames off the front of the buffer until one is unfinished."""
        self._buffer = buffer
        self.is_waiting = False
        frames: list[bytes] = []
        start = skipped_from = 0
        while start < len(buffer):
            end = self._find_end(start, final=final)
            self._searched = 0
            if end == NEED_MORE:
                self._searched = len(buffer) - start
                break
            if end < NEED_MORE:
                is_short = len(buffer) - start < HEAD_LENGTH
                if final and frames and is_short and may_begin(buffer, start):
                    break
                self.overlong += end == OVERLONG
                next_start = FRAME_START.search(buffer, start + 1)
                start = next_start.start() if next_start else len(buffer)
                continue
            self._skip(buffer[skipped_from:start])
            frames.append(buffer[start:end])
            start = skipped_from = skip_blanks(buffer, end)
        self._skip(buffer[skipped_from:start])
        self._buffer = buffer[start:]
        return frames

    def _skip(self, lost: bytes) -> None:
        """Count bytes that belong to no frame; blanks between frames do not count."""
        if lost and lost.strip(BLANKS):
            self.skipped += len(lost)
            self.junk = (self.junk + lost[:LONGEST_HEAD])[:LONGEST_HEAD]

    def _find_end(self, start: int, *, final: bool) -> int:
        """Find where the frame at `start` ends."""
        buffer = self._buffer
        if buffer.startswith(b"*", start):
            end = find_sentence_end(buffer, start, self._searched)
            return NO_FRAME if final and end == NEED_MORE else end
        if buffer.startswith(MARKERS, start):
            lengths = find_lengths(buffer, start)
            if lengths and not is_broken_off(buffer, start, start + lengths[0]):
                return self._find_record_end(start, lengths, final=final)
        return NO_FRAME

    def _find_record_end(
        self, start: int, lengths: tuple[int, ...], *, final: bool
    ) -> int:
        """Find the length of a record by what follows it, or by what it was before."""
        buffer = self._buffer
        size = len(buffer) - start
        if size < lengths[0]:
            return NO_FRAME if final else NEED_MORE
        if len(lengths) == 1:
            return start + lengths[0]
        for length in lengths:
            if is_followed(buffer, start, length, lengths):
                return self._learn(start, length)
        is_known = buffer.startswith(self._record_start, start)
        known = self._record_length if is_known else 0
        if known and may_end(buffer, start, start + known):
            return start + known
        if not final and size < _TELLING_LENGTH:
            # Shorter than it was before, and of no known length, it is not whole.
            self.is_waiting = known <= size or bool(find_whole(buffer, start, lengths))
            return NEED_MORE
        if length := find_whole(buffer, start, lengths):
            return self._learn(start, length)
        # A length nobody has seen. It is taken for the one before, unless that reaches
        # beyond the data or into another frame; else for the common part, which is
        # sound. The rest is skipped.
        tail_end = start + known + HEAD_LENGTH - 1
        if known > size or FRAME_HEAD.search(buffer, start + SHORTEST, tail_end):
            known = 0
        return start + (known or SHORTEST)

    def _learn(self, start: int, length: int) -> int:
        """Remember the length for the next record of this tracker; give the end."""
        self._record_start = self._buffer[start : start + ID_LENGTH]
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
        and SENTENCE_HEAD.match(data) is not None
        and not FRAME_HEAD.search(data, 1)
    )


def _is_one_record(data: bytes) -> bool:
    """Tell at little cost the other: exactly one record of a usual length."""
    return (
        len(data) in _USUAL_LENGTHS
        and len(data) in find_lengths(data)
        and data.find(data[:ID_LENGTH], 1) < 0
        # A sentence may have broken it off: looked at more closely elsewhere.
        and data.find(b"*", 1, SHORTEST) < 0
        and not FRAME_HEAD.search(data, SHORTEST)
    )
