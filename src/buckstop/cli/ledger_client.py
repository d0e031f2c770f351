"""Talking to a running ledger: the address, the token, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import click

from buckstop.cli.main import CommandFailed

DEFAULT_SERVER = "http://127.0.0.1:9890"
TIMEOUT_SECONDS = 10.0

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Server:
    """A running ledger.

    Attributes:
        token: who we are, or None on loopback.
        timeout_seconds: how long an answer is waited for.
    """

    url: str
    token: str | None
    timeout_seconds: float = TIMEOUT_SECONDS

    def get(self, path: str, **parameters: str | int) -> Any:
        """The JSON at `path` under ``/api/v1``. Raises CommandFailed."""
        return self._ask("GET", path, parameters, None)

    def post(self, path: str, body: Mapping[str, object]) -> Any:
        """Post `body` to `path` under ``/api/v1``; the answer's JSON. Raises CommandFailed."""
        return self._ask("POST", path, {}, body)

    def _ask(
        self,
        method: str,
        path: str,
        parameters: dict[str, str | int],
        body: Mapping[str, object] | None,
    ) -> Any:
        import httpx

        headers = {} if self.token is None else {"authorization": f"Bearer {self.token}"}
        address = f"{self.url.rstrip('/')}/api/v1{path}"
        try:
            response = httpx.request(
                method,
                address,
                params=parameters,
                json=body,
                headers=headers,
                timeout=self.timeout_seconds,
            )
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeEncodeError) as error:
            raise CommandFailed(
                f"no ledger answers at {self.url}: {error or type(error).__name__}; start one with "
                "`buckstop serve`, or name it with --server or BUCKSTOP_SERVER"
            ) from error
        try:
            value = response.json()
        except ValueError:
            value = None
        if response.is_success and value is not None:
            return value
        said = value.get("detail") if isinstance(value, dict) else None
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise CommandFailed(f"{self.url}: {said or 'a token is needed'}; set BUCKSTOP_TOKEN")
        raise CommandFailed(
            f"{self.url}: {said or f'no ledger answers there (HTTP {response.status_code})'}"
        )


def server_options(command: F) -> F:
    """Give `command` the options that name a ledger, as `server` and `token`."""
    token = click.option(
        "--token",
        envvar="BUCKSTOP_TOKEN",
        metavar="TOKEN",
        help="Who you are; better in BUCKSTOP_TOKEN than on the command line.",
    )
    server = click.option(
        "--server",
        envvar="BUCKSTOP_SERVER",
        default=DEFAULT_SERVER,
        show_default=True,
        metavar="URL",
        help="The ledger; or BUCKSTOP_SERVER.",
    )
    return server(token(command))


format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)


def incident_id(text: str) -> str:
    """`text` as an incident's id, with or without ``#``. Raises CommandFailed."""
    number = text.removeprefix("#")
    if not number.isascii() or not number.isdecimal():
        raise CommandFailed(f"{text!r} is no incident: give its number, as in the list")
    return number


def moment_text(moment: str) -> str:
    """A time as the ledger's API gives it, for people: to the second, in UTC."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M:%S} UTC"
