"""What is answered to a report (c.2)."""

from datetime import UTC, datetime

import pytest

from custom_components.sinotrack.h02 import acknowledge

from .frames import record, record_42, v1
from .read import read

NOW = datetime(2026, 6, 1, 12, 0, 5, tzinfo=UTC)


def answer(frame: bytes) -> bytes:
    """Give what goes back for a frame."""
    return acknowledge(read(frame), NOW)


@pytest.mark.parametrize(
    "frame",
    [
        v1(),
        b"*HQ,9170000001,XT#",
        b"*HQ,9170000001,#",
        b"*HQ,9170000001,LINK,180902,15,0,84,0,0,240517,FFFFFBFF#",
        b"*HQ,9170000001,SMS,SET OK#",
        b"*HQ,9170000001,V4,S20,OK,061158#",
    ],
)
def test_every_frame_is_acknowledged(frame: bytes) -> None:
    assert answer(frame) == b"*HQ,9170000001,R12,120005#"


def test_records_are_acknowledged_in_the_usual_letters() -> None:
    assert answer(record()) == b"*HQ,4106011660,R12,120005#"
    assert answer(record_42()) == b"*HQ,352483084193293,R12,120005#"


@pytest.mark.parametrize("vendor", ["TH", "hq"])
def test_answer_has_the_letters_of_the_tracker(vendor: str) -> None:
    """A unit ignores what is not addressed to it in its own (a.1)."""
    assert answer(v1(vendor=vendor)) == f"*{vendor},9170000001,R12,120005#".encode()


def test_neighbour_cells_are_answered_with_the_clock() -> None:
    frame = b"*HQ,9170000001,NBR,160128,712,3,0,0,241016,FFFFFFFF,6#"

    assert answer(frame) == b"*HQ,9170000001,V4,NBR,20260601120005#"


@pytest.mark.parametrize("kind", ["HTBT", "V0"])
@pytest.mark.parametrize("rest", ["", ",100"])
def test_heartbeat_and_login_come_back(kind: str, rest: str) -> None:
    frame = f"*HQ,9170000001,{kind}{rest}#".encode()

    assert answer(frame) == f"*HQ,9170000001,{kind}#".encode()


@pytest.mark.parametrize("command", ["V1", "NBR", "R12", "V1,20260601120005"])
def test_our_own_answer_sent_back_is_not_answered(command: str) -> None:
    assert answer(f"*HQ,9170000001,V4,{command}#".encode()) == b""
