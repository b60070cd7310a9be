"""What trackers and others send, each with the id or the name it stands for."""

from datetime import UTC, datetime, timedelta

from simulator import CELL, Sample, record_32, record_45, record_x

NOW = datetime(2026, 6, 1, 12, 0, 5, tzinfo=UTC)
"""When everything arrives."""

CAR = "9170000001"
VAN = "9170000002"
STRANGER = "9170000009"

SECONDS_AGO = 5


def v1(tracker_id: str = CAR, seconds_ago: float = SECONDS_AGO) -> bytes:
    """A position in the middle of Berlin."""
    time = NOW - timedelta(seconds=seconds_ago)
    return (
        f"*HQ,{tracker_id},V1,{time:%H%M%S},A,5231.2500,N,01324.6114,E,012.30,045,"
        f"{time:%d%m%y},FFFFFFFF,262,03,49032,21237,6#"
    ).encode()


def many(count: int, tracker_id: str = CAR) -> list[bytes]:
    """Positions, a second apart, oldest first."""
    return [v1(tracker_id, seconds_ago=count - i) for i in range(count)]


def short_record(tracker_id: str = CAR, number: int = 1) -> bytes:
    """A `$` record of 32 bytes."""
    return record_32(_sample(tracker_id), number)


def long_record(tracker_id: str = CAR, number: int = 1) -> bytes:
    """A `$` record of 45 bytes."""
    return record_45(_sample(tracker_id), number, mileage_km=1234)


def mileage_record() -> bytes:
    """An `X` record, which has no id."""
    return record_x(_sample(CAR), 1, mileage_m=1_234_000)


def batch(tracker_id: str, count: int) -> bytes:
    """A BC sentence with the records of a blind zone."""
    points = ";".join(
        f"A,5231.2500,N,01324.6114,E,012.30,045,01{10 + i}0000,FFFFFFFF,262,03,1,2"
        for i in range(count)
    )
    return f"*HQ,{tracker_id},BC,120000,{len(points)},{points}#".encode()


def _sample(tracker_id: str) -> Sample:
    return Sample(
        tracker_id=tracker_id,
        time=NOW - timedelta(seconds=SECONDS_AGO),
        latitude=52.520833,
        longitude=13.410190,
        speed_kmh=30.0,
        course=45,
        ignition=True,
        satellites=9,
        csq=24,
        battery_level=6,
        cell=CELL,
    )


BROKEN = b"*HQ,broken,V1#"
"""The outline of a frame."""

FOREIGN: dict[str, bytes] = {
    "http": b"GET / HTTP/1.1\r\nHost: example.invalid\r\nX-A: *\r\n\r\n",
    # A client hello with zeros where a real one is random, which once in a thousand
    # times holds the outline of a frame.
    "tls": bytes.fromhex("16030100c8010000c40303") + bytes(194),
    "ssh": b"SSH-2.0-OpenSSH_9.9\r\n",
    "gt06": bytes.fromhex("78780d01035863900114540500018ca90d0a"),
    "jt808": bytes.fromhex("7e0100002b0135790246810001002c0133373039363057"),
    "teltonika": b"\x00\x0f352093081452251",
    "watch": b"[3G*8800000015*0002*LK]",
    "gps103": b"##,imei:359710049095095,A;",
}
"""Others that knock at the port, by the name of their protocol."""
