"""A receiver comes and goes through the pages a user sees."""

from collections.abc import Callable
import socket

import pytest

from simulator import Transport

from .conftest import Receiver
from .frames import AT_WORK, KINDS, sample
from .lines import line
from .owner import Owner
from .ports import LOOPBACK, free_port, is_free

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


async def test_the_form_proposes_the_usual_port_on_all_addresses(owner: Owner) -> None:
    form = await owner.begin_setup()
    assert (form["type"], form["step_id"]) == ("form", "user")
    proposed = {field["name"]: field.get("default") for field in form["data_schema"]}
    assert proposed == {"port": 8888, "host": "0.0.0.0"}
    await owner.cancel(form)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
async def test_a_taken_port_is_told_and_the_form_can_be_sent_again(
    owner: Owner, kind: socket.SocketKind
) -> None:
    port = free_port()
    form = await owner.begin_setup()
    with socket.socket(type=kind) as other:
        other.bind((LOOPBACK, port))
        if kind is socket.SOCK_STREAM:
            other.listen()
        form = await owner.submit(form, {"port": port, "host": LOOPBACK})
        assert form["type"] == "form"
        assert list(form["errors"]) == ["port"]

    done = await owner.submit(form, {"port": port, "host": LOOPBACK})
    assert done["type"] == "create_entry"
    assert not is_free(port)
    await owner.delete(done["result"]["entry_id"])
    assert is_free(port)


async def test_a_second_receiver_on_the_same_port_is_refused(
    owner: Owner, receiver: Receiver
) -> None:
    form = await owner.begin_setup()
    done = await owner.submit(form, {"port": receiver.port, "host": LOOPBACK})
    assert done["type"] == "abort"


async def test_a_receiver_moves_to_another_port_with_its_trackers(
    owner: Owner, tracker_id: str
) -> None:
    old, new = free_port(), free_port()
    entry_id = await owner.add_receiver(old)
    async with line(old) as tracker:
        tracker.send(KINDS["V1"](sample(tracker_id, AT_WORK)))
        await owner.accept(tracker_id, "Mover")
        await owner.move_receiver(entry_id, new)
        await tracker.until_lost()
    assert is_free(old)
    async with line(new) as tracker:
        tracker.send(KINDS["V1"](sample(tracker_id, AT_WORK, ignition=True)))
        await tracker.answer(b",R12,")
    await owner.until_shown(tracker_id, "ignition", "on")
    await owner.delete(entry_id)


async def test_unloading_and_deleting_free_the_port(
    owner: Owner, new_id: Callable[[], str]
) -> None:
    """While known and unknown trackers and a silent stranger are connected."""
    port = free_port()
    entry_id = await owner.add_receiver(port)
    known, unknown = new_id(), new_id()
    async with line(port) as tracker, line(port) as stranger, line(port) as silent:
        tracker.send(KINDS["V1"](sample(known, AT_WORK)))
        stranger.send(KINDS["V1"](sample(unknown, AT_WORK)))
        await owner.accept(known, "Lorry")
        await owner.discovered(unknown)
        assert not is_free(port)

        await owner.set_enabled(entry_id, False)
        assert is_free(port)
        for opened in (tracker, stranger, silent):
            await opened.until_lost()

    await owner.set_enabled(entry_id, True)
    await owner.until_state(entry_id, "loaded")
    assert not is_free(port)
    assert (await owner.state(known, "location")).place == pytest.approx(
        AT_WORK, abs=1e-5
    )
    async with line(port, Transport.UDP) as tracker:
        tracker.send(KINDS["V8"](sample(known, AT_WORK, ignition=True)))
        await tracker.answer(known.encode(), b"R12")
    await owner.until_shown(known, "ignition", "on")

    await owner.delete(entry_id)
    assert is_free(port)
    assert known not in await owner.devices()
    assert await owner.entity_ids(known) == {}
    assert unknown not in await owner.discoveries()
