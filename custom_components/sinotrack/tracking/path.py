"""The believed path of one vehicle, through records in order of time.

Which fix to believe depends on motion, and motion on what is believed. Both stand here
once, for the live state and for the distance driven alike (tracking.md, Which fix to
believe).
"""

from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Final, Self

from ..h02 import Status
from .geo import distance, is_beyond
from .journal import JournalRecord
from .motion import STANDING_KMH, Motion
from .parking import ParkingPlace
from .state import IgnitionSource, Location, TrackerOptions, Verdict

# A shorter move is never implausible: it may be drift, or a clock that stumbles.
_JUMP_M: Final = 300.0
# So far from where it stopped a vehicle has moved, whatever its speed said.
_MOVED_AWAY_M: Final = 150.0
# Two records of one second still have some time between them.
_SHORTEST_STEP_S: Final = 1.0
_KMH_PER_MS: Final = 3.6
# So many doubted fixes in a row, and one in reach of the last, are a way.
_DOUBTS: Final = 2
# After so many in a row it is the filter that is wrong: an owner may have set the speed
# of plausibility below the one that is driven.
_DOUBTS_AT_MOST: Final = 5


class Path:
    """Follows records in order of time. No sequence of them can lock it out."""

    def __init__(self) -> None:
        """Start nowhere."""
        self.options = TrackerOptions()
        self.motion = Motion()
        self.ignition: bool | None = None
        self.is_wired = False
        """The ignition was on once: while it is off, nobody drives."""
        self.place: Location | None = None
        """The believed place; the parking place while the vehicle is parked."""
        self.length_m = 0.0
        """How far it went; drift of a parked vehicle adds nothing."""
        self.stopped_at: Location | None = None
        """Where it came to a stand; from here a move shows that no speed has shown."""
        self.counted_to: Location | None = None
        """The place up to which the length is counted."""
        self.parked: ParkingPlace | None = None
        self.is_rolling = False
        """The last believed fix was made at 4 km/h or more."""
        self.doubted: Location | None = None
        """A fix that needs another to agree with it."""
        self.doubts = 0
        """How many fixes have been doubted in a row."""
        self.last_fix_at: datetime | None = None
        """Time of the last fix that confirmed the place."""
        self.last_record_at: datetime | None = None

    def copy(self) -> Self:
        """Give a path that goes on from here by itself."""
        twin = copy(self)
        twin.motion = copy(self.motion)
        return twin

    def follow(self, record: JournalRecord, received_at: datetime) -> Verdict:
        """Follow one record, which arrived at `received_at`.

        Gives `LIVE` where its fix is believed, otherwise `NO_FIX`, `IMPLAUSIBLE` or
        `HELD`. Its ignition counts in any case.
        """
        self.last_record_at = record.time
        motion, fix = self.motion, record.fix
        was_moving = motion.is_moving
        went_off = self._turn_key(record.status)
        is_jump = fix is not None and self._is_jump(fix)
        ends_jump = is_jump
        if fix is None:
            verdict = Verdict.NO_FIX
        elif (
            is_jump
            and self.doubts < _DOUBTS_AT_MOST
            and not self._is_agreed(fix, self.parked or self.place)
        ):
            verdict = Verdict.IMPLAUSIBLE
            self._doubt(fix)
        else:
            verdict = Verdict.LIVE
            if self.doubted is not None:
                ends_jump = is_jump or self._ends_jump(self.doubted, fix)
            if motion.slow_since is not None and self._has_gone_on(fix):
                # Another light, and not the same still.
                motion.forget_slowness()
        stood = self._stands
        motion.follow(
            record.time,
            received_at,
            record.speed_kmh if verdict is Verdict.LIVE else None,
            ignition=self.ignition,
            went_off=went_off,
        )
        if fix is not None and verdict is Verdict.LIVE:
            # It stands, and was last seen where it still drove.
            is_unseen = self.is_rolling and motion.is_moving is False
            was_parked = was_moving is False and not went_off
            if was_parked and self._is_parked and not self._leaves(fix):
                verdict = Verdict.HELD
            else:
                has_moved = not is_unseen and self._has_moved_away(was_moving, fix)
                if has_moved:
                    motion.start(record.time, received_at, record.speed_kmh)
                self.place, self.last_fix_at = fix, fix.time
                self.parked = self.doubted = None
                self.doubts = 0
                self.is_rolling = (record.speed_kmh or 0.0) >= STANDING_KMH
                if is_unseen:
                    self.stopped_at = fix
                if has_moved or is_unseen or not stood or not self._stands:
                    self._count_to(fix, is_jump=ends_jump)
                elif self.counted_to is None:
                    self.counted_to = fix
        self._note_stop(was_moving)
        return verdict

    @property
    def newest_fix(self) -> Location | None:
        """The last fix that came in its turn, whether it is believed or doubted."""
        place, time = self.place, self.last_fix_at
        if self.doubted is not None or place is None or time is None:
            return self.doubted
        return replace(place, time=time)

    def has_leapt_from(self, before: Location | None) -> bool:
        """Tell whether no vehicle gets from a former fix to the newest one in time."""
        fix = self.newest_fix
        if before is None or fix is None:
            return False
        return self._is_too_fast(before, before.time, fix)

    def settle(self, place: Location, *, is_rolling: bool) -> None:
        """Take a place that is known from elsewhere, and was reached driving or not."""
        self.place = self.stopped_at = self.counted_to = place
        self.last_fix_at = place.time
        self.is_rolling = is_rolling
        self.parked = self.doubted = None
        self.doubts = 0

    def lose(self) -> None:
        """Know of a drive no longer how it goes on."""
        self.motion.lose()
        if self.ignition:
            self.ignition = None

    def tick(self, now: datetime) -> None:
        """Let time pass."""
        was_moving = self.motion.is_moving
        self.motion.tick(now)
        self._note_stop(was_moving)

    def _turn_key(self, status: Status | None) -> bool:
        """Take the ignition from a status word; tells whether it went off."""
        source, before = self.options.ignition_source, self.ignition
        if source is IgnitionSource.MOTION:
            # Whatever the wire says now, or said before the owner chose so.
            self.ignition = None
        elif status is not None:
            self.ignition = status.ignition is not (source is IgnitionSource.INVERTED)
            if self.ignition and not before:
                self.is_wired = True
                # Turned off and on again, it has ended no drive.
                self.motion.forget_slowness()
        return bool(before) and self.ignition is False

    @property
    def _is_parked(self) -> bool:
        return self.motion.is_moving is False and not self.ignition

    @property
    def _stands(self) -> bool:
        """Tell whether any change of place is drift, at a light for example."""
        return not self.motion.is_moving or self.motion.slow_since is not None

    def _note_stop(self, was_moving: bool | None) -> None:
        """Remember the place where the vehicle came to a stand."""
        if self.motion.is_moving is False and (
            was_moving is not False or self.stopped_at is None
        ):
            self.stopped_at = self.place

    def _is_jump(self, fix: Location) -> bool:
        """Tell whether no vehicle gets from the believed place to this fix in time."""
        place, since = self.place, self.last_fix_at
        if place is None or since is None:
            return False
        return self._is_too_fast(place, since, fix)

    def _is_too_fast(self, start: Location, since: datetime, fix: Location) -> bool:
        if not is_beyond(start, fix, _JUMP_M):
            return False
        seconds = max((fix.time - since).total_seconds(), _SHORTEST_STEP_S)
        return is_beyond(start, fix, self.options.max_speed_kmh / _KMH_PER_MS * seconds)

    def _ends_jump(self, doubted: Location, fix: Location) -> bool:
        """Tell whether a fix agrees with a jump, if time has passed since."""
        middle = self.parked or self.place
        return self._is_jump(doubted) and self._is_agreed(fix, middle)

    def _doubt(self, fix: Location) -> None:
        """Wait for another fix that agrees."""
        self.doubts += 1
        self.doubted = fix

    def _is_agreed(self, fix: Location, place: Location | ParkingPlace | None) -> bool:
        """Tell whether the doubted fix agrees with this one rather than the old place.

        They do if they are closer together than half of what either is away: two
        outliers hardly ever are, and one that is told again is no second. A third in a
        row needs only be in reach: a vehicle on its way, and no sequence locks it out.
        Not so a parked one: a way that it is on leads away from its place, so that soon
        two agree.
        """
        doubted = self.doubted
        if doubted is None or place is None or fix == doubted:
            return False
        if self._is_too_fast(doubted, doubted.time, fix):
            return False
        away = min(distance(place, doubted), distance(place, fix))
        is_way = self.doubts >= _DOUBTS and not self._is_parked
        return is_way or not is_beyond(doubted, fix, away / 2)

    def _leaves(self, fix: Location) -> bool:
        """Tell whether a parked vehicle has left, or was not parked where it is shown.

        It has left with two fixes outside that agree.
        """
        shown, radius = self.place, self.options.hold_radius_m
        if shown is None:
            return True
        middle = self.parked or ParkingPlace(shown.latitude, shown.longitude)
        if is_beyond(middle, fix, radius):
            if self._is_agreed(fix, middle) or self._is_lost(middle, fix):
                return True
            self._doubt(fix)
            return False
        if self.is_rolling:
            # Where it is shown it still drove.
            return True
        self.last_fix_at = fix.time
        self.parked = middle = middle.with_fix(fix)
        if is_beyond(middle, shown, radius):
            # It was the first to drift.
            return True
        if is_beyond(shown, fix, radius):
            return self._is_elsewhere(shown, fix)
        self.doubted = None
        self.doubts = 0
        return False

    def _is_elsewhere(self, shown: Location, fix: Location) -> bool:
        """Tell whether the third fix in a row is away from the place that is shown.

        Each has to agree with the one before.
        """
        if not self._is_agreed(fix, shown):
            self.doubts = 0
        elif self.doubts >= _DOUBTS:
            return True
        self._doubt(fix)
        return False

    def _is_lost(self, place: ParkingPlace, fix: Location) -> bool:
        """Tell whether a vehicle drives whose key nobody sees.

        What reports seldom may be somewhere else each time, with no two that agree.
        """
        is_driven = not self.is_wired and self.doubts >= _DOUBTS_AT_MOST
        return is_driven and is_beyond(place, fix, _JUMP_M)

    def _count_to(self, fix: Location, *, is_jump: bool) -> None:
        """Count the way to the fix, unless nobody can have driven it."""
        start = self.counted_to
        if start is not None and not is_jump:
            self.length_m += distance(start, fix)
        self.counted_to = fix

    def _has_gone_on(self, fix: Location) -> bool:
        """See a way between two reports that are slow both."""
        start = self.counted_to
        return start is not None and is_beyond(start, fix, _MOVED_AWAY_M)

    def _has_moved_away(self, was_moving: bool | None, fix: Location) -> bool:
        """See a move that no speed has shown, from where it stopped or was first."""
        is_moving = self.motion.is_moving
        if is_moving or is_moving is not was_moving:
            return False
        start = self.counted_to if is_moving is None else self.stopped_at
        return start is not None and is_beyond(start, fix, _MOVED_AWAY_M)
