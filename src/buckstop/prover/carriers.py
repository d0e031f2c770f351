"""Which series of the files' own making may have a label, and which expressions read them.

A1 speaks of the series that are scraped. What rule files record, and the series ``ALERTS`` and
``ALERTS_FOR_STATE`` that Prometheus makes of alerts with the labels of their rules, is read here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from buckstop.language.patterns import PatternError, compile_pattern
from buckstop.prometheus.model import AlertingRule, RecordingRule
from buckstop.promql.lexing import Token, tokens
from buckstop.promql.strings import unquote

ALERT_SERIES: Final = ("ALERTS", "ALERTS_FOR_STATE")
"""What Prometheus records of alerts: each has the labels of the alert."""

_NAME_LABEL: Final = "__name__"
_BEFORE_A_SELECTOR: Final = frozenset(
    {"and", "or", "unless", "atan2", "bool", "group_left", "group_right"}
)
"""Words after which a selector may start, and which are no metric's name."""
_HAS_MORE_THAN_WORDS: Final = re.compile(
    rf"[\\#]|{_NAME_LABEL}|(?:\A|[^\w:\s])\s*\{{"
    rf"|\b(?:{'|'.join(sorted(_BEFORE_A_SELECTOR))})\s*\{{",
    re.IGNORECASE,
)
"""Where it finds nothing, each name that an expression reads stands in it as it is written."""

_FEW: Final = 50
"""So many names are sooner looked for in the text than the text is taken apart."""


@dataclass(frozen=True, slots=True)
class _NameMatcher:
    """What a selector asks of the metric's name."""

    operator: str
    value: str

    def holds(self, name: str) -> bool:
        """Whether a series called `name` may be selected; true where that cannot be told."""
        match self.operator:
            case "=":
                return name == self.value
            case "!=":
                return name != self.value
        try:
            matched = compile_pattern(self.value, dot_newline=True)(name)
        except PatternError:
            return True
        return matched is (self.operator == "=~")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What an expression names.

    Attributes:
        names: its words, and its strings as a whole.
        unnamed: of each selector that gives no metric name, what it asks of it.
    """

    names: frozenset[str]
    unnamed: tuple[tuple[_NameMatcher, ...], ...]

    def mentions(self, names: AbstractSet[str]) -> bool:
        return not self.names.isdisjoint(names)

    def selects(self, series: Collection[str]) -> bool:
        return any(
            all(matcher.holds(name) for matcher in matchers)
            for matchers in self.unnamed
            for name in series
        )


def supplies(expr: str, label: str, carriers: AbstractSet[str]) -> bool:
    """Whether `expr` may give `label` by naming it, or by reading one of the series `carriers`."""
    is_quickly_told = len(carriers) < _FEW and _HAS_MORE_THAN_WORDS.search(expr) is None
    if is_quickly_told and not any(name in expr for name in (label, *carriers)):
        return False
    reading = _read(expr)
    return label in reading.names or reading.mentions(carriers) or reading.selects(carriers)


def carriers_of(rules: Iterable[RecordingRule | AlertingRule], team_label: str) -> frozenset[str]:
    """The series made by `rules` that may have the label `team_label`.

    By a label of the rule, by its expression, or from other series that have it.
    """
    pending = [rule for rule in rules if _written(rule, team_label) != ""]
    found: set[str] = set()
    grows = True
    while grows:
        still: list[RecordingRule | AlertingRule] = []
        before = len(found)
        for rule in pending:
            made = ALERT_SERIES if isinstance(rule, AlertingRule) else (rule.record,)
            if found.issuperset(made):
                continue
            if _written(rule, team_label) or supplies(rule.expr, team_label, found):
                found.update(made)
            else:
                still.append(rule)
        pending = still
        grows = len(found) > before
    return frozenset(found)


def _written(rule: RecordingRule | AlertingRule, label: str) -> str | None:
    """What the rule sets `label` to; empty text removes it, whatever the expression supplies."""
    return next((value.text for name, value in rule.labels if name == label), None)


@functools.lru_cache(maxsize=10_000)
def _read(expr: str) -> _Reading:
    found = [token for token in tokens(expr) if token.kind != "comment"]
    names = frozenset(_text(token) for token in found if token.kind in {"word", "string"})
    unnamed = tuple(
        matchers
        for place, token in enumerate(found)
        if token.text == "{"
        and not _follows_a_name(expr, found, place)
        and (matchers := _name_matchers(expr, found, place)) is not None
    )
    return _Reading(names, unnamed)


def _follows_a_name(expr: str, found: list[Token], place: int) -> bool:
    """Whether the word before the brace at `place` is the selector's metric name."""
    if place == 0:
        return False
    before = found[place - 1]
    is_next = not expr[_end(before) : found[place].start].strip()
    return is_next and before.kind == "word" and before.text.lower() not in _BEFORE_A_SELECTOR


def _name_matchers(expr: str, found: list[Token], brace: int) -> tuple[_NameMatcher, ...] | None:
    """What the selector that starts at `brace` asks of the name; None where it gives one."""
    matchers: list[_NameMatcher] = []
    for place in range(brace + 1, len(found)):
        token = found[place]
        if "}" in expr[_end(found[place - 1]) : token.start]:
            break
        following = found[place + 1 : place + 3]
        is_label = bool(following) and following[0].kind == "operator"
        is_value = found[place - 1].kind == "operator"
        if token.kind == "string" and not is_label and not is_value:
            return None
        if is_label and len(following) == 2 and _text(token) == _NAME_LABEL:
            matchers.append(_NameMatcher(following[0].text, _text(following[1])))
    return tuple(matchers)


def _end(token: Token) -> int:
    return token.start + len(token.text)


def _text(token: Token) -> str:
    """A word, or what a string stands for."""
    if token.kind != "string":
        return token.text
    try:
        return unquote(token.text)
    except ValueError:
        return token.text[1:-1]
