"""The open port: asyncio sockets and their limits, without Home Assistant."""

from .bind import BindProblem, bind_problem
from .bucket import Bucket
from .limits import Limits, Refusal
from .link import Link, Transport
from .loopback import ALL_TRANSPORTS, Loopback, probe
from .server import Receiver
from .traffic import Traffic

__all__ = [
    "ALL_TRANSPORTS",
    "BindProblem",
    "Bucket",
    "Limits",
    "Link",
    "Loopback",
    "Receiver",
    "Refusal",
    "Traffic",
    "Transport",
    "bind_problem",
    "probe",
]
