"""What comments cite can be looked up in docs/."""

from collections.abc import Iterator
from pathlib import Path
import re

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("custom_components", "simulator", "benchmarks", "scripts", "tests")

PROTOCOL = (ROOT / "docs/protocol.md").read_text()
TRACKING = (ROOT / "docs/tracking.md").read_text()

# `protocol.md a.3`, `protocol.md a.5 and a.6`, `(a.3, 10b)`
_OF_PROTOCOL = re.compile(
    r"protocol\.md ((?:[a-f](?:\.[0-9]+)?(?: and |, | to )?)+)|\(([a-f]\.[0-9]+)"
)
_SECTION = re.compile(r"[a-f](?:\.[0-9]+)?(?![a-z])")
_OF_TRACKING = re.compile(r"\btracking\.md, (\w+)")


def sources() -> Iterator[tuple[Path, str]]:
    """Give what is written by hand, on one line each, without marks of comments."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ""} and path.is_file() and path != Path(__file__):
                text = path.read_text(errors="replace")
                yield path, re.sub(r"\s*\n\s*#?\s*", " ", text)


def cited(pattern: re.Pattern[str]) -> set[str]:
    """Give all that a pattern finds in the sources."""
    return {
        part
        for _, text in sources()
        for match in pattern.finditer(text)
        for part in match.groups()
        if part
    }


SECTIONS = {
    section for text in cited(_OF_PROTOCOL) for section in _SECTION.findall(text)
}
TOPICS = cited(_OF_TRACKING)


def test_much_is_cited() -> None:
    assert {"a.1", "a.3", "b", "c.2", "e.28"} <= SECTIONS
    assert {"Order", "Motion", "Which"} <= TOPICS


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_section_of_the_protocol_is_there(section: str) -> None:
    letter, _, number = section.partition(".")
    if letter == "e" and number:
        assert f"\n| e.{number} |" in PROTOCOL
    elif number:
        assert f"\n### {section} " in PROTOCOL
    else:
        assert f"\n## {letter}. " in PROTOCOL


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_section_of_tracking_is_there(topic: str) -> None:
    assert re.search(rf"^## {topic}\b", TRACKING, re.MULTILINE)
