"""Fuzz for a while: scripts/test --fuzz [SECONDS] [HARNESS …]."""

# ruff: noqa: T201 - a program for people talks to them

import argparse
from collections.abc import Sequence
from pathlib import Path
import re
import subprocess
import sys

from tests.e2e.config import ROOT, ignored_folder

from .harnesses import HARNESSES, Harness

# What fuzzing has found its way by; the next run goes on from there.
FOLDER = ROOT / ".fuzz"

_SLOWEST_SECONDS = 10
_LARGEST_MB = 1024
_RUNS = re.compile(r"^stat::number_of_executed_units:\s+(\d+)$", re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one harness after another; the exit status is 1 when one has found a case."""
    parser = argparse.ArgumentParser(
        prog="scripts/test --fuzz", description="Feed the h02 room with all sorts."
    )
    add = parser.add_argument
    add(
        "seconds",
        nargs="?",
        type=_seconds,
        default=60,
        help="in all, default %(default)s",
    )
    add("harness", nargs="*", metavar="HARNESS", help=f"of {', '.join(HARNESSES)}")
    options = parser.parse_args(arguments)
    names = options.harness or list(HARNESSES)
    if unknown := set(names) - set(HARNESSES):
        parser.error(f"no harness {', '.join(unknown)}")
    seconds = -(-options.seconds // len(names))
    found = [name for name in names if not fuzz(HARNESSES[name], seconds)]
    if found:
        print(
            f"Found something by {', '.join(found)}: mend it, write a test of it, and\n"
            f"keep what lies in {HARNESSES[found[0]].findings.parent.relative_to(ROOT)}"
        )
    return 1 if found else 0


def _seconds(text: str) -> int:
    """Read a time that is one."""
    seconds = int(text) if text.isdecimal() else 0
    if seconds < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return seconds


def fuzz(harness: Harness, seconds: int) -> bool:
    """Run one harness and tell how it went; True where nothing was found."""
    corpus = ignored_folder(FOLDER) / harness.name
    corpus.mkdir(exist_ok=True)
    log = FOLDER / f"{harness.name}.log"
    print(f"{harness.name}: {seconds} s …", end="", flush=True)
    with log.open("w") as output:
        status = subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz.engine", harness.name, corpus),
                f"-max_total_time={seconds}",
                f"-timeout={_SLOWEST_SECONDS}",
                f"-rss_limit_mb={_LARGEST_MB}",
                "-print_final_stats=1",
            ],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    text = log.read_text(errors="replace")
    runs = _RUNS.findall(text)
    known = len([*corpus.iterdir()])
    print(f" {runs[-1] if runs else 'no'} executions, corpus of {known}", end="")
    print(f", see {Path(log).relative_to(ROOT)}" if status else "", flush=True)
    if status:
        print(_story(text))
    return status == 0


def _story(text: str) -> str:
    """Give what the log tells from the exception on, or else its end."""
    _, mark, story = text.partition(" === Uncaught Python exception: ===\n")
    return story if mark else "\n".join(text.splitlines()[-20:])


if __name__ == "__main__":
    sys.exit(main())
