"""Who else knocks (f)."""

import pytest

from custom_components.sinotrack.h02 import (
    UNKNOWN,
    Foreign,
    Malformed,
    decode,
    identify,
)

from .frames import v1
from .vectors import REPORTS

HEADS = {
    b"\x78\x78\x0d\x01": "gt06",
    b"\x79\x79\x00\x20": "gt06",
    b"~\x02\x00": "jt808",
    b"(794104004140,1,001,BASE,2": "jt808",
    b"(8000632862,P45,290322": "jt600",
    b"(007030201454BS5190": "tk103",
    b"##,imei:359586015829802,A;": "gps103",
    b"359586015829802;": "gps103",
    b"$$A123,": "meitrack",
    b"$$0111AA": "totem",
    b"$$\x00\x16": "meiligao",
    b"$$123456789012345,": "xirgo",
    b"$\x80\x00\x63\x28\x99\x31": "jt600",
    b"$GPRMC,1": "t55/nmea",
    b"$GNGGA,1": "t55/nmea",
    b"IMEI 353358017784062 $GPRMC": "t55/nmea",
    b"0000$MGV002": "megastek",
    b"[SG*8800000015*0002*LK]": "watch",
    b"\x00\x0f352093081452251": "teltonika",
    b"\x00\x33\x00\x03\x10": "ruptela",
    b"\x01\x16\x00": "galileosky",
    b"+BUFF:GTFRI": "queclink",
    b"+RSP\x00\x01": "queclink",
    b"SA200STT;": "suntech",
    b"ST;": "suntech",
    b"ALT;": "suntech",
    b"##\x02\x00": "topflytech",
    b"#L#imei": "wialon",
    b"!D,1": "minifinder",
    b"MT;6;": "mictrack",
    b"*MG200": "upro",
    b"*GS26,": "gosafe",
    b"*TS01,": "ulbotech",
    b"*HBCR,": "xrb28",
    b"*ID1,": "idpl",
    b"*T57#": "t57",
    b"*12345,01,": "jido",
    b"POST / HTTP/1.1": "http",
    b"HEAD / HTTP/1.0": "http",
    b"CONNECT a:1 HTTP/1.1": "http",
    b"\x16\x03\x01": "tls",
    b"SSH-2.0-x": "ssh",
    b"\x03\x00\x00\x13": "rdp",
}


@pytest.mark.parametrize(("head", "name"), HEADS.items(), ids=HEADS.values())
def test_first_bytes_tell_the_protocol(head: bytes, name: str) -> None:
    assert identify(head) == name
    assert decode(head) == Foreign(head, name)


@pytest.mark.parametrize("head", [b"", b"hello", b"\xff" * 300, b"$hello", b"*", b"()"])
def test_what_fits_nowhere_has_no_name(head: bytes) -> None:
    assert identify(head) == UNKNOWN


def test_sentence_of_h02_is_nobody_elses() -> None:
    assert {identify(v.data) for v in REPORTS if v.data[:1] == b"*"} == {UNKNOWN}


def test_unknown_bytes_are_foreign_and_unbelievable_frames_malformed() -> None:
    assert decode(b"hello") == Foreign(b"hello", UNKNOWN)
    assert decode(b"") == Foreign(b"", UNKNOWN)
    assert decode(v1(tracker_id="x")) == Malformed(v1(tracker_id="x"), "no tracker id")


def test_name_needs_no_more_than_the_first_bytes() -> None:
    """A long head would cost time, and a digit more must not change the answer."""
    assert identify(b"ST1" + b"1" * 1_000_000 + b";") == UNKNOWN
    assert identify(b"1" * 100 + b"$MGV" + b"x" * 1_000_000) == "megastek"
