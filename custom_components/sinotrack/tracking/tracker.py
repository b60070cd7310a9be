"""One tracker: reports and their arrival in, one vehicle state out (tracking.md).

Pure and deterministic. `accept` takes reports, `tick` lets time pass, and `deadline`
says when the next tick is due: nothing in here waits or asks for the time.

Each record goes two ways. The live path follows the live ones as they arrive: it is
what is shown. The odometer puts all of them in order of time.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from ..h02 import Report
from .alarms import AlarmEvent, AlarmHistory
from .clock import DeviceClock, Reading, possible_time
from .contact import Contact
from .journal import JournalRecord
from .motion import BLIND_AFTER
from .odometer import Odometer
from .path import Path
from .position import locate
from .repeats import Repeats
from .settling import Settling
from .state import IgnitionSource, TrackerOptions, TrackerState, Verdict
from .wiring import Wiring

_KMH_PER_KNOT: Final = 1.852


class Tracker:
    """Follows one tracker by what it reports."""

    def __init__(self, tracker_id: str, options: TrackerOptions | None = None) -> None:
        """Start with nothing known; `tracker_id` is 8 to 16 digits."""
        self.tracker_id = tracker_id
        self.state = TrackerState()
        self.clock = DeviceClock()
        self.repeats = Repeats()
        self.path = Path()
        self.odometer = Odometer()
        self.alarms = AlarmHistory()
        self.contact = Contact()
        self.settling = Settling()
        self.wiring = Wiring()
        self.as_of: datetime | None = None
        """Time of the newest report the live state has followed."""
        self.was_on = False
        """On until a settled place made the ignition unknown (see `_offline_at`)."""
        self._begun: list[AlarmEvent] = []
        self.options = options or TrackerOptions()

    @property
    def options(self) -> TrackerOptions:
        """What the owner has set; a change counts from the next report on."""
        return self._options

    @options.setter
    def options(self, options: TrackerOptions) -> None:
        self._options = options
        self.contact.offline_after = options.offline_after
        self.path.options = options
        self.odometer.options = options
        if options.ignition_source is not IgnitionSource.WIRE:
            # What the bit says is then no riddle, or not asked for.
            self.wiring.forget()

    @property
    def deadline(self) -> datetime | None:
        """When `tick` is due, or None while time changes nothing."""
        due = self._offline_at()
        for time in (
            self._blind_at(),
            self.path.motion.deadline,
            self.odometer.deadline,
            self.settling.deadline,
        ):
            if time is not None and (due is None or time < due):
                due = time
        return due

    def accept(
        self, report: Report, received_at: datetime, *, is_trusted: bool = True
    ) -> Verdict:
        """Follow a report that arrived at `received_at` (UTC).

        One that is not trusted, as somebody else may have sent it, teaches nothing for
        good: not how the clock goes, how often the tracker reports or which unit it is.
        Nor does it make anything older without a place of its own.
        """
        self._follow_clock(received_at)
        state = self.state
        ignition = state.ignition
        # Of a wire that is not connected nothing is seen but the drive itself.
        is_driven = bool(state.motion) and not self.wiring.is_proven
        verdict = self._take(report, received_at, is_trusted=is_trusted)
        if ignition is None:
            # Silence has made it unknown: it will have been what it is now.
            ignition = self.was_on or state.ignition
        # What comes when the network likes says nothing of how often it reports.
        is_regular = (
            is_trusted
            and verdict is not Verdict.LATE
            and verdict is not Verdict.DUPLICATE
        )
        self.contact.heard(
            received_at,
            ignition=bool(ignition) or is_driven,
            has_turned=ignition is not state.ignition,
            is_regular=is_regular,
        )
        if not is_trusted:
            # From its own report before to its next one is no interval.
            self.contact.last_regular = None
        state.last_seen = received_at
        state.is_online = True
        state.verdict = verdict
        return verdict

    def take_alarms(self) -> list[AlarmEvent]:
        """Give the alarms that began since this was asked before."""
        begun, self._begun = self._begun, []
        return begun

    def set_odometer(self, km: float) -> None:
        """Let the odometer show `km` from now on."""
        self.odometer.set(km)
        self.state.odometer_km = km

    def tick(self, now: datetime) -> None:
        """Let time pass up to `now` (UTC): standing, settling, going offline."""
        self._follow_clock(now)
        self.path.tick(now)
        blind_at = self._blind_at()
        if blind_at is not None and now >= blind_at:
            self.path.motion.lose()
        if not self.wiring.is_proven:
            self._watch_wire(has_status=False)
        self.odometer.tick(now)
        if self.settling.end(now):
            self._settle(now)
        self._show_motion()
        self.state.odometer_km = self.odometer.km
        offline_at = self._offline_at()
        if offline_at is not None and now >= offline_at:
            self._lose()

    def _follow_clock(self, now: datetime) -> None:
        """See that the clock of the host was put back: nothing is heard in the future.

        What is due then would wait for the future to come, which may take years.
        """
        heard_at = self.contact.last_heard
        if heard_at is not None and now < heard_at:
            self.contact.put_back(now)
            self.settling.put_back(now)
            self.path.motion.put_back(now)
            self.odometer.put_back(now)
            state, path = self.state, self.path
            state.last_fix = state.last_fix and min(state.last_fix, now)
            path.last_fix_at = path.last_fix_at and min(path.last_fix_at, now)
            if self.as_of is not None and self.as_of > now:
                self.as_of = None

    def _take(
        self, report: Report, received_at: datetime, *, is_trusted: bool
    ) -> Verdict:
        """Find out what a report may change, and let it."""
        status = report.status
        if status is None and report.fix is None and not report.alarms:
            if report.battery_percent is not None:
                self.state.battery_percent = report.battery_percent
            return Verdict.CONTACT
        time = report.time
        if time is not None:
            time = possible_time(time, received_at)
        if time is not None and not self.repeats.add(report, time):
            return Verdict.DUPLICATE
        is_marked = status is not None and status.buffered
        reading = self.clock.read(
            time, received_at, is_marked=is_marked, learns=is_trusted
        )
        self.state.is_clock_corrected = reading.is_corrected or time is not report.time
        if not self.wiring.is_proven and is_trusted and status and status.ignition:
            self.wiring.prove()
        record = self._record(report, reading, received_at)
        is_late = not reading.is_live
        # Before it may prove a duplicate: a sentence of its own tells an alarm with the
        # time, place and status of the position before.
        self._begun += self.alarms.follow(
            report, record.time, reading, learns=is_trusted
        )
        if is_late:
            self.settling.late(received_at)
            if not reading.is_dated:
                # Stored, and nobody knows when: it has no place in any order.
                return Verdict.LATE
        if not self.odometer.add(record, received_at, is_late=is_late):
            return Verdict.DUPLICATE
        self.state.odometer_km = self.odometer.km
        if is_late:
            return Verdict.LATE
        if self.as_of is not None and record.time < self.as_of:
            return Verdict.OUTDATED
        if record.fix is not None or (reading.is_dated and is_trusted):
            # What has neither a time nor a place makes nothing older.
            self.as_of = record.time
        return self._follow(report, record, received_at)

    def _record(
        self, report: Report, reading: Reading, received_at: datetime
    ) -> JournalRecord:
        """Date a report; a clock that is ahead by minutes must not rule the order."""
        time = min(reading.time, received_at)
        knots = report.speed_knots
        return JournalRecord(
            time,
            locate(report, time, self._options.accuracy_m),
            None if knots is None else knots * _KMH_PER_KNOT,
            report.status,
        )

    def _follow(
        self, report: Report, record: JournalRecord, received_at: datetime
    ) -> Verdict:
        """Let the live state follow a report."""
        state = self.state
        verdict = self.path.follow(record, received_at)
        if not self.wiring.is_proven:
            self._watch_wire(has_status=report.status is not None)
        state.take_values(report)
        if verdict is Verdict.NO_FIX or verdict is Verdict.IMPLAUSIBLE:
            if self.path.ignition:
                self.settling.driven(received_at)
        else:
            if self.path.doubt.fix is None:
                self.settling.live()
            state.last_fix = record.time
            state.location = self.path.place
        if verdict is Verdict.LIVE:
            if report.course is not None:
                state.course = report.course
            if record.speed_kmh is not None:
                state.speed_kmh = record.speed_kmh
        elif verdict is Verdict.HELD:
            # What a parked receiver says of speed and course is drift.
            state.speed_kmh = 0.0
        self._show_motion()
        return verdict

    def _settle(self, now: datetime) -> None:
        """Show where the stored records end, if nobody knows of a newer place."""
        # A doubted fix confirms no place: what is shown is as old as it was before.
        path, shown = self.odometer.path, self.path.last_fix_at
        place, time = path.place, path.last_fix_at
        if place is None or time is None:
            return
        # No later than now, should the host's clock have been wrong when that came.
        time = min(time, now)
        if shown is not None and time <= shown:
            return
        if now - time <= self._options.settle_within:
            # Where a vehicle is parked it was also then.
            place = replace(place, time=time)
            # Whether it still drove then, or drives by now, is not known: together with
            # the place it would look like an arrival of now.
            self.was_on |= bool(self.state.ignition)
            self.path.lose()
            self.path.settle(place, is_rolling=path.is_rolling)
            self.state.location = place
            # One that is doubted may be newer.
            self.state.last_fix = max(time, self.state.last_fix or time)

    def _show_motion(self) -> None:
        """Show what motion and ignition have become.

        Who stands has no speed, and of a drive that broke off none is known.
        """
        state, is_moving = self.state, self.path.motion.is_moving
        if state.motion and not is_moving:
            state.speed_kmh = None if is_moving is None else 0.0
        state.motion = is_moving
        if self._options.ignition_source is IgnitionSource.MOTION:
            state.ignition = is_moving
        else:
            state.ignition = self.path.ignition

    def _watch_wire(self, *, has_status: bool) -> None:
        """Let the trips tell whether the ACC wire is connected, if it is asked."""
        if self._options.ignition_source is IgnitionSource.WIRE:
            self.wiring.follow(
                is_moving=self.path.motion.is_moving, has_status=has_status
            )

    def _lose(self) -> None:
        """Go offline.

        Whether a drive goes on is then unknown, also when a heartbeat or a stored
        record is the first to come back: it must not show the drive of hours ago.
        """
        state = self.state
        state.is_online = self.was_on = False
        state.lose_values()
        self.path.lose()
        self._show_motion()
        if state.motion is None:
            state.speed_kmh = None

    def _offline_at(self) -> datetime | None:
        """Tell from when on the silence is too long; None while offline already."""
        if not self.state.is_online:
            return None
        # A place that settled has not changed how often it reports.
        known = self.state.ignition
        return self.contact.deadline(ignition=self.was_on if known is None else known)

    def _blind_at(self) -> datetime | None:
        """Tell from when on nothing was seen of a drive for too long."""
        state = self.state
        if not state.motion or state.last_fix is None:
            return None
        return state.last_fix + BLIND_AFTER
