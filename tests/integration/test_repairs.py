"""The repairs, as the interface walks through them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.sinotrack.const import DOMAIN

from .host import (
    add_tracker,
    fail_to_open,
    hub_of,
    receiver_entry,
    shown,
    subentry_id,
    until,
)
from .ports import is_open, other_program
from .road import CAR, UdpUnit, report
from .trouble import (
    GT06_LOGIN,
    HOUR,
    HTTP,
    JT808_LOGIN,
    MINUTE,
    Trouble,
    told,
)

pytestmark = pytest.mark.usefixtures("noon")


CLOCK = f"clock_offset_{subentry_id(CAR)}"
IGNITION = f"ignition_never_on_{subentry_id(CAR)}"
LATE = f"always_late_{subentry_id(CAR)}"
RESENDS = f"resend_loop_{subentry_id(CAR)}"
NETWORKS = f"two_networks_{subentry_id(CAR)}"

type Result = dict[str, Any]


class Repairs:
    """The dialog of an issue in the interface."""

    def __init__(self, client: Any) -> None:
        """Speak through a client that is signed in."""
        self._client = client

    async def begin(self, issue_id: str) -> Result:
        """Open the dialog of an issue."""
        return await self._post("", handler=DOMAIN, issue_id=issue_id)

    async def answer(self, shown: Result, **answers: Any) -> Result:
        """Submit what is shown."""
        return await self._post(f"/{shown['flow_id']}", **answers)

    async def confirm(self, issue_id: str) -> None:
        """Read an issue, and submit that."""
        shown = await self.begin(issue_id)
        assert (shown["type"], shown["step_id"]) == ("form", "confirm")
        assert shown["data_schema"] == []
        assert (await self.answer(shown))["type"] == "create_entry"

    async def _post(self, path: str, **data: Any) -> Result:
        answer = await self._client.post(f"/api/repairs/issues/fix{path}", json=data)
        assert answer.status == HTTPStatus.OK
        result: Result = await answer.json()
        return result


@pytest.fixture
async def repairs(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> Repairs:
    """The interface, to somebody who stays signed in for a day."""
    assert await async_setup_component(hass, "repairs", {})
    owner = await hass.auth.async_create_refresh_token(
        hass_admin_user,
        client_name="interface",
        token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
        access_token_expiration=24 * HOUR,
    )
    return Repairs(await hass_client(hass.auth.async_create_access_token(owner)))


# --- the port -------------------------------------------------------------------------


@pytest.fixture
async def waiting(hass: HomeAssistant, port: int) -> MockConfigEntry:
    """A receiver that failed to get its port, which is free again by now."""
    entry = receiver_entry(port)
    entry.add_to_hass(hass)
    with other_program(port):
        await fail_to_open(hass, entry)
    return entry


def about_the_port(entry: MockConfigEntry) -> str:
    """Give the issue of a receiver that waits."""
    return f"port_unavailable_{entry.entry_id}"


async def test_repair_of_the_port_says_why_it_cannot_be_had(
    repairs: Repairs, waiting: MockConfigEntry, port: int
) -> None:
    with other_program(port):
        form = await repairs.begin(about_the_port(waiting))

    assert (form["type"], form["step_id"]) == ("form", "receiver")
    assert form["errors"] == {"port": "port_in_use"}
    assert form["description_placeholders"] == {"host": "127.0.0.1", "port": str(port)}
    assert {field["name"]: field["default"] for field in form["data_schema"]} == {
        "port": port,
        "host": "127.0.0.1",
    }


async def test_another_port_is_proved_and_then_used(
    hass: HomeAssistant,
    repairs: Repairs,
    waiting: MockConfigEntry,
    port: int,
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    free = unused_tcp_port_factory()
    with other_program(port):
        form = await repairs.begin(about_the_port(waiting))
        form = await repairs.answer(form, port=port, host="192.0.2.1")
        assert form["errors"] == {"host": "address_not_available"}
        assert waiting.data["host"] == "127.0.0.1"

        done = await repairs.answer(form, port=free, host=" 127.0.0.1 ")
        assert done["type"] == "create_entry"
        await until(hass, lambda: waiting.state is ConfigEntryState.LOADED)

    assert waiting.data == {"host": "127.0.0.1", "port": free}
    assert told(hass) == {}


async def test_port_that_is_free_again_is_taken_at_once(
    hass: HomeAssistant, repairs: Repairs, waiting: MockConfigEntry, port: int
) -> None:
    form = await repairs.begin(about_the_port(waiting))
    assert form["errors"] == {}
    assert waiting.state is ConfigEntryState.SETUP_RETRY

    await repairs.answer(form, port=port, host="127.0.0.1")
    await until(hass, lambda: waiting.state is ConfigEntryState.LOADED)

    assert await is_open(port)
    assert told(hass) == {}


async def test_port_of_another_receiver_is_in_use_even_while_that_is_closed(
    hass: HomeAssistant,
    repairs: Repairs,
    waiting: MockConfigEntry,
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    taken = unused_tcp_port_factory()
    receiver_entry(taken).add_to_hass(hass)
    form = await repairs.begin(about_the_port(waiting))

    form = await repairs.answer(form, port=taken, host="127.0.0.1")

    assert form["errors"] == {"port": "port_in_use"}


async def test_receiver_that_came_up_meanwhile_moves_all_the_same(
    hass: HomeAssistant,
    repairs: Repairs,
    waiting: MockConfigEntry,
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    form = await repairs.begin(about_the_port(waiting))
    await hass.config_entries.async_reload(waiting.entry_id)
    assert waiting.state is ConfigEntryState.LOADED
    free = unused_tcp_port_factory()
    states: list[ConfigEntryState] = []
    waiting.async_on_state_change(lambda: states.append(waiting.state))

    await repairs.answer(form, port=free, host="127.0.0.1")
    await until(hass, lambda: hub_of(waiting).address == ("127.0.0.1", free))

    assert await is_open(free)
    assert states.count(ConfigEntryState.LOADED) == 1


async def test_repair_ends_when_the_receiver_was_removed_meanwhile(
    hass: HomeAssistant, repairs: Repairs, waiting: MockConfigEntry, port: int
) -> None:
    form = await repairs.begin(about_the_port(waiting))
    await hass.config_entries.async_remove(waiting.entry_id)

    end = await repairs.answer(form, port=port, host="127.0.0.1")

    assert (end["type"], end["reason"]) == ("abort", "receiver_gone")


# --- the clock ------------------------------------------------------------------------


async def test_offset_that_is_known_is_told_again_when_it_changes(
    repairs: Repairs, car: Trouble
) -> None:
    await car.be_wrong(8 * HOUR)
    await car.look()
    form = await repairs.begin(CLOCK)
    assert form["description_placeholders"]["sms"] == "8960000E00"

    await repairs.confirm(CLOCK)
    assert await car.look() == {}
    await car.be_wrong(8 * HOUR)
    assert await car.look() == {}

    await car.be_wrong(7 * HOUR)
    issue = (await car.look())[CLOCK]
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["hours"] == "7"


async def test_offset_that_is_known_is_known_after_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry, repairs: Repairs, car: Trouble
) -> None:
    """Also where nothing is heard between the word of the owner and the end."""
    await car.be_wrong(8 * HOUR)
    await car.look(2 * MINUTE)
    await repairs.confirm(CLOCK)

    await hass.config_entries.async_reload(entry.entry_id)

    assert told(hass) == {}


# --- the ignition ---------------------------------------------------------------------


async def test_ignition_follows_the_motion_from_now_on(
    entry: MockConfigEntry, tracker: ConfigSubentry, repairs: Repairs, car: Trouble
) -> None:
    hub = hub_of(entry)
    place = await car.drive(await car.drive())
    await car.look()
    menu = await repairs.begin(IGNITION)
    assert (menu["type"], menu["step_id"]) == ("menu", "init")
    assert menu["menu_options"] == ["change", "dismiss"]
    assert menu["description_placeholders"] == {"name": "Car"}

    done = await repairs.answer(menu, next_step_id="change")

    assert done["type"] == "create_entry"
    assert tracker.data == {"tracker_id": CAR, "ignition_source": "motion"}
    assert hub_of(entry) is hub
    assert told(car.hass) == {}
    for _ in range(2):
        car.freezer.tick(MINUTE)
        place = (place[0] + 0.002, place[1])
        await car.say(report(place=place, speed_kmh=50))
    assert shown(car.hass, "ignition").state == "on"


async def test_wire_that_is_connected_is_given_two_trips_more(
    tracker: ConfigSubentry, repairs: Repairs, car: Trouble
) -> None:
    place = await car.drive(await car.drive())
    await car.look()
    menu = await repairs.begin(IGNITION)

    done = await repairs.answer(menu, next_step_id="dismiss")

    assert done["type"] == "create_entry"
    assert tracker.data == {"tracker_id": CAR}
    place = await car.drive(place)
    assert await car.look() == {}
    await car.drive(place)
    assert IGNITION in await car.look()


# --- the others -----------------------------------------------------------------------


async def test_protocol_that_is_known_has_to_knock_three_times_again(
    entry: MockConfigEntry, repairs: Repairs, car: Trouble
) -> None:
    issue_id = f"foreign_protocol_{entry.entry_id}"
    await car.knock(entry, GT06_LOGIN, 3)
    await car.look()
    form = await repairs.begin(issue_id)
    assert form["description_placeholders"]["protocol"] == "GT06"

    await repairs.confirm(issue_id)

    await car.knock(entry, GT06_LOGIN, 2)
    assert await car.look() == {}
    await car.knock(entry, GT06_LOGIN, 1)
    assert issue_id in await car.look()


async def test_protocol_that_knocks_while_another_is_confirmed_changes_nothing(
    entry: MockConfigEntry, repairs: Repairs, car: Trouble
) -> None:
    issue_id = f"foreign_protocol_{entry.entry_id}"
    await car.knock(entry, JT808_LOGIN, 3)
    await car.knock(entry, GT06_LOGIN, 2)
    await car.knock(entry, HTTP, 1)
    await car.look()
    form = await repairs.begin(issue_id)
    assert form["description_placeholders"]["protocol"] == "JT808"
    await car.knock(entry, GT06_LOGIN, 1)

    await repairs.confirm(issue_id)

    assert await car.look() == {}
    assert [knock.protocol for knock in hub_of(entry).knocks] == ["http"]


async def test_what_was_confirmed_in_another_window_is_not_confirmed_twice(
    entry: MockConfigEntry, repairs: Repairs, car: Trouble
) -> None:
    await car.knock(entry, GT06_LOGIN, 3)
    await car.look()
    forms = [await repairs.begin(f"foreign_protocol_{entry.entry_id}") for _ in "ab"]
    await repairs.answer(forms[0])
    await car.knock(entry, GT06_LOGIN, 1)

    assert (await repairs.answer(forms[1]))["type"] == "create_entry"

    assert [knock.count for knock in hub_of(entry).knocks] == [1]


async def test_resends_that_are_known_do_not_count(
    repairs: Repairs, car: Trouble
) -> None:
    await car.resend(20)
    await car.look()
    form = await repairs.begin(RESENDS)
    assert form["description_placeholders"]["sms"] == "RESTART"

    await repairs.confirm(RESENDS)
    assert await car.look() == {}
    await car.resend(19)
    assert await car.look() == {}
    await car.resend(1)
    assert RESENDS in await car.look()


async def test_lag_that_is_known_is_told_again_after_an_hour(
    repairs: Repairs, car: Trouble
) -> None:
    await car.lag(7 * MINUTE, time=2 * HOUR, every=2 * MINUTE)
    await car.look()
    form = await repairs.begin(LATE)
    assert form["description_placeholders"]["minutes"] == "7"

    await repairs.confirm(LATE)
    assert await car.look() == {}
    await car.lag(7 * MINUTE, time=HOUR, every=2 * MINUTE)
    assert await car.look() == {}
    await car.lag(7 * MINUTE, time=2 * MINUTE, every=2 * MINUTE)
    assert LATE in await car.look()


async def test_two_senders_that_are_known_have_to_be_seen_anew(
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    repairs: Repairs,
    car: Trouble,
    other: UdpUnit,
) -> None:
    await car.be_doubled(other)
    await car.look()
    menu = await repairs.begin(NETWORKS)
    assert menu["menu_options"] == ["change", "dismiss"]
    assert menu["description_placeholders"] == {"name": "Car"}

    await repairs.answer(menu, next_step_id="dismiss")

    assert tracker.data == {"tracker_id": CAR}
    assert await car.look() == {}
    await car.hass.config_entries.async_reload(entry.entry_id)
    assert await car.look() == {}
    await car.be_here()
    await car.be_elsewhere(other)
    assert await car.look() == {}
    await car.be_here()
    assert NETWORKS in await car.look()


async def test_places_that_contradict_are_held_from_now_on(
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    repairs: Repairs,
    car: Trouble,
    other: UdpUnit,
) -> None:
    await car.be_doubled(other)
    await car.look()

    menu = await repairs.begin(NETWORKS)
    done = await repairs.answer(menu, next_step_id="change")

    assert done["type"] == "create_entry"
    assert tracker.data == {"tracker_id": CAR, "hold_contradictions": True}
    assert hub_of(entry).trackers[CAR].impostor.guard.is_on
    assert await car.look() == {}

    await car.be_doubled(other)
    await car.look()
    again = await repairs.begin(NETWORKS)
    assert again["menu_options"] == ["dismiss"], "it is held already"


@pytest.mark.parametrize("answers", [{}, {"next_step_id": "change"}])
async def test_repair_of_a_tracker_that_is_gone_harms_nobody(
    entry: MockConfigEntry,
    tracker: ConfigSubentry,
    repairs: Repairs,
    car: Trouble,
    answers: dict[str, str],
) -> None:
    await car.drive(await car.drive())
    await car.resend(20)
    await car.look()
    shown = await repairs.begin(IGNITION if answers else RESENDS)
    car.hass.config_entries.async_remove_subentry(entry, tracker.subentry_id)
    again = await add_tracker(car.hass, entry, "9170000009")

    assert (await repairs.answer(shown, **answers))["type"] == "create_entry"

    assert again.data == {"tracker_id": "9170000009"}
    assert told(car.hass) == {}
