"""What a ``range`` goes over: index and element of its rounds, and whether it has any."""

from __future__ import annotations

from typing import Final

from buckstop.gotemplate.evaluation import Evaluator
from buckstop.gotemplate.nodes import Pipeline
from buckstop.gotemplate.types import INT, STRING
from buckstop.gotemplate.values import OPEN, Value, element, known, of

MAX_RANGE_ITEMS: Final = 1_000
"""Rounds over a known list or number that are followed one by one."""
_FIRST_GO_OVER_NUMBER: Final = (1, 24)

Entry = tuple[Value, Value]
"""Index, or key, and element of a round."""


def entries(value: Value) -> list[Entry] | None:
    """The rounds over `value`, where they are known one by one."""
    if value.items is not None and len(value.items) <= MAX_RANGE_ITEMS:
        keys = [known(STRING, key) for key in value.keys or ()]
        indexes = keys or [known(INT, number) for number in range(len(value.items))]
        return list(zip(indexes, value.items, strict=True))
    if value.longest == 0 and value.type is not None and value.type.kind in {"map", "slice"}:
        return []
    return None


def any_entry(value: Value) -> Entry:
    """What is known of each round over `value`."""
    if value.type is None:
        return OPEN, element(value)
    is_number = value.type.kind in {"int", "uint"}
    index = of(STRING if value.type.kind == "map" else INT)
    return index, of(INT) if is_number else element(value)


def may_be_empty(value: Value, pipeline: Pipeline, evaluator: Evaluator) -> bool:
    """Whether there may be no round over `value`, which is not known one by one.

    Raises:
        FailsError: if nothing can range over it.
    """
    if value.type is None:
        evaluator.doubt("whether `range` can go over it is not known", pipeline.place)
        return True
    kind = value.type.kind
    if kind in {"map", "slice"}:
        return value.shortest == 0
    if kind in {"int", "uint", "pointer"}:
        _over_number(pipeline, evaluator, is_pointer=kind == "pointer")
        return True
    source = pipeline.place.source.strip()
    raise evaluator.failing(f"range can't iterate over {source}", pipeline.place)


def _over_number(pipeline: Pipeline, evaluator: Evaluator, *, is_pointer: bool) -> None:
    go = evaluator.engine.go
    if not is_pointer and go is not None and go < _FIRST_GO_OVER_NUMBER:
        source = pipeline.place.source.strip()
        raise evaluator.failing(f"range can't iterate over {source}", pipeline.place)
    if is_pointer or go is None:
        evaluator.doubt(
            "a `range` over a number needs a server built with Go 1.24 or newer", pipeline.place
        )
    if not is_pointer and len(pipeline.variables) > 1:
        raise evaluator.failing(
            "can't use a number to iterate over more than one variable", pipeline.place
        )
