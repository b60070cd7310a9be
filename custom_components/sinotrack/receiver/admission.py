"""Who is let in to the open port, and how far.

Is the address in a network that the owner allows? If not, nothing of it is read. And
does a flood come from there? Then it is read no further than the id.

A flood is made of offences, which is what no tracker does: foreign bytes, broken
frames, connections without any, and one unknown id after the other. That a new tracker
empties what it has stored is none, for that is one id; more than any could store is.

An address is not a person: a carrier's NAT puts many trackers behind one, and the
sender of a datagram can be forged. So flood control never shuts an accepted tracker
out, or it could be used to do just that: what its id stands in is decoded as ever, over
connections that are open and over new ones. Those that are open stay open, since more
than one tracker may speak through each, but one that a flood comes over is read slowly.
A new connection from such an address is let in as far as its first id, and refused
there unless that is of an accepted tracker.

Times are in seconds of any clock that only goes forward.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final

from .addresses import MAPPED_IPV4, read_address, source_of, without_mapping
from .bucket import Bucket
from .limits import IDS_REMEMBERED, PEERS_REMEMBERED, Limits, Refusal
from .link import Transport

_NEVER: Final = float("-inf")


class Admission:
    """Judges the peers of one port, in bounded memory."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        """Start with all networks allowed, and nothing held against anybody."""
        self.own_address = ""
        """Where the port listens, which is an address of this machine."""
        self._limits = limits
        self._clock = clock
        self._is_within: Callable[[str], bool] | None = None
        # In both, who offended last stands last. Those that were caught, by flood
        # control or by the rate of datagrams, are kept apart: so nobody else pushes
        # them out, and as mostly there are none, it costs little to ask for one.
        self._peers: dict[str, _Peer] = {}
        self._caught: dict[str, _Peer] = {}
        # Of all addresses together, each of which may be forged.
        self._crowd = Bucket()
        self._crowd_until = _NEVER

    def __len__(self) -> int:
        """Count the peers that something is held against."""
        return len(self._peers) + len(self._caught)

    def allow(self, networks: Iterable[str]) -> None:
        """Allow these networks (CIDR) alone, or all if there are none.

        Raises ValueError on what is no network, and then allows what it did before.
        This machine is always allowed: its self-test comes from here.
        """
        allowed = tuple(ip_network(network) for network in networks)

        def is_within(host: str) -> bool:
            address = read_address(host)
            spellings = [address]
            if isinstance(address, IPv4Address):
                # Somebody may have entered a network the way IPv6 spells it.
                spellings.append(IPv6Address(f"{MAPPED_IPV4}{address}"))
            return self.is_here(host) or any(
                each in network for each in spellings for network in allowed
            )

        remembered = lru_cache(maxsize=PEERS_REMEMBERED)(is_within)
        self._is_within = remembered if allowed else None

    def is_allowed(self, host: str) -> bool:
        """Tell whether a peer may connect."""
        return self._is_within is None or self._is_within(host)

    def is_here(self, host: str) -> bool:
        """Tell whether an address is one of this machine, as far as that is known."""
        host = without_mapping(host)
        return host == self.own_address or read_address(host).is_loopback

    def is_flooding(self, host: str) -> bool:
        """Tell whether a peer is under flood control."""
        if not self._caught:
            return False
        peer = self._caught.get(source_of(host))
        return peer is not None and self._clock() < peer.flood_until

    def judge_datagram(self, host: str) -> Refusal | None:
        """Give the reason not to read a datagram of a peer, or None.

        Unless it is `NOT_ALLOWED`, what is of an accepted tracker is read all the same.
        """
        if self._is_within is not None and not self._is_within(host):
            return Refusal.NOT_ALLOWED
        if not self._caught and self._crowd_until == _NEVER:
            return None
        now, peer = self._clock(), self._caught.get(source_of(host))
        if peer is not None and now < peer.flood_until:
            return Refusal.FLOOD
        is_paused = peer is not None and now < peer.pause_until
        return Refusal.TOO_FAST if is_paused or now < self._crowd_until else None

    def note(
        self, host: str, transport: Transport, tracker_id: str = "", records: int = 1
    ) -> None:
        """Hold against a peer what came from it and was of no accepted tracker.

        It is an offence unless `tracker_id`, of a report, was heard from there of late.
        More records than allowed are offences too, but over UDP: what comes there too
        fast is not read to begin with, and may be from anyone.
        """
        now, limits = self._clock(), self._limits
        source = source_of(host)
        peer = self._recall(source)
        if transport == "udp":
            self._note_crowd(now, records)
        level = peer.records.pour(now, limits.strangers_rate, records)
        offences = 0 if tracker_id and peer.hear(tracker_id) else 1
        if level > limits.strangers_burst:
            if transport == "udp":
                excess = level - limits.strangers_burst
                peer.pause_until = now + excess / limits.strangers_rate
                self._catch(source)
            else:
                offences = records
        if peer.offences.pour(now, limits.offences_rate, offences) > limits.offences:
            peer.offences = Bucket()
            peer.flood_until = now + limits.flood_control
            self._catch(source)

    def _note_crowd(self, now: float, records: int) -> None:
        """Pause all datagrams of strangers together where these are too many."""
        limits = self._limits
        level = self._crowd.pour(now, limits.crowd_rate, records)
        if level > limits.crowd_burst:
            self._crowd_until = now + (level - limits.crowd_burst) / limits.crowd_rate

    def _recall(self, source: str) -> _Peer:
        """Give what is held against a source, which now is the last to be forgotten."""
        table = self._caught if source in self._caught else self._peers
        peer = table.pop(source) if source in table else _Peer()
        _keep(table, source, peer)
        return peer

    def _catch(self, source: str) -> None:
        """Put a source, unless it is there, among those that were caught."""
        peer = self._peers.pop(source, None)
        if peer is not None:
            _keep(self._caught, source, peer)


def _keep(table: dict[str, _Peer], source: str, peer: _Peer) -> None:
    """Put in a source that is not there; the one that stands first makes room."""
    if len(table) >= PEERS_REMEMBERED:
        del table[next(iter(table))]
    table[source] = peer


class _Peer:
    """What is held against one source."""

    __slots__ = ("_ids", "flood_until", "offences", "pause_until", "records")

    def __init__(self) -> None:
        self.offences = Bucket()
        self.records = Bucket()
        self.flood_until = _NEVER
        self.pause_until = _NEVER
        """When the next datagram may come."""
        # The one heard last stands last.
        self._ids: dict[str, None] = {}

    def hear(self, tracker_id: str) -> bool:
        """Hear an id; True if it was heard from here of late."""
        is_known = tracker_id in self._ids
        if is_known:
            del self._ids[tracker_id]
        elif len(self._ids) >= IDS_REMEMBERED:
            del self._ids[next(iter(self._ids))]
        self._ids[tracker_id] = None
        return is_known
