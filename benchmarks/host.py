"""A Home Assistant with just what the integration needs: no web server, no recorder.

It is made of the parts, and in the order, of a Home Assistant that starts.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
import logging
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final, override
from unittest.mock import patch

from homeassistant import bootstrap, loader
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntries,
    ConfigEntry,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms
from homeassistant.setup import async_setup_component

from custom_components.sinotrack import live_tracker
from custom_components.sinotrack.const import DOMAIN, SUBENTRY_TRACKER
from custom_components.sinotrack.entity import SinotrackEntity
from custom_components.sinotrack.hub import Hub
from custom_components.sinotrack.receiver.udp import UdpEndpoint

WARM_UP: Final = 10
"""Reports until all entities are there."""

PEER: Final = ("127.0.0.1", 40000)
"""Where datagrams come from that no socket has sent."""


class NullTransport(asyncio.DatagramTransport):
    """Sends nothing: what the kernel does is not ours."""

    @override
    def sendto(self, data: object, addr: object = None) -> None:
        """Drop an answer."""


@dataclass(frozen=True, slots=True)
class Host:
    """A Home Assistant with one receiver."""

    hass: HomeAssistant
    entry: ConfigEntry[Hub]

    @property
    def hub(self) -> Hub:
        """The receiver at run time."""
        return self.entry.runtime_data

    @property
    def port(self) -> int:
        """The port it has found."""
        return self.hub.receiver.port

    def endpoint(self) -> UdpEndpoint:
        """Give a way in for datagrams that no socket has sent."""
        endpoint = UdpEndpoint(self.hub.receiver)
        endpoint.connection_made(NullTransport())
        return endpoint

    async def let_in(self, tracker_id: str) -> None:
        """Accept a tracker, as its owner does."""
        self.hass.config_entries.async_add_subentry(
            self.entry,
            ConfigSubentry(
                data=MappingProxyType({"tracker_id": tracker_id}),
                subentry_type=SUBENTRY_TRACKER,
                title=f"Car {tracker_id}",
                unique_id=tracker_id,
            ),
        )
        await self.hass.async_block_till_done()

    def entities(self, tracker_id: str) -> list[SinotrackEntity]:
        """Give the entities of a tracker that are there."""
        return [
            entity
            for platform in async_get_platforms(self.hass, DOMAIN)
            for entity in platform.entities.values()
            if isinstance(entity, SinotrackEntity)
            and (entity.unique_id or "").startswith(tracker_id)
        ]

    def count_registered(self, tracker_id: str) -> int:
        """Count its entities, those that are disabled among them."""
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, tracker_id), self.entry.entry_id
        )
        if device is None:
            return 0
        registry = er.async_get(self.hass)
        return len(
            er.async_entries_for_device(
                registry, device.id, include_disabled_entities=True
            )
        )


@asynccontextmanager
async def home_assistant(zones: int = 1) -> AsyncGenerator[Host]:
    """Run a Home Assistant with so many zones, home among them."""
    # Whatever is custom is warned of.
    logging.getLogger(loader.__name__).setLevel(logging.ERROR)
    with TemporaryDirectory() as folder, _each_shown():
        (Path(folder) / ".storage").mkdir()
        hass = HomeAssistant(folder)
        loader.async_setup(hass)
        hass.config.skip_pip = True
        hass.config_entries = ConfigEntries(hass, {})
        await bootstrap.async_load_base_functionality(hass)
        for domain, config in (("homeassistant", {}), ("zone", _zones(zones))):
            if not await async_setup_component(hass, domain, {domain: config}):
                raise RuntimeError(f"{domain} cannot be set up")
        await hass.async_start()
        entry: ConfigEntry[Hub] = ConfigEntry(
            domain=DOMAIN,
            title="SinoTrack",
            data={"host": "127.0.0.1", "port": 0},
            options={},
            source=SOURCE_USER,
            unique_id=None,
            version=1,
            minor_version=1,
            discovery_keys=MappingProxyType({}),
            subentries_data=(),
        )
        try:
            await hass.config_entries.async_add(entry)
            await hass.async_block_till_done()
            yield Host(hass, entry)
        finally:
            await hass.async_stop(force=True)


def _each_shown() -> AbstractContextManager[object]:
    """Let each report be shown, at a pace that no tracker has and that is held back."""
    return patch.object(live_tracker, "SHOWN_AT_ONCE", inf)


async def begin(host: Host, datagrams: list[bytes]) -> list[bytes]:
    """Let the tracker of a drive in, with all its entities; gives the rest of it."""
    await host.let_in(datagrams[0].split(b",")[1].decode())
    endpoint = host.endpoint()
    for datagram in datagrams[:WARM_UP]:
        endpoint.datagram_received(datagram, PEER)
    await host.hass.async_block_till_done()
    return datagrams[WARM_UP:]


def _zones(number: int) -> object:
    """Configure zones in the country around; home is always one."""
    return [
        {
            "name": f"Zone {index}",
            "latitude": 52.0 + index / 20,
            "longitude": 13.0 + index / 20,
            "radius": 100 + 10 * index,
        }
        for index in range(1, number)
    ]
