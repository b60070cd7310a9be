"""The open port: TCP and UDP on one number, as one unit.

Bytes become frames and frames become reports in one pass inside the protocol callback:
no queue, no task, no await. What is not a report is counted by reason. The handler of a
report says whether it was wanted: nothing is answered to a stranger.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
import logging
import time

from ..h02 import (
    Foreign,
    Malformed,
    Report,
    claimed_ids,
    decode,
    expand_batch,
    identify,
)
from .addresses import without_mapping
from .admission import Admission
from .answers import Answers
from .bind import close_server, open_sockets
from .limits import READ_SIZE, Limits, Refusal
from .link import Link
from .peer_log import PeerLog
from .sessions import Sessions
from .tcp import TcpSession
from .traffic import Traffic
from .udp import UdpEndpoint

_LOGGER = logging.getLogger(__name__)

type ReportHandler = Callable[[Report, Link, datetime], bool]
"""Takes a report, where it came from and when (UTC); True if it was wanted."""

type ForeignHandler = Callable[[str, Link], None]
"""Takes the name of a foreign protocol and where it came from."""


def _without_words(error: Exception) -> Exception:
    """Give the kind and the way of an error; its words may hold what was sent."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)


def _utcnow() -> datetime:
    return datetime.now(UTC)


def _nobody(_tracker_id: str) -> bool:
    return False


def _everybody(_tracker_id: str) -> bool:
    return True


class Receiver:
    """Listens on one port and hands on what trackers report."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        on_report: ReportHandler,
        on_foreign: ForeignHandler | None = None,
        is_accepted: Callable[[str], bool] = _nobody,
        is_answered: Callable[[str], bool] = _everybody,
        limits: Limits | None = None,
        clock: Callable[[], datetime] = _utcnow,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare a receiver on `host` (a listen address) and `port`, 0 for any.

        `is_accepted` tells of an id whether `on_report` would want its reports, and
        `is_answered` of one that it wanted whether to acknowledge them.
        """
        self.host = host
        self.port = port
        self.limits = limits or Limits()
        self.refusals: Counter[Refusal] = Counter()
        self.traffic = Traffic()
        self.read_buffer = memoryview(bytearray(READ_SIZE))
        self._on_report = on_report
        self._on_foreign = on_foreign
        self.is_accepted = is_accepted
        self._is_answered = is_answered
        self._clock = clock
        self.loop: asyncio.AbstractEventLoop
        self.admission = Admission(self.limits, monotonic)
        self.sessions = Sessions(self.limits)
        self._answers = Answers(self.limits, monotonic, self.traffic)
        self._log = PeerLog(_LOGGER, monotonic, self.traffic)
        self._server: asyncio.Server | None = None
        self._udp: UdpEndpoint | None = None
        self._sweeper: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> int:
        """Open TCP connections."""
        return len(self.sessions)

    @property
    def hears_stranger(self) -> bool:
        """Whether a stranger is in the middle of a frame, which may become a report."""
        return any(
            session.is_stranger and session.is_amid_frame for session in self.sessions
        )

    async def start(self) -> None:
        """Bind TCP and UDP, or neither: OSError tells why not."""
        self.loop = asyncio.get_running_loop()
        tcp, udp = await open_sockets(self.host, self.port)
        self.port = tcp.getsockname()[1]
        self.admission.own_address = without_mapping(tcp.getsockname()[0])
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
            await close_server(server)
        # A closed transport frees its socket in the next turn of the loop.
        await asyncio.sleep(0)

    def allow(self, networks: Iterable[str]) -> None:
        """Listen to these networks (CIDR) alone, or to all if there are none.

        Raises ValueError on what is no network.
        """
        self.admission.allow(networks)
        for session in self.sessions:
            if not self.is_welcome(session):
                session.abort()

    def disconnect(self, tracker_id: str) -> None:
        """Let go of a tracker that is no longer accepted."""
        self.sessions.disconnect(tracker_id)
        self._answers.forget(tracker_id)

    # --- for the transports -----------------------------------------------------------

    def attempt[*Ts, T](self, handler: Callable[[*Ts], T], *args: *Ts) -> T | None:
        """Call what may have a fault of our own, which then costs this call alone.

        Raised out of a protocol callback it would close the connection, and with it
        lose the good frames behind this one.
        """
        try:
            return handler(*args)
        except Exception as error:
            self.refusals[Refusal.FAULT] += 1
            if self.refusals[Refusal.FAULT].bit_count() == 1:
                # The 1st, 2nd, 4th, 8th …: each report may repeat it.
                _LOGGER.exception(
                    "What arrived could not be handled", exc_info=_without_words(error)
                )
            return None

    def deliver(self, frame: bytes, link: Link) -> bool:
        """Read a frame, and refuse it, or hand it on and answer it.

        Tells whether it was a report of somebody. To be attempted: its handler may have
        faults.
        """
        report = decode(frame)
        if not isinstance(report, Report):
            self._refuse(report, link)
            return False
        session = link if isinstance(link, TcpSession) else None
        if session is not None:
            session.complete(report)
        if not report.tracker_id:
            self.refusals[Refusal.NO_ID] += 1
            self.blame(link)
            return False
        self.traffic.reports += 1
        now = self._clock()
        if self._hand_on(report, link, now):
            if session is not None:
                self._welcome(report.tracker_id, session)
            if self._is_answered(report.tracker_id):
                self._answers.give(report, link, now)
        elif self.is_accepted(report.tracker_id):
            # A test of ours, which nobody else needs to know of.
            self.traffic.own_connections += session is not None
        else:
            self.blame(link, report.tracker_id, len(report.points) or 1)
        return True

    def may_be_accepted(self, data: bytes) -> bool:
        """Tell whether bytes begin as a frame of an accepted tracker does."""
        return any(map(self.is_accepted, claimed_ids(data)))

    def refuse_foreign(self, head: bytes, link: Link) -> None:
        """Name what does not speak H02, unless it is a broken frame of a tracker."""
        if self.may_be_accepted(head):
            self.refusals[Refusal.MALFORMED] += 1
            return
        self.traffic.noise += 1
        self._count_foreign(identify(head), link)
        self.blame(link)

    def is_welcome(self, link: Link) -> bool:
        """Tell whether a connection is allowed, and count it if not."""
        is_allowed = self.admission.is_allowed(link.peer)
        if not is_allowed:
            self.turn_away(Refusal.NOT_ALLOWED, link)
        return is_allowed

    def turn_away(self, reason: Refusal, link: Link, count: int = 1) -> None:
        """Count what is not read, and tell the address that this is held against."""
        self.refusals[reason] += count
        self.traffic.noise += reason is not Refusal.NOT_ALLOWED
        self._log.tell(logging.INFO, link, reason, with_address=True)

    def blame(self, link: Link, tracker_id: str = "", records: int = 1) -> None:
        """Hold against a peer what was of no accepted tracker.

        `tracker_id` is that of a report, which is not held against it again and again
        unless its `records` are too many.
        """
        self.admission.note(link.peer, link.transport, tracker_id, records)

    # --- inside -----------------------------------------------------------------------

    def _welcome(self, tracker_id: str, session: TcpSession) -> None:
        """Let an accepted tracker have the connection that it speaks through."""
        was_stranger = session.is_stranger
        self.sessions.welcome(tracker_id, session)
        self.traffic.own_connections += was_stranger and not session.is_stranger

    def _hand_on(self, report: Report, link: Link, now: datetime) -> bool:
        """Hand on a report, or each one of a batch; tells whether to answer."""
        if not report.points:
            return self._on_report(report, link, now)
        is_wanted = False
        for point in expand_batch(report, now):
            is_wanted |= self._on_report(point, link, now)
        return is_wanted

    def _refuse(self, frame: Foreign | Malformed, link: Link) -> None:
        """Count a frame that is no report."""
        if isinstance(frame, Foreign):
            self._count_foreign(frame.protocol, link)
        else:
            self.refusals[Refusal.MALFORMED] += 1
            # Not the frame itself, which may tell where somebody is.
            self._log.tell(logging.DEBUG, link, frame.reason)
        if not self.may_be_accepted(frame.raw):
            self.traffic.noise += 1
            self.blame(link)

    def _count_foreign(self, protocol: str, link: Link) -> None:
        """Count a foreign protocol and tell the handler its name."""
        self.refusals[Refusal.FOREIGN] += 1
        self._log.tell(logging.DEBUG, link, protocol)
        if self._on_foreign is not None:
            self.attempt(self._on_foreign, protocol, link)

    def _sweep(self) -> None:
        """Look at the times of all connections."""
        self._sweeper = self.loop.call_later(self.limits.sweep, self._sweep)
        now = self.loop.time()
        for session in self.sessions:
            self.attempt(session.check, now)
