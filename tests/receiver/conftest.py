"""Receivers and peers that are gone when a test ends."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from custom_components.sinotrack.receiver import Limits
from custom_components.sinotrack.receiver.tcp import TcpSession

from .harness import HOST, Listener, Peer, Sender, until
from .wire import Port

type Listen = Callable[..., Awaitable[Listener]]
type Connect = Callable[..., Awaitable[Peer]]
type Datagrams = Callable[[Listener], Sender]


@pytest.fixture(autouse=True)
def sockets(socket_enabled: None) -> None:
    """Let tests open sockets on the loopback."""


@pytest.fixture
async def cleanup() -> AsyncGenerator[AsyncExitStack]:
    """What is to be closed, the last first."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def listen(cleanup: AsyncExitStack) -> Listen:
    """Start a receiver, with limits where given."""

    async def start(limits: Limits | None = None, host: str = HOST) -> Listener:
        listener = Listener(limits, host)
        await listener.receiver.start()
        cleanup.push_async_callback(listener.receiver.stop)
        return listener

    return start


@pytest.fixture
def connect(cleanup: AsyncExitStack) -> Connect:
    """Open a connection that the receiver has admitted, or refused."""

    async def open_peer(listener: Listener, source: str = HOST) -> Peer:
        receiver = listener.receiver

        def decided() -> int:
            return receiver.connections + receiver.refusals.total()

        before = decided()
        peer = await Peer.open(listener, source)
        cleanup.push_async_callback(peer.close)
        await until(lambda: decided() > before)
        return peer

    return open_peer


@pytest.fixture
def datagrams(cleanup: AsyncExitStack) -> Datagrams:
    """Open a UDP socket."""

    def open_sender(listener: Listener) -> Sender:
        sender = Sender(listener)
        cleanup.callback(sender.close)
        return sender

    return open_sender


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes the receiver has taken, read by read."""
    taken: list[int] = []
    original = TcpSession.buffer_updated

    def noted(session: TcpSession, nbytes: int) -> None:
        original(session, nbytes)
        taken.append(nbytes)

    monkeypatch.setattr(TcpSession, "buffer_updated", noted)
    return taken


@pytest.fixture
def port() -> Port:
    """A receiver without sockets."""
    return Port()


@pytest.fixture
def flooded(port: Port) -> Port:
    """A port that a flood comes to, from the address of a carrier."""
    port.flood()
    return port
