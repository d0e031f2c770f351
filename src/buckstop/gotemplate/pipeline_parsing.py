"""What stands inside an action: declarations, commands, operands.

Source: Go's ``text/template/parse``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from buckstop.gotemplate.item_stream import ItemStream, StoppedError
from buckstop.gotemplate.lexing import Item, ItemKind, quoted
from buckstop.gotemplate.literals import LiteralError, number, unquote
from buckstop.gotemplate.nodes import (
    BoolConstant,
    Chain,
    Command,
    Dot,
    Doubt,
    Field,
    Identifier,
    Nil,
    NumberConstant,
    Operand,
    Pipeline,
    StringConstant,
    Variable,
)

MAX_PARENTHESES: Final = 50
"""Parentheses within parentheses that are followed."""

Knows = Callable[[str], bool | None]

_OPERANDS: Final = frozenset(
    {"bool", "character", "complex", "field", "identifier", "number", "raw string", "string"}
    | {"variable", "left paren"}
)


@dataclass(slots=True)
class Names:
    """Functions and variables that may be named, and what is not known of them."""

    knows: Knows
    variables: list[str]
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, message: str, item: Item) -> None:
        """Record what this program does not know, at `item`."""
        self.doubts.append(Doubt(message, item.start, item.end))


def unquoted(stream: ItemStream, item: Item) -> str:
    """The name that a quoted string gives a template."""
    try:
        value = unquote(item.text).value
    except LiteralError as error:
        raise stream.stopped(str(error), item) from error
    # A name that is no text equals no other name.
    return item.text if value is None else value


class PipelineParser:
    """Reads pipelines from the items of a stream."""

    def __init__(self, stream: ItemStream, names: Names) -> None:
        self._stream = stream
        self._names = names
        self._depth = 0

    def pipeline(self, context: str, end: ItemKind) -> Pipeline:
        """The pipeline that begins here; its end is taken."""
        stream = self._stream
        start = stream.peek_visible().start
        variables, assigns = self._declarations(context)
        commands: list[Command] = []
        while True:
            mark = stream.mark
            item = stream.take_visible()
            if item.kind == end:
                self._check(commands, context)
                place = stream.place(start, item.start, start)
                return Pipeline(place, variables, assigns, tuple(commands))
            if item.kind not in _OPERANDS and not (
                item.kind == "keyword" and item.text in {".", "nil"}
            ):
                raise stream.unexpected(item, context)
            stream.back(mark)
            commands.append(self._command())

    def _declarations(self, context: str) -> tuple[tuple[str, ...], bool]:
        stream = self._stream
        found: list[str] = []
        while stream.peek_visible().kind == "variable":
            mark = stream.mark
            variable = stream.take_visible()
            following = stream.peek_visible()
            if following.kind in {"assign", "declare"}:
                stream.take_visible()
                found.append(variable.text)
                self._names.variables.append(variable.text)
                return tuple(found), following.kind == "assign"
            if (following.kind, following.text) != ("char", ","):
                stream.back(mark)
                return tuple(found), False
            stream.take_visible()
            found.append(variable.text)
            self._names.variables.append(variable.text)
            if context != "range" or len(found) > 1:
                raise stream.stopped(f"too many declarations in {context}", variable)
            if stream.peek_visible().kind not in {"variable", "right", "right paren"}:
                raise stream.stopped("range can only initialize variables", stream.peek_visible())
        return tuple(found), False

    def _check(self, commands: list[Command], context: str) -> None:
        if not commands:
            raise self._stream.stopped(f"missing value for {context}")
        for index, command in enumerate(commands[1:], start=2):
            first = command.arguments[0]
            if isinstance(first, BoolConstant | Dot | Nil | NumberConstant | StringConstant):
                raise self._stream.stopped(f"non executable command in pipeline stage {index}")

    def _command(self) -> Command:
        stream = self._stream
        start = stream.peek_visible().start
        arguments: list[Operand] = []
        end = start
        while True:
            stream.peek_visible()
            operand = self._operand()
            if operand is not None:
                arguments.append(operand)
                end = operand.place.end
            mark = stream.mark
            item = stream.take()
            if item.kind == "space":
                continue
            if item.kind in {"right", "right paren"}:
                stream.back(mark)
            elif item.kind != "pipe":
                raise stream.unexpected(item, "operand")
            break
        if not arguments:
            raise stream.stopped("empty command")
        return Command(stream.place(start, end), tuple(arguments))

    def _operand(self) -> Operand | None:
        stream = self._stream
        operand = self._term()
        if operand is None or stream.peek().kind != "field":
            return operand
        reported = stream.peek().start
        fields: list[str] = []
        end = reported
        while stream.peek().kind == "field":
            item = stream.take()
            fields.append(item.text[1:])
            end = item.end
        place = stream.place(operand.place.start, end, reported)
        match operand:
            case Field():
                return Field(place, (*operand.names, *fields))
            case Variable():
                return Variable(place, operand.name, (*operand.names, *fields))
            case BoolConstant() | StringConstant() | NumberConstant() | Nil() | Dot():
                raise self._stream.stopped(
                    f"unexpected . after term {quoted(operand.place.source)}"
                )
            case _:
                return Chain(place, operand, tuple(fields))

    def _term(self) -> Operand | None:
        stream = self._stream
        mark = stream.mark
        item = stream.take_visible()
        place = stream.place(item.start, item.end)
        match item.kind:
            case "identifier":
                return self._function(item)
            case "keyword" if item.text == ".":
                return Dot(place)
            case "keyword" if item.text == "nil":
                return Nil(place)
            case "variable":
                if item.text not in self._names.variables:
                    stream.record(f"undefined variable {quoted(item.text)}", item)
                return Variable(place, item.text, ())
            case "field":
                return Field(place, (item.text[1:],))
            case "bool":
                return BoolConstant(place, item.text == "true")
            case "character" | "complex" | "number":
                try:
                    return NumberConstant(place, number(item.text))
                except LiteralError as error:
                    raise self._stream.stopped(str(error), item) from error
            case "left paren":
                return self._parenthesised(item)
            case "string" | "raw string":
                try:
                    return StringConstant(place, unquote(item.text).value)
                except LiteralError as error:
                    raise self._stream.stopped(str(error), item) from error
            case _:
                stream.back(mark)
                return None

    def _function(self, item: Item) -> Identifier:
        known = self._names.knows(item.text)
        if known is False:
            self._stream.record(f"function {quoted(item.text)} not defined", item)
        if known is None:
            self._names.doubt(f"the function `{item.text}` exists in some versions only", item)
        return Identifier(self._stream.place(item.start, item.end), item.text, known is True)

    def _parenthesised(self, opening: Item) -> Pipeline:
        self._depth += 1
        if self._depth > MAX_PARENTHESES:
            self._names.doubt(f"more than {MAX_PARENTHESES} parentheses deep", opening)
            raise StoppedError
        inner = self.pipeline("parenthesized pipeline", "right paren")
        self._depth -= 1
        place = self._stream.place(opening.start, inner.place.end + 1, inner.place.reported)
        return Pipeline(place, inner.variables, inner.assigns, inner.commands)
