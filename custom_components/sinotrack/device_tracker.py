"""The place of a tracker."""

from typing import Any, cast, override

from homeassistant.components import zone
from homeassistant.components.device_tracker import (
    ATTR_IN_ZONES,
    TrackerEntity,
    TrackerEntityDescription,
)
from homeassistant.const import ATTR_PERSONS
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.entity import EntityCategory
from homeassistant.helpers.entity_platform import (
    AddConfigEntryEntitiesCallback,
    EntityPlatform,
    async_get_current_platform,
)
from homeassistant.helpers.event import (
    TrackStates,
    async_track_state_change_filtered,
)

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
    entry.async_on_unload(_async_follow_zones(hass, async_get_current_platform()))


@callback
def _async_follow_zones(hass: HomeAssistant, platform: EntityPlatform) -> CALLBACK_TYPE:
    """Let all places follow the zones: a parked vehicle may be quiet for weeks.

    Who is in a zone changes all the time, which is nothing to look at.
    """

    @callback
    def follow(event: Event[EventStateChangedData]) -> None:
        before, after = event.data["old_state"], event.data["new_state"]
        if before and after and _outline(before) == _outline(after):
            return
        for entity in platform.entities.values():
            cast("SinotrackLocation", entity).async_follow_zone(event.data["entity_id"])

    zones = TrackStates(False, set(), {zone.DOMAIN})
    return async_track_state_change_filtered(hass, zones, follow).async_remove


class SinotrackLocation(SinotrackEntity, TrackerEntity):
    """The last believed place; it stays while the tracker is silent."""

    _attr_name = None

    @property
    @override
    def entity_category(self) -> EntityCategory | None:
        """Return none: the place is what a tracker is for."""
        return None

    @callback
    def async_follow_zone(self, zone_id: str) -> None:
        """Write the state if it lies in a zone that has come, gone or changed."""
        shown = self.hass.states.get(self.entity_id)
        if shown is None or self.latitude is None or self.longitude is None:
            return
        _, zones = zone.async_in_zones(
            self.hass, self.latitude, self.longitude, self.location_accuracy
        )
        if zone_id in zones or zones != shown.attributes[ATTR_IN_ZONES]:
            self.async_write_ha_state()

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


def _outline(state: State) -> dict[str, Any]:
    """Give what a zone is, without who is in it."""
    return {**state.attributes, ATTR_PERSONS: None}
