"""What a tracker takes, with all that Home Assistant keeps of it."""

from typing import Final

from simulator import v8

from .figure import Effort, Figure
from .frames import drive
from .host import PEER, home_assistant
from .tracing import tracing

_LIMIT_KIB: Final = 30.0
_ENTITIES_IN_LIMIT: Final = 3
_LIMIT_KIB_PER_ENTITY: Final = 5.0


async def figures(effort: Effort) -> list[Figure]:
    """Measure the memory of each of many trackers that report."""
    samples = [sample for _ in range(effort.trackers) for sample in drive(1)]
    async with home_assistant() as host:
        # What is loaded once does not count.
        first, *others = samples
        endpoint = host.endpoint()
        await host.let_in(first.tracker_id)
        endpoint.datagram_received(v8(first), PEER)
        await host.hass.async_block_till_done()
        with tracing() as traced:
            for sample in others:
                await host.let_in(sample.tracker_id)
                endpoint.datagram_received(v8(sample), PEER)
                await host.hass.async_block_till_done()
            taken, ours = traced.all() / len(others), traced.ours() / len(others)
        enabled = len(host.entities(first.tracker_id))
        entities = host.count_registered(first.tracker_id)
    beyond = entities - _ENTITIES_IN_LIMIT
    return [
        Figure(
            f"memory of one tracker with {entities} entities, {enabled} enabled",
            taken,
            "KiB",
            limit=_LIMIT_KIB + beyond * _LIMIT_KIB_PER_ENTITY,
            demand="≤ 30 KiB with 3 entities + 10 KiB per two more",
        ),
        Figure("what of it the integration itself takes", ours, "KiB"),
    ]
