"""What a soak must have shown, and the table that says so."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from simulator import Transport

from .fleet import Outcome
from .vitals import MIB, Vitals

MIDDLE, END = 0.5, 0.95
"""Shares of the time after which memory is compared."""

SETTLED_SECONDS = 400
"""A shorter soak has nothing to say about memory: what is kept of each tracker, such as
its last forty reports, has not reached its bounds in the middle."""

GROWTH_ALLOWED = 0.08
"""Of the memory in the middle, until the end: Python's allocator hardly gives anything
back, and takes some minutes to hold what the most garbage at a time needs. What a
tracker keeps for a day grows by 48 bytes a report."""

BLOCKS_ALLOWED = 0.02
"""Of the pieces in use, which no garbage blurs: about two for each report in between.

Half of that is Home Assistant's recorder, which fills its caches for longer than this
takes. A report that is kept has ten pieces; that a tracker keeps not even one is shown
where nothing else is counted (tests/tracking/test_growth.py)."""

DESCRIPTORS_ALLOWED = TASKS_ALLOWED = 2
"""More than before: a connection of ours to the web server comes and goes."""

LINES_FOR_EACH = 1
"""That it reports."""
LINES_BESIDES = 10


@dataclass(frozen=True, slots=True)
class Sample:
    """A look at the process while the trackers drove."""

    seconds: float
    vitals: Vitals


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen."""

    outcomes: Sequence[Outcome]
    taken: dict[str, int]
    """Reports of each tracker that the hub has handed to it, by its id."""
    before: Vitals
    middle: Vitals
    end: Vitals
    after: Vitals
    samples: Sequence[Sample]
    seconds: float
    log_lines: int
    log_problems: Sequence[str]

    def course(self) -> str:
        """Give the memory of each tenth of the time in MiB, as medians."""
        last = self.samples[-1].seconds
        tenths = groupby(self.samples, lambda s: min(9, int(s.seconds / last * 10)))
        return " ".join(
            f"{median(s.vitals.rss for s in some) / MIB:.0f}" for _, some in tenths
        )


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table."""

    name: str
    seen: str
    allowed: str
    is_kept: bool
    more: str = ""


def checks(evidence: Evidence) -> list[Check]:
    """Judge all of it."""
    return [
        *_reports(evidence),
        *_memory(evidence),
        *_leaks(evidence),
        *_log(evidence),
    ]


def _reports(evidence: Evidence) -> Iterator[Check]:
    """Judge what has arrived.

    Each frame that a tracker wrote has to be taken as a report, once: over TCP, since
    no link was cut with anything under way; over UDP, since the datagrams of a backlog
    come one by one. Over TCP each of them has to be answered as well.
    """
    taken = evidence.taken
    for transport in Transport:
        some = [o for o in evidence.outcomes if o.plan.transport is transport]
        name = transport.upper()
        yield _exact(
            f"{name} reports lost",
            some,
            lambda o: o.written - taken[o.plan.tracker_id],
            f"of {sum(o.written for o in some)}",
        )
        if transport is Transport.TCP:
            yield _exact(
                f"{name} reports without an answer",
                some,
                lambda o: o.written - o.answered,
            )
    everyone = evidence.outcomes
    yield _exact(
        "stored reports left over",
        everyone,
        lambda o: o.waiting,
        f"of {sum(o.stored for o in everyone)}",
    )
    yield _exact("connections refused", everyone, lambda o: o.refused)


def _exact(
    name: str,
    outcomes: Iterable[Outcome],
    count: Callable[[Outcome], int],
    seen_of: str = "",
) -> Check:
    """Judge a count that has to be 0 for each tracker; too many is wrong as well."""
    wrong = {o: number for o in outcomes if (number := count(o))}
    total = sum(map(abs, wrong.values()))
    more = "; ".join(
        f"{number} of {outcome.plan}" for outcome, number in list(wrong.items())[:5]
    )
    return Check(name, f"{total} {seen_of}".strip(), "0", not wrong, more)


def _memory(evidence: Evidence) -> Iterator[Check]:
    """Judge what has grown between the middle and the end."""
    is_settled = evidence.seconds >= SETTLED_SECONDS
    middle, end = evidence.middle, evidence.end
    limit = GROWTH_ALLOWED * middle.rss
    yield Check(
        "memory, middle to end",
        f"{middle.rss / MIB:.1f} to {end.rss / MIB:.1f} MiB "
        f"({(end.rss - middle.rss) / MIB:+.1f})",
        f"{limit / MIB:+.1f} MiB" if is_settled else "not judged",
        end.rss - middle.rss <= limit or not is_settled,
    )
    if middle.blocks is None or end.blocks is None:
        yield Check("blocks in use", "out of sight here", "not judged", is_kept=True)
        return
    growth, limit = end.blocks - middle.blocks, BLOCKS_ALLOWED * middle.blocks
    yield Check(
        "blocks in use, middle to end",
        f"{middle.blocks} to {end.blocks} ({growth:+})",
        f"{limit:+.0f}" if is_settled else "not judged",
        growth <= limit or not is_settled,
    )


def _leaks(evidence: Evidence) -> Iterator[Check]:
    before, after = evidence.before, evidence.after
    yield _back("sockets of the port", before.sockets, after.sockets, 0)
    yield _back(
        "open descriptors", before.descriptors, after.descriptors, DESCRIPTORS_ALLOWED
    )
    yield _back("threads", before.threads, after.threads, 1)
    if before.tasks is None or after.tasks is None:
        yield Check("asyncio tasks", "out of sight here", "not judged", is_kept=True)
    else:
        yield _back("asyncio tasks", before.tasks, after.tasks, TASKS_ALLOWED)


def _back(name: str, before: int, after: int, allowed: int) -> Check:
    """Judge a number that has to come back to where it was."""
    return Check(
        f"{name}, before and after",
        f"{before} and {after}",
        f"{allowed:+}" if allowed else "the same",
        after <= before + allowed,
    )


def _log(evidence: Evidence) -> Iterator[Check]:
    problems = evidence.log_problems
    yield Check(
        "warnings and errors logged",
        str(len(problems)),
        "0",
        not problems,
        "\n".join(problems[:3]),
    )
    limit = LINES_FOR_EACH * len(evidence.outcomes) + LINES_BESIDES
    lines = evidence.log_lines
    yield Check("lines logged", str(lines), str(limit), lines <= limit)


def table(evidence: Evidence, results: Sequence[Check]) -> str:
    """Give what was seen in columns, and behind it what explains a failure."""
    written = sum(outcome.written for outcome in evidence.outcomes)
    most = max(evidence.samples, key=lambda sample: sample.vitals.sockets).vitals
    head = (
        f"{len(evidence.outcomes)} trackers, {evidence.seconds:.0f} s, "
        f"{written} reports ({written / evidence.seconds:.0f}/s), "
        f"up to {most.sockets - evidence.before.sockets} connections\n"
        f"MiB of memory before: {evidence.before.rss / MIB:.0f}, "
        f"by each tenth of the time: {evidence.course()}"
    )
    rows = [("", "seen", "allowed", "")] + [
        (check.name, check.seen, check.allowed, "ok" if check.is_kept else "FAILED")
        for check in results
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    explained = [check.more for check in results if check.more]
    return "\n".join(["", head, "", *map(str.rstrip, lines), *explained])
