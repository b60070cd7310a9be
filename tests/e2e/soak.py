"""The soak: a real Home Assistant that many trackers report to for a while."""

# ruff: noqa: T201 - a program for people talks to them

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
import signal
import sys
from tempfile import TemporaryDirectory
from time import monotonic

from simulator import Transport

from .fleet import SHORTEST_SECONDS, Plan, drive, plans
from .host import Host, HostError
from .lines import line
from .owner import Owner
from .ports import free_port
from .progress import step
from .rest import Json
from .soak_checks import END, MIDDLE, Evidence, Sample, checks, table
from .vitals import Vitals, look, look_closely

_SAMPLE_SECONDS = 5
_KNOCK_SECONDS = 5
_QUIET_SECONDS = 20
"""What has been done is written, and unused connections to the web server are closed."""

# What knocks at any open port meanwhile, and must neither cost nor be told of.
_KNOCKS = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32),
    b"xx\x0d\x01\x08\x66\x10\x50\x91\x23\x45\x67\x00\x01\x8c\xdd\r\n",
    b"*HQ,9170000009,V1,nonsense",
    bytes(range(256)),
)


class SoakError(Exception):
    """Why there is nothing to judge."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run for the time given; the exit status is 1 when a check fails."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.seconds < SHORTEST_SECONDS:
        parser.error(f"--seconds begins at {SHORTEST_SECONDS}")
    try:
        return asyncio.run(_until_stopped(options))
    except (SoakError, HostError, TimeoutError) as error:
        print(f"soak: {error}", file=sys.stderr)
        return 1


async def _until_stopped(options: argparse.Namespace) -> int:
    """Take Ctrl-C and a request to terminate alike: nothing is left running."""
    soak = asyncio.create_task(_soak(options))
    stopped_by: list[int] = []

    def stop(number: int) -> None:
        stopped_by.append(number)
        soak.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    try:
        evidence = await soak
    except asyncio.CancelledError:
        if not stopped_by:
            raise
        return 128 + stopped_by[0]
    results = checks(evidence)
    print(table(evidence, results))
    return 0 if all(check.is_kept for check in results) else 1


async def _soak(options: argparse.Namespace) -> Evidence:
    fleet = plans(options.trackers)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="sinotrack-soak-"))
        async with step("Starting Home Assistant"):
            host = await stack.enter_async_context(Host(Path(folder), port=free_port()))
        owner, port = Owner(host), free_port()
        entry_id = await owner.add_receiver(port)
        async with step(f"Adding {len(fleet)} trackers"):
            await _add_all(owner, entry_id, fleet)
        return await _watch(owner, entry_id, port, fleet, options)


async def _add_all(owner: Owner, entry_id: str, fleet: Sequence[Plan]) -> None:
    """Add all trackers by hand.

    One by one: more connections at once would still be open when the soak begins.
    """
    for plan in fleet:
        await owner.add_by_hand(entry_id, plan.tracker_id, f"Car {plan.tracker_id}")
    added = await owner.trackers(entry_id)
    if missing := {plan.tracker_id for plan in fleet} - set(added):
        raise SoakError(f"{len(missing)} trackers could not be added")


async def _watch(
    owner: Owner,
    entry_id: str,
    port: int,
    fleet: Sequence[Plan],
    options: argparse.Namespace,
) -> Evidence:
    """Let the fleet drive, and gather what there is to judge."""
    host = owner.host
    async with step("Waiting for quiet"):
        await asyncio.sleep(_QUIET_SECONDS)
    before, mark, begin = look(host.pid, port), host.log.mark(), monotonic()
    async with (
        step(f"{len(fleet)} trackers drive for {options.seconds} s"),
        _knocking(port),
        _sampling(host, port) as samples,
        asyncio.TaskGroup() as group,
    ):
        middle, end = (
            group.create_task(_look_after(share * options.seconds, host, port))
            for share in (MIDDLE, END)
        )
        outcomes = await drive(
            fleet, port, seconds=options.seconds, interval=options.interval
        )
    lasted = monotonic() - begin

    async def all_left() -> bool:
        return look(host.pid, port).sockets <= before.sockets

    with suppress(TimeoutError):  # that is for the check to say
        await host.wait_for(all_left, "all connections to close")
    async with step("Waiting for quiet"):
        await asyncio.sleep(_QUIET_SECONDS)
    after = look(host.pid, port)
    taken = await _taken(owner, entry_id, fleet)
    async with step("Stopping Home Assistant"):
        if code := await host.stop():
            raise SoakError(f"Home Assistant ended with {code}\n{host.log.tail()}")
    records = host.log.records(mark)
    return Evidence(
        outcomes=outcomes,
        taken=taken,
        before=before,
        middle=middle.result(),
        end=end.result(),
        after=after,
        samples=samples,
        seconds=lasted,
        log_lines=len(records),
        log_problems=[record.text for record in records if record.is_problem],
    )


async def _taken(owner: Owner, entry_id: str, fleet: Sequence[Plan]) -> dict[str, int]:
    """Give how many reports of each tracker were taken, whatever became of them.

    Diagnostics number the trackers in the order in which they were added.
    """
    told: Json = await owner.host.rest.get(f"/api/diagnostics/config_entry/{entry_id}")
    ids = await owner.trackers(entry_id)
    trackers = told["data"]["trackers"]
    return {
        tracker_id: sum(tracker["verdicts"].values())
        for tracker_id, tracker in zip(ids, trackers, strict=True)
    }


async def _look_after(seconds: float, host: Host, port: int) -> Vitals:
    await asyncio.sleep(seconds)
    return await look_closely(host.pid, port, host.folder)


@asynccontextmanager
async def _sampling(host: Host, port: int) -> AsyncIterator[list[Sample]]:
    """Look at the process now and then."""
    samples: list[Sample] = []
    begin = monotonic()

    async def sample() -> None:
        while True:
            await asyncio.sleep(_SAMPLE_SECONDS)
            samples.append(Sample(monotonic() - begin, look(host.pid, port)))

    task = asyncio.create_task(sample())
    try:
        yield samples
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _knocking(port: int) -> AsyncIterator[None]:
    """Let strangers of other protocols knock, and say nothing sensible."""

    async def knock() -> None:
        while True:
            for data in _KNOCKS:
                for transport in Transport:
                    async with line(port, transport) as opened:
                        opened.send(data)
                        await asyncio.sleep(_KNOCK_SECONDS / len(Transport))

    task = asyncio.create_task(knock())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/soak",
        description="Let many pretend trackers report to a real Home Assistant for a "
        "while, and see whether it loses, leaks or says anything.",
    )
    add = parser.add_argument
    add("--seconds", type=int, default=600, metavar="S", help="default %(default)s")
    add("--trackers", type=int, default=200, metavar="N", help="default %(default)s")
    add(
        "--interval",
        type=int,
        default=5,
        metavar="S",
        help="between the reports of a tracker, default %(default)s",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
