"""What the owner may set of a tracker: the form, how it is kept, and what it means.

The sub-entry keeps it flat beside the id of the tracker, in the units of the form. What
is missing is as it is by default, so that nothing has to be migrated.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.const import UnitOfLength, UnitOfSpeed, UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .const import LOGGER, LONGEST_WAY_KM
from .schema import vol
from .tracking import IgnitionSource, TrackerOptions

CONF_IGNITION_SOURCE: Final = "ignition_source"
CONF_OFFLINE_AFTER: Final = "offline_after"
"""Minutes; 0 is automatic."""
CONF_ACKNOWLEDGE: Final = "acknowledge"
CONF_HOLD_RADIUS: Final = "hold_radius"
"""Metres."""
CONF_MAX_SPEED: Final = "max_speed"
"""Kilometres per hour."""
CONF_ACCURACY: Final = "accuracy"
"""Metres; 0 is estimated."""
CONF_SETTLE_WITHIN: Final = "settle_within"
"""Minutes."""
CONF_HOLD_CONTRADICTIONS: Final = "hold_contradictions"
CONF_ODOMETER_START: Final = "odometer_start"
"""Kilometres; missing leaves the odometer alone."""

SECTION_CONTACT: Final = "contact"
SECTION_PLACE: Final = "place"
SECTION_DISTANCE: Final = "distance"

_BY_DEFAULT: Final = TrackerOptions()

_DEFAULTS: Final[Mapping[str, str | float]] = {
    CONF_IGNITION_SOURCE: _BY_DEFAULT.ignition_source.value,
    CONF_OFFLINE_AFTER: 0,
    CONF_ACKNOWLEDGE: True,
    CONF_HOLD_RADIUS: _BY_DEFAULT.hold_radius_m,
    CONF_MAX_SPEED: _BY_DEFAULT.max_speed_kmh,
    CONF_ACCURACY: 0,
    CONF_SETTLE_WITHIN: _BY_DEFAULT.settle_within / timedelta(minutes=1),
    CONF_HOLD_CONTRADICTIONS: False,
}

LIMITS: Final[Mapping[str, vol.Range]] = {
    CONF_OFFLINE_AFTER: vol.Range(0, 10_080),
    CONF_HOLD_RADIUS: vol.Range(0, 1_000),
    CONF_MAX_SPEED: vol.Range(50, 2_000),
    CONF_ACCURACY: vol.Range(0, 1_000),
    CONF_SETTLE_WITHIN: vol.Range(0, 10_080),
    CONF_ODOMETER_START: vol.Range(0, LONGEST_WAY_KM),
}
"""What the numbers may be, each in its unit."""

# What may be left empty, which then is a value of its own.
_MAY_BE_EMPTY: Final = {CONF_OFFLINE_AFTER, CONF_ACCURACY, CONF_ODOMETER_START}


def _number(unit: str, *, step: float = 1) -> NumberSelector:
    # Without limits: what is out of them is told in a text of the form.
    return NumberSelector(
        NumberSelectorConfig(
            step=step, unit_of_measurement=unit, mode=NumberSelectorMode.BOX
        )
    )


_FORM: Final[Mapping[str, Mapping[str, Selector[Any]]]] = {
    SECTION_CONTACT: {
        CONF_IGNITION_SOURCE: SelectSelector(
            SelectSelectorConfig(
                options=[source.value for source in IgnitionSource],
                translation_key=CONF_IGNITION_SOURCE,
                mode=SelectSelectorMode.LIST,
            )
        ),
        CONF_OFFLINE_AFTER: _number(UnitOfTime.MINUTES),
        CONF_ACKNOWLEDGE: BooleanSelector(),
    },
    SECTION_PLACE: {
        CONF_HOLD_RADIUS: _number(UnitOfLength.METERS),
        CONF_MAX_SPEED: _number(UnitOfSpeed.KILOMETERS_PER_HOUR),
        CONF_ACCURACY: _number(UnitOfLength.METERS),
        CONF_SETTLE_WITHIN: _number(UnitOfTime.MINUTES),
        CONF_HOLD_CONTRADICTIONS: BooleanSelector(),
    },
    SECTION_DISTANCE: {
        CONF_ODOMETER_START: _number(UnitOfLength.KILOMETERS, step=0.1),
    },
}


def form_fields(
    data: Mapping[str, Any], opened: Collection[str] = ()
) -> dict[vol.Marker, section]:
    """Give the sections of the form, filled with what is set.

    The first one is open, and those that are `opened`.
    """
    value = {**_DEFAULTS, **data}
    return {
        vol.Required(name): section(
            vol.Schema(
                {_field(key, value.get(key)): field for key, field in fields.items()}
            ),
            {"collapsed": name != SECTION_CONTACT and name not in opened},
        )
        for name, fields in _FORM.items()
    }


def options_of_form(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a form says, the way it is kept."""
    return {key: value for name in _FORM for key, value in user_input[name].items()}


def option_problems(user_input: Mapping[str, Any]) -> dict[str, str]:
    """Give the key of an error for each section with a number out of its limits.

    The interface shows none at a field within a section, so that the text names it.
    """
    problems: dict[str, str] = {}
    for name, fields in _FORM.items():
        for key, value in user_input[name].items():
            try:
                _read(key, fields[key], value)
            except vol.Invalid:
                problems.setdefault(name, f"{key}_range")
    return problems


def tracker_options(data: Mapping[str, Any]) -> TrackerOptions:
    """Build the options of a tracker from what can be read of its sub-entry."""
    value = {**_DEFAULTS, **data}
    return TrackerOptions(
        ignition_source=IgnitionSource(value[CONF_IGNITION_SOURCE]),
        offline_after=timedelta(minutes=value[CONF_OFFLINE_AFTER]) or None,
        settle_within=timedelta(minutes=value[CONF_SETTLE_WITHIN]),
        hold_radius_m=value[CONF_HOLD_RADIUS],
        max_speed_kmh=value[CONF_MAX_SPEED],
        accuracy_m=value[CONF_ACCURACY] or None,
    )


def readable_options(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is set of a tracker, as far as the fields of the form would take it.

    What no form has written, as after a step back to an older version, is left out: it
    must not keep the receiver from opening.
    """
    readable = {}
    for fields in _FORM.values():
        for key, field in fields.items():
            try:
                readable[key] = _read(key, field, data[key])
            except KeyError:
                continue
            except vol.Invalid:
                LOGGER.warning("The option %s cannot be read, and is left out", key)
    return readable


def _read(key: str, field: Selector[Any], value: object) -> Any:
    """Give the value of a field; raises vol.Invalid on one that it must not have."""
    value = vol.Schema(field)(value)
    return LIMITS[key](value) if key in LIMITS else value


def _field(key: str, value: object) -> vol.Marker:
    """Show what is set; a default would come back into a field that was emptied."""
    if key in _MAY_BE_EMPTY:
        return vol.Optional(key, description={"suggested_value": value})
    return vol.Required(key, default=value)
