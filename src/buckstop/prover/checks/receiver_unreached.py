"""Receivers that no alert reaches."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.arrivals import Arrival
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import RECEIVER_UNREACHED


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a receiver, at its name.

    The root must name one, whether alerts reach it or not; a dead route is a finding of its own.
    """
    if subject.config is None:
        return
    naming: dict[str, list[Arrival]] = {}
    telling = set()
    for one in subject.routes():
        name = one.node.match.receiver
        if one.node.match.route.receiver is not None:
            naming.setdefault(name, []).append(one)
        if one.own or not one.matched or one.parent is None:
            telling.add(name)
    for receiver in subject.config.receivers:
        routes = naming.get(receiver.name, [])
        if not routes:
            yield Diagnostic(
                RECEIVER_UNREACHED,
                f"no route leads to {receiver.name}",
                receiver.span,
                hint="add a route that leads to it, or remove it",
            )
        elif receiver.name not in telling:
            yield Diagnostic(
                RECEIVER_UNREACHED,
                f"{receiver.name} is never told: below the route that names it, others take every "
                "alert",
                receiver.span,
                hint="let the route have alerts of its own, or remove the receiver",
                related=(Related(routes[0].node.match.route.span, "names it"),),
            )
