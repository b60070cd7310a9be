"""A report on its way to the states, without a socket of the kernel's."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import batched
from types import MappingProxyType
from typing import Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant

from custom_components.sinotrack.h02 import Report
from custom_components.sinotrack.live_tracker import LiveTracker
from custom_components.sinotrack.receiver import Link, Receiver
from custom_components.sinotrack.receiver.udp import UdpEndpoint
from simulator import Sample, v1

from .figure import Beside, Effort, Figure
from .floors import FLOOR, READERS, REFERENCE_US
from .frames import drive, parked, stop_and_go
from .host import PEER, WARM_UP, Host, NullTransport, begin, home_assistant
from .timing import Stopwatch
from .writes import Write, aside, record, write_again

type Drive = Callable[[int], Iterator[Sample]]

_KIND: Final = "V1"

# µs, where the floor beside it took its reference.
_OWN_PART_LIMIT: Final = 12.0
_WRITES_RATIO: Final = 1.15
_ZONES: Final = (1, 20)

# Reports until another work has its turn.
_TURN: Final = 20


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
    received = _endpoint()
    read = READERS[_KIND]
    for _ in range(effort.rounds):
        watch.next_round()
        for _ in range(effort.turns):
            for name, is_answered in (("tracked", False), ("answered", True)):
                live, datagrams = _without_entities(hass), _datagrams(drive, effort)
                endpoint = _endpoint(_accepting(live, is_answered=is_answered))
                _receive(endpoint, datagrams[:WARM_UP])
                datagrams = datagrams[WARM_UP:]
                with watch.measure(name, len(datagrams)):
                    _receive(endpoint, datagrams)
                live.async_stop()
            datagrams = _datagrams(drive, effort)
            with watch.measure("received", len(datagrams)):
                _receive(received, datagrams)
            datagrams = _datagrams(drive, effort)
            with watch.measure("floor", len(datagrams)):
                for datagram in datagrams:
                    read(datagram)
    floor = Beside(f"decode one {_KIND}, {FLOOR}", watch.median("floor"))
    own_part = "own part of one UDP report: receive, decode, track"
    return [
        Figure("receive and decode", watch.median("received"), "µs", floor),
        Figure(
            own_part,
            watch.median("tracked"),
            "µs",
            floor,
            limit_ratio=_OWN_PART_LIMIT / REFERENCE_US[_KIND],
        ),
        Figure(f"{own_part}, and answer", watch.median("answered"), "µs", floor),
    ]


async def _unchanged(host: Host, effort: Effort) -> Figure:
    """Report what the entities show already."""
    watch, endpoint = Stopwatch(), host.endpoint()
    received = _endpoint()
    for _ in range(effort.rounds):
        watch.next_round()
        datagrams = await begin(host, _datagrams(parked, effort))
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
    received = _endpoint()
    writes = record(endpoint, await begin(host, _datagrams(car, effort)))
    for number in range(1, effort.rounds + 1):
        watch.next_round()
        datagrams = await begin(host, _datagrams(car, effort))
        beside = aside(writes, number)
        for turn, same in zip(
            batched(datagrams, _TURN, strict=False),
            batched(beside, _TURN, strict=False),
            strict=True,
        ):
            with watch.measure("ours", len(turn)):
                _receive(endpoint, turn)
            with watch.measure("alone", len(turn)):
                _receive_and_write(received, turn, same)
    count = sum(map(len, writes)) / len(writes)
    return Figure(
        f"report → states, {name}, {count:.1f} states written",
        watch.median("ours"),
        "µs",
        Beside("receive, decode and the same writes", watch.median("alone")),
        limit_ratio=_WRITES_RATIO,
    )


def _datagrams(car: Drive, effort: Effort) -> list[bytes]:
    return [v1(sample) for sample in car(effort.frames)]


def _receive(endpoint: UdpEndpoint, datagrams: tuple[bytes, ...] | list[bytes]) -> None:
    for datagram in datagrams:
        endpoint.datagram_received(datagram, PEER)


def _endpoint(
    on_report: Callable[[Report, Link, datetime], bool] = (
        lambda _report, _link, _received_at: False
    ),
) -> UdpEndpoint:
    """Give a way in to a receiver that is not open; its reports may end there."""
    receiver = Receiver(
        "127.0.0.1",
        0,
        on_report=on_report,
        # Or all that is not answered would soon be a flood.
        is_accepted=lambda _tracker_id: True,
    )
    endpoint = UdpEndpoint(receiver)
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


def _receive_and_write(
    endpoint: UdpEndpoint,
    datagrams: tuple[bytes, ...],
    writes: tuple[list[Write], ...],
) -> None:
    for datagram, same in zip(datagrams, writes, strict=True):
        endpoint.datagram_received(datagram, PEER)
        write_again(same)
