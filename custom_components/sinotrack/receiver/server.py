"""The open port: TCP and UDP on one number, as one unit.

Bytes become frames and frames become reports in one pass inside the protocol callback:
no queue, no task, no await. What is not a report is counted by reason. Whether a
report is answered is for its handler to say, since nothing is answered to a stranger.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
import logging

from ..h02 import Foreign, Report, acknowledge, decode, expand_batch, identify
from .bind import open_sockets
from .limits import READ_SIZE, Limits, Refusal
from .link import Link
from .tcp import TcpSession
from .traffic import Traffic
from .udp import UdpEndpoint

_LOGGER = logging.getLogger(__name__)

type ReportHandler = Callable[[Report, Link, datetime], bool]
"""Takes a report, where it came from and when (UTC); True acknowledges it."""

type ForeignHandler = Callable[[str, Link], None]
"""Takes the name of a foreign protocol and where it came from."""


def _utcnow() -> datetime:
    return datetime.now(UTC)


class Receiver:
    """Listens on one port and hands on what trackers report."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        on_report: ReportHandler,
        on_foreign: ForeignHandler | None = None,
        limits: Limits | None = None,
        clock: Callable[[], datetime] = _utcnow,
    ) -> None:
        """Prepare a receiver on `host` (a listen address) and `port`, 0 for any."""
        self.host = host
        self.port = port
        self.limits = limits or Limits()
        self.refusals: Counter[Refusal] = Counter()
        self.traffic = Traffic()
        self.read_buffer = memoryview(bytearray(READ_SIZE))
        self._on_report = on_report
        self._on_foreign = on_foreign
        self._clock = clock
        self.loop: asyncio.AbstractEventLoop
        # In order of arrival, so that the oldest stranger is found first.
        self._sessions: dict[TcpSession, None] = {}
        self._session_of: dict[str, TcpSession] = {}
        self._server: asyncio.Server | None = None
        self._udp: UdpEndpoint | None = None
        self._sweeper: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> int:
        """Open TCP connections."""
        return len(self._sessions)

    async def start(self) -> None:
        """Bind TCP and UDP, or neither: OSError tells why not."""
        self.loop = asyncio.get_running_loop()
        tcp, udp = await open_sockets(self.host, self.port)
        self.port = tcp.getsockname()[1]
        try:
            # Serves last, when nothing else can fail any more.
            self._server = await self.loop.create_server(
                lambda: TcpSession(self), sock=tcp, start_serving=False
            )
            _, self._udp = await self.loop.create_datagram_endpoint(
                lambda: UdpEndpoint(self), sock=udp
            )
            await self._server.start_serving()
        except BaseException:  # whoever waits for the start may be cancelled
            await self.stop()
            tcp.close()
            udp.close()
            raise
        self._sweep()

    async def stop(self) -> None:
        """Close everything; the port is free again on return."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        if self._udp is not None:
            self._udp.close()
            self._udp = None
        if self._server is not None:
            server, self._server = self._server, None
            await self._close_server(server)
        # A closed transport frees its socket in the next turn of the loop.
        await asyncio.sleep(0)

    def disconnect(self, tracker_id: str) -> None:
        """Let go of a tracker that is no longer accepted.

        Its connection is closed, unless other trackers speak through it.
        """
        session = self._session_of.pop(tracker_id, None)
        if session is not None:
            _unbind(session, tracker_id)

    # --- for the transports -----------------------------------------------------------

    def deliver(self, frame: bytes, link: Link) -> bool:
        """Decode a frame and hand it on; tells whether it was a report."""
        return self._call(self._take, frame, link)

    def refuse_foreign(self, head: bytes, link: Link) -> None:
        """Name what does not speak H02."""
        self._count_foreign(identify(head), link)

    def admit(self, session: TcpSession) -> None:
        """Take a new connection; at a limit the oldest stranger makes room."""
        peers = [other for other in self._sessions if other.peer == session.peer]
        if len(peers) >= self.limits.connections_per_peer:
            crowd = peers
        elif len(self._sessions) >= self.limits.connections:
            crowd = list(self._sessions)
        else:
            crowd = []
        self._sessions[session] = None
        self.traffic.connections += 1
        if crowd:
            strangers = (other for other in crowd if other.is_stranger)
            next(strangers, session).abort(Refusal.TOO_MANY)

    def discharge(self, session: TcpSession) -> None:
        """Forget a closed connection."""
        self._sessions.pop(session, None)
        for tracker_id in session.tracker_ids:
            if self._session_of.get(tracker_id) is session:
                del self._session_of[tracker_id]

    # --- inside -----------------------------------------------------------------------

    def _take(self, frame: bytes, link: Link) -> bool:
        """Read a frame, and refuse it, or hand it on and answer it."""
        report = decode(frame)
        if not isinstance(report, Report):
            if isinstance(report, Foreign):
                self._count_foreign(report.protocol, link)
            else:
                self.refusals[Refusal.MALFORMED] += 1
                # Not the frame itself, which may tell where somebody is.
                _LOGGER.debug("Malformed over %s: %s", link.transport, report.reason)
            return False
        if isinstance(link, TcpSession):
            report.tracker_id = report.tracker_id or link.tracker_id
            link.tracker_id = report.tracker_id
        if not report.tracker_id:
            self.refusals[Refusal.NO_ID] += 1
            return True
        self.traffic.reports += 1
        now = self._clock()
        if self._hand_on(report, link, now):
            self._welcome(report.tracker_id, link)
            answer = acknowledge(report, now)
            if answer and (link.transport == "tcp" or len(answer) <= len(frame)):
                # A forged sender of datagrams must not gain by what we answer.
                link.send(answer)
        return True

    def _hand_on(self, report: Report, link: Link, now: datetime) -> bool:
        """Hand on a report, or each one of a batch; tells whether to answer."""
        if not report.details or "points" not in report.details:
            return self._call(self._on_report, report, link, now)
        is_wanted = False
        for point in expand_batch(report, now) or (report,):
            point.tracker_id = report.tracker_id
            is_wanted |= self._call(self._on_report, point, link, now)
        return is_wanted

    def _call[*Ts](self, handler: Callable[[*Ts], bool | None], *args: *Ts) -> bool:
        """Call what may have a fault of our own, which then costs this call alone.

        Raised out of a protocol callback it would close the connection, and with it
        lose the good frames behind this one.
        """
        try:
            return bool(handler(*args))
        except Exception:
            self.refusals[Refusal.FAULT] += 1
            if self.refusals[Refusal.FAULT].bit_count() == 1:
                # The 1st, 2nd, 4th, 8th …: each report may repeat it.
                _LOGGER.exception("What arrived could not be handled")
            return False

    def _welcome(self, tracker_id: str, link: Link) -> None:
        """Bind an accepted tracker to its newest connection and close the one before.

        A carrier's NAT drops idle connections without a word, so that the old socket
        would stay for hours (protocol/h02.md e.28). One that other trackers still use
        stays open.
        """
        before = self._session_of.get(tracker_id)
        if before is link or not isinstance(link, TcpSession):
            return
        if link not in self._sessions:
            return  # closed meanwhile, with frames left that it had sent before
        self._session_of[tracker_id] = link
        link.tracker_ids |= {tracker_id}
        if before is not None:
            _unbind(before, tracker_id)

    def _count_foreign(self, protocol: str, link: Link) -> None:
        """Count a foreign protocol and tell the handler its name."""
        self.refusals[Refusal.FOREIGN] += 1
        _LOGGER.debug("Refused %s over %s", protocol, link.transport)
        if self._on_foreign is not None:
            self._call(self._on_foreign, protocol, link)

    async def _close_server(self, server: asyncio.Server) -> None:
        """Stop to listen and drop all connections, those just accepted included.

        asyncio loses a socket, unclosed, that it has accepted and not yet given to a
        session when the server closes. So accept no more, let those pass, then close.
        """
        try:
            for sock in server.sockets:
                self.loop.remove_reader(sock.fileno())
            await asyncio.sleep(0)
        finally:
            server.close()
            server.abort_clients()
        await server.wait_closed()

    def _sweep(self) -> None:
        """Look at the times of all connections."""
        now = self.loop.time()
        for session in tuple(self._sessions):
            session.check(now)
        self._sweeper = self.loop.call_later(self.limits.sweep, self._sweep)


def _unbind(session: TcpSession, tracker_id: str) -> None:
    """Take a tracker from a connection, and close it when that was the last."""
    session.tracker_ids -= {tracker_id}
    if session.is_stranger:
        session.abort()
