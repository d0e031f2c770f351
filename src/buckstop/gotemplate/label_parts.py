"""What the template of a rule's label can give: its literal parts, and the labels it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from buckstop.gotemplate.engines import Engine
from buckstop.gotemplate.judging import Executes, judge
from buckstop.gotemplate.nodes import (
    Action,
    Branch,
    Command,
    Field,
    Identifier,
    Pipeline,
    Statement,
    StringConstant,
    TextNode,
    Variable,
)
from buckstop.gotemplate.parsing import parse


@dataclass(frozen=True, slots=True)
class Literal:
    """Always this text."""

    text: str


@dataclass(frozen=True, slots=True)
class LabelOf:
    """The value of the series' label `name`; empty where it has none."""

    name: str


@dataclass(frozen=True, slots=True)
class ExternalLabelOf:
    """The value of the server's external label `name`; empty where it has none."""

    name: str


@dataclass(frozen=True, slots=True)
class Anything:
    """Any text: what stands here is not followed."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """What one of `options` gives, each of parts in order: an ``if`` decides."""

    options: tuple[tuple[Part, ...], ...]


Part = Literal | LabelOf | ExternalLabelOf | Anything | OneOf

MAX_NESTING: Final = 10
"""``if`` within ``if``; one that stands deeper gives anything."""

_HUMANIZE: Final = "humanize(?:1024|Duration|Percentage)?"
_PRINTF: Final = r'printf ["`]%[.0-9]*[defg]["`]'
_PLAIN: Final = re.compile(
    r"(?:[^{]|\{(?!\{)|\{\{(?:- | )?(?:(?:\$labels|\.Labels|\$externalLabels)\.[A-Za-z_]\w*"
    rf"|\$externalURL|\$value(?: \| (?:{_HUMANIZE}|{_PRINTF}))?|(?:{_HUMANIZE}|{_PRINTF}) \$value)"
    r"(?: -| )?\}\})*",
    re.ASCII,
)


def is_plain(text: str) -> bool:
    """Whether `text` is a template of a rule of the commonest sort, which always executes."""
    return _PLAIN.fullmatch(text) is not None


def label_parts(text: str, engine: Engine) -> tuple[Part, ...]:
    """The parts of `text` in order; their texts one after the other are what it gives.

    A template that does not parse gives anything. So does one that may fail when it is executed:
    Prometheus puts its complaint in place of the value.
    """
    parsed = parse(text, engine.knows, tuple(engine.variables), engine.go)
    if parsed.faults or parsed.doubts:
        return (Anything(),)
    parts = _parts(parsed.main.statements, 0)
    if not any(isinstance(part, Anything | OneOf) for part in parts):
        return parts
    # What is not followed may stop the whole, and may give a variable another value.
    is_simple = all(map(_is_simple, parsed.main.statements))
    if is_simple and judge(text, engine).executes is Executes.ALWAYS:
        return parts
    return (Anything(),)


def _parts(statements: Iterable[Statement], depth: int) -> tuple[Part, ...]:
    return _joined([_part(statement, depth) for statement in statements])


def _is_simple(statement: Statement) -> bool:
    """Whether it sets no variable, and does no more with the alert's value than print it.

    A native histogram is a value too, with which functions fail that numbers please.
    """
    match statement:
        case TextNode():
            return True
        case Action(pipeline=Pipeline(variables=(), commands=(Command(arguments=(printed,)),))):
            return isinstance(printed, Variable | Field | StringConstant)
        case Action(pipeline=Pipeline(variables=()) as pipeline):
            return "alue" not in pipeline.place.source
        case Branch(keyword="if", pipeline=Pipeline(variables=()) as pipeline):
            inside = (*statement.body, *(statement.otherwise or ()))
            return "alue" not in pipeline.place.source and all(map(_is_simple, inside))
    return False


def _part(statement: Statement, depth: int) -> Part:
    match statement:
        case TextNode():
            return Literal(statement.text)
        # The dot stays what it is, as it does not in a `with`.
        case Branch(keyword="if") if depth < MAX_NESTING:
            return OneOf(
                (_parts(statement.body, depth + 1), _parts(statement.otherwise or (), depth + 1))
            )
        case Action() if not statement.pipeline.variables:
            commands = statement.pipeline.commands
            if len(commands) == 1:
                return _value(commands[0].arguments)
    return Anything()


def _value(arguments: tuple[object, ...]) -> Part:
    match arguments:
        case (StringConstant(value=str() as text),):
            return Literal(text)
        case (Variable(name="$labels", names=(name,)) | Field(names=("Labels", name)),):
            return LabelOf(name)
        case (
            Variable(name="$externalLabels", names=(name,)) | Field(names=("ExternalLabels", name)),
        ):
            return ExternalLabelOf(name)
        case (Identifier(name="index"), labels, StringConstant(value=str() as name)):
            return _indexed(labels, name)
    return Anything()


def _indexed(labels: object, name: str) -> Part:
    match labels:
        case Variable(name="$labels", names=()) | Field(names=("Labels",)):
            return LabelOf(name)
        case Variable(name="$externalLabels", names=()) | Field(names=("ExternalLabels",)):
            return ExternalLabelOf(name)
    return Anything()


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Literals that stand beside each other as one."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, Literal) and isinstance(last, Literal):
            found[-1] = Literal(last.text + part.text)
        else:
            found.append(part)
    return tuple(found)
