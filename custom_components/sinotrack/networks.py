"""From which networks a tracker reports, and whether one tracker can do that.

An id is no secret and the protocol has no other proof, so that anyone who knows it can
report for it. A SIM that roams changes its network once and goes on from where it was.
Where reports come from one network, then from another and then from the first again,
each time from a place that nothing drives to so fast, there are two senders.

Networks are remembered for this alone: they are never logged or shown. Only the one
known longest is stored, so that nobody takes its place by speaking first after a
restart: a /16 or /32 of the provider, and no address.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, ip_address
from typing import Any, Final

from .tracking import export_time, read_flag, read_time

DISPUTE_WINDOW: Final = timedelta(hours=1)
"""There and back within this time are two senders; so long it then stays said."""

ELDER_FOR: Final = timedelta(days=30)
"""Who is not heard for so long was given up: the SIM has another provider."""

ELDER_IS_THERE: Final = timedelta(days=1)
"""So long after it was heard a tracker may come back to the network known longest."""

_NETWORKS: Final = 4
_LEAPS: Final = _NETWORKS * (_NETWORKS - 1)
"""Remembered at most: all ways between so many networks."""


class Suspicion(StrEnum):
    """What is told as an alarm, although no tracker tells it."""

    IMPOSTOR = "impostor"
    """Somebody else reports for the id."""


class NetworkWatch:
    """Follows where the fixes of one tracker come from."""

    __slots__ = (
        "_elder_at",
        "_elder_peer",
        "_known",
        "_leaps",
        "_network",
        "_origin",
        "alternated_at",
        "alternations",
        "peer",
    )

    def __init__(self) -> None:
        """Start with nothing heard."""
        self.peer = ""
        """Where the last fix came from; from there nothing new is to be learned."""
        self.alternations = 0
        """How often a leap led back; it only goes up."""
        self.alternated_at: datetime | None = None
        """When one did so last."""
        self._network = b""
        """That of the last fix."""
        self._origin = b""
        """The one that spoke before it."""
        self._known: list[bytes] = []
        """Networks, the one known longest first."""
        self._elder_peer = ""
        """The address of it that was heard last."""
        self._elder_at: datetime | None = None
        """When that one was heard last, as far as a change has shown."""
        self._leaps: dict[tuple[bytes, bytes], datetime] = {}

    def hear(self, peer: str, at: datetime, *, is_leap: bool, is_stray: bool) -> None:
        """Take a fix that came from `peer` at `at` (UTC).

        `is_leap` says that nothing drives there in time from the last fix of the
        network that spoke before, and `is_stray` the same of the place that was shown.
        """
        network = network_of(peer)
        self._follow_elder(at)
        if network != self._network:
            self._origin, self._network = self._network, network
        origin = self._origin
        # After a restart the first one heard may be anybody: who contradicts what is
        # shown is not the one known longest, and is judged again.
        if self._known or not is_stray:
            self.peer = peer
            self._remember(network, at)
        if not is_leap or not origin or network == origin:
            return
        back = self._leaps.get((network, origin))
        if back is not None and at - back <= DISPUTE_WINDOW:
            self.alternations += 1
            self.alternated_at = at
        self._leaps.pop((origin, network), None)
        if len(self._leaps) >= _LEAPS:
            del self._leaps[next(iter(self._leaps))]
        self._leaps[origin, network] = at

    def is_last(self, peer: str) -> bool:
        """Tell whether the last fix came from the same network."""
        return network_of(peer) == self._network

    def is_elder(self, peer: str) -> bool:
        """Tell whether no other network has been known for longer."""
        return network_of(peer) == next(iter(self._known), b"")

    def is_trusted(self, peer: str, at: datetime) -> bool:
        """Tell whether a report is of the network known longest, or that one is gone.

        That is asked of each report, and nearly all of them come from one address.
        """
        if peer == self._elder_peer or self._elder_at is None:
            return True
        network = self._network if peer == self.peer else network_of(peer)
        if network == self._known[0]:
            self._elder_peer = peer
            return True
        was_last = self._network == self._known[0]
        return not was_last and at - self._elder_at >= ELDER_IS_THERE

    def is_disputed(self, now: datetime) -> bool:
        """Tell whether two senders were seen of late."""
        return (
            self.alternated_at is not None and now - self.alternated_at < DISPUTE_WINDOW
        )

    def forget(self) -> None:
        """Watch anew."""
        self._leaps.clear()
        self.alternated_at = None

    def export(self) -> dict[str, Any] | None:
        """Give the network known longest, if there is one."""
        if not self._known or self._elder_at is None:
            return None
        elder = self._known[0]
        return {
            "elder": elder.hex(),
            "at": export_time(self._elder_at),
            "was_last": self._network == elder,
        }

    def restore(self, known: dict[str, Any] | None) -> None:
        """Go on with the network known longest.

        Raises KeyError, TypeError or ValueError on anything else.
        """
        if known is not None:
            elder = bytes.fromhex(known["elder"])
            self._elder_at = read_time(known["at"])
            self._network = elder if read_flag(known["was_last"]) else b""
            self._known = [elder]

    def _follow_elder(self, at: datetime) -> None:
        """Know when the one known longest was heard, and give it up in the end."""
        if self._elder_at is None:
            return
        # Should the clock of the host have been put back, it was not heard ahead.
        self._elder_at = min(self._elder_at, at)
        if self._network == self._known[0]:
            self._elder_at = at
        elif at - self._elder_at >= ELDER_FOR and len(self._known) > 1:
            del self._known[0]
            self._elder_at, self._elder_peer = at, ""

    def _remember(self, network: bytes, at: datetime) -> None:
        """Know a network; the newest makes room, so that no flood drops the oldest."""
        if not self._known:
            self._elder_at = at
        if network not in self._known:
            del self._known[_NETWORKS - 1 :]
            self._known.append(network)


def network_of(peer: str) -> bytes:
    """Give what addresses of one provider share: /16 of IPv4, /32 of IPv6."""
    address = ip_address(peer)
    return address.packed[: 2 if isinstance(address, IPv4Address) else 4]
