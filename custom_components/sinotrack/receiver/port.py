"""What a transport needs of the receiver that it delivers to."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from .admission import Admission
from .limits import Limits, Refusal
from .link import Link
from .sessions import Sessions
from .traffic import Traffic


class Port(Protocol):
    """The one port behind both transports."""

    loop: asyncio.AbstractEventLoop
    port: int
    limits: Limits
    refusals: Counter[Refusal]
    traffic: Traffic
    admission: Admission
    sessions: Sessions
    read_buffer: memoryview
    """Where all connections read into, one after the other."""

    def is_accepted(self, tracker_id: str, /) -> bool:
        """Tell of an id whether its reports are wanted, whoever else sends."""

    def may_be_accepted(self, data: bytes) -> bool:
        """Tell whether bytes begin as a frame of an accepted tracker does."""

    def is_welcome(self, link: Link) -> bool:
        """Tell whether a connection is allowed, and count it if not."""

    def attempt[*Ts, T](self, handler: Callable[[*Ts], T], *args: *Ts) -> T | None:
        """Call what may have a fault of our own, which then costs this call alone."""

    def deliver(self, frame: bytes, link: Link) -> bool:
        """Decode a frame and hand it on; tells whether it was a report of somebody.

        To be attempted: its handler may have faults.
        """

    def refuse_foreign(self, head: bytes, link: Link) -> None:
        """Name what does not speak H02."""

    def turn_away(self, reason: Refusal, link: Link, count: int = 1) -> None:
        """Count what is not read, and tell the address that this is held against."""

    def blame(self, link: Link, tracker_id: str = "", records: int = 1) -> None:
        """Hold against a peer what was of no accepted tracker."""
