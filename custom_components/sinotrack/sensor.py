"""What of a tracker is a value, and what the receiver counts."""

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
from homeassistant.const import (
    DEGREE,
    EntityCategory,
    UnitOfElectricPotential,
    UnitOfLength,
    UnitOfRatio,
    UnitOfSpeed,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import (
    ReceiverEntity,
    ValueDescription,
    ValueEntity,
    async_add_trackers,
)
from .hub import Hub, SinotrackConfigEntry
from .tracking import TrackerState, Verdict

PARALLEL_UPDATES = 0

# The time of the last report changes with each; a row for each would fill the recorder.
LAST_SEEN_STEP: Final = timedelta(minutes=5)


type SensorValue = float | str | datetime


@dataclass(frozen=True, kw_only=True)
class SinotrackSensorDescription(
    ValueDescription[SensorValue], SensorEntityDescription
):
    """Says which value is shown."""


@dataclass(frozen=True, kw_only=True)
class ReceiverSensorDescription(SensorEntityDescription):
    """Says what is counted; nobody needs it day by day."""

    count_fn: Callable[[Hub], int]
    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC
    entity_registry_enabled_default: bool = False


def _to_tenths(value: float) -> float:
    """Cut off what is noise: it would be written with each report."""
    return round(value, 1)


SENSORS = (
    SinotrackSensorDescription(
        key="speed",
        device_class=SensorDeviceClass.SPEED,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        field="speed_kmh",
        convert=_to_tenths,
        is_core=True,
        is_live=True,
    ),
    SinotrackSensorDescription(
        key="battery",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        field="battery_percent",
    ),
    SinotrackSensorDescription(
        key="voltage",
        translation_key="voltage",
        device_class=SensorDeviceClass.VOLTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        field="voltage",
        convert=_to_tenths,
    ),
    SinotrackSensorDescription(
        key="heading",
        translation_key="heading",
        state_class=SensorStateClass.MEASUREMENT_ANGLE,
        native_unit_of_measurement=DEGREE,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        field="course",
    ),
    SinotrackSensorDescription(
        key="mileage",
        translation_key="mileage",
        device_class=SensorDeviceClass.DISTANCE,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfLength.KILOMETERS,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        field="mileage_km",
    ),
    SinotrackSensorDescription(
        key="satellites",
        translation_key="satellites",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        field="satellites",
        is_live=True,
    ),
    SinotrackSensorDescription(
        key="signal",
        translation_key="signal",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        field="csq",
        is_live=True,
    ),
    SinotrackSensorDescription(
        key="last_fix",
        translation_key="last_fix",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        field="last_fix",
    ),
    SinotrackSensorDescription(
        key="verdict",
        translation_key="verdict",
        device_class=SensorDeviceClass.ENUM,
        options=[verdict.value for verdict in Verdict],
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        field="verdict",
    ),
)

LAST_SEEN = SinotrackSensorDescription(
    key="last_seen",
    translation_key="last_seen",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
    field="last_seen",
    is_core=True,
)

ODOMETER = SinotrackSensorDescription(
    key="odometer",
    translation_key="odometer",
    device_class=SensorDeviceClass.DISTANCE,
    state_class=SensorStateClass.TOTAL_INCREASING,
    native_unit_of_measurement=UnitOfLength.KILOMETERS,
    suggested_display_precision=1,
    field="odometer_km",
    # To ten metres: a sum of short ways shall not lose them.
    convert=lambda km: round(km, 2),
)

RECEIVER_SENSORS = (
    ReceiverSensorDescription(
        key="online",
        translation_key="online",
        state_class=SensorStateClass.MEASUREMENT,
        count_fn=lambda hub: hub.online,
    ),
    ReceiverSensorDescription(
        key="reports",
        translation_key="reports",
        state_class=SensorStateClass.TOTAL_INCREASING,
        count_fn=lambda hub: hub.receiver.traffic.reports,
    ),
    ReceiverSensorDescription(
        key="refused",
        translation_key="refused",
        state_class=SensorStateClass.TOTAL_INCREASING,
        count_fn=lambda hub: hub.receiver.refusals.total(),
    ),
    ReceiverSensorDescription(
        key="strangers",
        translation_key="strangers",
        state_class=SensorStateClass.MEASUREMENT,
        count_fn=lambda hub: len(hub.strangers),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SinotrackConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of the receiver and of each tracker."""
    async_add_entities(
        ReceiverSensor(entry.runtime_data, description)
        for description in RECEIVER_SENSORS
    )
    async_add_trackers(
        hass,
        entry,
        async_add_entities,
        lambda live, receiver_id: [
            SinotrackLastSeen(live, receiver_id, LAST_SEEN),
            SinotrackOdometer(live, receiver_id, ODOMETER),
            *(
                SinotrackSensor(live, receiver_id, description)
                for description in SENSORS
            ),
        ],
    )


class SinotrackSensor(ValueEntity[SensorValue], SensorEntity):
    """One value of a tracker."""

    entity_description: SinotrackSensorDescription

    @override
    def _show(self, value: SensorValue | None) -> None:
        self._attr_native_value = value


class SinotrackOdometer(SinotrackSensor):
    """The distance driven, of a tracker that has had a place."""

    @override
    def is_known(self, state: TrackerState) -> bool:
        return state.last_fix is not None or bool(state.odometer_km)


class SinotrackLastSeen(SinotrackSensor):
    """When the tracker was last heard, in steps."""

    @property
    @override
    def source(self) -> Callable[[TrackerState], object]:
        return self._read

    @override
    def _read(self, state: TrackerState) -> SensorValue | None:
        """Give what is shown while that is near enough; of a silence, when it began."""
        shown, heard = self._shown, state.last_seen
        if (
            state.is_online
            and isinstance(shown, datetime)
            and heard is not None
            # What is shown lies ahead where the host's clock was put back since.
            and timedelta(0) <= heard - shown < LAST_SEEN_STEP
        ):
            return shown
        return heard


class ReceiverSensor(ReceiverEntity, SensorEntity):
    """One count of the receiver."""

    entity_description: ReceiverSensorDescription

    @override
    def _take(self) -> bool:
        count = self.entity_description.count_fn(self._hub)
        if count == self._attr_native_value:
            return False
        self._attr_native_value = count
        return True
