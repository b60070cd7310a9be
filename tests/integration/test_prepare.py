"""Prepare a new tracker: the texts to send, and the wait for what arrives."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_IGNORE, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.h02 import SmsFault

from .conftest import TcpFactory
from .flows import begin_tracker, choose, look, submit_tracker
from .host import (
    add_tracker,
    hub_of,
    offered,
    pass_time,
    place_of,
    receiver_entry,
    until as until_idle,
)
from .road import BERLIN, CAR, VAN, UdpUnit, report
from .test_knocks import GT06_LOGIN, HTTP

pytestmark = pytest.mark.usefixtures("noon")

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

ANSWERS: dict[str, Any] = {
    "apn": "internet",
    "host": "home.example.org",
    "port": 8888,
    "interval_on": 20,
    "interval_off": 300,
    "password": "0000",
}


type Say = Callable[[bytes], Any]


def ignore(hass: HomeAssistant, tracker_id: str) -> None:
    """Have the owner ignore an id that was offered."""
    ignored = MockConfigEntry(domain=DOMAIN, source=SOURCE_IGNORE, unique_id=tracker_id)
    ignored.add_to_hass(hass)


class Owner:
    """The owner in front of the dialog; a second goes by with each look."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        """Sit down."""
        self.hass = hass
        self.entry = entry
        self.freezer = freezer
        self.flow: SubentryFlowResult

    async def prepare(self, **answers: Any) -> SubentryFlowResult:
        """Fill in the form, and get the texts."""
        menu = await begin_tracker(self.hass, self.entry)
        form = await choose(self.hass, menu, "prepare")
        self.flow = await submit_tracker(self.hass, form, **{**ANSWERS, **answers})
        return self.flow

    async def wait(self) -> SubentryFlowResult:
        """Say that the texts are sent."""
        self.flow = await submit_tracker(self.hass, self.flow)
        return self.flow

    async def sees(self, action: str, time: timedelta = SECOND) -> dict[str, Any]:
        """Let time pass and tell what is on the screen then."""
        await pass_time(self.hass, self.freezer, time)
        flow = await look(self.hass, self.flow)
        assert flow["type"] is FlowResultType.SHOW_PROGRESS
        assert flow["progress_action"] == action
        return dict(flow["description_placeholders"] or {})

    async def arrives(self, time: timedelta = SECOND) -> SubentryFlowResult:
        """Let time pass; the dialog has gone on by itself then."""
        await self.is_over(time)
        assert self.flow["step_id"] == "arrived"
        return self.flow

    async def is_over(self, time: timedelta = SECOND) -> SubentryFlowResult:
        """Let time pass, and find that there is nothing to wait for any more."""
        await pass_time(self.hass, self.freezer, time)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        self.flow = await look(self.hass, self.flow)
        return self.flow


@pytest.fixture
def owner(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> Owner:
    """The owner of the house."""
    return Owner(hass, entry, freezer)


@pytest.fixture
def received(hass: HomeAssistant, entry: MockConfigEntry) -> Callable[[int], Any]:
    """Wait until so many segments and datagrams have come."""

    async def received(count: int) -> None:
        traffic = hub_of(entry).receiver.traffic
        await until(hass, lambda: traffic.received == count)

    return received


async def until(hass: HomeAssistant, condition: Callable[[], object]) -> None:
    """Wait while a dialog does so as well."""
    await until_idle(hass, condition, is_watched=True)


# --- the form -------------------------------------------------------------------------


def proposed(form: SubentryFlowResult) -> dict[str, Any]:
    """Give what a form is filled with."""
    schema = form["data_schema"]
    assert schema is not None
    return {
        str(field): field.description["suggested_value"]
        for field in schema.schema
        if field.description
    }


@pytest.mark.parametrize(
    ("external_url", "host"),
    [
        (None, ""),
        ("https://home.example.org:8123", "home.example.org"),
        ("http://203.0.113.7", "203.0.113.7"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        # No tracker knows IPv6.
        ("http://[2001:db8::7]:8123", ""),
        # The cloud hands on web pages only.
        ("https://0123456789abcdef.ui.nabu.casa", ""),
    ],
)
async def test_form_proposes_what_is_known(
    owner: Owner, port: int, external_url: str | None, host: str
) -> None:
    await owner.hass.config.async_update(external_url=external_url)

    form = await choose(
        owner.hass, await begin_tracker(owner.hass, owner.entry), "prepare"
    )

    assert form["step_id"] == "prepare"
    assert proposed(form) == {
        "host": host,
        "port": port,
        "interval_on": 20,
        "interval_off": 300,
        "password": "0000",
    }


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("apn", " ", SmsFault.EMPTY),
        ("apn", "two words", SmsFault.HAS_BLANKS),
        ("apn_user", "user", None),
        ("host", "http://example.org", SmsFault.NOT_A_HOST),
        ("host", "bücher.example", SmsFault.NOT_ASCII),
        ("port", 65_535, None),
        ("port", 65_536, SmsFault.NOT_A_PORT),
        ("interval_on", -1, SmsFault.NOT_AN_INTERVAL),
        ("interval_off", 18_001, SmsFault.NOT_AN_INTERVAL),
        ("password", "12345", SmsFault.NOT_A_PASSWORD),
        ("new_password", "0000", SmsFault.SAME_PASSWORD),
        ("tracker_id", "1234567", "invalid_tracker_id"),
        ("tracker_id", VAN, "already_configured"),
    ],
)
async def test_what_cannot_be_sent_is_told_and_can_be_mended(
    owner: Owner, field: str, value: Any, error: str | None
) -> None:
    await add_tracker(owner.hass, owner.entry, VAN)
    form = await owner.prepare(**{field: value})

    if field == "apn_user":
        assert form["errors"] == {"apn_password": SmsFault.LOGIN_INCOMPLETE}
    elif error is None:
        assert form["step_id"] == "texts"
        return
    else:
        assert form["errors"] == {field: error}
    assert proposed(form)[field] == value
    assert hub_of(owner.entry).preparation is None
    form = await submit_tracker(owner.hass, form, **ANSWERS)
    assert form["step_id"] == "texts"


# --- the texts ------------------------------------------------------------------------


async def test_texts_stand_in_order_each_on_a_line_of_its_own(owner: Owner) -> None:
    form = await owner.prepare(
        apn_user="me", apn_password="secret", new_password="4711", password="1234"
    )

    placeholders = form["description_placeholders"]
    assert placeholders is not None
    blocks = placeholders["texts"].split("```")[1::2]
    assert [block.strip("\n") for block in blocks] == [
        "8961234E00",
        "8031234 internet me secret",
        "8041234 home.example.org 8888",
        "8051234 20",
        "8091234 300",
        "7101234",
        "RCONF",
        "77747111234",
    ]
    assert placeholders["texts"].startswith("**1.** Time zone of its own SMS: UTC\n")


async def test_what_may_go_wrong_is_told(owner: Owner) -> None:
    form = await owner.prepare()
    assert form["description_placeholders"] is not None
    hints = form["description_placeholders"]["hints"].splitlines()
    assert len(hints) == 5
    assert hints[0] == (
        "- Some trackers, an ST-901 or an ST-906L, connect to an IP address only, and "
        "to no host name."
    )

    form = await owner.prepare(host="93.184.215.14", interval_off=20, new_password="1")
    assert form["errors"] == {"new_password": SmsFault.NOT_A_PASSWORD}
    form = await owner.prepare(
        host="93.184.215.14", interval_off=20, new_password="4711"
    )
    assert form["description_placeholders"] is not None
    assert form["description_placeholders"]["hints"] == ""


async def test_owner_may_leave_and_come_back(owner: Owner, udp: UdpUnit) -> None:
    await owner.prepare(apn="my.apn", tracker_id=CAR)
    owner.hass.config_entries.subentries.async_abort(owner.flow["flow_id"])

    menu = await begin_tracker(owner.hass, owner.entry)
    assert menu["menu_options"] == ["heard", "prepare", "texts"]
    form = await choose(owner.hass, menu, "prepare")
    assert proposed(form)["apn"] == "my.apn"
    assert proposed(form)["tracker_id"] == CAR
    owner.hass.config_entries.subentries.async_abort(form["flow_id"])

    # It reports while nobody looks.
    udp.send(report())
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)
    menu = await begin_tracker(owner.hass, owner.entry)
    texts = await choose(owner.hass, menu, "texts")
    assert "8030000 my.apn" in (texts["description_placeholders"] or {})["texts"]
    form = await submit_tracker(owner.hass, texts)
    assert form["step_id"] == "arrived"
    done = await submit_tracker(owner.hass, form, tracker_id=CAR, name="Car")
    assert done["type"] is FlowResultType.CREATE_ENTRY

    menu = await begin_tracker(owner.hass, owner.entry)
    assert menu["menu_options"] == ["heard", "prepare"]


# --- the wait -------------------------------------------------------------------------

SEEN = '<ha-icon icon="mdi:check-circle"></ha-icon> '


def seen(placeholders: dict[str, Any]) -> int:
    """Count the signs that were seen."""
    signs: list[str] = placeholders["signs"].splitlines()
    assert len(signs) == 5
    count = sum(sign.startswith(SEEN) for sign in signs)
    assert all(sign.startswith(SEEN) for sign in signs[:count])
    return count


async def test_dialog_follows_what_arrives_up_to_success(
    owner: Owner,
    connect: TcpFactory,
    received: Callable[[int], Any],
) -> None:
    await owner.prepare()
    await owner.wait()
    assert seen(await owner.sees("silence")) == 0

    unit = await connect()
    traffic = hub_of(owner.entry).receiver.traffic
    await until(owner.hass, lambda: traffic.connections == 1)
    assert seen(await owner.sees("connection")) == 1

    unit.send(b"*HQ,")
    await received(1)
    assert seen(await owner.sees("bytes")) == 2

    unit.send(report(valid=False).removeprefix(b"*HQ,"))
    await received(2)
    no_fix = await owner.sees("no_fix")
    assert seen(no_fix) == 4
    assert no_fix["heard_id"] == CAR

    unit.send(report())
    await received(3)
    form = await owner.arrives()
    assert form["type"] is FlowResultType.FORM
    assert form["description_placeholders"] == {"tracker_id": CAR}
    assert form["data_schema"] is not None
    assert form["data_schema"]({}) == {"tracker_id": CAR, "name": "ST-906 0000"}

    assert offered(owner.hass) == [CAR]
    done = await submit_tracker(owner.hass, form, tracker_id=CAR, name=" Car ")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert offered(owner.hass) == []
    (subentry,) = owner.entry.subentries.values()
    assert (subentry.unique_id, subentry.title) == (CAR, "Car")
    assert place_of(owner.hass) == pytest.approx(BERLIN, abs=1e-5)


async def test_dialog_goes_on_by_itself(owner: Owner, udp: UdpUnit) -> None:
    """Without anybody who looks: the interface is told that there is news."""
    told: list[Any] = []
    owner.hass.bus.async_listen(
        "data_entry_flow_progressed", lambda event: told.append(event.data)
    )
    await owner.prepare()
    await owner.wait()
    udp.send(report())
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)

    await pass_time(owner.hass, owner.freezer, SECOND)
    await until(owner.hass, lambda: told)

    assert told[0]["flow_id"] == owner.flow["flow_id"]


async def test_time_alone_tells_the_next_step(
    owner: Owner,
    connect: TcpFactory,
    udp: UdpUnit,
    received: Callable[[int], Any],
) -> None:
    await owner.prepare()
    await owner.wait()
    await owner.sees("silence", 4 * MINUTE)
    told = await owner.sees("silence_overdue", MINUTE)
    assert told["port"] == "8888"

    await connect()
    traffic = hub_of(owner.entry).receiver.traffic
    await until(owner.hass, lambda: traffic.connections == 1)
    await owner.sees("connection")
    await owner.sees("connection_overdue", MINUTE)

    udp.send(b"?")
    await received(1)
    await owner.sees("bytes")
    await owner.sees("bytes_overdue", MINUTE)


async def test_tracker_of_another_make_is_named_and_a_scanner_is_not(
    owner: Owner, udp: UdpUnit, received: Callable[[int], Any]
) -> None:
    await owner.prepare()
    await owner.wait()
    udp.send(HTTP)
    await received(1)
    await owner.sees("bytes")

    udp.send(GT06_LOGIN)
    await received(2)
    told = await owner.sees("foreign")
    assert told["protocol"] == "GT06"
    assert seen(told) == 2


async def test_knock_from_before_says_nothing(
    owner: Owner, udp: UdpUnit, received: Callable[[int], Any]
) -> None:
    udp.send(GT06_LOGIN)
    await received(1)
    await pass_time(owner.hass, owner.freezer, MINUTE)
    await owner.prepare()
    await owner.wait()

    await owner.sees("silence")


@pytest.mark.parametrize("tracker_id", ["", "1234567"])
async def test_report_without_a_valid_id_is_told(
    owner: Owner, udp: UdpUnit, received: Callable[[int], Any], tracker_id: str
) -> None:
    await owner.prepare()
    await owner.wait()
    udp.send(report(tracker_id))
    await received(1)

    assert seen(await owner.sees("frame")) == 3


async def test_other_id_than_announced_is_told(owner: Owner, udp: UdpUnit) -> None:
    await owner.prepare(tracker_id=CAR)
    await owner.wait()
    udp.send(report(VAN))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)
    told = await owner.sees("other_id")
    assert (told["heard_id"], told["tracker_id"]) == (VAN, CAR)

    udp.send(report(CAR))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 2)
    form = await owner.arrives()
    assert form["description_placeholders"] == {"tracker_id": CAR}


async def test_tracker_in_a_garage_is_not_waited_for_for_ever(
    owner: Owner, udp: UdpUnit
) -> None:
    await owner.prepare()
    await owner.wait()
    udp.send(report(valid=False))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)
    await owner.sees("no_fix", SECOND)

    await owner.arrives(3 * MINUTE)


async def test_of_several_the_owner_chooses(owner: Owner, udp: UdpUnit) -> None:
    await owner.prepare()
    await owner.wait()
    udp.send(report(CAR), report(VAN))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 2)

    form = await owner.arrives()

    assert form["data_schema"] is not None
    options = form["data_schema"].schema["tracker_id"].config["options"]
    assert options == [VAN, CAR]
    assert form["description_placeholders"] == {"tracker_id": f"{VAN}, {CAR}"}
    await submit_tracker(owner.hass, form, tracker_id=CAR)
    (subentry,) = owner.entry.subentries.values()
    assert subentry.unique_id == CAR
    # No name was proposed, which would be that of the other.
    assert subentry.title == f"ST-906 {CAR[-4:]}"


async def test_ignored_tracker_is_not_taken_for_the_new_one(
    owner: Owner, udp: UdpUnit
) -> None:
    ignore(owner.hass, VAN)
    await owner.prepare()
    await owner.wait()
    udp.send(report(VAN))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)

    assert (await owner.sees("ignored"))["heard_id"] == VAN


async def test_ignored_tracker_is_nobody_to_who_announces_another(
    owner: Owner, udp: UdpUnit
) -> None:
    ignore(owner.hass, VAN)
    await owner.prepare(tracker_id=CAR)
    await owner.wait()
    udp.send(report(VAN))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)

    await owner.sees("silence")


async def test_tracker_of_another_receiver_is_not_taken_for_the_new_one(
    owner: Owner, udp: UdpUnit
) -> None:
    receiver_entry(8889, {VAN: "Van"}).add_to_hass(owner.hass)
    await owner.prepare()
    await owner.wait()
    udp.send(report(VAN))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)
    await owner.sees("silence")

    udp.send(report(CAR))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 2)

    form = await owner.arrives()
    assert (form["description_placeholders"] or {})["tracker_id"] == CAR


async def test_trackers_that_are_there_already_are_no_sign_of_a_new_one(
    owner: Owner, udp: UdpUnit, connect: TcpFactory, received: Callable[[int], Any]
) -> None:
    """Who adds a second car needs to know what to look at as well."""
    await add_tracker(owner.hass, owner.entry, VAN)
    await owner.prepare()
    await owner.wait()
    udp.send(report(VAN))
    await udp.answer()
    unit = await connect()
    for piece in (report(VAN)[:20], report(VAN)[20:] + b"\xff"):
        unit.send(piece)
        await received(2 if piece.startswith(b"*") else 3)
    await unit.answer()

    assert seen(await owner.sees("silence")) == 0
    await owner.sees("silence_overdue", 5 * MINUTE)


async def test_test_of_the_receiver_is_no_sign_of_a_tracker(owner: Owner) -> None:
    await owner.prepare()
    await owner.wait()

    assert await hub_of(owner.entry).async_test() == {"tcp", "udp"}

    assert seen(await owner.sees("silence")) == 0


async def test_tracker_that_shares_its_address_with_a_flood_is_a_sign(
    owner: Owner, udp: UdpUnit, received: Callable[[int], Any]
) -> None:
    receiver = hub_of(owner.entry).receiver
    while not receiver.admission.is_flooding("127.0.0.1"):
        receiver.admission.note("127.0.0.1", "udp")
    await owner.prepare()
    await owner.wait()
    udp.send(report(VAN))
    await received(1)

    assert seen(await owner.sees("bytes")) == 2


async def test_new_connection_is_a_sign_where_one_of_before_was_let_in(
    owner: Owner, connect: TcpFactory
) -> None:
    unit = await connect()
    unit.send(report(VAN))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)
    await owner.prepare(tracker_id=CAR)
    await owner.wait()
    await add_tracker(owner.hass, owner.entry, VAN)
    unit.send(report(VAN))
    await unit.answer()
    await owner.sees("silence")

    await connect()
    traffic = hub_of(owner.entry).receiver.traffic
    await until(owner.hass, lambda: traffic.connections == 2)
    await owner.sees("connection")


# --- what may happen meanwhile --------------------------------------------------------


def let_in_somewhere_else(hass: HomeAssistant) -> None:
    """Let the car in by a receiver that is not open."""
    receiver_entry(8889, {CAR: "Car"}).add_to_hass(hass)


async def test_tracker_that_was_let_in_another_way_ends_the_wait(owner: Owner) -> None:
    """Nothing has to be heard of a tracker whose id was announced."""
    await owner.prepare(tracker_id=CAR)
    await owner.wait()
    await add_tracker(owner.hass, owner.entry, CAR)

    done = await owner.is_over()

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "already_configured"


async def test_tracker_that_another_receiver_let_in_ends_the_wait(
    owner: Owner,
) -> None:
    await owner.prepare(tracker_id=CAR)
    await owner.wait()
    let_in_somewhere_else(owner.hass)

    done = await owner.is_over()

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "already_configured"
    assert hub_of(owner.entry).preparation is None


async def test_other_tracker_does_not_end_the_wait_for_one_without_an_id(
    owner: Owner, udp: UdpUnit
) -> None:
    await owner.prepare()
    await owner.wait()
    await add_tracker(owner.hass, owner.entry, VAN, "Van")
    await owner.sees("silence")

    udp.send(report(CAR))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)

    form = await owner.arrives()
    assert form["description_placeholders"] == {"tracker_id": CAR}


@pytest.mark.parametrize("announced", [CAR, ""])
async def test_what_was_entered_is_forgotten_however_the_tracker_was_let_in(
    owner: Owner, udp: UdpUnit, announced: str
) -> None:
    """The password of an APN is among it."""
    await owner.prepare(tracker_id=announced, apn_user="me", apn_password="secret")
    owner.hass.config_entries.subentries.async_abort(owner.flow["flow_id"])
    udp.send(report(CAR))
    await until(owner.hass, lambda: offered(owner.hass) == [CAR])

    (card,) = owner.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    await owner.hass.config_entries.flow.async_configure(
        card["flow_id"], {"name": "Car"}
    )
    await owner.hass.async_block_till_done()

    assert hub_of(owner.entry).preparation is None
    menu = await begin_tracker(owner.hass, owner.entry)
    assert menu["menu_options"] == ["heard", "prepare"]


async def test_dialog_of_a_tracker_that_was_let_in_by_its_card_says_so(
    owner: Owner, udp: UdpUnit
) -> None:
    await owner.prepare()
    udp.send(report(CAR))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)
    await add_tracker(owner.hass, owner.entry, CAR)

    done = await submit_tracker(owner.hass, owner.flow)

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "already_configured"


async def test_ignored_tracker_is_waited_for_if_it_is_announced(
    owner: Owner, udp: UdpUnit
) -> None:
    ignore(owner.hass, CAR)
    await owner.prepare(tracker_id=CAR)
    await owner.wait()
    udp.send(report(CAR))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)

    form = await owner.arrives()

    done = await submit_tracker(owner.hass, form, tracker_id=CAR, name="Car")
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_tracker_that_is_let_in_while_it_is_being_named_is_told(
    owner: Owner, udp: UdpUnit
) -> None:
    await owner.prepare()
    await owner.wait()
    udp.send(report(CAR))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)
    form = await owner.arrives()
    await add_tracker(owner.hass, owner.entry, CAR)

    done = await submit_tracker(owner.hass, form, tracker_id=CAR, name="Car")

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "already_configured"


async def test_each_dialog_waits_for_its_own_tracker(
    owner: Owner, udp: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await owner.prepare(tracker_id=CAR)
    await owner.wait()
    other = Owner(owner.hass, owner.entry, freezer)
    await other.prepare(tracker_id=VAN, apn="other.example")
    await other.wait()
    assert (await owner.sees("silence"))["tracker_id"] == CAR
    assert (await other.sees("silence"))["tracker_id"] == VAN

    udp.send(report(CAR))
    await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)
    await pass_time(owner.hass, freezer, SECOND)
    form = await look(owner.hass, owner.flow)

    assert form["step_id"] == "arrived"
    assert form["description_placeholders"] == {"tracker_id": CAR}
    assert (await other.sees("other_id"))["heard_id"] == CAR
    owner.hass.config_entries.subentries.async_abort(other.flow["flow_id"])


@pytest.mark.parametrize("end", ["async_unload", "async_reload", "async_remove"])
async def test_receiver_that_closes_ends_the_wait(owner: Owner, end: str) -> None:
    """What was prepared goes with it, if it comes back or not."""
    await owner.prepare()
    await owner.wait()
    await getattr(owner.hass.config_entries, end)(owner.entry.entry_id)

    done = await owner.is_over()

    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "receiver_closed"


@pytest.mark.parametrize("step", ["prepare", "texts", "arrived"])
async def test_receiver_that_closes_ends_each_form(
    owner: Owner, udp: UdpUnit, step: str
) -> None:
    if step == "prepare":
        menu = await begin_tracker(owner.hass, owner.entry)
        form = await choose(owner.hass, menu, "prepare")
    else:
        form = await owner.prepare()
    if step == "arrived":
        await owner.wait()
        udp.send(report(CAR))
        await until(owner.hass, lambda: len(hub_of(owner.entry).strangers) == 1)
        form = await owner.arrives()
    assert form["step_id"] == step
    await owner.hass.config_entries.async_unload(owner.entry.entry_id)

    if step == "arrived":
        # Its id is known, and that is all that it takes.
        done = await submit_tracker(owner.hass, form, tracker_id=CAR, name="Car")
        assert done["type"] is FlowResultType.CREATE_ENTRY
        return
    answers = ANSWERS if step == "prepare" else {}
    done = await submit_tracker(owner.hass, form, **answers)
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "receiver_closed"
