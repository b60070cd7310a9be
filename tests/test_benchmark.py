"""scripts/benchmark: it still measures all it should; how fast is no test's business."""

import json
from pathlib import Path
import subprocess
from typing import Any

import pytest

from benchmarks.figure import Beside, Figure
from benchmarks.table import as_table

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    """What a quick run prints."""
    result = subprocess.run(
        [ROOT / "scripts/benchmark", "--quick", "--json"],
        capture_output=True,
        check=True,
    )
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def test_every_part_gives_its_figures(printed: dict[str, Any]) -> None:
    names = " / ".join(figure["name"] for figure in printed["figures"])

    for part in (
        *("decode one V1", "decode one V8", "decode one $ 32", "decode one $ 45"),
        *("all 143 sample messages, 143 of them read", "frame one V1", "own part"),
        *("driving, 1 zone,", "driving, 20 zones,", "all changing, 20 zones,"),
        *("UDP, report → all states → answer, p99", "TCP, report"),
        *("to the last", "longest block", "lag of the loop", "latency of a good"),
        *("idle connections", "memory of one tracker"),
    ):
        assert part in names


def test_every_figure_is_a_measured_number(printed: dict[str, Any]) -> None:
    for figure in printed["figures"]:
        assert figure["value"] > 0, figure
        assert figure["hindrance"] is None
        assert (figure["ratio"] is None) == (figure["beside"] is None)
        assert (figure["is_reached"] is None) == (figure["required"] is None)


def test_machine_and_versions_are_told(printed: dict[str, Any]) -> None:
    assert printed["machine"].keys() >= {"processor", "python", "home_assistant"}
    assert all(printed["machine"].values())


def test_table_tells_what_is_required_and_what_hindered() -> None:
    table = as_table(
        [
            Figure("walk", 3.0, "km", Beside("crow", 2.0), limit=2.5),
            Figure("swim", 0.0, "km", limit=1.0, hindrance="no water"),
        ]
    )

    walk, swim = table.splitlines()[2:]
    cells = [cell.strip() for cell in walk.strip("|").split("|")]
    assert cells == ["walk", "3.00 km", "crow: 2.00 km", "1.50", "≤ 2.5 km", "no"]
    assert "no water" in swim
    assert "yes" not in swim
