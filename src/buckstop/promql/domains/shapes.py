"""The domains of many expressions, of which most differ in the values of labels alone.

Rules are written by the hundred for one model after another. What labels their series may have is
worked out for one of them, with stand-ins for the values, and then said of each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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

_ASKING: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*(=|!=|=~|!~)")
_THRESHOLD: Final = re.compile(r"(?<=[<>=] )[0-9][0-9.]*(?![\w.])")
_HARD_TO_SPLIT: Final = ("'", "`", "#", '\\"')
"""Where none of these is, each text is what stands between two double quotes."""


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


@dataclass(frozen=True, slots=True)
class _Knowledge:
    """What is known of an expression.

    Attributes:
        named, followed: what `labels_named` and `series_followed` say.
    """

    domain: Domain
    named: frozenset[str]
    followed: frozenset[str]


_NOTHING_KNOWN: Final = _Knowledge(ANY_LABELS, frozenset(), frozenset())


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
        self._recorded = RecordedDomains(()) if recorded is None else recorded
        self._dot_newline = dot_newline
        self._known: dict[str, _Knowledge] = {}

    def domain(self, expr: str) -> Domain:
        """The label sets of the series of `expr`; any, where it is no PromQL. See `domain`."""
        shape = shape_of(expr)
        if shape is not None:
            known = self._knowledge(shape.text)
            if not known.followed:
                return tuple(_filled(here, shape) for here in known.domain)
        return self._knowledge(expr).domain

    def labels_named(self, expr: str) -> frozenset[str]:
        """The labels that `expr`, or a rule whose series it reads, names. See `labels_named`."""
        return self._similar(expr).named

    def series_followed(self, expr: str) -> frozenset[str]:
        """The recorded series that `expr` may read. See `series_followed`."""
        return self._similar(expr).followed

    def _similar(self, expr: str) -> _Knowledge:
        """What is known of it but for the values of labels."""
        shape = shape_of(expr)
        return self._knowledge(expr if shape is None else shape.text)

    def _knowledge(self, expr: str) -> _Knowledge:
        known = self._known.get(expr)
        if known is None:
            parsed = parse(expr)
            known = _NOTHING_KNOWN
            if isinstance(parsed, Expression):
                known = _Knowledge(
                    domain(parsed, self._recorded, dot_newline=self._dot_newline),
                    labels_named(parsed, self._recorded),
                    series_followed(parsed, self._recorded),
                )
            if len(self._known) == MAX_REMEMBERED:
                self._known.clear()
            self._known[expr] = known
        return known


def shape_of(expr: str) -> Shape | None:
    """The shape of `expr`; None where more than the difference of its values matters.

    It matters which values they are where the same label is also compared with a pattern, and
    where a label is made of another.
    """
    if METRIC_NAME in expr or any(text in expr for text in _HARD_TO_SPLIT):
        return None
    pieces = expr.split('"')
    stand_ins: dict[str, str] = {}
    valued: set[str] = set()
    patterned: set[str] = set()
    for place in range(0, len(pieces), 2):
        code = pieces[place]
        pieces[place] = _THRESHOLD.sub("1", code)
        if place + 1 == len(pieces):
            break
        start = max(code.rfind("{"), code.rfind(",")) + 1
        asking = _ASKING.fullmatch(code[start:].strip())
        if asking is None:
            return None
        label, operator = asking.groups()
        value = pieces[place + 1]
        if operator.endswith("~"):
            patterned.add(label)
        elif value == "" or "\\" in value:
            return None
        else:
            valued.add(label)
            pieces[place + 1] = stand_ins.setdefault(value, f"v{len(stand_ins)}")
    if not valued.isdisjoint(patterned):
        return None
    values = {stand_in: value for value, stand_in in stand_ins.items()}
    return Shape('"'.join(pieces), values, frozenset(valued))


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
