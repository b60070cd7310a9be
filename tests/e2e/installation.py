"""The Home Assistants that these tests are run with."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
import re
import sys
from typing import override

from .config import ROOT

_PINNED = re.compile(r"^homeassistant==(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Installation:
    """A Home Assistant, the Python it runs on, and the command that installs both."""

    version: str
    python: Path
    command: str

    @property
    def series(self) -> tuple[int, ...]:
        """Year and month."""
        return tuple(map(int, self.version.split(".")[:2]))

    @override
    def __str__(self) -> str:
        """Year and month, for the names of tests."""
        return ".".join(map(str, self.series))


def _beside(name: str) -> Installation:
    """What scripts/setup makes of a name, whether it has done so or not."""
    requirements = ROOT / f"requirements-{name}.txt"
    (pinned,) = _PINNED.findall(requirements.read_text())
    return Installation(
        pinned, ROOT / f".venv-{name}/bin/python", f"scripts/setup {name}"
    )


# The one that everything is tested with, in the environment of the tests.
OURS = Installation(version("homeassistant"), Path(sys.executable), "scripts/setup")
# Where ours is as new already, there is nothing to learn from another one.
NEWER = [
    installation
    for installation in [_beside("2026.11")]
    if installation.series > OURS.series
]
