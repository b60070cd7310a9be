"""What is known of a tracker, as values that anyone may read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ..h02 import Report, Status


class Verdict(StrEnum):
    """What became of a report; each is counted, and shown to who asks why."""

    LIVE = "live"
    """Believed, and the state follows it."""
    NO_FIX = "no_fix"
    """Believed but for its place: the status word still counts."""
    CONTACT = "contact"
    """A heartbeat or a reply: proves that the tracker is there."""
    DUPLICATE = "duplicate"
    """Taken before: proves contact, nothing else."""
    IMPLAUSIBLE = "implausible"
    """A place that no vehicle reaches in time, until another fix agrees with it."""
    HELD = "held"
    """A parked vehicle stays where it was parked: by drift, or one fix further off."""
    LATE = "late"
    """A stored record sent afterwards: history, never the live state."""
    OUTDATED = "outdated"
    """Live, but older than what the state already shows."""


class IgnitionSource(StrEnum):
    """What tells the ignition of a tracker."""

    WIRE = "wire"
    """Status bit 10: set is on."""
    INVERTED = "inverted"
    """Status bit 10 of a unit that is wired the other way round."""
    MOTION = "motion"
    """Motion, for a unit whose ACC wire is not connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerOptions:
    """What the owner of a tracker may set; defaults suit an ST-906."""

    ignition_source: IgnitionSource = IgnitionSource.WIRE
    offline_after: timedelta | None = None
    """None: from the learned interval."""
    settle_within: timedelta = timedelta(minutes=60)
    """Oldest late record that may still become the known place."""
    hold_radius_m: float = 75.0
    """A parked vehicle does not leave its place by less."""
    max_speed_kmh: float = 250.0
    """What is faster is a jump."""
    accuracy_m: float | None = None
    """None: estimated from the satellites."""


@dataclass(slots=True)
class Location:
    """A place, believed or not: degrees, metres, and the time of its fix."""

    latitude: float
    longitude: float
    accuracy: float
    time: datetime


@dataclass(slots=True)
class TrackerState:
    """What is shown of one tracker; None is unknown. Only `Tracker` changes it."""

    location: Location | None = None
    speed_kmh: float | None = None
    course: float | None = None
    """Degrees clockwise from north, below 360."""
    last_fix: datetime | None = None
    """When the last fix was made that was not implausible."""
    odometer_km: float = 0.0
    motion: bool | None = None
    ignition: bool | None = None
    is_online: bool = False
    last_seen: datetime | None = None
    """When anything of it arrived, by the host's clock."""
    status: Status | None = None
    live_status: Status | None = None
    """The same, or None where none has come since a silence."""
    satellites: int | None = None
    csq: int | None = None
    """Signal of the mobile network, index 0 to 31."""
    voltage: float | None = None
    """Supply of the vehicle in volts."""
    battery_percent: int | None = None
    mileage_km: float | None = None
    is_clock_corrected: bool = False
    """The time of the last report was missing, absurd or off."""
    verdict: Verdict | None = None

    def take_values(self, report: Report) -> None:
        """Take what a report tells beside its place; what it lacks stays as it was."""
        if report.status is not None:
            self.status = self.live_status = report.status
        if report.satellites is not None:
            self.satellites = report.satellites
        if report.csq is not None:
            self.csq = report.csq
        if report.voltage is not None:
            self.voltage = report.voltage
        if report.battery_percent is not None:
            self.battery_percent = report.battery_percent
        if report.mileage_km is not None:
            self.mileage_km = report.mileage_km

    def lose_values(self) -> None:
        """Forget what passes by itself: after a silence it would be of hours ago."""
        self.live_status = self.satellites = self.csq = None
