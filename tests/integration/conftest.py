"""The integration inside a Home Assistant of the test plugin, with real sockets."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import closing
from datetime import UTC, datetime
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from .host import add_tracker, receiver_entry, set_up
from .road import TcpUnit, UdpUnit
from .trouble import Trouble

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)

type TcpFactory = Callable[[], Awaitable[TcpUnit]]


@pytest.fixture(autouse=True)
def integration(socket_enabled: None, enable_custom_integrations: None) -> None:
    """Let the integration be found, and let it open its port."""


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare the way Home Assistant does, which leaves out what is drawn at random."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def all_enabled() -> Generator[None]:
    """Enable entities that are disabled unless their owner wants them."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        new_callable=PropertyMock(return_value=True),
    ):
        yield


@pytest.fixture
def port(unused_tcp_port: int) -> int:
    """A free port."""
    return unused_tcp_port


@pytest.fixture
async def entry(hass: HomeAssistant, port: int) -> MockConfigEntry:
    """A receiver that is set up and knows no tracker."""
    entry = receiver_entry(port)
    await set_up(hass, entry)
    return entry


@pytest.fixture
def udp(port: int) -> Generator[UdpUnit]:
    """A tracker that reports in datagrams."""
    with closing(UdpUnit(port)) as unit:
        yield unit


@pytest.fixture
async def connect(port: int) -> AsyncGenerator[TcpFactory]:
    """Connect trackers over TCP, and hang up at the end."""
    units: list[TcpUnit] = []

    async def connect() -> TcpUnit:
        unit = await TcpUnit.connect(port)
        units.append(unit)
        return unit

    yield connect
    for unit in units:
        unit.close()


@pytest.fixture
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Begin at noon, and let time pass only where a test says so."""
    freezer.move_to(NOON)


@pytest.fixture
async def tracker(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigSubentry:
    """A tracker that was let in."""
    return await add_tracker(hass, entry)


@pytest.fixture
def car(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    tracker: ConfigSubentry,
    udp: UdpUnit,
) -> Trouble:
    """What sits in the car."""
    return Trouble(hass, freezer, udp)


@pytest.fixture
def other(port: int) -> Generator[UdpUnit]:
    """A sender in another network."""
    with closing(UdpUnit(port, "127.1.0.1")) as unit:
        yield unit
