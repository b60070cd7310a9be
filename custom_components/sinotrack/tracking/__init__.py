"""What reports mean: from reports and their arrival to one vehicle state.

Pure and deterministic, without sockets, bytes or Home Assistant.
"""

from .alarms import AlarmEvent
from .memory import export_tracker, restore_tracker
from .path_memory import export_location, read_location
from .plain import export_time, maybe, read_duration, read_flag, read_time
from .state import (
    IgnitionSource,
    Location,
    TrackerOptions,
    TrackerState,
    Verdict,
)
from .tracker import Tracker

__all__ = [
    "AlarmEvent",
    "IgnitionSource",
    "Location",
    "Tracker",
    "TrackerOptions",
    "TrackerState",
    "Verdict",
    "export_location",
    "export_time",
    "export_tracker",
    "maybe",
    "read_duration",
    "read_flag",
    "read_location",
    "read_time",
    "restore_tracker",
]
