"""The options of the command line, and what they may be."""

import argparse
from math import inf, nan

from .backlog import Order
from .link import Transport
from .sample import StatusBit
from .unit import INTERVAL_OFF, INTERVAL_ON, Condition, Dialect

# Not one of the demonstration's, which would have a second sender.
_ID = "9170000003"


def read_options() -> argparse.Namespace:
    """Read the options; ends the program where one is wrong."""
    options = _parser().parse_args()
    options.id = options.id or [_ID]
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="simulate",
        description="Pretend SinoTrack ST-906 trackers, driving round trips from home.",
        epilog="Times are in seconds, spans FROM:TO count from the start. "
        "Ctrl-C stops. A southern home needs an equals sign: --home=-33.9,18.4",
    )
    _add_server(parser.add_argument_group("server"))
    _add_drive(parser.add_argument_group("drive"))
    _add_unit(parser.add_argument_group("unit"))
    _add_trouble(parser.add_argument_group("trouble"))
    return parser


def _add_server(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--host", default="127.0.0.1", help="default %(default)s")
    add("--port", type=_port, default=8888, help="default %(default)s")
    add("--transport", choices=Transport, default="tcp", help="default tcp")


def _add_drive(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--home",
        type=_place,
        default=(52.5163, 13.3777),
        metavar="LAT,LON",
        help="where the trip begins and ends, default 52.5163,13.3777",
    )
    add(
        "--lap-seconds",
        type=_amount,
        default=150,
        metavar="S",
        help="time of one round trip, 84 or more; also sets its length; "
        "default %(default)s",
    )
    laps = group.add_mutually_exclusive_group()
    laps.add_argument("--laps", type=_count, metavar="N", help="default: until Ctrl-C")
    laps.add_argument("--once", action="store_const", const=1, dest="laps")
    add(
        "--noise", type=_amount, default=0.0, metavar="M", help="sigma of GPS in metres"
    )
    add("--seed", type=int, default=0, metavar="N", help="of the noise")


def _add_unit(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--id",
        action="append",
        type=_tracker_id,
        help=f"10 to 15 digits, repeat for several trackers; default {_ID}",
    )
    add("--dialect", choices=Dialect, default="4g", help="default 4g")
    add(
        "--interval",
        type=_count,
        default=INTERVAL_ON,
        metavar="S",
        help="between reports while ignition is on, default %(default)s",
    )
    add(
        "--interval-off",
        type=_count,
        default=INTERVAL_OFF,
        metavar="S",
        help="between reports while ignition is off, default %(default)s",
    )
    add(
        "--alarm",
        action="append",
        type=_condition,
        default=[],
        metavar="NAME@FROM:TO",
        help=f"a status bit: {', '.join(bit.name.lower() for bit in StatusBit)}",
    )


def _add_trouble(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--offline",
        action="append",
        type=_span,
        default=[],
        metavar="FROM:TO",
        help="no link meanwhile; may be repeated",
    )
    add(
        "--order",
        choices=Order,
        default="oldest",
        help="in which stored records are sent, default oldest first",
    )
    add("--drip", type=_amount, default=0, metavar="S", help="between stored records")
    add("--resend", action="store_true", help="repeat what was not acknowledged")
    add("--segments", type=_count, default=1, metavar="N", help="pieces of a TCP frame")


def _count(text: str) -> int:
    count = int(text) if text.isdecimal() else 0
    if count < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return count


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = nan
    if not 0 <= amount < inf:
        raise argparse.ArgumentTypeError("must be a number from 0 on")
    return amount


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 1 << 16:
        raise argparse.ArgumentTypeError("a port lies between 1 and 65535")
    return port


def _tracker_id(text: str) -> str:
    if not (text.isascii() and text.isdigit() and 10 <= len(text) <= 15):
        raise argparse.ArgumentTypeError("a tracker id has 10 to 15 digits")
    return text


def _place(text: str) -> tuple[float, float]:
    try:
        latitude, longitude = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError("expected LAT,LON in degrees") from None
    if abs(latitude) > 85 or abs(longitude) > 179:
        raise argparse.ArgumentTypeError("too near to a pole or the date line")
    return latitude, longitude


def _span(text: str) -> tuple[float, float]:
    try:
        begin, end = map(float, text.split(":"))
    except ValueError:
        raise argparse.ArgumentTypeError("expected FROM:TO in seconds") from None
    if begin >= end:
        raise argparse.ArgumentTypeError("FROM comes before TO")
    return begin, end


def _condition(text: str) -> Condition:
    name, _, span = text.partition("@")
    try:
        bit = StatusBit[name.upper()]
    except KeyError:
        raise argparse.ArgumentTypeError(f"no status bit {name!r}") from None
    return Condition(bit, *_span(span))
