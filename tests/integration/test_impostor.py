"""Somebody else reports for an id: an event tells, and a place can be held."""

from contextlib import closing
from datetime import timedelta

from homeassistant.config_entries import ConfigSubentry
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from .host import pass_time, place_of, shown
from .road import BERLIN, POTSDAM, Place, UdpUnit, report
from .trouble import HOUR, MINUTE, SECOND, Trouble

pytestmark = pytest.mark.usefixtures("noon")

MUNICH = (48.137, 11.575)


def switch(
    car: Trouble, entry: MockConfigEntry, tracker: ConfigSubentry, *, is_on: bool
) -> None:
    """Set whether contradicting places are held."""
    data = {**tracker.data, "hold_contradictions": is_on}
    car.hass.config_entries.async_update_subentry(entry, tracker, data=data)


@pytest.fixture
def guarded(
    entry: MockConfigEntry, tracker: ConfigSubentry, car: Trouble
) -> ConfigSubentry:
    """The tracker, whose owner holds places that are contradicted."""
    switch(car, entry, tracker, is_on=True)
    return tracker


async def twice(car: Trouble, place: Place, unit: UdpUnit | None = None) -> None:
    """Report a place twice, which proves it."""
    for _ in range(2):
        car.freezer.tick(20 * SECOND)
        await car.say(report(place=place), unit=unit)
    await car.hass.async_block_till_done()


def is_at(car: Trouble, place: Place) -> bool:
    """Tell whether the car is shown at a place."""
    return place_of(car.hass) == pytest.approx(place, abs=1e-4)


# --- the event ------------------------------------------------------------------------


async def test_second_sender_is_told_by_one_event(car: Trouble, other: UdpUnit) -> None:
    await car.be_here()
    await car.hass.async_block_till_done()
    events = async_capture_events(car.hass, "state_changed")
    for _ in range(5):
        await twice(car, POTSDAM, other)
        await twice(car, BERLIN)

    alarms = [
        event.data["new_state"].attributes
        for event in events
        if event.data["entity_id"].startswith("event.")
    ]
    assert [alarm["event_type"] for alarm in alarms] == ["impostor"]
    assert alarms[0]["late"] is False


async def test_it_is_told_again_after_an_hour_without(
    car: Trouble, other: UdpUnit
) -> None:
    await car.be_doubled(other)
    await car.hass.async_block_till_done()
    first = shown(car.hass, "alarm").state
    car.freezer.tick(HOUR)
    await car.be_doubled(other)
    await car.hass.async_block_till_done()

    assert shown(car.hass, "alarm").state > first


# --- the place ------------------------------------------------------------------------


async def test_unless_asked_a_place_that_is_proved_is_shown(
    car: Trouble, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await twice(car, POTSDAM, other)

    assert is_at(car, POTSDAM)


@pytest.mark.usefixtures("guarded")
async def test_impostor_brings_nobody_home(car: Trouble, other: UdpUnit) -> None:
    await twice(car, BERLIN)
    for _ in range(3):
        await twice(car, POTSDAM, other)
        assert is_at(car, BERLIN)

    # What the network known longer says is shown once it is believed again.
    await twice(car, BERLIN)
    assert is_at(car, BERLIN)
    further = (BERLIN[0] + 0.002, BERLIN[1])
    await twice(car, further)
    assert is_at(car, further)


def near(place: Place, *, north_km: float) -> Place:
    """Give a place some way to the north."""
    return place[0] + north_km / 111.2, place[1]


async def take_over_nearby(car: Trouble, other: UdpUnit) -> Place:
    """Let the other sender report where the car may have driven; gives that place."""
    await twice(car, BERLIN)
    car.freezer.tick(MINUTE)
    around = near(BERLIN, north_km=2)
    await twice(car, around, other)
    assert is_at(car, around)
    return around


@pytest.mark.usefixtures("guarded")
async def test_impostor_that_takes_over_nearby_brings_nobody_home_either(
    car: Trouble, other: UdpUnit
) -> None:
    """The town is guessed; from there on it is one network that reports."""
    around = await take_over_nearby(car, other)
    await twice(car, POTSDAM, other)
    await twice(car, POTSDAM, other)
    assert is_at(car, around)

    await twice(car, BERLIN)
    await car.hass.async_block_till_done()
    assert is_at(car, BERLIN)
    assert shown(car.hass, "alarm").attributes["event_type"] == "impostor"


@pytest.mark.usefixtures("guarded")
async def test_impostor_that_walks_home_in_small_steps_does_not_arrive(
    car: Trouble, other: UdpUnit
) -> None:
    """None of them is a jump, but nothing walks that fast."""
    await twice(car, BERLIN)
    for step in range(1, 40):
        car.freezer.tick(SECOND)
        await car.say(report(place=near(BERLIN, north_km=0.29 * step)), unit=other)

    await car.hass.async_block_till_done()
    place = place_of(car.hass)
    assert place is not None
    assert place[0] < near(BERLIN, north_km=4)[0]


@pytest.mark.usefixtures("guarded")
async def test_outlier_of_a_tracker_in_a_new_network_holds_nothing(
    car: Trouble, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await twice(car, near(BERLIN, north_km=0.2), other)
    car.freezer.tick(20 * SECOND)
    await car.say(report(place=POTSDAM), unit=other)
    further = near(BERLIN, north_km=1)
    car.freezer.tick(20 * SECOND)
    await twice(car, further, other)

    assert is_at(car, further)


OLDEST_FIRST = (360, 340, 320)


async def stored(
    car: Trouble,
    place: Place,
    unit: UdpUnit,
    ages: tuple[int, ...] = OLDEST_FIRST,
) -> None:
    """Send stored records of a place, so many seconds old, and let it settle."""
    for seconds in ages:
        age = timedelta(seconds=seconds)
        await car.say(report(place=place, age=age), unit=unit)
    for _ in range(4):
        await pass_time(car.hass, car.freezer, 2 * MINUTE)


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("ages", [OLDEST_FIRST, OLDEST_FIRST[::-1]])
async def test_stored_records_of_an_impostor_bring_nobody_home(
    car: Trouble, other: UdpUnit, ages: tuple[int, ...]
) -> None:
    """A place that settles is news like any other."""
    await twice(car, BERLIN)
    for _ in range(2):
        car.freezer.tick(8 * MINUTE)
        await stored(car, MUNICH, other, ages)
        assert is_at(car, BERLIN)


@pytest.mark.usefixtures("guarded")
async def test_stored_records_of_who_took_over_nearby_bring_nobody_home_either(
    car: Trouble, other: UdpUnit
) -> None:
    around = await take_over_nearby(car, other)
    car.freezer.tick(8 * MINUTE)
    await stored(car, MUNICH, other)

    assert is_at(car, around)


@pytest.mark.usefixtures("guarded")
async def test_stored_records_of_the_tracker_itself_are_not_held(
    car: Trouble,
) -> None:
    await twice(car, BERLIN)
    car.freezer.tick(HOUR)
    await stored(car, POTSDAM, car.unit)

    assert is_at(car, POTSDAM)


async def test_impostor_that_sends_stored_records_is_told(
    car: Trouble, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    assert shown(car.hass, "alarm").state == "unknown"
    for _ in range(2):
        car.freezer.tick(8 * MINUTE)
        await stored(car, MUNICH, other)
        assert is_at(car, MUNICH)
        await twice(car, BERLIN)

    assert shown(car.hass, "alarm").attributes["event_type"] == "impostor"


async def restart(car: Trouble, entry: MockConfigEntry) -> None:
    """Restart, as far as the receiver can tell."""
    await car.hass.config_entries.async_reload(entry.entry_id)
    await car.hass.async_block_till_done()


@pytest.mark.usefixtures("guarded")
async def test_restart_shows_no_place_of_the_impostor(
    car: Trouble, entry: MockConfigEntry, other: UdpUnit
) -> None:
    """Nor does who speaks first after it."""
    await twice(car, BERLIN)
    await twice(car, POTSDAM, other)

    await restart(car, entry)
    assert is_at(car, BERLIN)
    for _ in range(3):
        await twice(car, POTSDAM, other)
        assert is_at(car, BERLIN)
        await twice(car, BERLIN)
        assert is_at(car, BERLIN)


@pytest.mark.usefixtures("guarded")
async def test_impostor_that_speaks_first_after_a_restart_is_not_the_one_known_longer(
    car: Trouble, entry: MockConfigEntry, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await restart(car, entry)
    for _ in range(3):
        await twice(car, POTSDAM, other)
        assert is_at(car, BERLIN)

    further = (BERLIN[0] + 0.002, BERLIN[1])
    for _ in range(2):
        await twice(car, further)
    assert is_at(car, further)


@pytest.mark.usefixtures("guarded")
async def test_impostor_that_speaks_first_from_nearby_is_not_known_longer_either(
    car: Trouble, entry: MockConfigEntry, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await restart(car, entry)
    car.freezer.tick(MINUTE)
    await twice(car, near(BERLIN, north_km=2), other)
    for _ in range(4):
        await twice(car, BERLIN)
        assert is_at(car, BERLIN)
        await twice(car, POTSDAM, other)
        assert is_at(car, BERLIN)


@pytest.mark.usefixtures("guarded")
async def test_place_that_was_held_before_a_restart_is_not_held_for_ever(
    car: Trouble, entry: MockConfigEntry, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await twice(car, POTSDAM, other)
    await restart(car, entry)
    car.freezer.tick(HOUR)
    await twice(car, POTSDAM, other)

    assert is_at(car, POTSDAM)


@pytest.mark.usefixtures("guarded")
async def test_impostor_that_goes_on_does_not_hold_it_for_ever_after_a_restart(
    car: Trouble, entry: MockConfigEntry, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await twice(car, POTSDAM, other)
    await restart(car, entry)
    further = (BERLIN[0] + 0.002, BERLIN[1])
    for _ in range(4):
        await twice(car, further)
        car.freezer.tick(20 * MINUTE)
        await twice(car, POTSDAM, other)
    await twice(car, further)

    assert is_at(car, further)


@pytest.mark.usefixtures("guarded")
async def test_place_is_held_no_longer_when_the_clock_of_the_host_is_put_back(
    car: Trouble, entry: MockConfigEntry, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await twice(car, POTSDAM, other)
    car.freezer.tick(-365 * 24 * HOUR)
    await restart(car, entry)
    await twice(car, POTSDAM, other)
    assert is_at(car, BERLIN)
    car.freezer.tick(HOUR)
    await twice(car, POTSDAM, other)

    assert is_at(car, POTSDAM)


@pytest.mark.usefixtures("guarded")
async def test_record_of_the_future_vouches_for_no_impostor(
    car: Trouble, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await car.say(report(place=BERLIN, buffered=True, age=-73 * 365 * 24 * HOUR))
    car.freezer.tick(8 * MINUTE)
    await stored(car, MUNICH, other)

    assert is_at(car, BERLIN)


async def test_place_is_let_go_at_once_when_the_owner_switches_it_off(
    car: Trouble, entry: MockConfigEntry, guarded: ConfigSubentry, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await twice(car, POTSDAM, other)
    assert is_at(car, BERLIN)

    switch(car, entry, guarded, is_on=False)
    await car.hass.async_block_till_done()

    assert is_at(car, POTSDAM)


@pytest.mark.usefixtures("guarded")
async def test_place_is_let_go_in_time_while_nothing_arrives(
    car: Trouble, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await twice(car, POTSDAM, other)
    await pass_time(car.hass, car.freezer, HOUR - MINUTE)
    assert is_at(car, BERLIN)
    await pass_time(car.hass, car.freezer, 2 * MINUTE)

    assert is_at(car, POTSDAM)


@pytest.mark.usefixtures("guarded")
async def test_first_report_of_the_older_network_shows_no_place_of_the_impostor(
    car: Trouble, other: UdpUnit
) -> None:
    """It is doubted at first, since it contradicts what the impostor has proved."""
    await twice(car, BERLIN)
    await twice(car, POTSDAM, other)
    await car.be_here()
    await car.hass.async_block_till_done()

    assert is_at(car, BERLIN)


@pytest.mark.usefixtures("guarded")
async def test_tracker_in_a_new_network_is_not_held_for_ever(
    car: Trouble, other: UdpUnit
) -> None:
    await twice(car, BERLIN)
    await twice(car, POTSDAM, other)
    car.freezer.tick(HOUR - 2 * MINUTE)
    await twice(car, POTSDAM, other)
    assert is_at(car, BERLIN)
    car.freezer.tick(2 * MINUTE)
    await twice(car, POTSDAM, other)

    assert is_at(car, POTSDAM)


@pytest.mark.usefixtures("guarded")
async def test_tracker_that_changes_its_network_on_its_way_is_not_held(
    car: Trouble, other: UdpUnit
) -> None:
    latitude, longitude = BERLIN
    for unit in (car.unit, other) * 3:
        car.freezer.tick(20 * SECOND)
        latitude += 0.0025
        await car.say(report(place=(latitude, longitude), speed_kmh=50), unit=unit)
        await car.hass.async_block_till_done()
        assert is_at(car, (latitude, longitude))


@pytest.mark.usefixtures("guarded")
async def test_many_networks_do_not_push_the_oldest_out(
    car: Trouble, port: int
) -> None:
    await twice(car, BERLIN)
    for number in range(1, 8):
        with closing(UdpUnit(port, f"127.{number}.0.1")) as unit:
            await twice(car, POTSDAM, unit)
            assert is_at(car, BERLIN)
    await twice(car, BERLIN)
    further = (BERLIN[0] + 0.002, BERLIN[1])
    await twice(car, further)

    assert is_at(car, further)
