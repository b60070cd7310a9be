"""From a datagram or a segment to the states, through the kernel's own sockets.

A report is answered when all its states are written. So the time until the answer is
there is the latency, with the way back; a bare echo beside it has the same two ways.
"""

from statistics import median
from typing import Final

from simulator import v1

from .figure import Beside, Effort, Figure
from .frames import drive, stored
from .host import Host, home_assistant
from .other_side import ask, echo, run_peer
from .timing import LoopWatch, percentile

_BEYOND_ECHO_US: Final = 110.0
_P99_LIMIT_US: Final = 1000.0
_BURST_LIMIT_S: Final = 1.0
_BLOCK_LIMIT_MS: Final = 50.0

# Answers until all entities are there.
_WARM_UP: Final = 10


async def figures(effort: Effort) -> list[Figure]:
    """Measure the latency over each transport, and a burst of stored records."""
    async with home_assistant() as host:
        return [
            *await _latency(host, effort, "udp"),
            *await _latency(host, effort, "tcp"),
            *await _burst(host, effort),
        ]


async def _latency(host: Host, effort: Effort, transport: str) -> list[Figure]:
    ours, bare = [], []
    for _ in range(effort.rounds):
        samples = list(drive(effort.frames))
        frames = [v1(sample) for sample in samples]
        await host.let_in(samples[0].tracker_id)
        ours.append((await ask(transport, host.port, frames))[_WARM_UP:])
        async with echo(transport) as port:
            bare.append((await ask(transport, port, frames))[_WARM_UP:])
    p50, echo_p50 = (median(map(median, each)) for each in (ours, bare))
    p99, echo_p99 = (
        median(percentile(values, 99) for values in each) for each in (ours, bare)
    )
    way = f"{transport.upper()}, report → all states → answer"
    return [
        Figure(
            f"{way}, p50",
            p50,
            "µs",
            Beside("bare echo, p50", echo_p50),
            limit=echo_p50 + _BEYOND_ECHO_US,
            demand=f"≤ echo + {_BEYOND_ECHO_US:g} µs",
        ),
        Figure(
            f"{way}, p99",
            p99,
            "µs",
            Beside("bare echo, p99", echo_p99),
            limit=_P99_LIMIT_US,
        ),
    ]


async def _burst(host: Host, effort: Effort) -> list[Figure]:
    """Take what a tracker has stored while it had no link."""
    times, blocks = [], []
    for _ in range(effort.rounds):
        samples = list(stored(effort.stored))
        await host.let_in(samples[0].tracker_id)
        frames = b"".join(v1(sample) for sample in samples)
        watch = LoopWatch()
        times.append(await run_peer("burst", frames, port=host.port))
        blocks.append(max(lag for _, lag in watch.stop()))
    burst = f"burst of {effort.stored} stored records on one connection"
    return [
        Figure(f"{burst}, to the last", median(times), "s", limit=_BURST_LIMIT_S),
        Figure(
            f"{burst}, longest block of the loop",
            median(blocks),
            "ms",
            limit=_BLOCK_LIMIT_MS,
        ),
    ]
