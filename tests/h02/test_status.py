"""The status word bit by bit (b)."""

import pytest

from custom_components.sinotrack.h02 import Alarm, Status

from .frames import v1
from .read import read

QUIET = 0xFFFFFFFF

# What holds while one bit alone is 0, for a 2G and a 4G unit.
CONDITIONS = {
    1: ("sos", Alarm.SOS),
    5: ("low_battery_or_antenna", None),
    6: ("low_battery_or_antenna", None),
    8: ("door_open", None),
    9: ("armed", None),
    13: ("engine_running", None),
    15: ("overspeeding", None),
    16: ("gps_fault", None),
    17: ("vibration", Alarm.VIBRATION),
    19: ("on_backup_battery", Alarm.POWER_CUT),
    25: ("tow", Alarm.TOW),
    26: ("buffered", None),
    27: ("engine_cut", None),
    2: (None, Alarm.OVERSPEED),
    3: (None, Alarm.ILLEGAL_IGNITION),
    4: ("geofence_crossed", Alarm.GEOFENCE_ENTER),
    7: ("geofence_crossed", Alarm.GEOFENCE_EXIT),
    28: (None, Alarm.POWER_OFF),
}
PROPERTIES = {name for name, _ in CONDITIONS.values() if name} | {"supply_removed"}


def holding(status: Status) -> set[str]:
    """Give the conditions that hold."""
    return {name for name in PROPERTIES if getattr(status, name)}


@pytest.mark.parametrize("bit", range(32))
def test_bit_that_is_0_says_that_its_condition_holds(bit: int) -> None:
    status = Status(QUIET & ~(1 << bit))
    name, alarm = CONDITIONS.get(bit, (None, None))

    assert holding(status) == ({name} if name else set())
    assert status.ignition == (bit != 10)
    on_2g = {0: (Alarm.THEFT,)}.get(bit, (alarm,) if alarm else ())
    on_4g = {5: (Alarm.LOW_BATTERY,), 6: (Alarm.LOW_BATTERY,)}.get(
        bit, (alarm,) if alarm else ()
    )
    assert status.alarms(is_4g=False) == on_2g
    assert status.alarms(is_4g=True) == on_4g


def test_nothing_holds_in_a_quiet_word() -> None:
    status = Status(QUIET)

    assert holding(status) == set()
    assert status.ignition
    assert status.alarms(is_4g=False) == status.alarms(is_4g=True) == ()


def test_everything_holds_in_an_empty_word() -> None:
    status = Status(0)

    assert holding(status) == PROPERTIES
    assert not status.ignition
    both = {*status.alarms(is_4g=False), *status.alarms(is_4g=True)}
    assert both == set(Alarm) - {Alarm.GEOFENCE}


@pytest.mark.parametrize(
    ("word", "on_backup", "removed"),
    [
        ("FFFFFBFF", False, False),
        ("FFF7FBFF", True, False),  # voltage out of range
        ("FFE7FBFF", True, True),
        ("EFE7F9FF", True, True),
        ("FFEFFBFF", False, False),  # a battery that needs care
    ],
)
def test_supply_is_told_by_two_bits_together(
    word: str, on_backup: bool, removed: bool
) -> None:
    status = read(v1(status=word)).status

    assert status is not None
    assert (status.on_backup_battery, status.supply_removed) == (on_backup, removed)


def test_several_alarms_are_told_at_once() -> None:
    report = read(v1(status="FDF5FBFD"))

    assert report.alarms == (Alarm.SOS, Alarm.VIBRATION, Alarm.TOW, Alarm.POWER_CUT)


def test_type_tells_which_unit_it_is() -> None:
    """Bits 0, 5 and 6 mean different things on 2G and 4G."""
    assert read(v1(status="FFFFFFDE")).alarms == (Alarm.THEFT,)
    assert read(v1(kind="V8", status="FFFFFFDE")).alarms == (Alarm.LOW_BATTERY,)


def test_who_knows_the_unit_reads_what_the_type_leaves_open() -> None:
    heard = read(v1(status="FFFFFFDE"))
    assert not heard.is_4g
    assert heard.alarms_of(is_4g=True) == (Alarm.LOW_BATTERY,)
    assert read(v1(kind="V8", status="FFFFFFFF")).is_4g


def test_report_without_a_status_has_no_alarms() -> None:
    assert read(b"*HQ,1,HTBT#").alarms == ()


def test_status_is_its_word() -> None:
    status = Status(0x0BFFFBFF)

    assert str(status) == "0BFFFBFF"
    assert repr(status) == "Status(0BFFFBFF)"
    assert status == Status(0x0BFFFBFF)
    assert status != Status(QUIET)
    assert status != 0x0BFFFBFF
    assert len({status, Status(0x0BFFFBFF)}) == 1
