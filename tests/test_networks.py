"""One tracker or two senders: networks, leaps, and the way back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.sinotrack.networks import NetworkWatch, network_of

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

ONE, OTHER, THIRD = "198.51.100.7", "203.0.113.9", "192.0.2.1"


class Heard:
    """Fixes that come minute by minute, each from somewhere."""

    def __init__(self) -> None:
        """Begin at noon with nothing heard."""
        self.watch = NetworkWatch()
        self.now = NOON

    def here(self, peer: str) -> None:
        """Hear a fix that is in reach of the one before."""
        self._hear(peer, is_leap=False)

    def far(self, peer: str) -> None:
        """Hear a fix that nothing drives to so fast."""
        self._hear(peer, is_leap=True)

    def wait(self, time: timedelta) -> None:
        """Let time pass."""
        self.now += time

    def is_disputed(self) -> bool:
        """Whether two senders are seen now."""
        return self.watch.is_disputed(self.now)

    def _hear(self, peer: str, *, is_leap: bool) -> None:
        self.wait(timedelta(minutes=1))
        self.watch.hear(peer, self.now, is_leap=is_leap, is_stray=False)


@pytest.fixture
def heard() -> Heard:
    """A tracker that reported from one network."""
    heard = Heard()
    heard.here(ONE)
    return heard


# --- networks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "neighbour", "stranger"),
    [
        ("198.51.100.7", "198.51.3.4", "198.52.100.7"),
        ("127.0.0.1", "127.0.9.9", "127.1.0.1"),
        ("10.0.0.1", "10.0.255.1", "10.1.0.1"),
        ("2001:db8::1", "2001:db8:ffff::9", "2001:db9::1"),
        ("::1", "::2", "fe80::1"),
    ],
)
def test_network_is_what_addresses_of_one_provider_share(
    peer: str, neighbour: str, stranger: str
) -> None:
    assert network_of(peer) == network_of(neighbour) != network_of(stranger)


# --- one sender -----------------------------------------------------------------------


def test_first_fix_is_no_leap_whatever_was_known_before() -> None:
    heard = Heard()
    heard.far(ONE)
    heard.far(OTHER)
    assert heard.watch.alternations == 0


def test_who_contradicts_what_is_shown_is_not_known_longest() -> None:
    watch = NetworkWatch()
    watch.hear(ONE, NOON, is_leap=True, is_stray=True)
    watch.hear(OTHER, NOON, is_leap=True, is_stray=False)
    assert watch.is_elder(OTHER)
    assert not watch.is_elder(ONE)


def test_two_senders_are_seen_though_each_contradicts_what_is_shown() -> None:
    watch = NetworkWatch()
    for peer in (ONE, OTHER, ONE):
        watch.hear(peer, NOON, is_leap=True, is_stray=True)
    assert watch.is_disputed(NOON)


def test_who_contradicts_what_is_shown_once_is_heard_again() -> None:
    """The first fix after a start may be an outlier."""
    watch = NetworkWatch()
    watch.hear(ONE, NOON, is_leap=True, is_stray=True)
    assert watch.peer != ONE
    watch.hear(ONE, NOON, is_leap=False, is_stray=False)
    watch.hear(OTHER, NOON, is_leap=True, is_stray=True)
    assert watch.is_elder(ONE)


def test_jumps_within_one_network_are_no_matter_of_networks(heard: Heard) -> None:
    for peer in ("198.51.100.8", ONE, "198.51.7.7"):
        heard.far(peer)
        assert heard.watch.peer == peer
    assert not heard.is_disputed()


def test_networks_that_take_turns_on_one_way_are_one_sender(heard: Heard) -> None:
    for _ in range(5):
        heard.here(OTHER)
        heard.here(ONE)
    assert not heard.is_disputed()


def test_one_leap_to_another_network_is_a_change_and_no_dispute(heard: Heard) -> None:
    heard.far(OTHER)
    heard.here(OTHER)
    heard.here(ONE)
    assert not heard.is_disputed()


def test_leaps_that_lead_ever_on_are_no_dispute(heard: Heard) -> None:
    heard.far(OTHER)
    heard.far(THIRD)
    heard.far(ONE)
    assert not heard.is_disputed()


# --- who is known longest -------------------------------------------------------------


def test_one_known_longest_stays_so_over_a_restart(heard: Heard) -> None:
    heard.here(OTHER)
    restored = NetworkWatch()
    restored.restore(heard.watch.export())

    restored.hear(OTHER, heard.now, is_leap=False, is_stray=False)

    assert restored.is_elder(ONE)
    assert not restored.is_elder(OTHER)


def test_nothing_is_kept_of_who_was_never_heard() -> None:
    watch = NetworkWatch()
    watch.restore(watch.export())
    assert watch.export() is None


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"elder": "xy", "at": "2026-06-01T12:00:00+00:00", "was_last": True},
        {"elder": "c6", "at": "2026-06-01T12:00:00+00:00"},
        {"elder": "c6"},
    ],
)
def test_what_is_no_network_is_told(known: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        NetworkWatch().restore(known)


def test_who_is_not_heard_for_a_month_is_given_up(heard: Heard) -> None:
    heard.here(OTHER)
    heard.wait(timedelta(days=29))
    heard.here(THIRD)
    assert heard.watch.is_elder(ONE)
    heard.wait(timedelta(days=1))
    heard.here(OTHER)
    assert heard.watch.is_elder(OTHER)


def test_restart_makes_nobody_younger_who_was_not_heard(heard: Heard) -> None:
    heard.here(OTHER)
    for _ in range(4):
        heard.wait(timedelta(days=10))
        heard.here(OTHER)
        kept = heard.watch.export()
        heard.watch = NetworkWatch()
        heard.watch.restore(kept)
    assert heard.watch.is_elder(ONE)
    heard.here(OTHER)
    heard.here(OTHER)
    assert heard.watch.is_elder(OTHER)


def test_clock_of_the_host_that_is_put_back_keeps_nobody(heard: Heard) -> None:
    heard.here(OTHER)
    heard.wait(timedelta(days=-3650))
    heard.here(OTHER)
    heard.wait(timedelta(days=30))
    heard.here(OTHER)
    assert heard.watch.is_elder(OTHER)


def test_who_speaks_now_and_then_is_not_given_up(heard: Heard) -> None:
    for peer in (OTHER, ONE) * 3:
        heard.wait(timedelta(days=20))
        heard.here(peer)
    heard.wait(timedelta(days=25))
    heard.here(OTHER)
    assert heard.watch.is_elder(ONE)


# --- two senders ----------------------------------------------------------------------


def test_leap_and_leap_back_are_two_senders(heard: Heard) -> None:
    heard.far(OTHER)
    assert not heard.is_disputed()
    heard.far(ONE)
    assert heard.is_disputed()
    assert heard.watch.alternations == 1
    assert heard.watch.alternated_at == heard.now


def test_leap_may_come_after_the_first_fix_of_who_takes_over(heard: Heard) -> None:
    heard.here(OTHER)
    heard.far(OTHER)
    assert not heard.is_disputed()
    heard.far(ONE)
    assert heard.is_disputed()


def test_any_number_of_fixes_may_lie_between(heard: Heard) -> None:
    heard.far(OTHER)
    for _ in range(20):
        heard.here(OTHER)
    heard.far(ONE)
    assert heard.is_disputed()


def test_each_further_leap_is_counted_and_heard_later(heard: Heard) -> None:
    for peer in (OTHER, ONE, OTHER, ONE):
        heard.far(peer)
    assert heard.watch.alternations == 3
    assert heard.watch.alternated_at == heard.now


def test_way_back_after_more_than_an_hour_is_none(heard: Heard) -> None:
    heard.far(OTHER)
    heard.wait(timedelta(minutes=59))
    heard.far(ONE)
    assert heard.is_disputed()

    other = Heard()
    other.here(ONE)
    other.far(OTHER)
    other.wait(timedelta(minutes=60))
    other.far(ONE)
    assert not other.is_disputed()


def test_dispute_ends_an_hour_after_the_last_leap(heard: Heard) -> None:
    heard.far(OTHER)
    heard.far(ONE)
    heard.wait(timedelta(minutes=59, seconds=59))
    assert heard.is_disputed()
    heard.wait(timedelta(seconds=1))
    assert not heard.is_disputed()
    assert heard.watch.alternations == 1


def test_what_was_forgotten_takes_two_leaps_again(heard: Heard) -> None:
    heard.far(OTHER)
    heard.far(ONE)
    heard.watch.forget()
    assert not heard.is_disputed()
    heard.far(OTHER)
    assert not heard.is_disputed()
    heard.far(ONE)
    assert heard.is_disputed()


def test_sender_from_ever_new_networks_is_seen_each_time(heard: Heard) -> None:
    for number in range(100):
        heard.far(f"203.{number}.113.9")
        heard.far(ONE)
        assert heard.watch.alternations == number + 1


def test_leaps_of_long_ago_make_room_for_new_ones(heard: Heard) -> None:
    heard.far(OTHER)
    for number in range(20):
        heard.far(f"10.{number}.0.1")
    heard.here(OTHER)
    heard.far(ONE)
    assert not heard.is_disputed()


def test_leap_that_is_seen_again_is_a_new_one(heard: Heard) -> None:
    heard.far(OTHER)
    for number in range(10):
        heard.far(f"10.{number}.0.1")
    heard.here(ONE)
    heard.far(OTHER)
    heard.far("10.10.0.1")
    heard.far("10.11.0.1")
    heard.here(OTHER)
    heard.far(ONE)
    assert heard.is_disputed()
