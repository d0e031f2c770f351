"""``match`` and ``match_re`` as ``matchers``, and matchers quoted so that all parsers agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from buckstop.alertmanager.label_text import matcher_text
from buckstop.alertmanager.matcher_syntax import MatcherError, parse_classic
from buckstop.alertmanager.matcher_utf8 import parse_utf8
from buckstop.alertmanager.model import Matcher
from buckstop.diagnostics import Span
from buckstop.document import Entry, Mapping, Scalar, Sequence
from buckstop.mends.anchors import leaves_its_anchors
from buckstop.mends.model import Edit, Kept, Mend
from buckstop.mends.source import Source

_COLON = re.compile(r"[ \t]*:[ \t]*")
_PLAIN = re.compile(r"[A-Za-z_]\w*(?:=~|!~|!=|=)\"[^#:\n]*\"", re.ASCII)


class _KeptError(Exception):
    """The mend is not made; the message says why."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the three keys, with the matchers that it says.

    Attributes:
        places: where each of `items` stands now, from the key's start to the value's end.
        items: the matchers as text.
    """

    entry: Entry
    places: tuple[Span, ...]
    items: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Whether it is the key that stays."""
        return self.entry.key.text.endswith("matchers")


def mend_matchers(source: Source, holder: Mapping, prefix: str) -> Iterator[Mend | Kept]:
    """What there is to mend of the matchers of `holder`, a route or one side of an inhibition.

    Args:
        prefix: empty, ``source_`` or ``target_``.
    """
    try:
        parts = tuple(_parts(source, holder, prefix))
        if any(not part.is_new for part in parts):
            yield _modernized(source, holder, parts, f"{prefix}matchers")
            return
    except _KeptError as kept:
        place = next(entry for entry in holder if entry.key.text.startswith(f"{prefix}match"))
        yield Kept(place.key.span, str(kept))
        return
    for part in parts:
        yield from _requoted(source, part)


def _parts(source: Source, holder: Mapping, prefix: str) -> Iterator[_Part]:
    """The keys in the order of the text; those that say nothing are left out."""
    for entry in sorted(holder, key=lambda one: source.start(one.key.span)):
        name, value = entry.key.text, entry.value
        if name in {f"{prefix}match", f"{prefix}match_re"} and isinstance(value, Mapping):
            is_pattern = name.endswith("_re")
            pairs = [_pair(source, value, one, is_pattern=is_pattern) for one in value]
        elif name == f"{prefix}matchers" and isinstance(value, Sequence):
            lines = [item for item in value.items if isinstance(item, Scalar)]
            pairs = [(line.span, _agreed(line.text) or line.text) for line in lines]
        else:
            continue
        if pairs:
            places, items = zip(*pairs, strict=True)
            yield _Part(entry, places, items)


def _pair(source: Source, parent: Mapping, entry: Entry, *, is_pattern: bool) -> tuple[Span, str]:
    key, value = entry.key, entry.value
    assert isinstance(value, Scalar), "the file was read without errors"
    if value.style in {"literal", "folded"}:
        raise _KeptError("a value stands in a block of lines of its own")
    between = source.text[source.end(key.span) : source.start(value.span)]
    is_within = source.start(parent.span) <= source.start(key.span) < source.end(parent.span)
    is_marked = source.text[source.start(value.span) :][:1] in {"&", "*", "!"}
    if not is_within or is_marked or not _COLON.fullmatch(between):
        raise _KeptError("an anchor, a tag or a comment stands between a label and its value")
    text = "" if value.is_null else value.text
    if is_pattern and leaves_its_anchors(text):
        # Read under match_re it is anchored before it is anchored again; elsewhere only once.
        text = f"^(?:{text})$"
    matcher = Matcher(key.text, "=~" if is_pattern else "=", text, key.span)
    written = matcher_text(matcher)
    if not written.isprintable():
        raise _KeptError("a value holds a character that YAML cannot show")
    return (
        Span(
            key.span.file,
            key.span.line,
            key.span.column,
            value.span.end_line,
            value.span.end_column,
        ),
        written,
    )


def _modernized(source: Source, holder: Mapping, parts: tuple[_Part, ...], new_key: str) -> Mend:
    """All parts as one list, where the first of them stands; the others' lines go."""
    first, *others = parts
    edits: list[Edit] = []
    if first.is_new:
        edits += [edit for mend in _requoted(source, first) for edit in mend.edits]
    else:
        edits += _in_place(source, first, new_key)
    for other in others:
        edits.append(_removal(source, holder, other))
    more = [item for other in others for item in other.items]
    if more:
        edits.append(_appended(source, first, more))
    old = " and ".join(f"`{part.entry.key.text}`" for part in parts if not part.is_new)
    verb = "becomes" if sum(not part.is_new for part in parts) == 1 else "become"
    place = next(part for part in parts if not part.is_new)
    return Mend(f"{old} {verb} `{new_key}`", place.entry.key.span, tuple(edits))


def _in_place(source: Source, part: _Part, new_key: str) -> Iterator[Edit]:
    key, value = part.entry.key.span, part.entry.value.span
    yield Edit(source.start(key), source.end(key), new_key)
    is_flow = source.text[source.start(value)] == "{"
    if is_flow:
        yield Edit(source.start(value), source.start(value) + 1, "[")
        yield Edit(source.end(value) - 1, source.end(value), "]")
    elif source.start(part.places[0]) != source.start(value):
        raise _KeptError("the labels stand behind an anchor or a tag")
    for place, item in zip(part.places, part.items, strict=True):
        text = _single_quoted(item) if is_flow else f"- {_block_item(item)}"
        yield Edit(source.start(place), source.end(place), text)


def _removal(source: Source, holder: Mapping, part: _Part) -> Edit:
    if set("#&!") & set(_around(source, part, source.end(part.entry.value.span))):
        raise _KeptError("a comment or an anchor would be lost where two lists become one")
    removal = source.without_entry(holder, part.entry)
    if removal is None:
        raise _KeptError("something else stands on the lines of one of the two lists")
    return removal


def _around(source: Source, part: _Part, end: int) -> str:
    """What stands between the matchers of a part, from its key to the end of its last line."""
    pieces = []
    position = source.end(part.entry.key.span)
    for place in sorted(part.places, key=source.start):
        pieces.append(source.text[position : source.start(place)])
        position = source.end(place)
    is_flow = source.text[source.start(part.entry.value.span)] in "[{"
    pieces.append(source.text[position : end if is_flow else source.line_end(end)])
    return "".join(pieces)


def _appended(source: Source, part: _Part, items: list[str]) -> Edit:
    value, last = part.entry.value.span, part.places[-1]
    if source.text[source.start(value)] in "[{":
        at = source.end(last)
        return Edit(at, at, "".join(f", {_single_quoted(item)}" for item in items))
    column = part.places[0].column if not part.is_new else value.column
    at = source.line_end(source.end(last))
    indent = source.newline + " " * (column - 1)
    return Edit(at, at, "".join(f"{indent}- {_block_item(item)}" for item in items))


def _requoted(source: Source, part: _Part) -> Iterator[Mend]:
    """Matchers that the parser of 0.27 and newer refuses or reads otherwise, in quotes."""
    value = part.entry.value
    assert isinstance(value, Sequence), "only the new key is quoted anew"
    for line in value.items:
        if not isinstance(line, Scalar) or line.style in {"literal", "folded"}:
            continue
        agreed = _agreed(line.text)
        if agreed is None or not source.slice(line.span):
            continue
        edit = Edit(source.start(line.span), source.end(line.span), _single_quoted(agreed))
        yield Mend(f"`{line.text}` is quoted", line.span, (edit,))


def _agreed(text: str) -> str | None:
    """A text that both parsers read as the classic one reads `text`; None for nothing to mend."""
    try:
        triples = parse_classic(text)
    except MatcherError:
        return None
    try:
        if parse_utf8(text) == triples:
            return None
    except ValueError:
        pass
    span = Span("", 1, 1, 1, 1)
    written = ", ".join(matcher_text(Matcher(*triple, span)) for triple in triples)
    try:
        is_agreed = parse_utf8(written) == triples == parse_classic(written)
    except ValueError:
        return None
    return written if is_agreed and written.isprintable() else None


def _block_item(item: str) -> str:
    return item if _PLAIN.fullmatch(item) else _single_quoted(item)


def _single_quoted(item: str) -> str:
    return "'" + item.replace("'", "''") + "'"
