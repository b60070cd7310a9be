"""Which fix to believe: the first rule, and what a report lacks."""

import pytest

from custom_components.sinotrack.tracking import Verdict

from .road import FAR, HOME, Car, Place, after, beside, heartbeat, read, report

NO_PLACES: dict[str, Place | None] = {
    "none": None,
    "0/0": (0.0, 0.0),
    "null island": (0.0099, -0.0099),
    "beyond the pole": (90.1, 13.0),
    "beyond the date line": (52.0, -180.1),
    "not a number": (float("nan"), 13.0),
}


@pytest.mark.parametrize("place", NO_PLACES.values(), ids=NO_PLACES)
def test_what_is_no_place_is_no_fix(place: Place | None) -> None:
    car = Car()
    car.hear(report(after(0), HOME))
    assert car.hear(report(after(20), place, speed_kmh=50)) is Verdict.NO_FIX
    assert car.place == HOME
    assert car.state.speed_kmh == 0.0


@pytest.mark.parametrize("place", [(0.0, 13.0), (52.0, 0.0), (-90.0, 180.0), (1, 0.0)])
def test_equator_greenwich_and_poles_are_places(place: Place) -> None:
    car = Car()
    assert car.hear(report(after(0), place)) is Verdict.LIVE
    assert car.place == place


def test_record_that_says_it_is_invalid_tells_no_place_speed_or_course() -> None:
    """Firmware repeats the last good ones (protocol.md e.1)."""
    car = Car()
    car.hear(report(after(0), HOME, course=90.0))
    for seconds in range(20, 320, 20):
        frozen = report(
            after(seconds), FAR, speed_kmh=18.7, course=19.0, valid=False, ignition=True
        )
        assert car.hear(frozen) is Verdict.NO_FIX
    assert (car.place, car.state.speed_kmh, car.state.course) == (HOME, 0.0, 90.0)
    assert car.edges("motion") == [False]


def test_status_of_a_record_without_a_fix_still_counts() -> None:
    car = Car()
    car.hear(report(after(0), ignition=False))
    car.hear(report(after(20), None, ignition=True, voltage=14.1))
    assert car.state.ignition is True
    assert car.state.voltage == 14.1
    assert car.state.status is not None
    assert car.state.status.ignition


FILLERS = {
    "marked as valid": b"A,9999.9999,N,99999.9999,E",
    "marked as invalid": b"V,9999.9999,N,99999.9999,E",
    "zeros": b"A,0000.0000,N,00000.0000,E",
    "empty": b"V,,N,,E",
}


@pytest.mark.parametrize("filler", FILLERS.values(), ids=FILLERS)
def test_filler_of_a_unit_that_never_had_a_fix_is_no_fix(filler: bytes) -> None:
    heard = read(
        b"*HQ,9170000001,V8,120020,%s,000.00,000,010626,FFFFFFFF,0,0,0,0,0,31,126,0#"
        % filler
    )
    car = Car()
    car.hear(report(after(0), HOME))
    assert car.hear(heard, after(22)) is Verdict.NO_FIX
    assert car.place == HOME
    assert car.state.ignition is True


@pytest.mark.parametrize(
    ("satellites", "metres"),
    [(None, 15), (0, 30), (4, 30), (5, 15), (7, 15), (8, 10), (25, 10)],
)
def test_accuracy_follows_the_satellites_and_is_never_0(
    satellites: int | None, metres: float
) -> None:
    car = Car()
    car.hear(report(after(0), satellites=satellites))
    assert car.state.location is not None
    assert car.state.location.accuracy == metres


def test_place_is_shown_to_eleven_centimetres() -> None:
    car = Car()
    car.hear(report(after(0), (52.12345678, -13.98765432)))
    assert car.place == (52.123457, -13.987654)


# --- what a report lacks ------------------------------------------------------------------


def test_field_that_a_report_lacks_changes_nothing() -> None:
    car = Car()
    full = report(
        after(0),
        speed_kmh=30.0,
        ignition=True,
        course=45.0,
        satellites=9,
        csq=24,
        voltage=14.1,
        battery_percent=80,
        mileage_km=1234.0,
    )
    car.hear(full)
    bare = report(after(20), beside(HOME, north=100), speed_kmh=None, ignition=None)
    assert car.hear(bare) is Verdict.LIVE
    state = car.state
    assert state.speed_kmh == pytest.approx(30.0)
    assert state.course == 45.0
    assert (state.motion, state.ignition) == (True, True)
    assert (state.satellites, state.csq, state.voltage) == (9, 24, 14.1)
    assert (state.battery_percent, state.mileage_km) == (80, 1234.0)
    assert state.status == full.status


def test_each_value_follows_its_report() -> None:
    car = Car()
    car.hear(
        report(
            after(0),
            speed_kmh=18.52,
            course=45.0,
            satellites=9,
            csq=24,
            voltage=14.1,
            battery_percent=80,
            mileage_km=1234.0,
        )
    )
    state = car.state
    assert state.speed_kmh == pytest.approx(18.52)
    assert state.course == 45.0
    assert (state.satellites, state.csq, state.voltage) == (9, 24, 14.1)
    assert (state.battery_percent, state.mileage_km) == (80, 1234.0)


def test_heartbeat_tells_the_battery_and_nothing_else() -> None:
    car = Car()
    car.hear(report(after(0), ignition=True, speed_kmh=50))
    assert car.hear(heartbeat(battery_percent=55), after(30)) is Verdict.CONTACT
    assert car.state.battery_percent == 55
    car.hear(heartbeat(), after(40))
    assert car.state.battery_percent == 55
    assert (car.state.ignition, car.state.motion) == (True, True)
