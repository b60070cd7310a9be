"""What stands in the folder of Home Assistant."""

import json
from pathlib import Path
from typing import Any


def file_in(folder: Path) -> Path:
    """Find the file itself."""
    (path,) = (
        path for path in folder.glob("sinotrack.*") if ".corrupt." not in path.name
    )
    return path


def copies_in(folder: Path) -> list[Path]:
    """Find what was kept beside it."""
    return list(folder.glob("sinotrack.*.corrupt.*"))


def kept_in(folder: Path) -> dict[str, Any]:
    """Read what is kept of each tracker."""
    trackers: dict[str, Any] = json.loads(file_in(folder).read_text())["data"][
        "trackers"
    ]
    return trackers


def edited(folder: Path, **parts: Any) -> bytes:
    """Give the content of the file with some parts replaced."""
    return json.dumps(json.loads(file_in(folder).read_text()) | parts).encode()


def leftovers_in(folder: Path) -> list[Path]:
    """Find all that is ours."""
    return list(folder.glob("sinotrack.*"))
