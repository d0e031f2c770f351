"""Pydantic's findings, told in the charter's words at their lines."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic_core import ErrorDetails

from buckstop.charter import codes, schema
from buckstop.charter.gather import unknown_key
from buckstop.charter.parts import Step, value_span
from buckstop.charter.schema import Entry
from buckstop.diagnostics import Diagnostic
from buckstop.document import Node, Scalar, locate


def rule_finding(node: Node, context: Mapping[str, Any], steps: tuple[Step, ...]) -> Diagnostic:
    """The finding for `buckstop.charter.schema.broken_rule` with the error's `context`."""
    return Diagnostic(
        codes.VALUE_INVALID,
        context["message"],
        value_span(node, steps),
        hint=context["hint"],
    )


def entry_finding(kind: type[Entry], node: Node, detail: ErrorDetails) -> Diagnostic:
    """The finding for one validation error of a `kind` read from `node`."""
    steps = steps_of(detail["loc"])
    context: Mapping[str, Any] = detail.get("ctx") or {}
    match detail["type"]:
        case "extra_forbidden":
            key = Scalar(str(steps[-1]), *locate(node, steps, key=True))
            return unknown_key(key, keys_of(kind, steps[:-1]))
        case "missing":
            return Diagnostic(
                codes.KEY_MISSING,
                f"`{steps[-1]}` is missing",
                locate(node, steps[:-1], key=True),
                hint=_describe(kind, steps),
            )
        case schema.SECRET_INLINE:
            name = next(step for step in reversed(steps) if isinstance(step, str))
            return Diagnostic(
                codes.SECRET_INLINE,
                f"`{name}` is a secret, and it is written out here",
                value_span(node, steps),
                hint=f"put it into a file and write `{name}: {{file: NAME}}`, or "
                f"`{{env: VARIABLE}}`",
            )
        case schema.CHOICE | schema.UNIT:
            return rule_finding(node, context, steps)
        case _:
            return Diagnostic(
                codes.VALUE_INVALID,
                _expected(detail, context),
                value_span(node, steps),
                hint=_describe(kind, steps),
            )


_EXPECTED: Final = {
    "string_type": "a single word or text",
    "string_too_short": "some text",
    "tuple_type": "a list; begin each item with `- `, or write `[a, b]`",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "float_type": "a duration like `15m`",
    "bool_parsing": "`true` or `false`",
    "bool_type": "`true` or `false`",
    "too_short": "at least one entry",
    "date_from_datetime_parsing": "a date like `2027-01-31`",
    "date_parsing": "a date like `2027-01-31`",
    "date_type": "a date like `2027-01-31`",
    "date_from_datetime_inexact": "a date like `2027-01-31`, without a time",
}


def _expected(detail: ErrorDetails, context: Mapping[str, Any]) -> str:
    kind = detail["type"]
    given = detail["input"]
    found = {
        type(None): "nothing",
        list: "a list",
        dict: "keys with values",
    }.get(type(given), f"`{given}`")
    if kind == "literal_error":
        expected = str(context["expected"]).replace("'", "`")
    elif kind == "greater_than_equal":
        expected = f"a number from {context['ge']} up"
    elif kind == "string_pattern_mismatch":
        expected = _PATTERNS[context["pattern"]]
    elif kind in _EXPECTED:
        expected = _EXPECTED[kind]
    else:
        return f"{detail['msg']}, found {found}"
    return f"expected {expected}, found {found}"


_PATTERNS: Final = {
    schema.ID_PATTERN: "a name of letters, digits, `_`, `.` and `-`, at most 100",
    schema.METRIC_PATTERN: "a metric's name",
    schema.LABEL_PATTERN: "a label's name",
}


def steps_of(loc: Iterable[int | str]) -> tuple[Step, ...]:
    """Pydantic's path without the marks that it adds for a mapping's keys."""
    return tuple(step for step in loc if step != "[key]")


def keys_of(kind: type[Entry], steps: tuple[Step, ...]) -> tuple[str, ...]:
    """The keys that can stand at `steps` below a `kind`."""
    below = _type_at(kind, steps)
    return tuple(_names(below)) if below else ()


def _names(kind: type[Entry]) -> dict[str, str | None]:
    """The keys of `kind` as they are written, each with its description."""
    return {info.alias or name: info.description for name, info in kind.model_fields.items()}


def _describe(kind: type[Entry], steps: tuple[Step, ...]) -> str | None:
    """What the field that `steps` leads to, or into, is for."""
    for length in range(len(steps), 0, -1):
        name = steps[length - 1]
        holder = _type_at(kind, steps[: length - 1])
        if holder and isinstance(name, str) and name in _names(holder):
            return f"`{name}`: {_names(holder)[name]}"
    return None


def _type_at(kind: type[Entry], steps: tuple[Step, ...]) -> type[Entry] | None:
    """The entry type that stands at `steps` below `kind`, or None where none does."""
    current: object = kind
    for step in steps:
        current = _below(_bare(current), step)
    current = _bare(current)
    return current if isinstance(current, type) and issubclass(current, Entry) else None


def _below(kind: object, step: Step) -> object:
    if isinstance(kind, type) and issubclass(kind, Entry):
        return next(
            (
                info.annotation
                for name, info in kind.model_fields.items()
                if step in (info.alias, name)
            ),
            None,
        )
    arguments = get_args(kind)
    return arguments[-1 if get_origin(kind) is dict else 0] if arguments else None


def _bare(kind: object) -> object:
    """`kind` without ``Annotated`` and without its ``| None``."""
    while get_origin(kind) in {Annotated, Union, types.UnionType}:
        kind = next(option for option in get_args(kind) if option is not type(None))
    return kind
