"""Whether the vehicle moves (tracking.md, Motion).

Starting needs more proof without ignition, since a parked tracker drifts; stopping
needs time, since a traffic light is not the end of a drive.
"""

from datetime import datetime, timedelta
from typing import Final

MOVING_KMH: Final = 7.0
STANDING_KMH: Final = 4.0
STANDS_AFTER: Final = timedelta(seconds=90)
BLIND_AFTER: Final = timedelta(minutes=90)
"""So long without a fix nobody knows of a drive: no tunnel is that long, nor is the
hour of filler that some units send; many a stay in a garage is."""
# Speeds in a row that prove a start where no ignition vouches for it.
_PROOFS: Final = 2


class Motion:
    """Follows the speeds of one vehicle.

    Times of reports are compared with each other, and the time that goes by without a
    report with the arrival of the last: the two clocks may differ by minutes.
    """

    def __init__(self) -> None:
        """Start with nothing known."""
        self.is_moving: bool | None = None
        """None before the first report, and after a drive broke off unseen."""
        self.slow_since: datetime | None = None
        """Time of the report since which a moving vehicle is slow."""
        self.deadline: datetime | None = None
        """When standing turns into not moving, unless a report says otherwise."""
        self.fast_in_a_row = 0
        self.fast_at: datetime | None = None
        """Time of the last report that counted as fast."""

    def follow(
        self,
        time: datetime,
        received_at: datetime,
        speed_kmh: float | None,
        *,
        ignition: bool | None,
        went_off: bool,
    ) -> None:
        """Follow a report; `speed_kmh` is None where no fix is believed.

        `went_off` says that the key was turned with this report. Only time can then
        tell that the vehicle stands, since the next fix may be one of tomorrow.
        """
        is_slow = speed_kmh is not None and speed_kmh < STANDING_KMH
        if speed_kmh is not None:
            self._follow_speed(time, speed_kmh, ignition=ignition)
        elif self.is_moving is None:
            # Nobody drives with the key turned off.
            is_slow = ignition is False
        if is_slow and (went_off or self.is_moving is None):
            self._stop()
        if self.is_moving and (is_slow or went_off):
            self._slow(time, received_at)

    def start(
        self, time: datetime, received_at: datetime, speed_kmh: float | None
    ) -> None:
        """Move, as a change of place shows that this report's speed does not."""
        self.is_moving = True
        if speed_kmh is not None and speed_kmh < STANDING_KMH:
            self._slow(time, received_at)

    def tick(self, now: datetime) -> None:
        """Let time pass."""
        if self.deadline is not None and now >= self.deadline:
            self._stop()

    def put_back(self, now: datetime) -> None:
        """Wait from now on at the latest."""
        if self.deadline is not None:
            self.deadline = min(self.deadline, now + STANDS_AFTER)

    def lose(self) -> None:
        """Make a drive unknown; a vehicle that stands goes on standing."""
        if self.is_moving:
            self.is_moving = None
            self.forget_slowness()
            self.fast_in_a_row = 0

    def _follow_speed(
        self, time: datetime, speed_kmh: float, *, ignition: bool | None
    ) -> None:
        """See a start, or that there is none."""
        if speed_kmh >= STANDING_KMH:
            self.forget_slowness()
        if speed_kmh < MOVING_KMH:
            self.fast_in_a_row = 0
            return
        if time != self.fast_at:
            # Told again, with an alarm for example, it is no second one.
            self.fast_at = time
            self.fast_in_a_row += 1
        if ignition or self.fast_in_a_row >= _PROOFS:
            self.is_moving = True

    def _slow(self, time: datetime, received_at: datetime) -> None:
        """Stop once it has been slow for long, by its own reports or by the clock."""
        if self.slow_since is None:
            self.slow_since = time
            self.deadline = received_at + STANDS_AFTER
        elif time - self.slow_since >= STANDS_AFTER:
            self._stop()

    def _stop(self) -> None:
        """Stand, from here on."""
        self.is_moving = False
        self.fast_in_a_row = 0
        self.forget_slowness()

    def forget_slowness(self) -> None:
        """Wait for a standstill anew."""
        self.slow_since = None
        self.deadline = None
