"""A real Home Assistant process, driven the way a browser drives it."""

import asyncio
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
import os
from pathlib import Path
import signal
import sys
from types import TracebackType
from typing import Self

from aiohttp import ClientSession

from . import waiting
from .config import prepare
from .log import Log
from .ports import LOOPBACK
from .rest import Account, Rest
from .websocket import WebSocket

HOME = (52.5163, 13.3777)
TESTER = Account("Tester", "tester", "throw-away")

_START_SECONDS = 120
_STOP_SECONDS = 60


class HostError(Exception):
    """The process did not do what was asked of it; the message holds its log."""


class Host:
    """One Home Assistant with its own configuration folder, kept over restarts.

    Use it as an asynchronous context manager: inside, Home Assistant runs, `rest` and
    `socket` are signed in with `account`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        python: Path = Path(sys.executable),
        account: Account = TESTER,
        home: tuple[float, float] = HOME,
    ) -> None:
        """Do nothing yet; `folder` may hold what an earlier run left there.

        The environment of `python` decides which Home Assistant it is.
        """
        self.folder = folder
        self.port = port
        self.python = python
        self.account = account
        self.home = home
        self.url = f"http://{LOOPBACK}:{port}"
        self.log = Log(folder / "output.log")
        self._version: str | None = None
        self._process: Process | None = None
        self._session: ClientSession | None = None
        self._rest: Rest | None = None
        self._socket: WebSocket | None = None

    async def __aenter__(self) -> Self:
        """Start."""
        try:
            await self.start()
        except BaseException:
            await self.kill()
            if self._session is not None:
                await self._session.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        try:
            await self.stop()
        finally:
            if self._session is not None:
                await self._session.close()

    @property
    def rest(self) -> Rest:
        """The REST interface."""
        if self._rest is None:
            raise HostError("Home Assistant was not started")
        return self._rest

    @property
    def socket(self) -> WebSocket:
        """The WebSocket interface; each start makes a new one."""
        if self._socket is None:
            raise HostError("Home Assistant is not running")
        return self._socket

    @property
    def version(self) -> str:
        """What the Home Assistant that was started says it is, such as 2026.10.4."""
        if self._version is None:
            raise HostError("Home Assistant was not started")
        return self._version

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The number of the process."""
        if self._process is None:
            raise HostError("Home Assistant is not running")
        return self._process.pid

    async def start(self) -> None:
        """Start the process, sign in and wait until everything is set up."""
        if self.is_running:
            raise HostError("Home Assistant runs already")
        prepare(self.folder, port=self.port, home=self.home)
        await self._spawn()
        if self._session is None:
            self._session = ClientSession()
            self._rest = Rest(self._session, self.url)
        await self.wait_for(self.rest.is_serving, "a web server", _START_SECONDS)
        if not self.rest.is_signed_in:
            await self.rest.sign_in(self.account)
        await self.wait_for(self._is_up, "Home Assistant to be up", _START_SECONDS)
        tokens = await self.rest.tokens()
        self._socket = await WebSocket.connect(self._session, self.url, tokens.access)

    async def stop(self) -> int:
        """Ask the process to end, wait until it has, and return its exit code."""
        process = self._process
        if process is None:
            return 0
        await self._disconnect()
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                code = await process.wait()
        except TimeoutError:
            raise HostError(
                f"Home Assistant did not end within {_STOP_SECONDS} s\n{self.log.tail()}"
            ) from None
        finally:
            await self.kill()
        return code

    async def until_ended(self) -> int:
        """Wait until the process ends by itself; its exit code."""
        return 0 if self._process is None else await self._process.wait()

    async def restart(self) -> None:
        """Stop and start on the same folder, as an update of Home Assistant does."""
        code = await self.stop()
        if code != 0:
            raise HostError(f"Home Assistant ended with {code}\n{self.log.tail()}")
        await self.start()

    async def kill(self) -> None:
        """End the process and everything it has started, at once."""
        await self._disconnect()
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):  # its children may outlive it
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    async def wait_for[T](
        self,
        condition: Callable[[], Awaitable[T | None]],
        what: str,
        timeout: float = 10.0,  # noqa: ASYNC109 - see `waiting.wait_for`
    ) -> T:
        """`waiting.wait_for`, whose message ends with the end of the log.

        Raises:
            HostError: at once, when the process has ended.
            TimeoutError: when the time is over.

        """

        async def watched() -> T | None:
            if not self.is_running:
                raise HostError(
                    f"{what}: Home Assistant has ended\n{self.log.tail(100)}"
                )
            return await condition()

        return await waiting.wait_for(watched, what, timeout, explain=self.log.tail)

    async def _spawn(self) -> None:
        """Start the process as the leader of its own group, deaf to Ctrl-C here.

        It shall find the integration in its own folder, not by way of this project.
        """
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        with self.log.path.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *(self.python, "-m", "homeassistant"),
                *("-c", str(self.folder), "--skip-pip", "--log-no-color"),
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                start_new_session=True,
                cwd=self.folder,
                env=environment,
            )

    async def _is_up(self) -> bool:
        config = await self.rest.get("/api/config")
        if config["recovery_mode"]:
            raise HostError(f"Home Assistant is in recovery mode\n{self.log.tail(100)}")
        self._version = config["version"]
        return bool(config["state"] == "RUNNING")

    async def _disconnect(self) -> None:
        if self._socket is not None:
            await self._socket.close()
            self._socket = None
