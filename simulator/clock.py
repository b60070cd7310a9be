"""Time sources for the tracker: the real one, and one that flies."""

import asyncio
from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)


class FastClock:
    """A clock that stands still until someone sleeps, and then jumps.

    Give the object itself as `clock` and its `sleep` as `sleep`: a whole journey then
    takes as long as its frames need on the wire.
    """

    def __init__(self, start: datetime) -> None:
        """Start at an aware time."""
        self._now = start

    def __call__(self) -> datetime:
        """The time of this clock."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Jump ahead, and let everything else in the event loop run once."""
        self._now += timedelta(seconds=max(0.0, seconds))
        await asyncio.sleep(0)
