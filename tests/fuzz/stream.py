"""Streams: any bytes in any segments, and a good frame behind them."""

from collections.abc import Iterator
from itertools import cycle, pairwise
import re

from custom_components.sinotrack.h02 import split
from tests.h02.frames import v1
from tests.h02.streams import BATCH, LONG, MILEAGE, MIXED, RECORD, SMS
from tests.h02.vectors import VECTORS

from .properties import check_order, take

LONGEST = 20_000
"""More than two batches."""

_SIZES = 4
"""The first bytes are the sizes of the segments, in turn; the stream follows."""

_SHORT = 300
_GOOD = v1()

_DIGITS = b"[\x00-\x09\x10-\x19\x20-\x29\x30-\x39\x40-\x49\x50-\x59\x60-\x69\x70-\x79\x80-\x89\x90-\x99]"
# Of these it depends on what has arrived, and is meant to, where they end: a record has
# no length and a text may hold `#` itself. A record is known by eleven bytes of digits.
_OPEN_ENDED = re.compile(rb"[$X]%s{11}|,SMS," % _DIGITS)


def seeds() -> Iterator[bytes]:
    """Give streams of real trackers and of the tests, in several sizes."""
    chunked = (vector.chunks for vector in VECTORS if len(vector.chunks) > 1)
    mixed = (MIXED, [SMS, RECORD, SMS], [BATCH, LONG, LONG, MILEAGE])
    for chunks in (*chunked, *mixed):
        for sizes in (b"\xff" * _SIZES, b"\x01\x20\x07\x03"):
            yield sizes + b"".join(chunks)
    for before, after in pairwise(VECTORS):
        yield b"\x28" * _SIZES + before.data + after.data


def run(data: bytes) -> None:
    """Frame; what is cut otherwise is framed alike where that is promised."""
    sizes, stream = data[:_SIZES], data[_SIZES:]
    whole = take([stream])
    check_order(whole, stream)
    assert split(stream) == whole
    ways = [take(cut(stream, sizes))]
    if len(stream) <= _SHORT:
        ways.append(take(cut(stream, b"\x01")))
    for frames in ways:
        check_order(frames, stream)
        if not _OPEN_ENDED.search(stream):
            assert frames == whole
    assert take([stream, _GOOD])[-1] == _GOOD
    assert split(stream + _GOOD)[-1] == _GOOD


def cut(stream: bytes, sizes: bytes) -> Iterator[bytes]:
    """Cut into segments of these sizes in turn, 0 as 256."""
    begin = 0
    for size in cycle(sizes or b"\x00"):
        if begin >= len(stream):
            return
        end = begin + (size or 256)
        yield stream[begin:end]
        begin = end
