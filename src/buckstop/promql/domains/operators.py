"""What operators between two vectors make of the labels of both sides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import promql_parser

from buckstop.language import Region, region
from buckstop.language.domains import Domain
from buckstop.promql.domains.algebra import (
    ANY_SERIES,
    METRIC_NAME,
    bounded,
    common,
    kept,
    removed,
    unnamed,
)

_CARDINALITY: Final = promql_parser.VectorMatchCardinality


@dataclass(frozen=True, slots=True)
class Matching:
    """Which labels two series must have alike to be taken together.

    Attributes:
        is_on: whether it is just these `labels`, as ``on`` says; else all others but the name.
    """

    labels: frozenset[str]
    is_on: bool

    def matches(self, label: str) -> bool:
        """Whether both sides have the same value of `label`."""
        return (label in self.labels) is self.is_on and (self.is_on or label != METRIC_NAME)


def combined(node: promql_parser.BinaryExpr, left: Domain, right: Domain) -> Domain:
    """The domain of `node`, an operator between vectors of the domains `left` and `right`."""
    modifier = node.modifier
    matching = _matching(modifier)
    match str(node.op):
        case "or":
            return bounded((*left, *right))
        case "unless":
            return left
        case "and":
            return _agreeing(left, right, matching)
    fills = modifier.fill_values if modifier is not None else None
    if fills is not None and (fills.lhs is not None or fills.rhs is not None):
        # What has no partner comes out as well, with labels of its own side.
        return ANY_SERIES
    if modifier is not None and modifier.card != _CARDINALITY.OneToOne:
        many, one = (left, right) if modifier.card == _CARDINALITY.ManyToOne else (right, left)
        return unnamed(_merged(many, one, matching, modifier.group_labels or ()))
    agreed = _agreeing(left, right, matching)
    change = kept if matching.is_on else removed
    return unnamed(bounded(change(here, matching.labels) for here in agreed))


def _matching(modifier: promql_parser.BinModifier | None) -> Matching:
    if modifier is None or modifier.matching is None:
        return Matching(frozenset(), is_on=False)
    is_on = modifier.matching.type == promql_parser.LabelModifierType.Include
    return Matching(frozenset(modifier.matching.labels), is_on)


def _agreeing(left: Domain, right: Domain, matching: Matching) -> Domain:
    """The label sets of `left` that have a partner in `right`."""
    return bounded(
        both
        for here in left
        for there in right
        if (both := _partner(here, there, matching)) is not None
    )


def _merged(many: Domain, one: Domain, matching: Matching, taken: Collection[str]) -> Domain:
    """Those of `many` that have a partner in `one`, with the labels `taken` from it."""
    merged: list[Region] = []
    for here in many:
        for there in one:
            both = _partner(here, there, matching)
            if both is None:
                continue
            for label in taken:
                if not matching.matches(label):
                    both = both.replaced(label, there.language(label))
            merged.append(both)
    return bounded(merged)


def _partner(here: Region, there: Region, matching: Matching) -> Region | None:
    """The part of `here` that agrees with a part of `there`; None where they cannot agree."""
    if matching.is_on:
        others = here.others
        names: Collection[str] = sorted(matching.labels)
    else:
        others = here.others & there.others
        names = dict.fromkeys((*here.names, *there.names, *matching.labels, METRIC_NAME))
    languages = dict(here.named)
    for name in names:
        both = here.language(name)
        if matching.matches(name):
            agreed = common(both, there.language(name))
            if agreed is None:
                return None
            both = agreed
        languages[name] = both
    return region(languages, others)
