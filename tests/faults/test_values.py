"""Values that cannot be, and values that are not there."""

from collections.abc import Callable
from datetime import timedelta
import re

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from tests.integration.host import place_of, shown
from tests.integration.road import (
    BERLIN,
    CAR,
    UdpUnit,
    full_report,
    heartbeat,
    report,
)

from .conftest import NOON

NEARBY = (52.521808, 13.404954)

FILLERS = {
    "null island": b"0000.0000,N,00000.0000,E",
    "close to null island": b"0000.3000,N,00000.2000,W",
    "99 degrees 99.9999 minutes": b"9999.9999,N,09999.9999,E",
    "never fixed": b"9999.9999,N,99999.9999,E",
    "empty": b",,,",
    "blank": b"    .    ,N,     .    ,E",
}


def rewritten(frame: bytes, pattern: bytes, text: bytes) -> bytes:
    """Give a frame with one part replaced, which must be there."""
    changed, count = re.subn(pattern, text, frame, count=1)
    assert count == 1
    return changed


@pytest.mark.parametrize("filler", FILLERS.values(), ids=FILLERS)
async def test_null_island_and_fillers_move_nothing(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory, filler: bytes
) -> None:
    """The place stays; that the unit was heard and its ignition count."""
    freezer.tick(timedelta(minutes=5))
    frame = report(place=NEARBY, ignition=True, speed_kmh=36)
    car.send(rewritten(frame, rb"[\d.]+,N,[\d.]+,E", filler))
    await car.answer()

    assert place_of(hass) == pytest.approx(BERLIN, abs=1e-5)
    assert shown(hass, "ignition").state == "on"
    assert shown(hass, "speed").state == "0.0"

    freezer.tick(timedelta(seconds=20))
    car.send(report(place=NEARBY, ignition=True, speed_kmh=36))
    await car.answer()
    assert place_of(hass) == pytest.approx(NEARBY, abs=1e-5)


@pytest.mark.parametrize(
    ("time", "date"),
    [(b"", b""), (b"000000", b"000000"), (b"", b"221126"), (b"120500", b"")],
)
async def test_empty_date_and_time_mean_now(
    hass: HomeAssistant,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    *,
    time: bytes,
    date: bytes,
) -> None:
    freezer.tick(timedelta(minutes=5))
    frame = report(place=NEARBY, ignition=True, speed_kmh=36)
    frame = rewritten(frame, rb",V1,\d{6},", b",V1,%b," % time)
    car.send(rewritten(frame, rb",\d{6},([\dA-F]{8})#", rb",%b,\1#" % date))
    await car.answer()

    assert place_of(hass) == pytest.approx(NEARBY, abs=1e-5)
    assert shown(hass, "ignition").state == "on"


@pytest.mark.parametrize("weeks", [1024, -1024])
async def test_receiver_that_has_lost_an_epoch_of_gps_is_live(
    hass: HomeAssistant, car: UdpUnit, freezer: FrozenDateTimeFactory, weeks: int
) -> None:
    """A receiver that has lost an epoch of GPS is live, and no ghost of long ago."""
    for minutes in range(1, 4):
        freezer.move_to(NOON + timedelta(minutes=minutes))
        here = (BERLIN[0] + 0.005 * minutes, BERLIN[1])
        car.send(
            report(
                place=here,
                age=timedelta(weeks=weeks),
                ignition=True,
                speed_kmh=36,
            )
        )
        await car.answer()
        assert place_of(hass) == pytest.approx(here, abs=1e-5)
    assert shown(hass, "motion").state == "on"
    assert float(shown(hass, "odometer").state) == pytest.approx(1.668, rel=0.01)


def without_status(frame: bytes) -> bytes:
    return rewritten(frame, rb",[\dA-F]{8}#", b",#")


def cut_before_status(frame: bytes) -> bytes:
    return rewritten(frame, rb",[\dA-F]{8}#", b"#")


LACKING: dict[str, Callable[[], bytes]] = {
    "only the id": heartbeat,
    "no supply": lambda: report(place=NEARBY, ignition=True, speed_kmh=36),
    "status empty": lambda: without_status(
        report(place=NEARBY, ignition=True, speed_kmh=36)
    ),
    "no status": lambda: cut_before_status(
        report(place=NEARBY, ignition=True, speed_kmh=36)
    ),
}


@pytest.mark.parametrize("lacking", LACKING.values(), ids=LACKING)
async def test_attribute_missing_flips_nothing(
    hass: HomeAssistant,
    car: UdpUnit,
    freezer: FrozenDateTimeFactory,
    lacking: Callable[[], bytes],
) -> None:
    freezer.tick(timedelta(seconds=20))
    car.send(full_report(place=NEARBY, ignition=True, speed_kmh=36, course=90))
    await car.answer()
    keys = (
        *("ignition", "motion", "speed", "battery", "voltage", "connectivity"),
        *("external_power", "location"),
    )
    before = {key: shown(hass, key).state for key in keys}
    assert before["ignition"] == before["motion"] == "on"

    freezer.tick(timedelta(minutes=5))
    car.send(lacking())
    await car.answer()

    assert {key: shown(hass, key).state for key in keys} == before
    assert (
        shown(hass, "last_seen", CAR).state
        == (NOON + timedelta(minutes=5, seconds=20)).isoformat()
    )
