"""The encoder gives the very bytes of published frames of real trackers."""

import ast
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import simulator
from simulator import (
    Cell,
    Neighbour,
    Sample,
    StatusBit,
    WifiPoint,
    htbt,
    link_sentence,
    nbr,
    record_32,
    record_45,
    record_x,
    sms,
    v0,
    v1,
    v4,
    v6,
    v8,
    v19,
    xt,
)

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
KNOT = 1.852


def sample(**changes: Any) -> Sample:
    """A sample with nothing special, apart from `changes`."""
    plain: dict[str, Any] = {
        "tracker_id": "9170000001",
        "time": NOON,
        "latitude": 52.5,
        "longitude": 13.4,
    }
    return Sample(**plain | changes)


def utc(text: str) -> datetime:
    """A time as the published values write it."""
    return datetime.fromisoformat(text)


NEW_DOCUMENT = {
    "tracker_id": "8168000005",
    "latitude": 22.5834767,
    "longitude": 113.9061133,
    "cell": Cell(460, 0, 10342, 3721),
}

REAL_TEXT = [
    (
        b"*HQ,4106011660,V1,124552,A,5035.3129,N,00431.8211,E,000.20,000,131116,FFFFFBFF#",
        v1(
            sample(
                tracker_id="4106011660",
                time=utc("2016-11-13T12:45:52Z"),
                latitude=50.5885483,
                longitude=4.5303517,
                speed_kmh=0.2 * KNOT,
            )
        ),
    ),
    (
        b"*HQ,4210209006,V1,201844,A,2608.9437,N,08016.2521,W,000.80,000,150317,FFFFF9FF,310,260,0,0,6#",
        v1(
            sample(
                tracker_id="4210209006",
                time=utc("2017-03-15T20:18:44Z"),
                latitude=26.1490617,
                longitude=-80.2708683,
                speed_kmh=0.8 * KNOT,
                conditions=frozenset({StatusBit.ARMED}),
                cell=Cell(310, 260, 0, 0),
                battery_level=6,
            )
        ),
    ),
    (
        b"*HQ,1234567890,V1,181924,V,4218.9521,N,00752.9695,W,010.11,019,250523,FFFFBBFF,214,03,13140,2735#",
        v1(
            sample(
                tracker_id="1234567890",
                time=utc("2023-05-25T18:19:24Z"),
                latitude=42.3158683,
                longitude=-7.882825,
                speed_kmh=10.11 * KNOT,
                course=19,
                valid=False,
                conditions=frozenset({StatusBit.CUSTOM_14}),
                cell=Cell(214, 3, 13140, 2735),
            )
        ),
    ),
    (
        b"*HQ,123456789012345,V1,064713,A,4948.6549,N,00958.3511,E,015.70,323,130226,FFFFDFFF,262,03,49032,46083627#",
        v1(
            sample(
                tracker_id="123456789012345",
                time=utc("2026-02-13T06:47:13Z"),
                latitude=49.810915,
                longitude=9.9725183,
                speed_kmh=15.7 * KNOT,
                course=323,
                ignition=True,
                conditions=frozenset({StatusBit.ENGINE_RUNNING}),
                cell=Cell(262, 3, 49032, 46083627),
            )
        ),
    ),
    (
        b"*HQ,7018462432,V1,182753,A,4438.0379,N,08605.4017,W,000.00,073,250223,FBFFFBFF,310,00,20502,185608458#",
        v1(
            sample(
                tracker_id="7018462432",
                time=utc("2023-02-25T18:27:53Z"),
                latitude=44.6339650,
                longitude=-86.0900283,
                course=73,
                buffered=True,
                cell=Cell(310, 0, 20502, 185608458),
            )
        ),
    ),
    (
        b"*HQ,8888888888,V1,083600,V,9999.9999,N,99999.9999,E,000.00,000,070724,FFFFDFFF,231,03,10,196354#",
        v1(
            sample(
                tracker_id="8888888888",
                time=utc("2024-07-07T08:36:00Z"),
                latitude=None,
                longitude=None,
                valid=False,
                ignition=True,
                conditions=frozenset({StatusBit.ENGINE_RUNNING}),
                cell=Cell(231, 3, 10, 196354),
            )
        ),
    ),
    (
        b"*HQ,123456789012345,V6,211755,A,4948.8999,N,00958.2106,E,000.00,000,110226,FFFFFBFF,262,03,49032,46083637,8949227221106570251F#",
        v6(
            sample(
                tracker_id="123456789012345",
                time=utc("2026-02-11T21:17:55Z"),
                latitude=49.8149983,
                longitude=9.9701767,
                cell=Cell(262, 3, 49032, 46083637),
            ),
            "8949227221106570251F",
        ),
    ),
    (
        b"*HQ,8168000005,V8,062225,A,2235.0086,N,11354.3668,E,000.00,000,160716,FFFFFFFF,460,00,10342,3721,d076e794d03c,3a,d076e794d03d,30,d076e794d03e,2f,10,25,122,98#",
        v8(
            sample(
                **NEW_DOCUMENT,
                time=utc("2016-07-16T06:22:25Z"),
                ignition=True,
                satellites=10,
                csq=25,
                voltage=12.2,
                battery_percent=98,
            ),
            [
                WifiPoint("d076e794d03c", -52),
                WifiPoint("d076e794d03d", -62),
                WifiPoint("d076e794d03e", -63),
            ],
        ),
    ),
    (
        b"*HQ,8168000005,V4,D1,30,65535,062108,062225,A,2235.0086,N,11354.3668,E,000.00,000,160716,FFFFBBFF,460,00,10342,3721#",
        v4(
            sample(
                **NEW_DOCUMENT,
                time=utc("2016-07-16T06:22:25Z"),
                conditions=frozenset({StatusBit.CUSTOM_14}),
            ),
            "D1",
            "062108",
            ["30", "65535"],
        ),
    ),
    (
        b"*HQ,4109179024,V19,181519,V,3853.2587,S,06205.9175,W,000.00,000,090217,,5492932630888,8954315265044716555?,FFFFFBFF#",
        v19(
            sample(
                tracker_id="4109179024",
                time=utc("2017-02-09T18:15:19Z"),
                latitude=-38.887645,
                longitude=-62.098625,
                valid=False,
            ),
            "5492932630888",
            "8954315265044716555?",
        ),
    ),
    (
        b"*HQ,7401004662,NBR,160453,234,10,0,2,21580,27766,-67,21580,27766,-67,291019,FFFFFBFF,6#",
        nbr(
            sample(
                tracker_id="7401004662",
                time=utc("2019-10-29T16:04:53Z"),
                cell=Cell(234, 10, 21580, 27766),
                battery_level=6,
            ),
            [Neighbour(21580, 27766, -67), Neighbour(21580, 27766, -67)],
        ),
    ),
    (
        b"*HQ,1700086468,LINK,180902,15,0,84,0,0,240517,FFFFFBFF#",
        link_sentence(
            sample(
                tracker_id="1700086468",
                time=utc("2017-05-24T18:09:02Z"),
                battery_percent=84,
            ),
            gsm=15,
        ),
    ),
    (
        b"*HQ,135790246811220,HTBT#",
        htbt(sample(tracker_id="135790246811220")),
    ),
    (b"*HQ,9170503816,XT,123506#", xt(sample(tracker_id="9170503816"), "123506")),
    (b"*HQ,9170503816,XT#", xt(sample(tracker_id="9170503816"))),
    (b"*HQ,8168000005,SMS,SET OK#", sms(sample(tracker_id="8168000005"), "SET OK")),
]

REAL_BINARY = [
    (
        "2441060116601245431311165035313006004318210e000000fffffbffff0024",
        record_32(
            sample(
                tracker_id="4106011660",
                time=utc("2016-11-13T12:45:43Z"),
                latitude=50.58855,
                longitude=4.53035,
                battery_level=6,
            ),
            36,
        ),
    ),
    (
        "24270517030820321418041423307879000463213792000056fffff9ffff0000",
        record_32(
            sample(
                tracker_id="2705170308",
                time=utc("2014-04-18T20:32:14Z"),
                latitude=-23.5131317,
                longitude=-46.5356317,
                course=56,
                conditions=frozenset({StatusBit.ARMED}),
            ),
            0,
        ),
    ),
    (
        "24430025645511183817091319355128000465632432000100ffe7fbffff0000",
        record_32(
            sample(
                tracker_id="4300256455",
                time=utc("2013-09-17T11:18:38Z"),
                latitude=-19.59188,
                longitude=-46.9387383,
                course=100,
                conditions=frozenset(
                    {StatusBit.ON_BACKUP_BATTERY, StatusBit.SUPPLY_REMOVED}
                ),
            ),
            256,
        ),
    ),
    (
        "2441091144271222470112142233983006114026520e000000fffffbffff0014060000000001cc00262b0f170a",
        record_45(
            sample(
                tracker_id="4109114427",
                time=utc("2014-12-01T12:22:47Z"),
                latitude=22.5663833,
                longitude=114.0442,
                battery_level=6,
                csq=20,
                satellites=6,
                cell=Cell(460, 0, 9771, 3863),
            ),
            10,
            mileage_km=0,
        ),
    ),
    (
        "2442061191301024031101175540227006012321670c000095fffffbffff001f00000001f800ee010000000032",
        record_45(
            sample(
                tracker_id="4206119130",
                time=utc("2017-01-11T10:24:03Z"),
                latitude=55.67045,
                longitude=12.5361167,
                course=95,
                valid=False,
                battery_level=6,
                csq=31,
                cell=Cell(238, 1, 0, 0),
            ),
            50,
            mileage_km=504,
        ),
    ),
    (
        "5800009814991024031101175540227006012321670c000095fffffbffff0033",
        record_x(
            sample(
                time=utc("2017-01-11T10:24:03Z"),
                latitude=55.67045,
                longitude=12.5361167,
                course=95,
                valid=False,
                battery_level=6,
            ),
            51,
            mileage_m=504922.3,
        ),
    ),
]


@pytest.mark.parametrize(("published", "encoded"), REAL_TEXT)
def test_sentence_is_the_published_one(published: bytes, encoded: bytes) -> None:
    """The values of a real sentence give its bytes."""
    assert encoded == published


@pytest.mark.parametrize(("published", "encoded"), REAL_BINARY)
def test_binary_record_is_the_published_one(published: str, encoded: bytes) -> None:
    """The values of a real binary record give its bytes."""
    assert encoded.hex() == published


def test_login_is_only_an_address() -> None:
    """V0 carries nothing but the id (protocol.md a.4)."""
    assert v0(sample()) == b"*HQ,9170000001,V0#"


def test_heartbeat_may_carry_the_battery() -> None:
    """The second form of HTBT (protocol.md a.4)."""
    assert htbt(sample(), 100) == b"*HQ,9170000001,HTBT,100#"


@pytest.mark.parametrize(
    ("angle", "written"),
    [
        (12.9999999999, "1300.0000"),
        (59.99999999 / 60, "0100.0000"),
        (0.0, "0000.0000"),
        (-89.99999999, "9000.0000"),
        (7.5 / 60, "0007.5000"),
    ],
)
def test_minutes_never_reach_sixty(angle: float, written: str) -> None:
    """Rounding carries over into the degrees."""
    fields = v1(sample(latitude=angle)).decode().split(",")
    assert fields[5] == written


def test_course_never_reaches_360() -> None:
    """A course just left of north is written as 0, the end of the range is 359."""
    assert v1(sample(course=359.7)).split(b",")[10] == b"000"
    assert v1(sample(course=359.4)).split(b",")[10] == b"359"


def test_time_is_written_in_utc() -> None:
    """Device time is UTC whatever zone the caller's time has."""
    east = timezone(timedelta(hours=5, minutes=30))
    fields = v1(sample(time=datetime(2026, 1, 1, 3, 0, tzinfo=east))).split(b",")
    assert (fields[3], fields[11]) == (b"213000", b"311225")


def test_naive_time_is_refused() -> None:
    """A time without a zone would be written as a guess."""
    with pytest.raises(ValueError, match="time zone"):
        sample(time=NOON.replace(tzinfo=None))


def test_binary_record_refuses_an_imei() -> None:
    """Five bytes hold ten digits; a longer id would shift every later byte."""
    with pytest.raises(ValueError, match="10 digits"):
        record_32(sample(tracker_id="123456789012345"), 0)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"ignition": True}, 0xFFFFFFFF),
        ({"ignition": False}, 0xFFFFFBFF),
        ({"ignition": False, "buffered": True}, 0xFBFFFBFF),
        ({"ignition": True, "conditions": frozenset({StatusBit.SOS})}, 0xFFFFFFFD),
        (
            {"ignition": False, "conditions": frozenset({StatusBit.IGNITION_OFF})},
            0xFFFFFBFF,
        ),
    ],
)
def test_status_is_active_low(changes: dict[str, Any], word: int) -> None:
    """A bit is 0 while its condition holds; ignition on leaves bit 10 set."""
    assert sample(**changes).status == word


def test_encoder_knows_nothing_of_the_decoder() -> None:
    """Whatever both share would hide an error that both make."""
    files = list(Path(simulator.__path__[0]).glob("*.py"))
    assert files
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            assert not any("sinotrack" in name for name in names), file
