"""Asking Alertmanager and Prometheus what they have loaded. Nothing is changed there."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx

TIMEOUT_SECONDS: Final = 10.0
ANSWER_BYTES: Final = 256 * 1024 * 1024
"""The longest answer that is read; 10,000 rules with their alerts are some 20 MB."""

_VERSION: Final = re.compile(r"v?(\d+\.\d+)")


class NotSaidError(Exception):
    """A server does not say what it has loaded; the message says which, and how it failed."""


@dataclass(frozen=True, slots=True)
class LoadedRoutes:
    """What an Alertmanager has loaded.

    Attributes:
        url: its address, without credentials.
        version: such as ``0.28``; None where it names none.
        text: the configuration, in which it writes ``<secret>`` for every secret.
    """

    url: str
    version: str | None
    text: str


@dataclass(frozen=True, slots=True)
class LoadedRules:
    """What a Prometheus has loaded.

    Attributes:
        url: its address, without credentials.
        version: such as ``3.5``; None where it names none.
        text: the configuration, with all defaults.
        groups: of rules, as its API gives them.
    """

    url: str
    version: str | None
    text: str
    groups: Sequence[Mapping[str, Any]]


def client_of(token: str | None = None, ca_file: Path | None = None) -> httpx.Client:
    """A client that asks with a bearer `token`, and trusts what `ca_file` has signed.

    Raises NotSaidError where that file cannot be used.
    """
    verify: ssl.SSLContext | bool = True
    if ca_file is not None:
        try:
            verify = ssl.create_default_context(cafile=str(ca_file))
        except OSError as error:
            raise NotSaidError(f"{ca_file}: no certificates: {error}") from error
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return httpx.Client(
        headers=headers, verify=verify, timeout=TIMEOUT_SECONDS, follow_redirects=False
    )


def without_credentials(url: str) -> str:
    """`url` for people: without what stands before ``@``."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/")


def ask_alertmanager(client: httpx.Client, url: str) -> LoadedRoutes:
    """What the Alertmanager at `url` has loaded. Raises NotSaidError."""
    status = get_json(client, url, "/api/v2/status")
    shown = without_credentials(url)
    try:
        text, version = status["config"]["original"], status["versionInfo"]["version"]
    except (KeyError, TypeError) as error:
        raise NotSaidError(f"{shown} does not answer as an Alertmanager does") from error
    if not isinstance(text, str):
        raise NotSaidError(f"{shown} does not answer as an Alertmanager does")
    return LoadedRoutes(shown, _version(version), text)


def ask_prometheus(client: httpx.Client, url: str) -> LoadedRules:
    """What the Prometheus at `url` has loaded. Raises NotSaidError."""
    shown = without_credentials(url)
    try:
        text = get_json(client, url, "/api/v1/status/config")["data"]["yaml"]
        groups = get_json(client, url, "/api/v1/rules")["data"]["groups"]
        version = get_json(client, url, "/api/v1/status/buildinfo")["data"]["version"]
    except (KeyError, TypeError) as error:
        raise NotSaidError(f"{shown} does not answer as a Prometheus does") from error
    if not isinstance(text, str) or not isinstance(groups, list):
        raise NotSaidError(f"{shown} does not answer as a Prometheus does")
    return LoadedRules(shown, _version(version), text, groups)


def get_json(client: httpx.Client, url: str, path: str) -> Any:
    """What the server at `url` answers to a GET of `path`. Raises NotSaidError."""
    shown = without_credentials(url)
    try:
        response = client.get(url.rstrip("/") + path)
        response.raise_for_status()
        if len(response.content) > ANSWER_BYTES:
            raise NotSaidError(f"{shown}{path}: an answer of over {ANSWER_BYTES >> 20} MiB")
        return response.json()
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        raise NotSaidError(f"{shown}{path} answers with {status}") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        raise NotSaidError(f"{shown}{path}: {error or type(error).__name__}") from error


def _version(value: object) -> str | None:
    found = _VERSION.match(value) if isinstance(value, str) else None
    return None if found is None else found[1]
