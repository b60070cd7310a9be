"""Other protocols that knock at the same port, named by their first bytes.

The list is protocol.md f. A name is a hint for a person ("this tracker speaks
GT06"): nothing is decoded, and nothing answered.
"""

import re
from typing import Final

from .report import Foreign, Malformed
from .values import bcd

LONGEST_HEAD: Final = 256
"""Bytes that are enough for a name; more need not be kept."""

UNKNOWN: Final = "unknown"

# In the order of trial: what is more particular stands first.
_SIGNATURES: Final = tuple(
    (b"(%s)" % pattern, name)
    for pattern, name in (
        (rb"xx.\x01.{9}\r\n", "topin"),
        (rb"xx|yy", "gt06"),
        (rb"~", "jt808"),
        (rb"\(\d{12},\d+,\d+,BASE", "jt808"),
        (rb"\(\d{10},", "jt600"),
        (rb"\(\d{12}", "tk103"),
        (rb"(?:##,)?imei:|\d{15};", "gps103"),
        (rb"\$\$0[0-9]", "totem"),
        (rb"\$\$\d{15},", "xirgo"),
        (rb"\$\$[A-z]\d", "meitrack"),
        (rb"\$\$", "meiligao"),
        (rb"\d*\$MGV", "megastek"),
        (rb"\$(?:G[PNLAB]|P)[A-Z]{3}|IMEI \d+", "t55/nmea"),
        (rb"GPRMC,|\d{12}GPRMC|.{0,40}imei:\d+,", "xexun"),
        (rb"\$" + bcd(0, 99) * 5, "jt600"),
        (rb"\[[A-Z0-9]{2}\*", "watch"),
        (rb"\[[\x00-\x1f\x80-\xff]", "tk102"),
        (rb"\x00\x0f\d{15}", "teltonika"),
        (rb"\x00.\x00\x03", "ruptela"),
        (rb"\x01", "galileosky"),
        (rb"\+(?:(?:RESP|BUFF|ACK):|RSP)", "queclink"),
        (rb"ST\w*;|SA200\w*;|ALT;|\x02", "suntech"),
        (rb"gg", "eelink"),
        (rb"##|%%|&&|''", "topflytech"),
        (rb"#(?:L|D|SD)#", "wialon"),
        (rb"#\d{15}#MT", "tlt2h"),
        (rb"#\d{15}#", "v680"),
        (rb"![0-9A-Z],", "minifinder"),
        (rb"hh", "gt02"),
        (rb"MT;|\d{15}[$ ]", "mictrack"),
        (rb"@@", "castel"),
        (rb"\*(?:HQ|MG|VK|AI)20\d", "upro"),
        (rb"\*ET,", "easytrack"),
        (rb"\*GS\d\d,", "gosafe"),
        (rb"\*TS\d\d,", "ulbotech"),
        (rb"\*(?:SCO|HBC)R,", "xrb28"),
        (rb"\*\d{12}UB", "carscop"),
        (rb"\*ID1,", "idpl"),
        (rb"\*T57#", "t57"),
        (rb"\*\d+,01,", "jido"),
        (rb"(?:GET|POST|HEAD|PUT|OPTIONS|CONNECT) ", "http"),
        (rb"\x16\x03", "tls"),
        (rb"SSH-", "ssh"),
        (rb"\x03\x00", "rdp"),
    )
)  # fmt: skip

# All in one, which passes over most of them by their first byte. The group that matched
# tells which, so that no pattern may have groups of its own.
_SIGNATURE: Final = re.compile(
    b"|".join(pattern for pattern, _ in _SIGNATURES), re.DOTALL
)


def identify(head: bytes) -> str:
    """Name the protocol of the first bytes, or give "unknown"."""
    found = _SIGNATURE.match(head[:LONGEST_HEAD])
    if not (found and found.lastindex):
        return UNKNOWN
    _, name = _SIGNATURES[found.lastindex - 1]
    return name


def refuse(frame: bytes, reason: str) -> Foreign | Malformed:
    """Give the name of the protocol that a frame is of, or why it is no good H02."""
    name = identify(frame)
    return Malformed(frame, reason) if name == UNKNOWN else Foreign(frame, name)
