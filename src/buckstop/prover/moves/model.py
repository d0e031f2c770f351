"""What moves between two states, as values."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.language import Region
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.model import RuleAnswer
from buckstop.prover.moves.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Shown:
    """What comes of certain alerts in one state, with one of them.

    Attributes:
        witness: labels of an alert in the region; the concrete router has confirmed it.
    """

    outcome: Outcome
    witness: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Alerts of which something else comes than before.

    Attributes:
        region: their label sets, but for labels that the rule sets otherwise than before.
        before, after: None where the alerts are not sent at all in that state.
    """

    region: Region
    before: Shown | None
    after: Shown | None


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """A rule of one state, with who answers for it there."""

    rule: AlertingRule
    answer: RuleAnswer


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A rule of which something else comes than before.

    Attributes:
        before, after: None for a rule that is added or removed.
        moves: of its alerts; empty for a rule that is added or removed, or not decided.
    """

    before: JudgedRule | None
    after: JudgedRule | None
    moves: tuple[Move, ...] = ()

    @property
    def given(self) -> JudgedRule:
        """As it is after, or was before where it is removed."""
        given = self.after or self.before
        assert given is not None, "a rule is in one of the states at least"
        return given

    @property
    def is_judged_otherwise(self) -> bool:
        """Whether it is in both states and has another verdict, or the same for another reason."""
        if self.before is None or self.after is None:
            return False
        before, after = self.before.answer, self.after.answer
        return (before.verdict, before.cause) != (after.verdict, after.cause)
