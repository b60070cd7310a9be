"""The addresses of peers: how they are spelt, and who counts as one."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from .limits import PEERS_REMEMBERED

MAPPED_IPV4: Final = "::ffff:"
"""How a socket of both families begins the name of a peer that speaks IPv4."""

_ZONE: Final = "%"
# A customer of IPv6 has all addresses of it.
_IPV6_PREFIX: Final = 64


def without_mapping(host: str) -> str:
    """Give an IPv4 address as such, by whichever socket it came."""
    if not host.startswith(MAPPED_IPV4):
        return host
    # Other addresses of IPv6 may begin so too, such as ::ffff:0:192.0.2.1.
    rest = host.removeprefix(MAPPED_IPV4)
    return rest if "." in rest and ":" not in rest else host


def read_address(host: str) -> IPv4Address | IPv6Address:
    """Read a host of any spelling, whatever its zone."""
    return ip_address(without_mapping(host).partition(_ZONE)[0])


@lru_cache(maxsize=PEERS_REMEMBERED)
def source_of(host: str) -> str:
    """Give what a peer is counted as: its address, or its /64 where that is IPv6."""
    host = without_mapping(host)
    if ":" not in host:
        return host
    return str(IPv6Network((read_address(host), _IPV6_PREFIX), strict=False))
