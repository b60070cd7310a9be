"""Run the measurements and print what they gave."""

import argparse
import asyncio
from collections.abc import Callable, Coroutine
import json
import sys
from typing import Any, Final

from . import decoding, garbage, idle, latency, memory, states
from .figure import QUICK, Effort, Figure
from .table import as_json, as_table, machine, write_document

type Measurement = Callable[[Effort], Coroutine[Any, Any, list[Figure]]]

MEASUREMENTS: Final[dict[str, Measurement]] = {
    "decoding": decoding.figures,
    "states": states.figures,
    "latency": latency.figures,
    "garbage": garbage.figures,
    "idle": idle.figures,
    "memory": memory.figures,
}


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark",
        description="How fast the integration is, beside what is plain.",
    )
    parser.add_argument(
        "only", nargs="*", metavar="PART", help=f"of {', '.join(MEASUREMENTS)}"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a few of each: that it works, not how fast",
    )
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="print JSON")
    output.add_argument(
        "--update", action="store_true", help="write into docs/performance.md"
    )
    options = parser.parse_args()
    parts: list[str] = options.only or list(MEASUREMENTS)
    if unknown := set(parts) - MEASUREMENTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if options.update and (options.only or options.quick):
        parser.error("the document has all figures, measured in earnest")

    where, found = machine(), []
    effort = QUICK if options.quick else Effort()
    for part in parts:
        print(f"measuring {part} …", file=sys.stderr)
        found += asyncio.run(MEASUREMENTS[part](effort))
    if options.json:
        print(json.dumps({"machine": where, "figures": as_json(found)}, indent=1))
        return 0
    print(as_table(found), end="")
    if options.update:
        write_document(found, where)
    return 0


if __name__ == "__main__":
    sys.exit(main())
