"""What the template of a rule's label can give: its literal parts, and the labels it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from buckstop.gotemplate.engines import Engine
from buckstop.gotemplate.nodes import Action, Field, Statement, StringConstant, TextNode, Variable
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


Part = Literal | LabelOf | ExternalLabelOf | Anything

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

    A template that does not parse gives anything. So does one that fails when it is executed:
    Prometheus puts its complaint in place of the value.
    """
    parsed = parse(text, engine.knows, tuple(engine.variables), engine.go)
    if parsed.faults or parsed.doubts:
        return (Anything(),)
    return _joined([_part(statement) for statement in parsed.main.statements])


def _part(statement: Statement) -> Part:
    match statement:
        case TextNode():
            return Literal(statement.text)
        case Action() if not statement.pipeline.variables:
            commands = statement.pipeline.commands
            if len(commands) == 1 and len(commands[0].arguments) == 1:
                return _operand(commands[0].arguments[0])
    return Anything()


def _operand(operand: object) -> Part:
    match operand:
        case StringConstant(value=str() as text):
            return Literal(text)
        case Variable(name="$labels", names=(name,)) | Field(names=("Labels", name)):
            return LabelOf(name)
        case Variable(name="$externalLabels", names=(name,)):
            return ExternalLabelOf(name)
        case Field(names=("ExternalLabels", name)):
            return ExternalLabelOf(name)
    return Anything()


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Literals that stand beside each other as one; a failure anywhere replaces the whole."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, Literal) and isinstance(last, Literal):
            found[-1] = Literal(last.text + part.text)
        else:
            found.append(part)
    # An action that is not followed may fail, and then nothing of the rest remains.
    return (Anything(),) if any(isinstance(part, Anything) for part in found) else tuple(found)
