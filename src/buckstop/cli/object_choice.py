"""Of several Alertmanager or Prometheus objects the one that the user asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Literal

import click

from buckstop.cli.main import CommandFailed

if TYPE_CHECKING:
    from buckstop.kubernetes import Candidate

MAX_NAMED: Final = 10
"""Of several configurations that compete so many are named."""

ALERTMANAGER_OBJECT: Final = click.option(
    "--alertmanager-object",
    metavar="[NAMESPACE/]NAME",
    help="The Kubernetes object whose routes to take, of several.",
)
PROMETHEUS_OBJECT: Final = click.option(
    "--prometheus-object",
    metavar="[NAMESPACE/]NAME",
    help="The Kubernetes object whose rules to take, of several.",
)


def check_one(
    server: Literal["Alertmanager", "Prometheus"],
    candidates: Iterable[Candidate],
    wanted: str | None,
) -> None:
    """See to it that at most one configuration of a server is judged, and the one that is `wanted`.

    Raises:
        CommandFailed: several compete, or none is called so; the message lists them.
    """
    there = tuple(candidates)
    chosen = tuple(one for one in there if one.is_chosen)
    option = f"--{server.lower()}-object"
    if wanted is not None and not chosen:
        found = f"; there is:{_listed(there)}" if there else ", and no other object of its kind"
        raise CommandFailed(f"{option} {wanted}: there is no such object{found}")
    if len(chosen) < 2:
        return
    names = [one.name for one in chosen]
    choosable = [name for name in names if name is not None and names.count(name) == 1]
    how = (
        f"Say which one with {option} [NAMESPACE/]NAME, such as {option} {choosable[0]}."
        if choosable
        else f"Give the manifests of one {server} at a time."
    )
    raise CommandFailed(f"found {len(chosen)} configurations of {server}:{_listed(chosen)}\n{how}")


def _listed(candidates: tuple[Candidate, ...]) -> str:
    shown = "".join(f"\n  {_said(one)}" for one in candidates[:MAX_NAMED])
    more = len(candidates) - MAX_NAMED
    return f"{shown}\n  and {more:,} more" if more > 0 else shown


def _said(one: Candidate) -> str:
    """What it is and where; the namespace too, where the object names none."""
    is_bare = one.holder is not None and one.holder.namespace is None
    return f"{one.said}{f' (taken as {one.name})' if is_bare else ''}, {one.place}"
