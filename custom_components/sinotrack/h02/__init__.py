"""The H02 wire: bytes to values and back, without sockets, clocks or Home Assistant.

framer = Framer()
for frame in framer.feed(data):
    match decode(frame):
        case Report() as report: ...
        case Foreign() | Malformed() as refused: ...
"""

from .batch import expand_batch
from .decoding import claimed_ids, decode
from .downlink import DEFAULT_VENDOR, acknowledge
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
    PORTS,
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

__all__ = [
    "BATCH_LIMIT",
    "DEFAULT_PASSWORD",
    "DEFAULT_VENDOR",
    "LONGEST_HEAD",
    "PORTS",
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
