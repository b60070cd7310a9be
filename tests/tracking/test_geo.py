"""Distance on the globe."""

import pytest

from custom_components.sinotrack.h02 import Fix
from custom_components.sinotrack.tracking.geo import distance


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        (Fix(52.5163, 13.3777), Fix(48.8584, 2.2945), 879_500),
        (Fix(0.0, 179.9995), Fix(0.0, -179.9995), 111.2),
        (Fix(90.0, 0.0), Fix(90.0, 90.0), 0.0),
        (Fix(0.0, 0.0), Fix(0.0, 180.0), 20_015_115),
        (Fix(52.5, 13.4), Fix(52.5, 13.4), 0.0),
    ],
)
def test_distance_is_right_to_half_a_percent(
    here: Fix, there: Fix, metres: float
) -> None:
    assert distance(here, there) == pytest.approx(metres, rel=0.005, abs=0.001)
    assert distance(there, here) == pytest.approx(distance(here, there))
