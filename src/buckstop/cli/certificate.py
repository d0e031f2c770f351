"""``buckstop certificate verify``: a certificate, checked without the prover."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("certificate")
def command() -> None:
    """Check what `check --certificate` wrote, without the prover.

    \b
    Example:
      buckstop certificate verify proof.json
    """


@command.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
def verify_command(file: Path) -> None:
    """Verify that what FILE says is proven of the inputs that it names.

    The inputs are read again at the paths in FILE, from the current folder on. The proof itself is
    not made again: its parts are held against the routes, one by one.

    \b
    Exit codes: 0 it holds; 1 it does not; 2 it cannot be read.

    \b
    Example:
      buckstop certificate verify proof.json
    """
    import json

    from buckstop.certificate import CertificateError, verify
    from buckstop.cli.main import CommandFailed
    from buckstop.diagnostics import visible

    try:
        certificate = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CommandFailed(f"{file} cannot be read: {error}") from error
    try:
        proven = verify(certificate, lambda path: Path(path).read_bytes())
    except CertificateError as error:
        click.echo(visible(f"{file} does not hold: {error}"))
        raise SystemExit(1) from error
    click.echo(visible(f"{file} holds: {proven:,} of {len(certificate['rules']):,} rules proven"))
