"""The place of a tracker."""

from typing import override

from homeassistant.components.device_tracker import (
    TrackerEntity,
    TrackerEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import EntityCategory
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import SinotrackEntity, async_add_trackers
from .hub import SinotrackConfigEntry
from .tracking import TrackerState

PARALLEL_UPDATES = 0

LOCATION = TrackerEntityDescription(key="location", translation_key="location")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SinotrackConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the place of each tracker."""
    async_add_trackers(
        hass,
        entry,
        async_add_entities,
        lambda live, receiver_id: [SinotrackLocation(live, receiver_id, LOCATION)],
    )


class SinotrackLocation(SinotrackEntity, TrackerEntity):
    """The last believed place; it stays while the tracker is silent."""

    _attr_name = None

    @property
    @override
    def entity_category(self) -> EntityCategory | None:
        """Return none: the place is what a tracker is for."""
        return None

    @override
    def _take(self, _state: TrackerState) -> bool:
        location = self._live.location
        if location is None or (
            location.latitude == self._attr_latitude
            and location.longitude == self._attr_longitude
            and location.accuracy == self._attr_location_accuracy
        ):
            return False
        self._attr_latitude = location.latitude
        self._attr_longitude = location.longitude
        self._attr_location_accuracy = location.accuracy
        return True
