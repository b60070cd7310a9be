"""The two sockets of a port: how they are had and let go, and why they cannot be."""

import asyncio
from contextlib import ExitStack
from enum import StrEnum
import errno
import socket

from .limits import SEND_BUFFER


class BindProblem(StrEnum):
    """Why a port could not be opened; each asks for another remedy."""

    PORT_IN_USE = "port_in_use"
    PERMISSION_DENIED = "permission_denied"
    ADDRESS_NOT_AVAILABLE = "address_not_available"
    CANNOT_BIND = "cannot_bind"
    NOT_A_PORT = "not_a_port"
    DEAF = "deaf"
    """It was opened, but what this machine sends to it does not arrive."""


_PROBLEMS = {
    errno.EADDRINUSE: BindProblem.PORT_IN_USE,
    errno.EACCES: BindProblem.PERMISSION_DENIED,
    errno.EPERM: BindProblem.PERMISSION_DENIED,
    errno.EADDRNOTAVAIL: BindProblem.ADDRESS_NOT_AVAILABLE,
    errno.EAFNOSUPPORT: BindProblem.ADDRESS_NOT_AVAILABLE,
}


def bind_problem(error: OSError) -> BindProblem:
    """Name what kept a receiver from starting."""
    if isinstance(error, socket.gaierror):
        return BindProblem.ADDRESS_NOT_AVAILABLE
    return _PROBLEMS.get(error.errno or 0, BindProblem.CANNOT_BIND)


async def open_sockets(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """Bind TCP and UDP to one number, or neither: OSError tells why not.

    asyncio would do the same, but hides the reason where the address is not there, and
    takes `::` for IPv6 alone over TCP and for both families over UDP. Here it is both.
    """
    loop = asyncio.get_running_loop()
    try:
        (family, *_, address), *_ = await loop.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except ValueError as error:
        # A text that cannot even be asked for, such as "..".
        raise OSError(errno.EADDRNOTAVAIL, f"No host name: {host}") from error
    is_dual = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
    with ExitStack() as opened:
        # Takes a port that only old connections hold, not one that is listened on.
        tcp = opened.enter_context(
            socket.create_server(address, family=family, dualstack_ipv6=is_dual)
        )
        # Of the listening socket; what is accepted has the same.
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        udp = opened.enter_context(socket.socket(family, socket.SOCK_DGRAM))
        if is_dual:
            udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        udp.bind(tcp.getsockname())
        opened.pop_all()
    return tcp, udp


async def close_server(server: asyncio.Server) -> None:
    """Stop to listen and drop all connections, those just accepted included.

    asyncio loses a socket, unclosed, that it has accepted and not yet given to a
    session when the server closes. So accept no more, let those pass, then close.
    """
    loop = asyncio.get_running_loop()
    try:
        for sock in server.sockets:
            loop.remove_reader(sock.fileno())
        await asyncio.sleep(0)
    finally:
        server.close()
        server.abort_clients()
    await server.wait_closed()
