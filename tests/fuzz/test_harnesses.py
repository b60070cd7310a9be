"""The harnesses find nothing in what is known, and would if there was something."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
import subprocess
import sys
from typing import Any, override
from unittest.mock import patch

import pytest

from custom_components.sinotrack.h02 import Framer, Report, decode
from tests.e2e.config import ROOT
from tests.h02.frames import record, v1

from . import binary, properties, stream, text
from .harnesses import FINDINGS, HARNESSES, Harness

each = pytest.mark.parametrize("harness", HARNESSES.values(), ids=HARNESSES)


@each
def test_seeds_keep_every_promise(harness: Harness) -> None:
    seeds = list(harness.seeds())

    assert len(seeds) > 40
    for seed in seeds:
        harness.run(seed)


@pytest.mark.parametrize(
    "finding",
    sorted(FINDINGS.glob("*/*")),
    ids=lambda path: str(path.relative_to(FINDINGS)),
)
def test_what_was_found_once_keeps_every_promise(finding: Path) -> None:
    HARNESSES[finding.parent.name].run(finding.read_bytes())


def test_each_folder_of_findings_belongs_to_a_harness() -> None:
    folders = {path.name for path in FINDINGS.iterdir() if path.is_dir()}

    assert folders <= set(HARNESSES)


@pytest.mark.parametrize("changes", [{"tracker_id": "x"}, {"speed_knots": -1.0}])
def test_wrong_value_would_be_found(changes: dict[str, Any]) -> None:
    def decode_wrongly(frame: bytes) -> object:
        report = decode(frame)
        return replace(report, **changes) if isinstance(report, Report) else report

    with patch.object(properties, "decode", decode_wrongly):
        with pytest.raises(AssertionError):
            text.run(v1())
        with pytest.raises(AssertionError):
            binary.run(record())


def test_frame_that_comes_only_in_one_piece_would_be_found() -> None:
    class Forgetful(Framer):
        @override
        def feed(self, data: bytes) -> list[bytes]:
            return super().feed(data) if data.endswith(b"#") else []

    with patch.object(properties, "Framer", Forgetful), pytest.raises(AssertionError):
        stream.run(b"\x05\x05\x05\x05" + v1())


@pytest.mark.skipif(find_spec("atheris") is None, reason="Atheris is not installed")
@each
def test_harness_runs_under_the_fuzzer(harness: Harness, tmp_path: Path) -> None:
    findings = set(harness.findings.glob("*"))

    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.engine", harness.name, tmp_path, "-runs=1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert "INITED cov:" in run.stderr
    assert "homeassistant" not in run.stderr
    assert set(harness.findings.glob("*")) == findings
