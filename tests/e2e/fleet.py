"""Many pretend trackers at once: both transports, all dialects, faults and dead spots."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from math import floor

from simulator import (
    Dialect,
    Faults,
    Journey,
    Order,
    SimulatedTracker,
    Transport,
    Unit,
    round_trip,
    utc_now,
)

from .host import HOME

PER_ADDRESS = 20
"""Trackers behind one address of a carrier, fewer than a receiver lets in from one."""

SHORTEST_SECONDS = 90
"""No round trip is shorter."""

_LAP_SECONDS = 150
_DIRECTIONS = 8
_START_APART_SECONDS = 0.05
_ANSWER_SECONDS = 10
_DRIP_SECONDS = 0.1

# Shares of the time without a link.
_DEAD_SPOTS = ((0.2, 0.35), (0.6, 0.65))

_TEXT_FAULTS = (
    Faults(),
    Faults(ending=b"\r\n"),
    Faults(junk=b"\x00\xff?"),
    Faults(copies=2),
    Faults(join=3),
)
_BINARY_FAULTS = (Faults(), Faults(copies=2), Faults(join=3))
_SEGMENTS = (Faults(segments=5), Faults(segments=3, join=2))


@dataclass(frozen=True, slots=True)
class Plan:
    """What one tracker is like, and what is wrong with its line."""

    tracker_id: str
    transport: Transport
    dialect: Dialect
    own_host: str
    faults: Faults
    order: Order | None
    """How it empties its memory, for one that goes through dead spots."""
    bearing: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tracker has done by the end."""

    plan: Plan
    written: int
    """Frames on the wire, each copy counted; nothing waits any more."""
    answered: int
    stored: int
    refused: int
    waiting: int
    """Records that could not be sent."""


def plans(count: int) -> list[Plan]:
    """Mix what there is, evenly and always alike."""
    text, binary, segments = map(cycle, (_TEXT_FAULTS, _BINARY_FAULTS, _SEGMENTS))
    made = []
    for index in range(count):
        transport = (Transport.TCP, Transport.UDP)[index % 2]
        dialect = [*Dialect][index // 2 % len(Dialect)]
        is_binary = dialect.startswith(Dialect.BINARY)
        passes_dead_spots = index % 5 == 0
        if passes_dead_spots:
            faults = Faults()
        elif transport is Transport.TCP and index % 3 == 0:
            faults = next(segments)
        else:
            faults = next(binary if is_binary else text)
        made.append(
            Plan(
                tracker_id=f"91800{index:05d}",
                transport=transport,
                dialect=dialect,
                own_host=f"127.0.0.{2 + index // (2 * PER_ADDRESS)}",
                faults=faults,
                order=[*Order][index // 10 % len(Order)] if passes_dead_spots else None,
                bearing=index % _DIRECTIONS * 360 / _DIRECTIONS,
            )
        )
    return made


async def drive(
    fleet: Sequence[Plan], port: int, *, seconds: int, interval: int
) -> list[Outcome]:
    """Let all of them drive for a time, then leave; starts are spread a little."""
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                _drive(plan, port, seconds, interval, index * _START_APART_SECONDS)
            )
            for index, plan in enumerate(fleet)
        ]
    return [task.result() for task in tasks]


async def _drive(
    plan: Plan, port: int, seconds: int, interval: int, delay: float
) -> Outcome:
    await asyncio.sleep(delay)
    unit = Unit(
        plan.tracker_id,
        _journey(plan.bearing, seconds),
        start=utc_now(),
        dialect=plan.dialect,
        interval_on=interval,
        interval_off=interval,
    )
    is_udp = plan.transport is Transport.UDP
    tracker = SimulatedTracker(
        unit,
        port=port,
        transport=plan.transport,
        own_host=plan.own_host,
        offline=_dead_spots(seconds) if plan.order else (),
        order=plan.order or Order.OLDEST_FIRST,
        # What a datagram socket cannot take is lost: no burst.
        drip_s=_DRIP_SECONDS if is_udp else 0,
        faults=plan.faults,
    )
    counters = tracker.counters

    def written() -> int:
        return counters.sent * plan.faults.copies

    def answered() -> int:
        return counters.acknowledged + counters.clock_acknowledged

    async with tracker:
        await tracker.run()
        await _until(tracker, lambda: answered() >= written())
    return Outcome(
        plan,
        written(),
        answered(),
        counters.stored,
        counters.refused,
        tracker.waiting,
    )


async def _until(tracker: SimulatedTracker, condition: Callable[[], bool]) -> None:
    """Wait for the last answers, but not for those that never come."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await tracker.until(condition)
    except TimeoutError:
        return


def _dead_spots(seconds: int) -> list[tuple[float, float]]:
    """Give the times without a link.

    Each begins between two reports, half a second away from both: what is under way
    when a link is cut is lost, and nobody could tell such a loss from a fault.
    """
    return [
        (floor(begin * seconds) + 0.5, floor(end * seconds) + 0.5)
        for begin, end in _DEAD_SPOTS
    ]


@cache
def _journey(bearing: float, seconds: int) -> Journey:
    laps = max(1, seconds // _LAP_SECONDS)
    return round_trip(HOME, duration=seconds / laps, bearing=bearing, laps=laps)
