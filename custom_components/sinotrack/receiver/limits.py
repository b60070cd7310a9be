"""What a stranger may cost: every bound of the open port, with its reason."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

READ_SIZE: Final = 4096
"""Bytes taken in one go, so that a burst of records shares the loop with others."""

UNSENT_LIMIT: Final = 8192
"""Bytes of acknowledgements that a peer may leave unread before it is dropped."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one receiver; times in seconds.

    The frame itself is bounded by the framer (`h02.SENTENCE_LIMIT`, `BATCH_LIMIT`).
    """

    connections: int = 256
    """Open TCP connections in all: far more than trackers, far less than memory."""

    connections_per_peer: int = 32
    """From one address: a carrier's NAT puts many trackers behind one."""

    first_frame: float = 30
    """Until the first frame: a tracker logs in at once, a scanner does not."""

    partial_frame: float = 30
    """For the rest of a frame: no tracker drips (slow drip)."""

    stranger_idle: float = 600
    """For a tracker that nobody has accepted."""

    tracker_idle: float = 24 * 3600
    """For an accepted tracker: its longest interval is 5 h, and it may sleep."""

    junk: int = 4096
    """Bytes without any frame in them before the connection is closed."""

    sweep: float = 5
    """How often the times above are looked at."""


class Refusal(StrEnum):
    """Why something that arrived was not a report; each is counted."""

    FOREIGN = "foreign"
    """Another protocol."""
    MALFORMED = "malformed"
    """The outline of H02 with nothing in it to believe."""
    NO_ID = "no_id"
    """A record without an id before any id was seen on the connection, or with one that
    no tracker has."""
    JUNK = "junk"
    """Too many bytes without a frame."""
    NO_FRAME = "no_frame"
    """Connected and said nothing in time."""
    PARTIAL = "partial"
    """A frame whose end did not come in time."""
    IDLE = "idle"
    """Silent for longer than allowed."""
    TOO_MANY = "too_many"
    """One connection more than allowed."""
    UNREAD = "unread"
    """A peer that does not read its acknowledgements."""
    FAULT = "fault"
    """A fault of our own while a report was handled."""
