"""The open connections: how many there may be, and who speaks through which."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
import secrets

from .addresses import source_of
from .limits import Limits, Refusal
from .link import Session


class Sessions:
    """The connections of one port."""

    def __init__(
        self,
        limits: Limits,
        choose: Callable[[Sequence[Session]], Session] = secrets.choice,
    ) -> None:
        """Start with none; `choose` draws by lot."""
        self._limits = limits
        self._choose = choose
        self._open: dict[Session, None] = {}
        self._of_tracker: dict[str, Session] = {}

    def __len__(self) -> int:
        """Count them."""
        return len(self._open)

    def __iter__(self) -> Iterator[Session]:
        """Iterate over those that are open now, which may be closed meanwhile."""
        return iter(tuple(self._open))

    def admit(self, session: Session) -> None:
        """Take a new connection; at a limit a stranger makes room."""
        source = source_of(session.peer)
        peers = [other for other in self._open if source_of(other.peer) == source]
        if len(peers) >= self._limits.connections_per_peer:
            crowd = peers
        elif len(self._open) >= self._limits.connections:
            crowd = list(self._open)
        else:
            crowd = []
        self._open[session] = None
        strangers = [other for other in crowd if other.is_stranger]
        # Where there is none, the newest may be one more of the accepted trackers, or
        # one that comes back: it is let in, and it is who makes room for the next.
        if strangers:
            self._draw(strangers).abort(Refusal.TOO_MANY)

    def _draw(self, strangers: list[Session]) -> Session:
        """Draw one of an address that has most of them.

        An accepted tracker is a stranger until its first frame. It must not lose its
        place to those who fill the port from elsewhere, nor surely be the next to go
        where they have its own address.
        """
        counts = Counter(source_of(other.peer) for other in strangers)
        most = max(counts.values())
        return self._choose(
            [other for other in strangers if counts[source_of(other.peer)] == most]
        )

    def discharge(self, session: Session) -> None:
        """Forget a closed connection."""
        self._open.pop(session, None)
        for tracker_id in session.tracker_ids:
            if self._of_tracker.get(tracker_id) is session:
                del self._of_tracker[tracker_id]

    def welcome(self, tracker_id: str, session: Session) -> None:
        """Bind an accepted tracker to its newest connection, which ends the one before.

        A carrier's NAT drops idle connections without a word, so that the old socket
        would stay for hours (protocol.md e.28). One that other trackers still use
        stays open.
        """
        before = self._of_tracker.get(tracker_id)
        if before is session or session.is_retired:
            return
        if session not in self._open:
            return  # closed meanwhile, with frames left that it had sent before
        self._of_tracker[tracker_id] = session
        session.tracker_ids += (tracker_id,)
        if before is not None:
            _unbind(before, tracker_id)
            if before.is_stranger:
                before.retire()

    def disconnect(self, tracker_id: str) -> None:
        """Let go of a tracker that is no longer accepted.

        Its connection is closed, unless other trackers speak through it.
        """
        session = self._of_tracker.pop(tracker_id, None)
        if session is not None:
            _unbind(session, tracker_id)
            if session.is_stranger:
                session.abort()


def _unbind(session: Session, tracker_id: str) -> None:
    """Take a tracker from a connection."""
    session.tracker_ids = tuple(
        other for other in session.tracker_ids if other != tracker_id
    )
