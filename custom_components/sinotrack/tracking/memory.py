"""What outlives a restart, as plain JSON values.

All that a tracker goes by is kept, so that one that was restored goes on as it would
have without. One thing is not: the single records of the last day. A record that is
older than the restart and comes after it counts no distance.
"""

from array import array
from base64 import b64decode, b64encode
from operator import attrgetter
from typing import Any

from ..h02 import Alarm
from .alarms import AlarmHistory, Observation
from .clock import DeviceClock, SteadyAge
from .contact import Contact
from .motion import Motion
from .odometer import Odometer
from .path import ParkingPlace, Path
from .plain import (
    export_time,
    maybe,
    read_count,
    read_duration,
    read_flag,
    read_number,
    read_status,
    read_time,
)
from .repeats import Repeats
from .settling import Settling
from .state import Location, TrackerState, Verdict
from .tracker import Tracker


def export_tracker(tracker: Tracker) -> dict[str, Any]:
    """Give all that a tracker has to remember."""
    return {
        "as_of": maybe(export_time, tracker.as_of),
        "state": _export_state(tracker.state),
        "clock": _export_clock(tracker.clock),
        "path": _export_path(tracker.path),
        "odometer": _export_odometer(tracker.odometer),
        "alarms": _export_alarms(tracker.alarms),
        "contact": _export_contact(tracker.contact),
        "settling": _export_settling(tracker.settling),
        "repeats": b64encode(array("Q", tracker.repeats).tobytes()).decode(),
    }


def restore_tracker(tracker: Tracker, data: dict[str, Any]) -> None:
    """Let a new tracker go on with what was exported.

    Raises KeyError, TypeError or ValueError on data that is not such an export; the
    tracker is then to be thrown away.
    """
    tracker.as_of = maybe(read_time, data["as_of"])
    _restore_state(tracker.state, data["state"])
    _restore_clock(tracker.clock, data["clock"])
    _restore_path(tracker.path, data["path"])
    _restore_odometer(tracker.odometer, data["odometer"])
    _restore_alarms(tracker.alarms, data["alarms"])
    _restore_contact(tracker.contact, data["contact"])
    _restore_settling(tracker.settling, data["settling"])
    _restore_repeats(tracker.repeats, data["repeats"])


# --- the parts of a tracker ----------------------------------------------------------


def _export_state(state: TrackerState) -> dict[str, Any]:
    return {
        "location": maybe(_export_location, state.location),
        "speed_kmh": state.speed_kmh,
        "course": state.course,
        "last_fix": maybe(export_time, state.last_fix),
        "odometer_km": state.odometer_km,
        "motion": state.motion,
        "ignition": state.ignition,
        "is_online": state.is_online,
        "last_seen": maybe(export_time, state.last_seen),
        "status": None if state.status is None else state.status.word,
        "satellites": state.satellites,
        "csq": state.csq,
        "voltage": state.voltage,
        "battery_percent": state.battery_percent,
        "mileage_km": state.mileage_km,
        "is_clock_corrected": state.is_clock_corrected,
        "verdict": maybe(str, state.verdict),
    }


def _restore_state(state: TrackerState, data: dict[str, Any]) -> None:
    state.location = maybe(_location, data["location"])
    state.speed_kmh = maybe(read_number, data["speed_kmh"])
    state.course = maybe(read_number, data["course"])
    state.last_fix = maybe(read_time, data["last_fix"])
    state.odometer_km = read_number(data["odometer_km"])
    state.motion = maybe(read_flag, data["motion"])
    state.ignition = maybe(read_flag, data["ignition"])
    state.is_online = read_flag(data["is_online"])
    state.last_seen = maybe(read_time, data["last_seen"])
    state.status = maybe(read_status, data["status"])
    state.satellites = maybe(read_count, data["satellites"])
    state.csq = maybe(read_count, data["csq"])
    state.voltage = maybe(read_number, data["voltage"])
    state.battery_percent = maybe(read_count, data["battery_percent"])
    state.mileage_km = maybe(read_number, data["mileage_km"])
    state.is_clock_corrected = read_flag(data["is_clock_corrected"])
    state.verdict = maybe(Verdict, data["verdict"])


def _export_clock(clock: DeviceClock) -> dict[str, Any]:
    return {
        "offset": clock.offset.total_seconds(),
        "was_right": clock.was_right,
        "steady": maybe(_export_steady, clock.steady),
    }


def _restore_clock(clock: DeviceClock, data: dict[str, Any]) -> None:
    clock.offset = read_duration(data["offset"])
    clock.was_right = read_flag(data["was_right"])
    clock.steady = maybe(_steady, data["steady"])


def _export_path(path: Path) -> dict[str, Any]:
    return {
        "motion": _export_motion(path.motion),
        "ignition": path.ignition,
        "place": maybe(_export_location, path.place),
        "length_m": path.length_m,
        "stopped_at": maybe(_export_location, path.stopped_at),
        "counted_to": maybe(_export_location, path.counted_to),
        "parked": maybe(_export_parking, path.parked),
        "doubted": maybe(_export_location, path.doubted),
        "doubts": path.doubts,
        "last_fix_at": maybe(export_time, path.last_fix_at),
        "last_record_at": maybe(export_time, path.last_record_at),
    }


def _restore_path(path: Path, data: dict[str, Any]) -> None:
    _restore_motion(path.motion, data["motion"])
    path.ignition = maybe(read_flag, data["ignition"])
    path.place = maybe(_location, data["place"])
    path.length_m = read_number(data["length_m"])
    path.stopped_at = maybe(_location, data["stopped_at"])
    path.counted_to = maybe(_location, data["counted_to"])
    path.parked = maybe(_parking, data["parked"])
    path.doubted = maybe(_location, data["doubted"])
    path.doubts = read_count(data["doubts"])
    path.last_fix_at = maybe(read_time, data["last_fix_at"])
    path.last_record_at = maybe(read_time, data["last_record_at"])


def _export_motion(motion: Motion) -> dict[str, Any]:
    return {
        "is_moving": motion.is_moving,
        "slow_since": maybe(export_time, motion.slow_since),
        "deadline": maybe(export_time, motion.deadline),
        "fast_in_a_row": motion.fast_in_a_row,
    }


def _restore_motion(motion: Motion, data: dict[str, Any]) -> None:
    motion.is_moving = maybe(read_flag, data["is_moving"])
    motion.slow_since = maybe(read_time, data["slow_since"])
    motion.deadline = maybe(read_time, data["deadline"])
    motion.fast_in_a_row = read_count(data["fast_in_a_row"])


def _export_odometer(odometer: Odometer) -> dict[str, Any]:
    path, km = odometer.walked()
    return {"start_km": odometer.start_km, "km": km, "path": _export_path(path)}


def _restore_odometer(odometer: Odometer, data: dict[str, Any]) -> None:
    path = Path()
    _restore_path(path, data["path"])
    start_km, km = read_number(data["start_km"]), read_number(data["km"])
    odometer.resume(path, start_km=start_km, km=km)


def _export_alarms(alarms: AlarmHistory) -> list[dict[str, Any]]:
    return [
        {
            "time": there.time.isoformat(),
            "alarms": sorted(there.alarms),
            "told": sorted(there.told),
        }
        for there in alarms.seen
    ]


def _restore_alarms(alarms: AlarmHistory, data: list[dict[str, Any]]) -> None:
    alarms.seen = sorted(
        (
            Observation(
                read_time(there["time"]),
                frozenset(Alarm(alarm) for alarm in there["alarms"]),
                frozenset(Alarm(alarm) for alarm in there["told"]),
            )
            for there in data
        ),
        key=attrgetter("time"),
    )


def _export_contact(contact: Contact) -> dict[str, Any]:
    return {
        "last_heard": maybe(export_time, contact.last_heard),
        "last_regular": maybe(export_time, contact.last_regular),
        "gaps_with_ignition": _export_gaps(contact, ignition=True),
        "gaps_without": _export_gaps(contact, ignition=False),
    }


def _restore_contact(contact: Contact, data: dict[str, Any]) -> None:
    contact.last_heard = maybe(read_time, data["last_heard"])
    contact.last_regular = maybe(read_time, data["last_regular"])
    for gap in data["gaps_with_ignition"]:
        contact.learn(read_duration(gap), ignition=True)
    for gap in data["gaps_without"]:
        contact.learn(read_duration(gap), ignition=False)


def _export_settling(settling: Settling) -> dict[str, Any]:
    return {
        "last_heard": maybe(export_time, settling.last_heard),
        "gap": settling.gap.total_seconds(),
    }


def _restore_settling(settling: Settling, data: dict[str, Any]) -> None:
    settling.last_heard = maybe(read_time, data["last_heard"])
    settling.gap = read_duration(data["gap"])


def _restore_repeats(repeats: Repeats, data: str) -> None:
    keys = array("Q")
    keys.frombytes(b64decode(data, validate=True))
    repeats.remember(keys)


# --- values of several fields ---------------------------------------------------------


def _export_location(location: Location) -> dict[str, Any]:
    return {
        "latitude": location.latitude,
        "longitude": location.longitude,
        "accuracy": location.accuracy,
        "time": location.time.isoformat(),
    }


def _location(data: dict[str, Any]) -> Location:
    return Location(
        read_number(data["latitude"]),
        read_number(data["longitude"]),
        read_number(data["accuracy"]),
        read_time(data["time"]),
    )


def _export_parking(place: ParkingPlace) -> dict[str, Any]:
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "fixes": place.fixes,
    }


def _parking(data: dict[str, Any]) -> ParkingPlace:
    return ParkingPlace(
        read_number(data["latitude"]),
        read_number(data["longitude"]),
        read_count(data["fixes"]),
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
        read_duration(data["age"]),
        read_time(data["since"]),
        read_time(data["last"]),
        read_count(data["witnesses"]),
    )


def _export_gaps(contact: Contact, *, ignition: bool) -> list[float]:
    return [gap.total_seconds() for gap in contact.gaps(ignition=ignition)]
