"""The place of a tracker."""

from typing import Any, override

from homeassistant.components import zone
from homeassistant.components.device_tracker import (
    ATTR_IN_ZONES,
    TrackerEntity,
    TrackerEntityDescription,
)
from homeassistant.const import ATTR_PERSONS
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.entity import EntityCategory
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
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


class SinotrackLocation(SinotrackEntity, TrackerEntity):
    """The last believed place; it stays while the tracker is silent."""

    _attr_name = None

    @property
    @override
    def entity_category(self) -> EntityCategory | None:
        """Return none: the place is what a tracker is for."""
        return None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the zones as well: a parked vehicle may be quiet for weeks."""
        await super().async_added_to_hass()
        zones = async_track_state_change_filtered(
            self.hass, TrackStates(False, set(), {zone.DOMAIN}), self._async_follow_zone
        )
        self.async_on_remove(zones.async_remove)

    @callback
    def _async_follow_zone(self, event: Event[EventStateChangedData]) -> None:
        """Write the state if a zone comes, goes or changes that the place lies in.

        Who is in a zone changes all the time, which is nothing to look at.
        """
        before, after = event.data["old_state"], event.data["new_state"]
        shown = self.hass.states.get(self.entity_id)
        if shown is None or self.latitude is None or self.longitude is None:
            return
        if before and after and _outline(before) == _outline(after):
            return
        _, zones = zone.async_in_zones(
            self.hass, self.latitude, self.longitude, self.location_accuracy
        )
        if event.data["entity_id"] in zones or zones != shown.attributes[ATTR_IN_ZONES]:
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
