"""What all entities share: those of a tracker, and those of the receiver."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import (
    AddConfigEntryEntitiesCallback,
    async_get_current_platform,
)

from .const import DOMAIN, MANUFACTURER, MODEL
from .hub import Hub, SinotrackConfigEntry
from .live_tracker import LiveTracker
from .tracking import TrackerState

type EntityFactory = Callable[[LiveTracker, str], Iterable[SinotrackEntity]]


@callback
def async_add_trackers(
    hass: HomeAssistant,
    entry: SinotrackConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    create: EntityFactory,
) -> None:
    """Add the entities of each tracker there is, and of each that comes.

    An entity that has nothing to show waits for its first value, unless it was there
    before: what a silence or a broken file has made unknown is known to exist.
    """
    domain = async_get_current_platform().domain
    registry = er.async_get(hass)
    receiver_id = dr.async_get_device_id_by_identifier(
        hass, (DOMAIN, entry.entry_id), config_entry_id=entry.entry_id
    )

    @callback
    def add(live: LiveTracker) -> None:
        waiting = {entity: entity.source for entity in create(live, receiver_id)}

        def was_there(entity: SinotrackEntity) -> bool:
            unique_id = entity.unique_id or ""
            return bool(registry.async_get_entity_id(domain, DOMAIN, unique_id))

        @callback
        def add_those_with_a_value() -> None:
            state = live.tracker.state
            ready = [
                entity
                for entity in waiting
                if entity.is_known(state) or was_there(entity)
            ]
            if not ready:
                return
            for entity in ready:
                del waiting[entity]
            async_add_entities(ready, config_subentry_id=live.subentry.subentry_id)
            if not waiting:
                stop_waiting()

        stop_waiting = live.async_add_listener(
            add_those_with_a_value,
            lambda state: [source(state) for source in waiting.values() if source],
        )
        add_those_with_a_value()

    entry.async_on_unload(entry.runtime_data.async_on_new_tracker(add))


class SinotrackEntity(Entity):
    """Shows one thing of one tracker, and writes only when that changed.

    A parked vehicle then costs the recorder next to nothing, and does not outrank a
    phone in `person`.
    """

    _attr_has_entity_name = True
    _attr_should_poll = False
    _comes_last = False
    """Whether it is written after the others, since automations are triggered by it.

    What their conditions look at is then up to date.
    """

    def __init__(
        self,
        live: LiveTracker,
        receiver_id: str,
        description: EntityDescription,
    ) -> None:
        """Prepare; what is known already shows once Home Assistant has added it."""
        self._live = live
        self._receiver_id = receiver_id
        self.entity_description = description
        self._attr_unique_id = f"{live.tracker.tracker_id}_{description.key}"

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """Return the device of the tracker, by the name that it has now."""
        tracker_id = self._live.tracker.tracker_id
        return DeviceInfo(
            identifiers={(DOMAIN, tracker_id)},
            manufacturer=MANUFACTURER,
            model=MODEL,
            name=self._live.name,
            serial_number=tracker_id,
            via_device_id=self._receiver_id,
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the tracker from now on."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self._live.async_add_listener(
                self._async_follow, self.source, comes_last=self._comes_last
            )
        )
        self._async_begin()

    def is_known(self, _state: TrackerState) -> bool:
        """Tell whether there is something to show, now or before."""
        return True

    @property
    def source(self) -> Callable[[TrackerState], object] | None:
        """What has to change for this entity to look again; None if it always looks."""
        return None

    @callback
    def _async_begin(self) -> None:
        """Take what is known already: Home Assistant is about to write the state."""
        self._take(self._live.tracker.state)

    @callback
    def _async_follow(self) -> None:
        """Write the state if what it shows has changed."""
        if self._take(self._live.tracker.state):
            self.async_write_ha_state()

    @abstractmethod
    def _take(self, state: TrackerState) -> bool:
        """Take what this entity shows; tells whether it changed."""


@dataclass(frozen=True, kw_only=True)
class ValueDescription[ValueT](EntityDescription):
    """Says where the value comes from."""

    field: str
    """Of the tracker's state; the entity looks again when that has changed."""
    convert: Callable[[Any], ValueT | None] | None = None
    """Makes the value of what the field holds, if that is anything."""
    is_core: bool = False
    """Whether it is there before its first value."""
    is_live: bool = False
    """Whether the value means nothing while the tracker is silent."""


class ValueEntity[ValueT](SinotrackEntity):
    """Shows one value of one tracker, as its description says."""

    entity_description: ValueDescription[ValueT]
    _shown: ValueT | None = None

    @property
    @override
    def source(self) -> Callable[[TrackerState], object]:
        return attrgetter(self.entity_description.field)

    @override
    def is_known(self, state: TrackerState) -> bool:
        return self.entity_description.is_core or self._read(state) is not None

    def _read(self, state: TrackerState) -> ValueT | None:
        """Give the value, or None where it is not known."""
        description = self.entity_description
        value: ValueT | None = getattr(state, description.field)
        if value is None or description.convert is None:
            return value
        return description.convert(value)

    @override
    def _take(self, state: TrackerState) -> bool:
        description = self.entity_description
        value = self._read(state)
        available = is_current(state) or not description.is_live
        if value == self._shown and available is self._attr_available:
            return False
        self._shown = value
        self._attr_available = available
        self._show(value)
        return True

    @abstractmethod
    def _show(self, value: ValueT | None) -> None:
        """Put a value where its platform looks for it."""


class ReceiverEntity(Entity):
    """Shows one thing of the receiver, and writes only when that changed.

    It looks now and then, since a report has no time for it.
    """

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, hub: Hub, description: EntityDescription) -> None:
        """Prepare; the device is there already."""
        self._hub = hub
        self.entity_description = description
        entry_id = hub.entry.entry_id
        self._attr_unique_id = f"{entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry_id)})

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the receiver from now on."""
        await super().async_added_to_hass()
        self.async_on_remove(self._hub.async_on_inspection(self._async_inspect))
        self._take()

    @callback
    def _async_inspect(self) -> None:
        """Write the state if what it shows has changed."""
        if self._take():
            self.async_write_ha_state()

    @abstractmethod
    def _take(self) -> bool:
        """Take what this entity shows; tells whether it changed."""


def is_current(state: TrackerState) -> bool:
    """Tell whether live values may be shown: not what a silent tracker said last.

    Of a tracker that never reported they are unknown, which is no news of long ago.
    """
    return state.is_online or state.last_seen is None
