"""Trackers in trouble: what they send, and what their owner is told."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.const import DOMAIN

from .host import hub_of, pass_time, until
from .road import BERLIN, POTSDAM, Place, UdpUnit, report

GT06_LOGIN = bytes.fromhex("78780d01086000000000000700010d0a")
JT808_LOGIN = bytes.fromhex("7e0002000001380013800000010f7e")
HTTP = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
INSPECTION = 10 * SECOND


def told(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Give the issues that are raised, by their ids."""
    return {
        issue_id: issue
        for (domain, issue_id), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    }


class Trouble:
    """A tracker, and how it gets into each kind of trouble."""

    def __init__(
        self, hass: HomeAssistant, freezer: FrozenDateTimeFactory, unit: UdpUnit
    ) -> None:
        """Report through `unit`."""
        self.hass = hass
        self.freezer = freezer
        self.unit = unit

    async def look(self, time: timedelta = INSPECTION) -> dict[str, ir.IssueEntry]:
        """Let time pass until the next inspection, and give what is raised then."""
        await pass_time(self.hass, self.freezer, time)
        return told(self.hass)

    async def say(self, *frames: bytes, unit: UdpUnit | None = None) -> None:
        """Report, and wait until that is done with."""
        speaker = unit or self.unit
        for frame in frames:
            speaker.send(frame)
            await speaker.answer()

    async def live(self, reports: int) -> None:
        """Report second by second, parked."""
        for _ in range(reports):
            self.freezer.tick(SECOND)
            await self.say(report())

    async def be_wrong(self, age: timedelta) -> None:
        """Report by a clock that is off, until that is certain."""
        for _ in range(3):
            self.freezer.tick(20 * SECOND)
            await self.say(report(age=age))

    async def drive(self, place: Place = BERLIN) -> Place:
        """Drive for a minute and stand, with the ignition bit off throughout."""
        latitude, longitude = place
        for _ in range(4):
            self.freezer.tick(20 * SECOND)
            latitude += 0.0025
            await self.say(report(place=(latitude, longitude), speed_kmh=50))
        for time in (20, 100):
            self.freezer.tick(time * SECOND)
            await self.say(report(place=(latitude, longitude)))
        return latitude, longitude

    async def resend(self, times: int) -> None:
        """Report once, and then the same again."""
        self.freezer.tick(SECOND)
        await self.say(*[report()] * (1 + times))

    async def lag(self, age: timedelta, time: timedelta, every: timedelta) -> None:
        """Report for some time what is `age` old each time."""
        for _ in range(time // every):
            self.freezer.tick(every)
            await self.say(report(age=age))

    async def knock(self, entry: MockConfigEntry, data: bytes, times: int) -> None:
        """Let something else knock that is never answered."""
        traffic = hub_of(entry).receiver.traffic
        expected = traffic.received + times
        for _ in range(times):
            self.unit.send(data)
        await until(self.hass, lambda: traffic.received == expected)

    async def be_elsewhere(self, other: UdpUnit) -> None:
        """Let another sender report from far away."""
        self.freezer.tick(20 * SECOND)
        await self.say(report(place=POTSDAM), unit=other)

    async def be_here(self) -> None:
        """Report from where it stands."""
        self.freezer.tick(20 * SECOND)
        await self.say(report())

    async def be_doubled(self, other: UdpUnit) -> None:
        """Report, while another sender does so from far away."""
        await self.be_here()
        await self.be_elsewhere(other)
        await self.be_here()
