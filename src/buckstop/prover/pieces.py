"""What rules send, by the parts that are judged alike, with labels that no route asks for.

A promise about other alerts is held against these pieces, and what is found of them is put
together to a property of their rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from buckstop.language import Region, Undecided, region
from buckstop.language.domains import Domain
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.checks.subject import Answered
from buckstop.prover.model import (
    NOT_APPLICABLE,
    PROVEN,
    Judgement,
    Property,
    Verdict,
    with_promise,
)
from buckstop.prover.parts import Part

SentOf = Callable[[AlertingRule, frozenset[str]], Domain]
"""The label sets that a rule can send, of the named labels alone."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Alerts of a rule that take the same routes.

    Attributes:
        part: the one that they belong to; None where it is not decided which routes they take.
        region: their labels, of those that were asked for.
    """

    rule: Answered
    part: Part | None
    region: Region

    @property
    def team(self) -> str | None:
        """Who answers for them, if one does."""
        return None if self.part is None else self.part.team


def pieces(
    rules: Iterable[Answered], names: frozenset[str], asked: frozenset[str], sent_of: SentOf
) -> Iterable[Piece]:
    """The pieces of `rules`, of whose labels those in `names` are kept.

    Args:
        asked: the labels by which the parts of rules are told apart.

    Raises:
        Undecided: where it is beyond the limits which alerts belong to a part.
    """
    for one in rules:
        for part in one.parts or (None,):
            for sent in sent_of(one.rule, names | asked):
                both = sent if part is None else sent.intersection(part.region)
                if both is not None:
                    yield Piece(one, part, region({name: both.language(name) for name in names}))


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a promise is not kept, or why that is not known.

    Attributes:
        witness: labels of an alert for which it is not kept; None where that is not known.
    """

    judgement: Judgement
    witness: Mapping[str, str] | None = None


def promise_undecided(why: str) -> Broken:
    """It is not known whether the promise is kept; `why` is a whole clause."""
    return Broken(
        Judgement(Verdict.UNKNOWN, f"not decided: {why}", "promise not decided"),
    )


def with_promised(
    rules: Sequence[Answered],
    promise: Property,
    broken: Iterable[tuple[Piece, Broken]],
    question: str,
) -> tuple[Answered, ...]:
    """`rules` with the property `promise`, proven of those of which no piece is among `broken`.

    Args:
        broken: found one by one; it may raise `Undecided`, and nothing is known then.
        question: what is asked, as in "whether others silence it".
    """
    found: dict[int, Broken] = {}
    try:
        for piece, one in broken:
            earlier = found.get(id(piece.rule))
            if earlier is None or earlier.judgement.verdict is Verdict.UNKNOWN:
                found[id(piece.rule)] = one
    except Undecided as undecided:
        beyond = promise_undecided(f"{question} is beyond the limits ({undecided})")
        found = {id(one): beyond for one in rules}
    return tuple(_judged(one, promise, found.get(id(one))) for one in rules)


def _judged(one: Answered, promise: Property, broken: Broken | None) -> Answered:
    judged = PROVEN if broken is None else broken.judgement
    if not any(part.team is not None for part in one.parts):
        judged = NOT_APPLICABLE
    witness = None if broken is None else broken.witness
    return replace(one, answer=with_promise(one.answer, promise, judged, witness))
