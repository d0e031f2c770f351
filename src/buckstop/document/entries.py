"""The entries of a mapping as they come: duplicate keys refused, merges (``<<``) taken over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document.codes import YAML_DUPLICATE_KEY, YAML_MERGE
from buckstop.document.tree import Entry, Mapping, Node, Scalar, Sequence


@dataclass(slots=True)
class Entries:
    """What a mapping holds so far.

    Attributes:
        by_key: the entries, in the order of their keys in the file.
        merged: keys that came by ``<<`` and may still be overridden.
        merge_key: the ``<<``, once it has come.
    """

    by_key: dict[str, Entry] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    merge_key: Scalar | None = None

    def enter(self, key: Scalar, value: Node, written: Span) -> tuple[Diagnostic, ...]:
        """Take the next entry, as far as it holds; what is wrong with it.

        `written` is the place of the value, or that of its alias.
        """
        name = key.text
        if name == "<<" and key.style == "plain" and key.tag in {None, "!!merge"}:
            return self._merge(key, value, written)
        earlier = self.by_key.get(name)
        if earlier is not None and name not in self.merged:
            return (_duplicate(earlier.key, key),)
        self.merged.discard(name)
        self.by_key[name] = Entry(key, value)
        return ()

    def _merge(self, key: Scalar, value: Node, written: Span) -> tuple[Diagnostic, ...]:
        """Take over the entries of ``<<: *name`` or ``<<: [*name, *other]``."""
        if self.merge_key is not None:
            return (_duplicate(self.merge_key, key),)
        self.merge_key = key
        found: list[Diagnostic] = []
        for source in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(source, Mapping):
                found += self._take_over(source, key)
            else:
                place = source.span if isinstance(value, Sequence) else written
                found.append(_nothing_to_merge(place))
        return tuple(found)

    def _take_over(self, source: Mapping, merge_key: Scalar) -> Iterator[Diagnostic]:
        """Of several mappings the earlier wins; a key that follows wins over a merged one.

        Where the key stands *before* ``<<`` go-yaml 2 (Alertmanager) takes the merged value and
        go-yaml 3 (Prometheus) the written one, so that is refused.
        """
        for entry in source.entries:
            name = entry.key.text
            earlier = self.by_key.get(name)
            if earlier is None:
                self.by_key[name] = entry
                self.merged.add(name)
            elif name not in self.merged:
                yield _before_merge(earlier.key, merge_key)


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
