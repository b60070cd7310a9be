"""What a tracker means comes back out of the frame that it would send."""

from datetime import UTC, datetime

from hypothesis import given, strategies as st
import pytest

from custom_components.sinotrack.h02 import Report, Status

from .frames import record, v1
from .read import read

# From 2000 to 2079, which two digits of year can tell.
times = st.integers(946_684_800, 3_471_292_799).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
# In ten-thousandths of a minute, the unit of the wire.
latitudes = st.integers(-90 * 600_000, 90 * 600_000)
longitudes = st.integers(-180 * 600_000, 180 * 600_000)
words = st.integers(0, 0xFFFFFFFF)


def spell(angle: int, width: int) -> str:
    """Write ten-thousandths of a minute as degrees, minutes and decimals."""
    degrees, minutes = divmod(abs(angle), 600_000)
    return f"{degrees:0{width}d}{minutes:06d}"


@given(
    time=times,
    latitude=latitudes,
    longitude=longitudes,
    centiknots=st.integers(0, 99_999),
    course=st.integers(0, 359),
    word=words,
    valid=st.booleans(),
)
def test_sentence_and_back(
    *,
    time: datetime,
    latitude: int,
    longitude: int,
    centiknots: int,
    course: int,
    word: int,
    valid: bool,
) -> None:
    north, east = spell(latitude, 2), spell(longitude, 3)

    report = read(
        v1(
            clock=f"{time:%H%M%S}",
            date=f"{time:%d%m%y}",
            validity="A" if valid else "V",
            latitude=f"{north[:-4]}.{north[-4:]}",
            north="N" if latitude >= 0 else "S",
            longitude=f"{east[:-4]}.{east[-4:]}",
            east="E" if longitude >= 0 else "W",
            speed=f"{centiknots / 100:06.2f}",
            course=f"{course:03d}",
            status=f"{word:08X}",
        )
    )

    check_place(report, latitude, longitude, valid=valid)
    assert (report.time, report.status) == (time, Status(word))
    assert report.speed_knots == pytest.approx(centiknots / 100)
    assert report.course == course


@given(
    time=times,
    latitude=latitudes,
    longitude=longitudes,
    knots=st.integers(0, 999),
    course=st.integers(0, 359),
    word=words,
    valid=st.booleans(),
)
def test_record_and_back(
    *,
    time: datetime,
    latitude: int,
    longitude: int,
    knots: int,
    course: int,
    word: int,
    valid: bool,
) -> None:
    flags = 8 * (longitude >= 0) + 4 * (latitude >= 0) + 2 * valid

    report = read(
        record(
            clock=f"{time:%H%M%S}",
            date=f"{time:%d%m%y}",
            latitude=spell(latitude, 2),
            longitude=spell(longitude, 3),
            flags=f"{flags:x}",
            speed=f"{knots:03d}",
            course=f"{course:03d}",
            status=f"{word:08x}",
        )
    )

    check_place(report, latitude, longitude, valid=valid)
    assert (report.time, report.status) == (time, Status(word))
    assert (report.speed_knots, report.course) == (knots, course)


def check_place(report: Report, latitude: int, longitude: int, *, valid: bool) -> None:
    """Check the place, which is none where both coordinates are 0."""
    if latitude == longitude == 0:
        assert (report.fix, report.valid) == (None, False)
    else:
        assert report.fix is not None
        assert report.fix.latitude == pytest.approx(latitude / 600_000, abs=1e-9)
        assert report.fix.longitude == pytest.approx(longitude / 600_000, abs=1e-9)
        assert report.valid is valid
