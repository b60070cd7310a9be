"""Alarms: an event where one begins, once, whatever the order of arrival."""

from datetime import datetime
from itertools import permutations
import json

import pytest

from custom_components.sinotrack.h02 import Alarm, Fix, Report, Status
from custom_components.sinotrack.tracking import (
    AlarmEvent,
    Tracker,
    Verdict,
    export_tracker,
    restore_tracker,
)

from .road import HOME, RADIO, after, read

QUIET = 0xFFFFFFFF
SOS = QUIET & ~(1 << 1)
POWER_CUT = QUIET & ~(1 << 19)
BUFFERED = 1 << 26
LOW_BATTERY = QUIET & ~(1 << 5)
"""Of a 4G unit; of another one its antenna."""
THEFT = QUIET & ~(1 << 0)
"""Of a 2G unit; of another one nothing that is known."""
HOUR = 3600


def said(seconds: float, word: int = QUIET) -> Report:
    """A report of the 2G unit with that status word."""
    return Report(
        b"",
        "V1",
        "9170000001",
        "HQ",
        time=after(seconds),
        valid=True,
        fix=Fix(*HOME),
        status=Status(word),
    )


def hear(
    tracker: Tracker, *reports: Report, at: datetime | None = None
) -> list[AlarmEvent]:
    """Take reports, and give the alarms that began."""
    for report in reports:
        assert report.time is not None
        tracker.accept(report, at or report.time + RADIO)
    return tracker.take_alarms()


def test_alarm_is_an_event_when_it_begins_and_not_while_it_lasts() -> None:
    tracker = Tracker("9170000001")
    assert hear(tracker, said(0)) == []
    assert hear(tracker, said(20, SOS)) == [AlarmEvent(Alarm.SOS, after(20), False)]
    assert hear(tracker, *(said(20 * i, SOS) for i in range(2, 50))) == []
    assert hear(tracker, said(1000)) == []
    assert hear(tracker, said(1020, SOS)) == [AlarmEvent(Alarm.SOS, after(1020), False)]


def test_alarm_is_given_once() -> None:
    tracker = Tracker("9170000001")
    assert len(hear(tracker, said(0, SOS))) == 1
    assert tracker.take_alarms() == []


def test_two_alarms_at_once_are_two_events() -> None:
    tracker = Tracker("9170000001")
    events = hear(tracker, said(0), said(20, SOS & POWER_CUT))
    assert [event.alarm for event in events] == [Alarm.POWER_CUT, Alarm.SOS]


def test_second_alarm_during_the_first_is_one_event() -> None:
    tracker = Tracker("9170000001")
    hear(tracker, said(0, SOS))
    events = hear(tracker, said(20, SOS & POWER_CUT))
    assert [event.alarm for event in events] == [Alarm.POWER_CUT]


def test_late_alarm_has_its_own_time() -> None:
    tracker = Tracker("9170000001")
    hear(tracker, said(0))
    events = hear(tracker, said(-HOUR, SOS), at=after(20))
    assert events == [AlarmEvent(Alarm.SOS, after(-HOUR), True)]


def test_late_record_of_an_alarm_that_was_told_is_none() -> None:
    tracker = Tracker("9170000001")
    assert len(hear(tracker, said(0, SOS))) == 1
    assert hear(tracker, *(said(-HOUR + i, SOS) for i in range(9)), at=after(9)) == []


def test_report_sent_again_is_no_alarm() -> None:
    tracker = Tracker("9170000001")
    hear(tracker, said(0, SOS), said(20))
    assert tracker.accept(said(0, SOS), after(30)) is Verdict.DUPLICATE
    assert tracker.take_alarms() == []


def test_what_looked_like_one_alarm_was_two() -> None:
    tracker = Tracker("9170000001")
    assert len(hear(tracker, said(-HOUR, SOS), said(0, SOS))) == 1
    events = hear(tracker, said(-HOUR / 2), at=after(9))
    assert events == [AlarmEvent(Alarm.SOS, after(0), True)]


def test_the_one_of_two_that_was_not_told_is_told() -> None:
    tracker = Tracker("9170000001")
    assert len(hear(tracker, said(0, SOS))) == 1
    stored = (said(-HOUR, SOS), said(-HOUR + 20, SOS))
    assert hear(tracker, *stored, at=after(9)) == []
    events = hear(tracker, said(-HOUR / 2), at=after(10))
    assert events == [AlarmEvent(Alarm.SOS, after(-HOUR), True)]


@pytest.mark.parametrize(
    "order", permutations(range(6)), ids=lambda order: "".join(map(str, order))
)
def test_each_alarm_is_told_once_in_any_order_of_arrival(
    order: tuple[int, ...],
) -> None:
    words = (SOS, SOS, QUIET, SOS, POWER_CUT, SOS & POWER_CUT)
    stored = [said(-HOUR + 20 * i, word) for i, word in enumerate(words)]
    tracker = Tracker("9170000001")
    events = hear(tracker, *(stored[i] for i in order), at=after(0))
    events += hear(tracker, *stored, at=after(60))
    assert sorted(event.alarm for event in events) == [
        Alarm.POWER_CUT,
        *[Alarm.SOS] * 3,
    ]
    assert len(set(events)) == 4


def test_alarm_that_still_holds_after_a_restart_is_no_event() -> None:
    tracker = Tracker("9170000001")
    hear(tracker, said(-HOUR, POWER_CUT), said(-HOUR / 2), said(0, SOS))
    kept = json.loads(json.dumps(export_tracker(tracker)))
    tracker = Tracker("9170000001")
    restore_tracker(tracker, kept)
    assert hear(tracker, said(20, SOS)) == []
    assert hear(tracker, said(-HOUR + 1, POWER_CUT), at=after(30)) == []
    assert len(hear(tracker, said(40), said(60, SOS))) == 1


def test_alarm_within_a_second_is_one() -> None:
    """The change is told in the second of a position, in any order."""
    tracker = Tracker("9170000001")
    assert len(hear(tracker, said(0), said(0, SOS), said(0, POWER_CUT))) == 2
    assert hear(tracker, said(0, SOS & POWER_CUT)) == []


def test_report_without_a_status_word_ends_no_alarm() -> None:
    tracker = Tracker("9170000001")
    hear(tracker, said(0, SOS))
    bare = said(20)
    bare.status = None
    assert hear(tracker, bare, said(40, SOS)) == []


@pytest.mark.parametrize(
    ("word", "told"), [(LOW_BATTERY, [Alarm.LOW_BATTERY]), (THEFT, [])]
)
@pytest.mark.parametrize("is_restarted", [False, True])
def test_bits_of_a_4g_unit_mean_the_same_in_each_type_that_it_sends(
    word: int, told: list[Alarm], is_restarted: bool
) -> None:
    """Its answers have a type that 2G units send too, where these bits are others."""
    tracker = Tracker("9170000001")
    events = []
    for i, kind in enumerate(("V8", "V4", "V8", "V1", "V6", "V4")):
        heard = said(60 * i, word)
        heard.type = kind
        events += hear(tracker, heard)
        if is_restarted:
            kept = json.loads(json.dumps(export_tracker(tracker)))
            tracker = Tracker("9170000001")
            restore_tracker(tracker, kept)
    assert [event.alarm for event in events] == told


def test_alarm_sentence_without_a_place_is_an_alarm() -> None:
    """There may be no sky where help is needed."""
    heard = Report(b"", "ALRM", "9170000001", "HQ", time=after(20))
    heard.add(alarm=Alarm.SOS)
    tracker = Tracker("9170000001")
    assert hear(tracker, said(0)) == []
    assert hear(tracker, heard) == [AlarmEvent(Alarm.SOS, after(20), False)]
    assert tracker.state.verdict is Verdict.NO_FIX


POSITION = b"120020,A,5231.2500,N,01324.6114,E,000.00,000,010626,FFFFFBFF#"


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("is_first", [False, True])
def test_alarm_sentence_counts_beside_the_position_of_its_second(
    *, is_first: bool, is_restarted: bool
) -> None:
    """It says the same time, place and status, and is told once however often sent."""
    tracker = Tracker("9170000001")
    events = []
    heads = [b"*HQ,9170000001,V1,", b"*HQ,9170000001,ALRM,1,"] * 2
    for i, head in enumerate(reversed(heads) if is_first else heads):
        events += hear(tracker, read(head + POSITION), at=after(22 + i))
        if is_restarted:
            kept = json.loads(json.dumps(export_tracker(tracker)))
            tracker = Tracker("9170000001")
            restore_tracker(tracker, kept)
    assert events == [AlarmEvent(Alarm.SOS, after(20), False)]
    assert tracker.state.verdict is Verdict.DUPLICATE


def test_two_alarm_sentences_of_one_second_are_two_events() -> None:
    tracker = Tracker("9170000001")
    heard = [read(b"*HQ,9170000001,ALRM,%d," % kind + POSITION) for kind in (1, 3)]
    events = hear(tracker, *heard)
    assert {event.alarm for event in events} == {Alarm.GEOFENCE, Alarm.SOS}


def test_alarm_of_a_record_without_a_fix_counts() -> None:
    heard = read(
        b"*HQ,9170000001,V1,120020,V,,N,,E,000.00,000,010626,FFFFFFFD,262,3,1,2#"
    )
    events = hear(Tracker("9170000001"), heard)
    assert [event.alarm for event in events] == [Alarm.SOS]


def test_memory_of_alarms_is_bounded_and_tells_nothing_twice() -> None:
    tracker = Tracker("9170000001")
    told = hear(tracker, *(said(20 * i, (SOS, QUIET)[i % 2]) for i in range(1000)))
    assert len(told) == 500
    assert len(tracker.alarms.seen) == 512
    assert len(json.dumps(export_tracker(tracker))) < 50_000
    assert hear(tracker, said(50, SOS), at=after(20_000)) == []


@pytest.mark.parametrize("newest_first", [False, True])
def test_each_alarm_of_400_stored_records_is_told(*, newest_first: bool) -> None:
    tracker = Tracker("9170000001")
    hear(tracker, said(0))
    stored = [said(-HOUR * 4 + 30 * i, (SOS, QUIET)[i % 2]) for i in range(400)]
    if newest_first:
        stored.reverse()
    events = hear(tracker, *stored, at=after(10))
    assert len({event.time for event in events}) == len(events) == 200
    assert hear(tracker, *stored, at=after(20)) == []


def test_alarm_of_a_stored_record_without_a_time_is_told_when_it_comes() -> None:
    """Nobody knows when it was, but that it was is worth more than the time."""
    tracker = Tracker("9170000001")
    hear(tracker, said(0))
    for seconds in (20, 21):
        heard = said(0, SOS & ~BUFFERED)
        heard.time = None
        assert tracker.accept(heard, after(seconds)) is Verdict.LATE
    assert tracker.take_alarms() == [AlarmEvent(Alarm.SOS, after(20), True)]
    assert hear(tracker, said(40, SOS)) == []


@pytest.mark.parametrize("is_restarted", [False, True])
def test_stored_record_without_a_time_that_is_sent_again_tells_nothing_new(
    *, is_restarted: bool
) -> None:
    tracker = Tracker("9170000001")
    told = []
    for seconds in range(0, 200, 20):
        told += hear(tracker, said(seconds))
        heard = said(0, SOS & ~BUFFERED)
        heard.time = None
        tracker.accept(heard, after(seconds + 1))
        told += tracker.take_alarms()
        if is_restarted:
            kept = json.loads(json.dumps(export_tracker(tracker)))
            tracker = Tracker("9170000001")
            restore_tracker(tracker, kept)
    assert told == [AlarmEvent(Alarm.SOS, after(1), True)]


def test_alarm_with_a_time_makes_room_for_the_next_without_one() -> None:
    tracker = Tracker("9170000001")
    told = []
    for seconds in (0, 100):
        heard = said(0, SOS & ~BUFFERED)
        heard.time = None
        tracker.accept(heard, after(seconds))
        told += tracker.take_alarms()
        told += hear(tracker, said(seconds + 20))
        told += hear(tracker, said(seconds + 40, SOS), said(seconds + 60))
    assert [event.is_late for event in told] == [True, False] * 2


def test_stored_record_without_a_time_ends_no_alarm() -> None:
    tracker = Tracker("9170000001")
    hear(tracker, said(0, SOS))
    heard = said(0, QUIET & ~BUFFERED)
    heard.time = None
    tracker.accept(heard, after(20))
    assert hear(tracker, said(40, SOS)) == []


def test_day_without_an_alarm_is_two_observations() -> None:
    tracker = Tracker("9170000001")
    assert hear(tracker, *(said(60 * i) for i in range(1440))) == []
    assert len(tracker.alarms.seen) == 2


@pytest.mark.parametrize("newest_first", [False, True])
def test_backlog_without_an_alarm_is_not_kept(*, newest_first: bool) -> None:
    tracker = Tracker("9170000001")
    hear(tracker, said(-HOUR * 4), said(0))
    stored = [said(-HOUR * 3 + 20 * i) for i in range(400)]
    if newest_first:
        stored.reverse()
    assert hear(tracker, *stored, at=after(10)) == []
    assert len(tracker.alarms.seen) == 3


def test_alarm_that_was_told_in_its_midst_is_not_told_again_when_it_was_two() -> None:
    tracker = Tracker("9170000001")
    hear(tracker, said(HOUR, SOS), said(HOUR + 20, SOS))
    assert hear(tracker, said(0, SOS), at=after(HOUR + 30)) == []
    events = hear(tracker, said(10), at=after(HOUR + 40))
    assert events == [AlarmEvent(Alarm.SOS, after(0), is_late=True)]
