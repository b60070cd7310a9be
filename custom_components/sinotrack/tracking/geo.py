"""Distance on the globe. Home Assistant has one, but this room does not know it."""

from math import asin, cos, radians, sin, sqrt
from typing import Final, Protocol

_EARTH_DIAMETER_M: Final = 2 * 6_371_008.8


class Place(Protocol):
    """Anything with coordinates in degrees."""

    latitude: float
    longitude: float


def distance(here: Place, there: Place) -> float:
    """Give the great-circle distance in metres, good to 0.5 % (haversine)."""
    north, other_north = radians(here.latitude), radians(there.latitude)
    across = sin((other_north - north) / 2) ** 2
    along = sin(radians(there.longitude - here.longitude) / 2) ** 2
    chord = across + cos(north) * cos(other_north) * along
    return _EARTH_DIAMETER_M * asin(min(1.0, sqrt(chord)))
