"""Issues in the interface: when one is raised, and when it goes.

What is found now and then, never on the way of a report, is raised; what is found no
longer is deleted. A port that cannot be opened has nobody yet who would look again: it
is told where the set-up fails.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import CONF_ENTRY_ID, CONF_SUBENTRY_ID, DOMAIN, shown_address
from .findings import OF_RECEIVERS, OF_TRACKERS, Kind
from .hub import Hub
from .offers import withdraw_offers

PORT_UNAVAILABLE: Final = "port_unavailable"

FAILURES_BORNE: Final = 2
"""Of opening the port, a quarter of a minute: an interface may come up late."""

_FAILURES: Final[HassKey[Counter[str]]] = HassKey(f"{DOMAIN}_failures")

type IssueData = dict[str, str | int | float | None]
"""What a repair has to know."""


def name_issue(kind: str, about: str) -> str:
    """Give the id of an issue: its kind, and the id of the entry or sub-entry.

    Never that of a tracker: diagnostics list the issues, and are shown to others.
    """
    return f"{kind}_{about}"


@dataclass(frozen=True, slots=True)
class Issue[Subject]:
    """An issue that a receiver or a tracker may have."""

    kind: Kind[Subject]
    subject: Subject
    id: str
    data: IssueData

    def check(self, hass: HomeAssistant) -> None:
        """Raise it where there is one, and delete it where there is none."""
        raised = ir.async_get(hass).async_get_issue(DOMAIN, self.id)
        # One that was ignored before a restart is remembered, but is not active.
        is_raised = raised is not None and raised.active
        finding = self.kind.find(self.subject, dt_util.utcnow(), is_raised)
        if finding is not None:
            ir.async_create_issue(
                hass,
                DOMAIN,
                self.id,
                data=self.data,
                is_fixable=True,
                severity=self.kind.severity,
                translation_key=finding.texts,
                translation_placeholders=finding.placeholders,
            )
        elif is_raised:
            ir.async_delete_issue(hass, DOMAIN, self.id)

    def dismiss(self) -> None:
        """Take note that the owner knows."""
        self.kind.dismiss(self.subject)


def _issues_of(hub: Hub) -> Iterator[Issue[Any]]:
    """Give all that a receiver and its trackers may have."""
    entry_id = hub.entry.entry_id
    for of_receiver in OF_RECEIVERS:
        issue_id = name_issue(of_receiver.name, entry_id)
        yield Issue(of_receiver, hub, issue_id, {CONF_ENTRY_ID: entry_id})
    for live in hub.trackers.values():
        subentry_id = live.subentry.subentry_id
        data: IssueData = {CONF_ENTRY_ID: entry_id, CONF_SUBENTRY_ID: subentry_id}
        for of_tracker in OF_TRACKERS:
            issue_id = name_issue(of_tracker.name, subentry_id)
            yield Issue(of_tracker, live, issue_id, data)


# --- while a receiver is open ---------------------------------------------------------


@callback
def async_watch_issues(hub: Hub) -> CALLBACK_TYPE:
    """Look for issues from now on; gives the way to stop that, and to delete them."""

    @callback
    def inspect() -> None:
        async_check_issues(hub)

    stop_inspecting = hub.async_on_inspection(inspect)
    inspect()

    @callback
    def stop() -> None:
        stop_inspecting()
        registry = ir.async_get(hub.hass)
        for issue in _issues_of(hub):
            raised = registry.async_get_issue(DOMAIN, issue.id)
            # One that is ignored stays so: a reload is no news.
            if raised is not None and raised.dismissed_version is None:
                registry.async_delete(DOMAIN, issue.id)

    return stop


@callback
def async_check_issues(hub: Hub) -> None:
    """Raise what there is, and delete what is no more."""
    for issue in _issues_of(hub):
        issue.check(hub.hass)


@callback
def async_dismiss_issue(hass: HomeAssistant, issue_id: str) -> None:
    """Take note that the owner knows of an issue, unless its tracker has gone."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        for issue in _issues_of(entry.runtime_data):
            if issue.id == issue_id:
                issue.dismiss()


@callback
def async_delete_stale_issues(hass: HomeAssistant) -> None:
    """Delete all issues of trackers that were deleted, also those ignored.

    By their ids: of one that is ignored, nothing else outlives a restart.
    """
    subentry_ids = {
        subentry_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry_id in entry.subentries
    }
    kinds = {kind.name for kind in OF_TRACKERS}
    for domain, issue_id in tuple(ir.async_get(hass).issues):
        kind, _, about = issue_id.rpartition("_")
        if domain == DOMAIN and kind in kinds and about not in subentry_ids:
            ir.async_delete_issue(hass, DOMAIN, issue_id)


# --- while it is not, or never again --------------------------------------------------


@callback
def async_note_port_failure(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Tell that the port cannot be opened, if that lasts; the repair finds out why."""
    failures = hass.data.setdefault(_FAILURES, Counter())
    failures[entry.entry_id] += 1
    if failures[entry.entry_id] <= FAILURES_BORNE:
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        name_issue(PORT_UNAVAILABLE, entry.entry_id),
        data={CONF_ENTRY_ID: entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=PORT_UNAVAILABLE,
        translation_placeholders=shown_address(entry),
    )


@callback
def async_delete_port_issue(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Tell no longer that the port cannot be opened."""
    hass.data.setdefault(_FAILURES, Counter()).pop(entry.entry_id, None)
    ir.async_delete_issue(hass, DOMAIN, name_issue(PORT_UNAVAILABLE, entry.entry_id))


@callback
def async_follow_disabling(hass: HomeAssistant) -> None:
    """Let go of what a receiver that is disabled has told.

    That it waits for its port, for it was never set up, so that there is nothing to
    unload; and which trackers it has heard, which could not report to it.
    """

    @callback
    def follow(_change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.disabled_by is not None:
            async_delete_port_issue(hass, entry)
            withdraw_offers(hass, entry)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, follow)


@callback
def async_delete_issues_of_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete all issues of a receiver that is removed, also those ignored."""
    async_delete_port_issue(hass, entry)
    for kind in OF_RECEIVERS:
        ir.async_delete_issue(hass, DOMAIN, name_issue(kind.name, entry.entry_id))
    async_delete_stale_issues(hass)
