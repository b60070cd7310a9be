"""What is remembered of strangers is bounded, and the owner is asked once for each."""

from typing import override

from homeassistant.util import dt as dt_util
import pytest

from custom_components.sinotrack.h02 import Report, decode
from custom_components.sinotrack.receiver import Link, Transport
from custom_components.sinotrack.strangers import Stranger, Strangers

from .road import CAR, report

STRANGERS = "custom_components.sinotrack.strangers"


class Anyone(Link):
    """Some sender."""

    peer = "127.0.0.1"

    def __init__(self, transport: Transport) -> None:
        """Send over `transport`."""
        self.transport = transport

    @override
    def send(self, data: bytes) -> None:
        """Send nothing."""


def hear(
    strangers: Strangers, tracker_id: str, *, transport: Transport = "udp"
) -> Stranger:
    """Hear a report."""
    decoded = decode(report(tracker_id))
    assert isinstance(decoded, Report)
    return strangers.hear(decoded, Anyone(transport), dt_util.utcnow())


@pytest.fixture
def strangers(monkeypatch: pytest.MonkeyPatch) -> Strangers:
    """With room for one, and for the offers of two."""
    monkeypatch.setattr(f"{STRANGERS}.STRANGERS_REMEMBERED", 1)
    monkeypatch.setattr(f"{STRANGERS}.OFFERS_REMEMBERED", 2)
    return Strangers()


def ids(count: int) -> list[str]:
    """Give ids that nobody knows."""
    return [f"80{number:08}" for number in range(count)]


def test_offer_outlives_its_stranger(strangers: Strangers) -> None:
    offered, other = ids(2)
    hear(strangers, offered).is_offered = True
    hear(strangers, other)
    assert strangers.get(offered) is None
    assert hear(strangers, offered).is_offered
    assert not hear(strangers, other).is_offered
    assert strangers.forgotten == 3


def test_offers_remembered_are_bounded(strangers: Strangers) -> None:
    first, *others = ids(4)
    for tracker_id in (first, *others):
        hear(strangers, tracker_id).is_offered = True
    assert hear(strangers, others[1]).is_offered
    assert not hear(strangers, first).is_offered


def test_offer_made_again_is_remembered_as_the_last(strangers: Strangers) -> None:
    first, second, third, fourth = ids(4)
    for tracker_id in (first, second, first, third, fourth):
        hear(strangers, tracker_id).is_offered = True
    assert hear(strangers, first).is_offered


@pytest.mark.parametrize("is_remembered", [True, False])
def test_stranger_can_be_offered_again(
    strangers: Strangers, *, is_remembered: bool
) -> None:
    hear(strangers, CAR).is_offered = True
    if not is_remembered:
        hear(strangers, *ids(1))
    assert (strangers.offer_again(CAR) is not None) is is_remembered
    assert not hear(strangers, CAR).is_offered


def test_stranger_that_was_accepted_and_went_is_one_that_nobody_was_asked_about(
    strangers: Strangers,
) -> None:
    hear(strangers, CAR).is_offered = True
    hear(strangers, *ids(1))
    assert strangers.take(CAR) is None
    assert not hear(strangers, CAR).is_offered


def test_stranger_that_is_not_offered_is_counted_once(strangers: Strangers) -> None:
    for _ in range(3):
        strangers.withhold(hear(strangers, CAR))
    assert strangers.withheld == 1


def test_stranger_reports_over_what_it_was_heard_last(strangers: Strangers) -> None:
    assert hear(strangers, CAR).transport == "udp"
    assert hear(strangers, CAR, transport="tcp").transport == "tcp"
