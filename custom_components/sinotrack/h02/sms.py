"""The SMS texts that point a tracker at this server (protocol.md d).

The owner sends them from a phone, in this order; each but RCONF is answered `SET OK`,
the first with some words around it. Every text carries the password, so that a new one
is set last of all: until the settings are seen to be right, each text can be sent again
as it stands, and one that arrives late or twice on its way is not refused.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address
import re
from typing import Final

PORTS: Final = range(1, 65_536)
"""The numbers that TCP and UDP know a port by."""
DEFAULT_PASSWORD: Final = "0000"  # noqa: S105  the maker's, known to all
"""What a tracker has when it is new."""

RESTART: Final = "RESTART"
"""Starts a tracker anew, without a password."""

_LONGEST_TEXT: Final = 160
_PASSWORD: Final = re.compile(r"[0-9]{4}")
# Seconds that 805 and 809 take (protocol.md d).
_INTERVALS: Final = range(18_001)

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# Letters lead the last label: what ends in digits is an address, or none.
_HOST_NAME: Final = re.compile(rf"(?:{_LABEL}\.)*(?=[A-Za-z]){_LABEL}")
# Names that only a home network resolves: mDNS, the router's own, RFC 8375.
_LOCAL_NAME: Final = re.compile(
    r"[^.]+|.*\.(?:local|localhost|lan|internal|home|home\.arpa)", re.IGNORECASE
)

# The ASCII of the GSM alphabet (3GPP 23.038), which lacks the grave accent; what it
# keeps in its extension takes the room of two.
_EXTENDED: Final = frozenset("^{}\\[~]|")
_WORD: Final = re.compile(r"[!-_a-~]*")
_WHITE_SPACE: Final = re.compile(r"\s")


class SmsPurpose(StrEnum):
    """What a text is for."""

    TIME_ZONE = "time_zone"
    """Of the tracker's own SMS; its reports are in UTC anyway."""
    APN = "apn"
    SERVER = "server"
    INTERVAL_ON = "interval_on"
    INTERVAL_OFF = "interval_off"
    GPRS = "gprs"
    """Report over mobile data instead of SMS."""
    QUERY = "query"
    """Answered with the settings and the id; some are silent until `RESTART`."""
    PASSWORD = "password"  # noqa: S105  a name


class SmsFault(StrEnum):
    """Why a value cannot be sent."""

    EMPTY = "empty"
    HAS_BLANKS = "has_blanks"
    """Blanks separate the values of a text."""
    NOT_SENDABLE = "not_sendable"
    """Has characters that a plain SMS does not carry."""
    NOT_ASCII = "not_ascii"
    """A host name in its own script; a tracker needs the form with `xn--`."""
    NOT_A_HOST = "not_a_host"
    NOT_A_PORT = "not_a_port"
    NOT_AN_INTERVAL = "not_an_interval"
    NOT_A_PASSWORD = "not_a_password"  # noqa: S105  a name
    SAME_PASSWORD = "same_password"  # noqa: S105  a name
    LOGIN_INCOMPLETE = "login_incomplete"
    """A user without a password or the other way round: the text has both or none."""
    TOO_LONG = "too_long"
    """The text would not fit into one SMS."""


class SmsWarning(StrEnum):
    """What may go wrong although the texts are right."""

    ONLY_ADDRESS = "only_address"
    """Some units take an IP address only: a name is refused, or never connects."""
    RESOLVED_ONCE = "resolved_once"
    """The name is looked up when the text arrives: after a change, send it again."""
    CARRIER_MAY_DROP = "carrier_may_drop"
    """Some carriers do not deliver SMS that contain a domain name."""
    NOT_PUBLIC = "not_public"
    """The host can be reached from a private network only."""
    ONE_INTERVAL = "one_interval"
    """An ST-902 has one interval, which 809 sets."""
    NO_REPORTS = "no_reports"
    """An interval of 0 switches the reports off."""
    DEFAULT_PASSWORD = "default_password"  # noqa: S105  a name
    """Whoever knows the number of the SIM can take the tracker over."""


@dataclass(frozen=True, slots=True)
class SmsText:
    """One SMS, as it is to be sent."""

    text: str
    purpose: SmsPurpose


@dataclass(frozen=True, slots=True)
class SmsSetup:
    """What a tracker is to be told.

    `host` is a name or an IPv4 address that the mobile network reaches. `apn_user` and
    `apn_password` are "" where the APN wants none. Intervals are in seconds, 0 to
    18000, while the ignition is on or off; 0 means no reports. `password` is the one
    that the tracker has, `new_password` the one that it is to have, or None.
    """

    host: str
    port: int
    apn: str
    apn_user: str
    apn_password: str = field(repr=False)
    interval_on: int
    interval_off: int
    password: str = field(default=DEFAULT_PASSWORD, repr=False)
    new_password: str | None = field(default=None, repr=False)


def texts(setup: SmsSetup) -> tuple[SmsText, ...]:
    """Give the texts in the order in which to send them (protocol.md d).

    None at all where `faults` finds something: half a setup would leave a tracker that
    reports nowhere.
    """
    return () if faults(setup) else tuple(_texts(setup))


def time_zone(password: str = DEFAULT_PASSWORD) -> SmsText:
    """Give the text that sets the time zone to UTC."""
    return SmsText(f"896{password}E00", SmsPurpose.TIME_ZONE)


def faults(setup: SmsSetup) -> Mapping[str, SmsFault]:
    """Give what cannot be sent, by the name of the field; empty if all is well."""
    found: dict[str, SmsFault] = {}
    for name, check in _CHECKS.items():
        if (fault := check(setup)) is not None:
            found[name] = fault
    if not found:
        for sms in _texts(setup):
            if _length(sms.text) > _LONGEST_TEXT:
                found[_LONG_FIELDS[sms.purpose]] = SmsFault.TOO_LONG
    return found


def warnings(setup: SmsSetup) -> tuple[SmsWarning, ...]:
    """Give what to tell the owner of a setup without faults.

    They are where models, carriers and networks differ (protocol.md d).
    """
    found: list[SmsWarning] = []
    if _address(setup.host) is None:
        found += (
            SmsWarning.ONLY_ADDRESS,
            SmsWarning.RESOLVED_ONCE,
            SmsWarning.CARRIER_MAY_DROP,
        )
    if not _is_public(setup.host):
        found.append(SmsWarning.NOT_PUBLIC)
    if setup.interval_on != setup.interval_off:
        found.append(SmsWarning.ONE_INTERVAL)
    if 0 in {setup.interval_on, setup.interval_off}:
        found.append(SmsWarning.NO_REPORTS)
    if (setup.new_password or setup.password) == DEFAULT_PASSWORD:
        found.append(SmsWarning.DEFAULT_PASSWORD)
    return tuple(found)


def _texts(setup: SmsSetup) -> Iterable[SmsText]:
    """Write the texts, whatever the values are."""
    key = setup.password
    apn = " ".join(filter(None, (setup.apn, setup.apn_user, setup.apn_password)))
    yield time_zone(key)
    yield SmsText(f"803{key} {apn}", SmsPurpose.APN)
    yield SmsText(f"804{key} {setup.host} {setup.port}", SmsPurpose.SERVER)
    yield SmsText(f"805{key} {setup.interval_on}", SmsPurpose.INTERVAL_ON)
    yield SmsText(f"809{key} {setup.interval_off}", SmsPurpose.INTERVAL_OFF)
    yield SmsText(f"710{key}", SmsPurpose.GPRS)
    yield SmsText("RCONF", SmsPurpose.QUERY)
    if setup.new_password is not None:
        yield SmsText(f"777{setup.new_password}{key}", SmsPurpose.PASSWORD)


def _length(text: str) -> int:
    """Count what an SMS has 160 of."""
    return len(text) + sum(character in _EXTENDED for character in text)


def _address(host: str) -> IPv4Address | None:
    """Read an IPv4 address; trackers know no other."""
    try:
        return IPv4Address(host)
    except AddressValueError:
        return None


def _is_public(host: str) -> bool:
    """Tell whether a host can be meant for the mobile network."""
    if (address := _address(host)) is not None:
        return address.is_global
    return not _LOCAL_NAME.fullmatch(host)


def _check_host(setup: SmsSetup) -> SmsFault | None:
    host = setup.host
    if (fault := _check_word(host)) not in {None, SmsFault.NOT_SENDABLE}:
        return fault
    if not host.isascii():
        return SmsFault.NOT_ASCII
    if _address(host) is None and not _HOST_NAME.fullmatch(host):
        return SmsFault.NOT_A_HOST
    return None


def _check_word(word: str) -> SmsFault | None:
    """Check a value that ends at the next blank."""
    if not word:
        return SmsFault.EMPTY
    if _WHITE_SPACE.search(word):
        return SmsFault.HAS_BLANKS
    return None if _WORD.fullmatch(word) else SmsFault.NOT_SENDABLE


def _check_login(value: str, other: str) -> SmsFault | None:
    """Check a half of the login, which may be missing with its other half."""
    if value:
        return _check_word(value)
    return SmsFault.LOGIN_INCOMPLETE if other else None


def _check_interval(seconds: int) -> SmsFault | None:
    return None if seconds in _INTERVALS else SmsFault.NOT_AN_INTERVAL


def _check_password(password: str) -> SmsFault | None:
    return None if _PASSWORD.fullmatch(password) else SmsFault.NOT_A_PASSWORD


def _check_new_password(setup: SmsSetup) -> SmsFault | None:
    if setup.new_password is None:
        return None
    if setup.new_password == setup.password:
        return SmsFault.SAME_PASSWORD
    return _check_password(setup.new_password)


_CHECKS: Final[Mapping[str, Callable[[SmsSetup], SmsFault | None]]] = {
    "host": _check_host,
    "port": lambda setup: None if setup.port in PORTS else SmsFault.NOT_A_PORT,
    "apn": lambda setup: _check_word(setup.apn),
    "apn_user": lambda setup: _check_login(setup.apn_user, setup.apn_password),
    "apn_password": lambda setup: _check_login(setup.apn_password, setup.apn_user),
    "interval_on": lambda setup: _check_interval(setup.interval_on),
    "interval_off": lambda setup: _check_interval(setup.interval_off),
    "password": lambda setup: _check_password(setup.password),
    "new_password": _check_new_password,
}

# The only texts that have no end of their own, and the field to blame.
_LONG_FIELDS: Final = {SmsPurpose.APN: "apn", SmsPurpose.SERVER: "host"}
