"""What an owner is led through, beside the first steps in `config_flow`."""

from .options import ReceiverOptionsFlow
from .tracker import TrackerSubentryFlow

__all__ = ["ReceiverOptionsFlow", "TrackerSubentryFlow"]
