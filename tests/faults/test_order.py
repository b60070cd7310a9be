"""Reports that come twice, late, backwards, from the future, or from far away."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.conftest import TcpFactory
from tests.integration.host import count_writes, pass_time, place_of, shown
from tests.integration.road import BERLIN, UdpUnit, report

from .conftest import NOON, beside

MUNICH = (48.137154, 11.576124)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


# Three kilometres north, back, and one east: seven on the road, one for a bird.
WAY = [
    *(beside(north=metres) for metres in range(100, 3001, 100)),
    *(beside(north=metres) for metres in range(2900, -1, -100)),
    *(beside(east=metres) for metres in range(100, 901, 100)),
]
END = beside(east=1000)


def oldest_first(stored: Sequence[bytes]) -> list[bytes]:
    return list(stored)


def newest_first(stored: Sequence[bytes]) -> list[bytes]:
    return list(reversed(stored))


def interleaved(stored: Sequence[bytes]) -> list[bytes]:
    """From both ends at once, each between two live ones."""
    half = len(stored) // 2
    mixed = []
    for number in range(half):
        mixed += [stored[number], report(place=END, ignition=True), stored[~number]]
    return [*mixed, *stored[half : len(stored) - half]]


@pytest.mark.parametrize("order", [newest_first, interleaved, oldest_first])
async def test_backlog_in_any_order_moves_nothing_and_each_metre_counts(
    hass: HomeAssistant,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    order: Callable[[Sequence[bytes]], list[bytes]],
) -> None:
    freezer.tick(HOUR)
    car.send(report(place=END, speed_kmh=18, ignition=True))
    await car.answer()
    assert float(shown(hass, "odometer").state) == pytest.approx(1, rel=0.01)
    stored = [
        report(
            place=place, age=HOUR - 20 * number * SECOND, speed_kmh=18, ignition=True
        )
        for number, place in enumerate(WAY, start=1)
    ]

    writes = count_writes(hass)
    for frame in order(stored):
        car.send(frame)
        assert await car.answer() == b"*HQ,9170000000,R12,130000#"
    assert place_of(hass) == pytest.approx(END, abs=1e-5)
    assert "device_tracker.car" not in writes
    assert "binary_sensor.car_moving" not in writes

    await pass_time(hass, freezer, 10 * SECOND)
    assert float(shown(hass, "odometer").state) == pytest.approx(7, rel=0.01)


@pytest.mark.parametrize("is_live", [True, False], ids=["live", "stored"])
async def test_each_record_sent_again_is_answered_and_none_is_news(
    hass: HomeAssistant,
    car: UdpUnit,
    connect: TcpFactory,
    freezer: FrozenDateTimeFactory,
    *,
    is_live: bool,
) -> None:
    """Each is answered, or it would never end; and none of them is news."""
    freezer.tick(HOUR)
    age = 0 * HOUR if is_live else HOUR / 2
    frame = report(place=beside(north=900), age=age, ignition=True, speed_kmh=50)
    tcp = await connect()
    tcp.send(frame)
    await tcp.answer()
    await pass_time(hass, freezer, 10 * SECOND)
    odometer = shown(hass, "odometer").state
    place = place_of(hass)

    tcp.send(frame)
    await tcp.answer()
    writes = count_writes(hass)
    for _ in range(20):
        tcp.send(frame * 10)
        for _ in range(10):
            assert await tcp.answer() == b"*HQ,9170000000,R12,130010#"

    assert writes == []
    assert place_of(hass) == place
    await pass_time(hass, freezer, 10 * SECOND)
    assert shown(hass, "odometer").state == odometer


@pytest.mark.usefixtures("all_enabled")
@pytest.mark.parametrize(
    "date",
    [
        NOON + 10 * 60 * SECOND,
        NOON + 3 * HOUR,
        NOON + 25 * HOUR,
        datetime(2099, 1, 1, tzinfo=UTC),
    ],
    ids=str,
)
async def test_future_date_never_poisons_latest(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    date: datetime,
) -> None:
    freezer.tick(20 * SECOND)
    car.send(
        report(
            place=beside(north=200),
            age=NOON + 20 * SECOND - date,
            ignition=True,
            speed_kmh=36,
        )
    )
    await car.answer()

    for number in range(2, 4):
        if number == 3:
            await hass.config_entries.async_reload(entry.entry_id)
        freezer.tick(20 * SECOND)
        here = beside(north=200 * number)
        car.send(report(place=here, ignition=True, speed_kmh=36))
        await car.answer()
        assert place_of(hass) == pytest.approx(here, abs=1e-5)
        seen = NOON + number * 20 * SECOND
        assert shown(hass, "last_fix").state == seen.isoformat()


async def test_speed_filter_is_never_stuck_after_a_gap(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    """Half a thousand kilometres in a minute are doubted, but not for ever."""
    freezer.tick(60 * SECOND)
    car.send(report(place=MUNICH, ignition=True, speed_kmh=50))
    await car.answer()
    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)

    freezer.tick(20 * SECOND)
    here = beside(north=250, start=MUNICH)
    car.send(report(place=here, ignition=True, speed_kmh=50))
    await car.answer()
    assert place_of(hass) == pytest.approx(here, abs=1e-5)


async def test_speed_filter_believes_what_a_gap_explains(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory
) -> None:
    await pass_time(hass, freezer, 6 * HOUR)

    car.send(report(place=MUNICH, ignition=True, speed_kmh=50))
    await car.answer()

    assert place_of(hass) == pytest.approx(MUNICH, abs=1e-5)
