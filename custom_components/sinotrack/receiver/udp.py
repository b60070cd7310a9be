"""UDP: each datagram holds whole frames and stands for itself (protocol.md a.9)."""

import asyncio
from typing import cast, override

from ..h02 import LONGEST_HEAD, split
from .addresses import without_mapping
from .limits import DATAGRAM_LIMIT, HEADERS, SIFTED_LIMIT, Refusal
from .link import Transport
from .port import Port


class UdpEndpoint(asyncio.DatagramProtocol):
    """The UDP half of the receiver."""

    def __init__(self, receiver: Port) -> None:
        """Deliver to `receiver`."""
        self._receiver = receiver
        self._judge = receiver.admission.judge_datagram
        self._transport: asyncio.DatagramTransport | None = None
        self._is_clogged = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._receiver.attempt(self._take, data, addr)

    def _take(self, data: bytes, addr: tuple[str, int]) -> None:
        """Read a datagram, as far as its sender may be heard.

        A sender can be forged, so that it must not matter to accepted trackers how
        others use it: what is of them is read as ever.
        """
        receiver, link = self._receiver, _UdpLink(addr)
        reason = self._judge(addr[0])
        if reason is Refusal.NOT_ALLOWED:
            receiver.turn_away(reason, link)
            return
        if addr[1] == receiver.port and receiver.admission.is_here(addr[0]):
            receiver.refusals[Refusal.OWN] += 1
            return
        receiver.traffic.received += 1
        if len(data) > DATAGRAM_LIMIT:
            receiver.turn_away(Refusal.OVERLONG, link)
            receiver.blame(link)
            return
        size = DATAGRAM_LIMIT if reason is None else SIFTED_LIMIT
        frames = split(data[:size])
        # What is beyond counts as one, for nobody looks how many it holds.
        unread = int(len(data) > size)
        for frame in frames:
            if reason is None or receiver.may_be_accepted(frame):
                receiver.attempt(receiver.deliver, frame, link)
                if len(frames) > 1 and reason is None:
                    # It may have been the one too many.
                    reason = self._judge(addr[0])
            else:
                unread += 1
        self._answer(link, data)
        if frames and not unread:
            return
        if reason is not None:
            receiver.turn_away(reason, link, unread or 1)
        elif data.strip():
            # Blanks alone hold the way through a NAT open.
            receiver.refuse_foreign(data[:LONGEST_HEAD], link)

    def _answer(self, link: _UdpLink, data: bytes) -> None:
        """Answer a datagram, unless the answers before could not even leave.

        Each frame with a datagram of its own, as servers of H02 do; but together where
        the headers would make of it more than was sent, for the sender can be forged.
        No answer is longer than its frame, so that they fit into one.
        """
        if self._transport is None or self._is_clogged:
            return
        answers = link.answers
        if len(answers) > 1:
            size = sum(map(len, answers)) + HEADERS * len(answers)
            if size > len(data) + HEADERS:
                answers = (b"".join(answers),)
        for answer in answers:
            self._transport.sendto(answer, link.address)

    @override
    def error_received(self, exc: Exception) -> None:
        """Ignore that an answer did not arrive (ICMP): nobody waits for it."""

    @override
    def pause_writing(self) -> None:
        self._is_clogged = True

    @override
    def resume_writing(self) -> None:
        self._is_clogged = False

    def close(self) -> None:
        """Free the port, whatever was still to be sent."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()


class _UdpLink:
    """The sender of one datagram, and what it is answered."""

    __slots__ = ("address", "answers", "peer")

    transport: Transport = "udp"

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.answers: tuple[bytes, ...] = ()
        self.peer = without_mapping(address[0])

    def send(self, data: bytes) -> None:
        self.answers += (data,)
