"""Whether the ACC wire is connected, as trips tell it (tracking.md, Ignition).

Nobody drives with the key turned off. Where one trip after the other ends and bit 10 of
the status word was never set, the wire that it follows is not connected.
"""


class Wiring:
    """Counts the trips in which the ignition was never on, until it is seen on once."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self.is_proven = False
        """Bit 10 was seen set: there is a wire, for good."""
        self.silent_trips = 0
        """Trips that have ended, with status words and the bit never set."""
        self.is_on_trip = False
        self.has_status = False
        """Whether a status word came in this trip, which alone can tell anything."""

    def prove(self) -> None:
        """See the bit set."""
        self.forget()
        self.is_proven = True

    def forget(self) -> None:
        """Count anew, as with a tracker that nothing is known of."""
        self.is_proven = self.is_on_trip = self.has_status = False
        self.silent_trips = 0

    def follow(self, *, is_moving: bool | None, has_status: bool = False) -> None:
        """Follow the motion; None, a silence within a trip, does not end it."""
        if is_moving:
            self.is_on_trip = True
            self.has_status |= has_status
        elif is_moving is False and self.is_on_trip:
            self.silent_trips += self.has_status
            self.is_on_trip = self.has_status = False
