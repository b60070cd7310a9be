"""Where a vehicle is parked, as far as drifting fixes tell (tracking.md, Which fix)."""

from dataclasses import dataclass
from typing import Final

from .state import Location

_FIXES_AVERAGED: Final = 50


@dataclass(frozen=True, slots=True)
class ParkingPlace:
    """The middle of the fixes of a parked vehicle; any single one may be far off."""

    latitude: float
    longitude: float
    fixes: int = 1

    def with_fix(self, fix: Location) -> ParkingPlace:
        """Give the middle with one more fix; it settles with their number."""
        if self.fixes >= _FIXES_AVERAGED:
            return self  # or a slow drift would take it along
        fixes = self.fixes + 1
        east = (fix.longitude - self.longitude + 180) % 360 - 180
        return ParkingPlace(
            self.latitude + (fix.latitude - self.latitude) / fixes,
            self.longitude + east / fixes,
            fixes,
        )
