"""The figures as a table, as JSON, and in the document."""

from collections.abc import Iterable
from datetime import UTC, datetime
import os
from pathlib import Path
import platform
import re
from typing import Any, Final

from homeassistant.const import __version__ as home_assistant_version

from .figure import Figure

_HEAD: Final = ("What", "Figure", "Beside it", "Ratio", "Required", "Reached")
_DOCUMENT: Final = Path(__file__).resolve().parent.parent / "docs/performance.md"
_RESULTS: Final = re.compile(r"(?<=<!-- results -->\n).*(?=<!-- end -->)", re.DOTALL)
_CPU_MODEL: Final = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)


def machine() -> dict[str, str]:
    """Tell where the figures were seen, and how busy it was before."""
    load, *_ = os.getloadavg()
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "home_assistant": home_assistant_version,
        "load before": f"{load:.1f}",
    }


def _processor() -> str:
    try:
        found = _CPU_MODEL.search(Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def as_json(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Give the figures as JSON holds them."""
    return [
        {
            "name": figure.name,
            "value": None if figure.hindrance else figure.value,
            "unit": figure.unit,
            "beside": figure.beside.name if figure.beside else None,
            "beside_value": figure.beside.value if figure.beside else None,
            "ratio": figure.ratio,
            "required": figure.required or None,
            "is_reached": figure.is_reached,
            "hindrance": figure.hindrance or None,
        }
        for figure in figures
    ]


def as_table(figures: Iterable[Figure]) -> str:
    """Give a table for people, which is one in Markdown as well."""
    rows = [_HEAD, *map(_row, figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    return "".join(
        f"| {' | '.join(map(str.ljust, row, widths, strict=True))} |\n" for row in rows
    )


def write_document(figures: Iterable[Figure], where: dict[str, str]) -> None:
    """Put the results where the document has them."""
    seen = "".join(f"- {name.replace('_', ' ')}: {at}\n" for name, at in where.items())
    results = f"\n{seen}\n{as_table(figures)}\n"
    _DOCUMENT.write_text(_RESULTS.sub(lambda _: results, _DOCUMENT.read_text()))


def _row(figure: Figure) -> tuple[str, ...]:
    beside, ratio = figure.beside, figure.ratio
    return (
        figure.name,
        figure.hindrance or _quantity(figure.value, figure.unit),
        f"{beside.name}: {_quantity(beside.value, figure.unit)}" if beside else "",
        f"{ratio:.2f}" if ratio is not None else "",
        figure.required,
        {True: "yes", False: "no", None: ""}[figure.is_reached],
    )


def _quantity(value: float, unit: str) -> str:
    """Give three digits that count."""
    decimals = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{decimals}f} {unit}"
