"""The H02 wire: bytes to values and back, without sockets, clocks or Home Assistant.

framer = Framer()
for frame in framer.feed(data):
    match decode(frame):
        case Report() as report: ...
        case Foreign() | Malformed() as refused: ...
"""

from typing import Final

from .batch import expand_batch
from .binary import decode_binary
from .claims import claimed_ids
from .downlink import acknowledge
from .edges import BATCH_LIMIT, SENTENCE_LIMIT
from .foreign import LONGEST_HEAD, UNKNOWN, identify
from .framing import RECORD_PATIENCE, Framer, split
from .masking import mask, outline, placeholder_id, show_frame
from .report import (
    AccessPoint,
    BatchPoint,
    Cell,
    Details,
    Fix,
    Foreign,
    Malformed,
    Neighbour,
    Report,
)
from .sms import (
    DEFAULT_PASSWORD,
    LONGEST_INTERVAL,
    RESTART as SMS_RESTART,
    SmsFault,
    SmsPurpose,
    SmsSetup,
    SmsText,
    SmsWarning,
    faults as sms_faults,
    texts as sms_texts,
    time_zone as sms_time_zone,
    warnings as sms_warnings,
)
from .status import Alarm, Status
from .text import decode_text

__all__ = [
    "BATCH_LIMIT",
    "DEFAULT_PASSWORD",
    "LONGEST_HEAD",
    "LONGEST_INTERVAL",
    "RECORD_PATIENCE",
    "SENTENCE_LIMIT",
    "SMS_RESTART",
    "UNKNOWN",
    "AccessPoint",
    "Alarm",
    "BatchPoint",
    "Cell",
    "Details",
    "Fix",
    "Foreign",
    "Framer",
    "Malformed",
    "Neighbour",
    "Report",
    "SmsFault",
    "SmsPurpose",
    "SmsSetup",
    "SmsText",
    "SmsWarning",
    "Status",
    "acknowledge",
    "claimed_ids",
    "decode",
    "expand_batch",
    "identify",
    "mask",
    "outline",
    "placeholder_id",
    "show_frame",
    "sms_faults",
    "sms_texts",
    "sms_time_zone",
    "sms_warnings",
    "split",
]


_DECODERS: Final = {b"*": decode_text, b"$": decode_binary, b"X": decode_binary}


def decode(frame: bytes) -> Report | Foreign | Malformed:
    """Read one frame as the framer gives it.

    Never raises: bytes that are no H02 frame come back as `Foreign` with the name of
    their protocol, a frame that cannot be believed as `Malformed` with the reason.
    """
    decoder = _DECODERS.get(frame[:1])
    return Foreign(frame, identify(frame)) if decoder is None else decoder(frame)
