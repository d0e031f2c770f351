"""Addresses as the servers' Go library reads them: URLs and ``host:port``."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_HOST = re.compile(r"""[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>"\x80-\U0010ffff]*""")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_PORT = re.compile(r"(?::[0-9]*)?")


def url_fault(text: str) -> str | None:
    """What is wrong with a URL of any scheme, or without one; None where nothing is."""
    if _CONTROL.search(text):
        return "it has a control character"
    parts = _URL.fullmatch(text.partition("#")[0])
    rest = (text.partition("#")[0] if parts is None else parts["rest"]).partition("?")[0]
    if parts is None and ":" in rest.partition("/")[0]:
        return "it has a colon and no scheme before it"
    authority, slash, path = rest[2:].partition("/") if rest.startswith("//") else ("", "", rest)
    if _BAD_ESCAPE.search(slash + path) or _BAD_ESCAPE.search(text.partition("#")[2]):
        return "a % in it is not followed by two hexadecimal digits"
    return _authority_fault(authority)


def http_url_fault(text: str) -> str | None:
    """What is wrong with an ``http`` or ``https`` URL, or None. Never repeats the URL: a secret."""
    if _CONTROL.search(text):
        return "it has a control character"
    parts = _URL.fullmatch(text.partition("#")[0])
    if parts is None or parts["scheme"].lower() not in {"http", "https"}:
        return "it must begin with http:// or https://"
    authority = parts["rest"].partition("?")[0].removeprefix("//").partition("/")[0]
    if not parts["rest"].startswith("//") or not authority.rpartition("@")[2]:
        return url_fault(text) or "it has no host"
    return url_fault(text)


def _authority_fault(authority: str) -> str | None:
    user, _, host = authority.rpartition("@")
    if not _USER.fullmatch(user) or not _HOST.fullmatch(host):
        return "its host has a character that no host has"
    port = _port_of(host)
    return None if port is not None and _PORT.fullmatch(port) else "its port is no number"


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
