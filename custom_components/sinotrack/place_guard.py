"""Hold the place that is shown while another network contradicts it.

Somebody who knows the id of a tracker can report that it comes home. The owner may ask
that such a place be shown only once the network that is known longer agrees, by a fix
that is believed itself. After an hour without another leap the tracker has moved to a
new network for good: nothing holds it for ever.

A place that was held before a restart lasts until its hour is over.
"""

from datetime import datetime
from typing import Any, Final

from .networks import DISPUTE_WINDOW
from .tracking import Location, Verdict, export_location, read_location, read_time

BELIEVED: Final = frozenset({Verdict.LIVE, Verdict.HELD})
"""Of fixes that the place follows, or agrees with."""


class PlaceGuard:
    """Holds a place, or none."""

    __slots__ = ("_is_restored", "is_on", "place", "until")

    def __init__(self) -> None:
        """Hold nothing."""
        self.is_on = False
        """Whether the owner wants a place held that another network contradicts."""
        self.place: Location | None = None
        """What is to be shown instead of where the tracker says it is."""
        self.until: datetime | None = None
        """When to let go of it at the latest; None while none is held."""
        # Held since before a restart.
        self._is_restored = False

    def export(self) -> dict[str, Any] | None:
        """Give what has to be remembered while a place is held."""
        if self.place is None or self.until is None:
            return None
        return {
            "place": export_location(self.place),
            "until": self.until.isoformat(),
        }

    def restore(self, held: dict[str, Any] | None) -> None:
        """Go on holding what was exported.

        Raises KeyError, TypeError or ValueError on anything else.
        """
        if held is not None:
            self.place = read_location(held["place"])
            self.until = read_time(held["until"])
            self._is_restored = True

    def hold(self, shown: Location | None, now: datetime) -> None:
        """Take note that a newer network contradicts what is shown."""
        if self.is_on:
            self.place = self.place or shown
            if not self._is_restored:
                self.until = now + DISPUTE_WINDOW

    def hear(self, verdict: Verdict, *, is_elder: bool) -> None:
        """Let go of the place when the network known longer agrees."""
        if is_elder and verdict in BELIEVED and not self._is_restored:
            self._let_go()

    def tick(self, now: datetime) -> None:
        """Let go of the place in time, or when the owner does not ask for it."""
        if self.until is None:
            return
        # No longer than that, should the clock of the host have been put back.
        self.until = min(self.until, now + DISPUTE_WINDOW)
        if not self.is_on or now >= self.until:
            self._let_go()

    def _let_go(self) -> None:
        self.place = self.until = None
        self._is_restored = False
