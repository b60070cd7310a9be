"""From a datagram or a segment to the states, through the kernel's own sockets.

A report is answered when all its states are written. So the time until the answer is
there is the latency, with the way back; a bare echo beside it has the same two ways.
"""

from collections.abc import Callable
from statistics import median
from typing import Final

from simulator import v1

from .figure import Beside, Effort, Figure
from .frames import drive, stored
from .host import Host, begin, home_assistant
from .other_side import ask, echo, run_peer
from .timing import LoopWatch, percentile
from .writes import Write, aside, record, write_again

_BEYOND_ECHO_US: Final = 110.0
_P99_LIMIT_US: Final = 1000.0
_BURST_LIMIT_S: Final = 1.0
_BLOCK_LIMIT_MS: Final = 50.0


async def figures(effort: Effort) -> list[Figure]:
    """Measure the latency over each transport, and a burst of stored records."""
    async with home_assistant() as host:
        return [
            *await _latency(host, effort, "udp"),
            *await _latency(host, effort, "tcp"),
            *await _burst(host, effort),
        ]


async def _latency(host: Host, effort: Effort, transport: str) -> list[Figure]:
    """Ask in turns what reports, what only sends back, and what writes and sends."""
    rounds: dict[str, list[list[float]]] = {"ours": [], "echo": [], "writes": []}
    writes = record(host.endpoint(), await begin(host, _frames(effort)))
    for number in range(1, effort.rounds + 1):
        frames = await begin(host, _frames(effort))
        rounds["ours"].append(await ask(transport, host.port, frames))
        async with echo(transport) as port:
            rounds["echo"].append(await ask(transport, port, frames))
        async with echo(transport, _in_turn(aside(writes, number))) as port:
            rounds["writes"].append(await ask(transport, port, frames))
    p50 = {name: median(map(median, each)) for name, each in rounds.items()}
    p99 = {
        name: median(percentile(values, 99) for values in each)
        for name, each in rounds.items()
    }
    way = f"{transport.upper()}, report → all states → answer"
    return [
        Figure(
            f"{way}, p50",
            p50["ours"],
            "µs",
            Beside("bare echo, p50", p50["echo"]),
            limit=p50["echo"] + _BEYOND_ECHO_US,
            demand=f"≤ echo + {_BEYOND_ECHO_US:g} µs",
        ),
        Figure(
            f"{way}, p99",
            p99["ours"],
            "µs",
            Beside("bare echo, p99", p99["echo"]),
            limit=_P99_LIMIT_US,
        ),
        Figure(
            f"{transport.upper()}, the same writes → echo, p50",
            p50["writes"],
            "µs",
            Beside("bare echo, p50", p50["echo"]),
        ),
    ]


def _in_turn(writes: list[list[Write]]) -> Callable[[], None]:
    """Give a work that does what is to be written after one report, then the next."""
    left = iter(writes)
    return lambda: write_again(next(left))


def _frames(effort: Effort) -> list[bytes]:
    return [v1(sample) for sample in drive(effort.frames)]


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
