"""A tracker that its owner is pointing at this receiver, and how far it has come.

What arrives is compared with what had come before the texts were shown, and trackers
that are there already do not count. The port is open to everyone, so that connections
and bytes may be a scanner's: only a report of the tracker's own id is a proof.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .h02 import SmsSetup
from .knocks import Knock, Knocks
from .receiver import Receiver, Refusal
from .strangers import Stranger, Strangers


class Stage(StrEnum):
    """How far a tracker has come; each asks for another next step."""

    SILENCE = "silence"
    """Nothing at all has arrived."""
    CONNECTION = "connection"
    """A connection was opened and nothing sent through it."""
    BYTES = "bytes"
    """Something was sent that is no report."""
    IGNORED = "ignored"
    """None is announced, and one reports that the owner has ignored."""
    FOREIGN = "foreign"
    """It is the protocol of another make."""
    FRAME = "frame"
    """Reports arrive, but without an id that a tracker may have."""
    OTHER_ID = "other_id"
    """Another tracker reports than the one that was announced."""
    NO_FIX = "no_fix"
    """It reports, and knows no place yet."""
    FIX = "fix"
    """It reports where it is."""


class Sign(StrEnum):
    """What is seen one after the other when a tracker is pointed here."""

    CONNECTION = "connection"
    BYTES = "bytes"
    FRAME = "frame"
    ID = "id"
    FIX = "fix"


_SIGNS: Final = {
    Stage.SILENCE: 0,
    Stage.CONNECTION: 1,
    Stage.BYTES: 2,
    Stage.IGNORED: 3,
    Stage.FOREIGN: 2,
    Stage.FRAME: 3,
    Stage.OTHER_ID: 3,
    Stage.NO_FIX: 4,
    Stage.FIX: 5,
}

_PATIENCE: Final = {
    # The texts take a while to be typed, sent and answered.
    Stage.SILENCE: timedelta(minutes=5),
    Stage.CONNECTION: timedelta(minutes=1),
    Stage.BYTES: timedelta(minutes=1),
    # A cold start under open sky.
    Stage.NO_FIX: timedelta(minutes=3),
}
"""After which time the next step is told; at once where a stage is not listed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a tracker has come, and what to say of that."""

    stage: Stage
    is_overdue: bool
    """Whether it takes longer than it should."""
    protocol: str = ""
    """FOREIGN: the name of the protocol."""
    tracker_ids: tuple[str, ...] = ()
    """Who reports, the one heard last first."""

    @property
    def signs(self) -> dict[Sign, bool]:
        """Tell of each sign whether it was seen."""
        seen = _SIGNS[self.stage]
        return {sign: number < seen for number, sign in enumerate(Sign)}


class Preparation:
    """What a tracker was told by SMS, and what has arrived since."""

    def __init__(
        self,
        setup: SmsSetup,
        tracker_id: str,
        now: datetime,
        *,
        receiver: Receiver,
        strangers: Strangers,
        knocks: Knocks,
    ) -> None:
        """Begin `now` (UTC); `tracker_id` is "" where the owner does not know it."""
        self.setup = setup
        self.tracker_id = tracker_id
        self.since = now
        self.is_over = False
        """Whether the tracker was let in."""
        self.receiver = receiver
        """The one that the tracker is to report to, until it is reloaded."""
        self._strangers = strangers
        self._knocks = knocks
        self._noise_before = receiver.traffic.noise
        self._nameless_before = receiver.refusals[Refusal.NO_ID]
        self._connections_before = receiver.traffic.strange_connections
        self._stage = Stage.SILENCE
        self._stage_since = now

    def note_let_in(self, tracker_id: str, stranger: Stranger | None) -> None:
        """Note that a tracker was let in, and what was heard of it before.

        Where the owner does not know the id, it is the one if it has reported since.
        """
        if self.tracker_id:
            self.is_over = tracker_id == self.tracker_id
        else:
            self.is_over = stranger is not None and stranger.last_heard >= self.since

    def look(
        self,
        now: datetime,
        *,
        known: Collection[str] = (),
        ignored: Collection[str] = (),
    ) -> Standing:
        """Tell how far it has come.

        The owner has ignored some ids before, and `known` ones are of another receiver,
        where they were let in.
        """
        heard = [
            stranger
            for stranger in self._strangers
            if stranger.last_heard >= self.since and stranger.tracker_id not in known
        ]
        wanted = [each for each in heard if each.tracker_id not in ignored]
        if self.tracker_id:
            # Who is announced is wanted now, even if the owner has ignored it before.
            own = [each for each in heard if each.tracker_id == self.tracker_id]
            others = wanted
        else:
            own, others = wanted, heard
        # One of before counts no more if it turns out to be of a tracker let in since.
        self._connections_before = min(
            self._connections_before, self.receiver.traffic.strange_connections
        )
        knock = self._knock()
        stage = self._find_stage(own, others, knock)
        if stage is not self._stage:
            self._stage = stage
            self._stage_since = now
        patience = _PATIENCE.get(stage, timedelta(0))
        return Standing(
            stage,
            is_overdue=now - self._stage_since >= patience,
            protocol=knock.protocol if knock and stage is Stage.FOREIGN else "",
            tracker_ids=tuple(each.tracker_id for each in own or others),
        )

    def _find_stage(
        self, own: list[Stranger], others: list[Stranger], knock: Knock | None
    ) -> Stage:
        """Find how far it has come, from the last stage to the first.

        `others` count where none is its `own`: they are unexpected, or ignored.
        """
        receiver, traffic = self.receiver, self.receiver.traffic
        if own:
            has_fix = any(stranger.fix is not None for stranger in own)
            return Stage.FIX if has_fix else Stage.NO_FIX
        if others and self.tracker_id:
            return Stage.OTHER_ID
        if knock is not None:
            return Stage.FOREIGN
        if receiver.refusals[Refusal.NO_ID] > self._nameless_before:
            return Stage.FRAME
        if others:
            return Stage.IGNORED
        if traffic.noise > self._noise_before or receiver.hears_stranger:
            return Stage.BYTES
        if traffic.strange_connections > self._connections_before:
            return Stage.CONNECTION
        return Stage.SILENCE

    def _knock(self) -> Knock | None:
        """Give the tracker of another make that was heard last."""
        return next(
            (
                knock
                for knock in self._knocks
                if knock.is_tracker and knock.last_heard >= self.since
            ),
            None,
        )
