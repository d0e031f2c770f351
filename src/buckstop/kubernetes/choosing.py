"""Of several Alertmanagers and Prometheuses among the files, those that are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.diagnostics import Span
from buckstop.document import Node, Sequence
from buckstop.kubernetes.collection import Collection
from buckstop.kubernetes.nodes import text_at, value_at
from buckstop.kubernetes.objects import Object, namespace_of

GOVERNING_SERVICE: Final = "alertmanager-operated"
"""The Service that the operator puts before every Alertmanager of a namespace."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user names, as ``NAME`` or ``NAMESPACE/NAME``; None leaves it to the files."""

    alertmanager: str | None = None
    prometheus: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A whole configuration of a server, one of perhaps several.

    Attributes:
        said: whose it is, for people.
        holder: the object by whose name the user can choose it; None where it stands alone.
        is_chosen: whether it is judged.
    """

    said: str
    place: Span
    holder: Object | None
    is_chosen: bool

    @property
    def name(self) -> str | None:
        """What the user writes to choose it."""
        return None if self.holder is None else full_name(self.holder)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The servers that are judged, of all that are among the files."""

    alertmanagers: tuple[Object, ...]
    prometheuses: tuple[Object, ...]


def choose(collection: Collection, choice: Choice) -> Chosen:
    """The servers that the user names; else all, or the only one that another one leads to.

    A Prometheus that is named, or the only one, decides between Alertmanagers by where it sends
    its alerts. An Alertmanager decides between Prometheuses only where it is named: without the
    user's word no rule is left aside.
    """
    alertmanagers = _called(collection.of_kind("Alertmanager"), choice.alertmanager)
    prometheuses = _called(collection.of_kind("Prometheus"), choice.prometheus)
    if choice.prometheus is None and choice.alertmanager is not None and len(alertmanagers) == 1:
        leading = tuple(one for one in prometheuses if leads_to(one, alertmanagers[0]))
        prometheuses = leading if len(leading) == 1 else prometheuses
    if choice.alertmanager is None and len(prometheuses) == 1:
        reached = tuple(one for one in alertmanagers if leads_to(prometheuses[0], one))
        alertmanagers = reached if len(reached) == 1 else alertmanagers
    return Chosen(alertmanagers, prometheuses)


def _called(servers: tuple[Object, ...], name: str | None) -> tuple[Object, ...]:
    return servers if name is None else tuple(one for one in servers if is_called(one, name))


def is_called(one: Object, name: str) -> bool:
    """Whether the user means `one` by `name`, which may leave out the namespace."""
    return name in {one.name, full_name(one)}


def full_name(one: Object) -> str:
    """``NAMESPACE/NAME``, by which `one` is told from all others of its kind."""
    return f"{namespace_of(one)}/{one.name}"


def are_settled(chosen: tuple[Object, ...], servers: tuple[Object, ...], name: str | None) -> bool:
    """Whether `chosen` of all `servers` of a kind are what is judged, and nothing beside them."""
    return bool(chosen) and (name is not None or len(chosen) < len(servers))


def is_meant(holder: Object | None, name: str | None) -> bool:
    """Whether the user means what stands in `holder` by `name`, or names nothing."""
    return name is None or (holder is not None and is_called(holder, name))


def other_alertmanager(chosen: Chosen) -> str | None:
    """Why it is not known that a server's alerts get to the ``Alertmanager`` at hand, or None.

    Servers name the Service in front of an Alertmanager. One in another namespace leads to
    another; of one in the same, the names that the operator and the usual charts give are known.
    """
    alertmanagers = chosen.alertmanagers
    for server in chosen.prometheuses if alertmanagers else ():
        targets = _targets(server)
        if not targets or any(leads_to(server, one) for one in alertmanagers):
            continue
        first = targets[0]
        home = text_at(first, "namespace") or namespace_of(server)
        return (
            f"not decided: {server.said} sends to the Service {text_at(first, 'name')} in "
            f"namespace {home}; that it leads to {alertmanagers[0].said} is not known"
        )
    return None


def leads_to(server: Object, alertmanager: Object) -> bool:
    """Whether a Service that `server` sends to is known for that of `alertmanager`."""
    name = alertmanager.name
    known = {name, f"alertmanager-{name}", GOVERNING_SERVICE}
    own = text_at(alertmanager.spec, "serviceName")
    known |= {own} if own else set()
    return any(
        _is_at_home(target, server, alertmanager) and text_at(target, "name") in known
        for target in _targets(server)
    )


def _targets(server: Object) -> tuple[Node, ...]:
    """The Services that a Prometheus sends its alerts to."""
    listed = value_at(server.spec, "alerting", "alertmanagers")
    return listed.items if isinstance(listed, Sequence) else ()


def _is_at_home(target: Node, server: Object, alertmanager: Object) -> bool:
    home = text_at(target, "namespace") or namespace_of(server)
    return alertmanager.namespace is None or home == namespace_of(alertmanager)
