"""What the unit hears: acknowledgements and commands (protocol.md c)."""

from dataclasses import dataclass
import re

from . import text
from .sample import StatusBit
from .unit import Unit

_SENTENCE = re.compile(rb"\*([^,#*]*),([^,#*]*),([^#]*)#")

# Bits that R7 and R1 clear: whatever the vendor calls an alarm (protocol.md b,
# latching), and the cut of the engine (c.3).
_CLEARED = {
    StatusBit.THEFT,
    StatusBit.SOS,
    StatusBit.OVERSPEED,
    StatusBit.ILLEGAL_IGNITION,
    StatusBit.GEOFENCE_ENTER,
    StatusBit.LOW_BATTERY,
    StatusBit.GEOFENCE_EXIT,
    StatusBit.VIBRATION,
    StatusBit.MOVED,
    StatusBit.POWER_OFF,
    StatusBit.FUEL_CUT,
}


@dataclass(frozen=True, slots=True)
class Downlink:
    """One thing a server said: a sentence's address and words, or plain text."""

    maker: str
    tracker_id: str
    words: tuple[str, ...]
    plain: bool = False


class Ear:
    """Cuts what comes from the server into sentences and plain text."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._buffer = b""

    def hear(self, data: bytes) -> list[Downlink]:
        """Everything complete in `data`; a sentence's head is kept for its tail.

        Text without `*` and `#` is an SMS command, whole as it came (protocol.md c.1).
        """
        self._buffer += data
        heard: list[Downlink] = []
        done = 0
        for match in _SENTENCE.finditer(self._buffer):
            heard += _plain(self._buffer[done : match.start()])
            maker, tracker_id, words = (part.decode() for part in match.groups())
            heard.append(Downlink(maker, tracker_id, tuple(words.split(","))))
            done = match.end()
        rest, star, head = self._buffer[done:].partition(b"*")
        self._buffer = star + head
        return heard + _plain(rest)


def _plain(data: bytes) -> list[Downlink]:
    words = data.decode(errors="replace").split()
    return [Downlink("", "", tuple(words), plain=True)] if words else []


def answer(unit: Unit, t: int, heard: Downlink) -> bytes | None:
    """Obey a command at `t`; the answer, None where the unit stays silent."""
    sample = unit.sample(t)
    if heard.plain:
        return text.sms(sample, _obey_text(unit, t, heard.words))
    match heard.words:
        case ["S20", time, "1", "1"]:
            unit.latched.add(StatusBit.FUEL_CUT)
            return text.v4(unit.sample(t), "S20", time, ["OK"])
        case ["S20", time, "0" | "1", "0"]:
            unit.latched.discard(StatusBit.FUEL_CUT)
            return text.v4(unit.sample(t), "S20", time, ["OK"])
        case ["SCF", time, "0", "0"]:
            unit.latched.add(StatusBit.ARMED)
            return text.v4(unit.sample(t), "SCF", time)
        case ["SCF", time, "1", "1"]:
            unit.latched.discard(StatusBit.ARMED)
            return text.v4(unit.sample(t), "SCF", time)
        case ["D1", time, interval, *_] if interval.isdigit():
            unit.interval_on = max(1, int(interval))
            return text.v4(sample, "D1", time, [interval, "65535"])
        case ["R7" | "R1", _]:
            unit.latched -= _CLEARED
    return None


def _obey_text(unit: Unit, t: int, words: tuple[str, ...]) -> str:
    """Obey an SMS command and give the text of its answer (protocol.md d)."""
    match words:
        case ["CXZT"]:
            sample = unit.sample(t)
            return (
                f"ST906_SIMULATED\nID:{unit.tracker_id}\n"
                f"UT:{unit.interval_on},{unit.interval_off},300\n"
                f"VOLT:{sample.voltage:.1f}V\n"
                f"GPS:{'A' if sample.valid else 'V'}-{sample.satellites}-20\n"
                f"GSM:{sample.csq}"
            )
        # An interval of 0 would switch reports off; this unit takes it for 1.
        case ["8050000", seconds] if seconds.isdigit():
            unit.interval_on = max(1, int(seconds))
        case ["8090000", seconds] if seconds.isdigit():
            unit.interval_off = max(1, int(seconds))
        case ["9400000"]:
            unit.latched.add(StatusBit.FUEL_CUT)
        case ["9410000"]:
            unit.latched.discard(StatusBit.FUEL_CUT)
    return "SET OK"
