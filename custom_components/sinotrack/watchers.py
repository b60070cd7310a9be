"""Who wants to know of a tracker, and of which change."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from homeassistant.core import CALLBACK_TYPE

from .tracking import TrackerState


@dataclass(slots=True)
class _Watcher:
    """Who wants to know of a change, and of which."""

    listener: CALLBACK_TYPE
    read: Callable[[TrackerState], object] | None
    seen: object
    comes_last: bool


class Watchers:
    """The listeners of one tracker, in the order in which they are called."""

    def __init__(self) -> None:
        """Start with none."""
        self._watchers: tuple[_Watcher, ...] = ()

    def __len__(self) -> int:
        """Count them."""
        return len(self._watchers)

    def add(
        self,
        listener: CALLBACK_TYPE,
        state: TrackerState,
        read: Callable[[TrackerState], object] | None,
        *,
        comes_last: bool,
    ) -> CALLBACK_TYPE:
        """Call `listener` after each change from `state` on; gives the way to stop.

        With `read`, only when what it gives has changed: most of what a tracker tells
        stays the same with most reports.
        """
        seen = None if read is None else read(state)
        watcher = _Watcher(listener, read, seen, comes_last)
        self._watchers = tuple(
            sorted((*self._watchers, watcher), key=attrgetter("comes_last"))
        )
        # Not of the bound method, which is one more object for each entity.
        return partial(Watchers._dismiss, self, watcher)

    def call(self, state: TrackerState, *, all_of_them: bool) -> None:
        """Call those for whom something has changed, or all of them."""
        for watcher in self._watchers:
            if watcher.read is None:
                watcher.listener()
                continue
            value = watcher.read(state)
            if all_of_them or (value is not watcher.seen and value != watcher.seen):
                watcher.seen = value
                watcher.listener()

    def _dismiss(self, watcher: _Watcher) -> None:
        self._watchers = tuple(each for each in self._watchers if each is not watcher)
