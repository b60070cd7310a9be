"""The tracker on real loopback sockets, with time that flies."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, override

import pytest

from simulator import (
    FastClock,
    Faults,
    Journey,
    Leg,
    Mangler,
    Pause,
    Record,
    SimulatedTracker,
    StatusBit,
    Unit,
    htbt,
    record,
    round_trip,
    v0,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

START = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOME = (52.5163, 13.3777)
ID = "9170000001"
PATIENCE = 10


class Server(asyncio.Protocol, asyncio.DatagramProtocol):
    """Keeps what arrives and answers each chunk with what `answer` gives."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.answer = answer
        self.chunks: list[bytes] = []
        self.clients: list[asyncio.BaseTransport] = []
        self.arrived = asyncio.Event()
        self.port = 0

    @property
    def data(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def sentences(self) -> list[bytes]:
        return [part.lstrip() + b"#" for part in self.data.split(b"#")[:-1]]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self.arrived.clear()
                await self.arrived.wait()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.clients.append(transport)
        self.arrived.set()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.arrived.set()

    @override
    def data_received(self, data: bytes) -> None:
        client = self.clients[-1]
        assert isinstance(client, asyncio.WriteTransport)
        self._take(data, client.write)

    @override
    def datagram_received(self, data: bytes, addr: Any) -> None:
        socket = self.clients[0]
        assert isinstance(socket, asyncio.DatagramTransport)
        self._take(data, lambda reply: socket.sendto(reply, addr))

    def _take(self, data: bytes, reply: Callable[[bytes], None]) -> None:
        self.chunks.append(data)
        if answer := self.answer(data):
            reply(answer)
        self.arrived.set()


def silence(_: bytes) -> bytes:
    """A server that answers nothing."""
    return b""


def acknowledge(data: bytes) -> bytes:
    """One R12 for each sentence."""
    return f"*HQ,{ID},R12,120000#".encode() * data.count(b"#")


@asynccontextmanager
async def serving(
    answer: Callable[[bytes], bytes] = silence,
    transport: str = "tcp",
    port: int = 0,
) -> AsyncIterator[Server]:
    """A server on loopback."""
    loop = asyncio.get_running_loop()
    server = Server(answer)
    if transport == "udp":
        socket, _ = await loop.create_datagram_endpoint(
            lambda: server, local_addr=("127.0.0.1", port)
        )
        server.port = socket.get_extra_info("sockname")[1]
        try:
            yield server
        finally:
            socket.close()
        return
    listener = await loop.create_server(lambda: server, "127.0.0.1", port)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for client in server.clients:
            client.close()
        await listener.wait_closed()


def unit(journey: Journey | None = None, **settings: Any) -> Unit:
    """A unit that reports every 5 s with ignition and every 60 s without."""
    usual: dict[str, Any] = {"start": START, "interval_on": 5, "interval_off": 60}
    return Unit(ID, journey or round_trip(HOME), **usual | settings)


def short() -> Journey:
    """Half a minute: enough for a few reports."""
    return Journey(HOME, [Pause(2), Leg(0, 200, 50), Pause(5, ignition=False)])


def tracker(port: int, of: Unit | None = None, **options: Any) -> SimulatedTracker:
    """A tracker whose clock flies."""
    clock = FastClock(START)
    usual: dict[str, Any] = {"clock": clock, "sleep": clock.sleep}
    return SimulatedTracker(of or unit(), port=port, **usual | options)


async def run(of: SimulatedTracker) -> None:
    """Run a tracker, not for ever."""
    async with asyncio.timeout(PATIENCE):
        await of.run()


def is_marked(sentence: bytes) -> bool:
    """Whether bit 26 says that the record was made without a link."""
    return not int(sentence.split(b",")[12], 16) >> 26 & 1


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("dialect", ["4g", "2g", "binary", "binary-32"])
async def test_wire_carries_the_recorded_frames(transport: str, dialect: str) -> None:
    """With a good line, the server gets what `record` foretells, in order."""
    expected = b"".join(r.frame for r in record(unit(dialect=dialect)))
    async with (
        serving(transport=transport) as server,
        tracker(server.port, unit(dialect=dialect), transport=transport) as car,
    ):
        await run(car)
        await server.until(lambda: len(server.data) >= len(expected))
        assert server.data == expected


async def test_tracker_comes_from_the_address_it_was_given() -> None:
    async with (
        serving() as server,
        tracker(server.port, unit(short()), own_host="127.0.0.2") as car,
    ):
        await run(car)
        await server.until(lambda: len(server.clients) == 1)
        assert server.clients[0].get_extra_info("peername")[0] == "127.0.0.2"


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_acknowledgements_are_counted(transport: str) -> None:
    """One R12 per report comes back."""
    async with (
        serving(acknowledge, transport) as server,
        tracker(server.port, transport=transport) as car,
    ):
        await run(car)
        async with asyncio.timeout(PATIENCE):
            await car.until(lambda: car.counters.acknowledged >= car.counters.sent)
        assert car.counters.acknowledged == car.counters.sent > 20


async def test_other_answers_are_told_apart() -> None:
    """Clock, echo and somebody else's acknowledgement are not R12."""
    answers = (
        f"*HQ,{ID},V4,V1,20260601120000#*HQ,{ID},V4,NBR,20260601120000#"
        f"*HQ,{ID},HTBT#*HQ,{ID},V0#*HQ,9170000002,R12,120000#*TH,{ID},R12,120000#"
    ).encode()
    async with (
        serving(lambda data: answers if b"HTBT" in data else b"") as server,
        tracker(server.port, unit(short())) as car,
    ):
        await run(car)
        sample = car.unit.sample(0)
        await car.send(v0(sample))
        await car.send(htbt(sample))
        async with asyncio.timeout(PATIENCE):
            await car.until(lambda: car.counters.misaddressed == 2)
        counters = car.counters
        assert (counters.clock_acknowledged, counters.echoed) == (2, 2)
        assert counters.acknowledged == 0


async def test_offline_period_is_stored_marked_and_sent_afterwards() -> None:
    """As `record` foretells it, on a second connection."""
    expected = [r.frame for r in record(unit(), offline=[(30, 62)])]
    async with (
        serving() as server,
        tracker(server.port, offline=[(30, 62)]) as car,
    ):
        await run(car)
        await server.until(lambda: len(server.sentences) >= len(expected))
        assert server.sentences == expected
        assert sum(map(is_marked, server.sentences)) == car.counters.stored > 5
        assert len(server.clients) == car.counters.links == 2


async def test_refused_link_is_tried_again_and_nothing_is_lost() -> None:
    """Nobody listens at first; the pauses between attempts grow."""
    async with serving() as server:
        port = server.port
    attempts: list[float] = []
    clock = FastClock(START)
    car: SimulatedTracker = tracker(
        port,
        clock=clock,
        sleep=clock.sleep,
        on_stored=lambda _: attempts.append(car.counters.refused),
    )
    async with car:
        running = asyncio.create_task(run(car))
        async with asyncio.timeout(PATIENCE):
            await car.until(lambda: car.counters.stored > 8)
        async with serving(port=port) as server:
            await running
            total = len(list(record(unit())))
            await server.until(lambda: len(server.sentences) >= total)
            assert len(server.sentences) == total
            assert all(map(is_marked, server.sentences[: car.counters.stored]))
    # Two refusals while parked at the start, then ever fewer than one per report.
    assert attempts[-1] < len(attempts)


async def test_link_closed_by_the_server_is_opened_anew() -> None:
    """A report never goes into a connection that is known to be dead."""
    journey = Journey(HOME, [Pause(30)])
    clock = FastClock(START)
    async with serving() as server:

        async def sleep(seconds: float) -> None:
            if len(server.clients) == 1 and car.counters.sent >= 3:
                await server.until(lambda: len(server.sentences) == car.counters.sent)
                server.clients[0].close()
                await car.until(lambda: not car.linked)
            await clock.sleep(seconds)

        async with tracker(server.port, unit(journey), clock=clock, sleep=sleep) as car:
            await run(car)
            expected = [r.frame for r in record(unit(journey))]
            await server.until(lambda: len(server.sentences) >= len(expected))
            assert server.sentences == expected
            assert car.counters.links == len(server.clients) == 2


async def test_without_acknowledgement_old_records_are_repeated() -> None:
    """ST-901L says everything again until it hears R12 (protocol.md e.7)."""
    async with (
        serving() as server,
        tracker(server.port, resend_unacknowledged=True) as car,
    ):
        await run(car)
        await server.until(lambda: len(server.sentences) >= car.counters.sent)
        assert car.counters.repeated > 10
        repeats = len(server.sentences) - len(set(server.sentences))
        assert repeats == car.counters.repeated


async def test_with_acknowledgement_nothing_is_repeated() -> None:
    """The same unit is content when it is answered."""
    clock = FastClock(START)

    async def sleep(seconds: float) -> None:
        await car.until(lambda: car.counters.acknowledged >= car.counters.sent)
        await clock.sleep(seconds)

    async with (
        serving(acknowledge) as server,
        tracker(
            server.port, resend_unacknowledged=True, clock=clock, sleep=sleep
        ) as car,
    ):
        await run(car)
        assert car.counters.repeated == 0
        assert car.counters.acknowledged >= car.counters.sent - 1


async def test_alarm_is_reported_at_once() -> None:
    """A condition switched on by hand does not wait for the interval."""
    async with (
        serving() as server,
        tracker(server.port, unit(short())) as car,
    ):
        await run(car)
        car.unit.latched.add(StatusBit.SOS)
        await car.report_now()
        await server.until(lambda: len(server.sentences) >= car.counters.sent)
        assert not int(server.sentences[-1].split(b",")[12], 16) >> 1 & 1


async def test_dropped_link_stores_a_report_made_meanwhile() -> None:
    """Without a link even an urgent report has to wait."""
    stored: list[Record] = []
    async with (
        serving() as server,
        tracker(server.port, unit(short()), on_stored=stored.append) as car,
    ):
        await run(car)
        await car.drop_link()
        await car.report_now()
        assert car.waiting == 1
        assert is_marked(stored[0].frame)


@pytest.mark.parametrize(
    ("command", "kind", "bit", "holds"),
    [
        ("*HQ,{id},S20,130305,1,1#", b"V4,S20,OK,130305", 27, True),
        ("*HQ,{id},S20,130305,1,0#", b"V4,S20,OK,130305", 27, False),
        ("*HQ,{id},S20,130305,0,0#", b"V4,S20,OK,130305", 27, False),
        ("*HQ,{id},SCF,061837,0,0#", b"V4,SCF,061837", 9, True),
        ("*HQ,{id},SCF,061955,1,1#", b"V4,SCF,061955", 9, False),
    ],
)
async def test_command_is_obeyed_and_confirmed(
    command: str, kind: bytes, bit: int, holds: bool
) -> None:
    """The confirmation carries the command's time and the new status."""
    order = command.format(id=ID).encode()
    async with (
        serving(lambda data: order if b"V6" in data else b"") as server,
        tracker(server.port, unit(short())) as car,
    ):
        car.unit.latched |= {StatusBit.FUEL_CUT, StatusBit.ARMED}
        await run(car)
        await server.until(lambda: b",V4," in server.data)
        reply = next(s for s in server.sentences if b",V4," in s)
        assert reply.startswith(f"*HQ,{ID},".encode() + kind + b",")
        words = [word for word in reply.decode().split(",") if len(word) == 8]
        assert (not int(words[-1], 16) >> bit & 1) is holds


@pytest.mark.parametrize("command", ["R7", "R1"])
async def test_alarms_and_the_cut_of_the_engine_are_cleared_from_afar(
    command: str,
) -> None:
    order = f"*HQ,{ID},{command},130305#".encode()
    async with (
        serving(lambda data: order if b"V6" in data else b"") as server,
        tracker(server.port, unit(short())) as car,
    ):
        latched = {StatusBit.SOS, StatusBit.FUEL_CUT, StatusBit.ARMED}
        car.unit.latched |= latched
        await run(car)
        await server.until(lambda: car.unit.latched != latched)
        assert car.unit.latched == {StatusBit.ARMED}


async def test_interval_can_be_set_from_afar() -> None:
    """D1 changes the pause between reports while ignition is on."""
    order = f"*HQ,{ID},D1,062108,30,1#".encode()
    async with (
        serving(lambda data: order if b"V6" in data else b"") as server,
        tracker(server.port, unit(short())) as car,
    ):
        await run(car)
        await server.until(lambda: b"V4,D1,30,65535,062108," in server.data)
        assert car.unit.interval_on == 30


async def test_plain_text_is_answered_as_sms() -> None:
    """4G firmware takes SMS commands raw on the socket (protocol.md c.1)."""
    async with (
        serving(lambda data: b"CXZT" if b"V6" in data else b"") as server,
        tracker(server.port, unit(short())) as car,
    ):
        await run(car)
        await server.until(lambda: b",SMS," in server.data)
        reply = next(s for s in server.sentences if b",SMS," in s)
        assert b"\nVOLT:1" in reply
        assert car.commands[0].plain


async def test_acknowledgement_in_pieces_is_one() -> None:
    """TCP may cut what the server says, too."""
    pieces = iter([f"*HQ,{ID},R1".encode(), b"2,120000#"])
    async with (
        serving(lambda _: next(pieces, b"")) as server,
        tracker(server.port, unit(short())) as car,
    ):
        await run(car)
        await server.until(lambda: len(server.chunks) >= 1)
        await car.send(b"x")
        async with asyncio.timeout(PATIENCE):
            await car.until(lambda: car.counters.acknowledged == 1)
        assert car.commands == []


async def test_segments_arrive_as_pieces_of_frames() -> None:
    """Cut frames are whole again once they are put together."""
    expected = b"".join(r.frame for r in record(unit(short())))
    async with (
        serving() as server,
        tracker(server.port, unit(short()), faults=Faults(segments=3)) as car,
    ):
        await run(car)
        await server.until(lambda: len(server.data) >= len(expected))
        assert server.data == expected
        assert any(not chunk.endswith(b"#") for chunk in server.chunks)


async def test_datagram_may_hold_several_frames() -> None:
    """None is held back for ever."""
    expected = [r.frame for r in record(unit(short()))]
    async with (
        serving(transport="udp") as server,
        tracker(
            server.port, unit(short()), transport="udp", faults=Faults(join=3)
        ) as car,
    ):
        await run(car)
        await server.until(lambda: len(server.sentences) >= len(expected))
        assert server.sentences == expected
        assert server.chunks[0].count(b"#") == 3


async def test_datagram_holds_complete_frames() -> None:
    """Frames are never cut over UDP (protocol.md a.9)."""
    with pytest.raises(ValueError, match="complete frames"):
        tracker(8888, transport="udp", faults=Faults(segments=2))


def test_frames_are_mangled_as_asked() -> None:
    """Junk before, a line's end after a sentence only, copies, cuts."""
    mangler = Mangler(Faults(ending=b" \r\n", junk=b"\x00\xff", copies=2))
    assert mangler.pieces(b"*HQ#") == [b"\x00\xff*HQ# \r\n\x00\xff*HQ# \r\n"]
    assert mangler.pieces(b"$\x01#") == [b"\x00\xff$\x01#\x00\xff$\x01#"]
    assert Mangler(Faults(segments=3)).pieces(b"*HQ,1#") == [b"*H", b"Q,", b"1#"]
    assert Mangler(Faults(segments=9)).pieces(b"ab") == [b"a", b"b"]
    joining = Mangler(Faults(join=2))
    assert [joining.pieces(f) for f in (b"a", b"b", b"c")] == [[], [b"ab"], []]
    assert joining.flush() == [b"c"]
