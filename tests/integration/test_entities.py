"""What entities show, when they are available, and how little they write."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from simulator import StatusBit

from .host import (
    CORE,
    add_tracker,
    count_writes,
    entity_id,
    pass_time,
    place_of,
    receiver_entry,
    set_up,
    shown,
    until,
)
from .road import (
    BERLIN,
    CAR,
    POTSDAM,
    Place,
    UdpUnit,
    full_report,
    heartbeat,
    mileage_record,
    report,
)

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Begin at noon, and let time pass only where a test says so."""
    freezer.move_to(NOON)


@pytest.fixture
def home(hass: HomeAssistant) -> Place:
    """The place of the home zone."""
    return hass.config.latitude, hass.config.longitude


@pytest.fixture
async def car(hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit) -> UdpUnit:
    """A tracker that was let in and has not reported."""
    await add_tracker(hass, entry)
    return udp


async def say(car: UdpUnit, frame: bytes) -> None:
    """Report, and wait until that is done with."""
    car.send(frame)
    await car.answer()


async def stand(
    car: UdpUnit, freezer: FrozenDateTimeFactory, length: timedelta
) -> None:
    """Report from the same place once a minute."""
    for _ in range(length // MINUTE):
        freezer.tick(MINUTE)
        await say(car, report())


def all_shown(hass: HomeAssistant) -> dict[str, str]:
    """Give the states of a tracker."""
    return {key: shown(hass, key).state for key in CORE}


@pytest.mark.parametrize(
    "platform",
    [
        Platform.BINARY_SENSOR,
        Platform.DEVICE_TRACKER,
        Platform.EVENT,
        Platform.SENSOR,
    ],
)
@pytest.mark.usefixtures("all_enabled")
async def test_platform(
    hass: HomeAssistant,
    port: int,
    udp: UdpUnit,
    *,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
    platform: Platform,
) -> None:
    with patch("custom_components.sinotrack.PLATFORMS", [platform]):
        entry = receiver_entry(port, {CAR: "Car"}, entry_id="receiver")
        await set_up(hass, entry)
        await say(udp, mileage_record(1234, age=MINUTE))
        await say(udp, full_report(speed_kmh=50, ignition=True, course=45))
        await hass.async_block_till_done()

        await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
        await hass.config_entries.async_unload(entry.entry_id)


# --- the place ------------------------------------------------------------------------


async def test_car_leaves_home_and_comes_back(
    hass: HomeAssistant, car: UdpUnit, home: Place, freezer: FrozenDateTimeFactory
) -> None:
    states = []
    latitude, longitude = home
    for place in (home, (latitude + 0.01, longitude), home):
        await say(car, report(place=place, speed_kmh=50, ignition=True))
        states.append(shown(hass, "location").state)
        freezer.tick(MINUTE)

    assert states == ["home", "not_home", "home"]


async def test_car_is_in_a_zone_of_its_owner(
    hass: HomeAssistant, port: int, udp: UdpUnit
) -> None:
    latitude, longitude = BERLIN
    work = {"name": "Work", "latitude": latitude, "longitude": longitude, "radius": 100}
    await async_setup_component(hass, "zone", {"zone": work})
    await set_up(hass, receiver_entry(port, {CAR: "Car"}))

    await say(udp, report(place=BERLIN))

    assert shown(hass, "location").state == "Work"
    assert shown(hass, "location").attributes["in_zones"] == ["zone.work"]


async def test_zone_that_comes_around_a_parked_car_is_noticed(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    """And one that moves away; its tracker may be quiet for weeks."""
    await async_setup_component(hass, "zone", {"zone": []})
    await say(car, report(place=POTSDAM))
    await until(hass, lambda: shown(hass, "location").state == "not_home")
    outline = {"radius": 200, "passive": False, "longitude": POTSDAM[1]}

    for latitude, name, state in (
        (POTSDAM[0], "Work", "Work"),
        (POTSDAM[0], "Office", "Office"),
        (BERLIN[0], "Office", "not_home"),
    ):
        attributes = {**outline, "latitude": latitude, "friendly_name": name}
        hass.states.async_set("zone.work", "0", attributes)
        await pass_time(hass, freezer, SECOND)
        assert shown(hass, "location").state == state


async def test_zones_that_are_reloaded_move_no_car(
    hass: HomeAssistant, port: int, udp: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    """All are taken away and come back: no vehicle leaves or arrives by that."""
    latitude, longitude = POTSDAM
    zones = {"zone": {"name": "Work", "latitude": latitude, "longitude": longitude}}
    await async_setup_component(hass, "zone", zones)
    await set_up(hass, receiver_entry(port, {CAR: "Car"}))
    await say(udp, report(place=POTSDAM))
    await until(hass, lambda: shown(hass, "location").state == "Work")
    writes = count_writes(hass)

    with patch(
        "homeassistant.config.load_yaml_config_file", autospec=True, return_value=zones
    ):
        await hass.services.async_call("zone", "reload", blocking=True)
    await pass_time(hass, freezer, MINUTE)

    assert {"zone.work"} <= set(writes)
    assert "device_tracker.car" not in writes
    assert shown(hass, "location").state == "Work"


async def test_new_picture_of_a_zone_writes_no_place(
    hass: HomeAssistant, car: UdpUnit, home: Place, freezer: FrozenDateTimeFactory
) -> None:
    """It would be the newest that a person's trackers tell."""
    await async_setup_component(hass, "zone", {"zone": []})
    await say(car, report(place=home))
    await until(hass, lambda: shown(hass, "location").state == "home")
    before = hass.states.get("zone.home")
    assert before is not None
    writes = count_writes(hass)

    changed = {**before.attributes, "icon": "mdi:castle"}
    hass.states.async_set("zone.home", "0", changed)
    await pass_time(hass, freezer, MINUTE)

    assert "device_tracker.car" not in writes


async def test_who_comes_into_a_zone_writes_no_place(
    hass: HomeAssistant, car: UdpUnit, home: Place, freezer: FrozenDateTimeFactory
) -> None:
    await async_setup_component(hass, "zone", {"zone": []})
    await say(car, report(place=home))
    await until(hass, lambda: shown(hass, "location").state == "home")
    before = hass.states.get("zone.home")
    assert before is not None
    outline = dict(before.attributes)
    writes = count_writes(hass)

    hass.states.async_set("zone.home", "1", {**outline, "persons": ["person.ann"]})
    far = {**outline, "latitude": 0.0, "longitude": 0.0}
    hass.states.async_set("zone.island", "0", far)
    await pass_time(hass, freezer, MINUTE)

    assert "device_tracker.car" not in writes


async def test_who_comes_into_a_zone_lets_nobody_look_where_the_cars_are(
    hass: HomeAssistant, car: UdpUnit, home: Place, freezer: FrozenDateTimeFactory
) -> None:
    await async_setup_component(hass, "zone", {"zone": []})
    await say(car, report(place=home))
    await until(hass, lambda: shown(hass, "location").state == "home")

    with patch("homeassistant.components.zone.async_in_zones") as look:
        for visitor in ("device_tracker.phone", "person.ann"):
            hass.states.async_set(visitor, "home", {"in_zones": ["zone.home"]})
        await pass_time(hass, freezer, MINUTE)
        look.assert_not_called()

    zone_of_home = hass.states.get("zone.home")
    assert zone_of_home is not None
    assert zone_of_home.attributes["persons"] == ["person.ann"]
    assert "device_tracker.phone" in zone_of_home.attributes["device_trackers"]


async def test_zone_changes_nothing_of_a_car_without_a_place(
    hass: HomeAssistant, car: UdpUnit, home: Place, freezer: FrozenDateTimeFactory
) -> None:
    await async_setup_component(hass, "zone", {"zone": []})
    writes = count_writes(hass)
    outline = {"radius": 200, "latitude": home[0], "longitude": home[1]}

    hass.states.async_set("zone.work", "0", outline)
    await pass_time(hass, freezer, MINUTE)

    assert "device_tracker.car" not in writes


async def test_place_has_no_category_and_bears_the_name_of_the_device(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    await say(car, report())

    registered = er.async_get(hass).async_get(entity_id(hass, "location") or "")
    assert registered is not None
    assert registered.entity_category is None
    assert shown(hass, "location").name == "Car"


async def test_what_tells_of_the_link_is_diagnostic(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    registry = er.async_get(hass)
    diagnostic = {
        key
        for key in CORE
        if (registered := registry.async_get(entity_id(hass, key) or ""))
        and registered.entity_category is EntityCategory.DIAGNOSTIC
    }

    assert diagnostic == {"connectivity", "last_seen"}


async def test_accuracy_is_never_perfect(hass: HomeAssistant, car: UdpUnit) -> None:
    await say(car, report())

    attributes = shown(hass, "location").attributes
    assert attributes["gps_accuracy"] > 0
    assert attributes["source_type"] == "gps"


async def test_fix_that_is_not_valid_moves_nothing(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(car, report(place=BERLIN))
    freezer.tick(MINUTE)
    await say(car, report(place=POTSDAM, valid=False, ignition=True))

    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert shown(hass, "ignition").state == "on"


async def test_late_record_moves_nothing_and_turns_no_key(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    await say(car, report(place=BERLIN))
    before = all_shown(hass)

    await say(
        car,
        report(place=POTSDAM, speed_kmh=50, ignition=True, age=timedelta(hours=2.2)),
    )

    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert all_shown(hass) == before


async def test_frame_without_a_status_changes_no_ignition(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    await say(car, report(ignition=True))
    await say(car, heartbeat())

    assert shown(hass, "ignition").state == "on"


# --- what is available when -----------------------------------------------------------


async def test_tracker_that_never_reported_is_unknown_and_not_connected(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    assert all_shown(hass) == {
        "location": "unknown",
        "ignition": "unknown",
        "motion": "unknown",
        "speed": "unknown",
        "last_seen": "unknown",
        "connectivity": "off",
    }


async def test_tracker_that_reports_shows_all(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    await say(car, report(speed_kmh=50, ignition=True))

    speed = float(shown(hass, "speed").state)
    assert speed == pytest.approx(50, abs=0.01)
    assert all_shown(hass) == {
        "location": "not_home",
        "ignition": "on",
        "motion": "on",
        "speed": str(speed),
        "last_seen": NOON.isoformat(),
        "connectivity": "on",
    }


async def test_tracker_that_is_silent_keeps_its_place_and_loses_what_was_live(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(car, report(speed_kmh=50, ignition=True))
    freezer.tick(MINUTE)
    await say(car, report(speed_kmh=50, ignition=True))

    await pass_time(hass, freezer, timedelta(hours=2))

    assert all_shown(hass) == {
        "location": "not_home",
        "ignition": "unavailable",
        "motion": "unavailable",
        "speed": "unavailable",
        "last_seen": (NOON + MINUTE).isoformat(),
        "connectivity": "off",
    }
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)


async def test_tracker_that_is_back_shows_all_again(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(car, report())
    await pass_time(hass, freezer, timedelta(hours=2))

    await say(car, report())

    assert all_shown(hass) == {
        "location": "not_home",
        "ignition": "off",
        "motion": "off",
        "speed": "0.0",
        "last_seen": (NOON + timedelta(hours=2)).isoformat(),
        "connectivity": "on",
    }


async def test_nothing_is_available_without_the_receiver(
    hass: HomeAssistant, entry: MockConfigEntry, car: UdpUnit
) -> None:
    await say(car, report())

    await hass.config_entries.async_unload(entry.entry_id)

    assert set(all_shown(hass).values()) == {"unavailable"}


# --- how little is written ------------------------------------------------------------


async def test_parked_car_writes_when_it_was_seen_every_five_minutes_and_nothing_else(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(car, report())
    writes = count_writes(hass)

    await stand(car, freezer, 60 * MINUTE)
    await hass.async_block_till_done()

    assert Counter(writes) == {"sensor.car_last_seen": 12}


async def test_time_of_the_last_report_goes_in_steps_after_a_restart_too(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    await say(car, report())
    await hass.config_entries.async_reload(entry.entry_id)
    writes = count_writes(hass)

    await stand(car, freezer, 15 * MINUTE)
    await hass.async_block_till_done()

    assert Counter(writes) == {"sensor.car_last_seen": 3}


async def test_time_of_the_last_report_goes_in_steps_after_a_short_silence_too(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    udp: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    tracker = await add_tracker(hass, entry)
    hass.config_entries.async_update_subentry(
        entry, tracker, data={**tracker.data, "offline_after": 1}
    )
    await say(udp, report())
    await pass_time(hass, freezer, 2 * MINUTE)
    assert shown(hass, "connectivity").state == "off"
    await say(udp, report())
    await until(hass, lambda: shown(hass, "connectivity").state == "on")
    writes = count_writes(hass)

    await stand(udp, freezer, 4 * MINUTE)
    await hass.async_block_till_done()

    assert Counter(writes) == {"sensor.car_last_seen": 1}


async def test_driving_car_writes_each_thing_once_a_report(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(car, report(speed_kmh=50, ignition=True))
    writes = count_writes(hass)

    for step in range(1, 4):
        freezer.tick(MINUTE)
        latitude, longitude = BERLIN
        await say(
            car,
            report(
                place=(latitude + step / 100, longitude),
                speed_kmh=50 + step,
                ignition=True,
            ),
        )
    await hass.async_block_till_done()

    assert Counter(writes) == {
        "device_tracker.car": 3,
        "sensor.car_speed": 3,
        "sensor.car_odometer": 3,
    }


async def test_what_automations_begin_with_is_written_last(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(car, report())
    # A new entity id adds it anew, behind all others.
    er.async_get(hass).async_update_entity(
        entity_id(hass, "ignition") or "", new_entity_id="binary_sensor.key"
    )
    await hass.async_block_till_done()
    writes = count_writes(hass)

    freezer.tick(MINUTE)
    latitude, longitude = BERLIN
    await say(
        car,
        report(
            place=(latitude + 0.01, longitude),
            speed_kmh=50,
            ignition=True,
            conditions=frozenset({StatusBit.SOS}),
        ),
    )
    await hass.async_block_till_done()

    assert {"binary_sensor.key", "binary_sensor.car_sos"} <= set(writes[:-2])
    assert set(writes[-2:]) == {"device_tracker.car", "event.car_alarm"}


async def test_repeated_report_writes_nothing(
    hass: HomeAssistant, car: UdpUnit
) -> None:
    await say(car, report())
    writes = count_writes(hass)

    for _ in range(10):
        await say(car, report())
    await hass.async_block_till_done()

    assert writes == []


async def test_turn_of_the_key_is_written_at_once(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(car, report())
    freezer.tick(timedelta(seconds=1))
    writes = count_writes(hass)

    await say(car, report(ignition=True))

    await until(hass, lambda: writes == ["binary_sensor.car_ignition"])


async def test_time_of_the_last_report_is_exact_once_a_tracker_is_silent(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await say(car, report())
    freezer.tick(3 * MINUTE)
    await say(car, report())
    assert shown(hass, "last_seen").state == NOON.isoformat()

    await pass_time(hass, freezer, timedelta(hours=2))

    assert shown(hass, "last_seen").state == (NOON + 3 * MINUTE).isoformat()


async def test_disabled_entity_does_not_hinder_the_others(
    hass: HomeAssistant, entry: MockConfigEntry, car: UdpUnit
) -> None:
    er.async_get(hass).async_update_entity(
        "sensor.car_speed", disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.config_entries.async_reload(entry.entry_id)

    await say(car, report(speed_kmh=50, ignition=True))

    assert hass.states.get("sensor.car_speed") is None
    assert shown(hass, "motion").state == "on"


async def test_zone_elsewhere_writes_no_place_of_a_car_that_is_in_none(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    """It would be the newest that a person's trackers tell."""
    await async_setup_component(hass, "zone", {"zone": []})
    await say(car, report(place=POTSDAM))
    await until(hass, lambda: shown(hass, "location").state == "not_home")
    writes = count_writes(hass)

    island = {"radius": 200, "passive": False, "latitude": 0.0, "longitude": 0.0}
    hass.states.async_set("zone.island", "0", island)
    await pass_time(hass, freezer, MINUTE)

    assert "device_tracker.car" not in writes
