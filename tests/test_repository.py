"""The repository around the integration: names, versions, papers."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
import subprocess
from typing import Any
from urllib.parse import parse_qs

import pytest

from custom_components.sinotrack.const import DOMAIN, TITLE

ROOT = Path(__file__).parent.parent

MANIFEST: dict[str, Any] = json.loads(
    (ROOT / "custom_components/sinotrack/manifest.json").read_text()
)

# The manifest says who owns this; every other place has to agree.
HOME: str = MANIFEST["documentation"]
OWNER, REPOSITORY = HOME.removeprefix("https://github.com/").split("/")

# The oldest Home Assistant that has all that is used here.
FLOOR = "2026.10"

_NAME = r"[\w.-]*\w"
_GITHUB_LINK = re.compile(rf"github(?:usercontent)?\.com[/:]({_NAME})/({_NAME})")
_MY_LINK = re.compile(r"my\.home-assistant\.io/redirect/hacs_repository/\?([\w=&.-]+)")


def tracked_texts() -> dict[str, str]:
    """Give the text files that belong to the repository, by their path."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    texts = {}
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        # This file shows wrong links on purpose.
        if path.is_file() and path != Path(__file__):
            texts[name] = path.read_bytes().decode(errors="replace")
    return texts


def project_links(text: str) -> Iterator[tuple[str, str]]:
    """Give owner and repository of each link that can only mean this project."""
    for owner, repository in _GITHUB_LINK.findall(text):
        name = repository.removesuffix(".git")
        if "sinotrack" in f"{owner}/{name}" or owner == OWNER or name == REPOSITORY:
            yield owner, name
    for query in _MY_LINK.findall(text):
        asked = parse_qs(query.rstrip("."))
        yield asked["owner"][0], asked["repository"][0]


def text_of(name: str) -> str:
    """Give a text that has to be there."""
    text = (ROOT / name).read_text()
    assert text.strip()
    return text


def test_owner_and_repository_are_named_alike_everywhere() -> None:
    assert MANIFEST["documentation"] == HOME
    assert MANIFEST["issue_tracker"] == f"{HOME}/issues"
    assert MANIFEST["codeowners"] == [f"@{OWNER}"]
    links = {
        (name, owner, repository)
        for name, text in tracked_texts().items()
        for owner, repository in project_links(text)
    }

    assert {link for link in links if link[1:] != (OWNER, REPOSITORY)} == set()
    assert {name for name, *_ in links} >= {
        "README.md",
        "info.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "custom_components/sinotrack/manifest.json",
    }


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/somebody/ha-sinotrack",
        "(https://github.com/ha-sinotrack/gps/issues)",
        "git@github.com:somebody/sinotrack.git",
        "https://raw.githubusercontent.com/somebody/ha-sinotrack/main/x.yaml",
        "https://my.home-assistant.io/redirect/hacs_repository/?owner=a&repository=b",
    ],
)
def test_link_with_another_name_would_be_found(text: str) -> None:
    ((owner, repository),) = project_links(f"See {text}.")

    assert (owner, repository) != (OWNER, REPOSITORY)


def test_manifest_is_sorted_and_complete() -> None:
    keys = list(MANIFEST)

    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    # Without `single_config_entry`, which would keep trackers from being discovered.
    assert set(keys) == {
        "domain",
        "name",
        "codeowners",
        "config_flow",
        "documentation",
        "integration_type",
        "iot_class",
        "issue_tracker",
        "requirements",
        "version",
    }
    assert (MANIFEST["domain"], MANIFEST["name"]) == (DOMAIN, TITLE)
    assert (MANIFEST["integration_type"], MANIFEST["iot_class"]) == (
        "hub",
        "local_push",
    )
    assert MANIFEST["requirements"] == []


def test_hacs_asks_for_the_oldest_home_assistant_this_is_tested_with() -> None:
    hacs = json.loads(text_of("hacs.json"))

    assert hacs.keys() <= {
        "name",
        "homeassistant",
        "content_in_root",
        "filename",
        "zip_release",
        "hide_default_branch",
    }
    assert hacs["name"] == TITLE
    assert hacs["homeassistant"] == f"{FLOOR}.0"
    assert re.search(
        rf"^homeassistant=={re.escape(FLOOR)}\.\d+$",
        text_of("requirements.txt"),
        re.MULTILINE,
    )
    assert f"Home Assistant {FLOOR} or newer" in text_of("README.md")


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("requirements-*.in")), ids=lambda path: path.stem
)
def test_newer_home_assistant_is_set_up_before_all_tests_run(path: Path) -> None:
    name = path.stem.removeprefix("requirements-")

    for requirements in (path.name, f"requirements-{name}.txt"):
        assert re.search(
            rf"^homeassistant=={re.escape(name)}\.\d+$",
            text_of(requirements),
            re.MULTILINE,
        )
    assert f"\nscripts/setup {name}\n" in text_of("scripts/test")
    assert f"\n/.venv-{name}/\n" in text_of(".gitignore")


def test_newest_version_of_the_changelog_is_that_of_the_manifest() -> None:
    versions = re.findall(
        r"^## \[(\d+\.\d+\.\d+)\]", text_of("CHANGELOG.md"), re.MULTILINE
    )

    assert versions[0] == MANIFEST["version"]
    assert versions == sorted(
        versions, key=lambda version: [*map(int, version.split("."))], reverse=True
    )


def test_license_is_apache_2() -> None:
    license_text = text_of("LICENSE")

    assert "Apache License" in license_text
    assert "Version 2.0, January 2004" in license_text
    assert "END OF TERMS AND CONDITIONS" in license_text


def anchors_of(name: str) -> set[str]:
    """Give what a link into a document can lead to."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text_of(name), re.MULTILINE)
    }


@pytest.mark.parametrize(
    "name", ["README.md", "info.md", "CONTRIBUTING.md", "SECURITY.md"]
)
def test_link_within_the_repository_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text_of(name)):
        path, _, anchor = target.partition("#")
        assert (ROOT / path).exists(), target
        assert not anchor or anchor in anchors_of(path or name), target
