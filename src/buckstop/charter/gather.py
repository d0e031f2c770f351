"""Several files, one charter: the top-level keys of all of them put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from buckstop.charter import codes
from buckstop.charter.parts import value_span
from buckstop.diagnostics import Diagnostic, Related, Span, nearest
from buckstop.document import Entry as Pair
from buckstop.document import Mapping, Node, Scalar
from buckstop.document import Sequence as List

SINGLE: Final = ("version", "organization", "severities", "faults", "ledger")
"""Keys that one file sets."""
NAMED: Final = ("defaults", "teams", "profiles", "models")
"""Keys that hold a mapping; the mappings of all files are put together."""
LISTED: Final = ("accountability", "alerts")
"""Keys that hold a list; the lists of all files are put together."""
TOP_LEVEL: Final = (*SINGLE, *NAMED, *LISTED)
NOT_YET: Final = ("import", "data", "yields_to", "waivers")
"""Words kept for what is to come."""
REPEATABLE: Final = ("version", "organization")
"""Single keys that several files may set to the same value."""
FORMAT_VERSION: Final = "1"

_END_OF_NUMBER: Final = re.compile(r"\d+ *(?:%|[a-z]{1,2})?", re.ASCII)
"""What stands behind a decimal comma, as in ``99,9%``."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What all files declare, by top-level key, still as trees.

    Attributes:
        start: the very beginning of the charter, for what stands nowhere.
        single: of `SINGLE`, key and value.
        named: of `NAMED`, top-level key to name to its key and value.
        listed: of `LISTED`, all items.
        keys: each top-level key that is there, where it stands first.
        broken: the top-level keys of which a part could not be read: of the wrong shape, or
            misspelt.
    """

    start: Span
    single: dict[str, Pair] = field(default_factory=dict)
    named: dict[str, dict[str, Pair]] = field(default_factory=dict)
    listed: dict[str, list[Node]] = field(default_factory=dict)
    keys: dict[str, Span] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def pairs(self, key: str) -> dict[str, Pair]:
        """The names under the top-level `key`."""
        return self.named.get(key, {})

    def items(self, key: str) -> Sequence[Node]:
        """The items under the top-level `key`."""
        return self.listed.get(key, [])

    def key_span(self, key: str) -> Span:
        """Where the top-level `key` stands, or the charter's beginning."""
        return self.keys.get(key, self.start)


def gather(roots: Iterable[Mapping], start: Span) -> tuple[Gathered, tuple[Diagnostic, ...]]:
    """Put the files' trees together. What is declared twice is an error that names both places."""
    gathered = Gathered(start)
    diagnostics: list[Diagnostic] = []
    for root in roots:
        for pair in root:
            diagnostics += _add(gathered, pair)
    version = gathered.single.get("version")
    if version and not _is_text(version.value, FORMAT_VERSION):
        diagnostics.append(
            Diagnostic(
                codes.VALUE_INVALID,
                "this version of the charter's form is not known",
                version.value.span,
                hint=f"write `version: {FORMAT_VERSION}`, or leave it out",
            )
        )
    return gathered, tuple(diagnostics)


def _add(gathered: Gathered, pair: Pair) -> list[Diagnostic]:
    key = pair.key.text
    if key not in TOP_LEVEL:
        meant = nearest(key, TOP_LEVEL)
        if meant is not None:
            gathered.broken.add(meant)
        return [unknown_key(pair.key, TOP_LEVEL)]
    gathered.keys.setdefault(key, pair.key.span)
    if isinstance(pair.value, Scalar) and pair.value.is_null:
        return []  # `alerts:` with nothing below it yet
    if key in SINGLE:
        return _add_single(gathered, pair)
    if key in NAMED:
        if not isinstance(pair.value, Mapping):
            gathered.broken.add(key)
            return [_wrong_shape(pair, "names, each with its own lines below it")]
        return _add_named(gathered.named.setdefault(key, {}), pair.value, key)
    if not isinstance(pair.value, List):
        gathered.broken.add(key)
        return [_wrong_shape(pair, "a list; begin each item with `- `")]
    gathered.listed.setdefault(key, []).extend(pair.value.items)
    return []


def _add_single(gathered: Gathered, pair: Pair) -> list[Diagnostic]:
    key = pair.key.text
    earlier = gathered.single.setdefault(key, pair)
    if earlier is pair:
        return []
    if (
        key in REPEATABLE
        and isinstance(earlier.value, Scalar)
        and _is_text(pair.value, earlier.value.text)
    ):
        return []
    return [_twice(f"`{key}` is set twice", earlier, pair)]


def _add_named(known: dict[str, Pair], value: Mapping, key: str) -> list[Diagnostic]:
    found = []
    for pair in value:
        earlier = known.setdefault(pair.key.text, pair)
        if earlier is not pair:
            what = {"teams": "team", "profiles": "profile", "models": "model"}.get(key, "default")
            found.append(_twice(f"the {what} `{pair.key.text}` is declared twice", earlier, pair))
    return found


def unknown_key(key: Scalar, candidates: Iterable[str]) -> Diagnostic:
    """The finding for a key that is none of `candidates`."""
    candidates = tuple(candidates)
    if key.text in NOT_YET:
        return Diagnostic(
            codes.WORD_NOT_YET,
            f"`{key.text}` is reserved for later and cannot be used yet",
            key.span,
            hint="take it out, or make it a comment",
        )
    if is_end_of_number(key.text):
        return Diagnostic(
            codes.KEY_UNKNOWN,
            f"`{key.text}` stands here as a key: between brackets a comma ends the value before it",
            key.span,
            hint="numbers have a decimal point, as in `99.9%`",
        )
    guess = nearest(key.text, candidates)
    return Diagnostic(
        codes.KEY_UNKNOWN,
        f"`{key.text}` is not a key that can stand here",
        key.span,
        hint=f"did you mean `{guess}`?"
        if guess
        else f"keys that can stand here: {', '.join(candidates)}",
    )


def is_end_of_number(key: str) -> bool:
    """Whether `key` is what a decimal comma between brackets makes a key of."""
    return _END_OF_NUMBER.fullmatch(key) is not None


def _wrong_shape(pair: Pair, expected: str) -> Diagnostic:
    return Diagnostic(
        codes.VALUE_INVALID,
        f"`{pair.key.text}` must hold {expected}",
        value_span(pair.value, ()),
    )


def _twice(message: str, earlier: Pair, later: Pair) -> Diagnostic:
    return Diagnostic(
        codes.CHARTER_DUPLICATE,
        message,
        later.key.span,
        hint="keep one of the two",
        related=(Related(earlier.key.span, "it is declared here already"),),
    )


def _is_text(node: Node, text: str) -> bool:
    return isinstance(node, Scalar) and node.text == text
