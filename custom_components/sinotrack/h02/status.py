"""The status word: 32 bits, active low, each named once (protocol.md b).

A bit that is 0 says that its condition holds. The names follow the table, which weighs
makers' documents that contradict each other and logs of the field; bits without a
dependable meaning, and antenna and inputs, have no name.
"""

from enum import StrEnum
from functools import lru_cache, reduce
from operator import or_
import re
from typing import Final, override


class Alarm(StrEnum):
    """A condition that deserves an event when it begins."""

    SOS = "sos"
    OVERSPEED = "overspeed"
    GEOFENCE_ENTER = "geofence_enter"
    GEOFENCE_EXIT = "geofence_exit"
    GEOFENCE = "geofence"
    """Entered or left; only ALRM of another maker leaves that open."""
    ILLEGAL_IGNITION = "illegal_ignition"
    THEFT = "theft"
    VIBRATION = "vibration"
    TOW = "tow"
    POWER_CUT = "power_cut"
    POWER_OFF = "power_off"
    LOW_BATTERY = "low_battery"


_THEFT: Final = 1 << 0
_SOS: Final = 1 << 1
_OVERSPEED_ALARM: Final = 1 << 2
_ILLEGAL_IGNITION: Final = 1 << 3
_GEOFENCE_ENTER: Final = 1 << 4
_LOW_BATTERY: Final = 1 << 5 | 1 << 6
_GEOFENCE_EXIT: Final = 1 << 7
_DOOR: Final = 1 << 8
_ARMED: Final = 1 << 9
_IGNITION: Final = 1 << 10
_ENGINE: Final = 1 << 13
_OVERSPEED: Final = 1 << 15
_GPS_FAULT: Final = 1 << 16
_VIBRATION: Final = 1 << 17
_BACKUP_BATTERY: Final = 1 << 19
_SUPPLY_REMOVED: Final = 1 << 20
_TOW: Final = 1 << 25
_BUFFERED: Final = 1 << 26
_ENGINE_CUT: Final = 1 << 27
_POWER_OFF: Final = 1 << 28

_ALL_QUIET: Final = 0xFFFFFFFF

_WORD: Final = re.compile(r"[0-9A-Fa-f]{8}")

_ALARM_BITS: Final = (
    (_SOS, Alarm.SOS),
    (_OVERSPEED_ALARM, Alarm.OVERSPEED),
    (_GEOFENCE_ENTER, Alarm.GEOFENCE_ENTER),
    (_GEOFENCE_EXIT, Alarm.GEOFENCE_EXIT),
    (_ILLEGAL_IGNITION, Alarm.ILLEGAL_IGNITION),
    (_VIBRATION, Alarm.VIBRATION),
    (_TOW, Alarm.TOW),
    (_BACKUP_BATTERY, Alarm.POWER_CUT),
    (_POWER_OFF, Alarm.POWER_OFF),
)
_2G_ALARM_BITS: Final = (*_ALARM_BITS, (_THEFT, Alarm.THEFT))
_4G_ALARM_BITS: Final = (*_ALARM_BITS, (_LOW_BATTERY, Alarm.LOW_BATTERY))
_ANY_ALARM: Final = reduce(or_, (bit for bit, _ in _2G_ALARM_BITS + _4G_ALARM_BITS))


class Status:
    """One status word, 0 to 0xFFFFFFFF.

    Instances are shared between reports: they are never changed.
    """

    __slots__ = ("_active", "buffered", "ignition", "word")

    def __init__(self, word: int) -> None:
        """Take the word as sent, active low."""
        self.word = word
        self._active = active = word ^ _ALL_QUIET
        # Asked of each report, unlike the others.
        self.ignition = not active & _IGNITION
        """Bit 10: the one bit where *set* means on ("ACC off" is the condition)."""
        self.buffered = bool(active & _BUFFERED)
        """Bit 26: the record was made without a link and sent later."""

    @override
    def __eq__(self, other: object) -> bool:
        """Compare by the word."""
        return isinstance(other, Status) and self.word == other.word

    @override
    def __hash__(self) -> int:
        """Hash by the word."""
        return hash(self.word)

    @override
    def __str__(self) -> str:
        """Give the word as eight upper-case hex digits."""
        return f"{self.word:08X}"

    @override
    def __repr__(self) -> str:
        """Show the word the way every document prints it."""
        return f"Status({self})"

    @property
    def door_open(self) -> bool:
        """Bit 8."""
        return bool(self._active & _DOOR)

    @property
    def armed(self) -> bool:
        """Bit 9: the tracker's own guard is on."""
        return bool(self._active & _ARMED)

    @property
    def engine_running(self) -> bool:
        """Bit 13: seen together with ignition in driving frames."""
        return bool(self._active & _ENGINE)

    @property
    def overspeeding(self) -> bool:
        """Bit 15: faster than the limit now; bit 2 is its latching alarm."""
        return bool(self._active & _OVERSPEED)

    @property
    def gps_fault(self) -> bool:
        """Bit 16: the GPS receiver is defective."""
        return bool(self._active & _GPS_FAULT)

    @property
    def vibration(self) -> bool:
        """Bit 17: the shake alarm."""
        return bool(self._active & _VIBRATION)

    @property
    def sos(self) -> bool:
        """Bit 1: the emergency button; latches until the server clears it."""
        return bool(self._active & _SOS)

    @property
    def geofence_crossed(self) -> bool:
        """Bits 4 and 7: a fence that is set in the tracker was entered or left."""
        return bool(self._active & (_GEOFENCE_ENTER | _GEOFENCE_EXIT))

    @property
    def on_backup_battery(self) -> bool:
        """Bit 19: the vehicle's supply is out of range."""
        return bool(self._active & _BACKUP_BATTERY)

    @property
    def supply_removed(self) -> bool:
        """Bits 19 and 20 together: below 6 V, the wire is cut or unplugged.

        Bit 20 alone is a battery that needs care, not a missing supply.
        """
        both = _BACKUP_BATTERY | _SUPPLY_REMOVED
        return self._active & both == both

    @property
    def tow(self) -> bool:
        """Bit 25: moved while it should stand."""
        return bool(self._active & _TOW)

    @property
    def engine_cut(self) -> bool:
        """Bit 27: the fuel or power relay is cut."""
        return bool(self._active & _ENGINE_CUT)

    @property
    def low_battery_or_antenna(self) -> bool:
        """Bits 5 and 6: low battery on 4G units, GPS antenna on 2G units."""
        return bool(self._active & _LOW_BATTERY)

    def alarms(self, *, is_4g: bool) -> tuple[Alarm, ...]:
        """Name all alarm conditions that hold, several at once where they do."""
        if not self._active & _ANY_ALARM:
            return ()
        bits = _4G_ALARM_BITS if is_4g else _2G_ALARM_BITS
        return tuple(alarm for mask, alarm in bits if self._active & mask)


@lru_cache(maxsize=256)
def parse_status(text: str) -> Status | None:
    """Read eight hex digits of either case; anything else gives None.

    A tracker repeats a handful of words for months, hence the cache.
    """
    text = text.strip()
    return Status(int(text, 16)) if _WORD.fullmatch(text) else None
