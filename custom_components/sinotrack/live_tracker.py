"""One accepted tracker at run time: what it reports, when time is up, who shows it."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER, default_name
from .h02 import Report
from .impostor import ImpostorWatch
from .options import (
    CONF_ACKNOWLEDGE,
    CONF_HOLD_CONTRADICTIONS,
    CONF_ODOMETER_START,
    readable_options,
    tracker_options,
)
from .receiver import Bucket, Transport
from .tracking import (
    AlarmEvent,
    Tracker,
    TrackerState,
    Verdict,
    export_tracker,
    maybe,
    read_duration,
    restore_tracker,
)
from .watchers import Watchers

SHORTEST_DELAY: Final = 1
"""Seconds: no deadline, not even one that never passes, may keep the loop busy."""

SHOWN_AT_ONCE: Final = 30
SHOWN_PER_SECOND: Final = 5
"""Of the reports of one tracker. No more than one a second comes from a real one, but
anyone who knows its id can send hundreds in one datagram, and what each of them changes
takes Home Assistant longer than all that is done with it here. What is more is followed
all the same, and shown a second later as what has become of it.
"""

REPORTS_REMEMBERED: Final = 40
"""Of each tracker, for whoever asks why it shows what it shows."""

ALARMS_REMEMBERED: Final = 40
"""Until an entity takes them; while that is disabled nobody does."""

# These tell neither that the tracker is up to date nor that it is not.
_TIMELESS: Final = frozenset({Verdict.CONTACT, Verdict.DUPLICATE})

# Where the place is remembered that is held against another network, the network known
# longest, and what the owner has been told of and what not.
_HELD: Final = "held"
_NETWORKS: Final = "networks"
_KNOWN_OFFSET: Final = "known_offset"
_TWO_SENDERS: Final = "two_senders"


@dataclass(slots=True)
class TakenReport:
    """A report as it came, and what became of it."""

    received_at: datetime
    time: datetime | None
    """By the tracker's own clock."""
    transport: Transport
    verdict: Verdict
    raw: bytes


class LiveTracker:
    """One accepted tracker: its state, its timer and the entities that show it."""

    def __init__(
        self, hass: HomeAssistant, subentry: ConfigSubentry, on_change: CALLBACK_TYPE
    ) -> None:
        """Start with nothing known; `on_change` is called when that changes."""
        self.subentry = subentry
        self.tracker = Tracker(subentry.unique_id or "")
        self.verdicts: Counter[Verdict] = Counter()
        self.reports: deque[TakenReport] = deque(maxlen=REPORTS_REMEMBERED)
        """The newest last."""
        self.alarms: deque[AlarmEvent] = deque(maxlen=ALARMS_REMEMBERED)
        """Those that no entity has taken yet, the newest last."""
        self.impostor = ImpostorWatch(self.tracker, self._suspect)
        self.has_two_senders = False
        """Two senders were seen, which the owner does not know of yet."""
        self.is_acknowledged = True
        """Whether its reports are answered."""
        self.known_offset: timedelta | None = None
        """The offset of its clock that the owner knows of."""
        self.late_since: datetime | None = None
        """When the first came of the late reports that no live one has followed yet."""
        self.resends_known_until: datetime | None = None
        """The owner knows of what was sent again up to then."""
        # The option that the odometer was set by; it is set anew when that changes.
        self._odometer_start: float | None = None
        self._hass = hass
        self._on_change = on_change
        self._shown = Bucket()
        self._watchers = Watchers()
        self._was_online = False
        self._cancel_timer: CALLBACK_TYPE | None = None
        self._timer_at: datetime | None = None

    @property
    def name(self) -> str:
        """The title of its sub-entry; the interface lets one rename it to nothing."""
        return self.subentry.title.strip() or default_name(self.tracker.tracker_id)

    @property
    def shown_name(self) -> str:
        """What the owner calls it, who may have renamed the device alone."""
        own = (DOMAIN, self.tracker.tracker_id)
        devices = dr.async_get(self._hass).async_get_devices(identifiers={own})
        return next(filter(None, (each.name_by_user for each in devices)), self.name)

    @callback
    def async_add_listener(
        self,
        listener: CALLBACK_TYPE,
        read: Callable[[TrackerState], object] | None = None,
        *,
        comes_last: bool = False,
    ) -> CALLBACK_TYPE:
        """Call `listener` after each change; gives the way to stop that.

        With `read`, only when what it gives has changed from now on, or the tracker has
        come or gone: most of what a tracker tells stays the same with most reports.
        With `comes_last`, after all that do not, whenever they were added.
        """
        return self._watchers.add(
            listener, self.tracker.state, read, comes_last=comes_last
        )

    @callback
    def async_accept(
        self,
        report: Report,
        received_at: datetime,
        transport: Transport,
        peer: str = "",
    ) -> None:
        """Let the tracker follow a report, and its entities the tracker.

        `peer` is the address that it came from, "" where that is known no longer.
        """
        verdict = self.impostor.accept(report, received_at, peer)
        self.verdicts[verdict] += 1
        self.reports.append(
            TakenReport(received_at, report.time, transport, verdict, report.raw)
        )
        if verdict is Verdict.LATE:
            self.late_since = self.late_since or received_at
        elif self.late_since is not None and verdict not in _TIMELESS:
            self.late_since = None
        if begun := self.tracker.take_alarms():
            self.alarms += begun
        if self._may_show:
            self._show()
        else:
            self._arm(by=received_at + timedelta(seconds=SHORTEST_DELAY))

    def export(self) -> dict[str, Any]:
        """Give all that has to be remembered."""
        return {
            **export_tracker(self.tracker),
            CONF_ODOMETER_START: self._odometer_start,
            _HELD: self.impostor.guard.export(),
            _NETWORKS: self.impostor.networks.export(),
            _KNOWN_OFFSET: maybe(timedelta.total_seconds, self.known_offset),
            _TWO_SENDERS: self.has_two_senders,
        }

    def restore(self, known: dict[str, Any]) -> None:
        """Go on with what was exported.

        Raises KeyError, TypeError or ValueError on anything else.
        """
        restore_tracker(self.tracker, known)
        self._was_online = self.tracker.state.is_online
        self._odometer_start = known.get(CONF_ODOMETER_START)
        self.impostor.guard.restore(known.get(_HELD))
        self.impostor.networks.restore(known.get(_NETWORKS))
        self.known_offset = maybe(read_duration, known.get(_KNOWN_OFFSET))
        self.has_two_senders = bool(known.get(_TWO_SENDERS))

    def follow_options(self) -> None:
        """Go by what the owner has set now."""
        data = readable_options(self.subentry.data)
        self.tracker.options = tracker_options(data)
        self.is_acknowledged = bool(data.get(CONF_ACKNOWLEDGE, True))
        self.impostor.guard.is_on = bool(data.get(CONF_HOLD_CONTRADICTIONS))
        start: float | None = data.get(CONF_ODOMETER_START)
        if start is not None and start != self._odometer_start:
            self.tracker.set_odometer(start)
        self._odometer_start = start

    @callback
    def async_remember(self) -> None:
        """Have kept what the owner knows of by now."""
        self._on_change()

    @callback
    def async_set_odometer(self, km: float) -> None:
        """Let the odometer go on from `km`."""
        self.tracker.set_odometer(km)
        self._show()

    @callback
    def async_resume(self) -> None:
        """Let the time pass that went by unwatched, and watch it from now on."""
        self._pass_time(dt_util.utcnow())

    @callback
    def async_stop(self) -> None:
        """Stop watching the time."""
        self._disarm()

    def _suspect(self, alarm: AlarmEvent) -> None:
        """Tell of a second sender."""
        self.alarms.append(alarm)
        self.has_two_senders = True

    def _disarm(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
        self._cancel_timer = self._timer_at = None

    @callback
    def _ring(self, now: datetime) -> None:
        """Do what the timer was for."""
        self._cancel_timer = self._timer_at = None
        self._pass_time(now)

    def _pass_time(self, now: datetime) -> None:
        """Let time pass up to `now`."""
        self.impostor.tick(now)
        self._show()

    @property
    def _may_show(self) -> bool:
        """Tell whether one more report may be shown at once, which counts it."""
        now = self._hass.loop.time()
        level = self._shown.pour(now, SHOWN_PER_SECOND, cap=SHOWN_AT_ONCE + 1)
        return level <= SHOWN_AT_ONCE

    def _show(self) -> None:
        """Call those who want to know of what has changed."""
        state = self.tracker.state
        has_turned = state.is_online is not self._was_online
        if has_turned:
            self._was_online = state.is_online
            what = "reports" if state.is_online else "is silent"
            LOGGER.info("Tracker %s %s", self.shown_name, what)
        self._watchers.call(state, all_of_them=has_turned)
        self._on_change()
        self._arm()

    def _arm(self, by: datetime | None = None) -> None:
        """Have one timer run for what time alone changes, or is to be shown `by` then.

        A deadline usually moves away with each report. The timer then stays, and looks
        again when it rings: cheaper than a new one for each report.
        """
        deadline = self.tracker.deadline
        for time in (self.impostor.guard.until, by):
            if time is not None and (deadline is None or time < deadline):
                deadline = time
        if deadline is None or (
            self._timer_at is not None and self._timer_at <= deadline
        ):
            return
        self._disarm()
        self._timer_at = deadline
        delay = (deadline - dt_util.utcnow()).total_seconds()
        self._cancel_timer = async_call_later(
            self._hass, max(delay, SHORTEST_DELAY), self._ring
        )
