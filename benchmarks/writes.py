"""The state writes of a drive, to be done again without all that led to them."""

from typing import Any, Final
from unittest.mock import patch

from homeassistant.helpers.entity import Entity

from custom_components.sinotrack.receiver.udp import UdpEndpoint

from .host import PEER

type Write = tuple[Entity, dict[str, Any]]
"""An entity, and what it shows anew."""

# So far beside a place that was written another one is written in its stead: Home
# Assistant remembers of each place how far it is from the zones.
_ASIDE_DEGREES: Final = 1e-5

_LONGITUDE: Final = "_attr_longitude"

# Where an entity keeps what it shows.
_SHOWN: Final = (
    "_attr_available",
    "_attr_is_on",
    "_attr_latitude",
    _LONGITUDE,
    "_attr_location_accuracy",
    "_attr_native_value",
)


def record(endpoint: UdpEndpoint, datagrams: list[bytes]) -> list[list[Write]]:
    """Give what each report of a drive has the entities write."""
    recorded: list[list[Write]] = []
    before: dict[Entity, dict[str, Any]] = {}
    write = Entity.async_write_ha_state

    def note(entity: Entity) -> None:
        shown = {name: getattr(entity, name, None) for name in _SHOWN}
        known = before.get(entity, {})
        changed = {n: value for n, value in shown.items() if known.get(n) != value}
        before[entity] = shown
        recorded[-1].append((entity, changed))
        write(entity)

    with patch.object(Entity, "async_write_ha_state", note):
        for datagram in datagrams:
            recorded.append([])
            endpoint.datagram_received(datagram, PEER)
    return recorded


def aside(writes: list[list[Write]], number: int) -> list[list[Write]]:
    """Give the same writes of a road beside, the first, second … one."""
    return [
        [(entity, _move(shown, number * _ASIDE_DEGREES)) for entity, shown in each]
        for each in writes
    ]


def write_again(writes: list[Write]) -> None:
    """Have entities show and write what they did after one report."""
    for entity, shown in writes:
        for name, value in shown.items():
            setattr(entity, name, value)
        entity.async_write_ha_state()


def _move(shown: dict[str, Any], degrees: float) -> dict[str, Any]:
    longitude = shown.get(_LONGITUDE)
    return shown if longitude is None else shown | {_LONGITUDE: longitude + degrees}
