"""The form that asks what a new tracker is to be told by SMS."""

from typing import Any, Final

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.helpers.selector import TextSelector
from yarl import URL

from ..const import CONF_TRACKER_ID
from ..h02 import DEFAULT_PASSWORD, SmsSetup
from ..preparation import Preparation
from ..schema import vol
from .steps import whole_number

CONF_APN: Final = "apn"
CONF_APN_USER: Final = "apn_user"
CONF_APN_PASSWORD: Final = "apn_password"  # noqa: S105  a name
CONF_INTERVAL_ON: Final = "interval_on"
CONF_INTERVAL_OFF: Final = "interval_off"
CONF_NEW_PASSWORD: Final = "new_password"  # noqa: S105  a name

_CLOUD: Final = ".ui.nabu.casa"
"""How Home Assistant's cloud names houses, also where its address was typed in."""

_INTERVAL_ON: Final = 20
_INTERVAL_OFF: Final = 300

_TEXT: Final = TextSelector()
_SECONDS: Final = whole_number(UnitOfTime.SECONDS)
SMS_FORM: Final = vol.Schema(
    {
        vol.Required(CONF_APN): _TEXT,
        vol.Optional(CONF_APN_USER): _TEXT,
        vol.Optional(CONF_APN_PASSWORD): _TEXT,
        vol.Required(CONF_HOST): _TEXT,
        vol.Required(CONF_PORT): whole_number(),
        vol.Required(CONF_INTERVAL_ON): _SECONDS,
        vol.Required(CONF_INTERVAL_OFF): _SECONDS,
        vol.Required(CONF_PASSWORD): _TEXT,
        vol.Optional(CONF_NEW_PASSWORD): _TEXT,
        vol.Optional(CONF_TRACKER_ID): _TEXT,
    }
)


def read_text(user_input: dict[str, Any], key: str) -> str:
    """Give a field, which may be left empty."""
    text: str = user_input.get(key, "")
    return text.strip()


def read_setup(user_input: dict[str, Any]) -> SmsSetup:
    """Read the form."""
    return SmsSetup(
        host=read_text(user_input, CONF_HOST),
        port=user_input[CONF_PORT],
        apn=read_text(user_input, CONF_APN),
        apn_user=read_text(user_input, CONF_APN_USER),
        apn_password=read_text(user_input, CONF_APN_PASSWORD),
        interval_on=user_input[CONF_INTERVAL_ON],
        interval_off=user_input[CONF_INTERVAL_OFF],
        password=read_text(user_input, CONF_PASSWORD),
        new_password=read_text(user_input, CONF_NEW_PASSWORD) or None,
    )


def fill_again(preparation: Preparation) -> dict[str, Any]:
    """Fill the form with what was prepared before."""
    setup = preparation.setup
    return {
        CONF_HOST: setup.host,
        CONF_PORT: setup.port,
        CONF_APN: setup.apn,
        CONF_APN_USER: setup.apn_user,
        CONF_APN_PASSWORD: setup.apn_password,
        CONF_INTERVAL_ON: setup.interval_on,
        CONF_INTERVAL_OFF: setup.interval_off,
        CONF_PASSWORD: setup.password,
        CONF_NEW_PASSWORD: setup.new_password,
        CONF_TRACKER_ID: preparation.tracker_id,
    }


def propose(hass: HomeAssistant, port: int) -> dict[str, Any]:
    """Fill the form with what suits most."""
    return {
        CONF_HOST: _public_host(hass),
        CONF_PORT: port,
        CONF_INTERVAL_ON: _INTERVAL_ON,
        CONF_INTERVAL_OFF: _INTERVAL_OFF,
        CONF_PASSWORD: DEFAULT_PASSWORD,
    }


def _public_host(hass: HomeAssistant) -> str:
    """Give the host by which this house is known outside; "" where nobody told.

    The cloud hands on web pages only: no tracker gets through to the port. Nor does one
    know IPv6, or a name in its own script.
    """
    try:
        url = get_url(
            hass, allow_internal=False, allow_cloud=False, prefer_external=True
        )
    except NoURLAvailableError:
        return ""
    host = URL(url).raw_host or ""
    return "" if host.endswith(_CLOUD) or ":" in host else host
