"""One receiver at run time: joins the open port with the trackers behind it.

Reports come in from the receiver and go through the tracker to its entities in one
synchronous pass. The hub keeps what is known of each tracker over restarts, remembers
strangers, and offers them to the owner.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .const import (
    CONF_ALLOWED_NETWORKS,
    DOMAIN,
    LOGGER,
    SUBENTRY_TRACKER,
    is_tracker_id,
)
from .h02 import Report, SmsSetup
from .knocks import Knocks
from .live_tracker import LiveTracker
from .offers import Offers, is_spoken_for, stop_ignoring
from .preparation import Preparation
from .receiver import Link, Loopback, Receiver, Refusal, Transport
from .storage import TrackerStore
from .strangers import Stranger, Strangers

INSPECTION_INTERVAL: Final = timedelta(seconds=10)
"""How often to look at what no single report tells, which keeps it off their way."""

type SinotrackConfigEntry = ConfigEntry[Hub]
type NewTrackerListener = Callable[[LiveTracker], None]


class Hub:
    """The receiver of one config entry and all that is known behind it."""

    def __init__(self, hass: HomeAssistant, entry: SinotrackConfigEntry) -> None:
        """Prepare; nothing is opened yet."""
        self.hass = hass
        self.entry = entry
        self.address: tuple[str, int] = (entry.data[CONF_HOST], entry.data[CONF_PORT])
        self.trackers: dict[str, LiveTracker] = {}
        self.strangers = Strangers()
        self.knocks = Knocks()
        self.receiver = Receiver(
            *self.address,
            on_report=self._on_report,
            on_foreign=self._on_foreign,
            is_accepted=self._is_accepted,
            is_answered=self._is_answered,
        )
        self._store = TrackerStore(hass, entry.entry_id, self._export)
        self.preparation: Preparation | None = None
        """The tracker that is being pointed here, if any."""
        self._tests: set[Loopback] = set()
        self._offers = Offers(hass, entry.entry_id)
        self._new_tracker_listeners: dict[NewTrackerListener, None] = {}
        self._inspectors: dict[CALLBACK_TYPE, None] = {}
        self._cancel_inspection: CALLBACK_TYPE | None = None

    @property
    def online(self) -> int:
        """Trackers that report."""
        return sum(live.tracker.state.is_online for live in self.trackers.values())

    async def async_start(self) -> None:
        """Restore what is known, then open the port; OSError tells why not."""
        known = await self._store.async_load_trackers()
        for subentry in self.entry.get_subentries_of_type(SUBENTRY_TRACKER):
            self._add(subentry, known.get(subentry.unique_id or ""))
        if self._store.is_damaged:
            await self._store.async_keep_copy()
        if known.keys() - self.trackers.keys():
            # They went while nobody was there to forget them.
            self._store.async_save_later()
        await self.receiver.start()
        for live in self.trackers.values():
            live.async_resume()
        self._cancel_inspection = async_track_time_interval(
            self.hass, self._inspect, INSPECTION_INTERVAL, cancel_on_shutdown=True
        )

    async def async_stop(self) -> None:
        """Close the port and save; the port is free again on return."""
        if self._cancel_inspection is not None:
            self._cancel_inspection()
            self._cancel_inspection = None
        await self.receiver.stop()
        for live in self.trackers.values():
            live.async_stop()
        await self._store.async_close()

    async def async_test(self) -> frozenset[Transport]:
        """Send something through the own port; gives the transports that worked."""
        test = Loopback()
        self._tests.add(test)
        try:
            return await test.run(self.receiver.host, self.receiver.port)
        finally:
            self._tests.remove(test)

    @callback
    def async_prepare(self, setup: SmsSetup, tracker_id: str) -> None:
        """Look from now on for a tracker that is told by SMS to report here."""
        self.preparation = Preparation(
            setup,
            tracker_id,
            dt_util.utcnow(),
            receiver=self.receiver,
            strangers=self.strangers,
            knocks=self.knocks,
        )

    @callback
    def async_on_new_tracker(self, listener: NewTrackerListener) -> CALLBACK_TYPE:
        """Call `listener` with each tracker there is, and each that comes."""
        self._new_tracker_listeners[listener] = None
        for live in self.trackers.values():
            listener(live)
        return partial(self._new_tracker_listeners.pop, listener, None)

    @callback
    def async_on_inspection(self, inspector: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `inspector` now and then: for what changes with no single report."""
        self._inspectors[inspector] = None
        return partial(self._inspectors.pop, inspector, None)

    @callback
    def async_follow_options(self) -> None:
        """Listen to who may be heard now, and to nobody else.

        Raises TypeError or ValueError on networks that cannot be read.
        """
        self.receiver.allow(self.entry.options.get(CONF_ALLOWED_NETWORKS, ()))

    @callback
    def async_follow_subentries(self) -> None:
        """Take in trackers that came, drop those that went, follow those that changed.

        Without a reload: open connections survive.
        """
        for tracker_id, known in tuple(self.trackers.items()):
            # Not by the tracker's id: it may have gone and come back in one change.
            if known.subentry.subentry_id not in self.entry.subentries:
                del self.trackers[tracker_id]
                known.async_stop()
                self.receiver.disconnect(tracker_id)
                self._store.async_save_later()
        for subentry in self.entry.get_subentries_of_type(SUBENTRY_TRACKER):
            live = self.trackers.get(subentry.unique_id or "")
            if live is None:
                live = self._add(subentry, None)
                live.async_resume()
                for listener in tuple(self._new_tracker_listeners):
                    listener(live)
            else:
                live.follow_options()
                live.async_resume()
                self._rename_device(live)

    @callback
    def async_offer_again(self, tracker_id: str) -> None:
        """Offer a stranger anew, who is ignored no longer."""
        if stranger := self.strangers.offer_again(tracker_id):
            self._offer(stranger)

    def _add(
        self, subentry: ConfigSubentry, known: dict[str, Any] | None
    ) -> LiveTracker:
        """Begin to follow a tracker, with what is known or heard of it before."""
        live = self._recall(subentry, known)
        live.follow_options()
        self.trackers[live.tracker.tracker_id] = live
        stop_ignoring(self.hass, live.tracker.tracker_id)
        stranger = self.strangers.take(live.tracker.tracker_id)
        if stranger is not None:
            for report, received_at in stranger.recent:
                live.async_accept(report, received_at, stranger.transport)
            # Of a tracker that nobody knew, they are no news.
            live.alarms.clear()
        if self.preparation is not None:
            self.preparation.note_let_in(live.tracker.tracker_id, stranger)
            if self.preparation.is_over:
                # With all that was entered for it: a password may be among that.
                self.preparation = None
        return live

    def _recall(
        self, subentry: ConfigSubentry, known: dict[str, Any] | None
    ) -> LiveTracker:
        """Give a tracker its memory, or none where that cannot be read."""
        live = LiveTracker(self.hass, subentry, self._store.async_save_later)
        if known is None:
            return live
        try:
            live.restore(known)
        except KeyError, TypeError, ValueError:
            LOGGER.warning("What was kept of %s cannot be read", live.shown_name)
            self._store.is_damaged = True
            return LiveTracker(self.hass, subentry, self._store.async_save_later)
        return live

    def _rename_device(self, live: LiveTracker) -> None:
        """Let the device bear the name of its tracker, which may be a new one."""
        registry = dr.async_get(self.hass)
        device = registry.async_get_device_by_identifier(
            (DOMAIN, live.tracker.tracker_id), self.entry.entry_id
        )
        if device is not None:
            registry.async_update_device(device.id, name=live.name)

    def _on_report(self, report: Report, link: Link, received_at: datetime) -> bool:
        """Take a report from the receiver; tells whether its tracker is accepted."""
        live = self.trackers.get(report.tracker_id)
        if live is None:
            self._hear_stranger(report, link, received_at)
            return False
        live.async_accept(report, received_at, link.transport, link.peer)
        return True

    def _is_accepted(self, tracker_id: str) -> bool:
        """Tell whether an id is heard whatever else comes from its address."""
        return tracker_id in self.trackers or any(
            test.tracker_id == tracker_id for test in self._tests
        )

    def _is_answered(self, tracker_id: str) -> bool:
        """Tell whether the owner has the reports of an accepted tracker answered."""
        return self.trackers[tracker_id].is_acknowledged

    def _hear_stranger(self, report: Report, link: Link, received_at: datetime) -> None:
        """Remember who reports without being let in, unless it is our own test."""
        if any(test.hear(report, link) for test in self._tests):
            return
        if is_tracker_id(report.tracker_id):
            self._offer(self.strangers.hear(report, link, received_at))
        else:
            self.receiver.refusals[Refusal.NO_ID] += 1

    def _on_foreign(self, protocol: str, link: Link) -> None:
        """Note that something knocked which is no tracker of ours."""
        self.knocks.hear(protocol, link.transport, dt_util.utcnow())

    @callback
    def _inspect(self, _now: datetime) -> None:
        for inspector in tuple(self._inspectors):
            inspector()

    def _offer(self, stranger: Stranger) -> None:
        """Show a stranger to the owner: once, and never too many at a time.

        One that another receiver has or offers is left to that; should it let go, the
        next report is offered here.
        """
        if stranger.is_offered or not stranger.is_acceptable:
            return
        if is_spoken_for(self.hass, stranger.tracker_id):
            return
        if self._offers.are_many:
            self.strangers.withhold(stranger)
            return
        stranger.is_offered = True
        self._offers.make(stranger.tracker_id)

    def _export(self) -> dict[str, Any]:
        return {tracker_id: live.export() for tracker_id, live in self.trackers.items()}
