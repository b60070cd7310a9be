"""What holds for any records in any order: distance, place, and a way back."""

from datetime import timedelta

from hypothesis import given, settings, strategies as st

from custom_components.sinotrack.h02 import Fix
from custom_components.sinotrack.tracking import Tracker
from custom_components.sinotrack.tracking.geo import distance

from .road import HOME, Car, after, beside, report
from .test_odometer import heard

HOUR = 3600

RECORDS = st.lists(
    st.tuples(
        st.integers(0, 4 * HOUR),
        st.floats(-3000, 3000),
        st.floats(-3000, 3000),
        st.sampled_from([0, 3, 5, 20, 90]),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=30,
    # Of two that differ in speed alone, one is a duplicate.
    unique_by=lambda row: (row[0], row[4]),
)


@settings(deadline=None)
@given(RECORDS, st.data())
def test_any_order_and_duplication_of_late_records_gives_the_same(
    rows: list[tuple[int, float, float, float, bool, bool]], data: st.DataObject
) -> None:
    records = [
        report(
            after(seconds - 5 * HOUR),
            beside(HOME, north=north, east=east) if has_fix else None,
            speed_kmh=speed,
            ignition=ignition,
        )
        for seconds, north, east, speed, ignition, has_fix in rows
    ]
    again = data.draw(st.lists(st.sampled_from(records), max_size=10))
    shuffled = data.draw(st.permutations(records + again))
    one, other = (heard(each, after(0)) for each in (records, shuffled))
    assert one.state.odometer_km == other.state.odometer_km
    assert one.state.location == other.state.location
    assert one.odometer.path.place == other.odometer.path.place
    assert list(one.odometer.journal) == list(other.odometer.journal)


@settings(deadline=None)
@given(RECORDS, st.lists(st.integers(0, 7 * HOUR), min_size=30, max_size=30))
def test_odometer_never_falls(
    rows: list[tuple[int, float, float, float, bool, bool]], waits: list[int]
) -> None:
    tracker, now, shown = Tracker("9170000001"), after(0), 0.0
    for (age, north, east, speed, ignition, has_fix), wait in zip(
        rows, waits, strict=False
    ):
        now += timedelta(seconds=wait)
        place = beside(HOME, north=north, east=east) if has_fix else None
        made = now - timedelta(seconds=age % 400 if ignition else age)
        tracker.accept(report(made, place, speed_kmh=speed, ignition=ignition), now)
        assert tracker.state.odometer_km >= shown
        shown = tracker.state.odometer_km
        tracker.tick(now + timedelta(seconds=30))
        assert tracker.state.odometer_km >= shown
        shown = tracker.state.odometer_km


@settings(deadline=None, max_examples=50)
@given(
    RECORDS,
    st.floats(0, 200),
    st.floats(1, 80),
    st.floats(-179, 179),
)
def test_no_sequence_stops_a_later_drive_from_being_believed(
    rows: list[tuple[int, float, float, float, bool, bool]],
    speed: float,
    latitude: float,
    longitude: float,
) -> None:
    car, begin = Car(), (latitude, longitude)
    for i, (age, north, east, kmh, ignition, has_fix) in enumerate(rows):
        place = beside(HOME, north=north, east=east) if has_fix else None
        at = after(30 * i)
        made = at - timedelta(seconds=age % 500 - 200)
        car.hear(report(made, place, speed_kmh=kmh, ignition=ignition), at)
    now = 30.0 * len(rows)
    for i in range(3):
        seconds = now + 20 * i
        there = beside(begin, east=20 * i * speed / 3.6)
        car.hear(report(after(seconds), there, speed_kmh=speed))
    location = car.state.location
    assert location is not None
    assert distance(location, Fix(*there)) <= 76
