"""``--within DURATION``: how soon a team must be told, as the user promises it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def within_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--within``, whose value the command is given in seconds, or None."""

    def seconds(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:  # noqa: ARG001 - click hands all three to a callback
        if value is None:
            return None
        from buckstop.prometheus import parse_duration

        try:
            return parse_duration(value)
        except ValueError as error:
            raise click.BadParameter(f"{value}: {error}; write it as 10m or 1h30m") from error

    return click.option(
        "--within",
        callback=seconds,
        metavar="DURATION",
        help="Refute rules whose team may be told later after a breach.",
    )
