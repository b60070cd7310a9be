"""From which networks a tracker reports, and whether one tracker can do that.

An id is no secret and the protocol has no other proof, so that anyone who knows it can
report for it. A SIM that roams changes its network once and goes on from where it was.
Where reports come from one network, then from another and then from the first again,
each time from a place that nothing drives to so fast, there are two senders.

Networks are remembered for this alone: they are never logged, shown or stored.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, ip_address
from typing import Final

DISPUTE_WINDOW: Final = timedelta(hours=1)
"""There and back within this time are two senders; so long it then stays said."""

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
        "_known",
        "_leaps",
        "_network",
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
        self._known: list[bytes] = []
        """Networks, the one known longest first."""
        self._leaps: dict[tuple[bytes, bytes], datetime] = {}

    def hear(self, peer: str, at: datetime, *, is_leap: bool, is_stray: bool) -> None:
        """Take a fix that came from `peer` at `at` (UTC).

        `is_leap` says that nothing drives there from the fix before in time, and
        `is_stray` the same of the place that was shown.
        """
        before, network = self._network, network_of(peer)
        self._network = network
        # After a restart the first one heard may be anybody: who contradicts what is
        # shown is not the one known longest, and is judged again.
        if self._known or not is_stray:
            self.peer = peer
            self._remember(network)
        if not is_leap or not before or network == before:
            return
        back = self._leaps.get((network, before))
        if back is not None and at - back <= DISPUTE_WINDOW:
            self.alternations += 1
            self.alternated_at = at
        self._leaps.pop((before, network), None)
        if len(self._leaps) >= _LEAPS:
            del self._leaps[next(iter(self._leaps))]
        self._leaps[before, network] = at

    def is_elder(self, peer: str) -> bool:
        """Tell whether no other network has been known for longer."""
        return network_of(peer) == next(iter(self._known), b"")

    def is_disputed(self, now: datetime) -> bool:
        """Tell whether two senders were seen of late."""
        return (
            self.alternated_at is not None and now - self.alternated_at < DISPUTE_WINDOW
        )

    def forget(self) -> None:
        """Watch anew."""
        self._leaps.clear()
        self.alternated_at = None

    def _remember(self, network: bytes) -> None:
        """Know a network; the newest makes room, so that no flood drops the oldest."""
        if network not in self._known:
            del self._known[_NETWORKS - 1 :]
            self._known.append(network)


def network_of(peer: str) -> bytes:
    """Give what addresses of one provider share: /16 of IPv4, /32 of IPv6."""
    address = ip_address(peer)
    return address.packed[: 2 if isinstance(address, IPv4Address) else 4]
