"""Go template text in; its statements and definitions, or what Go's parser refuses, out.

Source: Go's ``text/template/parse``. What some versions of Go take and others do not is a doubt,
never a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from buckstop.gotemplate.item_stream import ItemStream, StoppedError
from buckstop.gotemplate.lexing import Item, quoted
from buckstop.gotemplate.nodes import (
    Action,
    Body,
    Branch,
    Call,
    Doubt,
    Fault,
    Jump,
    Parsed,
    Place,
    Statement,
    TextNode,
)
from buckstop.gotemplate.pipeline_parsing import Knows, Names, PipelineParser, unquoted

MAX_TEMPLATE_CHARACTERS: Final = 65_536
"""Characters of one text that are looked at."""
MAX_NESTING: Final = 50
"""Blocks within blocks that are followed."""

_ELSE_WITH: Final = (1, 23)
"""The first Go with ``{{ else with }}``."""
_END: Final = "{{end}}"
_ELSE: Final = "{{else}}"


def parse(
    text: str, knows: Knows, variables: tuple[str, ...] = (), go: tuple[int, ...] | None = None
) -> Parsed:
    """Parse `text`.

    Args:
        go: the version of Go that the server was built with; None where it is not known.
        knows: says of a function's name whether it exists; None if only some versions have it.
        variables: those that stand in front of the text, such as ``$labels``.
    """
    empty = Body(text, ())
    if len(text) > MAX_TEMPLATE_CHARACTERS:
        message = f"longer than {MAX_TEMPLATE_CHARACTERS} characters"
        return Parsed(empty, {}, (), (Doubt(message, 0, 0),))
    parser = _Parser(text, Names(knows, ["$", *variables]), go)
    main = empty
    # What stops it is among the faults or doubts.
    with suppress(StoppedError):
        main = Body(text, parser.everything())
    faults = sorted(parser.stream.faults, key=lambda fault: fault.start)
    first = parser.stream.faults[:1]
    ordered: tuple[Fault, ...] = (*first, *(fault for fault in faults if fault not in first))
    return Parsed(main, parser.definitions, ordered, tuple(parser.names.doubts))


class _Parser:
    """One pass over the items of one text."""

    def __init__(self, text: str, names: Names, go: tuple[int, ...] | None) -> None:
        self.stream = ItemStream(text)
        self.names = names
        self._go = go
        self._pipelines = PipelineParser(self.stream, self.names)
        self.definitions: dict[str, Body] = {}
        self._ranges = 0
        self._depth = 0

    def everything(self) -> tuple[Statement, ...]:
        """The statements up to the end of the text, ``define`` taken out."""
        found: list[Statement] = []
        while self.stream.peek().kind != "eof":
            mark = self.stream.mark
            if self.stream.take().kind == "left":
                word = self.stream.take_visible()
                if word.kind == "keyword" and word.text == "define":
                    self._definition()
                    continue
            self.stream.back(mark)
            statement = self._text_or_action()
            if isinstance(statement, str):
                raise self.stream.stopped(f"unexpected {statement}")
            found.append(statement)
        return tuple(found)

    def _definition(self) -> None:
        context = "define clause"
        item = self.stream.expect(("string", "raw string"), context)
        name = unquoted(self.stream, item)
        self.stream.expect(("right",), context)
        self._add(item, name, self._own_body(context))

    def _own_body(self, context: str) -> tuple[Statement, ...]:
        """The body of a ``define`` or ``block``, which sees no variables from outside."""
        outer_variables, outer_ranges = self.names.variables, self._ranges
        self.names.variables, self._ranges = ["$"], 0
        body, end = self._list()
        if end != _END:
            raise self.stream.stopped(f"unexpected {end} in {context}")
        self.names.variables, self._ranges = outer_variables, outer_ranges
        return body

    def _add(self, item: Item, name: str, statements: tuple[Statement, ...]) -> None:
        body = Body(self.stream.text, statements)
        known = self.definitions.get(name)
        if known is None or known.is_empty:
            self.definitions[name] = body
        elif not body.is_empty:
            message = f"template: multiple definition of template {quoted(name)}"
            self.stream.record(message, item)

    def _list(self) -> tuple[tuple[Statement, ...], str]:
        """Statements up to an ``end`` or ``else``, and which of the two it was."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            self.names.doubt(f"nested deeper than {MAX_NESTING} blocks", self.stream.peek())
            raise StoppedError
        found: list[Statement] = []
        while self.stream.peek_visible().kind != "eof":
            statement = self._text_or_action()
            if isinstance(statement, str):
                self._depth -= 1
                return tuple(found), statement
            found.append(statement)
        raise self.stream.stopped("unexpected EOF", self.stream.take_visible())

    def _text_or_action(self) -> Statement | str:
        item = self.stream.take_visible()
        if item.kind == "text":
            return TextNode(self.stream.place(item.start, item.end), item.text)
        if item.kind != "left":
            raise self.stream.unexpected(item, "input")
        mark = self.stream.mark
        word = self.stream.take_visible()
        if word.kind == "keyword":
            controls: dict[str, Callable[[Item, Item], Statement | str]] = {
                "block": self._block,
                "break": self._jump,
                "continue": self._jump,
                "else": self._else,
                "end": self._end,
                "if": self._branch,
                "range": self._branch,
                "template": self._call,
                "with": self._branch,
            }
            control = controls.get(word.text)
            if control is not None:
                return control(item, word)
        self.stream.back(mark)
        pipeline = self._pipelines.pipeline("command", "right")
        return Action(self._whole(item, pipeline.place.reported), pipeline)

    def _whole(self, left: Item, reported: int) -> Place:
        """The place of the action that began at `left`, from brace to brace."""
        close = self.stream.text.find("}}", self.stream.last_taken_start)
        end = len(self.stream.text) if close == -1 else close + 2
        return self.stream.place(left.start, end, reported)

    def _jump(self, left: Item, word: Item) -> Statement:
        item = self.stream.take_visible()
        if item.kind != "right":
            raise self.stream.unexpected(item, f"{{{{{word.text}}}}}")
        if not self._ranges:
            raise self.stream.stopped(f"{{{{{word.text}}}}} outside {{{{range}}}}", word)
        return Jump(self._whole(left, word.start), word.text)

    def _end(self, _: Item, word: Item) -> str:
        self.stream.expect(("right",), word.text)
        return _END

    def _else(self, _: Item, word: Item) -> str:
        following = self.stream.peek_visible()
        if following.kind == "keyword" and following.text in {"if", "with"}:
            return f"else {following.text}"
        self.stream.expect(("right",), word.text)
        return _ELSE

    def _branch(self, left: Item, word: Item) -> Statement:
        visible = len(self.names.variables)
        pipeline = self._pipelines.pipeline(word.text, "right")
        place = self._whole(left, pipeline.place.reported)
        is_range = word.text == "range"
        self._ranges += is_range
        body, end = self._list()
        self._ranges -= is_range
        otherwise: tuple[Statement, ...] | None = None
        if end.startswith("else "):
            otherwise = (self._else_branch(word, end.removeprefix("else ")),)
        elif end == _ELSE:
            otherwise, end = self._list()
            if end.startswith("else "):
                # Go takes the second one as a bare `else` here, and complains of that.
                end = _ELSE
            if end != _END:
                raise self.stream.stopped(f"expected end; found {end}")
        del self.names.variables[visible:]
        return Branch(place, word.text, pipeline, body, otherwise)

    def _else_branch(self, outer: Item, keyword: str) -> Statement:
        word = self.stream.take_visible()
        if keyword != outer.text or (keyword == "with" and self._go and self._go < _ELSE_WITH):
            raise self.stream.unexpected(word, "else")
        if keyword == "with" and self._go is None:
            self.names.doubt("`else with` needs a server built with Go 1.23 or newer", word)
        self._depth += 1
        branch = self._branch(word, word)
        self._depth -= 1
        return branch

    def _name(self, context: str) -> tuple[Item, str]:
        item = self.stream.take_visible()
        if item.kind not in {"string", "raw string"}:
            raise self.stream.unexpected(item, context)
        return item, unquoted(self.stream, item)

    def _block(self, left: Item, _: Item) -> Statement:
        context = "block clause"
        item, name = self._name(context)
        pipeline = self._pipelines.pipeline(context, "right")
        place = self._whole(left, item.start)
        self._add(item, name, self._own_body(context))
        return Call(place, name, pipeline)

    def _call(self, left: Item, _: Item) -> Statement:
        item, name = self._name("template clause")
        mark = self.stream.mark
        pipeline = None
        if self.stream.take_visible().kind != "right":
            self.stream.back(mark)
            pipeline = self._pipelines.pipeline("template clause", "right")
        return Call(self._whole(left, item.start), name, pipeline)
