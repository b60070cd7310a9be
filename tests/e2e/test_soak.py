"""A soak would tell of what goes wrong. The soak itself is too long to be a test."""

from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from dataclasses import replace
import os
from pathlib import Path
import socket
import sys

import pytest

from custom_components.sinotrack.receiver import Limits
from simulator import Dialect, Order, Transport

from .fleet import Outcome, plans
from .ports import LOOPBACK
from .soak_checks import SETTLED_SECONDS, Evidence, Sample, checks, table
from .vitals import MIB, Vitals, look, look_closely

FLEET = plans(200)
VITALS = Vitals(rss=200 * MIB, descriptors=24, threads=12, sockets=2, tasks=4)
DRIVING = replace(VITALS, descriptors=124, sockets=102, blocks=1_000_000)
FINE = Evidence(
    outcomes=[
        Outcome(plan, written=10, answered=10, stored=0, refused=0, waiting=0)
        for plan in FLEET
    ],
    taken={plan.tracker_id: 10 for plan in FLEET},
    before=VITALS,
    middle=DRIVING,
    end=DRIVING,
    after=VITALS,
    samples=[Sample(seconds, DRIVING) for seconds in range(0, 601, 5)],
    seconds=600.0,
    log_lines=200,
    log_problems=[],
)
FATTER = replace(DRIVING, rss=DRIVING.rss + 20 * MIB)
LEAKING = replace(DRIVING, blocks=1_021_000)
OF_TCP = FLEET[0].tracker_id
OF_UDP = FLEET[1].tracker_id


def failures(evidence: Evidence) -> list[str]:
    """Give the names of the checks that fail."""
    return [check.name for check in checks(evidence) if not check.is_kept]


def test_soak_in_which_nothing_goes_wrong_passes() -> None:
    assert failures(FINE) == []
    assert "FAILED" not in table(FINE, checks(FINE))


@pytest.mark.parametrize(
    ("evidence", "failure"),
    [
        (replace(FINE, taken=FINE.taken | {OF_TCP: 9}), "TCP reports lost"),
        (replace(FINE, taken=FINE.taken | {OF_UDP: 9}), "UDP reports lost"),
        (replace(FINE, taken=FINE.taken | {OF_UDP: 11}), "UDP reports lost"),
        (
            replace(
                FINE,
                outcomes=[replace(FINE.outcomes[0], answered=9), *FINE.outcomes[1:]],
            ),
            "TCP reports without an answer",
        ),
        (
            replace(
                FINE,
                outcomes=[replace(FINE.outcomes[1], waiting=1), *FINE.outcomes[2:]],
            ),
            "stored reports left over",
        ),
        (replace(FINE, end=FATTER), "memory, middle to end"),
        (replace(FINE, end=LEAKING), "blocks in use, middle to end"),
        (
            replace(FINE, after=replace(VITALS, sockets=3)),
            "sockets of the port, before and after",
        ),
        (
            replace(FINE, after=replace(VITALS, descriptors=30)),
            "open descriptors, before and after",
        ),
        (
            replace(FINE, after=replace(VITALS, tasks=10)),
            "asyncio tasks, before and after",
        ),
        (replace(FINE, log_problems=["WARNING"]), "warnings and errors logged"),
        (replace(FINE, log_lines=500), "lines logged"),
    ],
)
def test_what_goes_wrong_fails_one_check(evidence: Evidence, failure: str) -> None:
    assert failures(evidence) == [failure]
    assert table(evidence, checks(evidence)).count("FAILED") == 1


@pytest.mark.parametrize("end", [FATTER, LEAKING])
def test_memory_is_not_judged_before_it_settles(end: Vitals) -> None:
    assert failures(replace(FINE, end=end, seconds=SETTLED_SECONDS - 1.0)) == []


def test_blocks_out_of_sight_are_not_judged() -> None:
    assert failures(replace(FINE, end=replace(LEAKING, blocks=None))) == []


def test_tasks_out_of_sight_are_not_judged() -> None:
    assert failures(replace(FINE, after=replace(VITALS, tasks=None))) == []


def test_fleet_is_a_mix_of_everything() -> None:
    for transport in Transport:
        some = [plan for plan in FLEET if plan.transport is transport]
        assert len(some) == len(FLEET) / 2
        assert {plan.dialect for plan in some} == {*Dialect}
        assert {plan.order for plan in some} == {*Order, None}
        assert len({plan.faults for plan in some}) >= 5
    assert len({plan.tracker_id for plan in FLEET}) == len(FLEET)


def test_no_address_of_the_fleet_is_too_crowded_for_the_receiver() -> None:
    connected = [plan.own_host for plan in FLEET if plan.transport is Transport.TCP]

    for address in connected:
        assert connected.count(address) < Limits().connections_per_peer


async def test_look_at_this_process_sees_sockets_tasks_and_threads(
    socket_enabled: None,
) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        seen = look(os.getpid(), port)

    assert seen.sockets == 1
    assert look(os.getpid(), port).sockets == 0
    assert seen.rss > MIB
    assert seen.threads >= 1
    assert seen.tasks is None or seen.tasks >= 1


async def test_process_counts_its_blocks_and_goes_on(tmp_path: Path) -> None:
    program = "import time; print('up', flush=True)\nwhile True: time.sleep(0.01)"
    process = await create_subprocess_exec(sys.executable, "-c", program, stdout=PIPE)
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"up\n"

        seen = await look_closely(process.pid, 1, tmp_path)

        assert seen.blocks is None or seen.blocks > 1000
        assert seen.sockets == 0
        assert process.returncode is None
    finally:
        process.kill()
        await process.wait()
