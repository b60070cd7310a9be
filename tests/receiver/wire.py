"""A receiver without sockets, whose time stands still: what arrives is put in by hand."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, cast, override

from custom_components.sinotrack.receiver import Limits, Receiver
from custom_components.sinotrack.receiver.tcp import TcpSession
from custom_components.sinotrack.receiver.udp import UdpEndpoint

from .frames import BROKEN, NOW
from .harness import Listener

CARRIER = "203.0.113.7"
"""Behind whose address many trackers are, and not trackers alone."""

ELSEWHERE = "198.51.100.1"
"""Some other address."""


class Still:
    """A loop whose time goes on when a test says so."""

    began_at = 1000.0

    def __init__(self) -> None:
        """Start with no timer."""
        self.now = self.began_at
        self._timers: list[_Timer] = []

    def time(self) -> float:
        """Give the time."""
        return self.now

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: object
    ) -> _Timer:
        """Begin a timer."""
        timer = _Timer(self.now + delay, partial(callback, *args))
        self._timers.append(timer)
        return timer

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the timers end that are due then."""
        self.now += seconds
        due = [timer for timer in self._timers if timer.ends_at <= self.now]
        self._timers = [timer for timer in self._timers if timer not in due]
        for timer in due:
            timer.end()


class _Timer:
    def __init__(self, ends_at: float, callback: Callable[[], object]) -> None:
        self.ends_at = ends_at
        self._callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        """Never end."""
        self._callback = None

    def end(self) -> None:
        """Do what it is for."""
        if self._callback is not None:
            self._callback()


class Wire(asyncio.Transport):
    """One connection: what was answered, and whether it is still open."""

    def __init__(self, receiver: Receiver, host: str) -> None:
        """Connect from a host."""
        super().__init__({"peername": (host, 40000)})
        self.answers: list[bytes] = []
        self.is_open = True
        self.holds: int | None = None
        """Bytes of answers that may be left unread."""
        self.waiting = b""
        """What has arrived and is not read yet."""
        self._is_read = True
        self._session = TcpSession(receiver)
        self._session.connection_made(self)

    def send(self, data: bytes) -> None:
        """Send as much as the other side reads, in reads as large as it likes."""
        self.waiting += data
        self._be_read()

    def _be_read(self) -> None:
        while self.waiting and self._is_read and self.is_open:
            buffer = self._session.get_buffer(-1)
            taken, self.waiting = (
                self.waiting[: len(buffer)],
                self.waiting[len(buffer) :],
            )
            buffer[: len(taken)] = taken
            self._session.buffer_updated(len(taken))

    def choke(self) -> None:
        """Leave more answers unread than are kept."""
        self._session.pause_writing()

    @override
    def set_write_buffer_limits(
        self, high: int | None = None, low: int | None = None
    ) -> None:
        """Hold as much as is written, and note what may be."""
        self.holds = high

    @override
    def pause_reading(self) -> None:
        self._is_read = False

    @override
    def resume_reading(self) -> None:
        self._is_read = True
        self._be_read()

    @override
    def write(self, data: Any) -> None:
        self.answers.append(bytes(data))

    @override
    def is_closing(self) -> bool:
        return not self.is_open

    @override
    def abort(self) -> None:
        self.is_open = False


class Outbox(asyncio.DatagramTransport):
    """Where answers to datagrams go."""

    def __init__(self) -> None:
        """Start with nothing sent."""
        super().__init__()
        self.sent: list[bytes] = []

    @override
    def sendto(self, data: Any, addr: Any = None) -> None:
        """Note it."""
        self.sent.append(bytes(data))

    @override
    def abort(self) -> None:
        """Do nothing."""


class Port(Listener):
    """A receiver that is open to what a test puts in."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Open it."""
        super().__init__(limits)
        self.loop = Still()
        self.receiver = Receiver(
            "0.0.0.0",
            0,
            on_report=self._take,
            on_foreign=self._take_foreign,
            is_accepted=self.accepts,
            limits=limits,
            clock=lambda: NOW,
            monotonic=self.loop.time,
        )
        self.receiver.loop = cast(asyncio.AbstractEventLoop, self.loop)
        self.outbox = Outbox()
        self._udp = UdpEndpoint(self.receiver)
        self._udp.connection_made(self.outbox)

    def connect(self, host: str = CARRIER) -> Wire:
        """Open a connection."""
        return Wire(self.receiver, host)

    def datagram(
        self, *frames: bytes, host: str = CARRIER, port: int = 40000
    ) -> list[bytes]:
        """Put in a datagram; gives those that it was answered with."""
        self._udp.datagram_received(b"".join(frames), (host, port))
        answers, self.outbox.sent = self.outbox.sent, []
        return answers

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and look at it."""
        self.loop.pass_time(seconds)
        for session in self.receiver.sessions:
            session.check(self.loop.now)

    def flood(self, host: str = CARRIER) -> None:
        """Let broken frames come until the address is under flood control."""
        while not self.receiver.admission.is_flooding(host):
            self.datagram(BROKEN, host=host)
        self.receiver.refusals.clear()
