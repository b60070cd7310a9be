"""Frames that streams are put together from, and what comes out again."""

from custom_components.sinotrack.h02 import Framer

from .frames import record, record_45, record_x, v1

SENTENCE = v1()
HEARTBEAT = b"*HQ,9170000002,HTBT#"
RECORD = record()
LONG = record_45()
MILEAGE = record_x()
SMS = b"*HQ,9170000001,SMS,ST906 #1*2\nID:1 *\r\nVOLT:13.1V#"
BATCH = b"*HQ,353505910449999,BC,052825,138," + b";".join(
    [b"A,2239.4210,N,11400.8825,E,0.00,348,03182512,FFFFFFFF,1CC,0,25FC,F48"] * 100
)

# Whether a record of 32 bytes is whole is clear from what its tracker sent before.
MIXED = [SENTENCE, MILEAGE, RECORD, RECORD, HEARTBEAT, RECORD, MILEAGE, SENTENCE]


def feed(*segments: bytes) -> list[bytes]:
    """Give the frames of a stream that ends behind the last segment."""
    framer = Framer()
    frames = [frame for segment in segments for frame in framer.feed(segment)]
    frames += framer.flush()
    assert framer.is_empty
    return frames
