"""Distance on the globe. Home Assistant has one, but this room does not know it."""

from math import asin, cos, hypot, radians, sin, sqrt
from typing import Final, Protocol

_EARTH_DIAMETER_M: Final = 2 * 6_371_008.8
_METRES_PER_DEGREE: Final = radians(1) * _EARTH_DIAMETER_M / 2
_RADIANS_PER_TWO_DEGREES: Final = radians(1) / 2
# On so few degrees the earth is flat, to a millionth.
_FLAT_DEGREES: Final = 0.1


class Place(Protocol):
    """Anything with coordinates in degrees."""

    @property
    def latitude(self) -> float:
        """South negative."""

    @property
    def longitude(self) -> float:
        """West negative."""


def distance(here: Place, there: Place) -> float:
    """Give the great-circle distance in metres, good to 0.5 %."""
    up = there.latitude - here.latitude
    aside = there.longitude - here.longitude
    if -_FLAT_DEGREES < up < _FLAT_DEGREES and -_FLAT_DEGREES < aside < _FLAT_DEGREES:
        middle = (here.latitude + there.latitude) * _RADIANS_PER_TWO_DEGREES
        return _METRES_PER_DEGREE * hypot(up, aside * cos(middle))
    return _haversine(here, there)


def _haversine(here: Place, there: Place) -> float:
    north, other_north = radians(here.latitude), radians(there.latitude)
    across = sin((other_north - north) / 2) ** 2
    along = sin(radians(there.longitude - here.longitude) / 2) ** 2
    chord = across + cos(north) * cos(other_north) * along
    return _EARTH_DIAMETER_M * asin(min(1.0, sqrt(chord)))


def is_beyond(here: Place, there: Place, metres: float) -> bool:
    """Tell whether two places are further apart than `metres`.

    No way is longer than the one along the meridian and then along the equator, which
    costs nothing to reckon and mostly decides.
    """
    degrees = abs(there.latitude - here.latitude)
    degrees += abs(there.longitude - here.longitude)
    return degrees * _METRES_PER_DEGREE > metres and distance(here, there) > metres
