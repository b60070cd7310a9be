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

REPORTS_REMEMBERED: Final = 20
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
    recent: deque[tuple[Report, datetime]] = field(
        default_factory=lambda: deque(maxlen=REPORTS_REMEMBERED)
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
            while len(self._by_id) >= STRANGERS_REMEMBERED:
                del self._by_id[next(iter(self._by_id))]
            stranger = Stranger(tracker_id, link.transport, received_at, received_at)
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
        return self._by_id.pop(tracker_id, None)
