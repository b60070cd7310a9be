"""The hub: answers, time, memory."""

from datetime import UTC, datetime, timedelta
import logging
from typing import Any
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.storage import SAVE_DELAY
from custom_components.sinotrack.tracking import Verdict

from .conftest import TcpFactory
from .host import (
    add_tracker,
    hub_of,
    kept,
    pass_time,
    place_of,
    receiver_entry,
    remembered,
    set_up,
    shown,
    until,
)
from .road import BERLIN, CAR, POTSDAM, VAN, UdpUnit, heartbeat, report

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)

# Longer than any silence of a tracker that has not been away before.
LONG = timedelta(hours=2)


@pytest.fixture(autouse=True)
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Begin at noon, and let time pass only where a test says so."""
    freezer.move_to(NOON)


@pytest.fixture
async def car(hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit) -> UdpUnit:
    """A tracker that was let in and stands in Berlin."""
    await add_tracker(hass, entry)
    udp.send(report())
    await udp.answer()
    return udp


def stored(entry: MockConfigEntry, data: Any, version: int = 1) -> dict[str, Any]:
    """Give the content of the store, as it stands on disk."""
    key = f"sinotrack.{entry.entry_id}"
    return {key: {"version": version, "minor_version": 1, "key": key, "data": data}}


# --- answers --------------------------------------------------------------------------


async def test_each_report_of_an_accepted_tracker_is_acknowledged(
    hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit, connect: TcpFactory
) -> None:
    await add_tracker(hass, entry)

    udp.send(report(), report(ignition=True))
    assert await udp.answer() == b"*HQ,9170000000,R12,120000#"
    assert await udp.answer() == b"*HQ,9170000000,R12,120000#"
    tcp = await connect()
    tcp.send(report())
    assert await tcp.answer() == b"*HQ,9170000000,R12,120000#"
    tcp.send(heartbeat())
    assert await tcp.answer() == b"*HQ,9170000000,HTBT#"


async def test_only_the_accepted_one_of_two_on_a_connection_is_acknowledged(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory
) -> None:
    await add_tracker(hass, entry, CAR)
    tcp = await connect()

    tcp.send(report(VAN), report(CAR))

    assert await tcp.answer() == b"*HQ,9170000000,R12,120000#"


async def test_tracker_is_acknowledged_from_its_acceptance_on(
    hass: HomeAssistant, entry: MockConfigEntry, connect: TcpFactory
) -> None:
    tcp = await connect()
    tcp.send(report())
    await until(hass, lambda: hub_of(entry).strangers.get(CAR))
    await add_tracker(hass, entry)

    tcp.send(heartbeat())

    assert await tcp.answer() == b"*HQ,9170000000,HTBT#"


async def test_each_verdict_is_counted(entry: MockConfigEntry, car: UdpUnit) -> None:
    car.send(report(), report(valid=False, ignition=True), heartbeat())
    for _ in range(3):
        await car.answer()

    assert hub_of(entry).trackers[CAR].verdicts == {
        Verdict.LIVE: 1,
        Verdict.DUPLICATE: 1,
        Verdict.NO_FIX: 1,
        Verdict.CONTACT: 1,
    }


# --- time -----------------------------------------------------------------------------


async def test_silence_and_return_are_logged_once_each(
    hass: HomeAssistant,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.clear()
    for _ in range(3):
        await pass_time(hass, freezer, LONG)
    assert shown(hass, "connectivity").state == "off"

    for _ in range(3):
        car.send(report())
        await car.answer()
    assert shown(hass, "connectivity").state == "on"
    assert [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if record.name == "custom_components.sinotrack"
    ] == [("INFO", "Tracker Car is silent"), ("INFO", "Tracker Car reports")]


async def test_log_holds_no_place(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "custom_components.sinotrack")
    car.send(report(VAN, POTSDAM))
    car.send(report().replace(b",A,", b",,,"))
    await pass_time(hass, freezer, LONG)
    car.send(report())
    await car.answer()
    await hass.config_entries.async_reload(entry.entry_id)

    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.sinotrack")
    ]
    assert ours
    for digits in ("52.5", "13.4", "5231.2", "01324.2", "52.3", "13.0", "5223.4"):
        assert not any(digits in message for message in ours)


async def test_reports_before_the_deadline_keep_a_tracker_online(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    for _ in range(10):
        await pass_time(hass, freezer, timedelta(minutes=50))
        assert shown(hass, "connectivity").state == "on"
        car.send(report())
        await car.answer()

    await pass_time(hass, freezer, 4 * LONG)
    assert shown(hass, "connectivity").state == "off"


async def test_reports_share_one_timer(
    car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    with patch(
        "custom_components.sinotrack.live_tracker.async_call_later"
    ) as call_later:
        for _ in range(20):
            freezer.tick(timedelta(seconds=20))
            car.send(report())
            await car.answer()

    call_later.assert_not_called()


async def test_deadline_that_never_passes_does_not_keep_home_assistant_busy(
    car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    freezer.tick(timedelta(seconds=20))
    with (
        patch(
            "custom_components.sinotrack.tracking.Tracker.deadline",
            new_callable=PropertyMock(return_value=NOON),
        ),
        patch(
            "custom_components.sinotrack.live_tracker.async_call_later"
        ) as call_later,
    ):
        car.send(report())
        await car.answer()

    (_, delay, _) = call_later.call_args.args
    assert delay >= 1


async def test_vehicle_stands_when_time_alone_says_so(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    car.send(report(speed_kmh=50, ignition=True))
    await car.answer()
    freezer.tick(timedelta(seconds=20))
    car.send(report(ignition=True))
    await car.answer()
    assert shown(hass, "motion").state == "on"

    await pass_time(hass, freezer, timedelta(seconds=80))
    assert shown(hass, "motion").state == "on"
    await pass_time(hass, freezer, timedelta(seconds=10))
    assert shown(hass, "motion").state == "off"
    assert shown(hass, "connectivity").state == "on"


async def test_deleted_tracker_has_no_timer_left(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done()

    await pass_time(hass, freezer, LONG)

    assert "is silent" not in caplog.text


# --- memory ---------------------------------------------------------------------------


async def test_news_are_saved_within_a_minute(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    await pass_time(hass, freezer, timedelta(seconds=SAVE_DELAY))
    freezer.tick(timedelta(seconds=20))
    car.send(report(place=POTSDAM))
    await car.answer()
    assert kept(hass_storage, entry) != remembered(entry)

    for _ in range(2):
        freezer.tick(timedelta(seconds=20))
        car.send(report(place=POTSDAM))
        await car.answer()
    await pass_time(hass, freezer, timedelta(seconds=20))

    assert kept(hass_storage, entry) == remembered(entry)


async def test_what_time_alone_changed_is_saved_as_well(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    await pass_time(hass, freezer, timedelta(seconds=SAVE_DELAY))
    before = kept(hass_storage, entry)

    await pass_time(hass, freezer, LONG)
    await pass_time(hass, freezer, timedelta(seconds=SAVE_DELAY))

    assert shown(hass, "connectivity").state == "off"
    assert kept(hass_storage, entry) == remembered(entry) != before


async def test_news_are_saved_when_the_receiver_is_unloaded(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    hass_storage: dict[str, Any],
) -> None:
    news = remembered(entry)

    await hass.config_entries.async_unload(entry.entry_id)

    assert kept(hass_storage, entry) == news


async def test_restart_within_a_drive_changes_nothing(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.tick(timedelta(minutes=30))
    car.send(report(place=POTSDAM, speed_kmh=50, ignition=True))
    await car.answer()
    before = {
        key: shown(hass, key).state
        for key in ("location", "ignition", "motion", "connectivity", "last_seen")
    }
    await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(timedelta(minutes=1))

    await hass.config_entries.async_setup(entry.entry_id)

    assert place_of(hass) == pytest.approx(POTSDAM, abs=1e-5)
    assert {key: shown(hass, key).state for key in before} == before


async def test_restart_after_weeks_shows_the_place_and_nothing_that_is_over(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(timedelta(days=30))

    await hass.config_entries.async_setup(entry.entry_id)

    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert shown(hass, "last_seen").state == NOON.isoformat()
    assert shown(hass, "connectivity").state == "off"
    assert shown(hass, "ignition").state == "unavailable"


async def test_tracker_that_never_reported_is_restored_as_such(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await add_tracker(hass, entry)

    await hass.config_entries.async_reload(entry.entry_id)

    assert shown(hass, "location").state == "unknown"
    assert shown(hass, "ignition").state == "unknown"


async def test_record_that_cannot_be_read_costs_its_tracker_alone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: UdpUnit,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add_tracker(hass, entry, VAN, "Van")
    await hass.config_entries.async_unload(entry.entry_id)
    kept(hass_storage, entry)[VAN] = {"latitude": 52.5}

    assert await hass.config_entries.async_setup(entry.entry_id)

    assert place_of(hass, CAR) == pytest.approx(BERLIN, abs=1e-5)
    assert shown(hass, "location", VAN).state == "unknown"
    warnings = [
        record.getMessage()
        for record in caplog.records
        if record.levelname == "WARNING" and "sinotrack" in record.name
    ]
    assert "What was kept of Van cannot be read" in warnings


@pytest.mark.parametrize(
    ("data", "version"),
    [
        ({"trackers": {}}, 2),
        ({}, 1),
        ({"trackers": 5}, 1),
        ([5], 1),
    ],
)
async def test_file_that_cannot_be_read_does_not_keep_the_receiver_closed(
    hass: HomeAssistant,
    port: int,
    udp: UdpUnit,
    *,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    data: Any,
    version: int,
) -> None:
    entry = receiver_entry(port, {CAR: "Car"})
    hass_storage.update(stored(entry, data, version))

    await set_up(hass, entry)

    assert "What was kept of the trackers cannot be read" in caplog.text
    udp.send(report())
    await udp.answer()
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    news = remembered(entry)
    await hass.config_entries.async_unload(entry.entry_id)
    assert kept(hass_storage, entry) == news
