"""Addresses as the servers' Go library reads them: URLs and ``host:port``."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_HOST = re.compile(r"""[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>"\x80-\U0010ffff]*""")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_PORT = re.compile(r"(?::[0-9]*)?")


def http_url_fault(text: str) -> str | None:
    """What is wrong with an ``http`` or ``https`` URL, or None. Never repeats the URL: a secret."""
    if _CONTROL.search(text):
        return "it has a control character"
    parts = _URL.fullmatch(text.partition("#")[0])
    if parts is None or parts["scheme"].lower() not in {"http", "https"}:
        return "it must begin with http:// or https://"
    rest = parts["rest"].partition("?")[0]
    if not rest.startswith("//"):
        return "it has no host"
    authority, slash, path = rest[2:].partition("/")
    if _BAD_ESCAPE.search(slash + path) or _BAD_ESCAPE.search(text.partition("#")[2]):
        return "a % in it is not followed by two hexadecimal digits"
    user, _, host = authority.rpartition("@")
    if not _USER.fullmatch(user) or not _HOST.fullmatch(host):
        return "its host has a character that no host has"
    port = _port_of(host)
    if port is None or not _PORT.fullmatch(port):
        return "its port is no number"
    return None if host else "it has no host"


def _port_of(host: str) -> str | None:
    """The part from the port's colon on; None where a bracket is not closed."""
    if host.startswith("["):
        close = host.rfind("]")
        return None if close < 0 else host[close + 1 :]
    colon = host.rfind(":")
    return "" if colon < 0 else host[colon:]


def host_port_fault(text: str) -> str | None:
    """What is wrong with a ``host:port``, or None."""
    host, colon, port = text.rpartition(":")
    if not colon:
        return "it has no port: write host:port"
    if port == "" or port.endswith("]"):
        return "its port is empty: write host:port"
    if host.startswith("["):
        if not host.endswith("]") or "[" in host[1:] or "]" in host[1:-1]:
            return "its brackets do not match"
        return None
    if ":" in host:
        return "it has too many colons; an IPv6 address stands in brackets"
    return "its brackets do not match" if set("[]") & set(host + port) else None
