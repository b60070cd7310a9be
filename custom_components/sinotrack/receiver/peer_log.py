"""What the log tells of peers: one line of each in a minute, and never what it sent.

Anyone may knock, as often as he likes: a line each time would fill a disk.
"""

from collections.abc import Callable
import logging
from typing import Final

from .addresses import source_of
from .limits import LINES_PER_MINUTE
from .link import Link
from .traffic import Traffic

_MINUTE: Final = 60.0


class PeerLog:
    """Writes to a logger, in bounded memory and at a bounded rate."""

    def __init__(
        self, logger: logging.Logger, clock: Callable[[], float], traffic: Traffic
    ) -> None:
        """Write to `logger` by a clock in seconds that only goes forward."""
        self._logger = logger
        self._clock = clock
        self._traffic = traffic
        self._minute = float("-inf")
        self._told: set[str] = set()

    def tell(
        self, level: int, link: Link, what: str, *, with_address: bool = False
    ) -> None:
        """Tell what was refused, unless the minute has had a line of this peer.

        Its address is told only where nothing could be mended without.
        """
        if not self._logger.isEnabledFor(level):
            return
        minute = self._clock() // _MINUTE
        if minute != self._minute:
            self._minute = minute
            self._told.clear()
        source = source_of(link.peer)
        if source in self._told or len(self._told) >= LINES_PER_MINUTE:
            self._traffic.unlogged += 1
            return
        self._told.add(source)
        whence = f" from {link.peer}" if with_address else ""
        self._logger.log(level, "Refused over %s%s: %s", link.transport, whence, what)
