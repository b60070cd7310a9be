"""One tracker: reports and their arrival in, one vehicle state out (tracking.md).

Pure and deterministic. `accept` takes reports, `tick` lets time pass, and `deadline`
says when the next tick is due: nothing in here waits or asks for the time.
"""

from datetime import datetime
from typing import Final

from ..h02 import Report, Status
from .clock import LIVE_WITHIN, DeviceClock, Reading, is_possible
from .contact import Contact
from .motion import Motion
from .position import Settling, locate
from .repeats import Repeats
from .state import (
    IgnitionSource,
    Location,
    TrackerOptions,
    TrackerState,
    Verdict,
)

_KMH_PER_KNOT: Final = 1.852

# What comes when the network likes says nothing of how often the tracker reports.
_IRREGULAR: Final = frozenset({Verdict.LATE, Verdict.DUPLICATE})


class Tracker:
    """Follows one tracker by what it reports."""

    def __init__(self, tracker_id: str, options: TrackerOptions | None = None) -> None:
        """Start with nothing known; `tracker_id` is 8 to 16 digits."""
        self.tracker_id = tracker_id
        self.options = options or TrackerOptions()
        self.state = TrackerState()
        self.clock = DeviceClock()
        self.repeats = Repeats()
        self.motion = Motion()
        self.contact = Contact(self.options.offline_after)
        self.settling = Settling(self.options.settle_within)
        self.as_of: datetime | None = None
        """Time of the newest report the live state has followed."""

    @property
    def deadline(self) -> datetime | None:
        """When `tick` is due, or None while time changes nothing."""
        due = self._offline_at() if self.state.is_online else None
        for time in (self.motion.deadline, self.settling.deadline):
            if time is not None and (due is None or time < due):
                due = time
        return due

    def accept(self, report: Report, received_at: datetime) -> Verdict:
        """Follow a report that arrived at `received_at` (UTC)."""
        state = self.state
        ignition = bool(state.ignition)
        verdict = self._take(report, received_at)
        self.contact.heard(
            received_at, ignition=ignition, is_regular=verdict not in _IRREGULAR
        )
        state.last_seen = received_at
        state.is_online = True
        state.verdict = verdict
        return verdict

    def tick(self, now: datetime) -> None:
        """Let time pass up to `now` (UTC): standing, settling, going offline."""
        self.motion.tick(now)
        self._show_motion()
        settled = self.settling.tick(now, self.state.location)
        if settled is not None:
            self.state.location = settled
            self.motion.settle(settled)
        offline_at = self._offline_at() if self.state.is_online else None
        if offline_at is not None and now >= offline_at:
            self._lose()

    def _take(self, report: Report, received_at: datetime) -> Verdict:
        """Find out what a report may change, and let it."""
        status = report.status
        if status is None and report.fix is None:
            if report.battery_percent is not None:
                self.state.battery_percent = report.battery_percent
            return Verdict.CONTACT
        time = report.time
        if (
            time is not None
            and is_possible(time, received_at)
            and self.repeats.is_repeated(report)
        ):
            return Verdict.DUPLICATE
        is_buffered = status is not None and status.buffered
        reading = self.clock.read(time, received_at, is_buffered=is_buffered)
        self.state.is_clock_corrected = reading.is_corrected
        if not reading.is_live:
            # Stored, and nobody knows when, is no place that could settle.
            place = locate(report, reading.time) if reading.is_dated else None
            self.settling.late(place, received_at)
            return Verdict.LATE
        if self._is_outdated(reading, received_at):
            return Verdict.OUTDATED
        return self._follow(report, reading.time, received_at)

    def _is_outdated(self, reading: Reading, received_at: datetime) -> bool:
        """Tell whether the state shows something newer already.

        A state that lies in the future, since the host's clock was wrong when it was
        made, must not freeze the tracker.
        """
        as_of = self.as_of
        return as_of is not None and reading.time < as_of <= received_at + LIVE_WITHIN

    def _follow(self, report: Report, time: datetime, received_at: datetime) -> Verdict:
        """Let the live state follow a report."""
        self.as_of = time
        self._show_values(report)
        went_off = self._turn_key(report.status)
        location = locate(report, time)
        speed_kmh = None
        if location is not None:
            speed_kmh = self._show_place(report, location)
            self.settling.live()
        self.motion.follow(
            time,
            received_at,
            location,
            speed_kmh,
            ignition=self.state.ignition,
            went_off=went_off,
        )
        self._show_motion()
        return Verdict.LIVE if location is not None else Verdict.NO_FIX

    def _show_place(self, report: Report, location: Location) -> float | None:
        """Take place, course and speed; gives the speed in km/h if there is one."""
        state = self.state
        state.location = location
        if report.course is not None:
            state.course = report.course
        if report.speed_knots is None:
            return None
        state.speed_kmh = report.speed_knots * _KMH_PER_KNOT
        return state.speed_kmh

    def _show_values(self, report: Report) -> None:
        """Take what a report carries; what it lacks stays as it was."""
        state = self.state
        state.status = report.status or state.status
        if report.satellites is not None:
            state.satellites = report.satellites
        if report.csq is not None:
            state.csq = report.csq
        if report.voltage is not None:
            state.voltage = report.voltage
        if report.battery_percent is not None:
            state.battery_percent = report.battery_percent
        if report.mileage_km is not None:
            state.mileage_km = report.mileage_km

    def _turn_key(self, status: Status | None) -> bool:
        """Take the ignition from a status word; tells whether it went off."""
        if status is None or self.options.ignition_source is IgnitionSource.MOTION:
            return False
        before = self.state.ignition
        inverted = self.options.ignition_source is IgnitionSource.INVERTED
        self.state.ignition = status.ignition is not inverted
        return bool(before) and not self.state.ignition

    def _show_motion(self) -> None:
        """Show what motion has become; a vehicle that stands has no speed."""
        state, is_moving = self.state, self.motion.is_moving
        if state.motion and not is_moving:
            state.speed_kmh = 0.0
        state.motion = is_moving
        if self.options.ignition_source is IgnitionSource.MOTION:
            state.ignition = is_moving

    def _lose(self) -> None:
        """Go offline.

        Whether a drive goes on is then unknown, also when a heartbeat or a stored
        record is the first to come back: it must not show the drive of hours ago.
        """
        state = self.state
        state.is_online = False
        if state.motion:
            self.motion.lose()
            state.motion = None
            state.speed_kmh = None
        if state.ignition:
            state.ignition = None

    def _offline_at(self) -> datetime | None:
        return self.contact.deadline(ignition=bool(self.state.ignition))
