"""How far the vehicle went, whatever the order in which that was told.

The length of the believed path in order of time (tracking.md, Distance). A record in
its turn is followed at once. One that comes out of turn changes the path behind it,
which is then walked again: not for each record of a backlog, but when it pauses.
"""

from datetime import datetime, timedelta
from typing import Final

from .clock import LIVE_WITHIN
from .journal import Journal, JournalRecord
from .path import Path
from .state import TrackerOptions

HORIZON: Final = timedelta(hours=24)
"""A record that is older than the newest by more than this counts no more."""

# Some are held for longer, so that old records go in heaps and not one by one.
_HELD_S: Final = 25 * 3600.0

# A day of driving at one every 10 s. Anyone who knows the id can send any number, and
# a late one has all of them walked again in one go, which takes 30 to 60 ms.
_RECORDS_HELD: Final = 10_000
_HEAP: Final = 1000

_COUNTED_AFTER: Final = timedelta(seconds=10)
_COUNTED_AT_LATEST_AFTER: Final = timedelta(minutes=5)


class Odometer:
    """Counts the kilometres of one vehicle; what it shows never falls."""

    def __init__(self) -> None:
        """Start at 0 km."""
        self.journal = Journal()
        self.km = 0.0
        """The kilometres to show.

        Where a late record takes away what was counted (an outlier that only it gives
        away), they wait until the vehicle has made up for it.
        """
        # What is older than the horizon; the journal begins behind it.
        self._base = Path()
        self._path = Path()
        self.start_km = 0.0
        """What it showed, or was set to, where the path begins."""
        # Late records are taken together, so that their order leaves no trace.
        self._late_since: datetime | None = None
        self.deadline: datetime | None = None
        """When the late records are to be counted."""
        # One came out of turn, so that the path has to be walked again.
        self._is_out_of_turn = False

    def resume(self, path: Path, *, start_km: float, km: float) -> None:
        """Go on from where `path` has come to, showing `km`."""
        path.options = self.options
        self._base = path
        self._path = path.copy()
        self.start_km, self.km = start_km, km

    def set(self, km: float) -> None:
        """Show `km` from now on."""
        self._count()
        self.km = km
        self.start_km = km - self._path.length_m / 1000

    @property
    def options(self) -> TrackerOptions:
        """What the owner has set; counts from the next record on."""
        return self._path.options

    @options.setter
    def options(self, options: TrackerOptions) -> None:
        self._base.options = self._path.options = options

    @property
    def path(self) -> Path:
        """The path through all records so far."""
        return self._path

    def add(
        self, record: JournalRecord, received_at: datetime, *, is_late: bool
    ) -> bool:
        """Count a record; False if it was counted before."""
        newest_at = self._path.last_record_at
        if newest_at is not None and record.time <= newest_at:
            if newest_at > received_at + LIVE_WITHIN:
                # The host's clock was wrong when that was written.
                self._begin_anew()
            elif record.time < newest_at - HORIZON:
                return True
            # What was told since without a place is in the way of none.
            base_at = self._base.last_record_at and self._base.last_fix_at
            if base_at is not None and record.time <= base_at:
                # Too old to find its place in the path.
                return True
        journal, path = self.journal, self._path
        is_in_turn = journal.add(record)
        if is_in_turn is None:
            return False
        if is_in_turn:
            _follow(path, record)
            if journal.seconds > _HELD_S:
                self._move_base(journal.pop_before(record.time - HORIZON))
        else:
            self._is_out_of_turn = True
        if len(journal) > _RECORDS_HELD:
            self._move_base(journal.pop_first(_HEAP))
        if is_late or not is_in_turn:
            self._wait(received_at)
        elif self.deadline is None:
            self.km = self._counted_km(path)
        return True

    def tick(self, now: datetime) -> None:
        """Count the late records when that is due."""
        if self.deadline is not None and now >= self.deadline:
            self._count()

    def put_back(self, now: datetime) -> None:
        """Wait from now on at the latest."""
        if self.deadline is not None:
            self.deadline = min(self.deadline, now + _COUNTED_AFTER)

    def walked(self) -> tuple[Path, float]:
        """Give the path through all records, and the kilometres that it makes."""
        path = self._path
        if self._is_out_of_turn:
            path = self._base.copy()
            for record in self.journal:
                _follow(path, record)
        return path, self._counted_km(path)

    def _counted_km(self, path: Path) -> float:
        return max(self.km, self.start_km + path.length_m / 1000)

    def _wait(self, received_at: datetime) -> None:
        """Wait for a pause in the backlog, but not for ever."""
        since = self._late_since = self._late_since or received_at
        self.deadline = min(
            received_at + _COUNTED_AFTER, since + _COUNTED_AT_LATEST_AFTER
        )

    def _count(self) -> None:
        self._path, self.km = self.walked()
        self._late_since = self.deadline = None
        self._is_out_of_turn = False

    def _move_base(self, records: list[JournalRecord]) -> None:
        for old in records:
            _follow(self._base, old)

    def _begin_anew(self) -> None:
        """Go on from here, whatever the time."""
        self._count()
        self._base = self._path.copy()
        self._base.last_record_at = None
        self.journal = Journal()


def _follow(path: Path, record: JournalRecord) -> None:
    """Let a path follow a record, and before it the time until then."""
    if path.motion.deadline is not None:
        path.tick(record.time)
    path.follow(record, record.time)
