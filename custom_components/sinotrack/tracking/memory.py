"""What outlives a restart, as plain JSON values.

All that a tracker goes by is kept, so that one that was restored goes on as it would
have without. One thing is not: the single records of the last day. One that comes after
a restart, and is older than the last fix before it, counts no distance.
"""

from array import array
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from ..h02 import Alarm
from .alarms import AlarmHistory, Observation
from .clock import DeviceClock, SteadyAge
from .contact import Contact, Interval
from .path_memory import (
    export_location,
    export_odometer,
    export_path,
    read_location,
    restore_odometer,
    restore_path,
)
from .plain import (
    export_status,
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
from .state import TrackerState, Verdict
from .tracker import Tracker
from .wiring import Wiring


def export_tracker(tracker: Tracker) -> dict[str, Any]:
    """Give all that a tracker has to remember."""
    return {
        "is_4g": tracker.alarms.is_4g,
        "was_on": tracker.was_on,
        "as_of": maybe(export_time, tracker.as_of),
        "state": _export_state(tracker.state),
        "clock": _export_clock(tracker.clock),
        "path": export_path(tracker.path),
        "odometer": export_odometer(tracker.odometer),
        "alarms": _export_alarms(tracker.alarms),
        "undated_alarms": sorted(tracker.alarms.undated),
        "contact": _export_contact(tracker.contact),
        "settling": _export_settling(tracker.settling),
        "wiring": _export_wiring(tracker.wiring),
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
    restore_path(tracker.path, data["path"])
    restore_odometer(tracker.odometer, data["odometer"])
    _restore_alarms(tracker.alarms, data["alarms"])
    _restore_contact(tracker.contact, data["contact"])
    _restore_settling(tracker.settling, data["settling"])
    _restore_repeats(tracker.repeats, data["repeats"])
    # The first exports lack these.
    tracker.alarms.is_4g = read_flag(data.get("is_4g", False))
    tracker.was_on = read_flag(data.get("was_on", False))
    tracker.alarms.undated = frozenset(map(Alarm, data.get("undated_alarms", ())))
    if "wiring" in data:
        _restore_wiring(tracker.wiring, data["wiring"])


# --- the parts of a tracker ----------------------------------------------------------


def _export_state(state: TrackerState) -> dict[str, Any]:
    return {
        "location": maybe(export_location, state.location),
        "speed_kmh": state.speed_kmh,
        "course": state.course,
        "last_fix": maybe(export_time, state.last_fix),
        "odometer_km": state.odometer_km,
        "motion": state.motion,
        "ignition": state.ignition,
        "is_online": state.is_online,
        "last_seen": maybe(export_time, state.last_seen),
        "status": maybe(export_status, state.status),
        "live_status": maybe(export_status, state.live_status),
        "satellites": state.satellites,
        "csq": state.csq,
        "voltage": state.voltage,
        "battery_percent": state.battery_percent,
        "mileage_km": state.mileage_km,
        "is_clock_corrected": state.is_clock_corrected,
        "verdict": maybe(str, state.verdict),
    }


def _restore_state(state: TrackerState, data: dict[str, Any]) -> None:
    state.location = maybe(read_location, data["location"])
    state.speed_kmh = maybe(read_number, data["speed_kmh"])
    state.course = maybe(read_number, data["course"])
    state.last_fix = maybe(read_time, data["last_fix"])
    state.odometer_km = read_number(data["odometer_km"])
    state.motion = maybe(read_flag, data["motion"])
    state.ignition = maybe(read_flag, data["ignition"])
    state.is_online = read_flag(data["is_online"])
    state.last_seen = maybe(read_time, data["last_seen"])
    state.status = maybe(read_status, data["status"])
    # The first exports lack this.
    state.live_status = maybe(read_status, data.get("live_status"))
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
        "lead": clock.lead.total_seconds(),
        "was_right": clock.was_right,
        "steady": maybe(_export_steady, clock.steady),
        "marks_all": clock.marks_all,
        "told_lead": maybe(_export_told_lead, clock.told_lead),
    }


def _restore_clock(clock: DeviceClock, data: dict[str, Any]) -> None:
    clock.offset = read_duration(data["offset"])
    clock.was_right = read_flag(data["was_right"])
    clock.steady = maybe(_steady, data["steady"])
    # The first exports lack these.
    clock.lead = read_duration(data.get("lead", 0.0))
    clock.told_lead = maybe(_told_lead, data.get("told_lead"))
    clock.marks_all = read_flag(data.get("marks_all", False))


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
        "gaps_with_ignition": _export_gaps(contact.with_ignition),
        "gaps_without": _export_gaps(contact.without_ignition),
    }


def _restore_contact(contact: Contact, data: dict[str, Any]) -> None:
    contact.last_heard = maybe(read_time, data["last_heard"])
    contact.last_regular = maybe(read_time, data["last_regular"])
    for gap in data["gaps_with_ignition"]:
        contact.with_ignition.learn(read_duration(gap))
    for gap in data["gaps_without"]:
        contact.without_ignition.learn(read_duration(gap))


def _export_settling(settling: Settling) -> dict[str, Any]:
    return {
        "last_heard": maybe(export_time, settling.last_heard),
        "gap": settling.gap.total_seconds(),
    }


def _restore_settling(settling: Settling, data: dict[str, Any]) -> None:
    settling.last_heard = maybe(read_time, data["last_heard"])
    settling.gap = read_duration(data["gap"])


def _export_wiring(wiring: Wiring) -> dict[str, Any]:
    return {
        "is_proven": wiring.is_proven,
        "silent_trips": wiring.silent_trips,
        "is_on_trip": wiring.is_on_trip,
        "has_status": wiring.has_status,
    }


def _restore_wiring(wiring: Wiring, data: dict[str, Any]) -> None:
    wiring.is_proven = read_flag(data["is_proven"])
    wiring.silent_trips = read_count(data["silent_trips"])
    wiring.is_on_trip = read_flag(data["is_on_trip"])
    wiring.has_status = read_flag(data["has_status"])


def _restore_repeats(repeats: Repeats, data: str) -> None:
    keys = array("Q")
    keys.frombytes(b64decode(data, validate=True))
    repeats.remember(keys)


# --- values of several fields ---------------------------------------------------------


def _export_steady(steady: SteadyAge) -> dict[str, Any]:
    return {
        "age": steady.age.total_seconds(),
        "least": steady.least.total_seconds(),
        "since": steady.since.isoformat(),
        "last": steady.last.isoformat(),
        "witnesses": steady.witnesses,
    }


def _steady(data: dict[str, Any]) -> SteadyAge:
    return SteadyAge(
        read_duration(data["age"]),
        # The first exports lack this.
        read_duration(data.get("least", data["age"])),
        read_time(data["since"]),
        read_time(data["last"]),
        read_count(data["witnesses"]),
    )


def _export_told_lead(told: tuple[timedelta, datetime]) -> list[Any]:
    lead, at = told
    return [lead.total_seconds(), at.isoformat()]


def _told_lead(data: list[Any]) -> tuple[timedelta, datetime]:
    lead, at = data
    return read_duration(lead), read_time(at)


def _export_gaps(interval: Interval) -> list[float]:
    return [gap.total_seconds() for gap in interval.gaps]
