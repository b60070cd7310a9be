"""When a stored place becomes the known one (tracking.md, Order).

A backlog that ends with the vehicle parked, and no live report after it, would
otherwise leave the place of hours ago on the map.
"""

from datetime import datetime, timedelta
from typing import Final

_NO_GAP: Final = timedelta(0)
_SETTLES_AFTER: Final = timedelta(minutes=5)
_SETTLES_AFTER_GAPS: Final = 3


class Settling:
    """Waits for a backlog to end with nothing live behind it."""

    def __init__(self) -> None:
        """Wait for nothing."""
        self.last_heard: datetime | None = None
        self.gap = _NO_GAP

    @property
    def deadline(self) -> datetime | None:
        """When the newest stored place settles."""
        if self.last_heard is None:
            return None
        return self.last_heard + max(_SETTLES_AFTER, _SETTLES_AFTER_GAPS * self.gap)

    def late(self, received_at: datetime) -> None:
        """Follow a late report."""
        if self.last_heard is not None:
            self.gap = received_at - self.last_heard
        self.last_heard = received_at

    def driven(self, received_at: datetime) -> None:
        """Follow a live report that tells no place to believe, but maybe a drive."""
        if self.last_heard is not None:
            self.last_heard = received_at

    def live(self) -> None:
        """Follow a live report, which knows better than any stored one."""
        self.last_heard = None
        self.gap = _NO_GAP

    def put_back(self, now: datetime) -> None:
        """Wait from now on at the latest."""
        if self.last_heard is not None:
            self.last_heard = min(self.last_heard, now)

    def end(self, now: datetime) -> bool:
        """End the wait if its time has come; True, once, if it has."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return False
        self.live()
        return True
