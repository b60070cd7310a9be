"""What has come through the port since it was opened."""

from dataclasses import dataclass


@dataclass(slots=True)
class Traffic:
    """Counters that only go up; who wants to know of a change compares."""

    connections: int = 0
    """Connections that were opened over TCP."""
    own_connections: int = 0
    """Of these, the ones that an accepted tracker, or a test of ours, spoke through."""
    received: int = 0
    """Segments and datagrams that were read, empty datagrams too."""
    noise: int = 0
    """How often something was no report, of no accepted tracker: a frame, a datagram,
    or what a segment holds beside frames. One segment may count several times."""
    reports: int = 0
    """Frames with an id, of accepted trackers and of strangers; a batch is one."""
    withheld: int = 0
    """Answers over UDP that were not given, as a forged sender would gain by them."""
    unlogged: int = 0
    """Lines that were left out of the log, since that minute had enough of them."""

    @property
    def strange_connections(self) -> int:
        """Connections through which nobody spoke whom we know."""
        return self.connections - self.own_connections
