"""What somebody else can teach who knows the id, while the tracker itself is there."""

from datetime import timedelta

import pytest

from custom_components.sinotrack.h02 import Report
from custom_components.sinotrack.impostor import ImpostorWatch
from custom_components.sinotrack.tracking import Tracker, Verdict

from .tracking.road import FAR, HOME, RADIO, after, beside, heartbeat, report

OWN, OTHER, OTHER_OWN = "100.64.1.1", "203.0.113.9", "100.64.200.7"

MINUTE, HOUR, DAY = 60, 3600, 86_400


class Watched:
    """A tracker that reports from one network, and another that reports for it."""

    def __init__(self) -> None:
        """Let it be heard once, at the beginning."""
        self.tracker = Tracker("9170000001")
        self.watch = ImpostorWatch(self.tracker, lambda _alarm: None)
        self.own(0)

    def hear(self, heard: Report, peer: str, at: float) -> Verdict:
        """Take a report that arrived from `peer` after so many seconds."""
        return self.watch.accept(heard, after(at) + RADIO, peer)

    def own(self, at: float, *, ahead: timedelta = timedelta(0)) -> Verdict:
        """Take a report of the tracker, at a place that is another each time."""
        place = beside(FAR, north=at % 1000)
        return self.hear(report(after(at) + ahead, place), OWN, at)

    def forged(self, at: float, *, ahead: timedelta = timedelta(0)) -> Verdict:
        """Take a report of somebody else, which tells no place."""
        heard = report(after(at) + ahead, None, speed_kmh=None)
        return self.hear(heard, OTHER, at)


@pytest.fixture
def watched() -> Watched:
    """A tracker that was heard from its own network."""
    return Watched()


def test_clock_is_not_learned_from_somebody_else() -> None:
    """One that is ahead by minutes was never right, and would be late for ever."""
    watched = Watched()
    ahead = timedelta(minutes=7)
    watched.tracker.clock.was_right = False
    for number in range(5):
        watched.forged(100 + 20 * number, ahead=timedelta(hours=8))

    for number in range(20):
        assert watched.own(300 + 60 * number, ahead=ahead) is not Verdict.LATE
    assert watched.tracker.clock.offset == timedelta(0)


def test_network_that_was_heard_for_days_on_end_is_there(watched: Watched) -> None:
    for number in range(1, 3 * 24):
        watched.own(HOUR * number)
    watched.tracker.clock.was_right = False
    for number in range(5):
        watched.forged(3 * DAY + 20 * number, ahead=timedelta(hours=8))

    assert watched.tracker.clock.offset == timedelta(0)


def test_offset_is_not_ended_by_somebody_else() -> None:
    watched = Watched()
    behind = timedelta(hours=-8)
    watched.tracker.clock.was_right = False
    for number in range(1, 6):
        watched.own(30 * number, ahead=behind)
    assert watched.tracker.clock.offset > timedelta(hours=7)

    watched.forged(200)

    assert watched.own(300, ahead=behind) is not Verdict.LATE


@pytest.mark.parametrize("ahead", [2, 290])
def test_nobody_makes_the_places_of_the_tracker_older(
    watched: Watched, ahead: float
) -> None:
    """By frames that come right before, and date themselves ahead."""
    verdicts = []
    for number in range(1, 60):
        watched.forged(10 * number - 0.5, ahead=timedelta(seconds=ahead))
        verdicts.append(watched.own(10 * number))

    assert Verdict.OUTDATED not in verdicts
    assert watched.tracker.clock.lead == timedelta(0)


def test_rhythm_is_not_learned_from_somebody_else(watched: Watched) -> None:
    for number in range(1, 6):
        watched.own(3 * HOUR * number)
    patience = watched.tracker.contact.without_ignition.patience
    for number in range(20):
        watched.hear(heartbeat(), OTHER, 15 * HOUR + 30 * number)

    assert watched.tracker.contact.without_ignition.patience == patience


def test_rhythm_is_learned_though_every_third_report_takes_another_way(
    watched: Watched,
) -> None:
    """A provider has more than one network to send by."""
    for number in range(1, 20):
        at = 40 * MINUTE * number
        peer = OWN if number % 3 else OTHER
        watched.hear(report(after(at), FAR), peer, at)

    length = watched.tracker.contact.without_ignition.length
    assert length == timedelta(minutes=40)


def test_unit_is_not_taken_for_another_by_the_word_of_somebody_else(
    watched: Watched,
) -> None:
    for at, peer in ((20, OTHER), (40, OTHER_OWN)):
        assert not watched.tracker.alarms.is_4g
        newer = report(after(at), HOME)
        newer.type = "V6"
        watched.hear(newer, peer, at)
    assert watched.tracker.alarms.is_4g


def test_wire_is_not_proved_by_somebody_else(watched: Watched) -> None:
    watched.hear(report(after(20), None, ignition=True), OTHER, 20)
    assert not watched.tracker.wiring.is_proven
    watched.hear(report(after(40), None, ignition=True), OWN, 40)
    assert watched.tracker.wiring.is_proven


def test_tracker_in_a_new_network_is_learned_of_after_a_day(watched: Watched) -> None:
    watched.tracker.clock.was_right = False
    behind = timedelta(hours=-8)

    def hear_abroad(at: float) -> None:
        for number in range(5):
            time = at + 30 * number
            watched.hear(report(after(time) + behind, HOME), OTHER, time)

    watched.hear(report(after(HOUR), HOME), OTHER, HOUR)
    watched.tracker.clock.was_right = False
    hear_abroad(2 * HOUR)
    assert watched.tracker.clock.offset == timedelta(0)
    hear_abroad(DAY + 2 * HOUR)
    assert watched.tracker.clock.offset > timedelta(hours=7)


def test_before_any_network_is_known_everybody_is_believed() -> None:
    tracker = Tracker("9170000001")
    watch = ImpostorWatch(tracker, lambda _alarm: None)
    for number in range(3):
        time = after(30 * number)
        watch.accept(report(time - timedelta(hours=8)), time + RADIO, "")
    assert tracker.clock.offset > timedelta(hours=7)
