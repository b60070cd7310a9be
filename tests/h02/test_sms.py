"""The SMS texts that point a tracker at this server (d)."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.sinotrack.h02 import (
    SmsFault,
    SmsPurpose,
    SmsSetup,
    SmsText,
    SmsWarning,
    sms_faults,
    sms_texts,
    sms_time_zone,
    sms_warnings,
)

HOME = SmsSetup("home.example.org", 8888, "internet", "", "", 20, 300)
# An address for examples would not be a public one.
PUBLIC_ADDRESS = "9.9.9.9"
EXTENDED = "^{}\\[~]|"


def lines(setup: SmsSetup) -> list[str]:
    """Give what the owner types."""
    return [sms.text for sms in sms_texts(setup)]


def text_for(purpose: SmsPurpose, setup: SmsSetup) -> str:
    """Give the one text that has a purpose."""
    (text,) = [sms.text for sms in sms_texts(setup) if sms.purpose == purpose]
    return text


def sms_length(text: str) -> int:
    """Count the septets of a text of the GSM alphabet."""
    assert text.isascii()
    assert text.isprintable()
    assert "`" not in text
    return sum(2 if character in EXTENDED else 1 for character in text)


def test_new_tracker_is_set_up_by_seven_texts() -> None:
    assert sms_texts(HOME) == (
        SmsText("8960000E00", SmsPurpose.TIME_ZONE),
        SmsText("8030000 internet", SmsPurpose.APN),
        SmsText("8040000 home.example.org 8888", SmsPurpose.SERVER),
        SmsText("8050000 20", SmsPurpose.INTERVAL_ON),
        SmsText("8090000 300", SmsPurpose.INTERVAL_OFF),
        SmsText("7100000", SmsPurpose.GPRS),
        SmsText("RCONF", SmsPurpose.QUERY),
    )


@pytest.mark.parametrize("password", ["0000", "4711"])
def test_time_zone_can_be_set_alone(password: str) -> None:
    setup = replace(HOME, password=password)

    assert sms_time_zone(password) == sms_texts(setup)[0]
    assert sms_time_zone() == SmsText("8960000E00", SmsPurpose.TIME_ZONE)


def test_login_of_the_apn_follows_its_name() -> None:
    setup = replace(HOME, apn_user="web", apn_password="se@cret")

    assert text_for(SmsPurpose.APN, setup) == "8030000 internet web se@cret"


def test_password_of_the_tracker_stands_in_every_text_but_the_query() -> None:
    assert lines(replace(HOME, password="4711")) == [
        "8964711E00",
        "8034711 internet",
        "8044711 home.example.org 8888",
        "8054711 20",
        "8094711 300",
        "7104711",
        "RCONF",
    ]


def test_new_password_is_set_last_so_that_all_before_can_be_sent_again() -> None:
    changed = sms_texts(replace(HOME, password="1234", new_password="0815"))

    assert changed[:-1] == sms_texts(replace(HOME, password="1234"))
    assert changed[-1] == SmsText("77708151234", SmsPurpose.PASSWORD)


def test_zeros_in_front_of_a_password_stay() -> None:
    setup = replace(HOME, password="0042", new_password="0007")

    assert lines(setup)[0] == "8960042E00"
    assert lines(setup)[-1] == "77700070042"


@pytest.mark.parametrize(
    "host",
    [
        PUBLIC_ADDRESS,
        "home.example.org",
        "A-1.example.org",
        "homeassistant",
        "xn--mnchen-3ya.example",
        "1.2.example",
    ],
)
def test_server_is_a_host_name_or_an_address(host: str) -> None:
    assert text_for(SmsPurpose.SERVER, replace(HOME, host=host)) == (
        f"8040000 {host} 8888"
    )


@pytest.mark.parametrize(
    ("host", "fault"),
    [
        ("", SmsFault.EMPTY),
        ("home example.org", SmsFault.HAS_BLANKS),
        ("home.example.org\n", SmsFault.HAS_BLANKS),
        ("münchen.example", SmsFault.NOT_ASCII),
        ("xn--mnchen-3ya.example\N{NO-BREAK SPACE}", SmsFault.HAS_BLANKS),
        ("http://home.example.org", SmsFault.NOT_A_HOST),
        ("home.example.org:8888", SmsFault.NOT_A_HOST),
        ("home..example.org", SmsFault.NOT_A_HOST),
        ("home.example.org.", SmsFault.NOT_A_HOST),
        (".example.org", SmsFault.NOT_A_HOST),
        ("-home.example.org", SmsFault.NOT_A_HOST),
        ("home-.example.org", SmsFault.NOT_A_HOST),
        ("my_home.example.org", SmsFault.NOT_A_HOST),
        ("home`.example.org", SmsFault.NOT_A_HOST),
        (f"{'a' * 64}.example.org", SmsFault.NOT_A_HOST),
        ("9.9.9", SmsFault.NOT_A_HOST),
        ("9.9.9.256", SmsFault.NOT_A_HOST),
        ("9.9.9.9.9", SmsFault.NOT_A_HOST),
        ("2001:db8::1", SmsFault.NOT_A_HOST),
        (f"{'a.' * 73}com", SmsFault.TOO_LONG),
    ],
)
def test_no_text_without_a_host_that_a_tracker_can_reach(
    host: str, fault: SmsFault
) -> None:
    setup = replace(HOME, host=host)

    assert sms_faults(setup) == {"host": fault}
    assert sms_texts(setup) == ()


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("port", 0, SmsFault.NOT_A_PORT),
        ("port", 65_536, SmsFault.NOT_A_PORT),
        ("port", -1, SmsFault.NOT_A_PORT),
        ("apn", "", SmsFault.EMPTY),
        ("apn", "inter net", SmsFault.HAS_BLANKS),
        ("apn", "inter\tnet", SmsFault.HAS_BLANKS),
        ("apn", "internet ", SmsFault.HAS_BLANKS),
        ("apn", "intérnet", SmsFault.NOT_SENDABLE),
        ("apn", "inter`net", SmsFault.NOT_SENDABLE),
        ("apn", "inter\0net", SmsFault.NOT_SENDABLE),
        ("apn", "a" * 153, SmsFault.TOO_LONG),
        ("interval_on", -1, SmsFault.NOT_AN_INTERVAL),
        ("interval_on", 18_001, SmsFault.NOT_AN_INTERVAL),
        ("interval_off", -1, SmsFault.NOT_AN_INTERVAL),
        ("interval_off", 18_001, SmsFault.NOT_AN_INTERVAL),
        ("password", "", SmsFault.NOT_A_PASSWORD),
        ("password", "123", SmsFault.NOT_A_PASSWORD),
        ("password", "12345", SmsFault.NOT_A_PASSWORD),
        ("password", "12a4", SmsFault.NOT_A_PASSWORD),
        ("password", "1234\n", SmsFault.NOT_A_PASSWORD),
        ("password", "١٢٣٤", SmsFault.NOT_A_PASSWORD),
        ("new_password", "", SmsFault.NOT_A_PASSWORD),
        ("new_password", "123456", SmsFault.NOT_A_PASSWORD),
        ("new_password", "0000", SmsFault.SAME_PASSWORD),
    ],
)
def test_no_text_with_a_value_that_a_tracker_does_not_take(
    field: str, value: Any, fault: SmsFault
) -> None:
    setup = replace(HOME, **{field: value})

    assert sms_faults(setup) == {field: fault}
    assert sms_texts(setup) == ()


@pytest.mark.parametrize(
    ("user", "password", "expected"),
    [
        ("", "", {}),
        ("web", "secret", {}),
        ("web", "", {"apn_password": SmsFault.LOGIN_INCOMPLETE}),
        ("", "secret", {"apn_user": SmsFault.LOGIN_INCOMPLETE}),
        ("my name", "secret", {"apn_user": SmsFault.HAS_BLANKS}),
        ("web", "geh€im", {"apn_password": SmsFault.NOT_SENDABLE}),
    ],
)
def test_login_is_whole_or_missing(
    user: str, password: str, expected: dict[str, SmsFault]
) -> None:
    setup = replace(HOME, apn_user=user, apn_password=password)

    assert sms_faults(setup) == expected


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = SmsSetup("", 0, "", "web", "", -1, 18_001, "1", "2")

    assert sms_faults(wrong) == {
        "host": SmsFault.EMPTY,
        "port": SmsFault.NOT_A_PORT,
        "apn": SmsFault.EMPTY,
        "apn_password": SmsFault.LOGIN_INCOMPLETE,
        "interval_on": SmsFault.NOT_AN_INTERVAL,
        "interval_off": SmsFault.NOT_AN_INTERVAL,
        "password": SmsFault.NOT_A_PASSWORD,
        "new_password": SmsFault.NOT_A_PASSWORD,
    }


@pytest.mark.parametrize(
    "setup",
    [
        replace(HOME, port=1, interval_on=0, interval_off=0),
        replace(HOME, port=65_535, interval_on=18_000, interval_off=18_000),
        replace(HOME, apn="a" * 152),
        replace(HOME, apn="a" * 50, apn_user="b" * 50, apn_password="c" * 50),
        replace(HOME, apn="a", apn_user="b", apn_password="|" * 74),
        replace(HOME, host=f"{'a.' * 72}com"),
    ],
)
def test_limits_themselves_are_taken_and_fit_into_one_sms(setup: SmsSetup) -> None:
    assert sms_faults(setup) == {}
    assert all(sms_length(text) <= 160 for text in lines(setup))


@pytest.mark.parametrize("secret", ["|" * 75, "c" * 149])
def test_login_that_does_not_fit_into_one_sms_is_too_long(secret: str) -> None:
    """What the alphabet keeps in its extension takes the room of two."""
    setup = replace(HOME, apn="a", apn_user="b", apn_password=secret)

    assert sms_faults(setup) == {"apn": SmsFault.TOO_LONG}


def test_host_name_is_where_models_and_carriers_differ() -> None:
    named = sms_warnings(replace(HOME, interval_off=20, password="4711"))

    assert named == (
        SmsWarning.ONLY_ADDRESS,
        SmsWarning.RESOLVED_ONCE,
        SmsWarning.CARRIER_MAY_DROP,
    )


def test_public_address_one_interval_and_a_password_raise_no_warning() -> None:
    setup = replace(HOME, host=PUBLIC_ADDRESS, interval_off=20, password="4711")

    assert sms_warnings(setup) == ()


@pytest.mark.parametrize(
    "host",
    [
        "192.168.1.10",
        "10.0.0.2",
        "100.64.0.1",
        "127.0.0.1",
        "homeassistant",
        "homeassistant.local",
        "HOMEASSISTANT.LOCAL",
        "ha.fritz.home.arpa",
        "server.lan",
    ],
)
def test_host_of_a_home_network_is_warned_of(host: str) -> None:
    assert SmsWarning.NOT_PUBLIC in sms_warnings(replace(HOME, host=host))


@pytest.mark.parametrize("host", [PUBLIC_ADDRESS, "home.example.org", "local.example"])
def test_host_of_the_internet_is_not(host: str) -> None:
    assert SmsWarning.NOT_PUBLIC not in sms_warnings(replace(HOME, host=host))


@pytest.mark.parametrize(
    ("on", "off", "expected"),
    [
        (20, 20, set()),
        (20, 300, {SmsWarning.ONE_INTERVAL}),
        (20, 0, {SmsWarning.ONE_INTERVAL, SmsWarning.NO_REPORTS}),
        (0, 0, {SmsWarning.NO_REPORTS}),
    ],
)
def test_intervals_are_warned_of_where_a_model_has_one_or_reports_end(
    on: int, off: int, expected: set[SmsWarning]
) -> None:
    setup = replace(HOME, interval_on=on, interval_off=off)
    about_intervals = {SmsWarning.ONE_INTERVAL, SmsWarning.NO_REPORTS}

    assert about_intervals & set(sms_warnings(setup)) == expected


@pytest.mark.parametrize(
    ("password", "new_password", "warned"),
    [
        ("0000", None, True),
        ("4711", "0000", True),
        ("4711", None, False),
        ("0000", "4711", False),
    ],
)
def test_password_that_everybody_knows_is_warned_of_where_it_stays(
    password: str, new_password: str | None, *, warned: bool
) -> None:
    setup = replace(HOME, password=password, new_password=new_password)

    assert (SmsWarning.DEFAULT_PASSWORD in sms_warnings(setup)) is warned


def test_secrets_do_not_show_where_a_setup_is_printed() -> None:
    setup = replace(
        HOME,
        apn_user="web",
        apn_password="hush",
        password="4711",
        new_password="0815",
    )

    assert not any(secret in repr(setup) for secret in ("hush", "4711", "0815"))
