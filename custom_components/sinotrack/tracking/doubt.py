"""A fix that is doubted until another agrees with it (tracking.md, Which fix)."""

from datetime import datetime
from typing import Final

from .geo import distance, is_beyond
from .parking import ParkingPlace
from .state import Location

JUMP_M: Final = 300.0
"""A shorter move is never implausible: it may be drift, or a clock that stumbles."""

DOUBTS: Final = 2
"""So many doubted fixes in a row, and one in reach of the last, are a way."""

DOUBTS_AT_MOST: Final = 5
"""After so many in a row it is the filter that is wrong: an owner may have set the
speed of plausibility below the one that is driven."""

# Two records of one second still have some time between them.
_SHORTEST_STEP_S: Final = 1.0
_KMH_PER_MS: Final = 3.6


def is_jump(
    start: Location, since: datetime, fix: Location, max_speed_kmh: float
) -> bool:
    """Tell whether no vehicle gets from where it was `since` a time to a fix."""
    if not is_beyond(start, fix, JUMP_M):
        return False
    seconds = max((fix.time - since).total_seconds(), _SHORTEST_STEP_S)
    return is_beyond(start, fix, max_speed_kmh / _KMH_PER_MS * seconds)


class Doubt:
    """The fix that is doubted, if there is one."""

    def __init__(self) -> None:
        """Doubt none."""
        self.fix: Location | None = None
        self.count = 0
        """How many have been doubted in a row, of which this is the last."""

    def add(self, fix: Location) -> None:
        """Wait for another fix that agrees with this one."""
        self.count += 1
        self.fix = fix

    def end(self) -> None:
        """Doubt none any more."""
        self.fix = None
        self.count = 0

    def is_agreed(
        self,
        fix: Location,
        place: Location | ParkingPlace | None,
        *,
        max_speed_kmh: float,
        stands: bool,
        is_parked: bool,
    ) -> bool:
        """Tell whether the doubted fix agrees with this one rather than the old place.

        They do if they are closer together than half of what either is away: two
        outliers hardly ever are, and one that is told again is no second. A third in a
        row needs only be in reach: a vehicle on its way, and no sequence locks it out.
        Not so a parked one: a way that it is on leads away from its place, so that soon
        two agree. Nor one that `stands` and seems to come nearer: a receiver that wakes
        up does, fix by fix, and these have to agree twice as well.
        """
        doubted = self.fix
        if doubted is None or place is None or fix == doubted:
            return False
        if is_jump(doubted, doubted.time, fix, max_speed_kmh):
            return False
        before, now = distance(place, doubted), distance(place, fix)
        if stands and now < before:
            return not is_beyond(doubted, fix, now / 4)
        is_way = self.count >= DOUBTS and not is_parked
        return is_way or not is_beyond(doubted, fix, min(before, now) / 2)
