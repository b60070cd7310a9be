"""Trackers that report and that nobody has accepted yet.

The port is open and the protocol has no secret, so that anyone may knock. A stranger
creates nothing: it is remembered for a while, bounded in every direction, and offered
to the owner once.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from .h02 import Fix, Report
from .receiver import Link, Transport

STRANGERS_REMEMBERED: Final = 32
"""Ids kept; the one silent for longest makes room."""

OFFERS_REMEMBERED: Final = 1024
"""Ids that were offered and then forgotten, which are not offered again."""

STRANGER_REPORTS_REMEMBERED: Final = 20
"""Reports kept of each, so that a place is there the moment it is accepted."""

_REPORTS_WITHOUT_A_FIX: Final = 2


@dataclass(slots=True)
class Stranger:
    """One id that was heard, and what it said last."""

    tracker_id: str
    transport: Transport
    first_heard: datetime
    last_heard: datetime
    reports: int = 0
    is_offered: bool = False
    is_withheld: bool = False
    """Whether it was not offered once, as too many were already."""
    recent: deque[tuple[Report, datetime]] = field(
        default_factory=lambda: deque(maxlen=STRANGER_REPORTS_REMEMBERED)
    )

    @property
    def is_acceptable(self) -> bool:
        """Whether this looks like a tracker: a fix, or reports that go on."""
        return self.reports >= _REPORTS_WITHOUT_A_FIX or self.fix is not None

    @property
    def fix(self) -> Fix | None:
        """The last place that it reported as valid."""
        return next(
            (report.fix for report, _ in reversed(self.recent) if report.valid), None
        )


class Strangers:
    """The strangers heard of late, the newest last."""

    def __init__(self) -> None:
        """Start with none."""
        self._by_id: dict[str, Stranger] = {}
        # Of those forgotten, the one forgotten last in the end.
        self._offered: dict[str, None] = {}
        self.forgotten = 0
        """How often one had to make room."""
        self.withheld = 0
        """How many were not offered at first, as too many were already."""

    def __iter__(self) -> Iterator[Stranger]:
        """Iterate from the one heard last to the one silent for longest."""
        return reversed(self._by_id.values())

    def __len__(self) -> int:
        """Count them."""
        return len(self._by_id)

    def hear(self, report: Report, link: Link, received_at: datetime) -> Stranger:
        """Remember a report of an id that is not accepted."""
        tracker_id = report.tracker_id
        stranger = self._by_id.pop(tracker_id, None)
        if stranger is None:
            stranger = Stranger(tracker_id, link.transport, received_at, received_at)
            stranger.is_offered = tracker_id in self._offered
            if len(self._by_id) >= STRANGERS_REMEMBERED:
                self._forget(next(iter(self._by_id)))
        self._by_id[tracker_id] = stranger
        stranger.transport = link.transport
        stranger.last_heard = received_at
        stranger.reports += 1
        stranger.recent.append((report, received_at))
        return stranger

    def get(self, tracker_id: str) -> Stranger | None:
        """Give a stranger that is remembered."""
        return self._by_id.get(tracker_id)

    def take(self, tracker_id: str) -> Stranger | None:
        """Forget a stranger, who was accepted, and give what it said."""
        self._offered.pop(tracker_id, None)
        return self._by_id.pop(tracker_id, None)

    def withhold(self, stranger: Stranger) -> None:
        """Count a stranger that is not offered, once."""
        self.withheld += not stranger.is_withheld
        stranger.is_withheld = True

    def offer_again(self, tracker_id: str) -> Stranger | None:
        """Let a stranger be offered anew; gives it if it is remembered."""
        self._offered.pop(tracker_id, None)
        stranger = self._by_id.get(tracker_id)
        if stranger is not None:
            stranger.is_offered = False
        return stranger

    def _forget(self, tracker_id: str) -> None:
        """Make room, but remember an offer: the owner is asked once."""
        self.forgotten += 1
        stranger = self._by_id.pop(tracker_id)
        self._offered.pop(tracker_id, None)
        if stranger.is_offered:
            if len(self._offered) >= OFFERS_REMEMBERED:
                del self._offered[next(iter(self._offered))]
            self._offered[tracker_id] = None
