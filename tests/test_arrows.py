"""Rooms know only what lies below them (CONTRIBUTING: four rooms, one direction).

receiver ─▶ h02 ◀─ tracking        and Home Assistant above all of them
"""

import ast
from collections.abc import Iterator
from pathlib import Path
import sys

import pytest

from custom_components import sinotrack

ROOT = Path(sinotrack.__path__[0])
PACKAGE = "custom_components.sinotrack"

# What each room may import besides itself and the standard library.
BELOW: dict[str, set[str]] = {
    "h02": set(),
    "tracking": {f"{PACKAGE}.h02"},
    "receiver": {f"{PACKAGE}.h02"},
}
FILES = [
    pytest.param(room, file, id=f"{room}/{file.name}")
    for room in BELOW
    for file in sorted((ROOT / room).rglob("*.py"))
]
ABOVE = [
    pytest.param(file, id=str(file.relative_to(ROOT)))
    for file in sorted(ROOT.rglob("*.py"))
    if file.relative_to(ROOT).parts[0] not in BELOW
]


def imported_modules(file: Path) -> Iterator[str]:
    """Give the full names of all modules that a file imports, wherever it does."""
    package = [*PACKAGE.split("."), *file.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *filter(None, [node.module])])
            yield origin
            # What is imported may be a module itself, taken past the face.
            names = (f"{origin}.{alias.name}" for alias in node.names)
            yield from filter(is_module, names)


def is_module(name: str) -> bool:
    """Tell whether a full name is that of a file of the integration."""
    path = ROOT / name.removeprefix(f"{PACKAGE}.").replace(".", "/")
    return name.startswith(f"{PACKAGE}.") and path.with_suffix(".py").is_file()


def test_every_room_is_there() -> None:
    assert {param.values[0] for param in FILES} == BELOW.keys()


@pytest.mark.parametrize(("room", "file"), FILES)
def test_room_imports_only_the_faces_below_it(room: str, file: Path) -> None:
    for module in imported_modules(file):
        inside = f"{module}.".startswith(f"{PACKAGE}.{room}.")
        standard = module.partition(".")[0] in sys.stdlib_module_names
        assert inside or standard or module in BELOW[room], module


@pytest.mark.parametrize("file", ABOVE)
def test_who_stands_above_imports_faces_alone(file: Path) -> None:
    for module in imported_modules(file):
        for room in BELOW:
            assert not module.startswith(f"{PACKAGE}.{room}."), module


def test_h02_knows_no_sockets_and_no_clock() -> None:
    used = {
        module.partition(".")[0]
        for file in (ROOT / "h02").glob("*.py")
        for module in imported_modules(file)
    }

    assert not used & {"socket", "asyncio", "selectors", "ssl", "time", "threading"}


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("import homeassistant.core", "homeassistant.core"),
        ("from homeassistant import core", "homeassistant"),
        ("from ..hub import Hub", f"{PACKAGE}.hub"),
        ("from .. import hub", PACKAGE),
        ("from ..h02.values import bcd", f"{PACKAGE}.h02.values"),
        ("from ..h02 import decode", f"{PACKAGE}.h02"),
        ("from .link import Link", f"{PACKAGE}.receiver.link"),
        ("def f():\n    import aiohttp", "aiohttp"),
    ],
)
def test_import_is_seen_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, module: str
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    file = tmp_path / "receiver" / "file.py"
    file.parent.mkdir()
    file.write_text(line)

    assert list(imported_modules(file)) == [module]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("hub.py", "from .h02.values import bcd"),
        ("hub.py", "from .h02 import values"),
        ("flows/steps.py", "from ..h02.values import bcd"),
        ("tracking/path.py", "from ..h02 import values"),
    ],
)
def test_way_past_a_face_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, line: str
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    for name, text in (("h02/values.py", ""), (place, line)):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)

    assert f"{PACKAGE}.h02.values" in imported_modules(file)
