"""``buckstop token``: make a token for a person or a program."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from buckstop.cli.main import CommandFailed

SECRET_MODE = 0o600


@click.command()
@click.argument("person")
@click.argument("scopes", nargs=-1, required=True, metavar="SCOPE...")
@click.option(
    "--until",
    "until_text",
    metavar="WHEN",
    help="When it ends: 2030-01-31 (that day is the last), or 90d from now. Default: never.",
)
@click.option(
    "--secret",
    "secret_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the token itself there, for its owner alone; the file must be new. Without it "
    "the token is shown once, on stderr.",
)
def command(
    person: str, scopes: tuple[str, ...], until_text: str | None, secret_path: Path | None
) -> None:
    """Make a token for PERSON, and print its line for `serve --tokens`.

    SCOPE is what the token allows: read, act, intake, metrics, erase. A person's name is the one
    under which the charter has them. The line has the token's SHA-256, never the token: it may be
    seen. Append it to the file; take it out, and within seconds the token is worth nothing.

    \b
    Example:
      buckstop token jo@acme.example read act --until 90d --secret jo.token
      buckstop token prometheus intake metrics --secret prom.token >> tokens
    """
    from buckstop.web.tokens import (
        SCOPES,
        Identity,
        Token,
        TokensError,
        digest,
        new_token,
        token_line,
    )

    for scope in scopes:
        if scope not in SCOPES:
            raise click.UsageError(f"unknown scope {scope!r}; known: {', '.join(SCOPES)}")
    until = None if until_text is None else _until(until_text, datetime.now(UTC))
    secret = new_token()
    try:
        line = token_line(Token(digest(secret), Identity(person, frozenset(scopes)), until))
    except TokensError as error:
        raise click.UsageError(str(error)) from error
    if secret_path is None:
        click.echo(f"The token, shown this once: {secret}", err=True)
    else:
        _write_secret(secret_path, secret)
    click.echo(line)


def _until(text: str, now: datetime) -> datetime:
    from buckstop.prometheus import parse_duration
    from buckstop.web.tokens import read_until

    try:
        if text[:1].isdigit() and not text[-1:].isdigit() and "-" not in text:
            until = now.replace(microsecond=0) + timedelta(seconds=parse_duration(text))
        else:
            until = read_until(text)
    except (ValueError, OverflowError) as error:
        raise click.UsageError(
            f"--until: {text!r} is neither a day as 2030-01-31 nor a time as 90d"
        ) from error
    if until <= now:
        raise click.UsageError(f"--until: {text!r} is over")
    return until


def _write_secret(path: Path, secret: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_MODE)
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror or error}") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
