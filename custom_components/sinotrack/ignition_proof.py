"""Watch the ignition bit of a tracker while its owner turns the key on and off."""

import asyncio
from contextlib import suppress
from typing import Final

from homeassistant.core import callback

from .live_tracker import LiveTracker
from .tracking import IgnitionSource

PATIENCE: Final = 180.0
"""Seconds for each turn: a tracker whose wire is connected reports it at once."""

_TURNS: Final = 2


class IgnitionProof:
    """On, then off: what bit 10 of the status word made of it."""

    def __init__(self, live: LiveTracker) -> None:
        """Begin with the key off."""
        self.live = live
        self.turns = 0
        """How often the bit has changed."""
        self.is_over = False
        """Whether the key was turned both ways, or not in time."""
        self.was_set = live.tracker.options.ignition_source
        """What tells the ignition so far."""
        self._bit = self._seen_bit()
        self._last_seen = live.tracker.state.last_seen

    @property
    def source(self) -> IgnitionSource | None:
        """What tells the ignition, or None as long as that is not proved."""
        if self.turns < _TURNS:
            return None
        # With the key off again, a set bit is the wrong way round.
        return IgnitionSource.INVERTED if self._bit else IgnitionSource.WIRE

    @property
    def is_doubtful(self) -> bool:
        """Whether the key, which should be off again, counts as on so far.

        Either the bit is the other way round than it was taken for, or the test was
        begun with the key on: the two look alike.
        """
        is_inverted = self.source is IgnitionSource.INVERTED
        return is_inverted is not (self.was_set is IgnitionSource.INVERTED)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether nothing can be told, as no report came and none is expected.

        A tracker that reports seldom and knows no key may be silent for longer.
        """
        state = self.live.tracker.state
        return state.last_seen == self._last_seen and not state.is_online

    async def until_turned(self) -> None:
        """Wait until the bit changes, or until it is over."""
        turned = asyncio.Event()

        @callback
        def look() -> None:
            bit = self._seen_bit()
            if self._bit is not None and bit is not self._bit:
                turned.set()
            else:
                self._bit = bit

        remove = self.live.async_add_listener(look)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await turned.wait()
        finally:
            remove()
        if turned.is_set():
            self._bit = not self._bit
            self.turns += 1
        self.is_over = not turned.is_set() or self.turns == _TURNS

    def _seen_bit(self) -> bool | None:
        """Give what the last status word says, whatever is made of it."""
        status = self.live.tracker.state.status
        return None if status is None else status.ignition
