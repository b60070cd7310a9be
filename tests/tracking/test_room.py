"""The room is pure: reports and times in, a state out."""

import ast
from pathlib import Path

import pytest

from custom_components.sinotrack import tracking

FILES = sorted(Path(tracking.__file__).parent.glob("*.py"))

CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}
CHANCE = {"asyncio", "os", "random", "secrets", "time", "uuid"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_tracking_never_asks_for_the_time_or_for_chance(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCKS
            # Without a zone it would ask the host for its own.
            assert node.func.attr != "fromtimestamp" or len(node.args) == 2
        elif isinstance(node, ast.ImportFrom):
            assert node.module not in CHANCE
        elif isinstance(node, ast.Import):
            assert not CHANCE & {name.name for name in node.names}
