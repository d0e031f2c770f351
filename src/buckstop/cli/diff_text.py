"""``diff`` for people: what moves, grouped by cause, with an example of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console
from rich.text import Text

from buckstop.cli.diff_subject import Difference
from buckstop.cli.diff_words import (
    NAME,
    counted,
    heading,
    labels_text,
    names_text,
    teams_text,
    where_text,
)
from buckstop.diagnostics import visible
from buckstop.prover.moves.causes import (
    Group,
    Instance,
    groups_of_routes,
    groups_of_rules,
)
from buckstop.prover.moves.model import ChangedRule, Shown

MAX_GROUPS: Final = 20
"""Causes that are shown without ``-v``."""


def print_difference(difference: Difference, console: Console, *, verbose: bool) -> None:
    """Print what moves; `verbose`: every instance of every cause."""
    groups = (
        groups_of_rules(difference.rules)
        if difference.rules is not None
        else groups_of_routes(difference.routes or ())
    )
    shown = groups if verbose else groups[:MAX_GROUPS]
    for number, group in enumerate(shown):
        if number:
            _say(console, "")
        _say(console, heading(group), "bold")
        for instance in group.instances if verbose else group.instances[:1]:
            for line in _lines(instance):
                _say(console, f"  {line}")
        left = 0 if verbose else len(group.instances) - 1
        if left:
            _say(console, f"  and {left:,} more like it; -v lists all", "dim")
    if len(groups) > len(shown):
        _say(console, f"\n{len(groups) - len(shown):,} more causes; -v lists all", "dim")
    _say(console, f"{chr(10) if groups else ''}{_summary(difference, groups)}")


def _summary(difference: Difference, groups: tuple[Group, ...]) -> str:
    states = f"from {difference.old.place.word} to {difference.new.place.word}"
    if difference.rules is None:
        if not groups:
            return f"nothing moves {states}, whatever labels an alert has"
        return f"{counted(len(difference.routes or ()), 'kind of alerts')} moved {states}"
    if not groups:
        return f"nothing moves {states}, for no alert that a rule can send"
    return f"{counted(len(difference.rules), 'alert')} changed {states}"


def _lines(instance: Instance) -> Iterator[str]:
    rule, move = instance.rule, instance.move
    if rule is not None:
        yield _rule_line(rule)
    if move is None:
        assert rule is not None, "only a rule changes as a whole"
        yield from _verdict_lines(rule)
        return
    where = where_text(move.region, is_of_rule=rule is not None)
    if where:
        yield f"where {where}"
    elif rule is None:
        yield "whatever its labels"
    yield from _state_lines("before", move.before)
    yield from _state_lines("after", move.after)
    name = () if rule is None else ((NAME, rule.given.rule.alert),)
    witnesses = dict.fromkeys(
        labels_text(dict((*name, *one.witness)).items())
        for one in (move.before, move.after)
        if one is not None
    )
    yield f"for example {', now '.join(witnesses)}"


def _rule_line(rule: ChangedRule) -> str:
    places = [str(one.rule.span) for one in (rule.before, rule.after) if one is not None]
    return f"{rule.given.rule.alert} ({' -> '.join(dict.fromkeys(places))})"


def _verdict_lines(rule: ChangedRule) -> Iterator[str]:
    for word, one in (("before", rule.before), ("after", rule.after)):
        if one is not None:
            reason = one.answer.reason or names_text(one.answer.receivers)
            yield f"{word:<6} {one.answer.verdict}: {reason}"


def _state_lines(word: str, shown: Shown | None) -> Iterator[str]:
    if shown is None:
        yield f"{word:<6} not sent"
        return
    outcome = shown.outcome
    routes = _places(str(match.route.span) for match in outcome.matches)
    yield f"{word:<6} {names_text(outcome.receivers)} ({routes}); {teams_text(outcome.teams)}"


def _places(places: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(places))


def _say(console: Console, line: str, style: str = "") -> None:
    text = "\n".join(map(visible, line.split("\n")))
    console.print(Text(text, style), soft_wrap=True, highlight=False, markup=False)
