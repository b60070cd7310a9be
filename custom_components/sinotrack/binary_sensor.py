"""What of a tracker is either on or off."""

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

from .entity import ValueDescription, ValueEntity, async_add_trackers
from .hub import SinotrackConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SinotrackBinarySensorDescription(
    ValueDescription[bool], BinarySensorEntityDescription
):
    """Says which condition is shown."""


BINARY_SENSORS = (
    SinotrackBinarySensorDescription(
        key="ignition",
        translation_key="ignition",
        field="ignition",
        is_core=True,
        is_live=True,
    ),
    SinotrackBinarySensorDescription(
        key="motion",
        device_class=BinarySensorDeviceClass.MOVING,
        field="motion",
        is_core=True,
        is_live=True,
    ),
    SinotrackBinarySensorDescription(
        key="connectivity",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        field="is_online",
        is_core=True,
    ),
    SinotrackBinarySensorDescription(
        key="external_power",
        translation_key="external_power",
        device_class=BinarySensorDeviceClass.POWER,
        field="status",
        # A supply that is removed is one more reason to run on it.
        convert=lambda status: not status.on_backup_battery,
    ),
    SinotrackBinarySensorDescription(
        key="vibration",
        device_class=BinarySensorDeviceClass.VIBRATION,
        field="live_status",
        convert=lambda status: status.vibration,
        is_live=True,
    ),
    SinotrackBinarySensorDescription(
        key="sos",
        translation_key="sos",
        device_class=BinarySensorDeviceClass.SAFETY,
        field="status",
        convert=lambda status: status.sos,
    ),
    # From here on: what needs a wire or a setting that few owners have.
    SinotrackBinarySensorDescription(
        key="door",
        device_class=BinarySensorDeviceClass.DOOR,
        entity_registry_enabled_default=False,
        field="status",
        convert=lambda status: status.door_open,
    ),
    SinotrackBinarySensorDescription(
        key="engine_cut",
        translation_key="engine_cut",
        entity_registry_enabled_default=False,
        field="status",
        convert=lambda status: status.engine_cut,
    ),
    SinotrackBinarySensorDescription(
        key="overspeed",
        translation_key="overspeed",
        entity_registry_enabled_default=False,
        field="live_status",
        convert=lambda status: status.overspeeding,
        is_live=True,
    ),
    SinotrackBinarySensorDescription(
        key="geofence",
        translation_key="geofence",
        entity_registry_enabled_default=False,
        field="status",
        convert=lambda status: status.geofence_crossed,
    ),
    SinotrackBinarySensorDescription(
        key="low_battery",
        translation_key="low_battery",
        device_class=BinarySensorDeviceClass.BATTERY,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        field="status",
        # Of a 2G unit the same bits tell of its antenna.
        convert=lambda status: status.low_battery_or_antenna,
    ),
    SinotrackBinarySensorDescription(
        key="gps_fault",
        translation_key="gps_fault",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        field="status",
        convert=lambda status: status.gps_fault,
    ),
    SinotrackBinarySensorDescription(
        key="armed",
        translation_key="armed",
        entity_registry_enabled_default=False,
        field="status",
        convert=lambda status: status.armed,
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
        lambda live, receiver_id: [
            SinotrackBinarySensor(live, receiver_id, description)
            for description in BINARY_SENSORS
        ],
    )


class SinotrackBinarySensor(ValueEntity[bool], BinarySensorEntity):
    """One condition of a tracker."""

    entity_description: SinotrackBinarySensorDescription

    @override
    def _show(self, value: bool | None) -> None:
        self._attr_is_on = value
