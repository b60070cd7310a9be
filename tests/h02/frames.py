"""Makes frames from what the protocol document says, never from the decoder."""

from dataclasses import dataclass

CAR = "9170000001"
VAN = "4106011660"


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """The fields of a V1 sentence, each as it is sent (a.3)."""

    vendor: str = "HQ"
    tracker_id: str = CAR
    kind: str = "V1"
    clock: str = "121300"
    validity: str = "A"
    latitude: str = "2234.1234"
    north: str = "N"
    longitude: str = "11351.1236"
    east: str = "E"
    speed: str = "012.30"
    course: str = "123"
    date: str = "110619"
    status: str = "FFFFFBFF"
    tail: str = ""

    def __bytes__(self) -> bytes:
        fields = [
            *(f"*{self.vendor}", self.tracker_id, self.kind, self.clock),
            *(self.validity, self.latitude, self.north, self.longitude, self.east),
            *(self.speed, self.course, self.date, self.status),
        ]
        tail = f",{self.tail}" if self.tail else ""
        return f"{','.join(fields)}{tail}#".encode()


def v1(**fields: str) -> bytes:
    """Give a V1 sentence with some fields changed."""
    return bytes(Sentence(**fields))


@dataclass(frozen=True, kw_only=True)
class Record:
    """The fields of a `$` record, as hex digits (a.5)."""

    marker: str = "24"
    tracker_id: str = VAN
    clock: str = "124543"
    date: str = "131116"
    latitude: str = "50353130"
    battery: str = "06"
    longitude: str = "004318210"
    flags: str = "e"
    speed: str = "012"
    course: str = "123"
    status: str = "fffffbff"
    tail: str = "ff0024"

    def __bytes__(self) -> bytes:
        return bytes.fromhex(
            self.marker
            + self.tracker_id
            + self.clock
            + self.date
            + self.latitude
            + self.battery
            + self.longitude
            + self.flags
            + self.speed
            + self.course
            + self.status
            + self.tail
        )


TAIL_45 = "ff00150a0000002c02dc0c000000001f"
"""CSQ 21, ten satellites (the byte of a line feed), 44 km, network 732/12, record 31."""


def record(**fields: str) -> bytes:
    """Give a `$` record, of 32 bytes unless the tail is changed."""
    return bytes(Record(**fields))


def record_45(**fields: str) -> bytes:
    """Give a `$` record of 45 bytes."""
    return record(**{"tail": TAIL_45, **fields})


def record_x(**fields: str) -> bytes:
    """Give an `X` record: its id digits are a mileage (a.6)."""
    return record(**{"marker": "58", "tracker_id": "0000981499", **fields})


def record_42(**fields: str) -> bytes:
    """Give a `$` record with an id of 15 digits and a pad nibble (a.5)."""
    long_id = {"tracker_id": "3524830841932930", "tail": "ff01120064ba73005ecc"}
    return record(**{**long_id, **fields})
