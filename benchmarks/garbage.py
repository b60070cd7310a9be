"""What those who only knock cost the ones who report."""

import asyncio
from statistics import median
from typing import Final

from simulator import Sample, v1

from .figure import Beside, Effort, Figure
from .frames import drive
from .host import Host, home_assistant
from .other_side import run_peer
from .timing import LoopWatch, percentile

_LAG_LIMIT_MS: Final = 50.0
_LATENCY_LIMIT_MS: Final = 100.0

# Seconds until a process has started and sent its first report.
_PATIENCE: Final = 10.0

# Seconds between the reports of the good tracker: as many as fill the time.
_PAUSE: Final = 0.008

type Rounds = list[tuple[float, float]]
"""Of each round how late the loop was, and how late the tracker: p99, in ms."""


async def figures(effort: Effort) -> list[Figure]:
    """Measure how late the loop and a good tracker are, in peace and among garbage."""
    peace: Rounds = []
    war: Rounds = []
    async with home_assistant() as host:
        received = 0
        for _ in range(effort.rounds):
            peace.append(await _in_peace(host, effort))
            before = host.hub.receiver.traffic.received
            war.append(await _among_garbage(host, effort))
            received += host.hub.receiver.traffic.received - before
    share = received / effort.rounds / (effort.datagrams + effort.connections)
    garbage = (
        f"among {effort.datagrams} garbage datagrams and {effort.connections} "
        f"connections ({min(share, 1):.0%} received)"
    )
    lag, latency = map(median, zip(*war, strict=True))
    peace_lag, peace_latency = map(median, zip(*peace, strict=True))
    return [
        Figure(
            f"{garbage}, lag of the loop, p99",
            lag,
            "ms",
            Beside("without garbage", peace_lag),
            limit=_LAG_LIMIT_MS,
        ),
        Figure(
            f"{garbage}, latency of a good tracker, p99",
            latency,
            "ms",
            Beside("without garbage", peace_latency),
            limit=_LATENCY_LIMIT_MS,
        ),
    ]


async def _in_peace(host: Host, effort: Effort) -> tuple[float, float]:
    watch = LoopWatch()
    samples = list(drive(effort.frames))
    await host.let_in(samples[0].tracker_id)
    told = await _report(host, samples)
    return (
        percentile([lag for _, lag in watch.stop()], 99),
        percentile([seconds * 1000 for _, seconds in told], 99),
    )


async def _among_garbage(host: Host, effort: Effort) -> tuple[float, float]:
    watch = LoopWatch()
    samples = list(drive(effort.frames))
    tracker_id = samples[0].tracker_id
    await host.let_in(tracker_id)
    # Who has not spoken yet is pushed out by a crowd from the same address.
    has_reported = asyncio.Event()
    remove = host.hub.trackers[tracker_id].async_add_listener(has_reported.set)
    reporting = asyncio.create_task(_report(host, samples))
    async with asyncio.timeout(_PATIENCE):
        await has_reported.wait()
    remove()
    begin, end = await run_peer(
        "garbage",
        port=host.port,
        datagrams=effort.datagrams,
        connections=effort.connections,
    )
    told = await reporting
    told = [(time, seconds * 1000) for time, seconds in told]
    return _late(watch.stop(), begin, end), _late(told, begin, end)


def _late(timed: list[tuple[float, float]], begin: float, end: float) -> float:
    """Give how late it was between two times: p99, in ms."""
    # A quick run is over before there was anything between them.
    within = [ms for time, ms in timed if begin <= time <= end] or [
        ms for _, ms in timed
    ]
    return percentile(within, 99)


async def _report(host: Host, samples: list[Sample]) -> list[tuple[float, float]]:
    """Have a good tracker report; gives when, and seconds until it was answered."""
    frames = b"\n".join(v1(sample) for sample in samples)
    told: list[tuple[float, float]] = await run_peer(
        "report", frames, transport="tcp", port=host.port, pause=_PAUSE
    )
    return told
