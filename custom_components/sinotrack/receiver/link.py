"""Where a report came from, and the way back."""

from typing import Literal, Protocol

from .limits import Refusal

type Transport = Literal["tcp", "udp"]


class Link(Protocol):
    """One TCP connection, or the sender of one datagram."""

    transport: Transport
    peer: str
    """Address of the other side, without its port."""

    def send(self, data: bytes) -> None:
        """Send an answer; never raises, never waits."""


class Session(Link, Protocol):
    """A connection, which stays between its reports."""

    tracker_ids: tuple[str, ...]
    """Accepted trackers that speak through this connection, usually one."""
    is_retired: bool
    """Whether its tracker has a newer one, so that it is closed before long."""

    @property
    def is_stranger(self) -> bool:
        """Whether no accepted tracker speaks through this connection."""

    @property
    def is_amid_frame(self) -> bool:
        """Whether the beginning of a frame is there."""

    def abort(self, reason: Refusal | None = None) -> None:
        """Close at once and silently, counting the reason; the first call counts."""

    def retire(self) -> None:
        """Give way to a newer connection, once what is on its way has arrived."""

    def check(self, now: float) -> None:
        """Close if a time is over; `now` is loop time."""
