"""Whose a frame claims to be agrees with whose it turns out to be."""

from hypothesis import given, strategies as st
import pytest

from custom_components.sinotrack.h02 import Report, claimed_ids, decode, split

from .frames import record, record_45, record_x, v1
from .vectors import REPORTS

FRAMES = [frame for vector in REPORTS for frame in split(vector.data)]


@pytest.mark.parametrize(
    ("frame", "ids"),
    [
        (v1(), ("9170000001",)),
        (b"*HQ,866104011702712,V1#", ("866104011702712",)),
        (b"*HQ,,V1#", ()),
        (b"*HQ#", ()),
        (b"", ()),
        (b"GET /,9170000001,", ()),
        (record_x(), ()),
        (b"*HQ,\xff\xfe,V1#", ("\ufffd\ufffd",)),
    ],
)
def test_id_of_a_sentence_stands_in_its_second_field(
    frame: bytes, ids: tuple[str, ...]
) -> None:
    assert claimed_ids(frame) == ids


@pytest.mark.parametrize("frame", [record(), record_45()])
def test_record_may_have_an_id_of_either_length(frame: bytes) -> None:
    short, long = claimed_ids(frame)
    assert long.startswith(short)
    assert (len(short), len(long)) == (10, 15)


def assert_agrees(frame: bytes) -> None:
    """Check that the decoder finds an id only if it is among those claimed."""
    report = decode(frame)
    if isinstance(report, Report):
        assert (report.tracker_id or None) in (claimed_ids(frame) or (None,))


@pytest.mark.parametrize("frame", FRAMES)
def test_decoder_finds_no_other_id(frame: bytes) -> None:
    assert isinstance(decode(frame), Report)
    assert_agrees(frame)


@given(st.sampled_from(FRAMES), st.integers(0, 40), st.binary(max_size=3))
def test_decoder_finds_no_other_id_in_what_is_spoilt(
    frame: bytes, place: int, bytes_put_in: bytes
) -> None:
    end = place + len(bytes_put_in)
    assert_agrees(frame[:place] + bytes_put_in + frame[end:])
