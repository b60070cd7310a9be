"""What outlives a restart of a path and of the odometer that walks one."""

from typing import Any

from .motion import Motion
from .odometer import Odometer
from .parking import ParkingPlace
from .path import Path
from .plain import (
    export_time,
    maybe,
    read_count,
    read_flag,
    read_number,
    read_time,
)
from .state import Location


def export_path(path: Path) -> dict[str, Any]:
    """Give all that a path has to remember."""
    return {
        "motion": _export_motion(path.motion),
        "ignition": path.ignition,
        "is_wired": path.is_wired,
        "is_rolling": path.is_rolling,
        "place": maybe(export_location, path.place),
        "length_m": path.length_m,
        "stopped_at": maybe(export_location, path.stopped_at),
        "counted_to": maybe(export_location, path.counted_to),
        "parked": maybe(_export_parking, path.parked),
        "doubted": maybe(export_location, path.doubt.fix),
        "doubts": path.doubt.count,
        "last_fix_at": maybe(export_time, path.last_fix_at),
        "last_record_at": maybe(export_time, path.last_record_at),
    }


def restore_path(path: Path, data: dict[str, Any]) -> None:
    """Let a new path go on with what was exported."""
    _restore_motion(path.motion, data["motion"])
    path.ignition = maybe(read_flag, data["ignition"])
    # The first exports lack these.
    path.is_wired = read_flag(data.get("is_wired", False))
    path.is_rolling = read_flag(data.get("is_rolling", False))
    path.place = maybe(read_location, data["place"])
    path.length_m = read_number(data["length_m"])
    path.stopped_at = maybe(read_location, data["stopped_at"])
    path.counted_to = maybe(read_location, data["counted_to"])
    path.parked = maybe(_parking, data["parked"])
    path.doubt.fix = maybe(read_location, data["doubted"])
    path.doubt.count = read_count(data["doubts"])
    path.last_fix_at = maybe(read_time, data["last_fix_at"])
    path.last_record_at = maybe(read_time, data["last_record_at"])


def _export_motion(motion: Motion) -> dict[str, Any]:
    return {
        "is_moving": motion.is_moving,
        "slow_since": maybe(export_time, motion.slow_since),
        "deadline": maybe(export_time, motion.deadline),
        "fast_in_a_row": motion.fast_in_a_row,
        "fast_at": maybe(export_time, motion.fast_at),
    }


def _restore_motion(motion: Motion, data: dict[str, Any]) -> None:
    motion.is_moving = maybe(read_flag, data["is_moving"])
    motion.slow_since = maybe(read_time, data["slow_since"])
    motion.deadline = maybe(read_time, data["deadline"])
    motion.fast_in_a_row = read_count(data["fast_in_a_row"])
    # The first exports lack this.
    motion.fast_at = maybe(read_time, data.get("fast_at"))


def export_odometer(odometer: Odometer) -> dict[str, Any]:
    """Give all that an odometer has to remember."""
    path, km = odometer.walked()
    return {"start_km": odometer.start_km, "km": km, "path": export_path(path)}


def restore_odometer(odometer: Odometer, data: dict[str, Any]) -> None:
    """Let a new odometer go on with what was exported."""
    path = Path()
    restore_path(path, data["path"])
    start_km, km = read_number(data["start_km"]), read_number(data["km"])
    odometer.resume(path, start_km=start_km, km=km)


def export_location(location: Location) -> dict[str, Any]:
    """Give a place as plain values."""
    return {
        "latitude": location.latitude,
        "longitude": location.longitude,
        "accuracy": location.accuracy,
        "time": location.time.isoformat(),
    }


def read_location(data: dict[str, Any]) -> Location:
    """Take a place."""
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
