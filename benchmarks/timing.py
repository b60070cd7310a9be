"""Clocks: for work that is all processor, and for a loop that others wait for."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
import gc
from statistics import median, quantiles
import time
from typing import Final

from .figure import Effort

type Work = Callable[[], None]

_TICK: Final = 0.001


class Stopwatch:
    """Measures works that take turns, in rounds; what counts is the median of these.

    What else happens on the machine then happens to all works alike. It is the time of
    the processor, which no other program counts into, and without the garbage
    collector, as `timeit` does it.
    """

    def __init__(self) -> None:
        """Start with no round."""
        self._rounds: list[dict[str, tuple[float, int]]] = []

    def next_round(self) -> None:
        """Begin a round."""
        gc.collect()
        self._rounds.append({})

    @contextmanager
    def measure(self, name: str, count: int) -> Iterator[None]:
        """Measure a work that does something so many times."""
        this_round = self._rounds[-1]
        spent, done = this_round.get(name, (0.0, 0))
        gc.disable()
        begin = time.thread_time()
        yield
        spent += time.thread_time() - begin
        gc.enable()
        this_round[name] = spent, done + count

    def median(self, name: str) -> float:
        """Give the time of a work in µs, each time that it is done."""
        return median(
            spent / done * 1e6 for spent, done in (each[name] for each in self._rounds)
        )


def compare(effort: Effort, count: int, **works: Work) -> dict[str, float]:
    """Give the times, in µs, of works that each do something `count` times."""
    watch = Stopwatch()
    for work in works.values():
        work()  # caches fill, and the interpreter specialises what it runs
    for _ in range(effort.rounds):
        watch.next_round()
        for _ in range(effort.turns):
            for name, work in works.items():
                with watch.measure(name, count):
                    work()
    return {name: watch.median(name) for name in works}


def percentile(values: list[float], percent: int) -> float:
    """Give the value that so many percent of the values do not exceed."""
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[percent - 1]


class LoopWatch:
    """Sees how late the loop is, by a timer that is due every millisecond."""

    def __init__(self) -> None:
        """Watch from now on."""
        self._loop = asyncio.get_running_loop()
        self._lags: list[tuple[float, float]] = []
        self._arm()

    def stop(self) -> list[tuple[float, float]]:
        """Watch no longer; gives when, and by how many ms it was late.

        One of these may be the timer's own.
        """
        self._timer.cancel()
        self._note()
        return self._lags

    def _arm(self) -> None:
        self._due = self._loop.time() + _TICK
        self._timer = self._loop.call_at(self._due, self._ring)

    def _ring(self) -> None:
        self._note()
        self._arm()

    def _note(self) -> None:
        now = time.perf_counter()
        self._lags.append((now, max(0.0, self._loop.time() - self._due) * 1000))
