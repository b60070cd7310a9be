"""Frames of real trackers and from documents, with the values they carry.

One JSON object a line in `fixtures/vectors.jsonl`: `raw` is text, `hex` are bytes,
`chunks` are segments of a stream; then either the `report`, the `frames` in a stream,
or the name of another `protocol`. A value that is not listed in a report is none.
"""

from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "fixtures/vectors.jsonl"


@dataclass(frozen=True)
class Vector:
    """One line of the file; exactly one of the last three is there."""

    name: str
    chunks: tuple[bytes, ...]
    report: dict[str, Any] | None
    frames: list[bytes] | None
    protocol: str | None

    @property
    def data(self) -> bytes:
        """All bytes in one piece."""
        return b"".join(self.chunks)


def _read(line: str) -> Vector:
    values = json.loads(line)
    if "raw" in values:
        chunks = [values["raw"].encode()]
    else:
        chunks = [*map(bytes.fromhex, values.get("chunks") or [values["hex"]])]
    frames = values.get("frames")
    return Vector(
        values["name"],
        tuple(chunks),
        values.get("report"),
        None if frames is None else [_read_frame(frame) for frame in frames],
        values.get("protocol"),
    )


def _read_frame(text: str) -> bytes:
    if text.startswith("hex:"):
        return bytes.fromhex(text.removeprefix("hex:"))
    return text.encode()


VECTORS = [_read(line) for line in _FILE.read_text().splitlines()]
REPORTS = [vector for vector in VECTORS if vector.report is not None]
STREAMS = [vector for vector in VECTORS if vector.frames is not None]
FOREIGN = [vector for vector in VECTORS if vector.protocol is not None]
