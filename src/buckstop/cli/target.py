"""``--target alertmanager=VERSION`` and ``--target prometheus=VERSION``: what loads the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import click

_EXAMPLES: Final = {"alertmanager": "0.28", "prometheus": "3.5"}


@dataclass(frozen=True, slots=True)
class Aimed:
    """The versions aimed at; None takes what any supported version takes."""

    alertmanager: str | None = None
    prometheus: str | None = None


def target_option(
    help_text: str, *servers: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--target``, whose value the command is given as an `Aimed`.

    Args:
        servers: those whose files the command judges; none means all.
    """

    def aimed(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> Aimed:  # noqa: ARG001 - click hands all three to a callback
        return _aimed(values, servers or tuple(_EXAMPLES))

    return click.option(
        "--target",
        multiple=True,
        callback=aimed,
        metavar="SERVER=VERSION",
        help=help_text,
    )


def _aimed(values: tuple[str, ...], servers: tuple[str, ...]) -> Aimed:
    versions: dict[str, str] = {}
    for value in values:
        name, equals, version = value.partition("=")
        if name not in servers or not equals:
            shown = " or ".join(f"{server}={_EXAMPLES[server]}" for server in servers)
            known = name in _EXAMPLES and name not in servers
            said = f"this command reads nothing of {name}'s; " if known else ""
            raise click.BadParameter(f"{value}: {said}write it as {shown}")
        if name in versions:
            raise click.BadParameter(f"{value}: {name}={versions[name]} is aimed at already")
        _refuse_unsupported(name, version)
        versions[name] = version
    return Aimed(**versions)


def _refuse_unsupported(name: str, version: str) -> None:
    """Refuse what is no version and what is too old; of one not known yet say what is assumed."""
    from buckstop.alertmanager import versions as alertmanager
    from buckstop.document.versions import major_minor
    from buckstop.prometheus import versions as prometheus
    from buckstop.prometheus.versions import dotted

    of = alertmanager if name == "alertmanager" else prometheus
    try:
        aimed = major_minor(version)
    except ValueError as error:
        raise click.BadParameter(f"{name}={version}: {error}") from error
    if aimed < of.OLDEST:
        raise click.BadParameter(
            f"{name}={version}: the oldest supported {name} is {dotted(of.OLDEST)}"
        )
    if aimed > of.NEWEST_KNOWN:
        click.echo(
            f"note: the newest {name} known here is {dotted(of.NEWEST_KNOWN)}; "
            f"{version} is assumed to read files as that one does",
            err=True,
        )
