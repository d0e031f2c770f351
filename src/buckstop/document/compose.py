"""From the parser's events to the positioned tree: aliases followed, limits kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from buckstop.diagnostics import Code, Diagnostic, Span
from buckstop.document.codes import (
    FILE_NOT_TEXT,
    YAML_ALIAS,
    YAML_KEY_NOT_SCALAR,
    YAML_LIMIT,
)
from buckstop.document.entries import Entries
from buckstop.document.syntax import not_of_its_tag, question_mark_in_brackets
from buckstop.document.tags import tagged
from buckstop.document.tree import Mapping, Node, Scalar, Sequence, Style

MAX_DEPTH = 128
"""Lists and mappings within one another, after aliases are followed; some 60 nested routes."""
MAX_NODES = 4_000_000
"""Values in one file, after aliases are followed; 1,800,000 lines of rules hold about as many.

This and the size of a file bound the memory of a tree: some 210 bytes a value beside its text.
"""
MAX_ALIASED_NODES = 200_000
"""Values that stand in the tree through aliases only. This is what an alias bomb runs into."""
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


_new = tuple.__new__
"""Makes a named tuple without its own constructor, which takes three times as long."""


class LimitReachedError(Exception):
    """The rest of the file is not read. `diagnostic` says which limit it was, and where."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet.

    Attributes:
        start: its first place.
        is_flow: written with brackets, which have an end of their own.
        anchor: its name, if it has one.
        nodes_before: how many nodes the file had when it began.
        height: how many lists and mappings are nested below it, so far.
        items: of a list.
        entries: of a mapping; a list has none.
        key: the key that waits for its value. None: the next node is a key.
        key_is_bad: that key was refused, so its value is dropped.
    """

    start: Span
    entries: Entries | None
    is_flow: bool
    anchor: str | None
    nodes_before: int
    height: int = 0
    items: list[Node] = field(default_factory=list)
    key: Scalar | None = None
    key_is_bad: bool = False

    @property
    def expects_key(self) -> bool:
        """Whether the next node is one."""
        return self.entries is not None and self.key is None and not self.key_is_bad


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
        self.roots: list[Node | None] = []
        self.diagnostics: list[Diagnostic] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchor] = {}
        self._texts: dict[str, str] = {}
        self._nodes = 0
        self._aliased_nodes = 0
        self._in_document = False
        self._is_refused = False
        self._end = Span("", 1, 1, 1, 1)
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

        Raises:
            LimitReachedError: the file is too deep or too large.
        """
        takers = self._takers
        for event in events:
            take = takers.get(type(event))
            if take is not None:
                take(event)

    def give_up(self, *, unread: bool = False) -> None:
        """Leave the document at hand: what was read of it is dropped, and its root is None.

        `unread`: there is a document even where the parser has not announced one.
        """
        if self._in_document or unread:
            self.roots.append(None)
        self._open.clear()
        self._in_document = False

    def _scalar(self, event: Any) -> None:
        span = self.make_span(event.start_mark, event.end_mark)
        style = _STYLES[event.style]
        text = event.value
        if len(text) <= MAX_SHARED_LENGTH:
            text = self._shared(text)
        if style == "double" and _SURROGATE.search(text):
            text = _SURROGATE.sub("\ufffd", text)
            self._say(
                FILE_NOT_TEXT,
                r"the escapes \ud800 to \udfff are halves of a character",
                span,
                hint=r"write the whole character, or \U and its eight digits",
            )
        tag = event.tag
        if tag is not None:
            text, tag = self._tagged(text, tag, span)
        scalar = _new(Scalar, (text, *span, style, tag))
        if style == "plain" and "?" in text and self._open and self._open[-1].is_flow:
            self._is_refused = True
            self._keep(question_mark_in_brackets(scalar))
        self._count(1, span)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(scalar, 1, 0)
        self._end = span
        self._attach(scalar, span, height=0)

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
        self._start(event, Entries())

    def _start_sequence(self, event: Any) -> None:
        self._start(event, None)

    def _start(self, event: Any, entries: Entries | None) -> None:
        span = self.make_span(event.start_mark, event.end_mark)
        if len(self._open) >= MAX_DEPTH:
            raise LimitReachedError(_too_deep(span))
        self._open.append(_Open(span, entries, bool(event.flow_style), event.anchor, self._nodes))
        self._count(1, span)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(None, 0, 0)
        self._end = span

    def _close(self, event: Any) -> None:
        done = self._open.pop()
        # The parser ends a block where the next token begins, maybe many lines further on.
        end = self.make_span(event.start_mark, event.end_mark) if done.is_flow else self._end
        span = Span(
            done.start.file, done.start.line, done.start.column, end.end_line, end.end_column
        )
        node: Node = (
            Sequence(tuple(done.items), span)
            if done.entries is None
            else Mapping(tuple(done.entries.by_key.values()), span)
        )
        # Of two anchors of one name, one within the other, the one that began last holds.
        if done.anchor is not None and self._anchors[done.anchor].node is None:
            self._anchors[done.anchor] = _Anchor(
                node, self._nodes - done.nodes_before, done.height + 1
            )
        self._end = span
        self._attach(node, span, height=done.height + 1)

    def _alias(self, event: Any) -> None:
        span = self.make_span(event.start_mark, event.end_mark)
        self._end = span
        anchor = self._anchors.get(event.anchor)
        if anchor is None or anchor.node is None:
            message = (
                f"the alias *{event.anchor} has no anchor &{event.anchor} before it"
                if anchor is None
                else f"the value of the anchor &{event.anchor} contains itself"
            )
            hint = "quote a value that starts with '*'" if anchor is None else None
            self._say(YAML_ALIAS, message, span, hint=hint)
            self._attach(Scalar("", *span), span, height=0)
            return
        if len(self._open) + anchor.height > MAX_DEPTH:
            raise LimitReachedError(_too_deep(span))
        self._aliased_nodes += anchor.nodes
        if self._aliased_nodes > MAX_ALIASED_NODES:
            raise LimitReachedError(
                Diagnostic(
                    YAML_LIMIT,
                    f"aliases repeat more than {MAX_ALIASED_NODES:,} values",
                    span,
                    hint="write fewer aliases of aliases",
                )
            )
        self._count(anchor.nodes, span)
        node = anchor.node
        is_key = bool(self._open) and self._open[-1].expects_key
        if is_key and isinstance(node, Scalar):
            node = Scalar(node.text, *span, node.style)
        self._attach(node, span, height=anchor.height)

    def _count(self, nodes: int, span: Span) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise LimitReachedError(
                Diagnostic(
                    YAML_LIMIT,
                    f"the file holds more than {MAX_NODES:,} values",
                    span,
                    hint="split it into several files",
                )
            )

    def _attach(self, node: Node, written: Span, height: int) -> None:
        """Put a complete node where it belongs. `written` is its place, or that of its alias."""
        if not self._open:
            self.roots.append(None if self._is_refused else node)
            return
        parent = self._open[-1]
        parent.height = max(parent.height, height)
        if parent.entries is None:
            parent.items.append(node)
        elif parent.key is not None:
            key, parent.key = parent.key, None
            for found in parent.entries.enter(key, node, written):
                self._keep(found)
        elif parent.key_is_bad:
            parent.key_is_bad = False
        elif isinstance(node, Scalar):
            parent.key = node
        else:
            parent.key_is_bad = True
            self._say(
                YAML_KEY_NOT_SCALAR,
                f"this key is a {'mapping' if isinstance(node, Mapping) else 'list'}, not a word",
                written,
                hint="a value such as '{{ $value }}' must be in quotes",
            )

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


def _too_deep(span: Span) -> Diagnostic:
    return Diagnostic(
        YAML_LIMIT,
        f"lists and mappings are nested more than {MAX_DEPTH} deep",
        span,
        hint="nothing that the servers read is nested so deep; check brackets and indentation",
    )
