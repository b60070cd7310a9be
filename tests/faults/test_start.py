"""Reports that come while Home Assistant is not ready for them."""

from collections.abc import Iterable
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntries, ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import CoreState, HomeAssistant
import pytest

from tests.integration.host import (
    offered,
    place_of,
    receiver_entry,
    set_up,
    shown,
    until,
)
from tests.integration.road import BERLIN, CAR, VAN, UdpUnit, full_report, report


async def test_report_before_the_entity_exists_is_shown_once_it_does(
    hass: HomeAssistant, port: int, udp: UdpUnit
) -> None:
    """The port is open before the platforms are set up, which take their time."""
    entry = receiver_entry(port, {CAR: "Car"})
    forward = ConfigEntries.async_forward_entry_setups

    async def after_a_report(
        entries: ConfigEntries, of: ConfigEntry[Any], platforms: Iterable[Platform]
    ) -> None:
        udp.send(full_report(ignition=True))
        assert await udp.answer() == b"*HQ,9170000000,R12,120000#"
        assert hass.states.async_all("device_tracker") == []
        await forward(entries, of, platforms)

    with patch.object(ConfigEntries, "async_forward_entry_setups", after_a_report):
        await set_up(hass, entry)

    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert shown(hass, "ignition").state == "on"
    assert shown(hass, "battery").state == "95"


async def test_report_before_home_assistant_has_started_counts(
    hass: HomeAssistant, port: int, udp: UdpUnit
) -> None:
    """A stranger is offered once it has."""
    hass.set_state(CoreState.starting)
    entry = receiver_entry(port, {CAR: "Car"})
    await set_up(hass, entry)

    udp.send(report(CAR), report(VAN))
    assert await udp.answer() == b"*HQ,9170000000,R12,120000#"
    assert place_of(hass, CAR) == pytest.approx(BERLIN, abs=1e-5)
    assert offered(hass) == []

    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await until(hass, lambda: offered(hass) == [VAN])
