"""From the parser's events to the positioned tree: aliases followed, limits kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from buckstop.diagnostics import Code, Diagnostic, Span
from buckstop.document.codes import FILE_NOT_TEXT, YAML_ALIAS
from buckstop.document.limits import (
    MAX_ALIASED_NODES,
    MAX_DEPTH,
    MAX_NODES,
    too_deep,
    too_many,
    too_often_aliased,
)
from buckstop.document.opened import OpenMapping, OpenSequence
from buckstop.document.syntax import not_of_its_tag, question_mark_in_brackets
from buckstop.document.tags import tagged
from buckstop.document.tree import Node, Scalar, Style, made

MAX_SHARED_TEXTS = 10_000
"""Different texts of which one copy serves all values that say the same: names of fields, teams."""
MAX_SHARED_LENGTH = 40
"""Characters of a text that is looked up for that; a longer one is rarely written twice."""
MAX_DIAGNOSTICS = 1_000
"""Findings about one file's structure; what comes after them is not reported."""

_STYLES: dict[str | None, Style] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}
_STANDARD_TAG = "tag:yaml.org,2002:"
_SURROGATE = re.compile("[\ud800-\udfff]")

MakeSpan = Callable[[Any, Any], Span]
Plain = tuple[str, int, int]
"""For what of a text the parser's own lines and columns hold: the name of the file, the line where
the text begins, and for how many of its characters."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What an alias stands for. `node` is None while the anchored value is not complete."""

    node: Node | None
    nodes: int
    height: int


class Composer:
    """Builds the documents of one file, event by event.

    `roots` are the documents so far: None where a document was given up, which a diagnostic says.
    """

    def __init__(self, make_span: MakeSpan) -> None:
        self.make_span = make_span
        self.plain: Plain = ("", 1, 0)
        self.roots: list[Node | None] = []
        self.diagnostics: list[Diagnostic] = []
        self._open: list[OpenSequence | OpenMapping] = []
        self._anchors: dict[str, _Anchor] = {}
        self._texts: dict[str, str] = {}
        self._nodes = 0
        self._aliased_nodes = 0
        self._in_document = False
        self._is_refused = False
        self._end: Span | Scalar = Span("", 1, 1, 1, 1)
        """What came last; only its end counts."""
        self._takers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start_mapping,
            yaml.SequenceStartEvent: self._start_sequence,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._start_document,
            yaml.DocumentEndEvent: self._end_document,
        }

    def take(self, events: Iterable[Any]) -> None:
        """Add the events of PyYAML (whose two parsers' marks are not one type).

        Most of a file are scalars without tag and anchor, in mappings: what is to be done of these
        is done here at once, and in as few steps as can be.

        Raises:
            LimitReachedError: the file is too deep or too large.
        """
        takers, opened, texts = self._takers, self._open, self._texts
        scalar_event = yaml.ScalarEvent
        file, first_line, size = self.plain
        latest = 0
        for event in events:
            kind = type(event)
            if kind is not scalar_event:
                take = takers.get(kind)
                if take is not None:
                    take(event)
                continue
            start, end, text = event.start_mark, event.end_mark, event.value
            if (
                end.index >= size
                or event.tag is not None
                or event.anchor is not None
                or not (text.isascii() and opened)
            ):
                self._scalar(event)
                continue
            if len(text) <= MAX_SHARED_LENGTH:
                is_room = len(texts) < MAX_SHARED_TEXTS
                text = texts.setdefault(text, text) if is_room else texts.get(text, text)
            # A key, its value and the end of each mostly stand on one line: one number for all.
            line = start.line + first_line
            if line == latest:
                line = latest
            else:
                latest = line
            last = end.line + first_line
            if last == line:
                last = line
            scalar = self._end = made(
                Scalar,
                (
                    text,
                    file,
                    line,
                    start.column + 1,
                    last,
                    end.column + 1,
                    _STYLES[event.style],
                    None,
                ),
            )
            parent = opened[-1]
            if parent.is_flow and "?" in text and not event.style:
                self._is_refused = True
                self._keep(question_mark_in_brackets(scalar))
            self._nodes += 1
            if self._nodes > MAX_NODES:
                raise too_many(MAX_NODES, scalar.span)
            for found in parent.add(scalar):
                self._keep(found)

    def give_up(self, *, unread: bool = False) -> None:
        """Leave the document at hand: what was read of it is dropped, and its root is None.

        `unread`: there is a document even where the parser has not announced one.
        """
        if self._in_document or unread:
            self.roots.append(None)
        self._open.clear()
        self._in_document = False

    def _scalar(self, event: Any) -> None:
        """Any scalar, those that `take` does not do at once."""
        text = event.value
        if len(text) <= MAX_SHARED_LENGTH:
            text = self._shared(text)
        span = self.make_span(event.start_mark, event.end_mark)
        style = _STYLES[event.style]
        tag = event.tag
        if style == "double" and not text.isascii():
            text = self._without_surrogates(text, span)
        if tag is not None:
            text, tag = self._tagged(text, tag, span)
        scalar = self._end = made(Scalar, (text, *span, style, tag))
        if style == "plain" and "?" in text and self._open and self._open[-1].is_flow:
            self._is_refused = True
            self._keep(question_mark_in_brackets(scalar))
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise too_many(MAX_NODES, span)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(scalar, 1, 0)
        if self._open:
            for found in self._open[-1].add(scalar):
                self._keep(found)
        else:
            self._end_root(scalar)

    def _without_surrogates(self, text: str, span: Span) -> str:
        if _SURROGATE.search(text) is None:
            return text
        self._say(
            FILE_NOT_TEXT,
            r"the escapes \ud800 to \udfff are halves of a character",
            span,
            hint=r"write the whole character, or \U and its eight digits",
        )
        return _SURROGATE.sub("\ufffd", text)

    def _tagged(self, text: str, tag: str, span: Span) -> tuple[str, str | None]:
        """What a tagged scalar says, and its tag; the ``!`` alone is none."""
        if tag == "!":
            return text, None
        if tag.startswith(_STANDARD_TAG):
            tag = "!!" + tag.removeprefix(_STANDARD_TAG)
        said = tagged(text, tag)
        if said is None:
            self._is_refused = True
            self._keep(not_of_its_tag(text, tag, span))
            return text, tag
        return said, tag

    def _shared(self, text: str) -> str:
        """A text that says the same as `text`: where it was met before, that one."""
        if len(self._texts) < MAX_SHARED_TEXTS:
            return self._texts.setdefault(text, text)
        return self._texts.get(text, text)

    def _start_document(self, _: Any) -> None:
        self._in_document = True
        self._is_refused = False
        self._anchors.clear()

    def _end_document(self, _: Any) -> None:
        self._in_document = False

    def _start_mapping(self, event: Any) -> None:
        self._start(event, OpenMapping)

    def _start_sequence(self, event: Any) -> None:
        self._start(event, OpenSequence)

    def _start(self, event: Any, opened: type[OpenMapping | OpenSequence]) -> None:
        span = self._end = self.make_span(event.start_mark, event.end_mark)
        if len(self._open) >= MAX_DEPTH:
            raise too_deep(span)
        self._open.append(opened(span, bool(event.flow_style), event.anchor, self._nodes))
        self._count(1, span)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(None, 0, 0)

    def _close(self, event: Any) -> None:
        done = self._open.pop()
        # The parser ends a block where the next token begins, maybe many lines further on.
        end = self.make_span(event.start_mark, event.end_mark) if done.is_flow else self._end
        start = done.start
        span = made(Span, (start.file, start.line, start.column, end.end_line, end.end_column))
        node = done.closed(span)
        # Of two anchors of one name, one within the other, the one that began last holds.
        if done.anchor is not None and self._anchors[done.anchor].node is None:
            self._anchors[done.anchor] = _Anchor(
                node, self._nodes - done.nodes_before, done.height + 1
            )
        self._end = span
        self._attach(node, height=done.height + 1)

    def _alias(self, event: Any) -> None:
        span = self._end = self.make_span(event.start_mark, event.end_mark)
        anchor = self._anchors.get(event.anchor)
        if anchor is None or anchor.node is None:
            message = (
                f"the alias *{event.anchor} has no anchor &{event.anchor} before it"
                if anchor is None
                else f"the value of the anchor &{event.anchor} contains itself"
            )
            hint = "quote a value that starts with '*'" if anchor is None else None
            self._say(YAML_ALIAS, message, span, hint=hint)
            self._attach(Scalar("", *span), height=0)
            return
        if len(self._open) + anchor.height > MAX_DEPTH:
            raise too_deep(span)
        self._aliased_nodes += anchor.nodes
        if self._aliased_nodes > MAX_ALIASED_NODES:
            raise too_often_aliased(span)
        self._count(anchor.nodes, span)
        node = anchor.node
        if isinstance(node, Scalar) and self._open and self._open[-1].expects_key:
            node = Scalar(node.text, *span, node.style)
        self._attach(node, height=anchor.height, written=span)

    def _count(self, nodes: int, span: Span) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise too_many(MAX_NODES, span)

    def _attach(self, node: Node, height: int, written: Span | None = None) -> None:
        """Put a complete node where it belongs. `written` is the place of its alias, if any."""
        if not self._open:
            self._end_root(node)
            return
        parent = self._open[-1]
        parent.height = max(parent.height, height)
        for found in parent.add(node, written):
            self._keep(found)

    def _end_root(self, node: Node) -> None:
        self.roots.append(None if self._is_refused else node)

    def _say(
        self,
        code: Code,
        message: str,
        span: Span,
        hint: str | None = None,
    ) -> None:
        self._keep(Diagnostic(code, message, span, hint))

    def _keep(self, diagnostic: Diagnostic) -> None:
        if len(self.diagnostics) < MAX_DIAGNOSTICS:
            self.diagnostics.append(diagnostic)
