"""Diagnostics: all that helps to find a fault, and nothing of anybody."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.sinotrack.const import DOMAIN
from custom_components.sinotrack.h02 import Report, decode
from simulator import WifiPoint, record_32, record_45, sms, v1, v4, v6, v8, v19

from .conftest import TcpFactory
from .host import add_tracker, device_of, hub_of, until
from .road import BERLIN, CAR, VAN, UdpUnit, heartbeat, report, sample

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

NAME = "Rosinante"
ICCID = "89492272211065702518"
PHONE = "491701234567"
SERVER = "203.0.113.77"
BSSID = "d076e794d03c"

PRIVATE = {
    *(CAR, VAN, NAME, NAME.lower(), ICCID, PHONE, SERVER, BSSID, "127.0.0.1"),
    # Berlin in degrees, and the way the wire says it in text and in digits.
    *("52.52", "13.40", "5231.20", "01324.29", "523120", "0132429"),
    # The cell, in decimal and in hex.
    *("49032", "21237", "bf8852f5"),
}

type Download = Callable[[], Awaitable[dict[str, Any]]]


@pytest.fixture(autouse=True)
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Begin at noon, and let time pass only where a test says so."""
    freezer.move_to(NOON)


@pytest.fixture
def download(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> Download:
    """Download the diagnostics of the receiver and all its trackers."""

    async def download() -> dict[str, Any]:
        return dict(await get_diagnostics_for_config_entry(hass, hass_client, entry))

    return download


@pytest.fixture
async def car(hass: HomeAssistant, entry: MockConfigEntry, udp: UdpUnit) -> UdpUnit:
    """A tracker that was let in and has not reported."""
    await add_tracker(hass, entry, name=NAME)
    return udp


def frames(tracker_id: str = CAR) -> list[bytes]:
    """Frames of all kinds, each with something private in it."""
    full = replace(
        sample(tracker_id, speed_kmh=50, ignition=True, satellites=11, csq=24),
        voltage=12.6,
        battery_percent=95,
    )
    return [
        v1(full),
        v6(full, ICCID),
        v8(full, [WifiPoint(BSSID, -70)]),
        v19(full, PHONE, ICCID),
        v19(full, SERVER, ICCID),
        v4(full, "S23", "121314", [f"{SERVER}:8888"]),
        sms(full, f"ID:{tracker_id}\nIP:{SERVER} 8888\nSOS:+{PHONE}\nICCID:{ICCID}"),
        sms(full, f"http://maps.example.org/?q={BERLIN[0]},{BERLIN[1]}"),
        record_32(full, number=1),
        record_45(full, number=2, mileage_km=1234),
        heartbeat(tracker_id),
    ]


def read(shown: str) -> Report:
    """Decode a frame as it is shown."""
    is_text = shown.startswith("*")
    decoded = decode(shown.encode() if is_text else bytes.fromhex(shown))
    assert isinstance(decoded, Report), decoded
    return decoded


# --- nothing of anybody ---------------------------------------------------------------


async def test_nothing_private_leaves_the_house(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    *,
    car: UdpUnit,
    download: Download,
) -> None:
    for frame in frames():
        car.send(frame)
        await car.answer()
    for frame in frames(VAN):
        car.send(frame)
    strangers = hub_of(entry).strangers
    await until(
        hass, lambda: (van := strangers.get(VAN)) and van.reports == len(frames())
    )
    car_device = device_of(hass, entry)
    assert car_device is not None

    told = await download()
    alone = await get_diagnostics_for_device(hass, hass_client, entry, car_device)

    assert len(told["trackers"][0]["reports"]) == len(frames())
    assert len(told["strangers"][0]["recent"]) == len(frames())
    for shown in (json.dumps(told), json.dumps(alone)):
        assert {value for value in PRIVATE if value in shown} == set()


def test_what_is_private_is_in_the_frames() -> None:
    sent = "".join(
        frame.decode() if frame.startswith(b"*") else frame.hex()
        for tracker_id in (CAR, VAN)
        for frame in frames(tracker_id)
    )

    unsent = {value for value in PRIVATE if value not in sent}
    assert unsent == {NAME, NAME.lower(), "127.0.0.1"}


async def test_frames_can_still_be_read(
    hass: HomeAssistant, car: UdpUnit, download: Download
) -> None:
    for frame in frames():
        car.send(frame)
        await car.answer()

    told = await download()

    for frame, shown in zip(frames(), told["trackers"][0]["reports"], strict=True):
        before, after = decode(frame), read(shown["raw"])
        assert isinstance(before, Report)
        assert after.tracker_id == told["trackers"][0]["tracker_id"] == "0000000001"
        for name in ("type", "time", "valid", "status", "speed_knots", "satellites"):
            assert getattr(after, name) == getattr(before, name)


async def test_record_of_a_batch_is_masked_like_any_other(
    hass: HomeAssistant, car: UdpUnit, download: Download
) -> None:
    point = "A,5231.2005,N,01324.2972,E,26.99,045,22115900,FFFFFFFF,262,03,49032,21237"
    car.send(f"*HQ,{CAR},BC,120000,77,{point}#".encode())
    await car.answer()

    told = await download()

    (shown,) = told["trackers"][0]["reports"]
    assert shown["raw"] == (
        "A,1111.1111,N,11111.1111,E,26.99,045,22115900,FFFFFFFF,262,00,00000,00000"
    )


async def test_what_cannot_be_masked_is_told_by_its_length_alone(
    hass: HomeAssistant, car: UdpUnit, download: Download
) -> None:
    frame = f"*HQ,{CAR},V{VAN},1#".encode()
    car.send(frame)
    await car.answer()

    told = await download()

    (shown,) = told["trackers"][0]["reports"]
    assert shown["raw"] == f"*HQ… ({len(frame)} bytes)"


async def test_each_tracker_and_stranger_has_a_number_of_its_own(
    hass: HomeAssistant, entry: MockConfigEntry, car: UdpUnit, download: Download
) -> None:
    await add_tracker(hass, entry, VAN, "Van")
    for tracker_id in (CAR, VAN):
        car.send(report(tracker_id))
        await car.answer()
    for tracker_id in ("12345678", "123456789012345"):
        car.send(report(tracker_id))
    await until(hass, lambda: len(hub_of(entry).strangers) == 2)

    told = await download()

    trackers, strangers = told["trackers"], told["strangers"]
    ids = [known["tracker_id"] for known in (*trackers, *strangers)]
    assert ids == ["0000000001", "0000000002", "000000000000034", "00000004"]
    for known, reports in (
        *((known, known["reports"]) for known in trackers),
        *((known, known["recent"]) for known in strangers),
    ):
        assert [read(shown["raw"]).tracker_id for shown in reports] == [
            known["tracker_id"]
        ]


# --- all that helps -------------------------------------------------------------------


async def test_receiver_tells_what_came_and_from_what(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    port: int,
    *,
    udp: UdpUnit,
    connect: TcpFactory,
    download: Download,
) -> None:
    tcp = await connect()
    tcp.send(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")
    assert await tcp.is_closed()
    udp.send(report(VAN))
    await until(hass, lambda: len(hub_of(entry).strangers) == 1)

    told = await download()

    noon = NOON.isoformat()
    assert told["version"] == "0.1.0"
    assert told["entry"] == {
        "version": "1.1",
        "state": "loaded",
        "host": "**REDACTED**",
        "port": port,
        "transports": ["tcp", "udp"],
        "allowed_networks": 0,
    }
    assert told["receiver"]["limits"]["connections"] == 256
    assert told["receiver"]["connections"] == 0
    assert told["receiver"]["traffic"] == {
        "connections": 1,
        "own_connections": 0,
        "received": 2,
        "noise": 1,
        "reports": 1,
        "withheld": 0,
        "unlogged": 0,
    }
    assert told["receiver"]["refusals"] == {"foreign": 1}
    assert told["receiver"]["strangers_forgotten"] == 0
    assert told["receiver"]["offers_withheld"] == 0
    assert told["knocks"] == [
        {
            "protocol": "http",
            "transport": "tcp",
            "count": 1,
            "first_heard": noon,
            "last_heard": noon,
        }
    ]
    (stranger,) = told["strangers"]
    assert [read(shown.pop("raw")).type for shown in stranger["recent"]] == ["V1"]
    assert stranger == {
        "tracker_id": "0000000001",
        "transport": "udp",
        "reports": 1,
        "is_offered": True,
        "first_heard": noon,
        "last_heard": noon,
        "recent": [{"received_at": noon}],
    }
    assert told["trackers"] == []


async def test_tracker_tells_what_became_of_its_reports_and_why(
    hass: HomeAssistant,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    download: Download,
) -> None:
    for _ in range(2):
        car.send(report(speed_kmh=50, ignition=True, course=45))
        await car.answer()
        freezer.tick(MINUTE)
    # By a clock that is off by an hour.
    car.send(report(ignition=True, age=timedelta(hours=1)))
    await car.answer()

    told = await download()

    (tracker,) = told["trackers"]
    first, last = NOON.isoformat(), (NOON + 2 * MINUTE).isoformat()
    assert tracker["verdicts"] == {"live": 2, "late": 1}
    assert [shown["verdict"] for shown in tracker["reports"]] == [
        "live",
        "live",
        "late",
    ]
    assert tracker["reports"][0]["received_at"] == first
    assert tracker["reports"][0]["time"] == first
    assert tracker["reports"][0]["transport"] == "udp"
    assert tracker["options"] == {
        "ignition_source": "wire",
        "offline_after": None,
        "settle_within": 3600.0,
        "hold_radius_m": 75.0,
        "max_speed_kmh": 250.0,
        "accuracy_m": None,
        "acknowledge": True,
        "hold_contradictions": False,
    }
    assert tracker["state"] == {
        "is_online": True,
        "last_seen": last,
        "last_fix": (NOON + MINUTE).isoformat(),
        "verdict": "late",
        "is_clock_corrected": False,
        "ignition": True,
        "motion": True,
        "speed_kmh": pytest.approx(50, abs=0.1),
        "course": 45.0,
        "odometer_km": 0.0,
        "mileage_km": None,
        "battery_percent": None,
        "voltage": None,
        "satellites": None,
        "csq": None,
        "status": "FFFFFFFF",
        "accuracy": 15.0,
    }
    assert tracker["clock"] == {
        "offset": 0.0,
        "lead": 0.0,
        "was_right": True,
        "marks_all": False,
        "steady": {
            "age": 3600.0,
            "least": 3600.0,
            "since": last,
            "last": last,
            "witnesses": 1,
        },
    }
    assert tracker["intervals"] == {"ignition_on": 60.0, "ignition_off": None}
    assert datetime.fromisoformat(tracker["deadline"]) > NOON


async def test_tracker_that_never_reported_has_nothing_to_tell(
    hass: HomeAssistant, car: UdpUnit, download: Download
) -> None:
    told = await download()

    (tracker,) = told["trackers"]
    assert tracker["reports"] == []
    assert tracker["clock"]["steady"] is tracker["deadline"] is None
    assert tracker["state"]["status"] is tracker["state"]["accuracy"] is None


@pytest.mark.parametrize(
    ("host", "shown"),
    [("0.0.0.0", "0.0.0.0"), ("::", "::"), ("192.168.1.5", "**REDACTED**")],
)
async def test_receiver_that_does_not_listen_tells_how_it_is_set_up(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    entry: MockConfigEntry,
    *,
    car: UdpUnit,
    port: int,
    host: str,
    shown: str,
) -> None:
    device = device_of(hass, entry)
    assert device is not None
    await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_update_entry(entry, data={"host": host, "port": port})

    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    alone = await get_diagnostics_for_device(hass, hass_client, entry, device)

    assert told == alone
    assert told == {
        "version": "0.1.0",
        "entry": {
            "version": "1.1",
            "state": "not_loaded",
            "host": shown,
            "port": port,
            "transports": ["tcp", "udp"],
            "allowed_networks": 0,
        },
    }


async def test_receiver_whose_networks_cannot_be_read_can_be_looked_into(
    hass: HomeAssistant, entry: MockConfigEntry, download: Download
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    options = {"allowed_networks": None}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.config_entries.async_setup(entry.entry_id)

    told = await download()

    assert told["entry"]["state"] == "setup_retry"
    assert told["entry"]["allowed_networks"] == 0


# --- one device -----------------------------------------------------------------------


async def test_device_tells_its_own_part_with_the_same_number(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    *,
    car: UdpUnit,
    download: Download,
) -> None:
    await add_tracker(hass, entry, VAN, "Van")
    car.send(report(VAN))
    await car.answer()
    van = device_of(hass, entry, VAN)
    receiver = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, entry.entry_id), entry.entry_id
    )
    assert van is not None
    assert receiver is not None

    told = await download()
    of_van = await get_diagnostics_for_device(hass, hass_client, entry, van)
    of_receiver = await get_diagnostics_for_device(hass, hass_client, entry, receiver)

    common = {key: told[key] for key in ("version", "entry")}
    assert of_van == common | {"tracker": told["trackers"][1]}
    assert of_receiver == {
        key: value for key, value in told.items() if key != "trackers"
    }


async def test_device_without_a_tracker_has_no_part(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    left_over = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, CAR)}
    )

    told = await get_diagnostics_for_device(hass, hass_client, entry, left_over)

    assert told.keys() == {"version", "entry"}
