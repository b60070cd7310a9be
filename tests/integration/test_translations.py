"""Texts and icons: each that is needed exists, and each that exists is needed."""

import ast
from collections.abc import Iterator
from enum import StrEnum
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section
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
from custom_components.sinotrack.h02 import Alarm, SmsFault, SmsPurpose, SmsWarning
from custom_components.sinotrack.networks import Suspicion
from custom_components.sinotrack.options import LIMITS
from custom_components.sinotrack.preparation import Sign, Stage
from custom_components.sinotrack.receiver import BindProblem
from custom_components.sinotrack.sensor import (
    LAST_SEEN,
    ODOMETER,
    RECEIVER_SENSORS,
    SENSORS,
)
from custom_components.sinotrack.system_health import async_system_health_info
from custom_components.sinotrack.tracking import IgnitionSource, Verdict

from .flows import (
    begin_change,
    begin_heard,
    begin_option,
    begin_tracker,
    choose,
    submit_tracker,
)
from .host import add_tracker, hub_of, until
from .road import CAR, VAN, UdpUnit, report
from .test_prepare import ANSWERS

COMPONENT = Path(__file__).parents[2] / "custom_components/sinotrack"
TEXTS: dict[str, Any] = json.loads((COMPONENT / "translations/en.json").read_text())
ICONS: dict[str, Any] = json.loads((COMPONENT / "icons.json").read_text())
ACTIONS: dict[str, Any] = yaml.safe_load((COMPONENT / "services.yaml").read_text())

DESCRIPTIONS = {
    "binary_sensor": BINARY_SENSORS,
    "device_tracker": (LOCATION,),
    "event": (ALARM,),
    "sensor": (*SENSORS, LAST_SEEN, ODOMETER, *RECEIVER_SENSORS),
}

BIND_PROBLEMS = {problem.value for problem in BindProblem}


def leaves(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Give each text with its key."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def source_of(*files: str) -> ast.Module:
    """Give the source of a flow, which may be spread over several files."""
    return ast.parse("\n".join((COMPONENT / file).read_text() for file in files))


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


def steps_in(source: ast.AST) -> set[str]:
    """Give the steps that a flow has."""
    return {
        node.name.removeprefix("async_step_")
        for node in ast.walk(source)
        if isinstance(node, ast.AsyncFunctionDef)
        and node.name.startswith("async_step_")
    }


def placeholders(text: str) -> set[str]:
    """Give the names in braces of a text."""
    return set(re.findall(r"{(\w+)}", text))


# --- flows ----------------------------------------------------------------------------

CONFIG = TEXTS["config"]
TRACKER = TEXTS["config_subentries"]["tracker"]
OPTIONS = TEXTS["options"]

CONFIG_SOURCE = source_of("config_flow.py")
TRACKER_SOURCE = source_of(
    *(f"flows/{name}.py" for name in ("steps", "tracker", "prepare", "ignition"))
)
OPTIONS_SOURCE = source_of("flows/options.py")

# Steps that only decide what comes next.
SILENT_STEPS = {"integration_discovery", "use_motion", "use_proved"}

ID_PROBLEMS = {"invalid_tracker_id", "already_configured"}


@pytest.mark.parametrize(
    ("source", "texts"),
    [(CONFIG_SOURCE, CONFIG), (TRACKER_SOURCE, TRACKER), (OPTIONS_SOURCE, OPTIONS)],
)
def test_each_step_that_is_shown_has_texts_and_no_other_has(
    source: ast.Module, texts: dict[str, Any]
) -> None:
    assert steps_in(source) - SILENT_STEPS == texts["step"].keys()
    assert all(step["title"] for step in texts["step"].values())


def assert_is_told(shown: Any, texts: dict[str, Any]) -> None:
    """Check that all that a step asks has a name and an explanation."""
    step = texts["step"][shown["step_id"]]
    assert step["description"]
    if shown["type"] is FlowResultType.MENU:
        options = step["menu_options"].keys()
        assert set(shown["menu_options"]) <= options
        assert step.get("menu_option_descriptions", {}).keys() in (options, set())
        return
    schema = shown["data_schema"].schema
    sections = {
        str(name): value for name, value in schema.items() if isinstance(value, section)
    }
    fields = {str(field) for field in schema} - sections.keys()
    told = step.get("sections", {})
    assert step.get("data", {}).keys() == fields
    assert step.get("data_description", {}).keys() == fields
    assert told.keys() == sections.keys()
    for name, value in sections.items():
        fields = {str(field) for field in value.schema.schema}
        assert told[name]["data"].keys() == fields
        assert told[name]["data_description"].keys() == fields
        assert {"name", "description"} <= told[name].keys()


async def test_each_field_of_each_form_is_named_and_explained(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    flow = hass.config_entries.flow
    stranger = {"entry_id": entry.entry_id, "tracker_id": CAR}
    for shown in (
        await flow.async_init(DOMAIN, context={"source": "user"}),
        await entry.start_reconfigure_flow(hass),
        await flow.async_init(
            DOMAIN, context={"source": "integration_discovery"}, data=stranger
        ),
    ):
        assert_is_told(shown, CONFIG)
    for shown in (
        await hass.config_entries.options.async_init(entry.entry_id),
        await begin_option(hass, entry, "self_test"),
        await begin_option(hass, entry, "networks"),
    ):
        assert_is_told(shown, OPTIONS)


async def test_each_field_of_each_form_of_a_tracker_is_named_and_explained(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit
) -> None:
    tracker = await add_tracker(hass, entry, VAN)
    udp.send(report(CAR))
    await until(hass, lambda: len(hub_of(entry).strangers) == 1)
    menu = await begin_tracker(hass, entry)
    prepare = await choose(hass, await begin_tracker(hass, entry), "prepare")
    texts = await submit_tracker(hass, prepare, **ANSWERS)
    udp.send(report(CAR))
    await until(hass, lambda: next(iter(hub_of(entry).strangers)).reports == 2)
    arrived = await submit_tracker(hass, texts)
    assert arrived["step_id"] == "arrived"

    for shown in (
        menu,
        await begin_heard(hass, entry),
        prepare,
        texts,
        arrived,
        await entry.start_subentry_reconfigure_flow(hass, tracker.subentry_id),
        await begin_change(hass, entry, tracker, "settings"),
        await begin_change(hass, entry, tracker, "ignition"),
    ):
        assert_is_told(shown, TRACKER)


def test_each_error_is_told() -> None:
    assert CONFIG["error"].keys() == BIND_PROBLEMS
    ranges = {f"{key}_range" for key in LIMITS}
    assert TRACKER["error"].keys() == {*SmsFault, *ID_PROBLEMS, *ranges}
    assert OPTIONS["error"].keys() == {"no_network"}


def test_each_reason_to_abort_is_told() -> None:
    # Home Assistant has the text for a successful reconfiguration itself.
    assert CONFIG["abort"].keys() == {
        *said(CONFIG_SOURCE, "async_abort", "reason"),
        "tracker_added",
        "tracker_expected",
    }
    assert TRACKER["abort"].keys() == {
        *said(TRACKER_SOURCE, "async_abort", "reason"),
        "ignition_was_right",
        *(f"ignition_{source}" for source in IgnitionSource),
    }
    assert OPTIONS["abort"].keys() == {
        *said(OPTIONS_SOURCE, "async_abort", "reason"),
        "tcp_is_deaf",
        "udp_is_deaf",
        "both_are_deaf",
    }


def test_each_stage_of_the_wait_is_told() -> None:
    """The last one is not: with a fix the wait is over."""
    assert TRACKER["progress"].keys() == {
        *(stage for stage in Stage if stage is not Stage.FIX),
        *(f"{stage}_overdue" for stage in ("silence", "connection", "bytes")),
        "key_on",
        "key_off",
    }


def test_flow_has_no_other_texts() -> None:
    assert CONFIG.keys() == {"flow_title", "step", "error", "abort"}
    assert TEXTS["config_subentries"].keys() == {"tracker"}
    assert TRACKER.keys() == {
        *("entry_type", "initiate_flow", "step", "progress", "error", "abort")
    }
    assert TRACKER["initiate_flow"].keys() == {"user", "reconfigure"}
    assert OPTIONS.keys() == {"step", "error", "abort"}


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
    # Only who tries a port out can tell these.
    told = BIND_PROBLEMS - {BindProblem.DEAF, BindProblem.NOT_A_PORT}
    told |= {"networks_unreadable", "not_a_tracker", "device_in_use"}
    assert TEXTS["exceptions"].keys() == told
    for text in TEXTS["exceptions"].values():
        assert text.keys() == {"message"}


def test_exceptions_for_the_owner_are_raised_with_a_translation() -> None:
    raised = [
        {argument.arg for argument in node.exc.keywords}
        for path in (*COMPONENT.glob("*.py"), *COMPONENT.glob("flows/*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    ]
    assert len(raised) >= 3
    for keywords in raised:
        assert {"translation_domain", "translation_key"} <= keywords


# --- states, choices, actions ---------------------------------------------------------


def test_each_state_that_is_a_word_is_translated() -> None:
    texts = TEXTS["entity"]
    alarm = texts["event"]["alarm"]["state_attributes"]

    assert texts["sensor"]["verdict"]["state"].keys() == set(Verdict)
    assert alarm["event_type"]["state"].keys() == {*Alarm, *Suspicion}
    assert alarm.keys() == {"event_type", "late", "time"}


@pytest.mark.parametrize("description", BINARY_SENSORS, ids=lambda item: item.key)
def test_both_states_are_told_by_the_device_class_or_here(
    description: SinotrackBinarySensorDescription,
) -> None:
    states = TEXTS["entity"]["binary_sensor"].get(description.key, {}).get("state")

    # Whoever sits in the vehicle is safe or not: nobody knows. The button is pressed.
    is_word = description.device_class is None or description.key == "sos"
    if is_word and description.key != "ignition":
        assert states.keys() == {"off", "on"}
    else:
        assert states is None


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("ignition_source", IgnitionSource),
        ("sign", Sign),
        ("sms_purpose", SmsPurpose),
        ("sms_warning", SmsWarning),
    ],
)
def test_each_word_of_a_group_is_translated(group: str, words: type[StrEnum]) -> None:
    assert TEXTS["selector"][group].keys() == {"options"}
    assert TEXTS["selector"][group]["options"].keys() == set(words)


def test_there_is_no_other_group_of_words() -> None:
    assert TEXTS["selector"].keys() == {
        *("ignition_source", "sign", "sms_purpose", "sms_warning")
    }


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
        "issues",
        "options",
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


# What each text is given by the code that shows it.
STEP = "config_subentries.tracker.step"
PROGRESS = "config_subentries.tracker.progress"
GIVEN = {
    "config.flow_title": {"name"},
    "config.step.confirm.description": {"tracker_id", "heard"},
    "config.abort.tracker_added": {"name"},
    "config.abort.tracker_expected": {"name"},
    f"{STEP}.texts.description": {"texts", "hints"},
    f"{STEP}.arrived.description": {"tracker_id"},
    f"{STEP}.reconfigure.description": {"name"},
    f"{STEP}.settings.title": {"name"},
    f"{STEP}.ignition.title": {"name"},
    **{f"{PROGRESS}.{stage}": {"signs"} for stage in Stage if stage is not Stage.FIX},
    **{
        f"{PROGRESS}.{stage}_overdue": {"signs"}
        for stage in ("silence", "connection", "bytes")
    },
    f"{PROGRESS}.silence_overdue": {"port", "signs"},
    f"{PROGRESS}.foreign": {"protocol", "signs"},
    f"{PROGRESS}.ignored": {"heard_id", "signs"},
    f"{PROGRESS}.other_id": {"heard_id", "tracker_id", "signs"},
    f"{PROGRESS}.no_fix": {"heard_id", "signs"},
    "options.step.self_test.description": {"port"},
    "options.error.no_network": {"network"},
    **{
        f"options.abort.{reason}": {"port"}
        for reason in ("test_passed", "tcp_is_deaf", "udp_is_deaf", "both_are_deaf")
    },
    "options.abort.test_passed_within": {"port", "networks"},
    "exceptions.port_in_use.message": {"port"},
    "exceptions.permission_denied.message": {"port"},
    "exceptions.address_not_available.message": {"host"},
    "exceptions.cannot_bind.message": {"host", "port"},
    "exceptions.not_a_tracker.message": {"name"},
    "exceptions.device_in_use.message": {"name"},
}


def test_text_uses_what_it_is_given_and_nothing_else() -> None:
    assert {
        key: placeholders(text)
        for key, text in leaves(TEXTS)
        if placeholders(text) and not key.startswith("issues.")
    } == GIVEN
