"""Not buried: whether a notification can tell of an alert along with alerts of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from buckstop.alertmanager import RouteMatch
from buckstop.language import Region, is_empty
from buckstop.language.sets import Finite
from buckstop.prover.checks.subject import Answered
from buckstop.prover.model import (
    Judgement,
    Property,
    Verdict,
)
from buckstop.prover.pieces import (
    Broken,
    Piece,
    SentOf,
    pieces,
    promise_undecided,
    with_promised,
)

KEPT_APART: Final = ("model", "severity")
"""The labels of which a notification has one value, beside the team that answers."""

QUESTION: Final = "whether one notification tells of others with it"
MAX_PAIRS: Final = 200_000
"""Pairs of alerts that are compared on one route; what lies beyond is not decided."""

_Path = tuple[int, ...]


def unless_buried(
    rules: Sequence[Answered], asked: frozenset[str], sent_of: SentOf
) -> tuple[Answered, ...]:
    """`rules` with the property *not buried*.

    It is refuted where a route tells the team of an alert of the rule, and an alert of the rules
    at hand that another team answers for, or that has another model or severity, may lie in the
    same group: they have the same values of all labels under ``group_by``.

    Args:
        asked: the labels by which the parts of rules are told apart.
    """
    broken = (
        found for match, told in _told(rules, asked, sent_of) for found in _buried(match, told)
    )
    return with_promised(rules, Property.NOT_BURIED, broken, QUESTION)


def _told(
    rules: Iterable[Answered], asked: frozenset[str], sent_of: SentOf
) -> Iterator[tuple[RouteMatch, list[Piece]]]:
    """The routes that tell teams, and do not group by all labels, each with what it tells of."""
    matches: dict[_Path, RouteMatch] = {}
    rules_of: dict[_Path, dict[int, Answered]] = {}
    for one in rules:
        for match in _telling(one):
            if not match.options.group_by_all:
                matches[match.path] = match
                rules_of.setdefault(match.path, {})[id(one)] = one
    for path, match in matches.items():
        names = frozenset((*match.options.group_by, *KEPT_APART))
        every = pieces(rules_of[path].values(), names, asked, sent_of)
        yield match, [one for one in every if _is_told(one, path)]


def _telling(one: Answered) -> Iterator[RouteMatch]:
    for part in one.parts:
        for claim in part.claims if part.team is not None else ():
            if claim.kind == "accountable":
                yield claim.match


def _is_told(piece: Piece, path: _Path) -> bool:
    part = piece.part
    return part is not None and any(
        claim.kind == "accountable" and claim.match.path == path for claim in part.claims
    )


def _buried(match: RouteMatch, told: Iterable[Piece]) -> Iterator[tuple[Piece, Broken]]:
    """The pieces that may lie in a group with others; each once."""
    alike: dict[tuple[str | None, Region], list[Piece]] = {}
    for piece in told:
        alike.setdefault((piece.team, piece.region), []).append(piece)
    groups = _Groups(match, [same[0] for same in alike.values()])
    for same in alike.values():
        buried = groups.buried(same[0])
        if buried is not None:
            yield from ((piece, buried) for piece in same)


class _Groups:
    """The groups of one route, and what may lie together in one."""

    def __init__(self, match: RouteMatch, kinds: Sequence[Piece]) -> None:
        self._match = match
        self._kinds = kinds
        self._open = tuple(name for name in KEPT_APART if name not in match.options.group_by)
        self._left = MAX_PAIRS
        values = {
            name: [_single(piece.region, name) for piece in kinds]
            for name in match.options.group_by
        }
        # Alerts with different values of any one of these lie apart; the one that tells most apart
        # saves most comparisons.
        self._telling = max(values, key=lambda name: len(set(values[name])), default=None)
        self._by_value: dict[str | None, list[Piece]] = {}
        of_kinds = [None] * len(kinds) if self._telling is None else values[self._telling]
        for piece, value in zip(kinds, of_kinds, strict=True):
            self._by_value.setdefault(value, []).append(piece)

    def buried(self, piece: Piece) -> Broken | None:
        """With what an alert of `piece` may lie in one group; None where with none of others."""
        unknown: Broken | None = None
        for other in self._neighbours(piece):
            self._left -= 1
            if self._left < 0:
                return promise_undecided(f"{QUESTION} is beyond the limits ({MAX_PAIRS:,} pairs)")
            judged = self._together(piece, other)
            if judged is not None and judged.judgement.verdict is Verdict.REFUTED:
                return judged
            unknown = unknown or judged
        return unknown

    def _neighbours(self, piece: Piece) -> Iterable[Piece]:
        value = None if self._telling is None else _single(piece.region, self._telling)
        if value is None:
            return self._kinds
        return (*self._by_value.get(value, ()), *self._by_value.get(None, ()))

    def _together(self, piece: Piece, other: Piece) -> Broken | None:
        """Whether one group may hold an alert of each, and what about them is different then."""
        for name in self._match.options.group_by:
            if is_empty(piece.region.language(name) & other.region.language(name)):
                return None
        if other.team is not None and other.team != piece.team:
            return self._refuted(piece, other, f"for which {other.team} answers")
        unknown = None
        for name in self._open:
            ours, theirs = piece.region.language(name), other.region.language(name)
            if not (isinstance(ours, Finite) and isinstance(theirs, Finite)):
                unknown = promise_undecided(
                    f"{QUESTION} hangs on the label {name}, by which {self._place()} does not group"
                )
                continue
            different = sorted(
                (one, another)
                for one in ours.strings - {""}
                for another in theirs.strings - {""}
                if one != another
            )
            if different:
                return self._refuted(piece, other, f"with {name} {different[0][1]}")
        return unknown

    def _refuted(self, piece: Piece, other: Piece, what: str) -> Broken:
        alert = other.rule.rule.alert
        return Broken(
            Judgement(
                Verdict.REFUTED,
                f"one notification of {self._match.receiver} may tell of it and of {alert} {what}: "
                f"{self._place()} groups by {', '.join(self._match.options.group_by) or 'nothing'}",
                "buried",
            ),
            piece.region.witness(),
        )

    def _place(self) -> str:
        span = self._match.route.span
        return f"the route at {span.file}:{span.line}"


def _single(region: Region, name: str) -> str | None:
    language = region.language(name)
    if isinstance(language, Finite) and len(language.strings) == 1:
        return next(iter(language.strings))
    return None
