"""Who is let in, how far, and that no flood shuts an accepted tracker out."""

from collections.abc import Iterator
import tracemalloc

from hypothesis import given, strategies as st
import pytest

from custom_components.sinotrack.receiver import Limits, Refusal, Transport
from custom_components.sinotrack.receiver.admission import Admission
from custom_components.sinotrack.receiver.limits import (
    IDS_REMEMBERED,
    PEERS_REMEMBERED,
)

from .wire import CARRIER, ELSEWHERE, Still

LIMITS = Limits()


class Gate:
    """Admission under watch."""

    def __init__(self) -> None:
        """Begin."""
        self.loop = Still()
        self.admission = Admission(LIMITS, self.loop.time)

    def offend(
        self, times: int = 1, host: str = CARRIER, transport: Transport = "tcp"
    ) -> None:
        """Send what no tracker sends."""
        for _ in range(times):
            self.admission.note(host, transport)

    def report(
        self, *ids: str, host: str = CARRIER, transport: Transport = "tcp"
    ) -> None:
        """Report by ids that nobody has accepted."""
        for tracker_id in ids:
            self.admission.note(host, transport, tracker_id)

    def flood(self, host: str = CARRIER) -> None:
        """Offend until that is a flood."""
        self.offend(LIMITS.offences + 1, host)
        assert self.admission.is_flooding(host)


@pytest.fixture
def gate() -> Gate:
    return Gate()


def addresses(count: int) -> Iterator[str]:
    """Give addresses that differ."""
    return (f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}" for i in range(count))


def ids(count: int) -> list[str]:
    """Give ids of strangers."""
    return [f"80{number:08}" for number in range(count)]


# --- networks -----------------------------------------------------------------------------

NETWORKS = ("203.0.113.0/24", "198.51.100.7/32", "2001:db8:1::/48", "fe80::/10")


@pytest.mark.parametrize(
    "host",
    [
        "203.0.113.1",
        "203.0.113.255",
        "198.51.100.7",
        "2001:db8:1:2::3",
        "fe80::1%eth0",
        # As a socket of both families names it.
        "::ffff:203.0.113.1",
    ],
)
def test_peer_within_a_network_is_allowed(gate: Gate, host: str) -> None:
    gate.admission.allow(NETWORKS)
    assert gate.admission.is_allowed(host)
    assert gate.admission.judge_datagram(host) is None


@pytest.mark.parametrize(
    "host",
    [
        *("203.0.114.1", "198.51.100.8", "2001:db8:2::1", "::ffff:192.0.2.1"),
        *("192.0.2.1", "::cb00:7101"),
    ],
)
def test_peer_outside_of_all_networks_is_not_allowed(gate: Gate, host: str) -> None:
    gate.admission.allow(NETWORKS)
    assert not gate.admission.is_allowed(host)
    assert gate.admission.judge_datagram(host) is Refusal.NOT_ALLOWED


@pytest.mark.parametrize("network", ["::ffff:203.0.113.0/120", "::ffff:0:0/96"])
def test_network_may_be_spelt_the_way_of_ipv6(gate: Gate, network: str) -> None:
    gate.admission.allow([network])
    assert gate.admission.is_allowed("203.0.113.1")
    assert gate.admission.is_allowed("::ffff:203.0.113.1")
    assert not gate.admission.is_allowed("2001:db8::1")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_always_allowed(gate: Gate, host: str) -> None:
    gate.admission.allow(NETWORKS)
    assert gate.admission.is_allowed(host)


def test_address_that_the_port_listens_on_is_this_machine(gate: Gate) -> None:
    gate.admission.own_address = "192.0.2.1"
    gate.admission.allow(NETWORKS)
    assert gate.admission.is_allowed("192.0.2.1")
    assert not gate.admission.is_allowed("192.0.2.2")


def test_without_networks_all_are_allowed(gate: Gate) -> None:
    assert gate.admission.is_allowed(ELSEWHERE)
    gate.admission.allow(NETWORKS)
    gate.admission.allow([])
    assert gate.admission.is_allowed(ELSEWHERE)


def test_networks_of_before_count_no_longer(gate: Gate) -> None:
    gate.admission.allow(["203.0.113.0/24"])
    assert gate.admission.is_allowed(CARRIER)
    gate.admission.allow(["198.51.100.0/24"])
    assert not gate.admission.is_allowed(CARRIER)


# --- floods -------------------------------------------------------------------------------


def test_so_many_offences_are_borne_and_the_next_is_a_flood(gate: Gate) -> None:
    gate.offend(LIMITS.offences)
    assert not gate.admission.is_flooding(CARRIER)
    gate.offend()
    assert gate.admission.is_flooding(CARRIER)
    assert gate.admission.judge_datagram(CARRIER) is Refusal.FLOOD


def test_flood_of_one_address_is_held_against_no_other(gate: Gate) -> None:
    gate.flood()
    assert not gate.admission.is_flooding(ELSEWHERE)
    assert gate.admission.judge_datagram(ELSEWHERE) is None


def test_flood_control_ends_after_ten_minutes_and_starts_afresh(gate: Gate) -> None:
    gate.flood()
    gate.loop.now += 599
    assert gate.admission.is_flooding(CARRIER)
    assert gate.admission.judge_datagram(CARRIER) is Refusal.FLOOD
    gate.loop.now += 1
    assert not gate.admission.is_flooding(CARRIER)
    assert gate.admission.judge_datagram(CARRIER) is None
    gate.offend(LIMITS.offences)
    assert not gate.admission.is_flooding(CARRIER)
    gate.offend()
    assert gate.admission.is_flooding(CARRIER)


def test_what_goes_on_under_flood_control_does_not_prolong_it(gate: Gate) -> None:
    gate.flood()
    gate.loop.now += 1
    gate.offend()
    gate.loop.now += 599
    assert not gate.admission.is_flooding(CARRIER)


def test_offence_each_second_is_never_a_flood(gate: Gate) -> None:
    for _ in range(5000):
        gate.offend()
        gate.loop.now += 1
        assert not gate.admission.is_flooding(CARRIER)


def test_two_offences_each_second_are_a_flood_in_the_end(gate: Gate) -> None:
    for _ in range(2 * LIMITS.offences):
        gate.offend(2)
        gate.loop.now += 1
    assert gate.admission.is_flooding(CARRIER)


def test_as_many_reports_of_one_id_as_may_be_stored_are_no_flood(gate: Gate) -> None:
    gate.report(*["8000000001"] * LIMITS.strangers_burst)
    assert not gate.admission.is_flooding(CARRIER)
    for _ in range(1000):
        gate.loop.now += 1
        gate.report(*["8000000001"] * int(LIMITS.strangers_rate))
    assert not gate.admission.is_flooding(CARRIER)


def test_more_reports_of_one_id_than_anyone_has_stored_are_a_flood(gate: Gate) -> None:
    # That a new id is heard is one.
    gate.report(*["8000000001"] * (LIMITS.strangers_burst + LIMITS.offences - 1))
    assert not gate.admission.is_flooding(CARRIER)
    gate.report("8000000001")
    assert gate.admission.is_flooding(CARRIER)


def test_tracker_that_goes_on_among_ever_new_ids_is_not_forgotten(gate: Gate) -> None:
    first, *others = ids(2 * LIMITS.offences)
    gate.report(first)
    for other in others[: LIMITS.offences - 1]:
        gate.report(other, first)
    assert not gate.admission.is_flooding(CARRIER), "the new ones alone are offences"


def test_batch_counts_as_its_records(gate: Gate) -> None:
    """Were it one report, a batch each second would be no flood for ever."""
    for _ in range(LIMITS.strangers_burst // 100):
        gate.admission.note(CARRIER, "tcp", "8000000001", 100)
    assert not gate.admission.is_flooding(CARRIER)
    for _ in range(2):
        gate.loop.now += 1
        gate.admission.note(CARRIER, "tcp", "8000000001", 100)
    assert gate.admission.is_flooding(CARRIER)


def test_batches_in_datagrams_have_the_rate_of_their_records(gate: Gate) -> None:
    passed = 0
    while gate.loop.now < gate.loop.began_at + 600:
        if gate.admission.judge_datagram(CARRIER) is None:
            gate.admission.note(CARRIER, "udp", "8000000001", 100)
            passed += 100
        gate.loop.now += 0.1
    assert passed <= LIMITS.strangers_burst + 600 * LIMITS.strangers_rate + 100
    assert not gate.admission.is_flooding(CARRIER)


def test_reports_of_the_trackers_behind_one_address_are_no_flood(gate: Gate) -> None:
    for _ in range(100):
        gate.report(*ids(IDS_REMEMBERED))
        gate.loop.now += 2
    assert not gate.admission.is_flooding(CARRIER)


def test_one_id_after_the_other_is_a_flood(gate: Gate) -> None:
    gate.report(*ids(LIMITS.offences))
    assert not gate.admission.is_flooding(CARRIER)
    gate.report("8100000000")
    assert gate.admission.is_flooding(CARRIER)


def test_more_ids_in_turn_than_trackers_have_room_for_are_a_flood(gate: Gate) -> None:
    for _ in range(100):
        gate.report(*ids(IDS_REMEMBERED + 1))
    assert gate.admission.is_flooding(CARRIER)


def test_customer_of_ipv6_is_one_peer_with_all_its_addresses(gate: Gate) -> None:
    gate.offend(LIMITS.offences, host="2001:db8::1")
    gate.offend(host="2001:db8::ffff:2")
    assert gate.admission.is_flooding("2001:db8::3")
    assert not gate.admission.is_flooding("2001:db8:0:1::1")


def test_ipv4_is_one_peer_by_whichever_socket_it_comes(gate: Gate) -> None:
    gate.flood(CARRIER)
    assert gate.admission.is_flooding(f"::ffff:{CARRIER}")


def test_zone_of_an_address_is_no_part_of_it(gate: Gate) -> None:
    gate.flood("fe80::1%eth0")
    assert gate.admission.is_flooding("fe80::1%wlan0")


# --- datagrams ----------------------------------------------------------------------------


def test_datagrams_are_limited_to_a_burst_and_then_to_a_rate(gate: Gate) -> None:
    for _ in range(LIMITS.strangers_burst):
        assert gate.admission.judge_datagram(CARRIER) is None
        gate.report("8000000001", transport="udp")
    passed = 0
    for _ in range(1000):
        gate.report("8000000001", transport="udp")
        while gate.admission.judge_datagram(CARRIER) is Refusal.TOO_FAST:
            gate.loop.now += 0.001
        passed += 1
    assert passed / (gate.loop.now - gate.loop.began_at) == pytest.approx(
        LIMITS.strangers_rate, rel=0.05
    )
    assert not gate.admission.is_flooding(CARRIER)


def test_datagrams_of_ever_new_addresses_are_limited_together(gate: Gate) -> None:
    for host in addresses(LIMITS.crowd_burst):
        assert gate.admission.judge_datagram(host) is None
        gate.report("8000000001", host=host, transport="udp")
    passed = 0
    for host in addresses(2000):
        gate.report("8000000001", host=host, transport="udp")
        while gate.admission.judge_datagram(host) is Refusal.TOO_FAST:
            gate.loop.now += 0.001
        passed += 1
    assert passed / (gate.loop.now - gate.loop.began_at) == pytest.approx(
        LIMITS.crowd_rate, rel=0.05
    )


def test_crowd_of_datagrams_stops_nobody_over_tcp(gate: Gate) -> None:
    for host in addresses(LIMITS.crowd_burst + 100):
        gate.report("8000000001", host=host, transport="udp")
    assert gate.admission.judge_datagram(CARRIER) is Refusal.TOO_FAST
    assert not gate.admission.is_flooding(CARRIER)


def test_what_comes_over_tcp_stops_no_datagram_before_it_is_a_flood(gate: Gate) -> None:
    gate.report(*["8000000001"] * (LIMITS.strangers_burst + 50), transport="tcp")
    assert gate.admission.judge_datagram(CARRIER) is None


def test_datagrams_that_are_too_many_close_no_connection(gate: Gate) -> None:
    gate.report(*["8000000001"] * 5000, transport="udp")
    assert gate.admission.judge_datagram(CARRIER) is Refusal.TOO_FAST
    assert not gate.admission.is_flooding(CARRIER)


# --- memory -------------------------------------------------------------------------------


def test_peer_that_offended_longest_ago_is_forgotten_first(gate: Gate) -> None:
    first, second, *others = addresses(PEERS_REMEMBERED + 1)
    gate.offend(LIMITS.offences, first)
    gate.offend(LIMITS.offences - 1, second)
    gate.offend(host=second)
    for host in others:
        gate.offend(host=host)
    assert len(gate.admission) == PEERS_REMEMBERED
    gate.offend(host=second)
    gate.offend(host=first)
    assert gate.admission.is_flooding(second)
    assert not gate.admission.is_flooding(first)


def test_peer_that_is_caught_is_not_pushed_out_by_those_that_are_not(
    gate: Gate,
) -> None:
    caught, slow, *others = addresses(3 * PEERS_REMEMBERED)
    gate.flood(caught)
    gate.report(*["8000000001"] * 1010, host=slow, transport="udp")
    for host in others:
        gate.offend(host=host)
    assert len(gate.admission) == PEERS_REMEMBERED + 2
    assert gate.admission.judge_datagram(caught) is Refusal.FLOOD
    assert gate.admission.judge_datagram(slow) is Refusal.TOO_FAST


def test_of_those_that_are_caught_the_one_of_longest_ago_is_forgotten_first(
    gate: Gate,
) -> None:
    first, second, *others = addresses(PEERS_REMEMBERED + 1)
    gate.flood(first)
    gate.flood(second)
    gate.offend(host=first)
    for host in others:
        gate.flood(host)
    assert len(gate.admission) == PEERS_REMEMBERED
    assert gate.admission.is_flooding(first)
    assert not gate.admission.is_flooding(second)


def test_memory_is_bounded_however_many_peers_and_ids_there_are(gate: Gate) -> None:
    tracemalloc.start()
    try:
        for host in addresses(3 * PEERS_REMEMBERED):
            gate.report(*ids(2 * IDS_REMEMBERED), host=host, transport="udp")
            gate.offend(LIMITS.offences, host)
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(gate.admission) == PEERS_REMEMBERED
    assert used < 6 * 1024 * 1024


ACTS = st.lists(
    st.tuples(
        st.sampled_from([f"192.0.2.{i}" for i in range(6)] + ["2001:db8::1", "::1"]),
        st.sampled_from(["tcp", "udp"]),
        st.sampled_from(["", *ids(5)]),
        st.floats(0, 700),
    ),
    max_size=60,
)


@given(acts=ACTS)
def test_whatever_comes_no_more_is_held_than_fits(
    acts: list[tuple[str, Transport, str, float]],
) -> None:
    gate = Gate()
    with pytest.MonkeyPatch.context() as patch:
        module = "custom_components.sinotrack.receiver.admission"
        patch.setattr(f"{module}.PEERS_REMEMBERED", 3)
        patch.setattr(f"{module}.IDS_REMEMBERED", 2)
        patch.setattr(
            "tests.receiver.test_admission.LIMITS",
            small := Limits(offences=3, strangers_burst=4),
        )
        gate.admission = Admission(small, gate.loop.time)
        for host, transport, tracker_id, seconds in acts:
            gate.admission.note(host, transport, tracker_id)
            reason = gate.admission.judge_datagram(host)
            assert len(gate.admission) <= 2 * 3
            assert (reason is Refusal.FLOOD) is gate.admission.is_flooding(host)
            gate.loop.now += seconds
        gate.loop.now += small.flood_control
        for host, *_ in acts:
            assert gate.admission.judge_datagram(host) is None
