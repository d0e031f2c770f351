"""``--target alertmanager=VERSION`` and ``--target prometheus=VERSION``: what loads the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

_EXAMPLES = {"alertmanager": "0.28", "prometheus": "3.5"}


@dataclass(frozen=True, slots=True)
class Aimed:
    """The versions aimed at; None takes what any supported version takes."""

    alertmanager: str | None = None
    prometheus: str | None = None


def target_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--target``, whose value the command is given as an `Aimed`."""
    return click.option(
        "--target",
        multiple=True,
        callback=_aimed,
        metavar="SERVER=VERSION",
        help=help_text,
    )


def _aimed(
    ctx: click.Context,  # noqa: ARG001 - click hands all three to a callback
    param: click.Parameter,  # noqa: ARG001
    values: tuple[str, ...],
) -> Aimed:
    from buckstop.alertmanager.versions import parse_version

    versions: dict[str, str] = {}
    for value in values:
        name, equals, version = value.partition("=")
        if name not in _EXAMPLES or not equals:
            shown = " or ".join(f"{server}={example}" for server, example in _EXAMPLES.items())
            raise click.BadParameter(f"{value}: write it as {shown}")
        if name in versions:
            raise click.BadParameter(f"{value}: {name}={versions[name]} is aimed at already")
        try:
            parse_version(version)
        except ValueError as error:
            raise click.BadParameter(f"{value}: {error}") from error
        versions[name] = version
    return Aimed(**versions)
