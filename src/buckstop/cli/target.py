"""``--target alertmanager=VERSION`` of the commands that read routes."""

from __future__ import annotations

import click


def alertmanager_version(
    ctx: click.Context,  # noqa: ARG001 - click hands all three to a callback
    param: click.Parameter,  # noqa: ARG001
    value: str | None,
) -> str | None:
    """The version in ``alertmanager=VERSION``; None where the option is not given."""
    if value is None:
        return None
    name, equals, version = value.partition("=")
    if name != "alertmanager" or not equals:
        raise click.BadParameter(f"{value}: write it as alertmanager=0.28")
    from buckstop.alertmanager.versions import parse_version

    try:
        parse_version(version)
    except ValueError as error:
        raise click.BadParameter(f"{value}: {error}") from error
    return version
