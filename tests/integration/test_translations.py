"""Texts and icons: each that is needed exists, and each that exists is needed."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any
from unittest.mock import ANY

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.sinotrack.binary_sensor import (
    BINARY_SENSORS,
    SinotrackBinarySensorDescription,
)
from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.device_tracker import LOCATION
from custom_components.sinotrack.event import ALARM
from custom_components.sinotrack.h02 import Alarm
from custom_components.sinotrack.receiver import BindProblem
from custom_components.sinotrack.sensor import (
    LAST_SEEN,
    RECEIVER_SENSORS,
    SENSORS,
)
from custom_components.sinotrack.system_health import async_system_health_info
from custom_components.sinotrack.tracking import IgnitionSource, Verdict

from .host import add_tracker
from .road import CAR, VAN

COMPONENT = Path(__file__).parents[2] / "custom_components/sinotrack"
TEXTS: dict[str, Any] = json.loads((COMPONENT / "translations/en.json").read_text())
ICONS: dict[str, Any] = json.loads((COMPONENT / "icons.json").read_text())
ACTIONS: dict[str, Any] = yaml.safe_load((COMPONENT / "services.yaml").read_text())

DESCRIPTIONS = {
    "binary_sensor": BINARY_SENSORS,
    "device_tracker": (LOCATION,),
    "event": (ALARM,),
    "sensor": (*SENSORS, LAST_SEEN, *RECEIVER_SENSORS),
}

BIND_PROBLEMS = {problem.value for problem in BindProblem}


def leaves(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Give each text with its key."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def class_of(name: str) -> ast.ClassDef:
    """Give the source of a flow."""
    tree = ast.parse((COMPONENT / "config_flow.py").read_text())
    (found,) = (
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    return found


def said(source: ast.AST, function: str, keyword: str) -> set[str]:
    """Give the plain texts that calls of a function pass by a keyword."""
    return {
        argument.value.value
        for node in ast.walk(source)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == function
        for argument in node.keywords
        if argument.arg == keyword
        and isinstance(argument.value, ast.Constant)
        and isinstance(argument.value.value, str)
    }


def errors_in(source: ast.AST) -> set[str]:
    """Give the plain texts that are put into `errors`."""
    return {
        node.value.value
        for node in ast.walk(source)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and isinstance(node.targets[0], ast.Subscript)
        and isinstance(node.targets[0].value, ast.Name)
        and node.targets[0].value.id == "errors"
    }


def placeholders(text: str) -> set[str]:
    """Give the names in braces of a text."""
    return set(re.findall(r"{(\w+)}", text))


# --- flows ----------------------------------------------------------------------------

FLOWS = {
    "config": ("SinotrackConfigFlow", TEXTS["config"]),
    "tracker": ("TrackerSubentryFlow", TEXTS["config_subentries"]["tracker"]),
}


@pytest.mark.parametrize("flow", FLOWS)
def test_each_step_that_is_shown_has_texts_and_no_other_has(flow: str) -> None:
    source, texts = FLOWS[flow]

    shown = said(class_of(source), "async_show_form", "step_id")

    assert shown == texts["step"].keys()


async def test_each_field_of_each_form_is_named_and_explained(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    config, subentries = hass.config_entries.flow, hass.config_entries.subentries
    tracker = await add_tracker(hass, entry, VAN)
    stranger = {"entry_id": entry.entry_id, "tracker_id": CAR}
    forms: dict[str, list[Any]] = {
        "config": [
            await config.async_init(DOMAIN, context={"source": "user"}),
            await entry.start_reconfigure_flow(hass),
            await config.async_init(
                DOMAIN, context={"source": "integration_discovery"}, data=stranger
            ),
        ],
        "tracker": [
            await subentries.async_init(
                (entry.entry_id, "tracker"), context={"source": "user"}
            ),
            await entry.start_subentry_reconfigure_flow(hass, tracker.subentry_id),
        ],
    }

    for flow, (_, texts) in FLOWS.items():
        assert {form["step_id"] for form in forms[flow]} == texts["step"].keys()
        for form in forms[flow]:
            step = texts["step"][form["step_id"]]
            schema = form["data_schema"].schema
            sections = {
                str(name): value
                for name, value in schema.items()
                if isinstance(value, section)
            }
            fields = {str(field) for field in schema} - sections.keys()
            told = step.get("sections", {})
            assert {"title", "description"} <= step.keys()
            assert step["data"].keys() == step["data_description"].keys() == fields
            assert told.keys() == sections.keys()
            for name, value in sections.items():
                fields = {str(field) for field in value.schema.schema}
                assert told[name]["data"].keys() == fields
                assert told[name]["data_description"].keys() == fields
                assert {"name", "description"} <= told[name].keys()


@pytest.mark.parametrize(
    ("flow", "bound"), [("config", BIND_PROBLEMS), ("tracker", set())]
)
def test_each_error_is_told(flow: str, bound: set[str]) -> None:
    source, texts = FLOWS[flow]

    assert errors_in(class_of(source)) | bound == texts["error"].keys()


def test_each_reason_to_abort_is_told() -> None:
    reasons = said(class_of("SinotrackConfigFlow"), "async_abort", "reason")

    # Home Assistant has the text for a successful reconfiguration itself.
    assert reasons == TEXTS["config"]["abort"].keys()
    # Raised by Home Assistant for an id that another flow was faster to add.
    assert TEXTS["config_subentries"]["tracker"]["abort"].keys() == {
        "already_configured"
    }


def test_flow_has_no_other_texts() -> None:
    assert TEXTS["config"].keys() == {"flow_title", "step", "error", "abort"}
    tracker = TEXTS["config_subentries"]["tracker"]
    assert TEXTS["config_subentries"].keys() == {"tracker"}
    assert tracker.keys() == {"entry_type", "initiate_flow", "step", "error", "abort"}
    assert tracker["initiate_flow"].keys() == {"user", "reconfigure"}


# --- entities, devices, exceptions ----------------------------------------------------


def test_each_entity_without_a_device_class_is_named() -> None:
    named = {
        platform: {
            description.translation_key
            for description in descriptions
            if description.translation_key and description is not LOCATION
        }
        for platform, descriptions in DESCRIPTIONS.items()
    }
    texts = TEXTS["entity"]

    assert {platform: keys for platform, keys in named.items() if keys} == {
        platform: texts[platform].keys() for platform in texts
    }
    assert all(text["name"] for platform in texts for text in texts[platform].values())


@pytest.mark.parametrize("platform", DESCRIPTIONS)
def test_each_entity_has_a_name_and_an_icon_of_its_own_or_of_its_class(
    platform: str,
) -> None:
    for description in DESCRIPTIONS[platform]:
        icons = ICONS["entity"][platform].get(description.translation_key)
        if icons is None:
            assert description.device_class is not None
        else:
            assert icons["default"].startswith("mdi:")


def test_each_icon_is_of_an_entity() -> None:
    keys = {
        (platform, description.translation_key)
        for platform, descriptions in DESCRIPTIONS.items()
        for description in descriptions
    }

    assert ICONS.keys() == {"entity", "services"}
    for platform, icons in ICONS["entity"].items():
        for key, icon in icons.items():
            assert (platform, key) in keys
            assert icon.keys() <= {"default", "state"}


def test_each_device_with_a_fixed_name_has_it_here() -> None:
    source = ast.parse((COMPONENT / "__init__.py").read_text())

    assert (
        said(source, "async_get_or_create", "translation_key") == TEXTS["device"].keys()
    )


def test_each_exception_is_told() -> None:
    assert TEXTS["exceptions"].keys() == BIND_PROBLEMS | {"not_a_tracker"}
    for text in TEXTS["exceptions"].values():
        assert text.keys() == {"message"}


@pytest.mark.parametrize(
    "path", sorted(COMPONENT.glob("*.py")), ids=lambda path: path.name
)
def test_exceptions_for_the_owner_are_raised_with_a_translation(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            keywords = {argument.arg for argument in node.exc.keywords}
            assert {"translation_domain", "translation_key"} <= keywords


# --- states, choices, actions ---------------------------------------------------------


def test_each_state_that_is_a_word_is_translated() -> None:
    texts = TEXTS["entity"]
    alarm = texts["event"]["alarm"]["state_attributes"]

    assert texts["sensor"]["verdict"]["state"].keys() == set(Verdict)
    assert alarm["event_type"]["state"].keys() == set(Alarm)
    assert alarm.keys() == {"event_type", "late", "time"}


@pytest.mark.parametrize("description", BINARY_SENSORS, ids=lambda item: item.key)
def test_both_states_are_told_by_the_device_class_or_here(
    description: SinotrackBinarySensorDescription,
) -> None:
    states = TEXTS["entity"]["binary_sensor"].get(description.key, {}).get("state")

    if description.device_class is None and description.key != "ignition":
        assert states.keys() == {"off", "on"}
    else:
        assert states is None


def test_each_choice_is_translated() -> None:
    assert TEXTS["selector"] == {"ignition_source": {"options": ANY}}
    options = TEXTS["selector"]["ignition_source"]["options"]
    assert options.keys() == set(IgnitionSource)


async def test_each_action_is_described_and_has_an_icon(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    registered = hass.services.async_services_for_domain(DOMAIN)

    assert registered.keys() == ACTIONS.keys()
    assert registered.keys() == TEXTS["services"].keys() == ICONS["services"].keys()
    for name, action in registered.items():
        schema: Any = action.schema
        fields = {str(field) for field in schema.schema}
        texts = TEXTS["services"][name]
        assert fields == ACTIONS[name]["fields"].keys() == texts["fields"].keys()
        assert texts.keys() == {"name", "description", "fields"}
        for field in texts["fields"].values():
            assert field.keys() == {"name", "description"}
        assert ICONS["services"][name]["service"].startswith("mdi:")


async def test_each_line_about_the_health_is_named(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    told = await async_system_health_info(hass)

    assert TEXTS["system_health"].keys() == {"info"}
    assert TEXTS["system_health"]["info"].keys() == told.keys()


# --- all texts ------------------------------------------------------------------------


def test_there_are_no_other_texts() -> None:
    assert TEXTS.keys() == {
        "title",
        "config",
        "config_subentries",
        "device",
        "entity",
        "exceptions",
        "selector",
        "services",
        "system_health",
    }


@pytest.mark.parametrize("key", dict(leaves(TEXTS)))
def test_text_is_plain_and_whole(key: str) -> None:
    text = dict(leaves(TEXTS))[key]

    assert text.strip() == text != ""
    # References to other texts are resolved when Home Assistant itself is built.
    assert "[%key" not in text
    assert not re.search(r"</?\w+[^>]*>", text), "HTML is not allowed"
    assert "http" not in text, "addresses are passed as placeholders"
    assert not text.endswith(("!", " ."))


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("config.flow_title", {"name"}),
        ("config.step.confirm.description", {"tracker_id"}),
        ("config.abort.tracker_added", {"name"}),
        ("exceptions.port_in_use.message", {"port"}),
        ("exceptions.permission_denied.message", {"port"}),
        ("exceptions.address_not_available.message", {"host"}),
        ("exceptions.cannot_bind.message", {"host", "port"}),
        ("exceptions.not_a_tracker.message", {"name"}),
    ],
)
def test_text_uses_what_it_is_given(key: str, names: set[str]) -> None:
    assert placeholders(dict(leaves(TEXTS))[key]) == names


def test_no_other_text_has_placeholders() -> None:
    assert {key for key, text in leaves(TEXTS) if placeholders(text)} == {
        "config.flow_title",
        "config.step.confirm.description",
        "config.abort.tracker_added",
        "exceptions.not_a_tracker.message",
        *(f"exceptions.{problem}.message" for problem in BIND_PROBLEMS),
    }
