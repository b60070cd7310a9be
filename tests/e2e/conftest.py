"""One real Home Assistant for all tests of this folder, and one receiver in it.

Then the same with each newer Home Assistant, for all tests that are not slow. Each test
takes tracker ids that nobody else uses, so that none depends on another.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import count

import pytest
import pytest_asyncio
import pytest_socket

from .browser import Browser, browsing
from .host import Host
from .installation import NEWER, OURS, Installation
from .owner import Owner
from .ports import free_port

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Receiver:
    """The receiver under test."""

    entry_id: str
    port: int


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test with our Home Assistant, and with newer ones unless it is slow."""
    if "installation" in metafunc.fixturenames:
        is_slow = metafunc.definition.get_closest_marker("slow") is not None
        metafunc.parametrize(
            "installation",
            [OURS] if is_slow else [OURS, *NEWER],
            ids=str,
            indirect=True,
        )


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Stand in for the test plugin's check that nothing outlives a test.

    Here a process, its connections and a browser do, for the next test.
    """


@pytest.fixture(autouse=True)
def sockets_of_a_test(socket_enabled: None) -> None:
    """Allow sockets, still to 127.0.0.1 only, in each test."""


def allow_sockets() -> None:
    """Allow sockets to what outlives the test that needs it first.

    The test plugin forbids them before each test, and this is made before the fixtures
    of a test.
    """
    pytest_socket.enable_socket()


@pytest.fixture(scope="package")
def installation(request: pytest.FixtureRequest) -> Installation:
    """The Home Assistant under test; where it is missing, its tests fail."""
    chosen: Installation = request.param
    if not chosen.python.exists():
        pytest.fail(
            f"Home Assistant {chosen} is not installed: run {chosen.command}",
            pytrace=False,
        )
    return chosen


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def host(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Host]:
    """A running Home Assistant that has logged nothing bad when it has ended."""
    allow_sockets()
    folder = tmp_path_factory.mktemp(f"host-{installation}-")
    async with Host(folder, port=free_port(), python=installation.python) as running:
        yield running
        assert await running.stop() == 0
    assert running.log.problems() == "", f"logged by Home Assistant {running.version}"


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def owner(host: Host) -> Owner:
    """The one who uses it."""
    return Owner(host)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def receiver(owner: Owner) -> Receiver:
    """A receiver that was set up through the flow."""
    allow_sockets()
    port = free_port()
    return Receiver(await owner.add_receiver(port), port)


@pytest_asyncio.fixture(loop_scope="session")
async def browser(host: Host) -> AsyncIterator[Browser]:
    """A browser in which the tester is signed in."""
    async with browsing(host) as opened:
        yield opened


@pytest.fixture
def new_id() -> Callable[[], str]:
    """Give ids of 10 digits that no other test uses."""
    return lambda: f"91700{next(_numbers):05d}"


@pytest.fixture
def tracker_id(new_id: Callable[[], str]) -> str:
    """One such id."""
    return new_id()
