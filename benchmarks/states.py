"""A report on its way to the states, without a socket of the kernel's."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import batched
from types import MappingProxyType
from typing import Any, Final
from unittest.mock import patch

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity

from custom_components.sinotrack.h02 import Report
from custom_components.sinotrack.live_tracker import LiveTracker
from custom_components.sinotrack.receiver import Link, Receiver
from custom_components.sinotrack.receiver.udp import UdpEndpoint
from simulator import Sample, v1

from .figure import Beside, Effort, Figure
from .frames import drive, parked, stop_and_go
from .host import PEER, Host, NullTransport, home_assistant
from .timing import Stopwatch

type Drive = Callable[[int], Iterator[Sample]]

type Write = tuple[Entity, dict[str, Any]]
"""An entity, and what it shows anew."""

_OWN_PART_LIMIT: Final = 12.0
_WRITES_RATIO: Final = 1.15
_ZONES: Final = (1, 20)

# Reports until all entities are there.
_WARM_UP: Final = 10

# Reports until another work has its turn.
_TURN: Final = 20

# So far beside a place that was written another one is written in its stead: Home
# Assistant remembers of each place how far it is from the zones.
_ASIDE_DEGREES: Final = 1e-5

_LONGITUDE: Final = "_attr_longitude"

# Where an entity keeps what it shows.
_SHOWN: Final = (
    "_attr_available",
    "_attr_is_on",
    "_attr_latitude",
    _LONGITUDE,
    "_attr_location_accuracy",
    "_attr_native_value",
)


async def figures(effort: Effort) -> list[Figure]:
    """Measure the way of a report, part by part."""
    found = []
    for zones in _ZONES:
        async with home_assistant(zones) as host:
            if zones == 1:
                found += _own_part(host.hass, effort)
                found.append(await _unchanged(host, effort))
            for name, car in (("driving", drive), ("all changing", stop_and_go)):
                found.append(
                    await _written(
                        host,
                        effort,
                        car,
                        f"{name}, {zones} {'zones' if zones > 1 else 'zone'}",
                    )
                )
    return found


def _own_part(hass: HomeAssistant, effort: Effort) -> list[Figure]:
    """Receive, decode, track: a tracker with its timer, but without its entities."""
    watch = Stopwatch()
    received = _endpoint(lambda _report, _link, _received_at: False)
    for _ in range(effort.rounds):
        watch.next_round()
        for _ in range(effort.turns):
            for name, is_answered in (("tracked", False), ("answered", True)):
                live, datagrams = _without_entities(hass), _datagrams(drive, effort)
                endpoint = _endpoint(_accepting(live, is_answered=is_answered))
                _receive(endpoint, datagrams[:_WARM_UP])
                datagrams = datagrams[_WARM_UP:]
                with watch.measure(name, len(datagrams)):
                    _receive(endpoint, datagrams)
                live.async_stop()
            with watch.measure("received", len(datagrams)):
                _receive(received, datagrams)
    beside = Beside("receive and decode", watch.median("received"))
    own_part = "own part of one UDP report: receive, decode, track"
    return [
        Figure(own_part, watch.median("tracked"), "µs", beside, limit=_OWN_PART_LIMIT),
        Figure(f"{own_part}, and answer", watch.median("answered"), "µs", beside),
    ]


async def _unchanged(host: Host, effort: Effort) -> Figure:
    """Report what the entities show already."""
    watch, endpoint = Stopwatch(), host.endpoint()
    received = _endpoint(lambda _report, _link, _received_at: False)
    for _ in range(effort.rounds):
        watch.next_round()
        datagrams = await _begin(host, _datagrams(parked, effort))
        for turn in batched(datagrams, _TURN, strict=False):
            with watch.measure("ours", len(turn)):
                _receive(endpoint, turn)
            with watch.measure("receive", len(turn)):
                _receive(received, turn)
    return Figure(
        "report of a parked car, nothing to write",
        watch.median("ours"),
        "µs",
        Beside("receive and decode", watch.median("receive")),
    )


async def _written(host: Host, effort: Effort, car: Drive, name: str) -> Figure:
    """Write states, beside what the same writes cost alone, and the receiving."""
    watch, endpoint = Stopwatch(), host.endpoint()
    received = _endpoint(lambda _report, _link, _received_at: False)
    writes = await _record_writes(host, endpoint, _datagrams(car, effort))
    for number in range(effort.rounds):
        watch.next_round()
        datagrams = await _begin(host, _datagrams(car, effort))
        beside = _beside(writes, (number + 1) * _ASIDE_DEGREES)
        for turn, same in zip(
            batched(datagrams, _TURN, strict=False),
            batched(beside, _TURN, strict=False),
            strict=True,
        ):
            with watch.measure("ours", len(turn)):
                _receive(endpoint, turn)
            with watch.measure("alone", len(turn)):
                _receive_and_write(received, turn, same)
    alone = watch.median("alone")
    count = sum(map(len, writes)) / len(writes)
    return Figure(
        f"report → states, {name}, {count:.1f} states written",
        watch.median("ours"),
        "µs",
        Beside("receive, decode and the same writes", alone),
        limit=_WRITES_RATIO * alone,
        demand=f"≤ {_WRITES_RATIO} × that beside",
    )


def _datagrams(car: Drive, effort: Effort) -> list[bytes]:
    return [v1(sample) for sample in car(effort.frames)]


def _receive(endpoint: UdpEndpoint, datagrams: tuple[bytes, ...] | list[bytes]) -> None:
    for datagram in datagrams:
        endpoint.datagram_received(datagram, PEER)


def _endpoint(on_report: Callable[[Report, Link, datetime], bool]) -> UdpEndpoint:
    """Give a way in to a receiver that is not open."""
    endpoint = UdpEndpoint(Receiver("127.0.0.1", 0, on_report=on_report))
    endpoint.connection_made(NullTransport())
    return endpoint


def _accepting(
    live: LiveTracker, *, is_answered: bool
) -> Callable[[Report, Link, datetime], bool]:
    def accept(report: Report, link: Link, received_at: datetime) -> bool:
        live.async_accept(report, received_at, link.transport)
        return is_answered

    return accept


def _without_entities(hass: HomeAssistant) -> LiveTracker:
    subentry = ConfigSubentry(
        data=MappingProxyType({}), subentry_type="tracker", title="Car", unique_id="0"
    )
    return LiveTracker(hass, subentry, lambda: None)


async def _begin(host: Host, datagrams: list[bytes]) -> list[bytes]:
    """Let the tracker of a drive in, with all its entities; gives the rest of it."""
    await host.let_in(datagrams[0].split(b",")[1].decode())
    _receive(host.endpoint(), datagrams[:_WARM_UP])
    await host.hass.async_block_till_done()
    return datagrams[_WARM_UP:]


async def _record_writes(
    host: Host, endpoint: UdpEndpoint, datagrams: list[bytes]
) -> list[list[Write]]:
    """Give what each report of a drive has the entities write."""
    datagrams = await _begin(host, datagrams)
    recorded: list[list[Write]] = []
    before: dict[Entity, dict[str, Any]] = {}
    write = Entity.async_write_ha_state

    def note(entity: Entity) -> None:
        shown = {name: getattr(entity, name, None) for name in _SHOWN}
        known = before.get(entity, {})
        changed = {n: value for n, value in shown.items() if known.get(n) != value}
        before[entity] = shown
        recorded[-1].append((entity, changed))
        write(entity)

    with patch.object(Entity, "async_write_ha_state", note):
        for datagram in datagrams:
            recorded.append([])
            endpoint.datagram_received(datagram, PEER)
    return recorded


def _beside(writes: list[list[Write]], degrees: float) -> list[list[Write]]:
    """Give the same writes, with all places so far to the east."""

    def move(shown: dict[str, Any]) -> dict[str, Any]:
        longitude = shown.get(_LONGITUDE)
        return shown if longitude is None else shown | {_LONGITUDE: longitude + degrees}

    return [[(entity, move(shown)) for entity, shown in each] for each in writes]


def _receive_and_write(
    endpoint: UdpEndpoint,
    datagrams: tuple[bytes, ...],
    reports: tuple[list[Write], ...],
) -> None:
    for datagram, writes in zip(datagrams, reports, strict=True):
        endpoint.datagram_received(datagram, PEER)
        for entity, shown in writes:
            for name, value in shown.items():
                setattr(entity, name, value)
            entity.async_write_ha_state()
