"""Other protocols that knock at the port, and what came through it."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.receiver import Traffic

from .conftest import TcpFactory
from .host import hub_of, until
from .road import UdpUnit, report

GT06_LOGIN = bytes.fromhex("78780d01086000000000000700010d0a")
HTTP = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"


async def test_protocols_are_told_by_name_the_last_one_first(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory, udp: UdpUnit
) -> None:
    knocks = hub_of(entry).knocks
    for data in (GT06_LOGIN, HTTP):
        unit = await connect()
        unit.send(data)
        assert await unit.is_closed()
    udp.send(GT06_LOGIN)
    await until(hass, lambda: next(iter(knocks)).count == 2)

    heard = [(knock.protocol, knock.count, knock.is_tracker) for knock in knocks]
    assert heard == [("gt06", 2, True), ("http", 1, False)]
    gt06 = next(iter(knocks))
    assert gt06.transport == "udp"
    assert gt06.first_heard <= gt06.last_heard

    knocks.forget("gt06")
    assert [knock.protocol for knock in knocks] == ["http"]


async def test_all_that_comes_is_counted(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory, udp: UdpUnit
) -> None:
    traffic = hub_of(entry).receiver.traffic
    assert traffic == Traffic()

    unit = await connect()
    await until(hass, lambda: traffic.connections == 1)
    assert traffic == Traffic(connections=1)
    unit.send(b"*HQ,")
    await until(hass, lambda: traffic.received == 1)
    assert traffic.reports == 0

    udp.send(report(), report())
    await until(hass, lambda: traffic.reports == 2)
    assert traffic == Traffic(connections=1, received=2, reports=2)
