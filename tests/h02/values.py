"""What holds for the values of any report, whatever was sent."""

from datetime import UTC
import math

from custom_components.sinotrack.h02 import Report


def check_values(report: Report) -> None:
    """Check what holds for the values of any report."""
    if report.fix is not None:
        assert -90 <= report.fix.latitude <= 90
        assert -180 <= report.fix.longitude <= 180
        assert (report.fix.latitude, report.fix.longitude) != (0, 0)
    assert report.fix is not None or not report.valid
    assert report.time is None or report.time.tzinfo is UTC
    assert report.speed_knots is None or 0 <= report.speed_knots < 1000
    assert report.course is None or 0 <= report.course < 360
    assert report.battery_percent is None or 0 <= report.battery_percent <= 100
    for number in (report.voltage, report.satellites, report.csq, report.mileage_km):
        assert number is None or (math.isfinite(number) and number >= 0)
