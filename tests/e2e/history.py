"""What entities showed, one state after another, as it happened."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Self, override

from .host import Host
from .rest import Json

# For tests all there is; whoever follows for days needs no more.
_REMEMBERED = 100_000

type Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class State:
    """The state of an entity at one moment."""

    entity_id: str
    value: str
    attributes: Json

    @classmethod
    def of(cls, data: Json) -> Self:
        """Take what Home Assistant says of it."""
        return cls(data["entity_id"], data["state"], data["attributes"])

    @property
    def place(self) -> Place | None:
        """Latitude and longitude in degrees, None without them."""
        if "latitude" not in self.attributes:
            return None
        return self.attributes["latitude"], self.attributes["longitude"]


type Listener = Callable[[State], None]


class History:
    """All states since the beginning, those of removed entities left out."""

    def __init__(self, listener: Listener | None = None) -> None:
        """Use `following` instead."""
        self._states: deque[State] = deque(maxlen=_REMEMBERED)
        self._changed = asyncio.Event()
        self._listener = listener

    def add(self, state: State) -> None:
        """Take the next state of any entity."""
        self._states.append(state)
        self._changed.set()
        if self._listener is not None:
            self._listener(state)

    def states(self, entity_id: str) -> list[State]:
        """The states of one entity."""
        return [state for state in self._states if state.entity_id == entity_id]

    def values(self, entity_id: str) -> list[str]:
        """The values of one entity, each as often as it was entered."""
        return [value for value, _ in groupby(s.value for s in self.states(entity_id))]

    def places(self, entity_id: str) -> list[Place]:
        """The places of one entity, each as often as it came there."""
        places = (state.place for state in self.states(entity_id))
        return [place for place, _ in groupby(places) if place is not None]

    @override
    def __str__(self) -> str:
        """The values of all entities that changed."""
        values = {
            state.entity_id: self.values(state.entity_id) for state in self._states
        }
        return "\n".join(
            f"{entity_id}: {', '.join(shown)}"
            for entity_id, shown in values.items()
            if len(shown) > 1
        )

    async def until[T](
        self,
        condition: Callable[[Self], T],
        what: str,
        timeout: float = 10.0,  # noqa: ASYNC109 - a message says more than a cancellation
    ) -> T:
        """Wait for states that make the condition true; the condition's answer.

        Raises:
            TimeoutError: with the last states that were seen.

        """
        try:
            async with asyncio.timeout(timeout):
                while not (answer := condition(self)):
                    self._changed.clear()
                    await self._changed.wait()
                return answer
        except TimeoutError:
            raise TimeoutError(f"{what}: not within {timeout:g} s\n{self}") from None


@asynccontextmanager
async def following(
    host: Host, listener: Listener | None = None
) -> AsyncIterator[History]:
    """Follow all entities from their present state on; `listener` gets each state."""
    history = History(listener)

    def take(event: Json) -> None:
        if (new_state := event["data"]["new_state"]) is not None:
            history.add(State.of(new_state))

    for state in await host.rest.get("/api/states"):
        history.add(State.of(state))
    number = await host.socket.subscribe(
        take, "subscribe_events", event_type="state_changed"
    )
    try:
        yield history
    finally:
        await host.socket.unsubscribe(number)
