"""The harnesses, where they begin, and what they have found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import binary, stream, text

FINDINGS = Path(__file__).parent / "findings"


@dataclass(frozen=True, slots=True)
class Harness:
    """One way to look at bytes; `run` fails an assertion where a promise is broken."""

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]
    longest: int
    """Bytes that are worth trying."""

    @property
    def findings(self) -> Path:
        """The folder of what has made it fail once."""
        return FINDINGS / self.name


HARNESSES = {
    name: Harness(name, module.run, module.seeds, module.LONGEST)
    for name, module in (("text", text), ("binary", binary), ("stream", stream))
}
