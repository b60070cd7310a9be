"""The impostor watch: a tracker follows its reports, and this where they come from.

A fix that contradicts the last one of the network that spoke before is held against
the network that it came from (networks.py), and the place that was shown may be held
instead (place_guard.py). Not only the first: who takes over where the vehicle is may
leap with any of the next ones, or walk on faster than anything drives.

While the network known longest is there, reports from another are followed, but teach
nothing for good: three of them could date all that the tracker tells hours back.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from .h02 import Report
from .networks import DISPUTE_WINDOW, NetworkWatch, Suspicion
from .place_guard import BELIEVED, PlaceGuard
from .tracking import AlarmEvent, Location, Tracker, Verdict

# Of reports with a fix that came in its turn, believed or not.
_IN_TURN: Final = frozenset({Verdict.LIVE, Verdict.HELD, Verdict.IMPLAUSIBLE})


class ImpostorWatch:
    """Sees whether one sender reports for a tracker, or two."""

    def __init__(
        self, tracker: Tracker, on_suspicion: Callable[[AlarmEvent], object]
    ) -> None:
        """Watch `tracker`; `on_suspicion` is called once when two senders are seen."""
        self.networks = NetworkWatch()
        self.guard = PlaceGuard()
        self._tracker = tracker
        self._on_suspicion = on_suspicion
        self._anchor: Location | None = None
        """The last fix of who spoke before, while it may tell a leap from a way."""
        self._newest_late: tuple[datetime, str] | None = None
        """When the newest stored record was made, and where it came from."""

    @property
    def location(self) -> Location | None:
        """The place to show."""
        return self.guard.place or self._tracker.state.location

    def accept(self, report: Report, received_at: datetime, peer: str) -> Verdict:
        """Let the tracker follow a report that came from `peer` at `received_at` (UTC).

        `peer` is an address, or "" where that is known no longer.
        """
        networks = self.networks
        is_trusted = not peer or networks.is_trusted(peer, received_at)
        if not peer or (peer == networks.peer and self._anchor is None):
            verdict = self._tracker.accept(report, received_at, is_trusted=is_trusted)
        else:
            verdict = self._accept_from(
                peer, report, received_at, is_trusted=is_trusted
            )
        if self.guard.until is not None:
            self.guard.tick(received_at)
            is_elder = peer != "" and networks.is_elder(peer)
            self.guard.hear(verdict, is_elder=is_elder)
        if verdict is Verdict.LATE:
            self._note_late(report, received_at, peer)
        return verdict

    def tick(self, now: datetime) -> None:
        """Let time pass up to `now` (UTC); a stored place may settle meanwhile."""
        tracker = self._tracker
        before, shown = tracker.path.newest_fix, self.location
        location = tracker.state.location
        tracker.tick(now)
        if tracker.state.location is not location and self._newest_late:
            _, peer = self._newest_late
            self._newest_late = None
            if peer != self.networks.peer or self._anchor is not None:
                self._judge(peer, now, before, shown)
        self.guard.tick(now)

    def _accept_from(
        self, peer: str, report: Report, received_at: datetime, *, is_trusted: bool
    ) -> Verdict:
        """Accept a report of who has taken over, now or of late."""
        before, shown = self._tracker.path.newest_fix, self.location
        verdict = self._tracker.accept(report, received_at, is_trusted=is_trusted)
        # Whoever goes on may have an outlier of its own, which moves nothing.
        if verdict in (BELIEVED if self.networks.is_last(peer) else _IN_TURN):
            self._judge(peer, received_at, before, shown)
        return verdict

    def _judge(
        self,
        peer: str,
        at: datetime,
        before: Location | None,
        shown: Location | None,
    ) -> None:
        """Judge a fix from `peer` that follows `before`, while `shown` was shown."""
        networks, path = self.networks, self._tracker.path
        if not networks.is_last(peer):
            self._anchor = before
        was_disputed = networks.is_disputed(at)
        is_leap = path.has_leapt_from(self._anchor)
        is_stray = path.has_leapt_from(shown)
        networks.hear(peer, at, is_leap=is_leap, is_stray=is_stray)
        is_elder = networks.is_elder(peer)
        if is_leap and not is_elder:
            self.guard.hold(shown, at)
        if is_leap or is_elder or self._is_anchor_old(at):
            # It is known what to think of who has taken over.
            self._anchor = None
        if not was_disputed and networks.is_disputed(at):
            self._on_suspicion(AlarmEvent(Suspicion.IMPOSTOR, at, is_late=False))

    def _is_anchor_old(self, at: datetime) -> bool:
        """Tell whether a vehicle may be anywhere since."""
        anchor = self._anchor
        return anchor is None or at - anchor.time >= DISPUTE_WINDOW

    def _note_late(self, report: Report, received_at: datetime, peer: str) -> None:
        """Remember where the newest stored record came from: its place may settle."""
        time, newest = report.time, self._newest_late
        if not peer or report.fix is None or time is None or time > received_at:
            return
        if newest is None or time >= newest[0]:
            self._newest_late = time, peer
