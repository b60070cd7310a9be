"""Ways in which frames arrive mangled on a real line (protocol.md a.2, a.8, e)."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faults:
    """What happens to frames between the unit and the wire.

    `ending` follows the `#` of a sentence (CR LF, blank), `junk` goes before each
    frame, `copies` sends each frame so often, `join` puts so many frames into one
    segment or datagram, `segments` cuts each segment into so many with `gap_s` seconds
    between.
    """

    ending: bytes = b""
    junk: bytes = b""
    copies: int = 1
    join: int = 1
    segments: int = 1
    gap_s: float = 0.01


class Mangler:
    """Turns frames into the pieces that are written, one after another."""

    def __init__(self, faults: Faults) -> None:
        """Start with nothing held back."""
        self._faults = faults
        self._held: list[bytes] = []

    def pieces(self, frame: bytes) -> list[bytes]:
        """The pieces to write now; none while frames are held back to be joined."""
        faults = self._faults
        ending = faults.ending if frame.endswith(b"#") and frame[:1] == b"*" else b""
        self._held += [faults.junk + frame + ending] * faults.copies
        ready = len(self._held) >= faults.join * faults.copies
        return self.flush() if ready else []

    def flush(self) -> list[bytes]:
        """The pieces of whatever is still held back."""
        held, self._held = b"".join(self._held), []
        return list(cut(held, self._faults.segments))


def cut(data: bytes, parts: int) -> Iterator[bytes]:
    """Cut into `parts` pieces of nearly equal length, never into empty ones."""
    parts = min(parts, len(data))
    for i in range(parts):
        yield data[len(data) * i // parts : len(data) * (i + 1) // parts]
