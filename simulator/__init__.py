"""A pretend ST-906: its own encoder, a drive, a memory and a radio.

Written from the protocol document alone and never from the integration's decoder.
"""

from .backlog import Backlog, Order, record
from .binary import record_32, record_45, record_x
from .clock import FastClock, utc_now
from .commands import Downlink
from .faults import Faults, Mangler, cut
from .journey import Journey, round_trip
from .link import Transport
from .route import Leg, Moment, Pause, Step
from .sample import Cell, Neighbour, Sample, StatusBit, WifiPoint
from .text import htbt, link_sentence, nbr, sms, v0, v1, v4, v6, v8, v19, xt
from .tracker import Counters, SimulatedTracker
from .unit import CELL, ICCID, Condition, Dialect, Record, Unit

__all__ = [
    "CELL",
    "ICCID",
    "Backlog",
    "Cell",
    "Condition",
    "Counters",
    "Dialect",
    "Downlink",
    "FastClock",
    "Faults",
    "Journey",
    "Leg",
    "Mangler",
    "Moment",
    "Neighbour",
    "Order",
    "Pause",
    "Record",
    "Sample",
    "SimulatedTracker",
    "StatusBit",
    "Step",
    "Transport",
    "Unit",
    "WifiPoint",
    "cut",
    "htbt",
    "link_sentence",
    "nbr",
    "record",
    "record_32",
    "record_45",
    "record_x",
    "round_trip",
    "sms",
    "utc_now",
    "v0",
    "v1",
    "v4",
    "v6",
    "v8",
    "v19",
    "xt",
]
