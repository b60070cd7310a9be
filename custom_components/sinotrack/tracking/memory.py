"""What outlives a restart, as plain JSON values.

All that a tracker goes by is kept, so that one that was restored goes on exactly as it
would have without.
"""

from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from ..h02 import Status
from .clock import DeviceClock, SteadyAge
from .contact import Contact
from .motion import Motion
from .position import Settling
from .repeats import Repeats
from .state import Location, TrackerState, Verdict
from .tracker import Tracker

# Leave room to reckon with what was read, whatever it is.
_LAST_YEAR: Final = 9000
_LARGEST_NUMBER: Final = 1e10
_LARGEST_WORD: Final = 0xFFFFFFFF


def export_tracker(tracker: Tracker) -> dict[str, Any]:
    """Give all that a tracker has to remember."""
    return {
        "as_of": _maybe(_export_time, tracker.as_of),
        "state": _export_state(tracker.state),
        "clock": _export_clock(tracker.clock),
        "motion": _export_motion(tracker.motion),
        "contact": _export_contact(tracker.contact),
        "settling": _export_settling(tracker.settling),
        "repeats": b64encode(array("Q", tracker.repeats).tobytes()).decode(),
    }


def restore_tracker(tracker: Tracker, data: dict[str, Any]) -> None:
    """Let a new tracker go on with what was exported.

    Raises KeyError, TypeError or ValueError on data that is not such an export; the
    tracker is then to be thrown away.
    """
    tracker.as_of = _maybe(_time, data["as_of"])
    _restore_state(tracker.state, data["state"])
    _restore_clock(tracker.clock, data["clock"])
    _restore_motion(tracker.motion, data["motion"])
    _restore_contact(tracker.contact, data["contact"])
    _restore_settling(tracker.settling, data["settling"])
    _restore_repeats(tracker.repeats, data["repeats"])


# --- the parts of a tracker ----------------------------------------------------------


def _export_state(state: TrackerState) -> dict[str, Any]:
    return {
        "location": _maybe(_export_location, state.location),
        "speed_kmh": state.speed_kmh,
        "course": state.course,
        "motion": state.motion,
        "ignition": state.ignition,
        "is_online": state.is_online,
        "last_seen": _maybe(_export_time, state.last_seen),
        "status": None if state.status is None else state.status.word,
        "satellites": state.satellites,
        "csq": state.csq,
        "voltage": state.voltage,
        "battery_percent": state.battery_percent,
        "mileage_km": state.mileage_km,
        "is_clock_corrected": state.is_clock_corrected,
        "verdict": _maybe(str, state.verdict),
    }


def _restore_state(state: TrackerState, data: dict[str, Any]) -> None:
    state.location = _maybe(_location, data["location"])
    state.speed_kmh = _maybe(_number, data["speed_kmh"])
    state.course = _maybe(_number, data["course"])
    state.motion = _maybe(_flag, data["motion"])
    state.ignition = _maybe(_flag, data["ignition"])
    state.is_online = _flag(data["is_online"])
    state.last_seen = _maybe(_time, data["last_seen"])
    state.status = _maybe(_status, data["status"])
    state.satellites = _maybe(_count, data["satellites"])
    state.csq = _maybe(_count, data["csq"])
    state.voltage = _maybe(_number, data["voltage"])
    state.battery_percent = _maybe(_count, data["battery_percent"])
    state.mileage_km = _maybe(_number, data["mileage_km"])
    state.is_clock_corrected = _flag(data["is_clock_corrected"])
    state.verdict = _maybe(Verdict, data["verdict"])


def _export_clock(clock: DeviceClock) -> dict[str, Any]:
    return {
        "offset": clock.offset.total_seconds(),
        "was_right": clock.was_right,
        "steady": _maybe(_export_steady, clock.steady),
    }


def _restore_clock(clock: DeviceClock, data: dict[str, Any]) -> None:
    clock.offset = _duration(data["offset"])
    clock.was_right = _flag(data["was_right"])
    clock.steady = _maybe(_steady, data["steady"])


def _export_motion(motion: Motion) -> dict[str, Any]:
    return {
        "is_moving": motion.is_moving,
        "stopped_at": _maybe(_export_location, motion.stopped_at),
        "last_fix": _maybe(_export_location, motion.last_fix),
        "slow_since": _maybe(_export_time, motion.slow_since),
        "deadline": _maybe(_export_time, motion.deadline),
        "fast_in_a_row": motion.fast_in_a_row,
    }


def _restore_motion(motion: Motion, data: dict[str, Any]) -> None:
    motion.is_moving = _maybe(_flag, data["is_moving"])
    motion.stopped_at = _maybe(_location, data["stopped_at"])
    motion.last_fix = _maybe(_location, data["last_fix"])
    motion.slow_since = _maybe(_time, data["slow_since"])
    motion.deadline = _maybe(_time, data["deadline"])
    motion.fast_in_a_row = _count(data["fast_in_a_row"])


def _export_contact(contact: Contact) -> dict[str, Any]:
    return {
        "last_heard": _maybe(_export_time, contact.last_heard),
        "last_regular": _maybe(_export_time, contact.last_regular),
        "gaps_with_ignition": _export_gaps(contact, ignition=True),
        "gaps_without": _export_gaps(contact, ignition=False),
    }


def _restore_contact(contact: Contact, data: dict[str, Any]) -> None:
    contact.last_heard = _maybe(_time, data["last_heard"])
    contact.last_regular = _maybe(_time, data["last_regular"])
    for gap in data["gaps_with_ignition"]:
        contact.learn(_duration(gap), ignition=True)
    for gap in data["gaps_without"]:
        contact.learn(_duration(gap), ignition=False)


def _export_settling(settling: Settling) -> dict[str, Any]:
    return {
        "newest": _maybe(_export_location, settling.newest),
        "last_heard": _maybe(_export_time, settling.last_heard),
        "gap": settling.gap.total_seconds(),
    }


def _restore_settling(settling: Settling, data: dict[str, Any]) -> None:
    settling.newest = _maybe(_location, data["newest"])
    settling.last_heard = _maybe(_time, data["last_heard"])
    settling.gap = _duration(data["gap"])


def _restore_repeats(repeats: Repeats, data: str) -> None:
    keys = array("Q")
    keys.frombytes(b64decode(data, validate=True))
    repeats.remember(keys)


# --- values ---------------------------------------------------------------------------


def _maybe[T, R](convert: Callable[[T], R], value: T | None) -> R | None:
    """Convert what is there."""
    return None if value is None else convert(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"no flag: {value!r}")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"no count: {value!r}")
    return value


def _number(value: float) -> float:
    if not abs(value) <= _LARGEST_NUMBER:  # nor is that NaN
        raise ValueError(f"no number: {value!r}")
    return value


def _status(word: object) -> Status:
    word = _count(word)
    if not 0 <= word <= _LARGEST_WORD:
        raise ValueError(f"no status word: {word!r}")
    return Status(word)


def _duration(seconds: float) -> timedelta:
    return timedelta(seconds=_number(seconds))


def _export_time(time: datetime) -> str:
    return time.isoformat()


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None or time.year > _LAST_YEAR:
        raise ValueError(f"no time to reckon with: {text!r}")
    return time


def _export_location(location: Location) -> dict[str, Any]:
    return {
        "latitude": location.latitude,
        "longitude": location.longitude,
        "accuracy": location.accuracy,
        "time": location.time.isoformat(),
    }


def _location(data: dict[str, Any]) -> Location:
    return Location(
        _number(data["latitude"]),
        _number(data["longitude"]),
        _number(data["accuracy"]),
        _time(data["time"]),
    )


def _export_steady(steady: SteadyAge) -> dict[str, Any]:
    return {
        "age": steady.age.total_seconds(),
        "since": steady.since.isoformat(),
        "last": steady.last.isoformat(),
        "witnesses": steady.witnesses,
    }


def _steady(data: dict[str, Any]) -> SteadyAge:
    return SteadyAge(
        _duration(data["age"]),
        _time(data["since"]),
        _time(data["last"]),
        _count(data["witnesses"]),
    )


def _export_gaps(contact: Contact, *, ignition: bool) -> list[float]:
    return [gap.total_seconds() for gap in contact.gaps(ignition=ignition)]
