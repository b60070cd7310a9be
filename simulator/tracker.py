"""The whole tracker: a unit, its memory and its radio, living through a journey."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from .backlog import Backlog, Order
from .clock import utc_now
from .commands import Downlink, Ear, answer
from .faults import Faults, Mangler
from .link import Link, Transport, open_link
from .unit import Record, Unit

_BACKOFF_FIRST, _BACKOFF_LAST = 1.0, 30.0
_ANSWER_SECONDS = 3
_REMEMBERED_UNACKNOWLEDGED = 1000


@dataclass(slots=True)
class Counters:
    """What happened so far; `sent` counts frames, repeats included.

    `acknowledged` counts R12, `clock_acknowledged` V4,V1 and V4,NBR, `echoed` HTBT and
    V0, `misaddressed` what carried other letters or another id.
    """

    sent: int = 0
    stored: int = 0
    repeated: int = 0
    links: int = 0
    refused: int = 0
    acknowledged: int = 0
    clock_acknowledged: int = 0
    echoed: int = 0
    misaddressed: int = 0


def _ignore(*_: Record) -> None:
    """The default of the callbacks."""


class SimulatedTracker:
    """Sends a unit's journey to a server, as an ST-906 would.

    Use it as an asynchronous context manager around `run`; leaving it closes the link.
    `offline` lists intervals without a link, in seconds since the unit's start. A lost
    or refused link is tried again with growing pauses, reports made meanwhile are
    stored. UDP knows no link: a datagram nobody takes is lost.
    """

    def __init__(
        self,
        unit: Unit,
        host: str = "127.0.0.1",
        port: int = 8888,
        *,
        transport: Transport | str = Transport.TCP,
        own_host: str | None = None,
        offline: Sequence[tuple[float, float]] = (),
        order: Order | str = Order.OLDEST_FIRST,
        drip_s: float = 0.0,
        resend_unacknowledged: bool = False,
        faults: Faults | None = None,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        on_sent: Callable[[Record], None] = _ignore,
        on_stored: Callable[[Record], None] = _ignore,
        on_refused: Callable[[], None] = _ignore,
    ) -> None:
        """Prepare a tracker that is switched on when `run` is awaited.

        With `resend_unacknowledged` each report is followed by the oldest record that
        no R12 answered, as ST-901L does (protocol.md e.7). `own_host` is the address to
        come from; the server sees all trackers at one address as behind one NAT.
        """
        self.unit = unit
        self.counters = Counters()
        self.commands: list[Downlink] = []
        """Everything heard that is no acknowledgement, oldest first."""
        self._address = (Transport(transport), host, port)
        self._own_host = own_host
        self._offline = sorted(offline)
        self._backlog = Backlog(order, drip_s)
        self._resend = resend_unacknowledged
        self._unacknowledged: deque[Record] = deque(maxlen=_REMEMBERED_UNACKNOWLEDGED)
        self._faults = faults or Faults()
        self._mangler = Mangler(self._faults)
        self._clock = clock
        self._sleep = sleep
        self._on_sent = on_sent
        self._on_stored = on_stored
        self._on_refused = on_refused
        self._link: Link | None = None
        self._ear = Ear()
        self._now = 0.0
        self._next_attempt = 0.0
        self._backoff = _BACKOFF_FIRST
        self._changed = asyncio.Event()
        if self._address[0] is Transport.UDP and self._faults.segments > 1:
            raise ValueError("a datagram holds complete frames (protocol.md a.9)")

    async def __aenter__(self) -> Self:
        """Do nothing yet: the unit is switched on by `run`."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the link."""
        await self.drop_link()

    @property
    def linked(self) -> bool:
        """Whether there is a link; notices one that the server has closed."""
        if self._link is None or not self._link.is_open:
            self._backlog.link_down()
        return self._backlog.linked

    @property
    def waiting(self) -> int:
        """How many stored records wait for a link or for their turn."""
        return len(self._backlog)

    async def run(self) -> None:
        """Live through the journey and then deliver what is still stored.

        Ends with the journey when all is sent, else keeps trying; the link stays open.
        """
        for t in self.unit.report_times():
            await self._live_until(t)
            if t == 0:
                await self._pass_on(self.unit.power_on(t, stored=not self.linked))
            await self._pass_on(self.unit.report(t, stored=not self.linked))
            await self._repeat_unacknowledged()
        await self._deliver_the_rest()

    async def report_now(self) -> None:
        """Report outside the interval, as a unit does on an alarm."""
        t = max(0, int(self._seconds()))
        await self._pass_on(self.unit.report(t, stored=not self.linked))

    async def send(self, frame: bytes) -> None:
        """Send any bytes through the link, as if the unit had made them."""
        if self._link is None:
            raise ConnectionError("there is no link")
        await self._write(self._mangler.pieces(frame))

    async def drop_link(self) -> None:
        """Close the link from this side; the next wake-up opens another."""
        link, self._link = self._link, None
        if link is not None:
            await link.close()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition on this tracker holds, such as a count of answers."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    async def _live_until(self, t: float) -> None:
        """Let time pass up to `t`, tending link and stored records meanwhile."""
        while True:
            wake = min(t, *self._appointments())
            await self._sleep(max(0.0, wake - self._seconds()))
            # A sleep may end a little early; an appointment kept too early repeats.
            self._now = max(self._now, wake)
            await self._tend_link()
            while (due := self._backlog.due) is not None and due <= self._now:
                await self._send(self._backlog.take())
            if wake >= t:
                return

    def _appointments(self) -> list[float]:
        """When something has to be done, apart from reports."""
        coming = [edge for times in self._offline for edge in times if edge > self._now]
        if not self._backlog.linked:
            coming.append(max(self._next_attempt, self._now))
        if (due := self._backlog.due) is not None:
            coming.append(due)
        return coming or [float("inf")]

    async def _deliver_the_rest(self) -> None:
        while self._backlog:
            if not self._backlog.linked or self._backlog.due is not None:
                await self._live_until(min(self._appointments()))
            else:  # interleaved, and no live report is left to go beside
                await self._send(self._backlog.take())
        await self._write(self._mangler.flush())

    async def _tend_link(self) -> None:
        """Open or close the link as the script and the server want it."""
        window = next((w for w in self._offline if w[0] <= self._now < w[1]), None)
        if window is not None:
            self._backlog.link_down()
            self._next_attempt = window[1]
            await self.drop_link()
            return
        if self.linked or self._now < self._next_attempt:
            return
        try:
            self._ear = Ear()
            self._link = await open_link(
                *self._address,
                on_data=self._hear,
                on_lost=self._changed.set,
                own_host=self._own_host,
            )
        except OSError:
            self.counters.refused += 1
            self._on_refused()
            self._next_attempt = self._now + self._backoff
            self._backoff = min(2 * self._backoff, _BACKOFF_LAST)
        else:
            self.counters.links += 1
            self._backoff = _BACKOFF_FIRST
            self._backlog.link_up(self._now)

    async def _pass_on(self, record: Record | None) -> None:
        """Send a new record, or store it."""
        if record is None:
            return
        if self._backlog.must_keep():
            self._keep(record)
            return
        await self._send(record)
        for stored in self._backlog.beside_live():
            await self._send(stored)

    def _keep(self, record: Record) -> None:
        self._backlog.keep(record)
        self.counters.stored += 1
        self._on_stored(record)
        self._changed.set()

    async def _send(self, record: Record) -> None:
        record = replace(record, sent=self._clock())
        self._unacknowledged.append(record)
        self.counters.sent += 1
        await self._write(self._mangler.pieces(record.frame))
        self._on_sent(record)
        self._changed.set()

    async def _write(self, pieces: list[bytes]) -> None:
        for i, piece in enumerate(pieces):
            if i:
                await asyncio.sleep(self._faults.gap_s)
            if self._link is not None:
                self._link.write(piece)

    async def _repeat_unacknowledged(self) -> None:
        """Repeat the oldest record that had time to be answered and was not."""
        if not (self._resend and self._unacknowledged and self.linked):
            return
        patience = timedelta(seconds=_ANSWER_SECONDS)
        if self._clock() - self._unacknowledged[0].sent >= patience:
            self.counters.repeated += 1
            await self._send(self._unacknowledged.popleft())

    def _hear(self, data: bytes) -> None:
        """Count an acknowledgement, obey a command."""
        for heard in self._ear.hear(data):
            own = (self.unit.tracker_id, "HQ")
            if not heard.plain and (heard.tracker_id, heard.maker) != own:
                self.counters.misaddressed += 1
                continue
            match heard.words:
                case ["R12", *_]:
                    self.counters.acknowledged += 1
                    if self._unacknowledged:
                        self._unacknowledged.popleft()
                case ["V4", "V1" | "NBR", _]:
                    self.counters.clock_acknowledged += 1
                case ["HTBT" | "V0"]:
                    self.counters.echoed += 1
                case _:
                    self._obey(heard)
        self._changed.set()

    def _obey(self, heard: Downlink) -> None:
        self.commands.append(heard)
        reply = answer(self.unit, max(0, int(self._seconds())), heard)
        if reply is not None and self._link is not None:
            self._link.write(reply)

    def _seconds(self) -> float:
        """Seconds since the unit was switched on, by the clock."""
        return (self._clock() - self.unit.start).total_seconds()
