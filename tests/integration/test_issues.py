"""What the owner is told to mend: when an issue is raised, and when it goes."""

from dataclasses import replace
from datetime import timedelta
import json
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.issue_registry import IssueSeverity
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.issues import FAILURES_BORNE

from .host import (
    add_tracker,
    device_of,
    fail_to_open,
    hub_of,
    pass_time,
    receiver_entry,
    set_up,
    subentry_id,
    until,
)
from .ports import other_program
from .road import BERLIN, CAR, POTSDAM, VAN, UdpUnit, heartbeat, report
from .trouble import (
    GT06_LOGIN,
    HOUR,
    HTTP,
    INSPECTION,
    JT808_LOGIN,
    MINUTE,
    SECOND,
    Trouble,
    told,
)

pytestmark = pytest.mark.usefixtures("noon")


CLOCK = f"clock_offset_{subentry_id(CAR)}"
IGNITION = f"ignition_never_on_{subentry_id(CAR)}"
RESENDS = f"resend_loop_{subentry_id(CAR)}"
LATE = f"always_late_{subentry_id(CAR)}"
NETWORKS = f"two_networks_{subentry_id(CAR)}"


def change(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry, **data: Any
) -> None:
    """Change what is set of a tracker."""
    hass.config_entries.async_update_subentry(
        entry, tracker, data={**tracker.data, **data}
    )


# --- the port -------------------------------------------------------------------------


async def test_port_that_cannot_be_opened_is_told_until_it_can(
    hass: HomeAssistant, port: int, freezer: FrozenDateTimeFactory
) -> None:
    entry = receiver_entry(port)
    entry.add_to_hass(hass)
    with other_program(port):
        assert not await hass.config_entries.async_setup(entry.entry_id)
        for _ in range(FAILURES_BORNE):
            assert told(hass) == {}, "an interface may come up late"
            await pass_time(hass, freezer, MINUTE)
            await until(hass, lambda: entry.state is ConfigEntryState.SETUP_RETRY)
        await until(hass, lambda: told(hass))
        first = told(hass)
        await pass_time(hass, freezer, MINUTE)
        await until(hass, lambda: entry.state is ConfigEntryState.SETUP_RETRY)
    assert told(hass) == first
    (issue,) = first.values()
    assert issue.issue_id == f"port_unavailable_{entry.entry_id}"
    assert issue.translation_key == "port_unavailable"
    assert issue.translation_placeholders == {"host": "127.0.0.1", "port": str(port)}
    assert (issue.severity, issue.is_fixable) == (IssueSeverity.ERROR, True)

    await pass_time(hass, freezer, MINUTE)
    await until(hass, lambda: entry.state is ConfigEntryState.LOADED)

    assert told(hass) == {}


async def test_receiver_that_is_disabled_while_it_waits_wants_no_port(
    hass: HomeAssistant, port: int
) -> None:
    entry = receiver_entry(port)
    entry.add_to_hass(hass)
    with other_program(port):
        await fail_to_open(hass, entry)
        assert told(hass)

        await hass.config_entries.async_set_disabled_by(
            entry.entry_id, ConfigEntryDisabler.USER
        )

    assert told(hass) == {}


async def test_receiver_that_is_removed_while_it_waits_wants_no_port(
    hass: HomeAssistant, port: int
) -> None:
    entry = receiver_entry(port)
    entry.add_to_hass(hass)
    with other_program(port):
        await fail_to_open(hass, entry)
        assert told(hass)

        await hass.config_entries.async_remove(entry.entry_id)

    assert told(hass) == {}


# --- the clock ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "texts", "hours", "minutes"),
    [
        (timedelta(hours=8, seconds=40), "clock_behind", "8", "0"),
        (timedelta(hours=3, minutes=30), "clock_behind", "3", "30"),
        (timedelta(hours=-2), "clock_ahead", "2", "0"),
        (timedelta(hours=-5, minutes=-45), "clock_ahead", "5", "45"),
    ],
)
async def test_clock_that_is_off_is_told_with_the_sms_that_sets_it(
    car: Trouble, age: timedelta, texts: str, hours: str, minutes: str
) -> None:
    await car.be_wrong(age)

    issue = (await car.look())[CLOCK]
    assert issue.translation_key == texts
    assert issue.translation_placeholders == {
        "name": "Car",
        "hours": hours,
        "minutes": minutes,
        "sms": "8960000E00",
        "password": "0000",
    }
    assert (issue.severity, issue.is_fixable) == (IssueSeverity.WARNING, True)


async def test_clock_that_goes_right_again_is_told_no_longer(car: Trouble) -> None:
    await car.be_wrong(8 * HOUR)
    assert CLOCK in await car.look()

    await car.say(report())

    assert await car.look() == {}


async def test_clock_that_is_known_to_be_off_is_told_from_the_start(
    hass: HomeAssistant, entry: MockConfigEntry, car: Trouble
) -> None:
    await car.be_wrong(8 * HOUR)
    await hass.config_entries.async_unload(entry.entry_id)
    assert told(hass) == {}

    await hass.config_entries.async_setup(entry.entry_id)

    assert told(hass).keys() == {CLOCK}


# --- the ignition ---------------------------------------------------------------------


async def test_two_trips_without_the_ignition_are_told(car: Trouble) -> None:
    place = await car.drive()
    assert await car.look() == {}
    await car.drive(place)

    issue = (await car.look())[IGNITION]
    assert issue.translation_key == "ignition_never_on"
    assert issue.translation_placeholders == {"name": "Car"}
    assert issue.severity is IssueSeverity.WARNING


async def test_ignition_that_comes_on_once_is_all_right_for_ever(car: Trouble) -> None:
    place = await car.drive(await car.drive())
    assert IGNITION in await car.look()

    await car.say(report(place=place, ignition=True))
    assert await car.look() == {}

    await car.drive(await car.drive(place))
    assert await car.look() == {}


async def test_ignition_from_elsewhere_is_not_missed(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    car: Trouble,
) -> None:
    place = await car.drive(await car.drive())
    assert IGNITION in await car.look()

    change(hass, entry, tracker, ignition_source="motion")
    assert told(hass) == {}

    change(hass, entry, tracker, ignition_source="wire")
    await car.drive(place)
    assert await car.look() == {}


async def test_trips_are_counted_over_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry, car: Trouble
) -> None:
    place = await car.drive()
    await hass.config_entries.async_reload(entry.entry_id)
    await car.drive(place)

    assert IGNITION in await car.look()


# --- other protocols ------------------------------------------------------------------


async def test_tracker_that_speaks_another_protocol_is_named_at_the_third_knock(
    entry: MockConfigEntry, port: int, car: Trouble
) -> None:
    await car.knock(entry, GT06_LOGIN, 2)
    assert await car.look() == {}
    await car.knock(entry, GT06_LOGIN, 1)

    (issue,) = (await car.look()).values()
    assert issue.issue_id == f"foreign_protocol_{entry.entry_id}"
    assert issue.translation_key == "foreign_protocol"
    assert issue.translation_placeholders == {"protocol": "GT06", "port": str(port)}
    assert issue.severity is IssueSeverity.WARNING


async def test_scanner_is_no_news(entry: MockConfigEntry, car: Trouble) -> None:
    await car.knock(entry, HTTP, 20)

    assert await car.look() == {}


async def test_many_protocols_make_one_issue_that_names_the_last(
    entry: MockConfigEntry, car: Trouble
) -> None:
    await car.knock(entry, GT06_LOGIN, 3)
    await car.knock(entry, JT808_LOGIN, 3)
    await car.knock(entry, HTTP, 3)

    (issue,) = (await car.look()).values()
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["protocol"] == "JT808"

    await car.knock(entry, GT06_LOGIN, 1)
    (issue,) = (await car.look()).values()
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["protocol"] == "GT06"


async def test_knocks_that_are_days_apart_are_of_scanners(
    entry: MockConfigEntry, car: Trouble
) -> None:
    """Some of their probes begin as a frame of a tracker does."""
    for _ in range(6):
        await car.knock(entry, GT06_LOGIN, 1)
        assert await car.look(24 * HOUR) == {}

    await car.knock(entry, GT06_LOGIN, 1)
    assert await car.look(HOUR / 3) == {}
    await car.knock(entry, GT06_LOGIN, 1)
    assert await car.look(HOUR / 3) == {}
    await car.knock(entry, GT06_LOGIN, 1)
    assert await car.look() != {}


async def test_tracker_that_knocks_no_more_is_forgotten_after_an_hour(
    entry: MockConfigEntry, car: Trouble
) -> None:
    await car.knock(entry, GT06_LOGIN, 3)
    assert await car.look(HOUR - SECOND)

    assert await car.look() == {}


# --- resends --------------------------------------------------------------------------


async def test_tracker_that_is_not_answered_may_send_again_what_it_likes(
    car: Trouble, entry: MockConfigEntry
) -> None:
    await car.resend(20)
    hub_of(entry).trackers[CAR].is_acknowledged = False

    assert await car.look() == {}


async def test_twenty_resends_among_the_last_reports_are_a_loop(car: Trouble) -> None:
    await car.resend(19)
    assert await car.look() == {}
    await car.resend(1)

    issue = (await car.look())[RESENDS]
    assert issue.translation_key == "resend_loop"
    assert issue.translation_placeholders == {"name": "Car", "sms": "RESTART"}
    assert issue.severity is IssueSeverity.WARNING


async def test_loop_that_has_ended_is_not_told_afterwards(car: Trouble) -> None:
    await car.resend(20)

    assert await car.look(15 * MINUTE) == {}


async def test_loop_has_ended_when_hardly_anything_is_sent_again(car: Trouble) -> None:
    await car.resend(20)
    assert RESENDS in await car.look()

    await car.live(35)
    assert RESENDS in await car.look(HOUR)
    await car.live(1)
    assert await car.look() == {}


# --- nothing of now -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "minutes"),
    [(7 * MINUTE + 20 * SECOND, "7"), (3 * HOUR + 4 * MINUTE, "184")],
)
async def test_tracker_that_tells_nothing_of_now_is_told_after_an_hour(
    car: Trouble, age: timedelta, minutes: str
) -> None:
    await car.lag(age, time=HOUR, every=2 * MINUTE)
    assert await car.look() == {}, "it may be a backlog yet"
    await car.lag(age, time=2 * MINUTE, every=2 * MINUTE)

    issue = (await car.look())[LATE]
    assert issue.translation_key == "always_late"
    assert issue.translation_placeholders == {
        "name": "Car",
        "minutes": minutes,
        "sms": "RESTART",
    }
    assert (issue.severity, issue.is_fixable) == (IssueSeverity.WARNING, True)


async def test_silence_behind_a_backlog_is_no_lag(car: Trouble) -> None:
    await car.lag(7 * MINUTE, time=MINUTE, every=SECOND)

    assert await car.look(HOUR) == {}


async def test_few_late_reports_are_no_lag(car: Trouble) -> None:
    await car.lag(7 * MINUTE, time=19 * HOUR, every=HOUR)

    assert await car.look() == {}


async def test_backlog_before_the_last_report_of_now_is_no_lag(car: Trouble) -> None:
    await car.lag(7 * MINUTE, time=19 * SECOND, every=SECOND)
    await car.live(1)
    await car.lag(7 * MINUTE, time=2 * HOUR, every=HOUR)

    assert await car.look() == {}


async def test_lag_is_over_with_the_first_report_of_now(car: Trouble) -> None:
    await car.lag(7 * MINUTE, time=2 * HOUR, every=2 * MINUTE)
    assert LATE in await car.look()

    await car.say(*[heartbeat()] * 25)
    assert LATE in await car.look(), "heartbeats have no time"
    await car.say(report())
    assert await car.look() == {}


async def test_what_is_new_between_stored_records_shows_that_nothing_lags(
    car: Trouble,
) -> None:
    for _ in range(4):
        await car.lag(7 * MINUTE, time=30 * MINUTE, every=MINUTE)
        await car.live(1)

    assert await car.look() == {}


# --- two senders ----------------------------------------------------------------------


async def test_two_senders_of_one_id_are_told(
    hass: HomeAssistant, car: Trouble, other: UdpUnit
) -> None:
    await car.be_here()
    await car.be_elsewhere(other)
    assert await car.look() == {}
    await car.be_here()

    issue = (await car.look())[NETWORKS]
    assert issue.translation_key == "two_networks"
    assert issue.translation_placeholders == {"name": "Car"}
    assert issue.severity is IssueSeverity.ERROR


async def test_heartbeat_hides_no_second_sender(car: Trouble, other: UdpUnit) -> None:
    await car.be_here()
    await car.be_elsewhere(other)
    await car.say(heartbeat())
    await car.be_here()

    assert NETWORKS in await car.look()


async def test_two_senders_of_the_night_are_told_in_the_morning(
    hass: HomeAssistant, entry: MockConfigEntry, car: Trouble, other: UdpUnit
) -> None:
    """Until their owner knows, also over a restart."""
    await car.be_doubled(other)
    await car.look(8 * HOUR)

    await hass.config_entries.async_reload(entry.entry_id)

    assert NETWORKS in await car.look()


async def test_tracker_that_changes_its_network_on_its_way_is_one_sender(
    entry: MockConfigEntry, car: Trouble, other: UdpUnit
) -> None:
    latitude, longitude = BERLIN
    for unit in (car.unit, other) * 5:
        car.freezer.tick(20 * SECOND)
        latitude += 0.0025
        await car.say(report(place=(latitude, longitude), speed_kmh=50), unit=unit)

    assert await car.look() == {}
    assert hub_of(entry).trackers[CAR].impostor.networks.alternations == 0


async def test_only_a_fix_of_now_says_where_a_sender_is(
    car: Trouble, other: UdpUnit
) -> None:
    for _ in range(3):
        await car.be_here()
        car.freezer.tick(SECOND)
        await car.say(
            report(place=POTSDAM, age=2 * HOUR),
            report(place=POTSDAM, age=20 * SECOND),
            report(place=POTSDAM, valid=False),
            unit=other,
        )

    assert await car.look() == {}


async def test_vehicle_that_may_be_so_fast_is_one_sender(
    entry: MockConfigEntry, tracker: ConfigSubentry, car: Trouble, other: UdpUnit
) -> None:
    change(car.hass, entry, tracker, max_speed=2000)
    for _ in range(3):
        await car.be_here()
        car.freezer.tick(MINUTE)
        await car.say(report(place=POTSDAM), unit=other)
        car.freezer.tick(MINUTE)

    assert await car.look() == {}


async def test_addresses_are_neither_logged_nor_stored(
    entry: MockConfigEntry,
    car: Trouble,
    other: UdpUnit,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "custom_components.sinotrack")
    await car.be_doubled(other)
    await car.look(MINUTE)

    assert f"sinotrack.{entry.entry_id}" in hass_storage
    assert "127.1" not in json.dumps(hass_storage[f"sinotrack.{entry.entry_id}"])
    assert "127.1" not in caplog.text
    assert "127.1" not in str(told(car.hass))


# --- trackers and receivers come and go -----------------------------------------------


async def test_issue_bears_the_name_that_its_tracker_bears_now(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry, car: Trouble
) -> None:
    await car.be_wrong(8 * HOUR)
    await car.look()

    hass.config_entries.async_update_subentry(entry, tracker, title="Lorry")

    placeholders = told(hass)[CLOCK].translation_placeholders
    assert placeholders is not None
    assert placeholders["name"] == "Lorry"


async def test_issue_bears_the_name_that_its_owner_gave_the_device(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: Trouble,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await car.be_wrong(8 * HOUR)
    device = device_of(hass, entry)
    assert device is not None

    dr.async_get(hass).async_update_device(device.id, name_by_user="Old lady")

    placeholders = (await car.look())[CLOCK].translation_placeholders
    assert placeholders is not None
    assert placeholders["name"] == "Old lady"
    await car.look(13 * HOUR)
    assert "Tracker Old lady is silent" in caplog.text


async def test_issues_go_with_their_tracker_and_stay_with_another(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry, car: Trouble
) -> None:
    await add_tracker(hass, entry, VAN, "Van")
    await car.be_wrong(8 * HOUR)
    await car.say(*[report(VAN)] * 21)
    assert (await car.look()).keys() == {CLOCK, f"resend_loop_{subentry_id(VAN)}"}
    ir.async_ignore_issue(hass, DOMAIN, CLOCK, ignore=True)

    hass.config_entries.async_remove_subentry(entry, tracker.subentry_id)

    assert told(hass).keys() == {f"resend_loop_{subentry_id(VAN)}"}


async def test_ignored_issues_of_a_tracker_that_was_deleted_before_a_start_go(
    hass: HomeAssistant, entry: MockConfigEntry, tracker: ConfigSubentry, car: Trouble
) -> None:
    await add_tracker(hass, entry, VAN, "Van")
    await car.be_wrong(8 * HOUR)
    await car.say(*[report(VAN)] * 21)
    await car.look()
    registry = ir.async_get(hass)
    for issue_id in told(hass):
        ir.async_ignore_issue(hass, DOMAIN, issue_id, ignore=True)
    await hass.config_entries.async_unload(entry.entry_id)
    # As they are read from the disk.
    for key, issue in registry.issues.items():
        registry.issues[key] = replace(issue, active=False, data=None)

    hass.config_entries.async_remove_subentry(entry, tracker.subentry_id)
    await hass.config_entries.async_setup(entry.entry_id)

    ours = [issue_id for domain, issue_id in registry.issues if domain == DOMAIN]
    assert ours == [f"resend_loop_{subentry_id(VAN)}"]


async def test_issues_go_when_the_receiver_is_unloaded(
    hass: HomeAssistant, entry: MockConfigEntry, car: Trouble, other: UdpUnit
) -> None:
    await car.be_doubled(other)
    await car.resend(20)
    await car.knock(entry, GT06_LOGIN, 3)
    assert len(await car.look()) == 3

    await hass.config_entries.async_unload(entry.entry_id)

    assert told(hass) == {}
    await pass_time(hass, car.freezer, INSPECTION)
    assert told(hass) == {}


async def test_issue_that_is_ignored_stays_so_over_a_reload(
    hass: HomeAssistant, entry: MockConfigEntry, car: Trouble
) -> None:
    await car.be_wrong(8 * HOUR)
    await car.look()
    ir.async_ignore_issue(hass, DOMAIN, CLOCK, ignore=True)

    await hass.config_entries.async_reload(entry.entry_id)

    assert told(hass)[CLOCK].dismissed_version is not None


async def test_issue_that_was_ignored_before_a_restart_is_so_when_it_comes_back(
    hass: HomeAssistant, car: Trouble
) -> None:
    await car.resend(20)
    issue = (await car.look())[RESENDS]
    ir.async_ignore_issue(hass, DOMAIN, RESENDS, ignore=True)
    registry = ir.async_get(hass)
    await car.live(40)
    # As it is read from the disk.
    registry.issues[DOMAIN, RESENDS] = replace(
        registry.issues[DOMAIN, RESENDS], active=False
    )

    assert await car.look() == {}
    await car.resend(20)

    again = (await car.look())[RESENDS]
    assert again.dismissed_version is not None
    assert again.created == issue.created


async def test_stop_of_home_assistant_forgets_nothing_that_is_ignored(
    hass: HomeAssistant, car: Trouble
) -> None:
    await car.be_wrong(8 * HOUR)
    await car.look()
    ir.async_ignore_issue(hass, DOMAIN, CLOCK, ignore=True)

    await hass.async_stop(force=True)

    assert told(hass).keys() == {CLOCK}


async def test_removed_receiver_leaves_no_issue_behind_not_even_an_ignored_one(
    hass: HomeAssistant, entry: MockConfigEntry, car: Trouble
) -> None:
    await car.be_wrong(8 * HOUR)
    await car.knock(entry, GT06_LOGIN, 3)
    issues = await car.look()
    assert len(issues) == 2
    for issue_id in issues:
        ir.async_ignore_issue(hass, DOMAIN, issue_id, ignore=True)

    await hass.config_entries.async_remove(entry.entry_id)

    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]


async def test_each_receiver_has_issues_of_its_own(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    car: Trouble,
    unused_tcp_port_factory: Any,
) -> None:
    second = receiver_entry(unused_tcp_port_factory())
    await set_up(hass, second)
    await car.knock(entry, GT06_LOGIN, 3)
    assert (await car.look()).keys() == {f"foreign_protocol_{entry.entry_id}"}

    await hass.config_entries.async_remove(second.entry_id)

    assert told(hass).keys() == {f"foreign_protocol_{entry.entry_id}"}
