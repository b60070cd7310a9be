"""Other protocols that knock at the port.

A tracker that speaks another protocol is a mistake that its owner can mend, if told the
name.
Scanners knock as well, all day long: they are counted and no news.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from .receiver import Transport

SCANNERS: Final = frozenset({"http", "tls", "ssh", "rdp", "unknown"})
"""What no tracker speaks (protocol.md f)."""

_KNOCKS: Final = 3
"""A scanner tries out what is there and leaves; so many are of one that goes on."""
_WITHIN: Final = timedelta(hours=1)


@dataclass(slots=True)
class Knock:
    """One foreign protocol that was heard."""

    protocol: str
    transport: Transport
    first_heard: datetime
    last_heard: datetime
    count: int = 0
    _latest: deque[datetime] = field(
        init=False, default_factory=lambda: deque(maxlen=_KNOCKS)
    )

    @property
    def is_tracker(self) -> bool:
        """Whether it may be a tracker that knocks."""
        return self.protocol not in SCANNERS

    def hear(self, transport: Transport, now: datetime) -> None:
        """Count one more."""
        self.transport = transport
        self.last_heard = now
        self.count += 1
        self._latest.append(now)

    def goes_on(self, now: datetime) -> bool:
        """Tell whether it was heard again and again within an hour, and of late."""
        latest = self._latest
        return (
            len(latest) == _KNOCKS
            and latest[-1] - latest[0] < _WITHIN
            and now - latest[-1] < _WITHIN
        )


class Knocks:
    """The protocols heard since the start, the one heard last in the end.

    Bounded by the number of names there are.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._by_protocol: dict[str, Knock] = {}

    def __iter__(self) -> Iterator[Knock]:
        """Iterate from the one heard last to the one heard longest ago."""
        return reversed(self._by_protocol.values())

    def hear(self, protocol: str, transport: Transport, now: datetime) -> None:
        """Note a knock."""
        knock = self._by_protocol.pop(protocol, None)
        if knock is None:
            knock = Knock(protocol, transport, now, now)
        knock.hear(transport, now)
        self._by_protocol[protocol] = knock

    def forget(self, protocol: str) -> None:
        """Count a protocol anew."""
        self._by_protocol.pop(protocol, None)
