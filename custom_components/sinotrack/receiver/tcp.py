"""TCP: one session for each connection of a tracker, or of a stranger."""

import asyncio
from math import inf
from typing import Final, cast, override

from ..h02 import RECORD_PATIENCE, UNKNOWN, Framer, Report, claimed_ids, identify
from .addresses import without_mapping
from .limits import STRANGER_READ_SIZE, UNSENT_LIMIT, Refusal
from .link import Transport
from .port import Port

# Closed for one of these, a connection is held against its address.
_OFFENCES: Final = frozenset({Refusal.JUNK, Refusal.NO_FRAME, Refusal.TOO_MANY})


class TcpSession(asyncio.BufferedProtocol):
    """Cuts what one connection sends into frames and watches its times.

    All sessions read into one buffer of the receiver: the loop calls `get_buffer` and
    `buffer_updated` with nothing in between, and an idle connection then holds none.
    """

    __slots__ = (
        "_deadline",
        "_framer",
        "_had_frame",
        "_partial_since",
        "_receiver",
        "_timer",
        "_tracker_id",
        "_transport",
        "_vendor",
        "is_retired",
        "peer",
        "tracker_ids",
    )

    transport: Transport = "tcp"

    def __init__(self, receiver: Port) -> None:
        """Deliver to `receiver`."""
        self._receiver = receiver
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self.peer = ""
        self._had_frame = False
        self._partial_since: float | None = None
        # Of the patience with a record, or of a pause: in that nothing more can come.
        self._timer: asyncio.TimerHandle | None = None
        # When to close, in loop time.
        self._deadline = 0.0
        # The id last seen, and its maker code: frames without belong to it (a.1).
        self._tracker_id = self._vendor = ""
        self.tracker_ids: tuple[str, ...] = ()
        """Accepted trackers that speak through this connection, usually one."""
        self.is_retired = False
        """Whether its tracker has a newer one, so that it is closed before long."""

    @property
    def is_stranger(self) -> bool:
        """Whether no accepted tracker speaks through this connection."""
        return not self.tracker_ids

    @property
    def is_amid_frame(self) -> bool:
        """Whether the beginning of a frame is there."""
        return not self._framer.is_empty

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if not self._receiver.attempt(self._begin, self._transport):
            self.abort()

    def _begin(self, transport: asyncio.Transport) -> bool:
        """Take up a connection; tells whether it is welcome."""
        receiver = self._receiver
        self.peer = without_mapping(transport.get_extra_info("peername")[0])
        transport.set_write_buffer_limits(high=UNSENT_LIMIT)
        if not receiver.is_welcome(self):
            return False
        self._deadline = receiver.loop.time() + receiver.limits.first_frame
        receiver.traffic.connections += 1
        receiver.sessions.admit(self)
        return True

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        buffer = self._receiver.read_buffer
        return buffer[:STRANGER_READ_SIZE] if self.is_stranger else buffer

    @override
    def buffer_updated(self, nbytes: int) -> None:
        self._stop_timer()
        receiver, framer = self._receiver, self._framer
        receiver.traffic.received += 1
        data = bytes(receiver.read_buffer[:nbytes])
        frames = framer.feed(data)
        if framer.is_empty:
            self._partial_since = None
        else:
            self._watch_partial(is_new=bool(frames))
        self._take(frames)
        if framer.skipped:
            self._judge_junk()
        is_blank = self.is_stranger and data.isspace()
        if is_blank and receiver.admission.is_flooding(self.peer):
            # Blanks, which hold the way through a NAT open, wait as a frame does.
            receiver.turn_away(Refusal.FLOOD, self)
            self._pause()

    @override
    def eof_received(self) -> None:
        self._take_rest()

    @override
    def pause_writing(self) -> None:
        self.abort(Refusal.UNREAD)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            # Lost, not aborted: a record held for patience is whole all the same.
            self._take_rest()
            self._transport = None
            self._stop_timer()
        self._receiver.sessions.discharge(self)

    def complete(self, report: Report) -> None:
        """Add what a record leaves out and the frame before it told (a.1).

        That is the id, and with the same id the maker code.
        """
        report.tracker_id = report.tracker_id or self._tracker_id
        if not report.vendor and report.tracker_id == self._tracker_id:
            report.vendor = self._vendor
        self._tracker_id, self._vendor = report.tracker_id, report.vendor

    def send(self, data: bytes) -> None:
        """Send an answer, unless the connection is gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def abort(self, reason: Refusal | None = None) -> None:
        """Close at once and silently, counting the reason; the first call counts."""
        transport, self._transport = self._transport, None
        if transport is None:
            return
        if reason is not None:
            self._receiver.refusals[reason] += 1
        if reason in _OFFENCES:
            self._receiver.blame(self)
        self._stop_timer()
        self._partial_since = None
        self._deadline = inf
        # At once, so that who comes in the same turn of the loop finds the room free.
        self._receiver.sessions.discharge(self)
        transport.abort()

    def retire(self) -> None:
        """Give way to a newer connection, once what is on its way has arrived."""
        self.is_retired = True
        self._deadline = self._receiver.loop.time() + self._receiver.limits.retired

    def check(self, now: float) -> None:
        """Close if a time is over; `now` is loop time."""
        since = self._partial_since
        if since is not None and now - since > self._receiver.limits.partial_frame:
            self._receiver.refusals[Refusal.PARTIAL] += 1
            self._receiver.traffic.noise += self.is_stranger
            self._take_rest()
        if now > self._deadline:
            reason = Refusal.IDLE if self._had_frame else Refusal.NO_FRAME
            self.abort(None if self.is_retired else reason)

    def _take(self, frames: list[bytes]) -> None:
        """Deliver frames; the first makes the connection one that may stay."""
        receiver = self._receiver
        if frames and receiver.admission.is_flooding(self.peer):
            self._sift(frames)
            return
        for frame in frames:
            if self._deliver(frame):
                self._had_frame = True
        if frames and self._had_frame:
            self._prolong()

    def _deliver(self, frame: bytes) -> bool:
        """Deliver a frame; tells whether its sender has proved to be a tracker."""
        receiver = self._receiver
        is_report = receiver.attempt(receiver.deliver, frame, self)
        if is_report is None:
            # The fault is our own: an accepted tracker does not pay for it.
            return receiver.may_be_accepted(frame)
        return is_report

    def _sift(self, frames: list[bytes]) -> None:
        """Deliver what is of accepted trackers alone; a new connection needs one.

        So a flood from the address that they share costs them nothing, not even over a
        connection that they share too, and gets no further than the first id on each
        connection that it opens.
        """
        receiver = self._receiver
        unread = 0
        for frame in frames:
            ids = claimed_ids(frame) or (self._tracker_id,)
            if any(map(receiver.is_accepted, ids)):
                if self._deliver(frame):
                    self._had_frame = True
                    self._prolong()
            else:
                unread += 1
                # A record without an id that follows is not of who spoke before.
                self._tracker_id, self._vendor = ids[0], ""
        if unread:
            receiver.turn_away(Refusal.FLOOD, self, unread)
            # A frame that names nobody may be of a tracker that names itself next.
            if not self._had_frame and (self._tracker_id or unread > 1):
                self.abort()
            self._pause()

    def _prolong(self) -> None:
        """Give the connection time until its next frame."""
        if self.is_retired:
            return
        limits = self._receiver.limits
        idle = limits.stranger_idle if self.is_stranger else limits.tracker_idle
        self._deadline = self._receiver.loop.time() + idle

    def _take_rest(self) -> None:
        """Take what is held as all there is."""
        self._stop_timer()
        frames = self._framer.flush()
        self._partial_since = self._receiver.loop.time() if self.is_amid_frame else None
        self._take(frames)

    def _watch_partial(self, *, is_new: bool) -> None:
        """Give the rest of a frame its time, and a whole record a little."""
        loop = self._receiver.loop
        if is_new or self._partial_since is None:
            self._partial_since = loop.time()
        if self._framer.is_waiting:
            self._timer = loop.call_later(RECORD_PATIENCE, self._take_rest)

    def _pause(self) -> None:
        """Leave a flood waiting at its sender for a while; no other time runs in it."""
        transport, receiver = self._transport, self._receiver
        if transport is None:
            return
        self._stop_timer()
        self._partial_since = None
        transport.pause_reading()
        pause = len(self.get_buffer(-1)) / receiver.limits.flood_rate
        self._timer = receiver.loop.call_later(pause, self._go_on, transport)

    def _go_on(self, transport: asyncio.Transport) -> None:
        """Read on after a pause."""
        self._timer = None
        if self.is_amid_frame:
            self._watch_partial(is_new=True)
        transport.resume_reading()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _judge_junk(self) -> None:
        """Close a connection that speaks another protocol, or none."""
        receiver, framer = self._receiver, self._framer
        if framer.overlong:
            receiver.refusals[Refusal.OVERLONG] += framer.overlong
            framer.overlong = 0
        if self._transport is None:
            return
        if self._had_frame:
            self._bear_junk()
            return
        is_of_tracker = receiver.may_be_accepted(framer.junk)
        if identify(framer.junk) != UNKNOWN and not is_of_tracker:
            if receiver.admission.is_flooding(self.peer):
                receiver.turn_away(Refusal.FLOOD, self)
            else:
                receiver.refuse_foreign(framer.junk, self)
            self.abort()
        else:
            receiver.traffic.noise += not is_of_tracker
            if framer.skipped > receiver.limits.junk:
                self.abort(Refusal.JUNK)

    def _bear_junk(self) -> None:
        """Pass over what stands between frames; with a stranger not for ever."""
        self._framer.skipped = 0
        if self.is_stranger:
            self._receiver.blame(self)
            if self._receiver.admission.is_flooding(self.peer):
                self.abort(Refusal.FLOOD)
