"""What the owner may set of a tracker: the form, and that it counts at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.sinotrack.options import tracker_options
from custom_components.sinotrack.tracking import IgnitionSource, TrackerOptions

from .conftest import TcpFactory
from .flows import begin_change
from .host import device_of, hub_of, pass_time, place_of, shown, until
from .road import BERLIN, CAR, UdpUnit, heartbeat, report
from .test_translations import TRACKER

pytestmark = pytest.mark.usefixtures("noon")

MINUTE = timedelta(minutes=1)

CLOSED: dict[str, Any] = {"contact": {}, "place": {}, "distance": {}}


async def say(hass: HomeAssistant, udp: UdpUnit, frame: bytes) -> None:
    """Report, and wait until that is done with."""
    udp.send(frame)
    await udp.answer()
    await hass.async_block_till_done()


async def change(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    *,
    name: str = "Car",
    **options: Any,
) -> SubentryFlowResult:
    """Submit the form, with what is proposed where a test says nothing."""
    form = await begin_change(hass, entry, tracker, "settings")
    answers: dict[str, Any] = {"name": name}
    for section, fields in (
        ("contact", ("ignition_source", "offline_after", "acknowledge")),
        (
            "place",
            (
                *("hold_radius", "max_speed", "accuracy", "settle_within"),
                "hold_contradictions",
            ),
        ),
        ("distance", ("odometer_start",)),
    ):
        answers[section] = {key: options[key] for key in fields if key in options}
    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"], answers
    )
    await hass.async_block_till_done()
    return result


def options_of(entry: MockConfigEntry) -> TrackerOptions:
    """Give what a tracker goes by."""
    return hub_of(entry).trackers[CAR].tracker.options


def filled_in(form: SubentryFlowResult, section: str) -> dict[str, Any]:
    """Give what a section of the form is filled with."""
    assert form["data_schema"] is not None
    return {
        str(field): field.default()
        if field.description is None
        else field.description["suggested_value"]
        for field in form["data_schema"].schema[section].schema.schema
    }


async def test_form_that_is_left_as_it_is_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry
) -> None:
    result = await change(hass, entry, tracker)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert options_of(entry) == TrackerOptions() == tracker_options({})
    assert tracker.title == "Car"
    assert tracker.data == {
        "tracker_id": CAR,
        "ignition_source": "wire",
        "acknowledge": True,
        "hold_radius": 75,
        "max_speed": 250,
        "settle_within": 60,
        "hold_contradictions": False,
    }


async def test_change_counts_without_a_reload(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry
) -> None:
    hub = hub_of(entry)

    await change(
        hass,
        entry,
        tracker,
        name=" Van ",
        ignition_source="motion",
        offline_after=30,
        hold_radius=20,
        max_speed=120,
        accuracy=8,
        settle_within=0,
    )

    assert options_of(entry) == TrackerOptions(
        ignition_source=IgnitionSource.MOTION,
        offline_after=timedelta(minutes=30),
        hold_radius_m=20,
        max_speed_kmh=120,
        accuracy_m=8,
        settle_within=timedelta(0),
    )
    assert hub_of(entry) is hub
    device = device_of(hass, entry)
    assert device is not None
    assert device.name == tracker.title == "Van"


async def test_what_is_set_is_kept_and_shown_again(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry
) -> None:
    await change(hass, entry, tracker, accuracy=8, max_speed=120)
    await hass.config_entries.async_reload(entry.entry_id)
    assert options_of(entry).max_speed_kmh == 120

    form = await begin_change(hass, entry, tracker, "settings")

    assert filled_in(form, "place") == {
        "hold_radius": 75,
        "max_speed": 120,
        "accuracy": 8,
        "settle_within": 60,
        "hold_contradictions": False,
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ignition_source", "wat"),
        ("ignition_source", None),
        ("offline_after", "abc"),
        ("offline_after", 1e12),
        ("hold_radius", None),
        ("max_speed", "fast"),
        ("accuracy", -5),
        ("odometer_start", "far"),
        ("hold_contradictions", "wat"),
        ("of_a_later_version", True),
    ],
)
async def test_option_that_cannot_be_read_closes_no_receiver(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    udp: UdpUnit,
    *,
    key: str,
    value: Any,
) -> None:
    """As after a step back to an older version: all others count, and all trackers."""
    hass.config_entries.async_update_subentry(
        entry, tracker, data={**tracker.data, "settle_within": 30, key: value}
    )

    assert await hass.config_entries.async_reload(entry.entry_id)

    options = hub_of(entry).trackers[CAR].tracker.options
    assert options == replace(TrackerOptions(), settle_within=30 * MINUTE)
    await say(hass, udp, report())
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)


async def test_field_that_is_emptied_is_automatic_again(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry
) -> None:
    await change(hass, entry, tracker, accuracy=8, offline_after=30)
    await change(hass, entry, tracker, offline_after=0)

    assert options_of(entry) == TrackerOptions()


@pytest.mark.parametrize("is_receiver", [False, True])
async def test_tracker_that_was_deleted_meanwhile_is_told(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    *,
    is_receiver: bool,
) -> None:
    """Alone, or with its receiver."""
    form = await begin_change(hass, entry, tracker, "settings")
    if is_receiver:
        await hass.config_entries.async_remove(entry.entry_id)
    else:
        hass.config_entries.async_remove_subentry(entry, tracker.subentry_id)

    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"], {"name": "Car", **CLOSED}
    )

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "tracker_gone"


async def test_tracker_does_not_lose_its_name(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry
) -> None:
    form = await change(hass, entry, tracker, name=" ")

    assert form["errors"] == {"name": "empty"}
    assert tracker.title == "Car"


async def test_value_that_no_form_sends_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry
) -> None:
    with pytest.raises(InvalidData):
        await change(hass, entry, tracker, ignition_source="key")

    assert options_of(entry) == TrackerOptions()


@pytest.mark.parametrize(
    ("field", "wrong", "right"),
    [
        ("contact/offline_after", -1, 10_080),
        ("place/hold_radius", 1001, 1000),
        ("place/max_speed", 49, 50),
        ("place/accuracy", 1001, 1000),
        ("place/settle_within", 10_081, 10_080),
        ("distance/odometer_start", -0.1, 9_999_999),
    ],
)
async def test_number_out_of_its_range_is_told_with_the_range(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    *,
    field: str,
    wrong: float,
    right: int,
) -> None:
    section, key = field.split("/")
    before = dict(tracker.data)

    changes: dict[str, Any] = {key: wrong}
    form = await change(hass, entry, tracker, name="Van", **changes)

    assert form["errors"] == {section: f"{key}_range"}
    assert str(right) in TRACKER["error"][f"{key}_range"].split()
    # What was typed is still there.
    assert form["data_schema"] is not None
    assert form["data_schema"](dict(CLOSED))["name"] == "Van"
    assert filled_in(form, section)[key] == wrong
    assert tracker.data == before

    changes = {key: right}
    result = await change(hass, entry, tracker, **changes)
    assert result["reason"] == "reconfigure_successful"
    assert tracker.data[key] == right


async def test_tracker_is_offline_when_its_owner_says_so(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    await say(hass, udp, report())
    await pass_time(hass, freezer, 3 * MINUTE)

    await change(hass, entry, tracker, offline_after=5)
    assert shown(hass, "connectivity").state == "on"
    await pass_time(hass, freezer, 2 * MINUTE)

    assert shown(hass, "connectivity").state == "off"


async def test_tracker_that_is_not_to_be_answered_is_heard_all_the_same(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    connect: TcpFactory,
) -> None:
    unit = await connect()
    await change(hass, entry, tracker, acknowledge=False)
    unit.send(report(ignition=True))
    await until(hass, lambda: shown(hass, "ignition").state == "on")
    (session,) = hub_of(entry).receiver.sessions
    assert not session.is_stranger

    await change(hass, entry, tracker, acknowledge=True)
    unit.send(heartbeat())
    assert await unit.answer() == heartbeat(), "it is the first answer"


async def test_ignition_follows_the_wire_the_other_way_round(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    await say(hass, udp, report(ignition=False))
    await change(hass, entry, tracker, ignition_source="inverted")
    freezer.tick(MINUTE)

    await say(hass, udp, report(ignition=False))

    assert shown(hass, "ignition").state == "on"


async def test_parked_car_leaves_its_place_as_its_owner_likes(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    latitude, longitude = BERLIN
    drift = (latitude + 0.0003, longitude)
    await say(hass, udp, report())
    freezer.tick(MINUTE)
    await say(hass, udp, report(place=drift))
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)

    await change(hass, entry, tracker, hold_radius=0, accuracy=33)
    freezer.tick(MINUTE)
    await say(hass, udp, report(place=drift))

    assert place_of(hass) == pytest.approx(drift, abs=1e-5)
    assert shown(hass, "location").attributes["gps_accuracy"] == 33


# --- the odometer ---------------------------------------------------------------------


async def test_odometer_is_set_when_its_start_is_changed_and_only_then(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    await say(hass, udp, report(ignition=True, speed_kmh=50))
    await change(hass, entry, tracker, odometer_start=1000)
    assert float(shown(hass, "odometer").state) == 1000

    latitude, longitude = BERLIN
    freezer.tick(MINUTE)
    await say(
        hass,
        udp,
        report(place=(latitude + 0.01, longitude), ignition=True, speed_kmh=60),
    )
    driven = shown(hass, "odometer").state
    assert float(driven) == pytest.approx(1001.1, abs=0.1)

    await change(hass, entry, tracker, odometer_start=1000, accuracy=8)
    assert shown(hass, "odometer").state == driven
    await change(hass, entry, tracker)
    assert shown(hass, "odometer").state == driven
    await change(hass, entry, tracker, odometer_start=2000)
    assert float(shown(hass, "odometer").state) == 2000


async def test_start_of_the_odometer_is_not_set_again_by_a_restart(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
) -> None:
    await change(hass, entry, tracker, odometer_start=1000)
    hub_of(entry).trackers[CAR].async_set_odometer(1234)

    await hass.config_entries.async_reload(entry.entry_id)

    assert float(shown(hass, "odometer").state) == 1234


async def test_start_that_is_changed_while_the_receiver_is_closed_counts_when_it_opens(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    await change(hass, entry, tracker, odometer_start=1000)

    await hass.config_entries.async_setup(entry.entry_id)

    assert float(shown(hass, "odometer").state) == 1000


# --- in the interface -----------------------------------------------------------------


async def test_form_comes_to_the_interface_in_sections(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    hass_client: ClientSessionGenerator,
) -> None:
    assert await async_setup_component(hass, "config", {})
    client = await hass_client()

    answer = await client.post(
        "/api/config/config_entries/subentries/flow",
        json={
            "handler": [entry.entry_id, "tracker"],
            "subentry_id": tracker.subentry_id,
        },
    )

    menu = await answer.json()
    assert menu["menu_options"] == ["settings", "ignition"]
    answer = await client.post(
        f"/api/config/config_entries/subentries/flow/{menu['flow_id']}",
        json={"next_step_id": "settings"},
    )
    form = await answer.json()
    assert form["step_id"] == "settings"
    assert [(field["name"], field.get("type")) for field in form["data_schema"]] == [
        ("name", None),
        ("contact", "expandable"),
        ("place", "expandable"),
        ("distance", "expandable"),
    ]
