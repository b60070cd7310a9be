"""The true time and the time of the host, which may be wrong, beside each other."""

from datetime import datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from tests.integration.road import CAR, Place, UdpUnit, What, report


class World:
    """Trackers have the true time from the sky; timers count it, whatever a clock says.

    Frozen time alone does not do: the timers of the loop would jump with the clock.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        monkeypatch: pytest.MonkeyPatch,
        now: datetime,
    ) -> None:
        """Begin `now`, with a host whose clock is right."""
        self._hass = hass
        self._freezer = freezer
        self._true = begin = now
        self._ahead = timedelta(0)
        base = hass.loop.time()
        monkeypatch.setattr(
            hass.loop, "time", lambda: base + (self._true - begin).total_seconds()
        )

    def put_clock(self, ahead: timedelta) -> None:
        """Put the clock of the host ahead of the true time, behind it, or right."""
        self._ahead = ahead
        self._freezer.move_to(self._true + ahead)

    async def wait(self, time: timedelta) -> None:
        """Let time pass, and the timers ring that are due."""
        self._true += time
        self.put_clock(self._ahead)
        async_fire_time_changed(self._hass)
        await self._hass.async_block_till_done()

    async def hear(
        self,
        unit: UdpUnit,
        place: Place,
        *,
        age: timedelta = timedelta(0),
        speed_kmh: float = 36,
        ignition: bool = True,
    ) -> None:
        """Let a report come that was made `age` ago, and be acknowledged."""
        what: What = {"speed_kmh": speed_kmh, "ignition": ignition}
        unit.send(report(CAR, place, age=age + self._ahead, **what))
        await unit.answer()
