"""The place of a tracker."""

from typing import Any, Final, cast, override

from homeassistant.components import zone
from homeassistant.components.device_tracker import (
    ATTR_IN_ZONES,
    TrackerEntity,
    TrackerEntityDescription,
)
from homeassistant.components.zone.const import ZoneEntityStateAttribute
from homeassistant.const import STATE_HOME, STATE_NOT_HOME
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.debounce import Debouncer
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

from .const import LOGGER
from .entity import SinotrackEntity, async_add_trackers
from .hub import SinotrackConfigEntry
from .tracking import TrackerState

PARALLEL_UPDATES = 0

ZONES_REST: Final = 1.0
"""Seconds until changed zones are looked at."""

_NO_VISITORS: Final[dict[str, None]] = {
    ZoneEntityStateAttribute.PERSONS: None,
    ZoneEntityStateAttribute.DEVICE_TRACKERS: None,
}

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

    Not at once, since a reload takes all zones away and brings them back: who looked in
    between would see each vehicle leave and arrive.
    """

    @callback
    def look() -> None:
        for entity in platform.entities.values():
            cast("SinotrackLocation", entity).async_follow_zones()

    debouncer = Debouncer(
        hass, LOGGER, cooldown=ZONES_REST, immediate=False, function=look
    )

    @callback
    def follow(event: Event[EventStateChangedData]) -> None:
        before, after = event.data["old_state"], event.data["new_state"]
        # Who is in a zone changes all the time, which is nothing to look at.
        if not before or not after or _outline(before) != _outline(after):
            debouncer.async_schedule_call()

    zones = TrackStates(False, set(), {zone.DOMAIN})
    tracked = async_track_state_change_filtered(hass, zones, follow)

    @callback
    def stop() -> None:
        tracked.async_remove()
        debouncer.async_shutdown()

    return stop


class SinotrackLocation(SinotrackEntity, TrackerEntity):
    """The last believed place; it stays while the tracker is silent."""

    _attr_name = None
    _comes_last = True

    @property
    @override
    def entity_category(self) -> EntityCategory | None:
        """Return none: the place is what a tracker is for."""
        return None

    @callback
    def async_follow_zones(self) -> None:
        """Write the state if the zones that it lies in are not those that it shows."""
        shown = self.hass.states.get(self.entity_id)
        if shown is None or self.latitude is None or self.longitude is None:
            return
        active, zones = zone.async_in_zones(
            self.hass, self.latitude, self.longitude, self.location_accuracy
        )
        if (_name(active), zones) != (shown.state, shown.attributes[ATTR_IN_ZONES]):
            self.async_write_ha_state()

    @override
    def _take(self, _state: TrackerState) -> bool:
        location = self._live.impostor.location
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


def _name(active: State | None) -> str:
    """Give the state of who is in a zone, or in none."""
    if active is None:
        return STATE_NOT_HOME
    return STATE_HOME if active.entity_id == zone.ENTITY_ID_HOME else active.name


def _outline(state: State) -> dict[str, Any]:
    """Give what a zone is, without who is in it."""
    return {**state.attributes, **_NO_VISITORS}
