"""Types that tell cells instead of a place (a.4)."""

from datetime import UTC, datetime

import pytest

from custom_components.sinotrack.h02 import Cell, Neighbour, Status

from .read import details, read_text

HUGE = "9" * 5000


def test_nbr_tells_network_and_neighbours() -> None:
    report = read_text(
        "NBR,160453,234,10,5,2,21580,27766,-67,21580,27767,12,291019,FFFFFBFF,6"
    )

    assert report.cell == Cell(234, 10)
    assert report.time == datetime(2019, 10, 29, 16, 4, 53, tzinfo=UTC)
    assert report.status == Status(0xFFFFFBFF)
    assert (report.battery_level, report.battery_percent) == (6, 100)
    assert report.details == {
        "timing_advance": 5,
        "neighbours": (Neighbour(21580, 27766, "-67"), Neighbour(21580, 27767, "12")),
    }


@pytest.mark.parametrize("clock", ["240000", "250000", "160169", "1604", "16045x"])
def test_nbr_at_a_time_that_cannot_be_has_none(clock: str) -> None:
    assert read_text(f"NBR,{clock},234,10,5,0,291019,FFFFFBFF").time is None


def test_nbr_may_be_padded() -> None:
    report = read_text("NBR, 160453,234,10,5,0, 291019, FFFFFBFF,6")

    assert report.time == datetime(2019, 10, 29, 16, 4, 53, tzinfo=UTC)
    assert report.status == Status(0xFFFFFBFF)


def test_nbr_without_neighbours() -> None:
    report = read_text("NBR,160453,234,10,,0,291019,FFFFFBFF")

    assert report.time is not None
    assert report.battery_level is None
    assert report.details == {"neighbours": ()}


def test_nbr_may_end_behind_the_count() -> None:
    report = read_text("NBR,160453,234,10,0,0")

    assert report.cell == Cell(234, 10)
    assert (report.time, report.status) == (None, None)


@pytest.mark.parametrize("count", ["7", "-1", "x", HUGE, ""])
def test_nbr_with_a_wrong_count_is_read_as_far_as_it_goes(count: str) -> None:
    report = read_text(f"NBR,160453,234,10,0,{count},21580,27766,37")

    assert report.cell == Cell(234, 10)
    neighbours = (report.details or {}).get("neighbours")
    assert neighbours == ((Neighbour(21580, 27766, "37"),) if count == "7" else ())


@pytest.mark.parametrize("count", ["", "x", "0", "1", "3", HUGE])
def test_wrong_count_costs_no_more_than_itself(count: str) -> None:
    cells = "21580,27766,37,21580,27767,12"
    report = read_text(f"NBR,160453,234,10,0,{count},{cells},291019,FFFFFBFF,5")

    assert report.time == datetime(2019, 10, 29, 16, 4, 53, tzinfo=UTC)
    assert report.status == Status(0xFFFFFBFF)
    assert report.battery_level == 5
    assert len((report.details or {})["neighbours"]) == 2


def test_padded_cell_is_no_date_and_status_where_the_count_is_right() -> None:
    """LK units pad to six digits, and cells of LTE have eight."""
    cells = "152143,10000000,31,152143,10000001,30"
    report = read_text(f"NBR,073815,262,03,1,2,{cells},261126,FFFFFBFF,5")

    assert report.time == datetime(2026, 11, 26, 7, 38, 15, tzinfo=UTC)
    assert report.status == Status(0xFFFFFBFF)
    assert len((report.details or {})["neighbours"]) == 2


def test_neighbour_that_is_none_is_left_out() -> None:
    fields = "NBR,160453,234,x,0,2,,27766,37,21580,27767,12,291019,FFFFFBFF"

    assert details(fields)["neighbours"] == (Neighbour(21580, 27767, "12"),)
    assert read_text(fields).cell is None


@pytest.mark.parametrize("fields", ["NBR", "NBR,160453", "NBR,160453,234,10,0"])
def test_nbr_that_is_too_short_is_kept_as_it_is(fields: str) -> None:
    assert details(fields) == {"extra": tuple(fields.split(",")[1:])}


# --- V3 -------------------------------------------------------------------------------


def test_v3_tells_cells_and_battery() -> None:
    report = read_text(
        "V3,121536,65501,02,000152,014001,156,-64,000161,010642,138,,"
        "02E4,1,X,071116,FFFFFBFF"
    )

    assert report.cell == Cell(655, 1)
    assert report.time == datetime(2016, 11, 7, 12, 15, 36, tzinfo=UTC)
    assert report.status == Status(0xFFFFFBFF)
    assert report.details == {
        "neighbours": (Neighbour(152, 14001, "156"), Neighbour(161, 10642, "138")),
        "battery_volts": 4.047,
        "reboot": "1",
    }


def test_v3_without_the_mark_of_cells_is_a_position() -> None:
    report = read_text("V3,054048,A,2828.2297,N,07733.4332,E,000.5,047,080918,FFFFFBFF")

    assert report.valid


@pytest.mark.parametrize("battery", ["", "x", "-1", "0x1", "1_0", HUGE])
def test_v3_with_an_impossible_battery_tells_none(battery: str) -> None:
    fields = f"V3,121536,65501,00,{battery},0,X,071116,FFFFFBFF"

    assert details(fields) == {"neighbours": (), "reboot": "0"}


@pytest.mark.parametrize("fields", ["V3", "V3,X", "V3,1,2,X,3,4", "V3,,,,,X,,"])
def test_short_v3_is_read_without_a_place(fields: str) -> None:
    report = read_text(fields)

    assert (report.fix, report.cell) == (None, None)


# --- VP1 ------------------------------------------------------------------------------


def test_vp1_has_a_date_and_no_time() -> None:
    report = read_text("VP1,A,2702.7245,S,15251.9311,E,0.48,0.0000,080917")

    assert report.valid
    assert report.time is None
    assert report.details == {"date": "080917"}


def test_vp1_may_have_status_and_battery() -> None:
    report = read_text("VP1,B,2702.7245,S,15251.9311,E,0.48,0,080917,FFFFFBFF,87")

    assert report.valid
    assert report.status == Status(0xFFFFFBFF)
    assert (report.battery_level, report.battery_percent) == (87, 87)


@pytest.mark.parametrize("date", ["", ",x", ",08091", ",0809177"])
def test_vp1_without_a_date_has_none(date: str) -> None:
    assert "date" not in details(f"VP1,A,2702.7245,S,15251.9311,E,0.48,0{date}")


def test_vp1_without_a_fix_tells_cells() -> None:
    report = read_text("VP1,V,470,002,92,3565,0Y92,19433,30Y92,1340,29")

    assert not report.valid
    assert report.cell == Cell(470, 2)
    assert report.details == {
        "neighbours": (
            Neighbour(92, 3565, "0"),
            Neighbour(92, 19433, "30"),
            Neighbour(92, 1340, "29"),
        )
    }


@pytest.mark.parametrize("fields", ["VP1", "VP1,V", "VP1,V,470", "VP1,V,a,b,c,d,e"])
def test_vp1_without_anything_invents_nothing(fields: str) -> None:
    report = read_text(fields)

    assert report.cell is None
    assert report.details == {"neighbours": ()}
