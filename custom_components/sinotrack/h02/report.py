"""What a frame says, as values.

Everything the wire can carry ends in one of three: a `Report`, a `Foreign` (another
protocol, named where its first bytes tell) or a `Malformed` (H02 by its shape, but
nothing that could be believed). A field that a frame does not carry is None.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from .status import Alarm, Status

# Of SinoTrack's own units, only those with 4G firmware send these (protocol.md a.4).
_4G_TYPES = frozenset({"V6", "V8"})


@dataclass(slots=True)
class Fix:
    """A place on earth in degrees, south and west negative."""

    latitude: float
    longitude: float


@dataclass(slots=True)
class Cell:
    """The serving cell of the mobile network; some frames tell only half of it."""

    mcc: int | None = None
    mnc: int | None = None
    lac: int | None = None
    cid: int | None = None


@dataclass(slots=True)
class Neighbour:
    """A cell heard nearby, with its level as sent (the unit differs by type)."""

    lac: int
    cid: int
    level: str


@dataclass(slots=True)
class AccessPoint:
    """A Wi-Fi station heard nearby: BSSID in hex, level in dBm."""

    bssid: str
    rssi_dbm: int


class Details(TypedDict, total=False):
    """What only a few types carry. Nothing here moves a live state."""

    command: str
    """V4: the command that is confirmed."""
    command_time: str
    """V4: hhmmss of that command, pairs question and answer."""
    result: tuple[str, ...]
    """V4: result words and the parameters in force."""
    neighbours: tuple[Neighbour, ...]
    """NBR, V3, VP1: cells heard."""
    access_points: tuple[AccessPoint, ...]
    """V8: Wi-Fi stations heard."""
    timing_advance: int
    """NBR: distance to the serving cell in steps of the network."""
    number_or_ip: str
    """V19: a phone number or an address of the SIM."""
    date: str
    """VP1: ddmmyy; this type has no time of day."""
    batch_time: str
    """BC: hhmmss at which the batch was sent."""
    points: tuple[BatchPoint, ...]
    """BC: the records of a blind zone."""
    gsm_percent: int
    """LINK: strength of the mobile network, 0 to 100."""
    steps: int
    """LINK of watches."""
    turnovers: int
    """LINK of watches."""
    reboot: str
    """V3: as sent."""
    battery_volts: float
    """V3: 10-bit count times 5.6 V / 1024."""
    altitude_m: float
    """Fuel unit."""
    temperature_c: float
    """Fuel unit."""
    fuel_percent: float
    """Fuel unit."""
    odometer_raw: int
    """Fuel unit: its own counter, unit unknown."""
    mileage_raw: int
    """V5 and some 45-byte records: the unit's mileage, unit unknown."""
    record_number: int
    """Binary records: 0 to 255, wraps."""
    temperature_raw: int
    """X: half degrees, or the battery level on SinoTrack units."""
    gps_signal: int
    """Mictrack tail: unit unknown."""
    gsm_signal: int
    """Mictrack tail: unit unknown."""
    alarm: Alarm
    """ALRM: what it was sent for."""
    extra: tuple[str, ...]
    """Values without a known meaning, as sent."""


@dataclass(slots=True)
class Report:
    """One frame, read.

    `tracker_id` is "" where the frame carries none: it then belongs to the id last
    seen on the same connection (protocol.md a.1). `valid` is what the tracker
    says of its position (A, B or a digit), None where the frame has none, and never
    True where `fix` is None; a `fix` that is not valid is the last known place, sent
    again. `speed_knots` and `course` are as sent: in a record that is not valid they
    are frozen and mean nothing.
    """

    raw: bytes
    type: str
    tracker_id: str
    vendor: str
    """The maker code: two letters, or "" where the frame has none."""
    time: datetime | None = None
    valid: bool | None = None
    fix: Fix | None = None
    speed_knots: float | None = None
    course: float | None = None
    status: Status | None = None
    cell: Cell | None = None
    battery_level: int | None = None
    """As sent: 1 (empty) to 6 (full), also as 0xF1 to 0xF6; 7 to 100 are percent; 0
    and anything else say nothing (a.7)."""
    battery_percent: int | None = None
    """0 to 100; an estimate where only a level of 1 to 6 was sent (a.7)."""
    voltage: float | None = None
    """Supply of the vehicle in volts."""
    satellites: int | None = None
    csq: int | None = None
    """Signal of the mobile network, index 0 to 31."""
    mileage_km: float | None = None
    """The tracker's own mileage."""
    iccid: str | None = None
    text: str | None = None
    """SMS: the reply to a command."""
    details: Details | None = None

    def add(self, **details: Unpack[Details]) -> None:
        """Add rare values, while the frame is being read."""
        self.details = details if self.details is None else self.details | details

    @property
    def is_4g(self) -> bool:
        """Whether only 4G units send this type; of most types nobody can tell."""
        return self.type in _4G_TYPES

    @property
    def sent_for(self) -> Alarm | None:
        """The alarm that this frame was sent for; None for any other frame."""
        return self.details.get("alarm") if self.details else None

    @property
    def points(self) -> tuple[BatchPoint, ...]:
        """The records of a batch; none for any other frame."""
        details = self.details
        return details["points"] if details and "points" in details else ()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All alarm conditions that this frame says hold, as far as it alone tells."""
        return self.alarms_of(is_4g=self.is_4g)

    def alarms_of(self, *, is_4g: bool) -> tuple[Alarm, ...]:
        """All alarm conditions that this frame of a 4G unit, or of another, says hold.

        The two differ in what some bits mean, and send most types alike.
        """
        alarms: tuple[Alarm, ...] = ()
        if self.status is not None:
            alarms = self.status.alarms(is_4g=is_4g)
        sent_for = self.sent_for
        if sent_for is not None and sent_for not in alarms:
            alarms = (sent_for, *alarms)
        return alarms


@dataclass(slots=True)
class BatchPoint:
    """One record of a BC batch, which tells the day of the month but no month."""

    day_time: str
    """DDhhmmss."""
    report: Report
    """Its values, without a time."""


@dataclass(slots=True)
class Foreign:
    """Bytes of another protocol; the name is "unknown" where none fits."""

    raw: bytes
    protocol: str


@dataclass(slots=True)
class Malformed:
    """A frame with the outline of H02 that cannot be believed, and why."""

    raw: bytes
    reason: str
