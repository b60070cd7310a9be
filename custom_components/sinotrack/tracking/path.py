"""The believed path of one vehicle, through records in order of time.

Which fix to believe depends on motion, and motion on what is believed. Both stand here
once, for the live state and for the distance driven alike (tracking.md, Which fix to
believe).
"""

from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Self

from ..h02 import Status
from .doubt import DOUBTS, DOUBTS_AT_MOST, JUMP_M, Doubt, is_jump
from .geo import distance, is_beyond
from .journal import JournalRecord
from .motion import STANDING_KMH, Motion
from .parking import ParkingPlace
from .state import IgnitionSource, Location, TrackerOptions, Verdict

# So far from where it stopped a vehicle has moved, whatever its speed said.
_MOVED_AWAY_M: Final = 150.0
# Who stands elsewhere after a longer silence has moved, and moves no more.
_SILENCE: Final = timedelta(minutes=10)


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
        """The last believed fix was made at 4 km/h or more, and not of a stand."""
        self.doubt = Doubt()
        self.last_fix_at: datetime | None = None
        """Time of the last fix that confirmed the place."""
        self.last_record_at: datetime | None = None

    def copy(self) -> Self:
        """Give a path that goes on from here by itself."""
        twin = copy(self)
        twin.motion = copy(self.motion)
        twin.doubt = copy(self.doubt)
        return twin

    def follow(self, record: JournalRecord, received_at: datetime) -> Verdict:
        """Follow one record, which arrived at `received_at`.

        Gives `LIVE` where its fix is believed, otherwise `NO_FIX`, `IMPLAUSIBLE` or
        `HELD`. Its ignition counts in any case.
        """
        self.last_record_at = record.time
        motion, fix = self.motion, record.fix
        was_moving, was_on = motion.is_moving, self.ignition
        went_off = self._turn_key(record.status)
        came_on = was_on is False and self.ignition is True
        verdict, ends_jump = self._judge(fix)
        stood = self._stands
        motion.follow(
            record.time,
            received_at,
            record.speed_kmh if verdict is Verdict.LIVE else None,
            ignition=self.ignition,
            went_off=went_off,
        )
        if fix is not None and verdict is Verdict.LIVE:
            was_parked = was_moving is False and not went_off
            if was_parked and self._is_held(came_on=came_on) and not self._leaves(fix):
                verdict = Verdict.HELD
            else:
                has_moved = self._has_moved_away(was_moving, fix)
                is_unseen = self._has_stopped_unseen(record, has_moved=has_moved)
                if has_moved and not is_unseen:
                    motion.start(record.time, received_at, record.speed_kmh)
                self._believe(fix)
                # Who creeps on, too slow for a drive, is seen where it comes to.
                self.is_rolling = motion.is_moving is not False and not _is_slow(record)
                if is_unseen:
                    self.stopped_at = fix
                if has_moved or is_unseen or not stood or not self._stands:
                    self._count_to(fix, is_jump=ends_jump)
                elif self.counted_to is None:
                    self.counted_to = fix
        self._note_stop(was_moving)
        return verdict

    def _judge(self, fix: Location | None) -> tuple[Verdict, bool]:
        """Tell whether a fix can be believed, and whether a jump comes to its end."""
        if fix is None:
            return Verdict.NO_FIX, False
        doubt, is_jump = self.doubt, self._is_jump(fix)
        if (
            is_jump
            and doubt.count < DOUBTS_AT_MOST
            and not self._is_agreed(fix, self.parked or self.place)
        ):
            doubt.add(fix)
            return Verdict.IMPLAUSIBLE, False
        if self.motion.slow_since is not None and self._has_gone_on(fix):
            # Another light, and not the same still.
            self.motion.forget_slowness()
        is_end = doubt.fix is not None and self._ends_jump(doubt.fix, fix)
        return Verdict.LIVE, is_jump or is_end

    @property
    def newest_fix(self) -> Location | None:
        """The last fix that came in its turn, whether it is believed or doubted."""
        place, time = self.place, self.last_fix_at
        if self.doubt.fix is not None or place is None or time is None:
            return self.doubt.fix
        return replace(place, time=time)

    def has_leapt_from(self, before: Location | None) -> bool:
        """Tell whether no vehicle gets from a former fix to the newest one in time."""
        fix = self.newest_fix
        if before is None or fix is None:
            return False
        return is_jump(before, before.time, fix, self.options.max_speed_kmh)

    def settle(self, place: Location, *, is_rolling: bool) -> None:
        """Take a place that is known from elsewhere, and was reached driving or not."""
        self._believe(place)
        self.stopped_at = self.counted_to = place
        self.is_rolling = is_rolling

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

    def _is_held(self, *, came_on: bool) -> bool:
        """Tell whether the place needs more than one fix to be left.

        The key alone moves nothing, and a receiver that wakes up with it may be far off
        at first: the hold lasts until a fix ends it.
        """
        is_doubtful = came_on or self.parked is not None or self.doubt.fix is not None
        return self.motion.is_moving is False and (is_doubtful or not self.ignition)

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
        return is_jump(place, since, fix, self.options.max_speed_kmh)

    def _ends_jump(self, doubted: Location, fix: Location) -> bool:
        """Tell whether a fix agrees with a jump, if time has passed since."""
        middle = self.parked or self.place
        return self._is_jump(doubted) and self._is_agreed(fix, middle)

    def _is_agreed(self, fix: Location, place: Location | ParkingPlace | None) -> bool:
        """Tell whether another fix was doubted that agrees with this one."""
        return self.doubt.is_agreed(
            fix,
            place,
            max_speed_kmh=self.options.max_speed_kmh,
            stands=self.motion.is_moving is False,
            is_parked=self._is_parked,
        )

    def _leaves(self, fix: Location) -> bool:
        """Tell whether a parked vehicle has left, or was not parked where it is shown.

        It has left with two fixes outside that agree.
        """
        shown, radius = self.place, self.options.hold_radius_m
        if shown is None or not radius:
            return True
        middle = self.parked or ParkingPlace(shown.latitude, shown.longitude)
        if is_beyond(middle, fix, radius):
            if self._is_agreed(fix, middle) or self._is_lost(middle, fix):
                return True
            self.doubt.add(fix)
            return False
        if self.is_rolling or self.ignition:
            # Where it is shown it still drove, or it may drive off now.
            return True
        self.last_fix_at = fix.time
        self.parked = middle = middle.with_fix(fix)
        if is_beyond(middle, shown, radius):
            # It was the first to drift.
            return True
        if is_beyond(shown, fix, radius):
            return self._is_elsewhere(shown, fix)
        self.doubt.end()
        return False

    def _is_elsewhere(self, shown: Location, fix: Location) -> bool:
        """Tell whether the third fix in a row is away from the place that is shown.

        Each has to agree with the one before.
        """
        if not self._is_agreed(fix, shown):
            self.doubt.end()
        elif self.doubt.count >= DOUBTS:
            return True
        self.doubt.add(fix)
        return False

    def _is_lost(self, place: ParkingPlace, fix: Location) -> bool:
        """Tell whether a vehicle drives whose key nobody sees.

        What reports seldom may be somewhere else each time, with no two that agree.
        """
        is_driven = not self.is_wired and self.doubt.count >= DOUBTS_AT_MOST
        return is_driven and is_beyond(place, fix, JUMP_M)

    def _has_stopped_unseen(self, record: JournalRecord, *, has_moved: bool) -> bool:
        """Tell whether it stands, and nobody has seen it come to a stand.

        It was last seen where it still drove, or has moved in a silence that is over.
        """
        if self.motion.is_moving is not False:
            return False
        since, doubted = self.last_fix_at, self.doubt.fix
        first_at = record.time if doubted is None else doubted.time
        was_silent = since is not None and first_at - since > _SILENCE
        return self.is_rolling or (has_moved and was_silent and _is_slow(record))

    def _believe(self, fix: Location) -> None:
        """Be at a fix, and doubt none any more."""
        self.place, self.last_fix_at = fix, fix.time
        self.parked = None
        self.doubt.end()

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


def _is_slow(record: JournalRecord) -> bool:
    return (record.speed_kmh or 0.0) < STANDING_KMH
