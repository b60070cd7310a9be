"""What of a tracker is either on or off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import SinotrackEntity, async_add_trackers, is_current
from .hub import SinotrackConfigEntry
from .tracking import TrackerState

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SinotrackBinarySensorDescription(BinarySensorEntityDescription):
    """Says where the value comes from."""

    value_fn: Callable[[TrackerState], bool | None]
    is_live: bool = True
    """Whether the value means nothing while the tracker is silent."""


BINARY_SENSORS = (
    SinotrackBinarySensorDescription(
        key="ignition",
        translation_key="ignition",
        value_fn=lambda state: state.ignition,
    ),
    SinotrackBinarySensorDescription(
        key="motion",
        device_class=BinarySensorDeviceClass.MOVING,
        value_fn=lambda state: state.motion,
    ),
    SinotrackBinarySensorDescription(
        key="connectivity",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda state: state.is_online,
        is_live=False,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SinotrackConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of each tracker."""
    async_add_trackers(
        hass,
        entry,
        async_add_entities,
        lambda live, device: [
            SinotrackBinarySensor(live, device, description)
            for description in BINARY_SENSORS
        ],
    )


class SinotrackBinarySensor(SinotrackEntity, BinarySensorEntity):
    """One condition of a tracker."""

    entity_description: SinotrackBinarySensorDescription

    @override
    def _take(self, state: TrackerState) -> bool:
        description = self.entity_description
        value = description.value_fn(state)
        available = is_current(state) or not description.is_live
        if value is self._attr_is_on and available is self._attr_available:
            return False
        self._attr_is_on = value
        self._attr_available = available
        return True
