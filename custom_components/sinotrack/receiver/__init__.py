"""The open port: asyncio sockets and their limits, without Home Assistant."""

from .bind import BindProblem, bind_problem, probe
from .limits import Limits, Refusal
from .link import Link, Transport
from .server import Receiver
from .traffic import Traffic

__all__ = [
    "BindProblem",
    "Limits",
    "Link",
    "Receiver",
    "Refusal",
    "Traffic",
    "Transport",
    "bind_problem",
    "probe",
]
