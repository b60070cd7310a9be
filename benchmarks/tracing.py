"""The memory that Python takes."""

from collections.abc import Iterator
from contextlib import contextmanager
import gc
import tracemalloc
from typing import Final

from custom_components import sinotrack

_OURS: Final = [
    tracemalloc.Filter(inclusive=True, filename_pattern=f"{path}/*")
    for path in sinotrack.__path__
]


class Traced:
    """What has been taken since tracing began and is still taken, in KiB."""

    def all(self) -> float:
        """Give all of it."""
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / 1024

    def ours(self) -> float:
        """Give what the integration's own code has taken."""
        snapshot = tracemalloc.take_snapshot().filter_traces(_OURS)
        return sum(trace.size for trace in snapshot.traces) / 1024


@contextmanager
def tracing() -> Iterator[Traced]:
    """Trace what is taken from now on; all else becomes slow meanwhile."""
    gc.collect()
    tracemalloc.start()
    try:
        yield Traced()
    finally:
        tracemalloc.stop()
