"""Whatever is refused is counted, by its reason."""

from collections.abc import Callable

import pytest

from custom_components.sinotrack.h02 import SENTENCE_LIMIT
from custom_components.sinotrack.receiver import Limits, Refusal

from .frames import BROKEN, CAR, FOREIGN, STRANGER, batch, many, mileage_record, v1
from .wire import Port


def not_allowed(port: Port) -> None:
    """Connect from outside of the networks that are allowed."""
    port.receiver.allow(["192.0.2.0/24"])
    port.connect()


def own(port: Port) -> None:
    """Send in the name of the port itself."""
    port.receiver.port = 8888
    port.datagram(v1(CAR), host="127.0.0.1", port=8888)


def flood(port: Port) -> None:
    """Go on after a flood."""
    port.flood()
    port.datagram(BROKEN)


def too_fast(port: Port) -> None:
    """Send one datagram more than a stranger may, and another."""
    for frame in many(Limits().strangers_burst + 2, STRANGER):
        port.datagram(frame)


def foreign(port: Port) -> None:
    """Speak another protocol."""
    port.connect().send(FOREIGN["http"])


def malformed(port: Port) -> None:
    """Send the outline of a sentence."""
    port.connect().send(BROKEN)


def no_id(port: Port) -> None:
    """Report without an id."""
    port.connect().send(v1(""))


def overlong(port: Port) -> None:
    """Send a sentence that does not end."""
    port.connect().send(b"*HQ,9170000001,V1," + b"A" * SENTENCE_LIMIT)


def junk(port: Port) -> None:
    """Send bytes that begin no frame."""
    port.connect().send(b"\xff" * (Limits().junk + 1))


def no_frame(port: Port) -> None:
    """Say nothing."""
    port.connect()
    port.pass_time(Limits().first_frame + 1)


def partial(port: Port) -> None:
    """Begin a frame and do not end it."""
    wire = port.connect()
    wire.send(v1(CAR))
    wire.send(v1(CAR)[:40])
    port.pass_time(Limits().partial_frame + 1)


def idle(port: Port) -> None:
    """Fall silent."""
    port.connect().send(v1(STRANGER))
    port.pass_time(Limits().stranger_idle + 1)


def too_many(port: Port) -> None:
    """Connect once more than one address may."""
    for _ in range(Limits().connections_per_peer + 1):
        port.connect()


def too_many_in_all(port: Port) -> None:
    """Connect once more than all together may."""
    for number in range(Limits().connections + 1):
        port.connect(f"198.51.{number // 250}.{number % 250}")


def too_many_of_ipv6(port: Port) -> None:
    """Connect from many addresses of one customer."""
    for number in range(Limits().connections_per_peer + 1):
        port.connect(f"2001:db8::{number}")


def unread(port: Port) -> None:
    """Read no answers."""
    port.connect().choke()


def fault(port: Port) -> None:
    """Meet a fault of our own."""
    port.fault = RuntimeError("boom")
    port.datagram(v1(CAR))


ACTS: tuple[tuple[Callable[[Port], None], Refusal], ...] = (
    (not_allowed, Refusal.NOT_ALLOWED),
    (own, Refusal.OWN),
    (flood, Refusal.FLOOD),
    (too_fast, Refusal.TOO_FAST),
    (foreign, Refusal.FOREIGN),
    (malformed, Refusal.MALFORMED),
    (no_id, Refusal.NO_ID),
    (overlong, Refusal.OVERLONG),
    (junk, Refusal.JUNK),
    (no_frame, Refusal.NO_FRAME),
    (partial, Refusal.PARTIAL),
    (idle, Refusal.IDLE),
    (too_many, Refusal.TOO_MANY),
    (too_many_in_all, Refusal.TOO_MANY),
    (too_many_of_ipv6, Refusal.TOO_MANY),
    (unread, Refusal.UNREAD),
    (fault, Refusal.FAULT),
)


@pytest.mark.parametrize(("act", "reason"), ACTS)
def test_what_is_refused_is_counted_once_and_by_its_reason(
    act: Callable[[Port], None], reason: Refusal
) -> None:
    port = Port()
    act(port)
    assert port.receiver.refusals == {reason: 1}


def test_each_reason_has_been_met_here() -> None:
    assert {reason for _, reason in ACTS} == set(Refusal)


def test_record_without_an_id_and_letters_may_be_the_first(port: Port) -> None:
    """It is of nobody, and no fault of ours."""
    port.connect().send(mileage_record())
    assert port.refusals == {"no_id": 1}


def test_batch_of_too_many_records_is_counted_and_not_acknowledged(port: Port) -> None:
    wire = port.connect()
    wire.send(batch(CAR, 101))
    assert port.reports == []
    assert wire.answers == []
    assert port.refusals == {"malformed": 1}
