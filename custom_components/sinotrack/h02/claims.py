"""Whose a frame claims to be, told without reading it.

For who has no time for more: a frame is decoded only if one of these is of interest.
"""

from typing import Final

from .values import IMEI_DIGITS

_RECORD_ID: Final = slice(1, 6)
_LONG_RECORD_ID: Final = slice(1, 9)


def claimed_ids(frame: bytes) -> tuple[str, ...]:
    """Give the ids that `decode` could find in a frame, the most usual first.

    A frame without any belongs to whom its connection belongs to (a.1): an `X` record,
    or a sentence that leaves its id out. A `$` record has one of two forms (a.5), and
    which of them is for the decoder to say.
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
