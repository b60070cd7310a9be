"""Names that more than one module of the integration needs."""

import logging
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT, Platform

DOMAIN: Final = "sinotrack"
TITLE: Final = "SinoTrack"
LOGGER: Final = logging.getLogger(__package__)

DEFAULT_HOST: Final = "0.0.0.0"
DEFAULT_PORT: Final = 8888

SUBENTRY_TRACKER: Final = "tracker"
CONF_ENTRY_ID: Final = "entry_id"
CONF_SUBENTRY_ID: Final = "subentry_id"
CONF_TRACKER_ID: Final = "tracker_id"
CONF_ALLOWED_NETWORKS: Final = "allowed_networks"
"""Option of a receiver: a list of CIDR texts; empty or missing allows all."""

MANUFACTURER: Final = "SinoTrack"
MODEL: Final = "ST-906"

PLATFORMS: Final = (
    Platform.BINARY_SENSOR,
    Platform.DEVICE_TRACKER,
    Platform.EVENT,
    Platform.SENSOR,
)

LONGEST_WAY_KM: Final = 9_999_999
"""What an odometer may be set to: more than any vehicle drives."""

SHORTEST_ID: Final = 8
LONGEST_ID: Final = 16


def shown_address(entry: ConfigEntry) -> dict[str, str]:
    """Give where a receiver listens, as its texts name it."""
    return {CONF_HOST: entry.data[CONF_HOST], CONF_PORT: str(entry.data[CONF_PORT])}


def default_name(tracker_id: str) -> str:
    """Give a name that tells several trackers apart."""
    return f"{MODEL} {tracker_id[-4:]}"


def is_tracker_id(text: str) -> bool:
    """Tell whether a text is the id of a tracker: 8 to 16 digits, zeros kept."""
    return SHORTEST_ID <= len(text) <= LONGEST_ID and text.isascii() and text.isdigit()
