"""Other protocols that knock at the port.

A tracker that speaks another protocol is a mistake that its owner can mend, if told the
name.
Scanners knock as well, all day long: they are counted and no news.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .receiver import Transport

SCANNERS: Final = frozenset({"http", "tls", "ssh", "rdp", "unknown"})
"""What no tracker speaks (protocol.md f)."""


@dataclass(slots=True)
class Knock:
    """One foreign protocol that was heard."""

    protocol: str
    transport: Transport
    first_heard: datetime
    last_heard: datetime
    count: int = 1

    @property
    def is_tracker(self) -> bool:
        """Whether it may be a tracker that knocks."""
        return self.protocol not in SCANNERS


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
        else:
            knock.transport = transport
            knock.last_heard = now
            knock.count += 1
        self._by_protocol[protocol] = knock

    def forget(self, protocol: str) -> None:
        """Count a protocol anew."""
        self._by_protocol.pop(protocol, None)
