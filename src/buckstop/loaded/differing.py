"""Where what runs is not what the files say: by whom it tells, and by the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from buckstop.diagnostics import Span
from buckstop.language import Undecided
from buckstop.loaded.canonical import canonical
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.given import Given
from buckstop.prover.moves.model import Move, Shown
from buckstop.prover.moves.routes import route_moves
from buckstop.prover.moves.rule_pairs import pair_rules
from buckstop.prover.moves.rules import State, states
from buckstop.prover.walk import Unwalked

MAX_ROUTE_MOVES = 50
"""Kinds of alerts that go elsewhere; a tree that is another one altogether has thousands."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs.

    Attributes:
        part: which: of the rules or of the routes.
        text: what differs, in one line.
        span: the place in what runs, or in the files for what is not loaded; None for routes.
    """

    part: Literal["rules", "routes"]
    text: str
    span: Span | None


def differences(files: Given, runs: Given) -> tuple[Difference, ...]:
    """Everything that `runs` does otherwise than `files` say.

    Both are judged with the external labels and the relabelling of the server that runs, which the
    files of a build do not say.
    """
    files = replace(
        files,
        prometheus=runs.prometheus,
        prometheus_refusal=runs.prometheus_refusal,
        alertmanager=runs.alertmanager,
        prometheus_version=runs.prometheus_version,
    )
    return (*_of_rules(files, runs), *_of_routes(files, runs))


def _of_rules(files: Given, runs: Given) -> Iterator[Difference]:
    said = [rule for file in files.rule_files for rule in file.alerts]
    loaded = [rule for file in runs.rule_files for rule in file.alerts]
    if not said:
        return
    paired = pair_rules(said, loaded)
    for rule in paired.removed:
        yield Difference("rules", f"{rule.alert} ({rule.group}) is not loaded", rule.span)
    for rule in paired.added:
        text = f"{rule.alert} ({rule.group}) is loaded and stands in no file"
        yield Difference("rules", text, rule.span)
    for before, after in paired.pairs:
        other = tuple(_otherwise(before, after))
        if other:
            text = f"{after.alert} ({after.group}) has another {', '.join(other)} than in the files"
            yield Difference("rules", text, after.span)


def _otherwise(before: AlertingRule, after: AlertingRule) -> Iterator[str]:
    if before.group != after.group:
        yield "group"
    if canonical(before.expr) != canonical(after.expr):
        yield "expr"
    if before.for_seconds != after.for_seconds:
        yield "for"
    for name in ("labels", "annotations"):
        one, other = (
            {key: value.text for key, value in getattr(rule, name)} for rule in (before, after)
        )
        if one != other:
            differing = sorted(key for key in one | other if one.get(key) != other.get(key))
            yield f"{name} ({', '.join(differing)})"


def _of_routes(files: Given, runs: Given) -> Iterator[Difference]:
    if files.config is None or runs.config is None:
        return
    before, after = states(files, runs)
    if before.routing is None or after.routing is None:
        yield Difference("routes", "they cannot be compared: one of the trees does not load", None)
        return
    seen: set[str] = set()
    try:
        for text in _moved(before, after):
            if text in seen:
                continue
            seen.add(text)
            if len(seen) > MAX_ROUTE_MOVES:
                yield Difference("routes", f"more than {MAX_ROUTE_MOVES} parts differ", None)
                return
            yield Difference("routes", text, None)
    except (Undecided, Unwalked) as undecided:
        yield Difference("routes", f"not decided whether they differ: {undecided}", None)


def _moved(before: State, after: State) -> Iterator[str]:
    assert before.routing is not None
    assert after.routing is not None
    for move in route_moves(before.routing, after.routing):
        yield _said(move)


def _said(move: Move) -> str:
    witness = _witness(move.after or move.before)
    if move.before is not None and move.after is not None:
        old, new = move.before.outcome, move.after.outcome
        if (old.teams, old.receivers) == (new.teams, new.receivers):
            return f"{witness} goes to {_told(move.after)} at other times than by the files"
    return f"{witness} goes to {_told(move.after)}; by the files to {_told(move.before)}"


def _witness(shown: Shown | None) -> str:
    pairs = () if shown is None else shown.witness
    return "{" + ", ".join(f'{name}="{value}"' for name, value in pairs) + "}"


def _told(shown: Shown | None) -> str:
    if shown is None:
        return "nobody"
    outcome = shown.outcome
    receivers = ", ".join(outcome.receivers) or "no receiver"
    teams = " and ".join(outcome.teams) or "no team"
    return f"{receivers} ({teams})"
