"""What the pretend tracker knows at one instant, before it becomes bytes.

Nothing here or anywhere else in this package comes from the integration's decoder:
both sides are written from the protocol document, so that a misreading shows as a
failed test instead of two errors that cancel out.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum

KMH_PER_KNOT = 1.852

_ALL_CLEAR = 0xFFFFFFFF


class StatusBit(IntEnum):
    """Bits of the status word; a bit is 0 while its condition holds (protocol.md b)."""

    THEFT = 0
    SOS = 1
    OVERSPEED = 2
    ILLEGAL_IGNITION = 3
    GEOFENCE_ENTER = 4
    LOW_BATTERY = 5
    GEOFENCE_EXIT = 7
    DOOR_OPEN = 8
    ARMED = 9
    IGNITION_OFF = 10
    ENGINE_RUNNING = 13
    CUSTOM_14 = 14
    OVERSPEED_STATE = 15
    GPS_FAULT = 16
    VIBRATION = 17
    ON_BACKUP_BATTERY = 19
    SUPPLY_REMOVED = 20
    MOVED = 25
    BUFFERED = 26
    FUEL_CUT = 27
    POWER_OFF = 28


@dataclass(frozen=True, slots=True)
class Cell:
    """The serving mobile cell: country, network, area, cell (LTE ids up to 28 bit)."""

    mcc: int
    mnc: int
    lac: int
    cid: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One cell of an NBR sentence; `rxlev` is 0 to 63, or dBm (protocol.md a.4)."""

    lac: int
    cid: int
    rxlev: int


@dataclass(frozen=True, slots=True)
class WifiPoint:
    """One access point of a V8 sentence: BSSID as bare hex digits, RSSI in dBm."""

    bssid: str
    rssi: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Everything a frame can say, in plain units.

    Latitude and longitude are degrees, south and west negative; None stands for a unit
    that never had a fix (9999.9999 in text, 0/0 in binary). `time` is the device's own
    clock. `conditions` are the status bits that hold besides ignition and buffered.
    `battery_level` is the 2G scale 1..6 (also 7..100 in byte 16 of a binary record),
    `battery_percent` the percent of V8.
    """

    tracker_id: str
    time: datetime
    latitude: float | None
    longitude: float | None
    speed_kmh: float = 0.0
    course: float = 0.0
    valid: bool = True
    ignition: bool = False
    buffered: bool = False
    conditions: frozenset[StatusBit] = field(default_factory=frozenset)
    satellites: int = 0
    csq: int = 0
    voltage: float = 0.0
    battery_percent: int = 0
    battery_level: int | None = None
    cell: Cell | None = None
    maker: str = "HQ"

    def __post_init__(self) -> None:
        """Refuse a naive time: the wire carries UTC, a guess would hide an error."""
        if self.time.tzinfo is None:
            raise ValueError("the time of a sample needs a time zone")

    @property
    def utc(self) -> datetime:
        """The device time in UTC, the only zone of the wire (protocol.md a.3)."""
        return self.time.astimezone(UTC)

    @property
    def speed_knots(self) -> float:
        """The speed in knots, the wire's unit (protocol.md a.3)."""
        return self.speed_kmh / KMH_PER_KNOT

    @property
    def whole_course(self) -> int:
        """The course as the wire writes it: whole degrees, 0..359."""
        return round(self.course) % 360

    @property
    def status(self) -> int:
        """The status word, 32 bit, active low: ignition on leaves bit 10 set."""
        holding = set(self.conditions)
        if not self.ignition:
            holding.add(StatusBit.IGNITION_OFF)
        if self.buffered:
            holding.add(StatusBit.BUFFERED)
        return _ALL_CLEAR & ~sum(1 << bit for bit in holding)


def angle_digits(angle: float, degree_digits: int) -> str:
    """Write an angle as degrees and minutes with four decimals, without the point.

    52.5 becomes "52300000" with two degree digits. Rounding happens once, in
    ten-thousandths of a minute, so that 60.0000 minutes cannot occur. The sign is
    dropped: the wire says it by a letter or a bit.
    """
    degrees, minutes = divmod(round(abs(angle) * 600_000), 600_000)
    return f"{degrees:0{degree_digits}d}{minutes:06d}"
