"""What a process holds, seen from outside: memory, descriptors, threads, tasks."""

from asyncio import tools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
import re
import sys

from .waiting import wait_for

MIB = 1 << 20

_NUMBER = re.compile(r"^(VmRSS|Threads):\s+(\d+)", re.MULTILINE)
_SOCKET = re.compile(r"socket:\[(\d+)\]")
_ATTEMPTS = 10
_COUNT_SECONDS = 30

# The process itself counts, after it has thrown its garbage away.
_COUNT_BLOCKS = """\
import gc, os, sys
gc.collect()
# Not `open`: Home Assistant would report that it blocks the loop.
file = os.open({partial!r}, os.O_WRONLY | os.O_CREAT)
os.write(file, str(sys.getallocatedblocks()).encode())
os.close(file)
os.rename({partial!r}, {whole!r})
"""


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look at a process."""

    rss: int
    """Bytes of memory."""
    descriptors: int
    threads: int
    sockets: int
    """Those of one port, the one that listens among them."""
    tasks: int | None
    """Of asyncio; None where this machine does not let us look."""
    blocks: int | None = None
    """Pieces of memory that Python uses, garbage not counted; None as above."""


def look(pid: int, port: int) -> Vitals:
    """Look at a process and at its sockets of one port. Takes some milliseconds."""
    numbers = dict(_NUMBER.findall(Path(f"/proc/{pid}/status").read_text()))
    links = [*_links(pid)]
    own = {inode for link in links for inode in _SOCKET.findall(link)}
    return Vitals(
        rss=int(numbers["VmRSS"]) * 1024,
        descriptors=len(links),
        threads=int(numbers["Threads"]),
        sockets=len(own & {*_inodes(pid, port)}),
        tasks=_count_tasks(pid),
    )


async def look_closely(pid: int, port: int, folder: Path) -> Vitals:
    """Look at a Python process, and have it count its blocks; `folder` is for that.

    This is the way that debuggers go.
    """
    script, partial, whole = (
        folder / f"blocks.{name}" for name in ("py", "new", "txt")
    )
    script.write_text(_COUNT_BLOCKS.format(partial=str(partial), whole=str(whole)))
    whole.unlink(missing_ok=True)
    try:
        sys.remote_exec(pid, script)
    except OSError, RuntimeError:
        return look(pid, port)

    async def is_counted() -> bool:
        return whole.exists()

    await wait_for(is_counted, "the process to count its blocks", _COUNT_SECONDS)
    return replace(look(pid, port), blocks=int(whole.read_text()))


def _links(pid: int) -> Iterator[str]:
    """Give what each descriptor stands for."""
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            yield str(descriptor.readlink())
        except FileNotFoundError:  # closed meanwhile
            continue


def _inodes(pid: int, port: int) -> Iterator[str]:
    """Give the sockets with this port on their own side, whoever holds them."""
    for table in ("tcp", "tcp6", "udp", "udp6"):
        path = Path(f"/proc/{pid}/net/{table}")
        rows = path.read_text().splitlines()[1:] if path.exists() else []
        for row in rows:
            fields = row.split()
            if int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]


def _count_tasks(pid: int) -> int | None:
    """Count tasks as `python -m asyncio ps` does; both must run the same Python."""
    for _ in range(_ATTEMPTS):
        try:
            threads = tools.get_all_awaited_by(pid)
        except PermissionError:
            return None
        except OSError, RuntimeError, UnicodeDecodeError:
            continue  # the process goes on while it is read
        return sum(len(thread.awaited_by) for thread in threads)
    return None
