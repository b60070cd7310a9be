"""What a Home Assistant process wrote while it ran."""

from dataclasses import dataclass
from pathlib import Path
import re

# Since 2026.11 the time ends with its offset from UTC.
_RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}(?:[+-]\d\d:\d\d)? (?P<level>[A-Z]+) "
    r"\((?P<thread>[^)]*)\) \[(?P<logger>[^\]]*)\] ",
    re.MULTILINE,
)
_BAD = {"WARNING", "ERROR", "CRITICAL", "FATAL"}

# What Home Assistant says of itself on this kind of start, whatever it is started for.
_EXPECTED = (
    "Skipping pip installation of required modules",
    "We found a custom integration sinotrack which has not been tested",
    "was shutdown cleanly",
    "Ended unfinished session",
    # A browser that is closed while the web server of Home Assistant still writes to it.
    "aiohttp.client_exceptions.ClientConnectionResetError: Cannot write to closing",
)


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One record with everything up to the next one, so with its traceback."""

    level: str
    logger: str
    text: str

    @property
    def is_problem(self) -> bool:
        """Whether a user would have to worry."""
        loud = self.level in _BAD or "Traceback (most recent call last)" in self.text
        return loud and not any(words in self.text for words in _EXPECTED)


@dataclass(frozen=True, slots=True)
class Log:
    """The captured output of a process and of its successors in the same folder."""

    path: Path

    def text(self, since: int = 0) -> str:
        """Everything written after the mark `since`."""
        if not self.path.exists():
            return ""
        return self.path.read_bytes()[since:].decode(errors="replace")

    def mark(self) -> int:
        """A mark at the present end."""
        return self.path.stat().st_size if self.path.exists() else 0

    def clear(self) -> None:
        """Forget what was written."""
        self.path.unlink(missing_ok=True)

    def tail(self, lines: int = 30) -> str:
        """The last lines, under a headline."""
        last = self.text().splitlines()[-lines:]
        return "\n".join([f"--- end of {self.path.name}", *last])

    def records(self, since: int = 0) -> list[LogRecord]:
        """The records after a mark; what is no record belongs to the one before.

        Raises:
            ValueError: when there is text and no record in it. A log that is not
                understood shall not pass for one without problems.

        """
        text = self.text(since)
        heads = list(_RECORD.finditer(text))
        if text and not heads:
            raise ValueError(f"not the log of a Home Assistant: {text[:200]!r}")
        ends = [*(head.start() for head in heads), len(text)][1:]
        return [
            LogRecord(head["level"], head["logger"], text[head.start() : end].rstrip())
            for head, end in zip(heads, ends, strict=True)
        ]

    def problems(self, since: int = 0) -> str:
        """Warnings, errors and tracebacks after a mark, without the expected ones."""
        return "\n".join(r.text for r in self.records(since) if r.is_problem)
