"""The integration inside a Home Assistant of the test plugin, with real sockets."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import closing
from unittest.mock import PropertyMock, patch

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from .host import receiver_entry, set_up
from .road import TcpUnit, UdpUnit

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
