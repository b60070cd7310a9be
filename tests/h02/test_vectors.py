"""Every known frame is read as its source says."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from custom_components.sinotrack.h02 import (
    AccessPoint,
    Alarm,
    BatchPoint,
    Cell,
    Foreign,
    Framer,
    Neighbour,
    Report,
    Status,
    decode,
    identify,
    split,
)

from .vectors import FOREIGN, REPORTS, STREAMS, VECTORS, Vector


def all_alarms(status: Status) -> tuple[Alarm, ...]:
    """Give the alarms in a status, of whatever unit."""
    return status.alarms(is_4g=False)


# What the document calls the bits (b), and how a status tells them. Bits without a
# dependable meaning are left out.
FLAGS: dict[str, Callable[[Status], bool]] = {
    "acc_off": lambda status: not status.ignition,
    "armed": lambda status: status.armed,
    "bit13_engine": lambda status: status.engine_running,
    "bit5_antenna_open_or_low_battery": lambda status: status.low_battery_or_antenna,
    "buffered": lambda status: status.buffered,
    "external_power_removed": lambda status: status.supply_removed,
    "fuel_cut": lambda status: status.engine_cut,
    "geofence_enter": lambda status: Alarm.GEOFENCE_ENTER in all_alarms(status),
    "gps_fault": lambda status: status.gps_fault,
    "on_backup_battery": lambda status: status.on_backup_battery,
    "overspeed_alarm": lambda status: Alarm.OVERSPEED in all_alarms(status),
    "power_off_alarm": lambda status: Alarm.POWER_OFF in all_alarms(status),
    "sos": lambda status: status.sos,
}
UNNAMED = {"bit11", "bit14_custom", "bit18", "bit24", "bit30"}


def by_name(vectors: list[Vector]) -> pytest.MarkDecorator:
    """Run a test once for each vector."""
    return pytest.mark.parametrize(
        "vector", vectors, ids=[vector.name for vector in vectors]
    )


def show(value: Any) -> Any:
    """Turn values of a report into what JSON holds."""
    match value:
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case Status():
            return str(value)
        case Cell():
            return [value.mcc, value.mnc, value.lac, value.cid]
        case Neighbour():
            return [value.lac, value.cid, value.level]
        case AccessPoint():
            return [value.bssid, value.rssi_dbm]
        case BatchPoint():
            return {"day_time": value.day_time} | show_place(value.report)
        case tuple():
            return [show(item) for item in value]
    return value


def show_place(report: Report) -> dict[str, Any]:
    """Give what a batch tells of one point."""
    fix = report.fix
    return {
        "valid": report.valid,
        "latitude": pytest.approx(fix and fix.latitude, abs=1e-6),
        "longitude": pytest.approx(fix and fix.longitude, abs=1e-6),
        "speed_knots": report.speed_knots,
        "course": report.course,
        "status": show(report.status),
    }


@by_name(REPORTS)
def test_report_has_the_values_of_its_source_and_no_others(vector: Vector) -> None:
    expected = dict(vector.report or {})
    latitude, longitude = (
        expected.pop("latitude", None),
        expected.pop("longitude", None),
    )
    details = expected.pop("details", {})
    expected.pop("flags", None)

    report = decode(vector.data)

    assert isinstance(report, Report)
    assert report.raw == vector.data
    assert report.valid is expected.pop("valid", None)
    if latitude is None:
        assert report.fix is None
    else:
        assert report.fix is not None
        assert report.fix.latitude == pytest.approx(latitude, abs=1e-6)
        assert report.fix.longitude == pytest.approx(longitude, abs=1e-6)
    read = {
        name: show(getattr(report, name))
        for name in Report.__dataclass_fields__
        if name not in {"raw", "valid", "fix", "details"}
    }
    assert {name: value for name, value in read.items() if value is not None} == (
        pytest.approx(expected, rel=1e-6)
    )
    assert {key: show(value) for key, value in (report.details or {}).items()} == (
        details
    )


@by_name([vector for vector in REPORTS if (vector.report or {}).get("status")])
def test_status_tells_the_conditions_of_its_source(vector: Vector) -> None:
    expected = set((vector.report or {}).get("flags", ()))

    report = decode(vector.data)

    assert isinstance(report, Report)
    assert report.status is not None
    told = {name for name, tell in FLAGS.items() if tell(report.status)}
    assert told == expected & FLAGS.keys()


def test_every_condition_of_the_sources_is_known_or_left_out_on_purpose() -> None:
    seen = {flag for v in REPORTS for flag in (v.report or {}).get("flags", ())}

    assert seen - FLAGS.keys() - UNNAMED == set()


@by_name(REPORTS)
def test_frame_is_a_datagram(vector: Vector) -> None:
    assert split(vector.data) == [vector.data]


@by_name(REPORTS)
def test_frame_is_a_segment_that_ends_a_stream(vector: Vector) -> None:
    framer = Framer()

    assert framer.feed(vector.data) + framer.flush() == [vector.data]
    assert framer.is_empty
    assert not framer.skipped


@by_name(STREAMS)
def test_stream_gives_its_frames(vector: Vector) -> None:
    framer = Framer()

    frames = [frame for chunk in vector.chunks for frame in framer.feed(chunk)]

    assert frames + framer.flush() == vector.frames


@by_name(STREAMS)
def test_stream_gives_its_frames_byte_by_byte(vector: Vector) -> None:
    framer = Framer()

    frames = [frame for byte in vector.data for frame in framer.feed(bytes([byte]))]

    assert frames + framer.flush() == vector.frames


@by_name(FOREIGN)
def test_other_protocol_is_named_and_never_a_report(vector: Vector) -> None:
    assert identify(vector.data) == vector.protocol
    assert decode(vector.data) == Foreign(vector.data, vector.protocol or "")
    for frame in split(vector.data):
        assert isinstance(decode(frame), Foreign)


def test_all_kinds_of_vectors_are_there() -> None:
    assert (len(REPORTS), len(STREAMS), len(FOREIGN)) == (143, 11, 36)
    assert len(VECTORS) == 190
