"""The stage is set: a Home Assistant as after its welcome pages, and nothing to ask."""

from aiohttp import ClientSession
import pytest

from .host import TESTER, Host
from .installation import Installation
from .rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


async def test_the_version_under_test_is_the_one_that_runs(
    host: Host, installation: Installation
) -> None:
    assert host.version == installation.version, f"run {installation.command}"


async def test_the_port_needs_no_confirmation(host: Host) -> None:
    """Home Assistant would else go back to its usual port in the middle of the tests."""
    config = await host.socket.command("http/config")
    assert config["stable"]["server_port"] == host.port
    assert config["active_config_type"] == "stable"
    assert config["pending"] is None
    assert config["revert_at"] is None


async def test_there_is_nothing_to_repair(host: Host) -> None:
    assert (await host.socket.command("repairs/list_issues"))["issues"] == []


async def test_the_account_can_sign_in_with_its_password(host: Host) -> None:
    async with ClientSession() as session:
        visitor = Rest(session, host.url)
        await visitor.sign_in(TESTER)
        assert (await visitor.get("/api/config"))["state"] == "RUNNING"
