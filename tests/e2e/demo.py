"""The demonstration: a real Home Assistant in which two pretend trackers drive."""

# ruff: noqa: T201 - a program for people talks to them

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
import signal
import sys

from simulator import (
    Dialect,
    Journey,
    SimulatedTracker,
    Transport,
    Unit,
    round_trip,
    utc_now,
)

from .config import ROOT, ignored_folder
from .dashboard import add_dashboard
from .history import History, State, following
from .host import HOME, Host, HostError
from .owner import Owner
from .ports import is_free
from .progress import step
from .rest import Account

FOLDER = ROOT / ".demo"
ACCOUNT = Account("Demo", "demo", "demo")

_PATIENCE_LAPS = 3
_PATIENCE_SECONDS = 60


_WORDS = {
    "home": "at home",
    "not_home": "away",
    "on": "ignition on",
    "off": "ignition off",
}


class DemoError(Exception):
    """Why the demonstration cannot go on."""


@dataclass(frozen=True, slots=True)
class Car:
    """One pretend tracker of the demonstration."""

    name: str
    tracker_id: str
    transport: Transport
    dialect: Dialect
    bearing: float


CARS = (
    Car("Van", "9170000001", Transport.TCP, Dialect.FOUR_G, 20),
    Car("Car", "9170000002", Transport.UDP, Dialect.TWO_G, 200),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C, or with --once until both cars are back; the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.port == options.receiver_port:
        parser.error("the web page and the trackers need a port each")
    try:
        options.trips = {car: _trip(car, options.lap_seconds) for car in CARS}
    except ValueError as error:
        parser.error(str(error))
    try:
        return asyncio.run(_until_stopped(options))
    except (DemoError, HostError, TimeoutError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


async def _until_stopped(options: argparse.Namespace) -> int:
    """Take Ctrl-C and a request to terminate alike: nothing is left running."""
    demo = asyncio.create_task(_demonstrate(options))
    stopped_by: list[int] = []

    def stop(number: int) -> None:
        stopped_by.append(number)
        demo.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    try:
        await demo
    except asyncio.CancelledError:
        if not stopped_by:
            raise
        return 128 + stopped_by[0]
    return 0


async def _demonstrate(options: argparse.Namespace) -> None:
    for port in (options.port, options.receiver_port):
        if not is_free(port):
            raise DemoError(f"port {port} is in use, choose another one (see --help)")
    host = Host(ignored_folder(FOLDER), port=options.port, account=ACCOUNT)
    host.log.clear()
    async with _running(host):
        owner = Owner(host)
        async with step(f"Setting up the receiver on port {options.receiver_port}"):
            entry_id = await _receiver(owner, options.receiver_port)
        known = await owner.trackers(entry_id)
        async with _driving(options):
            for car in CARS:
                if car.tracker_id not in known:
                    async with step(f"Accepting the tracker it discovers: {car.name}"):
                        await owner.accept(car.tracker_id, car.name)
            page = await add_dashboard(owner, [car.tracker_id for car in CARS])
            _print_directions(options, page)
            await _watch(owner, options)


@asynccontextmanager
async def _running(host: Host) -> AsyncIterator[None]:
    """Start and stop Home Assistant, and say so."""
    async with AsyncExitStack() as stack:
        async with step("Starting Home Assistant"):
            await stack.enter_async_context(host)
        try:
            yield
        finally:
            async with step("Stopping Home Assistant"):
                await host.stop()


async def _receiver(owner: Owner, port: int) -> str:
    """Set up the receiver, or have the one of an earlier run use the port."""
    for entry in await owner.entries():
        if entry["source"] != "ignore":
            entry_id = str(entry["entry_id"])
            await owner.move_receiver(entry_id, port)
            return entry_id
    return await owner.add_receiver(port)


def _trip(car: Car, lap_seconds: float) -> Journey:
    """Round trips from home for ever; ValueError where a lap is too short."""
    return round_trip(HOME, duration=lap_seconds, bearing=car.bearing, laps=None)


@asynccontextmanager
async def _driving(options: argparse.Namespace) -> AsyncIterator[None]:
    """Let both cars drive meanwhile."""
    tasks = [asyncio.create_task(_drive(car, options)) for car in CARS]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for end in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(end, Exception):
                raise DemoError(f"a car has broken down: {end!r}") from end


async def _drive(car: Car, options: argparse.Namespace) -> None:
    """Let a car drive and report."""
    unit = Unit(
        car.tracker_id,
        options.trips[car],
        start=utc_now(),
        dialect=car.dialect,
        interval_on=3,
        interval_off=10,
    )
    tracker = SimulatedTracker(
        unit, port=options.receiver_port, transport=car.transport
    )
    async with tracker:
        await tracker.run()


# --- Watching ---------------------------------------------------------------------------


async def _watch(owner: Owner, options: argparse.Namespace) -> None:
    """Tell what the cars do; with --once until both have left and come back."""
    locations = [await owner.entity_id(car.tracker_id, "location") for car in CARS]
    teller = _Teller(
        {
            await owner.entity_id(car.tracker_id, key): car.name
            for car in CARS
            for key in ("location", "ignition")
        }
    )
    async with following(owner.host, teller.tell) as history:
        if not options.once:
            code = await owner.host.until_ended()
            raise DemoError(f"Home Assistant has ended by itself, exit status {code}")
        await history.until(
            lambda seen: all(_came_back(seen, entity_id) for entity_id in locations),
            "both cars to leave home and come back",
            _PATIENCE_LAPS * options.lap_seconds + _PATIENCE_SECONDS,
        )
    if problems := owner.host.log.problems():
        raise DemoError(f"Home Assistant has logged problems:\n{problems}")
    print("Both cars have left home and come back.")


def _came_back(history: History, entity_id: str) -> bool:
    """Whether a car was seen at home, then elsewhere, then at home."""
    values = iter(history.values(entity_id))
    return all(value in values for value in ("home", "not_home", "home"))


class _Teller:
    """Prints what changes."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names
        self._told: dict[str, str] = {}

    def tell(self, state: State) -> None:
        name = self._names.get(state.entity_id)
        if name is None or self._told.get(state.entity_id) == state.value:
            return
        self._told[state.entity_id] = state.value
        text = _WORDS.get(state.value, state.value)
        print(f"{datetime.now().astimezone():%H:%M:%S}  {name}: {text}", flush=True)


# --- Talking ----------------------------------------------------------------------------


def _print_directions(options: argparse.Namespace, page: str) -> None:
    url = f"http://localhost:{options.port}"
    print(
        f"""
  {url}
  user: {ACCOUNT.username}   password: {ACCOUNT.password}

  Look at
    {url}{page}
      a map of the cars, on round trips from home with a stop and a tunnel
    {url}/config/integrations/integration/sinotrack
      the receiver and its trackers, and what each of them tells
    {url}/logbook
      leaving and coming home, ignition and movement as they happen

  Van reports over TCP, Car over UDP; a lap takes {options.lap_seconds:g} s.
  One more, to be discovered and added by hand:
    scripts/simulate --port {options.receiver_port} --id 9170000003
  Ctrl-C stops everything; {FOLDER.name}/ keeps it for the next start.
""",
        flush=True,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Start a real Home Assistant in which two pretend trackers drive.",
        epilog="Ctrl-C stops. The next start goes on with what is in .demo/; delete "
        "that folder to begin anew.",
    )
    add = parser.add_argument
    add("--port", type=_port, default=8123, help="of the web page, default %(default)s")
    add(
        "--receiver-port",
        type=_port,
        default=8888,
        help="for the trackers, default %(default)s",
    )
    add(
        "--lap-seconds",
        type=float,
        default=150,
        metavar="S",
        help="time of one round trip, from 85, default %(default)s",
    )
    add(
        "--once",
        action="store_true",
        help="end when both cars have left home and come back; "
        "exit status 1 when they do not",
    )
    return parser


def _port(text: str) -> int:
    """Read a port that both TCP and UDP have."""
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 1 << 16:
        raise argparse.ArgumentTypeError("a port lies between 1 and 65535")
    return port


if __name__ == "__main__":
    sys.exit(main())
