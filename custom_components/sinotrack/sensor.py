"""What of a tracker is a value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfSpeed
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import SinotrackEntity, async_add_trackers, is_current
from .hub import SinotrackConfigEntry
from .tracking import TrackerState

PARALLEL_UPDATES = 0

# The time of the last report changes with each; a row for each would fill the recorder.
LAST_SEEN_STEP: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class SinotrackSensorDescription(SensorEntityDescription):
    """Says where the value comes from."""

    value_fn: Callable[[TrackerState], float | datetime | None]
    is_live: bool = True
    """Whether the value means nothing while the tracker is silent."""


SENSORS = (
    SinotrackSensorDescription(
        key="speed",
        device_class=SensorDeviceClass.SPEED,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        value_fn=lambda state: state.speed_kmh,
    ),
)

LAST_SEEN = SinotrackSensorDescription(
    key="last_seen",
    translation_key="last_seen",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
    value_fn=lambda state: state.last_seen,
    is_live=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SinotrackConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of each tracker."""
    async_add_trackers(
        hass,
        entry,
        async_add_entities,
        lambda live, device: [
            SinotrackLastSeen(live, device, LAST_SEEN),
            *(SinotrackSensor(live, device, description) for description in SENSORS),
        ],
    )


class SinotrackSensor(SinotrackEntity, SensorEntity):
    """One value of a tracker."""

    entity_description: SinotrackSensorDescription

    @override
    def _take(self, state: TrackerState) -> bool:
        description = self.entity_description
        value = description.value_fn(state)
        available = is_current(state) or not description.is_live
        if value == self._attr_native_value and available is self._attr_available:
            return False
        self._attr_native_value = value
        self._attr_available = available
        return True


class SinotrackLastSeen(SinotrackSensor):
    """When the tracker was last heard, in steps."""

    _was_online: bool | None = None

    @override
    def _take(self, state: TrackerState) -> bool:
        shown, now = self._attr_native_value, state.last_seen
        if (
            state.is_online is self._was_online
            and isinstance(shown, datetime)
            and now is not None
            and now - shown < LAST_SEEN_STEP
        ):
            return False
        self._was_online = state.is_online
        return super()._take(state)
