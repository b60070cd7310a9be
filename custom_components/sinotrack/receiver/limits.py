"""What a stranger may cost: every bound of the open port, with its reason."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..h02 import BATCH_LIMIT

READ_SIZE: Final = 4096
"""Bytes taken in one go, so that a burst of records shares the loop with others."""

STRANGER_READ_SIZE: Final = 256
"""The same of a connection that no accepted tracker speaks through: all of them may be
ready at once, and are then read in one turn of the loop. Two reports fit in."""

DATAGRAM_LIMIT: Final = BATCH_LIMIT
"""Bytes of a datagram: it holds the longest frame, and takes 25 ms at worst to read."""

SIFTED_LIMIT: Final = 1472
"""Bytes that are read of a datagram of which only frames of accepted trackers count:
what a mobile network carries in one piece."""

HEADERS: Final = 48
"""Bytes around a datagram: IPv6 (IPv4 has 20 fewer) and UDP."""

UNSENT_LIMIT: Final = 8192
"""Bytes of acknowledgements that a peer may leave unread before it is dropped."""

SEND_BUFFER: Final = 32768
"""Bytes of acknowledgements that the kernel is told to hold besides, and doubles: those
of a thousand stored records fit in. By itself it would hold megabytes."""

PEERS_REMEMBERED: Final = 1024
"""Addresses in each table, a few hundred bytes each: forged senders are without end."""

IDS_REMEMBERED: Final = 32
"""Ids of strangers from one address: as many as may connect from one."""

LINES_PER_MINUTE: Final = 100
"""Lines in the log of all peers together, one of each: who reads more?"""


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
    """Until the first frame with an id: a tracker logs in at once, a scanner never."""

    partial_frame: float = 30
    """For the rest of a frame: no tracker drips (slow drip)."""

    stranger_idle: float = 600
    """For a tracker that nobody has accepted."""

    tracker_idle: float = 24 * 3600
    """For an accepted tracker: its longest interval is 5 h, and it may sleep."""

    retired: float = 3
    """For a connection whose tracker has a newer one: what it sent through the old one
    may still be on its way, a round trip through a mobile network at most."""

    junk: int = 4096
    """Bytes without any frame in them before the connection is closed."""

    sweep: float = 5
    """How often the times above are looked at."""

    strangers_burst: int = 1000
    """Records from one address at once that are of no accepted tracker: what a new one
    has stored in 8 hours, at a record each 30 s. A batch counts as its points."""

    strangers_rate: float = 20
    """The same for each second after that: ten new trackers behind a carrier's NAT that
    report twice a second."""

    crowd_burst: int = 5000
    """The same over UDP from all addresses together, which can be forged: what five new
    trackers have stored."""

    crowd_rate: float = 200
    """The same for each second after that: read with a hundredth of a processor."""

    offences: int = 100
    """What no tracker does, from one address at once, before it counts as a flood: a
    scanner that tries protocols out knocks some dozens of times."""

    offences_rate: float = 1
    """Offences forgiven each second: new trackers that connect anew for each report."""

    echoes_burst: int = 30
    """Answers over UDP to one tracker at once that are the same as what they answer: a
    forged sender that echoes, or our own port, would have them for ever."""

    echoes_rate: float = 0.5
    """The same for each second after that: no tracker sends a heartbeat more often than
    every few seconds, and what echoes comes back sooner."""

    flood_control: float = 600
    """How long a flood is read no further than its ids; who goes on is caught again."""

    flood_rate: float = 4096
    """Bytes a second of a connection over which a flood goes on: all that may come from
    one address together are then read with a hundredth of a processor."""


class Refusal(StrEnum):
    """Why something that arrived was not a report; each is counted."""

    NOT_ALLOWED = "not_allowed"
    """From outside of the networks that are allowed."""
    OWN = "own"
    """A datagram whose sender is this port itself, which only a forged one can be."""
    FLOOD = "flood"
    """Of no accepted tracker, from an address under flood control."""
    TOO_FAST = "too_fast"
    """Of no accepted tracker, in datagrams of more records than allowed."""
    FOREIGN = "foreign"
    """Another protocol."""
    MALFORMED = "malformed"
    """The outline of H02 with nothing in it to believe."""
    NO_ID = "no_id"
    """A record without an id before any id was seen on the connection, or with one that
    no tracker has."""
    OVERLONG = "overlong"
    """A sentence that goes on for longer than any, or a datagram."""
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
