"""One frame: what it says, and whose it claims to be."""

from typing import Final

from .binary import decode_binary
from .foreign import identify
from .position import TAIL, is_regular, read_block
from .report import Foreign, Malformed, Report
from .text import decode_text
from .values import IMEI_DIGITS

_DECODERS: Final = {b"*": decode_text, b"$": decode_binary, b"X": decode_binary}

_RECORD_ID: Final = slice(1, 6)
_LONG_RECORD_ID: Final = slice(1, 9)


def decode(frame: bytes) -> Report | Foreign | Malformed:
    """Read one frame as the framer gives it.

    Never raises: bytes that are no H02 frame come back as `Foreign` with the name of
    their protocol, a frame that cannot be believed as `Malformed` with the reason.
    """
    if is_regular(frame):
        # Nearly every sentence that trackers send: no reader need be looked up.
        return read_block(frame, frame[1:-1].decode().split(",", TAIL))
    decoder = _DECODERS.get(frame[:1])
    return Foreign(frame, identify(frame)) if decoder is None else decoder(frame)


def claimed_ids(frame: bytes) -> tuple[str, ...]:
    """Give the ids that `decode` could find in a frame, the most usual first.

    Costs much less: in a flood, only frames that claim to be of an accepted tracker are
    decoded. A frame without any id belongs to whom its connection belongs to (a.1): an
    `X` record, or a sentence that leaves its id out. A `$` record has one of two forms
    (a.5), and which of them is for the decoder to say.
    """
    if frame.startswith(b"$"):
        return (
            frame[_RECORD_ID].hex(),
            frame[_LONG_RECORD_ID].hex()[:IMEI_DIGITS],
        )
    if not frame.startswith(b"*"):
        return ()
    tracker_id = frame.split(b",", 2)[1:2]
    return tuple(text.decode("ascii", "replace") for text in tracker_id if text)
