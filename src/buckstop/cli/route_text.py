"""``route`` for people: the receivers, and beside them what keeps the alert back."""

from __future__ import annotations

from collections.abc import Iterable

from buckstop.alertmanager.label_text import label_set_text
from buckstop.cli.route_answer import RouteAnswer, Taken
from buckstop.diagnostics import visible


def receivers_line(answer: RouteAnswer) -> str:
    """The receivers, as ``amtool config routes test`` prints them."""
    return visible(",".join(answer.receivers))


def remarks_on(answer: RouteAnswer) -> Iterable[str]:
    """What keeps the alert from notifying them: no part of the answer to where it is routed."""
    return map(visible, _remarks(answer))


def _remarks(answer: RouteAnswer) -> Iterable[str]:
    for one in answer.taken:
        yield from _muted(one)
    if answer.inhibition is not None:
        span = answer.inhibition.rule.span
        source = label_set_text(answer.inhibition.source)
        yield f"inhibited by {source} ({span.file}:{span.line})"


def _muted(one: Taken) -> Iterable[str]:
    span = one.match.route.span
    place = f"({span.file}:{span.line})"
    if one.muted_by is None:
        yield f"{one.match.receiver} has mute or active times {place}; say when with --at"
    elif one.muted_by:
        is_mute = set(one.muted_by) <= set(one.match.route.mute_time_intervals)
        said = "muted by" if is_mute else "not active outside"
        yield f"{one.match.receiver} is {said} {', '.join(one.muted_by)} {place}"
