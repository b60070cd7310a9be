"""How much of something comes at once, and how much in the long run."""

from math import inf


class Bucket:
    """Fills by what comes and leaks at a rate."""

    __slots__ = ("_at", "_level")

    def __init__(self) -> None:
        """Start empty."""
        self._level = 0.0
        self._at = -inf

    def pour(
        self, now: float, rate: float, amount: float = 1, *, cap: float = inf
    ) -> float:
        """Add to what has not leaked yet at `rate` a second; gives the sum.

        What is more than `cap` is lost, so that it has not to leak.
        """
        level = max(0.0, self._level - (now - self._at) * rate) + amount
        self._level = min(level, cap)
        self._at = now
        return level
