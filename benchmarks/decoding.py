"""Frames to values: the wire alone."""

from collections.abc import Callable
from itertools import cycle, islice
from typing import Final

from custom_components.sinotrack.h02 import Framer, decode
from simulator import Sample

from .figure import Beside, Effort, Figure
from .floors import FLOOR, READERS, REFERENCE_US
from .frames import ENCODERS, SAMPLE_MESSAGES, count_read, drive
from .timing import Work, compare

# µs, where the floors beside them took their references.
_LIMITS: Final = {"V1": 2.0, "$ 32": 1.5}
_MIX_LIMIT: Final = 2.29

_USUAL: Final = "V1"

_SEGMENT: Final = 4096


async def figures(effort: Effort) -> list[Figure]:
    """Measure decoding and framing."""
    samples = list(drive(effort.frames))
    return [
        *(_decoding(effort, kind, samples) for kind in ENCODERS),
        _mix(effort, samples),
        *(_framing(effort, kind, samples) for kind in ("V1", "$ 45")),
    ]


def _decoding(effort: Effort, kind: str, samples: list[Sample]) -> Figure:
    frames = [ENCODERS[kind](sample) for sample in samples]
    times = compare(
        effort,
        len(frames),
        ours=_each(decode, frames),
        floor=_each(READERS[kind], frames),
    )
    return Figure(
        f"decode one {kind}",
        times["ours"],
        "µs",
        Beside(FLOOR, times["floor"]),
        limit_ratio=(_LIMITS[kind] / REFERENCE_US[kind] if kind in _LIMITS else None),
    )


def _mix(effort: Effort, samples: list[Sample]) -> Figure:
    """Decode frames of all kinds, beside as many V1."""
    frames, read = SAMPLE_MESSAGES, count_read()
    usual = list(islice(cycle(map(ENCODERS[_USUAL], samples)), len(frames)))
    times = compare(
        effort,
        len(frames),
        ours=_each(decode, frames),
        floor=_each(READERS[_USUAL], usual),
    )
    is_all_read = read == len(frames)
    return Figure(
        f"decode one of all {len(frames)} sample messages, {read} of them read",
        times["ours"],
        "µs",
        Beside(f"decode one {_USUAL}, {FLOOR}", times["floor"]),
        limit_ratio=_MIX_LIMIT / REFERENCE_US[_USUAL] if is_all_read else 0.0,
    )


def _framing(effort: Effort, kind: str, samples: list[Sample]) -> Figure:
    """Cut a long stream, which comes in segments that end anywhere."""
    frames = [ENCODERS[kind](sample) for sample in samples]
    stream = b"".join(frames)
    segments = [
        stream[start : start + _SEGMENT] for start in range(0, len(stream), _SEGMENT)
    ]

    def ours() -> None:
        framer = Framer()
        found = sum(len(framer.feed(segment)) for segment in segments)
        if found + len(framer.flush()) != len(frames):
            raise RuntimeError("a frame was lost")

    def floor() -> None:
        rest = b""
        for segment in segments:
            *_, rest = (rest + segment).split(frames[0][:1])

    times = compare(effort, len(frames), ours=ours, floor=floor)
    return Figure(
        f"frame one {kind} in a stream of {len(stream) // 1000} kB",
        times["ours"],
        "µs",
        Beside("split at the first byte of a frame", times["floor"]),
    )


def _each(read: Callable[[bytes], object], frames: list[bytes]) -> Work:
    def work() -> None:
        for frame in frames:
            read(frame)

    return work
