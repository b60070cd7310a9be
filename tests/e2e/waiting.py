"""Waiting for a condition instead of for a time."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

_PAUSE_SECONDS = 0.05


async def wait_for[T](
    condition: Callable[[], Awaitable[T | None]],
    what: str,
    timeout: float = 10.0,  # noqa: ASYNC109 - a message says more than a cancellation
    *,
    explain: Callable[[], str] = str,
) -> T:
    """Ask `condition` until its answer is true, and return that answer.

    Args:
        condition: a coroutine function that takes nothing.
        what: what is waited for, for the message.
        timeout: seconds after which to give up.
        explain: gives text to add to the message, for example the end of a log. It is
            asked at the end only, but may raise at once where waiting is in vain.

    Raises:
        TimeoutError: with `what`, the last answer and the explanation.

    """
    deadline = monotonic() + timeout
    while True:
        value = await condition()
        if value:
            return value
        if monotonic() > deadline:
            raise TimeoutError(
                f"{what}: not within {timeout:g} s, last answer {value!r}\n{explain()}"
            )
        await asyncio.sleep(_PAUSE_SECONDS)
