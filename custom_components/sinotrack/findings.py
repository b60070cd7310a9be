"""What may be wrong with a receiver or a tracker, and what its owner is then told.

Each kind of issue looks at what is known anyway, and says how the owner's word is
taken: nobody wants to be told again what he has confirmed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from homeassistant.const import CONF_NAME, CONF_PORT, CONF_PROTOCOL
from homeassistant.helpers.issue_registry import IssueSeverity
from homeassistant.util import dt as dt_util

from .h02 import DEFAULT_PASSWORD, SMS_RESTART, sms_time_zone
from .hub import Hub
from .knocks import Knock
from .live_tracker import LiveTracker
from .tracking import Verdict

CLOCK_OFFSET: Final = "clock_offset"
IGNITION_NEVER_ON: Final = "ignition_never_on"
FOREIGN_PROTOCOL: Final = "foreign_protocol"
ALWAYS_LATE: Final = "always_late"
RESEND_LOOP: Final = "resend_loop"
TWO_NETWORKS: Final = "two_networks"

_QUARTER: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)

_SILENT_TRIPS: Final = 2

_LATE_REPORTS: Final = 20
"""Of the reports that are remembered, so many make more than a short backlog."""
_LATE_FOR: Final = timedelta(hours=1)
"""A backlog is sent in less, with what is new in between."""

_RESENDS: Final = 20
"""Of the reports that are remembered, so many make a loop."""
_RESENDS_OF_A_HEALTHY_ONE: Final = 4
_RESENT_WITHIN: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be told: the key of its texts, and what they name."""

    texts: str
    placeholders: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind[Subject]:
    """One kind of issue that a receiver or a tracker may have."""

    name: str
    find: Callable[[Subject, datetime, bool], Finding | None]
    """Look at it; the last argument tells whether the issue is raised already."""
    dismiss: Callable[[Subject], None]
    """Take note that the owner knows, and look for it anew."""
    severity: IssueSeverity = IssueSeverity.WARNING


# --- what the receiver may have ------------------------------------------------------


def _foreign_tracker(hub: Hub, now: datetime) -> Knock | None:
    """Give the last knock of a tracker that knocks again and again."""
    for knock in hub.knocks:
        if knock.is_tracker and knock.goes_on(now):
            return knock
    return None


def _find_foreign_protocol(hub: Hub, now: datetime, _is_raised: bool) -> Finding | None:
    """Find a tracker that speaks another protocol."""
    knock = _foreign_tracker(hub, now)
    if knock is None:
        return None
    return Finding(
        FOREIGN_PROTOCOL,
        {
            CONF_PROTOCOL: knock.protocol.upper(),
            CONF_PORT: str(hub.entry.data[CONF_PORT]),
        },
    )


def _dismiss_foreign_protocol(hub: Hub) -> None:
    if _foreign_tracker(hub, dt_util.utcnow()) is None:
        return
    # One of them was shown, and which that is changes with each knock.
    for knock in list(hub.knocks):
        if knock.is_tracker:
            hub.knocks.forget(knock.protocol)


# --- what a tracker may have ---------------------------------------------------------


def _offset(live: LiveTracker) -> timedelta:
    """Give how far behind its clock is, which is so by quarters of an hour."""
    return round(live.tracker.clock.offset / _QUARTER) * _QUARTER


def _find_clock_offset(
    live: LiveTracker, _now: datetime, _is_raised: bool
) -> Finding | None:
    """Find a clock that is off by quarters of an hour."""
    offset = _offset(live)
    if not offset or offset == live.known_offset:
        return None
    hours, rest = divmod(abs(offset), _HOUR)
    return Finding(
        "clock_behind" if offset > timedelta(0) else "clock_ahead",
        {
            CONF_NAME: live.shown_name,
            "hours": str(hours),
            "minutes": str(rest // _MINUTE),
            "sms": sms_time_zone().text,
            "password": DEFAULT_PASSWORD,
        },
    )


def _dismiss_clock_offset(live: LiveTracker) -> None:
    live.known_offset = _offset(live)
    live.async_remember()


def _find_ignition_never_on(
    live: LiveTracker, _now: datetime, _is_raised: bool
) -> Finding | None:
    """Find a wire that is not connected."""
    if live.tracker.wiring.silent_trips < _SILENT_TRIPS:
        return None
    return Finding(IGNITION_NEVER_ON, {CONF_NAME: live.shown_name})


def _dismiss_ignition_never_on(live: LiveTracker) -> None:
    live.tracker.wiring.forget()


def _find_always_late(
    live: LiveTracker, now: datetime, is_raised: bool
) -> Finding | None:
    """Find a tracker that is heard but tells nothing of now, so that nothing moves.

    The clock of the host is ahead by minutes, or the tracker sends a queue that lags.
    """
    since = live.late_since
    if since is None:
        return None
    late = [
        report
        for report in live.reports
        if report.verdict is Verdict.LATE and report.received_at >= since
    ]
    ages = [each.received_at - each.time for each in late if each.time is not None]
    if len(ages) < (1 if is_raised else _LATE_REPORTS):
        return None
    if late[-1].received_at - since < _LATE_FOR:
        return None
    return Finding(
        ALWAYS_LATE,
        {
            CONF_NAME: live.shown_name,
            "minutes": str(min(ages) // _MINUTE),
            "sms": SMS_RESTART,
        },
    )


def _dismiss_always_late(live: LiveTracker) -> None:
    live.late_since = None


def _find_resend_loop(
    live: LiveTracker, now: datetime, is_raised: bool
) -> Finding | None:
    """Find a tracker that sends again what was taken and acknowledged."""
    if not live.is_acknowledged:
        return None
    known_until = live.resends_known_until
    resent = [
        report.received_at
        for report in live.reports
        if report.verdict is Verdict.DUPLICATE
        and (known_until is None or report.received_at > known_until)
    ]
    if is_raised:
        is_loop = len(resent) > _RESENDS_OF_A_HEALTHY_ONE
    else:
        is_loop = len(resent) >= _RESENDS and now - resent[-1] < _RESENT_WITHIN
    if not is_loop:
        return None
    return Finding(RESEND_LOOP, {CONF_NAME: live.shown_name, "sms": SMS_RESTART})


def _dismiss_resend_loop(live: LiveTracker) -> None:
    live.resends_known_until = dt_util.utcnow()


def _find_two_networks(
    live: LiveTracker, _now: datetime, _is_raised: bool
) -> Finding | None:
    """Find a second sender of one id, also one of the night that is silent again."""
    if not live.has_two_senders:
        return None
    return Finding(TWO_NETWORKS, {CONF_NAME: live.shown_name})


def _dismiss_two_networks(live: LiveTracker) -> None:
    live.impostor.networks.forget()
    live.has_two_senders = False
    live.async_remember()


OF_RECEIVERS: Final[tuple[Kind[Hub], ...]] = (
    Kind(FOREIGN_PROTOCOL, _find_foreign_protocol, _dismiss_foreign_protocol),
)
OF_TRACKERS: Final[tuple[Kind[LiveTracker], ...]] = (
    Kind(CLOCK_OFFSET, _find_clock_offset, _dismiss_clock_offset),
    Kind(IGNITION_NEVER_ON, _find_ignition_never_on, _dismiss_ignition_never_on),
    Kind(ALWAYS_LATE, _find_always_late, _dismiss_always_late),
    Kind(RESEND_LOOP, _find_resend_loop, _dismiss_resend_loop),
    Kind(
        TWO_NETWORKS,
        _find_two_networks,
        _dismiss_two_networks,
        IssueSeverity.ERROR,
    ),
)
