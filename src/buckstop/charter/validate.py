"""From a tree to a typed entry, or to as much of one as can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from buckstop.charter import codes
from buckstop.charter.gather import is_end_of_number
from buckstop.charter.parts import Piece, Step, below, plain, value_span, without
from buckstop.charter.schema import PARTIAL, Entry, RuledEntry
from buckstop.charter.validation_findings import entry_finding, keys_of, rule_finding, steps_of
from buckstop.diagnostics import Diagnostic, nearest
from buckstop.document import Mapping as Tree
from buckstop.document import Node, Scalar

E = TypeVar("E", bound=Entry)


Path = tuple[Step, ...]


class Read(NamedTuple, Generic[E]):
    """What reading an entry came to.

    Attributes:
        whole: the entry, or None on errors.
        known: as much of it as can be read, so that a slip in one key does not hide a slip in
            another; the whole entry without errors, and None where nothing can be read.
    """

    whole: Piece[E] | None
    known: Piece[E] | None
    diagnostics: tuple[Diagnostic, ...]


def validate(kind: type[E], node: Node, leave_out: frozenset[str] = frozenset()) -> Read[E]:
    """Read `node` as a `kind`, without its keys in `leave_out`."""
    for key in leave_out:
        node = without(node, (key,))
    try:
        piece = Piece(kind.model_validate(plain(node)), node)
    except ValidationError as error:
        details = error.errors(include_url=False)
    else:
        return Read(piece, piece, ())
    misspelt = frozenset(_misspelt(kind, details))
    cut_short = frozenset(_cut_short(node, details))
    found = [
        entry_finding(kind, node, detail)
        for detail in details
        if detail["type"] != "missing" or steps_of(detail["loc"]) not in misspelt
    ]
    known = _part(kind, _without(node, cut_short), misspelt | cut_short)
    if known is not None:
        found += _rules_broken(known, known.entry, ())
    return Read(None, known, tuple(dict.fromkeys(found)))


def _part(kind: type[E], node: Node, misspelt: frozenset[Path]) -> Piece[E] | None:
    """A `node` that is no `kind` without what cannot be read of it; None where nothing can."""
    broken = set(misspelt)
    while True:
        value = plain(node)
        if isinstance(value, dict):
            value = {**kind.STAND_INS, **value}
        try:
            return Piece(kind.model_validate(value, context=PARTIAL), node, frozenset(broken))
        except ValidationError as error:
            causes = [_cause(detail) for detail in error.errors(include_url=False)]
        paths = {_reached(node, cause) for cause in causes}
        if () in paths:
            return None
        smaller = _without(node, paths)
        if smaller == node:
            return None
        node = smaller
        broken |= paths


def _without(node: Node, paths: Iterable[Path]) -> Node:
    """`node` without what stands at `paths`."""
    # From the last to the first, so that no item of a list moves before it is taken out.
    for path in sorted(paths, key=_order, reverse=True):
        node = without(node, path)
    return node


def _cause(detail: ErrorDetails) -> Path:
    """What to take out because of one error: an entry that lacks a key is of no use."""
    steps = steps_of(detail["loc"])
    return steps[:-1] if detail["type"] == "missing" else steps


def _reached(node: Node, path: Path) -> Path:
    """`path` as far as `node` has it: one word may stand for a list, and its items for nothing."""
    for length in range(1, len(path)):
        if isinstance(below(node, path[:length]), Scalar):
            return path[:length]
    return path


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (0, step) for step in path)


def _misspelt(kind: type[Entry], details: Iterable[ErrorDetails]) -> Iterator[Path]:
    """The keys that unknown ones probably stand for."""
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *above, key = steps_of(detail["loc"])
            meant = nearest(str(key), keys_of(kind, tuple(above)))
            if meant is not None:
                yield (*above, meant)


def _cut_short(node: Node, details: Iterable[ErrorDetails]) -> Iterator[Path]:
    """The keys before those that are the rest of a number with a decimal comma."""
    for detail in details:
        *above, key = steps_of(detail["loc"]) or ("",)
        if detail["type"] == "extra_forbidden" and is_end_of_number(str(key)):
            holder = below(node, tuple(above))
            keys = [entry.key.text for entry in holder] if isinstance(holder, Tree) else []
            if (index := keys.index(str(key))) > 0:
                yield (*above, keys[index - 1])


def _rules_broken(piece: Piece[Entry], entry: object, steps: Path) -> Iterator[Diagnostic]:
    """The rules that `entry` at `steps` of the piece, or an entry in it, breaks by what is read."""
    match entry:
        case Entry():
            for name, info in type(entry).model_fields.items():
                yield from _rules_broken(piece, getattr(entry, name), (*steps, info.alias or name))
            if isinstance(entry, RuledEntry):
                for error in entry.rules_broken():
                    context = error.context or {}
                    if not any(piece.is_broken(*steps, key) for key in context["keys"]):
                        yield rule_finding(piece.node, context, steps)
        case tuple():
            for index, item in enumerate(entry):
                yield from _rules_broken(piece, item, (*steps, index))
        case dict():
            for key, value in entry.items():
                yield from _rules_broken(piece, value, (*steps, key))
        case _:
            return


def words(node: Node | None, what: str) -> tuple[tuple[Scalar, ...], tuple[Diagnostic, ...]]:
    """The scalars of a list of words such as ``severities``."""
    if node is None:
        return (), ()
    if isinstance(node, Tree | Scalar):
        return (), (
            Diagnostic(
                codes.VALUE_INVALID,
                f"`{what}` must hold a list of words",
                value_span(node, ()),
                hint=f"write `{what}: [a, b]`",
            ),
        )
    found: list[Scalar] = []
    wrong: list[Diagnostic] = []
    for item in node.items:
        if isinstance(item, Scalar) and not item.is_null:
            found.append(item)
        else:
            wrong.append(
                Diagnostic(codes.VALUE_INVALID, "expected a word here", value_span(item, ()))
            )
    return tuple(found), tuple(wrong)
