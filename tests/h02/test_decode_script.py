"""scripts/decode: a line in, a JSON object for each frame out."""

import json
from pathlib import Path
import signal
import subprocess
import sys
from typing import Any

import pytest

from .frames import record, record_45, record_x, v1
from .vectors import FOREIGN, REPORTS

ROOT = Path(__file__).parents[2]
DECODE = ROOT / "scripts/decode"

KEYS = [
    *("protocol", "raw", "type", "tracker_id", "time", "valid", "latitude"),
    *("longitude", "speed_knots", "course", "status", "ignition", "buffered", "alarms"),
    *("battery_percent", "battery_level", "voltage", "satellites", "csq"),
    *("mileage_km", "mcc", "mnc", "lac", "cid", "iccid", "text"),
]


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the program with these arguments and this input."""
    return subprocess.run(
        [DECODE, *arguments], input=given, capture_output=True, check=False
    )


def decode(*lines: bytes) -> list[dict[str, Any]]:
    """Give the objects that the program prints for these lines."""
    result = run(given=b"\n".join(lines))
    assert result.returncode == 0, result.stderr
    assert result.stderr == b""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_position_is_printed_as_agreed_to_the_last_character() -> None:
    sentence = (
        b"*HQ,9170000000,V1,121300,A,2234.1234,N,11351.1236,E,012.30,123,110619,"
        b"FFFFFBFF,460,00,10342,4283#"
    )

    result = run(given=sentence + b"\r\n")

    assert result.stdout.decode() == (
        f'{{"protocol":"h02","raw":"{sentence.decode()}","type":"V1",'
        '"tracker_id":"9170000000","time":"2019-06-11T12:13:00Z","valid":true,'
        '"latitude":22.568723,"longitude":113.85206,"speed_knots":12.3,'
        '"course":123.0,"status":"FFFFFBFF","ignition":false,"buffered":false,'
        '"alarms":[],"battery_percent":null,"battery_level":null,"voltage":null,'
        '"satellites":null,"csq":null,"mileage_km":null,"mcc":460,"mnc":0,'
        '"lac":10342,"cid":4283,"iccid":null,"text":null}\n'
    )


def test_every_vector_can_be_printed_in_one_go() -> None:
    vectors = [*REPORTS, *FOREIGN]

    printed = decode(*(vector.data.hex().upper().encode() for vector in vectors))

    assert len(printed) == len(vectors)
    for vector, values in zip(vectors, printed, strict=True):
        assert list(values) == KEYS
        if vector.report is None:
            assert values == dict.fromkeys(KEYS) | {
                "protocol": vector.protocol,
                "raw": values["raw"],
            }
            continue
        expected = vector.report
        assert values["protocol"] == "h02"
        assert values["type"] == expected["type"]
        # An id that was left out is told as sent; an X record has no field for one.
        tracker_id = None if expected["type"] == "X" else expected["tracker_id"]
        assert values["tracker_id"] == tracker_id
        assert values["valid"] is expected.get("valid")
        for name in ("time", "status", "voltage", "satellites", "csq", "iccid", "text"):
            assert values[name] == expected.get(name)
        for name in ("latitude", "longitude"):
            assert values[name] == pytest.approx(expected.get(name), abs=1e-6)
        cell = expected.get("cell", [None] * 4)
        assert [values[name] for name in ("mcc", "mnc", "lac", "cid")] == cell


def test_raw_is_the_frame() -> None:
    frames = [v1(), record(), record_x(), b"*HQ,1,SMS,a\nb#", b"*HQ,1,SMS,\xb0#"]

    printed = decode(*(frame.hex().encode() for frame in frames))

    assert [values["raw"] for values in printed] == [
        v1().decode(),
        record().hex(),
        record_x().hex(),
        "*HQ,1,SMS,a\nb#",
        r"*HQ,1,SMS,\xb0#",
    ]


def test_line_with_several_frames_gives_several_objects() -> None:
    buffer = v1() + b"\r\n" + record_45() + record_45() + v1(kind="V5")

    assert [values["type"] for values in decode(buffer.hex().encode())] == [
        *("V1", "$", "$", "V5"),
    ]


def test_empty_lines_are_skipped() -> None:
    assert len(decode(b"", v1(), b"  \r", v1(), b"")) == 2


def test_file_may_be_named(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(v1() + b"\n" + record().hex().encode())

    result = run(str(log))

    assert len(result.stdout.splitlines()) == 2


def test_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    result = run(str(tmp_path / "log"))

    assert result.returncode == 2
    assert b"No such file" in result.stderr
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize(
    "line",
    [b"hello", b"*HQ,not-an-id,V1#", b"*HQ,1,ZZ#", b"123", b"\xff\xfe", b"$"],
)
def test_line_that_is_nothing_known_is_called_so(line: bytes) -> None:
    (values,) = decode(line)

    assert {key for key, value in values.items() if value is not None} == {
        *("protocol", "raw"),
    }
    assert values["protocol"] == "unknown"


@pytest.mark.parametrize(
    ("line", "protocol", "raw"),
    [
        (b"787805120099ABEC0D0A", "gt06", "787805120099abec0d0a"),
        (b"16030100", "tls", "16030100"),
        (b"GET / HTTP/1.1", "http", "GET / HTTP/1.1"),
        (b"$GPRMC,1\t2", "t55/nmea", "$GPRMC,1\t2"),
    ],
)
def test_other_protocol_is_named_and_shown_as_text_or_hex(
    line: bytes, protocol: str, raw: str
) -> None:
    (values,) = decode(line)

    assert (values["protocol"], values["raw"]) == (protocol, raw)


def test_validity_that_was_not_sent_is_none() -> None:
    kinds = ("HTBT", "XT", "V4,S20,OK", "NBR,121300,262,3,0,0,110619,FFFFFBFF")
    printed = decode(*(f"*HQ,9170000001,{kind}#".encode() for kind in kinds))

    assert [values["valid"] for values in printed] == [None] * len(kinds)


def test_fix_that_cannot_be_real_is_none() -> None:
    printed = decode(
        v1(latitude="9999.9999", longitude="99999.9999"),
        v1(latitude="0000.0000", longitude="00000.0000"),
        v1(latitude="", longitude=""),
    )

    for values in printed:
        assert (values["latitude"], values["longitude"]) == (None, None)
        assert values["valid"] is False
        assert values["status"] == "FFFFFBFF"


def test_what_a_frame_does_not_carry_is_null() -> None:
    (heartbeat, mileage) = decode(b"*HQ,1,HTBT#", record_x().hex().encode())

    assert heartbeat["status"] is heartbeat["alarms"] is heartbeat["ignition"] is None
    assert mileage["tracker_id"] is None
    assert mileage["mileage_km"] == 504.922


def test_alarms_are_listed() -> None:
    (values,) = decode(v1(status="FBF7FBFD"))

    assert values["alarms"] == ["sos", "power_cut"]
    assert values["buffered"] is True


def test_reader_that_has_seen_enough_ends_it_quietly() -> None:
    with subprocess.Popen(
        [DECODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        program.stdout.close()
        _, errors = program.communicate(v1() + b"\n")

    assert errors == b""
    assert program.returncode == -signal.SIGPIPE


def test_any_other_python_hands_over_to_that_of_the_project() -> None:
    code = (
        "import runpy, sys; sys.prefix = '/elsewhere'\n"
        f"runpy.run_path({str(DECODE)!r}, run_name='__main__')"
    )

    result = subprocess.run(
        [sys.executable, "-c", code], input=v1(), capture_output=True, check=True
    )

    assert json.loads(result.stdout)["type"] == "V1"


def test_without_setup_it_says_so(tmp_path: Path) -> None:
    program = tmp_path / "scripts/decode"
    program.parent.mkdir()
    program.write_bytes(DECODE.read_bytes())

    result = subprocess.run(
        [sys.executable, program], input=v1(), capture_output=True, check=False
    )

    assert result.returncode == 1
    assert result.stderr == b"decode: no .venv yet, run scripts/setup first\n"


def test_home_assistant_is_not_loaded() -> None:
    """It takes seconds to import."""
    code = (
        "import runpy, sys; sys.argv[1:] = []\n"
        f"runpy.run_path({str(DECODE)!r})\n"
        "sys.exit('homeassistant' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
