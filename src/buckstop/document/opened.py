"""Lists and mappings whose end has not come yet: what they hold so far, each value as it comes.

In a mapping keys and values take turns; duplicate keys are refused, merges (``<<``) taken over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document.codes import YAML_DUPLICATE_KEY, YAML_KEY_NOT_SCALAR, YAML_MERGE
from buckstop.document.tree import Entry, Mapping, Node, Scalar, Sequence, made

NOTHING_WRONG: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class Opening:
    """Where a list or mapping begins, and what its end must know of that.

    Attributes:
        start: its first place.
        is_flow: written with brackets, which have an end of their own.
        anchor: its name, if it has one.
        nodes_before: how many nodes the file had when it began.
        height: how many lists and mappings are nested below it, so far.
    """

    start: Span
    is_flow: bool
    anchor: str | None
    nodes_before: int
    height: int = field(default=0, init=False)


@dataclass(slots=True)
class OpenSequence(Opening):
    """A list and its items so far."""

    items: list[Node] = field(default_factory=list, init=False)

    expects_key = False
    """A list has no keys."""

    def add(self, node: Node, _written: Span | None = None) -> tuple[Diagnostic, ...]:
        """Take the next item."""
        self.items.append(node)
        return NOTHING_WRONG

    def closed(self, span: Span) -> Sequence:
        """The whole of it, which stands at `span`."""
        return Sequence(tuple(self.items), span)


@dataclass(slots=True)
class OpenMapping(Opening):
    """A mapping and its entries so far.

    Attributes:
        by_key: the entries, in the order of their keys in the file.
        key: the key that waits for its value. None: the next node is a key.
        key_is_bad: that key was refused, so its value is dropped.
        merged: keys that came by ``<<`` and may still be overridden.
        merge_key: the ``<<``, once it has come.
    """

    by_key: dict[str, Entry] = field(default_factory=dict, init=False)
    key: Scalar | None = field(default=None, init=False)
    key_is_bad: bool = field(default=False, init=False)
    merged: set[str] | None = field(default=None, init=False)
    merge_key: Scalar | None = field(default=None, init=False)

    @property
    def expects_key(self) -> bool:
        """Whether the next node is one."""
        return self.key is None and not self.key_is_bad

    def add(self, node: Node, written: Span | None = None) -> tuple[Diagnostic, ...]:
        """Take the next key or value, as far as it holds; what is wrong with it.

        `written` is the place of the alias that stands for the node; None where none does.
        """
        key = self.key
        if key is not None:
            self.key = None
            name = key.text
            if name == "<<" or name in self.by_key:
                return self._enter_again(key, node, written or node.span)
            self.by_key[name] = made(Entry, (key, node))
        elif self.key_is_bad:
            self.key_is_bad = False
        elif isinstance(node, Scalar):
            self.key = node
        else:
            self.key_is_bad = True
            return (_no_key(node, written or node.span),)
        return NOTHING_WRONG

    def closed(self, span: Span) -> Mapping:
        """The whole of it, which stands at `span`."""
        return Mapping(tuple(self.by_key.values()), span)

    def _enter_again(self, key: Scalar, value: Node, written: Span) -> tuple[Diagnostic, ...]:
        """Take an entry whose key is there already, or is ``<<``."""
        name = key.text
        if name == "<<" and key.style == "plain" and key.tag in {None, "!!merge"}:
            return self._merge(key, value, written)
        earlier = self.by_key.get(name)
        if earlier is not None:
            if self.merged is None or name not in self.merged:
                return (_duplicate(earlier.key, key),)
            self.merged.discard(name)
        self.by_key[name] = Entry(key, value)
        return NOTHING_WRONG

    def _merge(self, key: Scalar, value: Node, written: Span) -> tuple[Diagnostic, ...]:
        """Take over the entries of ``<<: *name`` or ``<<: [*name, *other]``."""
        if self.merge_key is not None:
            return (_duplicate(self.merge_key, key),)
        self.merge_key = key
        self.merged = set()
        found: list[Diagnostic] = []
        for source in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(source, Mapping):
                found += self._take_over(source, key, self.merged)
            else:
                place = source.span if isinstance(value, Sequence) else written
                found.append(_nothing_to_merge(place))
        return tuple(found)

    def _take_over(
        self, source: Mapping, merge_key: Scalar, merged: set[str]
    ) -> Iterator[Diagnostic]:
        """Of several mappings the earlier wins; a key that follows wins over a merged one.

        Where the key stands *before* ``<<`` go-yaml 2 (Alertmanager) takes the merged value and
        go-yaml 3 (Prometheus) the written one, so that is refused.
        """
        for entry in source.entries:
            name = entry.key.text
            earlier = self.by_key.get(name)
            if earlier is None:
                self.by_key[name] = entry
                merged.add(name)
            elif name not in merged:
                yield _before_merge(earlier.key, merge_key)


def _no_key(node: Node, place: Span) -> Diagnostic:
    return Diagnostic(
        YAML_KEY_NOT_SCALAR,
        f"this key is a {'mapping' if isinstance(node, Mapping) else 'list'}, not a word",
        place,
        hint="a value such as '{{ $value }}' must be in quotes",
    )


def _duplicate(first: Scalar, second: Scalar) -> Diagnostic:
    return Diagnostic(
        YAML_DUPLICATE_KEY,
        f"the key '{second.text}' is given twice",
        second.span,
        hint="keep one of the two",
        related=(Related(first.span, "it is first given here"),),
    )


def _nothing_to_merge(place: Span) -> Diagnostic:
    return Diagnostic(
        YAML_MERGE,
        "a merge ('<<') takes a mapping or a list of mappings",
        place,
        hint="write '<<: *name', where &name stands before a mapping",
    )


def _before_merge(key: Scalar, merge_key: Scalar) -> Diagnostic:
    return Diagnostic(
        YAML_MERGE,
        f"'{key.text}' stands before the '<<' that also brings it; "
        "readers of YAML differ about which value holds",
        key.span,
        hint="write '<<' as the first key of the mapping",
        related=(Related(merge_key.span, "the merge stands here"),),
    )
