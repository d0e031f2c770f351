"""``--within`` and ``--promise``: what the user promises of every alert beside its team."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from buckstop.prover.given import Given

PROMISES = ("not-silenced", "not-buried")
"""The words for the properties *not silenced* and *not buried*."""


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


def promise_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--promise``, whose values the command is given as a tuple of words."""
    return click.option(
        "--promise",
        "promises",
        type=click.Choice(PROMISES),
        multiple=True,
        help="Refute also rules of which an alert of others may silence one, or of which one "
        "notification may tell along with alerts of another team, model or severity.",
    )


def promised(given: Given, within_seconds: float | None, promises: Collection[str]) -> Given:
    """`given` with what the user promises; `promises` are words of `PROMISES`."""
    from buckstop.prover.model import Property

    return replace(
        given,
        within_seconds=within_seconds,
        promises=frozenset(Property(word.replace("-", " ")) for word in promises),
    )
