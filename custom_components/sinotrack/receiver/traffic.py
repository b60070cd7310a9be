"""What has come through the port since it was opened."""

from dataclasses import dataclass


@dataclass(slots=True)
class Traffic:
    """Counters that only go up; who wants to know of a change compares."""

    connections: int = 0
    """Connections that were opened over TCP."""
    received: int = 0
    """Segments and datagrams with anything in them."""
    reports: int = 0
    """Frames with an id, of accepted trackers and of strangers; a batch is one."""
    withheld: int = 0
    """Answers over UDP that somebody who forges the sender would have gained by."""
