"""What Home Assistant writes is understood before it is called harmless."""

from pathlib import Path

import pytest

from .log import Log

CALM = "INFO (MainThread) [custom_components.sinotrack] Tracker Van reports"
LOUD = "WARNING (MainThread) [custom_components.sinotrack] Port 8888 is in use"


def log_of(folder: Path, text: str) -> Log:
    """A log in which this stands."""
    log = Log(folder / "output.log")
    log.path.write_text(text)
    return log


@pytest.mark.parametrize(
    "time", ["2026-11-26 09:54:30.482", "2026-11-26 09:54:30.482+01:00"]
)
def test_only_what_would_worry_a_user_is_a_problem(tmp_path: Path, time: str) -> None:
    """However a version of Home Assistant writes the time."""
    log = log_of(tmp_path, f"{time} {CALM}\n{time} {LOUD}\n{time} {CALM}\n")
    assert len(log.records()) == 3
    assert log.problems() == f"{time} {LOUD}"


def test_nothing_written_is_no_problem(tmp_path: Path) -> None:
    assert log_of(tmp_path, "").problems() == ""


def test_log_that_is_not_understood_is_not_taken_for_a_harmless_one(
    tmp_path: Path,
) -> None:
    with pytest.raises(ValueError, match="not the log"):
        log_of(tmp_path, f"26.11.2026, 9:54 {LOUD}").problems()
