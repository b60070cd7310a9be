"""Actions: what was reported, and where the odometer stands."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.sinotrack.const import DOMAIN

from .conftest import TcpFactory
from .host import add_tracker, device_of, shown
from .road import UdpUnit, heartbeat, mileage_record, report

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def noon(freezer: FrozenDateTimeFactory) -> None:
    """Begin at noon, and let time pass only where a test says so."""
    freezer.move_to(NOON)


@pytest.fixture
async def device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """The device of a tracker that was let in."""
    await add_tracker(hass, entry)
    device = device_of(hass, entry)
    assert device is not None
    return device.id


async def get_reports(hass: HomeAssistant, **data: Any) -> list[dict[str, Any]]:
    """Ask for the last reports."""
    response = await hass.services.async_call(
        DOMAIN, "get_reports", data, blocking=True, return_response=True
    )
    assert response is not None
    reports: Any = response["reports"]
    return list(reports)


async def set_odometer(hass: HomeAssistant, **data: Any) -> None:
    """Set the odometer."""
    await hass.services.async_call(DOMAIN, "set_odometer", data, blocking=True)


async def test_reports_are_given_as_they_came_with_what_became_of_them(
    hass: HomeAssistant, device_id: str, udp: UdpUnit, connect: TcpFactory
) -> None:
    age = timedelta(hours=2, minutes=7)
    live, late, beat, record = (
        report(),
        report(age=age),
        heartbeat(),
        mileage_record(7, age=SECOND),
    )
    tcp = await connect()
    tcp.send(live)
    await tcp.answer()
    for frame in (late, beat, record):
        udp.send(frame)
        await udp.answer()

    reports = await get_reports(hass, device_id=device_id)

    received_at = NOON.isoformat()
    assert reports == [
        {
            "received_at": received_at,
            "time": received_at,
            "transport": "tcp",
            "verdict": "live",
            "raw": live.decode(),
        },
        {
            "received_at": received_at,
            "time": (NOON - age).isoformat(),
            "transport": "udp",
            "verdict": "late",
            "raw": late.decode(),
        },
        {
            "received_at": received_at,
            "time": None,
            "transport": "udp",
            "verdict": "contact",
            "raw": beat.decode(),
        },
        {
            "received_at": received_at,
            "time": (NOON - SECOND).isoformat(),
            "transport": "udp",
            "verdict": "outdated",
            "raw": record.hex(),
        },
    ]


async def test_as_many_reports_are_given_as_are_asked_for_the_newest_last(
    hass: HomeAssistant, device_id: str, udp: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    for _ in range(50):
        freezer.tick(SECOND)
        udp.send(report())
        await udp.answer()

    assert len(await get_reports(hass, device_id=device_id)) == 40
    times = [
        report["time"]
        for report in await get_reports(hass, device_id=device_id, count=2)
    ]
    assert times == [(NOON + n * SECOND).isoformat() for n in (49, 50)]


async def test_reports_are_forgotten_when_the_receiver_is_restarted(
    hass: HomeAssistant, entry: MockConfigEntry, device_id: str, udp: UdpUnit
) -> None:
    udp.send(report())
    await udp.answer()
    assert len(await get_reports(hass, device_id=device_id)) == 1

    await hass.config_entries.async_reload(entry.entry_id)

    assert await get_reports(hass, device_id=device_id) == []


async def test_odometer_goes_on_from_what_is_set(
    hass: HomeAssistant, device_id: str, udp: UdpUnit
) -> None:
    await set_odometer(hass, device_id=device_id, kilometres=123456.7)
    await hass.async_block_till_done()
    assert shown(hass, "odometer").state == "123456.7"

    udp.send(report())
    await udp.answer()
    assert shown(hass, "odometer").state == "123456.7"

    await set_odometer(hass, device_id=device_id, kilometres=0)
    assert shown(hass, "odometer").state == "0.0"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("get_reports", {}),
        ("get_reports", {"device_id": "", "count": 0}),
        ("get_reports", {"device_id": "", "count": 41}),
        ("set_odometer", {"device_id": ""}),
        ("set_odometer", {"device_id": "", "kilometres": -1}),
        ("set_odometer", {"device_id": "", "kilometres": "far"}),
        ("set_odometer", {"device_id": "", "kilometres": 1e9}),
    ],
)
async def test_nonsense_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, data: dict[str, Any]
) -> None:
    with pytest.raises(vol.Invalid):
        await hass.services.async_call(
            DOMAIN,
            action,
            data,
            blocking=True,
            return_response=action == "get_reports",
        )


async def test_receiver_is_no_tracker(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    receiver = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, entry.entry_id), entry.entry_id
    )
    assert receiver is not None

    with pytest.raises(ServiceValidationError) as refused:
        await get_reports(hass, device_id=receiver.id)

    assert refused.value.translation_key == "not_a_tracker"
    assert refused.value.translation_placeholders == {"name": "SinoTrack receiver"}


async def test_what_is_no_device_of_ours_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await get_reports(hass, device_id="none")

    assert refused.value.translation_key == "service_device_not_found"


async def test_receiver_that_is_not_loaded_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, device_id: str
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)

    with pytest.raises(ServiceValidationError) as refused:
        await set_odometer(hass, device_id=device_id, kilometres=1)

    assert refused.value.translation_key == "service_config_entry_not_loaded"
