"""One frame to values: its form tells who reads it."""

from typing import Final

from .binary import decode_binary
from .foreign import identify
from .position import TAIL, is_regular, read_block
from .report import Foreign, Malformed, Report
from .text import decode_text

_DECODERS: Final = {b"*": decode_text, b"$": decode_binary, b"X": decode_binary}


def decode(frame: bytes) -> Report | Foreign | Malformed:
    """Read one frame as the framer gives it.

    Never raises: bytes that are no H02 frame come back as `Foreign` with the name of
    their protocol, a frame that cannot be believed as `Malformed` with the reason.
    """
    if is_regular(frame):
        # Nearly all that trackers ever send, and by no way round.
        return read_block(frame, frame[1:-1].decode().split(",", TAIL))
    decoder = _DECODERS.get(frame[:1])
    return Foreign(frame, identify(frame)) if decoder is None else decoder(frame)
