"""Short ways to decode, for tests that know what they will get."""

from typing import Any

from custom_components.sinotrack.h02 import Details, Malformed, Report, decode


def read(frame: bytes) -> Report:
    """Decode a frame that is a report."""
    report = decode(frame)
    assert isinstance(report, Report), report
    return report


def read_text(fields: str) -> Report:
    """Decode the sentence of an ordinary tracker that goes on like this."""
    return read(f"*HQ,9170000001,{fields}#".encode())


def details(fields: str) -> Details:
    """Give what only a few types carry."""
    return read_text(fields).details or {}


def refusal(frame: bytes) -> str:
    """Give the reason why a frame of H02 cannot be believed."""
    refused = decode(frame)
    assert isinstance(refused, Malformed), refused
    return refused.reason


def meaning(report: Report) -> dict[str, Any]:
    """Give what nobody needs to hide, and of all else whether it is there."""
    names = (
        *("type", "vendor", "time", "valid", "speed_knots", "course", "status"),
        *("alarms", "battery_level", "battery_percent", "voltage", "satellites", "csq"),
        "mileage_km",
    )
    private = ("tracker_id", "fix", "cell", "iccid", "text")
    return {
        **{name: getattr(report, name) for name in names},
        **{name: bool(getattr(report, name)) for name in private},
        "details": (report.details or {}).keys(),
    }
