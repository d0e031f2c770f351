"""Addresses of servers as a charter gives them."""

from __future__ import annotations

from urllib.parse import urlsplit


def address_wrong(url: str) -> str | None:
    """Why `url` is no address of an HTTP server, in words; None where it is one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"`{url}` is not an address: {error}"
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return f"`{url}` is not the address of a server"
    return None
