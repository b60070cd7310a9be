"""Trackers on the road: what they send, and the sockets they send it through.

Frames come from the pretend tracker's own encoder, never from our decoder.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
import socket
from typing import Self, TypedDict, Unpack

from homeassistant.util import dt as dt_util

from simulator import CELL, Sample, StatusBit, htbt, record_45, v1, v8

CAR = "9170000000"
VAN = "9170000001"

BERLIN = (52.520008, 13.404954)
POTSDAM = (52.390569, 13.064473)

type Place = tuple[float, float]


class What(TypedDict, total=False):
    """What a report tells besides its id and place."""

    buffered: bool
    speed_kmh: float
    course: float
    ignition: bool
    valid: bool
    conditions: frozenset[StatusBit]
    satellites: int
    csq: int
    voltage: float
    battery_percent: int


def sample(
    tracker_id: str = CAR,
    place: Place = BERLIN,
    *,
    age: timedelta = timedelta(0),
    **what: Unpack[What],
) -> Sample:
    """What a unit knows, `age` ago."""
    latitude, longitude = place
    return Sample(
        tracker_id=tracker_id,
        time=dt_util.utcnow() - age,
        latitude=latitude,
        longitude=longitude,
        cell=CELL,
        **what,
    )


def report(
    tracker_id: str = CAR,
    place: Place = BERLIN,
    *,
    age: timedelta = timedelta(0),
    **what: Unpack[What],
) -> bytes:
    """A V1 sentence, made `age` ago: place and status word, nothing else."""
    return v1(replace(sample(tracker_id, place, age=age, **what), cell=None))


def full_report(
    tracker_id: str = CAR,
    place: Place = BERLIN,
    *,
    age: timedelta = timedelta(0),
    **what: Unpack[What],
) -> bytes:
    """A V8 sentence of a 4G unit, which tells of supply and radio as well."""
    supply: What = {
        "satellites": 11,
        "csq": 24,
        "voltage": 12.6,
        "battery_percent": 95,
    }
    supply.update(what)
    return v8(sample(tracker_id, place, age=age, **supply))


def mileage_record(mileage_km: int, *, age: timedelta = timedelta(0)) -> bytes:
    """A binary record that tells the mileage of the tracker itself."""
    return record_45(sample(age=age), number=1, mileage_km=mileage_km)


def heartbeat(tracker_id: str = CAR) -> bytes:
    """A sentence with nothing in it but the id."""
    return htbt(
        Sample(
            tracker_id=tracker_id, time=dt_util.utcnow(), latitude=None, longitude=None
        )
    )


class UdpUnit:
    """A tracker that reports in datagrams."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        """Report to a port of this machine, from an address of its loopback."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((address, 0))
        self._socket.connect(("127.0.0.1", port))

    def send(self, *frames: bytes) -> None:
        """Send frames in one datagram."""
        self._socket.send(b"".join(frames))

    async def answer(self) -> bytes:
        """Wait for an answer."""
        async with asyncio.timeout(10):
            return await asyncio.get_running_loop().sock_recv(self._socket, 1024)

    def has_answer(self) -> bool:
        """Tell whether an answer has come; it is sent before a report is done with."""
        try:
            self._socket.recv(1024)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Switch off."""
        self._socket.close()


class TcpUnit:
    """A tracker that keeps a connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Use an open connection."""
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int) -> Self:
        """Connect to a port of this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    def send(self, *frames: bytes) -> None:
        """Send frames in one segment."""
        self._writer.write(b"".join(frames))

    async def answer(self) -> bytes:
        """Wait for an answer."""
        async with asyncio.timeout(10):
            return await self._reader.readuntil(b"#")

    async def is_closed(self) -> bool:
        """Wait for the end of the connection; True when it was closed on us."""
        try:
            async with asyncio.timeout(10):
                return await self._reader.read() == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        """Switch off."""
        self._writer.close()
