"""What accepted trackers are answered, so that nobody else gains by it.

A datagram may say that it comes from anywhere, and the answer goes there: it is never
longer than the report, and one that is the report itself, which whoever gets it may
send back, is given only so often.
"""

from collections.abc import Callable
from datetime import datetime

from ..h02 import DEFAULT_VENDOR, Report, acknowledge
from .bucket import Bucket
from .limits import Limits
from .link import Link
from .traffic import Traffic


class Answers:
    """Acknowledges the reports of accepted trackers."""

    def __init__(
        self, limits: Limits, clock: Callable[[], float], traffic: Traffic
    ) -> None:
        """Count in `traffic`; the clock gives seconds and only goes forward."""
        self._limits = limits
        self._clock = clock
        self._traffic = traffic
        self._echoes: dict[str, Bucket] = {}
        # The maker code of trackers, if it is not that of nearly all, and the address
        # that told it: anyone who knows the id could tell another. A unit takes no
        # answer that does not begin with its own, which its records leave out
        # (protocol.md a.1).
        self._vendors: dict[str, tuple[str, str]] = {}

    def give(self, report: Report, link: Link, now: datetime) -> None:
        """Acknowledge a report, where its type has an answer."""
        if report.vendor == DEFAULT_VENDOR:
            self._vendors.pop(report.tracker_id, None)
        elif report.vendor:
            self._vendors[report.tracker_id] = link.peer, report.vendor
        elif (told := self._vendors.get(report.tracker_id)) and told[0] == link.peer:
            report.vendor = told[1]
        answer = acknowledge(report, now)
        if not answer:
            return
        if link.transport == "udp" and (
            len(answer) > len(report.raw)
            or (answer == report.raw and not self._may_echo(report.tracker_id))
        ):
            self._traffic.withheld += 1
        else:
            link.send(answer)

    def forget(self, tracker_id: str) -> None:
        """Forget a tracker that is no longer accepted."""
        self._echoes.pop(tracker_id, None)
        self._vendors.pop(tracker_id, None)

    def _may_echo(self, tracker_id: str) -> bool:
        """Tell whether a tracker may have its own words for an answer once more.

        By its id and not by its address: whoever forges one has many.
        """
        limits = self._limits
        echoes = self._echoes.setdefault(tracker_id, Bucket())
        level = echoes.pour(self._clock(), limits.echoes_rate, cap=limits.echoes_burst)
        return level <= limits.echoes_burst
