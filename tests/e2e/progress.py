"""Words for people who wait."""

# ruff: noqa: T201 - they are printed

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import sys
from time import monotonic


@asynccontextmanager
async def step(what: str) -> AsyncIterator[None]:
    """Say what is going on, for how long already, and that it is done.

    On a terminal the line counts the seconds, elsewhere it grows by a dot each.
    """
    begin = monotonic()
    on_terminal = sys.stdout.isatty()

    async def count() -> None:
        while True:
            await asyncio.sleep(1)
            seconds = f"\r{what} … {monotonic() - begin:.0f} s"
            print(seconds if on_terminal else ".", end="", flush=True)

    print(f"{what} …", end="", flush=True)
    counter = asyncio.create_task(count())
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    finally:
        counter.cancel()
    done = f" done in {monotonic() - begin:.1f} s"
    print(f"\r{what} …{done}" if on_terminal else done, flush=True)
