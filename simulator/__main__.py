"""Command line: let one pretend tracker or several drive towards a server."""

import argparse
import asyncio
from contextlib import suppress
from functools import partial
import signal
import sys

from .clock import utc_now
from .faults import Faults
from .journey import round_trip
from .options import read_options
from .tracker import SimulatedTracker
from .unit import Record, Unit

_INTERRUPTED = 130
_LAST_ANSWERS_SECONDS = 2


def main() -> int:
    """Run until the laps are over or a signal comes; the command's exit status."""
    options = read_options()
    try:
        trackers = [_tracker(options, number) for number in range(len(options.id))]
    except ValueError as error:
        print(f"simulate: {error}", file=sys.stderr)
        return 2
    try:
        asyncio.run(_drive_all(trackers))
    except asyncio.CancelledError:
        return _INTERRUPTED
    return 0


async def _drive_all(trackers: list[SimulatedTracker]) -> None:
    if this := asyncio.current_task():
        # Ctrl-C too: a script's background job would otherwise ignore it.
        for stop in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(stop, this.cancel)
    async with asyncio.TaskGroup() as group:
        for tracker in trackers:
            group.create_task(_drive(tracker))


async def _drive(tracker: SimulatedTracker) -> None:
    async with tracker:
        try:
            await tracker.run()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_ANSWERS_SECONDS):
                    await tracker.until(partial(_all_answered, tracker))
        finally:
            _print_summary(tracker)


def _tracker(options: argparse.Namespace, number: int) -> SimulatedTracker:
    """One of several trackers: they leave the same home in different directions."""
    journey = round_trip(
        options.home,
        duration=options.lap_seconds,
        bearing=360 * number / len(options.id),
        laps=options.laps,
        noise_m=options.noise,
        seed=options.seed + number,
    )
    unit = Unit(
        options.id[number],
        journey,
        start=utc_now(),
        dialect=options.dialect,
        interval_on=options.interval,
        interval_off=options.interval_off,
        conditions=options.alarm,
    )
    return SimulatedTracker(
        unit,
        options.host,
        options.port,
        transport=options.transport,
        offline=options.offline,
        order=options.order,
        drip_s=options.drip,
        resend_unacknowledged=options.resend,
        faults=Faults(segments=options.segments),
        on_sent=partial(_print_report, "sent"),
        on_stored=partial(_print_report, "stored"),
        on_refused=partial(_print_refusal, options),
    )


def _all_answered(tracker: SimulatedTracker) -> bool:
    return tracker.counters.acknowledged >= tracker.counters.sent


def _print_report(what: str, record: Record) -> None:
    sample, moment = record.sample, record.moment
    is_text = record.frame.startswith(b"*")
    kind = record.frame.split(b",")[2].decode() if is_text else "$"
    late = (record.sent - record.time).total_seconds()
    if what == "sent" and record.stored:
        what = f"sent {late:.0f} s late"
    print(
        f"{record.time:%H:%M:%S} {sample.tracker_id} {kind:<3} "
        f"{sample.latitude:9.5f},{sample.longitude:10.5f} "
        f"{sample.speed_kmh:3.0f} km/h {sample.whole_course:3d}° "
        f"{'fix' if sample.valid else 'no fix'}, "
        f"ignition {'on' if moment.ignition else 'off'}, {what}",
        flush=True,
    )


def _print_refusal(options: argparse.Namespace) -> None:
    print(
        f"simulate: nobody answers on {options.host}:{options.port} over "
        f"{options.transport.upper()}, it is tried again",
        file=sys.stderr,
        flush=True,
    )


def _print_summary(tracker: SimulatedTracker) -> None:
    counters = tracker.counters
    print(
        f"{tracker.unit.tracker_id}: {counters.sent} frames sent, "
        f"{counters.acknowledged} acknowledged, {tracker.waiting} still stored, "
        f"{counters.links} links, {counters.refused} refused",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
