"""The integration inside a Home Assistant, as its other tests have it, at a fixed time."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from math import cos, radians
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.conftest import (
    all_enabled,
    connect,
    entry,
    integration,
    port,
    udp,
)
from tests.integration.host import add_tracker
from tests.integration.road import BERLIN, CAR, VAN, Place, UdpUnit, report

__all__ = ["all_enabled", "connect", "entry", "integration", "port", "udp"]

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)

_METRES_PER_DEGREE = 111_195


def beside(north: float = 0, east: float = 0, start: Place = BERLIN) -> Place:
    """Give the place so many metres away."""
    latitude, longitude = start
    east_degrees = east / (_METRES_PER_DEGREE * cos(radians(latitude)))
    return latitude + north / _METRES_PER_DEGREE, longitude + east_degrees


@pytest.fixture(autouse=True)
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Begin at noon, and let time pass only where a test says so."""
    freezer.move_to(NOON)


@pytest.fixture
async def trackers(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Let two trackers in that have not reported yet."""
    await add_tracker(hass, entry, CAR, "Car")
    await add_tracker(hass, entry, VAN, "Van")


@pytest.fixture
async def car(trackers: None, udp: UdpUnit) -> UdpUnit:
    """A tracker that was let in and stands in Berlin."""
    udp.send(report())
    await udp.answer()
    return udp


@pytest.fixture
def socket_count() -> Callable[[], int]:
    """Count the sockets of this process, those of the test itself included."""

    def count() -> int:
        names = 0
        for name in Path("/proc/self/fd").iterdir():
            # The folder that is being read is gone by the time it is looked at.
            with suppress(FileNotFoundError):
                names += str(name.readlink()).startswith("socket:")
        return names

    return count
