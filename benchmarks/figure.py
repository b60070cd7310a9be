"""What a measurement gives, and how much of it is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beside:
    """Something plain that was measured in the same run, in the same unit."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    unit: str
    beside: Beside | None = None
    limit: float | None = None
    """The most it may be, in its own unit."""
    limit_ratio: float | None = None
    """The most it may be, measured by what stands beside it."""
    demand: str = ""
    """Says the limit where that is no plain number."""
    hindrance: str = ""
    """Why it could not be measured; the value then means nothing."""

    @property
    def ratio(self) -> float | None:
        """How much more it is than what stands beside it."""
        return self.value / self.beside.value if self.beside else None

    @property
    def required(self) -> str:
        """What it may be, in words."""
        if self.limit_ratio is not None:
            return f"≤ {self.limit_ratio:.3g} × that beside"
        if self.limit is None:
            return ""
        return self.demand or f"≤ {self.limit:g} {self.unit}"

    @property
    def is_reached(self) -> bool | None:
        """Whether it is what it must be; None where nobody asks, or nobody knows."""
        if not self.required or self.hindrance:
            return None
        if self.limit_ratio is not None:
            return self.ratio is not None and self.ratio <= self.limit_ratio
        return self.limit is not None and self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured; a quick run shows that all of it works, and no more."""

    rounds: int = 5
    """Of each figure the median is told."""
    turns: int = 20
    """How often the things compared take turns in a round."""
    frames: int = 250
    """Reports of one drive, a second apart: all of them must be live."""
    stored: int = 1000
    idle: tuple[int, ...] = (500, 5000)
    datagrams: int = 50_000
    connections: int = 500
    trackers: int = 100


QUICK = Effort(
    rounds=1,
    turns=1,
    frames=40,
    stored=50,
    idle=(20,),
    datagrams=200,
    connections=10,
    trackers=3,
)
