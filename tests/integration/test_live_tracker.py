"""Who is called when a tracker has reported."""

from collections.abc import Generator
from datetime import datetime, timedelta
from types import MappingProxyType
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.sinotrack.h02 import Report, decode
from custom_components.sinotrack.live_tracker import (
    SHORTEST_DELAY,
    SHOWN_AT_ONCE,
    LiveTracker,
)

from .host import pass_time
from .road import CAR, report


@pytest.fixture
def live(hass: HomeAssistant) -> Generator[LiveTracker]:
    """A tracker that nothing is known of."""
    subentry = ConfigSubentry(
        data=MappingProxyType({}), subentry_type="tracker", title="Car", unique_id=CAR
    )
    live = LiveTracker(hass, subentry, lambda: None)
    yield live
    live.async_stop()


def tell(live: LiveTracker, *, age: int, ignition: bool) -> datetime:
    """Let it report as of `age` seconds ago; gives when that arrived."""
    now = dt_util.utcnow()
    decoded = decode(report(ignition=ignition, age=timedelta(seconds=age)))
    assert isinstance(decoded, Report)
    live.async_accept(decoded, now, "udp")
    return now


async def test_listener_is_called_after_each_report(live: LiveTracker) -> None:
    listener = Mock()
    live.async_add_listener(listener)
    tell(live, age=2, ignition=True)
    tell(live, age=1, ignition=True)
    assert listener.call_count == 2


async def test_listener_that_looks_at_something_is_called_when_that_changes(
    live: LiveTracker,
) -> None:
    tell(live, age=9, ignition=True)
    listener = Mock()
    live.async_add_listener(listener, lambda state: state.ignition)
    calls = []
    for age, ignition in enumerate((True, True, False, False, True)):
        tell(live, age=8 - age, ignition=ignition)
        calls.append(listener.call_count)
    assert calls == [0, 0, 1, 1, 2]


async def test_flood_is_followed_and_shown_as_what_has_become_of_it(
    hass: HomeAssistant, live: LiveTracker, freezer: FrozenDateTimeFactory
) -> None:
    """As of somebody who knows the id: hundreds fit into one datagram."""
    listener = Mock()
    live.async_add_listener(listener)
    for number in range(500):
        tell(live, age=500 - number, ignition=number % 2 == 1)
    assert live.tracker.state.ignition is True
    assert SHOWN_AT_ONCE <= listener.call_count <= SHOWN_AT_ONCE + 10
    shown = listener.call_count

    await pass_time(hass, freezer, timedelta(seconds=SHORTEST_DELAY))

    assert listener.call_count == shown + 1


async def test_all_are_called_when_the_tracker_goes_and_when_it_comes(
    live: LiveTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard_at = tell(live, age=2, ignition=True)
    listener = Mock()
    live.async_add_listener(listener, lambda _: None)
    tell(live, age=1, ignition=True)
    assert listener.call_count == 0

    later = heard_at + timedelta(hours=1)
    monkeypatch.setattr(dt_util, "utcnow", lambda: later)
    live.async_resume()
    assert not live.tracker.state.is_online
    assert listener.call_count == 1
    tell(live, age=0, ignition=True)
    assert listener.call_count == 2


async def test_listener_that_was_removed_is_not_called(live: LiveTracker) -> None:
    listener = Mock()
    remove = live.async_add_listener(listener)
    remove()
    remove()
    tell(live, age=1, ignition=True)
    assert listener.call_count == 0
