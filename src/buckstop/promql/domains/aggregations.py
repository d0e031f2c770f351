"""What aggregations make of the labels of what they aggregate."""

from __future__ import annotations

from typing import Final

import promql_parser

from buckstop.language import only
from buckstop.language.domains import Domain
from buckstop.promql.domains.algebra import (
    NO_LABELS,
    bounded,
    kept,
    removed,
    unnamed,
)

_CHOOSING: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
"""They choose among series, group by group, and keep all labels of those they choose."""


def aggregated(node: promql_parser.AggregateExpr, operand: Domain) -> Domain:
    """The domain of `node` over series of the domain `operand`."""
    operation = str(node.op)
    if operation in _CHOOSING:
        return operand
    counted: tuple[str, ...] = ()
    if operation == "count_values":
        assert node.param is not None, "the parser asks for it"
        counted = (node.param.val,)
        operand = tuple(here.replaced(counted[0], ~only("")) for here in operand)
    if node.modifier is None:
        return bounded(kept(here, counted) for here in operand) if counted else _whole(operand)
    labels = node.modifier.labels
    if node.modifier.type == promql_parser.AggModifierType.Without:
        return unnamed(bounded(removed(here, labels) for here in operand))
    return bounded(kept(here, (*labels, *counted)) for here in operand)


def _whole(operand: Domain) -> Domain:
    return NO_LABELS if operand else ()
