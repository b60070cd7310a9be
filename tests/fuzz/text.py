"""Sentences: any bytes as they are, and as what stands in a sentence."""

from collections.abc import Iterator

from custom_components.sinotrack.h02 import SENTENCE_LIMIT
from tests.h02.frames import v1
from tests.h02.vectors import VECTORS

from .properties import check_frame, take

LONGEST = 9000
"""Some more than a whole batch."""
_SHORT = 100

_HEAD = b"*HQ,9170000001,"
_GOOD = v1(tracker_id="9170000002")
# What can end a sentence too early, or begin a frame within it.
_SPECIAL = b"*#$X"


def seeds() -> Iterator[bytes]:
    """Give the sentences of real trackers, and what stands in them."""
    for vector in VECTORS:
        if vector.data.startswith(b"*"):
            yield vector.data
            yield b",".join(vector.data.strip(b"*#").split(b",")[2:])


def run(data: bytes) -> None:
    """Decode; a sentence with nothing strange in it comes whole out of any stream."""
    check_frame(data)
    sentence = _HEAD + data + b"#"
    check_frame(sentence)
    if len(sentence) > SENTENCE_LIMIT or any(byte in data for byte in _SPECIAL):
        return
    assert take([sentence]) == [sentence]
    if len(sentence) <= _SHORT:
        assert take(sentence[i : i + 1] for i in range(len(sentence))) == [sentence]
    middle = len(sentence) // 2
    stream = sentence + _GOOD + sentence
    parts = [stream[:middle], stream[middle:-middle], stream[-middle:]]
    assert take(parts) == [sentence, _GOOD, sentence]
