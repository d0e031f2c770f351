"""What rules send, by the parts that are judged alike, with labels that no route asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from buckstop.language import Region, region
from buckstop.language.domains import Domain
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.checks.subject import Answered
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
