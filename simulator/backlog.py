"""The unit's memory for records made without a link, and how it empties."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from math import inf

from .unit import Record, Unit

_BESIDE_ONE_LIVE = 3


class Order(StrEnum):
    """How stored records leave once there is a link again; all of it happens.

    INTERLEAVED sends a few after each live report. QUEUE puts new reports behind the
    stored ones, so that with a drip the unit stays late (Traccar #5597).
    """

    OLDEST_FIRST = "oldest"
    NEWEST_FIRST = "newest"
    INTERLEAVED = "interleaved"
    QUEUE = "queue"


class Backlog:
    """Stored records and the state of the link; times are seconds since the start.

    `drip_s` is the pause between two stored records, 0 for one burst. 84 was seen in
    the field (Traccar users, GPS-Tracker #5).
    """

    def __init__(self, order: Order | str = Order.OLDEST_FIRST, drip_s: float = 0.0):
        """Start empty and without a link."""
        self._order = Order(order)
        self._drip_s = drip_s
        self._records: deque[Record] = deque()
        self._next: float | None = None

    def __len__(self) -> int:
        """How many records wait."""
        return len(self._records)

    @property
    def linked(self) -> bool:
        """Whether there is a link."""
        return self._next is not None

    @property
    def due(self) -> float | None:
        """When the next stored record leaves by itself, None if none does."""
        if self._order is Order.INTERLEAVED or not self._records:
            return None
        return self._next

    def link_up(self, t: float) -> None:
        """There is a link from `t` on."""
        self._next = t

    def link_down(self) -> None:
        """There is no link until further notice."""
        self._next = None

    def must_keep(self) -> bool:
        """Whether a record made now has to wait."""
        queued = self._order is Order.QUEUE and bool(self._records)
        return not self.linked or queued

    def keep(self, record: Record) -> None:
        """Store a record."""
        self._records.append(record)

    def take(self) -> Record:
        """Remove the record whose turn it is."""
        if self._next is not None:
            self._next += self._drip_s
        newest_first = self._order is Order.NEWEST_FIRST
        return self._records.pop() if newest_first else self._records.popleft()

    def beside_live(self) -> Iterator[Record]:
        """The stored records that go out right after a live report."""
        if self._order is Order.INTERLEAVED:
            for _ in range(min(_BESIDE_ONE_LIVE, len(self._records))):
                yield self.take()


def record(
    unit: Unit,
    *,
    offline: Iterable[tuple[float, float]] = (),
    order: Order | str = Order.OLDEST_FIRST,
    drip_s: float = 0.0,
) -> Iterator[Record]:
    """All frames of a journey in the order they would be sent, without a socket.

    `offline` lists intervals without a link, in seconds since the start; they must
    neither overlap nor touch. Records that are never sent, because no link returns,
    are left out.
    """
    backlog = Backlog(order, drip_s)
    changes = deque(sorted(_link_changes(offline)))
    sending = _Sending(unit, backlog)

    for t in unit.report_times():
        while changes and changes[0][0] <= t:
            yield from sending.change_link(*changes.popleft())
        yield from sending.due(t)
        if t == 0:
            yield from sending.made(unit.power_on(t, stored=not backlog.linked), t)
        yield from sending.made(unit.report(t, stored=not backlog.linked), t)
    for change in changes:
        yield from sending.change_link(*change)
    yield from sending.due(inf)
    while backlog and backlog.linked:  # the rest of an interleaved memory
        yield sending.at(backlog.take(), t)


def _link_changes(
    offline: Iterable[tuple[float, float]],
) -> Iterator[tuple[float, bool]]:
    """When the link comes (True) and goes (False); it comes first at power-on."""
    yield -1.0, True
    for begin, end in offline:
        yield begin, False
        yield end, True


class _Sending:
    """Gives records their sending time."""

    def __init__(self, unit: Unit, backlog: Backlog) -> None:
        self._unit = unit
        self._backlog = backlog

    def at(self, record: Record, t: float) -> Record:
        return replace(record, sent=self._unit.start + timedelta(seconds=t))

    def change_link(self, t: float, up: bool) -> Iterator[Record]:
        yield from self.due(t)
        if up:
            self._backlog.link_up(t)
        else:
            self._backlog.link_down()

    def due(self, t: float) -> Iterator[Record]:
        """What leaves the memory by `t`."""
        while (due := self._backlog.due) is not None and due <= t:
            yield self.at(self._backlog.take(), due)

    def made(self, record: Record | None, t: float) -> Iterator[Record]:
        if record is None:
            return
        if self._backlog.must_keep():
            self._backlog.keep(record)
            return
        yield self.at(record, t)
        for stored in self._backlog.beside_live():
            yield self.at(stored, t)
