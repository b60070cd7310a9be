"""What holds for any sequence of reports and times."""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from hypothesis import given, settings, strategies as st

from custom_components.sinotrack.h02 import Fix, Report, Status
from custom_components.sinotrack.tracking import (
    IgnitionSource,
    Tracker,
    TrackerOptions,
    Verdict,
    export_tracker,
    restore_tracker,
)

from .road import FAR, HOME, T0, beside


@dataclass(frozen=True, slots=True)
class Step:
    """So many seconds later a report arrives, or only time passes."""

    seconds: float
    report: Report | None


# A slow machine is no failure.
UNHURRIED = settings(deadline=None)

AGES = st.one_of(
    st.sampled_from([0, 1, 5, 60, 299, 300, 301, 900, 3600, 8 * 3600, -30, -299, -301]),
    st.floats(-90_000, 200_000),
)
PLACES = st.one_of(
    st.none(),
    st.sampled_from([HOME, FAR, beside(HOME, north=100), beside(HOME, north=160)]),
    st.tuples(st.floats(-100, 100), st.floats(-200, 200)),
)
WORDS = st.one_of(
    st.none(),
    st.sampled_from([0xFFFFFFFF, 0xFFFFFBFF, 0xFBFFFFFF, 0xFBFFFBFF]),
    st.integers(0, 0xFFFFFFFF),
)
ODD_TIMES = st.one_of(
    st.none(),
    st.datetimes(timezones=st.just(UTC)),
    st.just(datetime(2099, 12, 31, tzinfo=UTC)),
)
GAPS = st.one_of(
    st.sampled_from([0, 1, 10, 20, 84, 89, 90, 300, 600, 3600, 5 * 3600, 86_400]),
    st.floats(0, 200_000),
)
OPTIONS = st.builds(
    TrackerOptions,
    ignition_source=st.sampled_from(IgnitionSource),
    offline_after=st.none() | st.just(timedelta(minutes=3)),
    settle_within=st.sampled_from([timedelta(hours=1), timedelta(0)]),
)


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """A sequence with repeats in it; `now` only ever goes on."""
    now = T0
    result: list[Step] = []
    sent: list[Report] = []
    for _ in range(draw(st.integers(1, 30))):
        seconds = draw(GAPS)
        now += timedelta(seconds=seconds)
        kind = draw(st.sampled_from(["tick", "report", "report", "report", "again"]))
        if kind == "tick":
            result.append(Step(seconds, None))
        elif kind == "again" and sent:
            result.append(Step(seconds, draw(st.sampled_from(sent))))
        else:
            report = draw(reports(now))
            sent.append(report)
            result.append(Step(seconds, report))
    return result


@st.composite
def reports(draw: st.DrawFn, now: datetime) -> Report:
    """Any report, most of them from about now."""
    age = draw(AGES)
    is_odd = draw(st.integers(0, 9)) == 0
    place = draw(PLACES)
    word = draw(WORDS)
    return Report(
        raw=b"",
        type="V1",
        tracker_id="9170000001",
        vendor="HQ",
        time=draw(ODD_TIMES) if is_odd else now - timedelta(seconds=age),
        valid=place is not None and draw(st.booleans()),
        fix=None if place is None else Fix(*place),
        speed_knots=draw(st.none() | st.floats(0, 200)),
        course=draw(st.none() | st.floats(0, 360)),
        status=None if word is None else Status(word),
        battery_percent=draw(st.none() | st.integers(0, 100)),
        satellites=draw(st.none() | st.integers(0, 30)),
    )


class Run:
    """A tracker that goes through steps as its owner would take it."""

    def __init__(self, options: TrackerOptions) -> None:
        """Start with nothing known."""
        self.tracker = Tracker("9170000001", options)
        self.now = T0
        self.log: list[Any] = []

    def take(self, step: Step) -> None:
        """Let time pass, then take the report if there is one."""
        self.now += timedelta(seconds=step.seconds)
        self.pass_time(self.now)
        if step.report is None:
            self.tracker.tick(self.now)
        else:
            self.log.append(self.tracker.accept(step.report, self.now))
        self.log.append(replace(self.tracker.state))
        self.log.append(self.tracker.deadline)

    def pass_time(self, until: datetime) -> None:
        """Tick at each deadline; it has to move on each time."""
        while (deadline := self.tracker.deadline) is not None and deadline <= until:
            self.tracker.tick(deadline)
            assert self.tracker.deadline is None or self.tracker.deadline > deadline


@UNHURRIED
@given(steps(), OPTIONS)
def test_no_sequence_raises_and_no_deadline_lies_in_the_past(
    sequence: list[Step], options: TrackerOptions
) -> None:
    run = Run(options)
    for step in sequence:
        run.take(step)
        deadline = run.tracker.deadline
        assert deadline is None or deadline > run.now


@UNHURRIED
@given(steps(), OPTIONS)
def test_tracker_without_a_timer_never_raises(
    sequence: list[Step], options: TrackerOptions
) -> None:
    """Ticks may come late, or early, or not at all."""
    tracker, now = Tracker("9170000001", options), T0
    for step in sequence:
        now += timedelta(seconds=step.seconds)
        if step.report is None:
            tracker.tick(now)
        else:
            tracker.accept(step.report, now)
    tracker.tick(now)
    assert tracker.deadline is None or tracker.deadline > now


@UNHURRIED
@given(steps(), OPTIONS)
def test_live_state_never_goes_back_in_time(
    sequence: list[Step], options: TrackerOptions
) -> None:
    run = Run(options)
    shown: datetime | None = None
    for step in sequence:
        run.take(step)
        location = run.tracker.state.location
        if location is not None:
            assert shown is None or location.time >= shown
            shown = location.time


@UNHURRIED
@given(steps(), OPTIONS)
def test_what_is_not_live_changes_no_live_value(
    sequence: list[Step], options: TrackerOptions
) -> None:
    run = Run(options)
    for step in sequence:
        run.now += timedelta(seconds=step.seconds)
        run.pass_time(run.now)
        if step.report is None:
            continue
        before = replace(run.tracker.state)
        verdict = run.tracker.accept(step.report, run.now)
        state = run.tracker.state
        assert (state.last_seen, state.is_online) == (run.now, True)
        if verdict in {Verdict.LATE, Verdict.DUPLICATE, Verdict.OUTDATED}:
            told = {
                "last_seen": run.now,
                "is_online": True,
                "verdict": verdict,
                "is_clock_corrected": state.is_clock_corrected,
                "odometer_km": state.odometer_km,
            }
            assert state == replace(before, **told)  # type: ignore[arg-type] # five fields


@UNHURRIED
@given(steps(), OPTIONS)
def test_same_input_gives_the_same_result(
    sequence: list[Step], options: TrackerOptions
) -> None:
    one, other = Run(options), Run(options)
    for step in sequence:
        one.take(step)
    for step in deepcopy(sequence):
        other.take(step)
    assert one.log == other.log
    assert export_tracker(one.tracker) == export_tracker(other.tracker)


@UNHURRIED
@given(steps(), OPTIONS, st.data())
def test_restart_anywhere_gives_the_same_further_result(
    sequence: list[Step], options: TrackerOptions, data: st.DataObject
) -> None:
    """But for the distance of what was made before the restart and comes after it."""
    at = data.draw(st.integers(0, len(sequence)))
    silence = Step(400, None)
    sequence = [*sequence[:at], silence, *sequence[at:]]
    at += 1
    whole, first = Run(options), Run(options)
    for step in sequence[:at]:
        whole.take(step)
        first.take(step)
    second = Run(options)
    kept = json.loads(json.dumps(export_tracker(first.tracker), allow_nan=False))
    restore_tracker(second.tracker, kept)
    second.now, second.log = first.now, first.log
    restarted_at = first.now
    for step in sequence[at:]:
        time = step.report.time if step.report else None
        if time is not None and time <= restarted_at:
            continue
        whole.take(step)
        second.take(step)
    assert second.log == whole.log
    assert export_tracker(second.tracker) == export_tracker(whole.tracker)


@UNHURRIED
@given(steps())
def test_reports_are_left_as_they_were(sequence: list[Step]) -> None:
    before = deepcopy(sequence)
    run = Run(TrackerOptions())
    for step in sequence:
        run.take(step)
    assert sequence == before
