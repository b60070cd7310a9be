"""Metres and degrees on the WGS84 ellipsoid, exact enough for a day's drive."""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, sqrt

_EQUATOR_M = 6_378_137.0
_ECCENTRICITY_SQUARED = 6.694379990e-3


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth in degrees, south and west negative."""

    latitude: float
    longitude: float


def offset(place: Place, east: float, north: float) -> Place:
    """The place `east` and `north` metres away, on the plane that touches `place`.

    The plane is good for some tens of kilometres; not made for the poles or for paths
    across 180 degrees of longitude.
    """
    north_m, east_m = _metres_per_degree(place.latitude)
    return Place(place.latitude + north / north_m, place.longitude + east / east_m)


def track(start: Place, end: Place) -> tuple[float, float]:
    """Distance in metres and course in degrees 0..360 from `start` to `end`."""
    north_m, east_m = _metres_per_degree((start.latitude + end.latitude) / 2)
    north = (end.latitude - start.latitude) * north_m
    east = (end.longitude - start.longitude) * east_m
    return hypot(east, north), degrees(atan2(east, north)) % 360


def _metres_per_degree(latitude: float) -> tuple[float, float]:
    """Length of one degree northward and eastward at `latitude`."""
    phi = radians(latitude)
    root = sqrt(1 - _ECCENTRICITY_SQUARED * sin(phi) ** 2)
    meridian = _EQUATOR_M * (1 - _ECCENTRICITY_SQUARED) / root**3
    return radians(meridian), radians(_EQUATOR_M / root * cos(phi))
