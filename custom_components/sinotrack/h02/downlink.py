"""What goes back to a tracker: acknowledgements (protocol.md c.2).

An unacknowledged tracker repeats old records, so that each frame is answered once:
`R12` in general, `V4,NBR` for neighbour cells, the frame itself for a heartbeat. The
answer carries the maker code and the id that the tracker sent, since a unit ignores
what is not addressed to it in its own letters (a.1).
"""

from datetime import datetime
from typing import Final

from .report import Report

DEFAULT_VENDOR: Final = "HQ"
"""The maker code of nearly all units (a.1)."""

_ECHOED: Final = frozenset({"HTBT", "V0"})
# Confirmations of these are acknowledgements that a unit sent back (a.4, V4): answering
# them could go on for ever.
_OWN_ANSWERS: Final = frozenset({"R12", "V1", "NBR"})

_PADDED: Final = tuple(f"{number:02}" for number in range(60))


def acknowledge(report: Report, now: datetime) -> bytes:
    """Give the answer to a report at `now` (UTC), or b"" where it wants none."""
    kind = report.type
    if kind == "V4" and (report.details or {}).get("command") in _OWN_ANSWERS:
        return b""
    vendor = report.vendor or DEFAULT_VENDOR
    tracker_id = report.tracker_id
    if kind in _ECHOED:
        return f"*{vendor},{tracker_id},{kind}#".encode()
    if kind == "NBR":
        return f"*{vendor},{tracker_id},V4,NBR,{now:%Y%m%d%H%M%S}#".encode()
    # A format such as %H%M%S takes as much time as all the rest of an answer.
    hour, minute, second = _PADDED[now.hour], _PADDED[now.minute], _PADDED[now.second]
    return f"*{vendor},{tracker_id},R12,{hour}{minute}{second}#".encode()
