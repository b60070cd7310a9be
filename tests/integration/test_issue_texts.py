"""Texts of issues and their repairs: each that is needed exists, and no other does."""

import ast
from datetime import timedelta
from typing import Any

from homeassistant.components.repairs import ConfirmRepairFlow
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.findings import OF_RECEIVERS, OF_TRACKERS
from custom_components.sinotrack.issues import (
    FAILURES_BORNE,
    PORT_UNAVAILABLE,
    async_check_issues,
    async_note_port_failure,
)
from custom_components.sinotrack.live_tracker import TakenReport
from custom_components.sinotrack.repairs import async_create_fix_flow
from custom_components.sinotrack.tracking import Verdict

from .host import add_tracker, hub_of
from .road import CAR, VAN
from .test_translations import TEXTS, leaves, placeholders, said, source_of
from .trouble import told


def repair_class(name: str) -> ast.ClassDef:
    """Give the source of a repair."""
    (found,) = (
        node
        for node in source_of("repairs.py").body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    return found


def issue_text(key: str) -> dict[str, Any]:
    """Give the texts of an issue."""
    text: dict[str, Any] = TEXTS["issues"][key]
    return text


@pytest.fixture
async def issues(
    hass: HomeAssistant, entry: MockConfigEntry
) -> dict[str, ir.IssueEntry]:
    """All issues that there can be, by the keys of their texts."""
    hub, now = hub_of(entry), dt_util.utcnow()
    for tracker_id, offset in ((CAR, timedelta(hours=8)), (VAN, timedelta(hours=-8))):
        await add_tracker(hass, entry, tracker_id)
        live = hub.trackers[tracker_id]
        live.tracker.clock.offset = offset
        live.tracker.wiring.silent_trips = 2
        then = now - timedelta(hours=2)
        live.late_since = then
        live.reports += [
            TakenReport(now, then, "udp", verdict, b"")
            for verdict in (Verdict.DUPLICATE, Verdict.LATE) * 20
        ]
        live.has_two_senders = True
    for _ in range(3):
        hub.knocks.hear("gt06", "udp", now)
    async_check_issues(hub)
    for _ in range(FAILURES_BORNE + 1):
        async_note_port_failure(hass, entry)
    return {issue.translation_key or "": issue for issue in told(hass).values()}


def test_each_issue_has_texts_and_no_other_has(
    issues: dict[str, ir.IssueEntry],
) -> None:
    kinds = {kind.name for kind in OF_RECEIVERS} | {kind.name for kind in OF_TRACKERS}

    assert {issue.issue_id.rpartition("_")[0] for issue in issues.values()} == {
        *kinds,
        PORT_UNAVAILABLE,
    }
    assert issues.keys() == TEXTS["issues"].keys()


def test_texts_of_an_issue_use_all_that_they_are_given_and_no_more(
    issues: dict[str, ir.IssueEntry],
) -> None:
    for key, issue in issues.items():
        used = set().union(*(placeholders(text) for _, text in leaves(issue_text(key))))
        assert used == (issue.translation_placeholders or {}).keys(), key


async def test_each_repair_has_the_texts_of_its_steps_and_no_other(
    hass: HomeAssistant, issues: dict[str, ir.IssueEntry]
) -> None:
    for key, issue in issues.items():
        flow = await async_create_fix_flow(hass, issue.issue_id, issue.data)
        source = repair_class(type(flow).__name__)
        steps = said(source, "async_show_form", "step_id")
        steps |= said(source, "async_show_menu", "step_id")
        if isinstance(flow, ConfirmRepairFlow):
            steps.add("confirm")
        aborts = said(source, "async_abort", "reason")

        text = issue_text(key)
        assert text.keys() == {"title", "fix_flow"}
        assert text["fix_flow"]["step"].keys() == steps
        assert text["fix_flow"].get("abort", {}).keys() == aborts
        for step in text["fix_flow"]["step"].values():
            assert {"title", "description"} <= step.keys()
            assert step["title"] == text["title"]


@pytest.mark.parametrize("key", ["ignition_never_on", "two_networks"])
def test_choices_of_a_repair_are_told(key: str) -> None:
    (step,) = issue_text(key)["fix_flow"]["step"].values()
    menu = {
        node.name.removeprefix("async_step_")
        for node in repair_class("OptionRepair").body
        if isinstance(node, ast.AsyncFunctionDef)
    }

    assert step["menu_options"].keys() == menu - {"init"}


def test_repair_of_a_port_speaks_like_the_form_that_changes_it() -> None:
    repair = issue_text("port_unavailable")["fix_flow"]
    form = TEXTS["config"]["step"]["reconfigure"]

    assert repair["error"] == TEXTS["config"]["error"]
    for part in ("data", "data_description"):
        assert repair["step"]["receiver"][part] == form[part]
