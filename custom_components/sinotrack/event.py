"""Alarms of a tracker, each at its beginning."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import SinotrackEntity, async_add_trackers
from .h02 import Alarm
from .hub import SinotrackConfigEntry
from .networks import Suspicion
from .tracking import TrackerState

PARALLEL_UPDATES = 0

ATTR_LATE = "late"
ATTR_TIME = "time"

ALARM = EventEntityDescription(
    key="alarm",
    translation_key="alarm",
    event_types=[kind.value for kind in (*Alarm, *Suspicion)],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SinotrackConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the alarms of each tracker."""
    async_add_trackers(
        hass,
        entry,
        async_add_entities,
        lambda live, receiver_id: [SinotrackAlarm(live, receiver_id, ALARM)],
    )


class SinotrackAlarm(SinotrackEntity, EventEntity):
    """The last alarm that began; it may be told of hours later."""

    _comes_last = True

    @callback
    @override
    def _async_begin(self) -> None:
        # An automation takes no notice of the first state, and no state holds two.
        telling = self.hass.loop.call_soon(self._async_follow)
        self.async_on_remove(telling.cancel)

    @callback
    @override
    def _async_follow(self) -> None:
        while self._take(self._live.tracker.state):
            self.async_write_ha_state()

    @override
    def _take(self, state: TrackerState) -> bool:
        if not self._live.alarms:
            return False
        alarm = self._live.alarms.popleft()
        self._trigger_event(
            alarm.alarm, {ATTR_LATE: alarm.is_late, ATTR_TIME: alarm.time.isoformat()}
        )
        return True
