"""Turn the key on and off, and see what the tracker makes of it."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from homeassistant.config_entries import ConfigSubentry, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .flows import begin_change, choose, look, submit_tracker
from .host import add_tracker, hub_of, until
from .road import UdpUnit, heartbeat, report

PATIENCE = "custom_components.sinotrack.ignition_proof.PATIENCE"


class Driver:
    """Somebody in the vehicle, with the dialog on a phone."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        tracker: ConfigSubentry,
        udp: UdpUnit,
    ) -> None:
        """Sit down."""
        self.hass = hass
        self.entry = entry
        self.tracker = tracker
        self._udp = udp
        self._ages = count(60, -1)
        self.flow: SubentryFlowResult
        self.has_begun = False

    async def begin(self) -> None:
        """Begin the test."""
        form = await begin_change(self.hass, self.entry, self.tracker, "ignition")
        assert form["step_id"] == "ignition"
        self.flow = await submit_tracker(self.hass, form)
        assert self.flow["step_id"] == "key_on"
        self.has_begun = True

    async def turns(self, *, ignition: bool) -> None:
        """Let the tracker report the key, a second after its last report."""
        age = timedelta(seconds=next(self._ages))
        await self.hears(report(ignition=ignition, age=age))

    async def hears(self, frame: bytes) -> None:
        """Let the tracker report, and the dialog follow it."""
        (live,) = hub_of(self.entry).trackers.values()
        before = live.tracker.state.last_seen
        self._udp.send(frame)
        await until(
            self.hass,
            lambda: live.tracker.state.last_seen != before,
            is_watched=True,
        )

    def sets(self, **options: Any) -> None:
        """Change what is set of the tracker."""
        self.hass.config_entries.async_update_subentry(
            self.entry, self.tracker, data={**self.tracker.data, **options}
        )

    async def sees(self, step_id: str) -> SubentryFlowResult:
        """Tell what is on the screen."""
        self.flow = await look(self.hass, self.flow)
        assert self.flow["step_id"] == step_id
        return self.flow

    async def is_told(self) -> str:
        """Tell how the dialog ended."""
        await self.hass.async_block_till_done(wait_background_tasks=True)
        done = await look(self.hass, self.flow)
        assert done["type"] is FlowResultType.ABORT
        return done["reason"]

    @property
    def source(self) -> Any:
        """What is set to tell the ignition."""
        return self.tracker.data.get("ignition_source")


@pytest.fixture
async def driver(hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit) -> Driver:
    """Somebody in a vehicle that was let in and has reported with the key off."""
    return Driver(hass, entry, await add_tracker(hass, entry), udp)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Stop believing in the key at once; call it before a turn begins."""
    return lambda: monkeypatch.setattr(PATIENCE, 0)


async def test_wire_that_is_right_is_found_out_and_set(driver: Driver) -> None:
    await driver.turns(ignition=False)
    await driver.begin()
    # Neither a frame without a status word nor the same again is a turn of the key.
    await driver.hears(heartbeat())
    await driver.turns(ignition=False)
    await driver.sees("key_on")

    await driver.turns(ignition=True)
    await driver.sees("key_off")
    await driver.turns(ignition=False)

    assert await driver.is_told() == "ignition_was_right"
    assert driver.source == "wire"


async def test_wire_that_is_proved_is_taken_instead_of_the_motion(
    driver: Driver,
) -> None:
    driver.sets(ignition_source="motion")
    await driver.begin()
    for ignition in (False, True, False):
        await driver.turns(ignition=ignition)

    assert await driver.is_told() == "ignition_wire"
    assert driver.source == "wire"


async def test_motion_that_is_set_is_not_offered_again(
    driver: Driver, impatient: Callable[[], None]
) -> None:
    driver.sets(ignition_source="motion")
    impatient()
    await driver.begin()
    await driver.turns(ignition=False)

    assert (await driver.sees("proved"))["menu_options"] == ["ignition"]


@pytest.mark.parametrize(
    ("before", "is_wired", "after"),
    [
        ("wire", False, "inverted"),
        ("motion", False, "inverted"),
        ("inverted", True, "wire"),
    ],
)
async def test_setting_is_turned_round_only_by_who_says_that_the_key_is_off(
    driver: Driver, before: str, is_wired: bool, after: str
) -> None:
    """A test that was begun with the key on looks the same."""
    driver.sets(ignition_source=before)
    for ignition in (not is_wired, is_wired, not is_wired):
        await driver.turns(ignition=ignition)
        if not driver.has_begun:
            await driver.begin()
    await driver.hass.async_block_till_done(wait_background_tasks=True)

    menu = await driver.sees("reversed")
    assert driver.source == before
    # Who opens the page anew is asked again.
    menu = await driver.sees("reversed")
    again = await choose(driver.hass, menu, "ignition")
    driver.flow = await submit_tracker(driver.hass, again)
    assert driver.source == before

    for ignition in (is_wired, not is_wired):
        await driver.turns(ignition=ignition)
    await driver.hass.async_block_till_done(wait_background_tasks=True)
    done = await choose(driver.hass, await driver.sees("reversed"), "use_proved")

    assert done["reason"] == f"ignition_{after}"
    assert driver.source == after


async def test_wire_that_is_known_to_be_reversed_is_proved_without_a_question(
    driver: Driver,
) -> None:
    driver.sets(ignition_source="inverted")
    await driver.turns(ignition=True)
    await driver.begin()
    for ignition in (False, True):
        await driver.turns(ignition=ignition)

    assert await driver.is_told() == "ignition_was_right"


async def test_tracker_that_has_never_reported_is_proved_as_well(
    driver: Driver,
) -> None:
    await driver.begin()
    for ignition in (False, True, False):
        await driver.turns(ignition=ignition)

    assert await driver.is_told() == "ignition_was_right"


async def test_all_else_that_is_set_stays(driver: Driver) -> None:
    driver.sets(max_speed=120)
    await driver.begin()
    for ignition in (False, True, False):
        await driver.turns(ignition=ignition)
    await driver.is_told()

    assert driver.tracker.data["max_speed"] == 120
    (live,) = hub_of(driver.entry).trackers.values()
    assert live.tracker.options.max_speed_kmh == 120


async def test_wire_that_is_not_connected_is_told_and_motion_offered(
    driver: Driver, impatient: Callable[[], None]
) -> None:
    impatient()
    await driver.begin()
    await driver.turns(ignition=False)

    menu = await driver.sees("proved")
    assert menu["menu_options"] == ["use_motion", "ignition"]
    again = await choose(driver.hass, menu, "ignition")
    assert again["step_id"] == "ignition"
    driver.flow = await submit_tracker(driver.hass, again)
    await driver.turns(ignition=False)
    done = await choose(driver.hass, await driver.sees("proved"), "use_motion")

    assert done["reason"] == "ignition_motion"
    assert driver.source == "motion"


async def test_motion_is_not_set_of_a_tracker_that_was_deleted_meanwhile(
    driver: Driver, impatient: Callable[[], None]
) -> None:
    impatient()
    await driver.begin()
    await driver.turns(ignition=False)
    menu = await driver.sees("proved")
    driver.hass.config_entries.async_remove_subentry(
        driver.entry, driver.tracker.subentry_id
    )

    done = await choose(driver.hass, menu, "use_motion")

    assert done["reason"] == "tracker_gone"


async def test_silent_tracker_proves_nothing(
    driver: Driver, impatient: Callable[[], None]
) -> None:
    impatient()
    await driver.begin()

    assert await driver.is_told() == "nothing_heard"


async def test_tracker_that_reports_seldom_and_tells_no_key_is_offered_motion(
    driver: Driver, impatient: Callable[[], None]
) -> None:
    """Parked it reports every five minutes; with a wire it would have at once."""
    await driver.turns(ignition=False)
    impatient()
    await driver.begin()
    await driver.hass.async_block_till_done(wait_background_tasks=True)

    menu = await driver.sees("proved")
    assert menu["menu_options"] == ["use_motion", "ignition"]
    assert driver.source is None


async def test_key_that_stays_on_proves_nothing(
    driver: Driver, impatient: Callable[[], None]
) -> None:
    await driver.turns(ignition=False)
    await driver.begin()
    impatient()
    await driver.turns(ignition=True)

    assert await driver.is_told() == "key_left_on"
    assert driver.source is None


async def test_receiver_that_closes_ends_the_test(driver: Driver) -> None:
    await driver.begin()
    await driver.hass.config_entries.async_unload(driver.entry.entry_id)

    assert await driver.is_told() == "receiver_closed"


async def test_tracker_that_was_deleted_meanwhile_cannot_be_tested(
    driver: Driver,
) -> None:
    form = await begin_change(driver.hass, driver.entry, driver.tracker, "ignition")
    driver.hass.config_entries.async_remove_subentry(
        driver.entry, driver.tracker.subentry_id
    )
    await driver.hass.async_block_till_done()

    done = await submit_tracker(driver.hass, form)

    assert done["reason"] == "tracker_gone"


async def test_receiver_that_is_closed_cannot_test(driver: Driver) -> None:
    await driver.hass.config_entries.async_unload(driver.entry.entry_id)

    done = await begin_change(driver.hass, driver.entry, driver.tracker, "ignition")

    assert done["reason"] == "receiver_closed"


async def test_dialog_that_is_closed_leaves_nothing_behind(driver: Driver) -> None:
    await driver.begin()
    (live,) = hub_of(driver.entry).trackers.values()
    watchers = len(live._watchers)  # noqa: SLF001  nobody else can tell

    driver.hass.config_entries.subentries.async_abort(driver.flow["flow_id"])
    await driver.hass.async_block_till_done(wait_background_tasks=True)

    assert len(live._watchers) == watchers - 1  # noqa: SLF001
