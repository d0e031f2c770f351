"""The domains of many expressions, of which most differ in the values of labels alone.

Rules are written by the hundred for one model after another. What labels their series may have is
worked out for one of them, with stand-ins for the values, and then said of each.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from buckstop.language import Language, Region
from buckstop.language.domains import Domain
from buckstop.language.sets import CoFinite, Finite
from buckstop.promql.domains.algebra import ANY_LABELS, METRIC_NAME
from buckstop.promql.domains.naming import labels_named, series_followed
from buckstop.promql.domains.reading import domain
from buckstop.promql.domains.recordings import RecordedDomains
from buckstop.promql.outcomes import Expression
from buckstop.promql.parsing import parse

MAX_REMEMBERED: Final = 16_384
"""Shapes of which it is kept what is known; then all are forgotten."""

_PART: Final = re.compile(
    r"""
      (?P<label>[A-Za-z_][A-Za-z0-9_]*)
      (?: (?P<operator>!?=)"(?P<value>[^"\\\n]+)"
        | \s*[=!]~\s*(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`) )
    | (?P<other>["'`#])
    """,
    re.VERBOSE,
)
"""A matcher with a value, one with a pattern, or the beginning of any other text or comment."""
_THRESHOLD: Final = re.compile(r"(?<=[<>=] )[0-9][0-9.]*(?![\w.])")
_WORD: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")


@dataclass(frozen=True, slots=True)
class Shape:
    """An expression with a stand-in for each value that is asked for.

    Attributes:
        text: PromQL.
        values: stand-in to value; different ones have different values.
        labels: those that are compared with a value.
    """

    text: str
    values: Mapping[str, str]
    labels: frozenset[str]


class ExpressionDomains:
    """What is known of the labels of expressions, given as texts."""

    def __init__(
        self, recorded: RecordedDomains | None = None, *, dot_newline: bool | None = None
    ) -> None:
        """Of all expressions of a server.

        Args:
            recorded: what its rules record.
            dot_newline: whether ``.`` in a pattern matches a newline; None: not known.
        """
        self._recorded = recorded
        self._dot_newline = dot_newline
        self._known: dict[str, tuple[Domain, frozenset[str]]] = {}

    def domain(self, expr: str) -> Domain:
        """The label sets of the series of `expr`; any, where it is no PromQL. See `domain`."""
        shape = shape_of(expr, self._recorded or ())
        if shape is None:
            return self._knowledge(expr)[0]
        found = self._knowledge(shape.text)[0]
        return tuple(_filled(here, shape) for here in found)

    def labels_named(self, expr: str) -> frozenset[str]:
        """The labels that `expr`, or a rule whose series it reads, names. See `labels_named`."""
        shape = shape_of(expr, self._recorded or ())
        return self._knowledge(expr if shape is None else shape.text)[1]

    def series_followed(self, expr: str) -> frozenset[str]:
        """The recorded series that `expr` may read. See `series_followed`."""
        parsed = parse(expr)
        if self._recorded is None or not isinstance(parsed, Expression):
            return frozenset()
        return series_followed(parsed, self._recorded)

    def _knowledge(self, expr: str) -> tuple[Domain, frozenset[str]]:
        known = self._known.get(expr)
        if known is None:
            parsed = parse(expr)
            if isinstance(parsed, Expression):
                found = domain(parsed, self._recorded, dot_newline=self._dot_newline)
                known = (found, labels_named(parsed, self._recorded))
            else:
                known = (ANY_LABELS, frozenset())
            if len(self._known) == MAX_REMEMBERED:
                self._known.clear()
            self._known[expr] = known
        return known


def shape_of(expr: str, recorded: Collection[str]) -> Shape | None:
    """The shape of `expr`; None where more than the difference of its values matters.

    It may matter which values they are where the same label is also compared with a pattern, where
    a label is made of another, and where a series of `recorded` is read, which has its own values.
    """
    if METRIC_NAME in expr:
        return None
    stand_ins: dict[str, str] = {}
    valued: set[str] = set()
    patterned: set[str] = set()
    written: list[str] = []
    position = 0
    for part in _PART.finditer(expr):
        label, operator, value, other = part.group("label", "operator", "value", "other")
        if other is not None:
            return None
        written.append(_THRESHOLD.sub("1", expr[position : part.start()]))
        position = part.end()
        if value is None:
            patterned.add(label)
            written.append(part[0])
        else:
            valued.add(label)
            stand_in = stand_ins.setdefault(value, f"v{len(stand_ins)}")
            written.append(f'{label}{operator}"{stand_in}"')
    written.append(_THRESHOLD.sub("1", expr[position:]))
    text = "".join(written)
    if not valued.isdisjoint(patterned):
        return None
    if recorded and any(word in recorded for word in _WORD.findall(text)):
        return None
    values = {stand_in: value for value, stand_in in stand_ins.items()}
    return Shape(text, values, frozenset(valued))


def _filled(here: Region, shape: Shape) -> Region:
    """`here` with the values in the place of their stand-ins.

    Of a label that is compared with values and no pattern, nothing but these is known.
    """
    return Region(
        tuple(
            (name, _with_values(language, shape.values) if name in shape.labels else language)
            for name, language in here.named
        ),
        here.others,
    )


def _with_values(language: Language, values: Mapping[str, str]) -> Language:
    match language:
        case Finite(strings):
            return Finite(frozenset(values.get(text, text) for text in strings))
        case CoFinite(excluded):
            return CoFinite(frozenset(values.get(text, text) for text in excluded))
        case _:
            return language
