"""What the prover says about a rule: verdicts per property, with reason and witness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from buckstop.diagnostics import Span


class Verdict(StrEnum):
    """Never a guess: `UNKNOWN` says what would settle it."""

    PROVEN = "proven"
    REFUTED = "refuted"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


class Property(StrEnum):
    """What must hold of a rule; the rule's verdict is the conjunction."""

    ANSWERED = "answered"
    """At least one accountable receiver is reached."""
    SINGLE = "single"
    """The accountable receivers reached belong to exactly one team."""
    AGREES = "agrees"
    """That team is the one the team label names."""
    DELIVERS = "delivers"
    """Each accountable receiver is configured so that it can deliver."""
    ALWAYS = "always"
    """No mute or active interval leaves a moment in which the team is not told."""
    IN_TIME = "in time"
    """The team is told within the time that is promised, at worst; judged where one is."""
    NOT_SILENCED = "not silenced"
    """No alert of others, nor one that always fires, inhibits it; judged where it is promised."""
    NOT_BURIED = "not buried"
    """No notification tells of it along with alerts of another team, model or severity; judged
    where it is promised."""
    ON_RECORD = "on record"
    """The ledger sees it; judged where a charter promises one."""


ALWAYS_JUDGED: Final = (
    Property.ANSWERED,
    Property.SINGLE,
    Property.AGREES,
    Property.DELIVERS,
    Property.ALWAYS,
)
"""The properties whose conjunction is every rule's verdict."""


Cause = Literal[
    "proven",
    "nobody needs to answer",
    "no routes",
    "undecided",
    "no team label",
    "team without route",
    "nobody answers",
    "several teams",
    "another team",
    "owner not known",
    "cannot deliver",
    "never fires",
    "nothing is sent",
    "delivery not known",
    "muted at times",
    "not loaded",
    "too late",
    "silenced by others",
    "buried",
    "promise not decided",
    "not on record",
]
"""Why a rule has its verdict, in one of a few words by which rules are grouped."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and, unless it is proven, why."""

    verdict: Verdict
    reason: str = ""
    cause: Cause = "proven"


PROVEN: Final = Judgement(Verdict.PROVEN)
NOT_APPLICABLE: Final = Judgement(Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something taken to be so, printed with every proof that rests on it."""

    name: str
    text: str


def a1(team_label: str, *, beside: Sequence[str] = ()) -> Assumption:
    """A1 for the label `team_label`, with the query that checks it on a running Prometheus.

    `beside` names series that need not be without the label, since no proof rests on it.
    """
    left_out = f', __name__!~"{"|".join(beside)}"' if beside else ""
    query = f'count({{{team_label}!=""{left_out}}})'
    return Assumption(
        "A1",
        f"where a rule does not set {team_label} itself, no series supplies it "
        f"(to check it, ask Prometheus: {query} must be empty)",
    )


A2: Final = Assumption("A2", "no external labels, no alert relabelling: no prometheus.yml is given")


A3: Final = Assumption(
    "A3", "series that a rule file records come from its rules alone, as these are now"
)


def label_values(source: str) -> Assumption:
    """A4: the series have no other values than the file `source` says."""
    return Assumption("A4", f"labels of series have the values that {source} lists, or are missing")


def same_templates(source: str) -> Assumption:
    """A5: the template files of the server say what those beside the file `source` say."""
    return Assumption("A5", f"the server's template files are those that {source} names here")


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """Who answers for the alerts of a rule that have certain labels.

    Attributes:
        where: label to its values in words, for the labels that tell the part from others.
        team, receivers, verdict, reason: as of a rule.
        witness: labels of an alert in it, as far as routes ask for them.
    """

    where: tuple[tuple[str, str], ...]
    team: str | None
    receivers: tuple[str, ...]
    verdict: Verdict
    reason: str
    witness: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """Who answers for one rule.

    Attributes:
        alert: its name.
        span: where it stands; for a generated alert, the charter's line that decided.
        severity, model: those labels as the rule itself sets them, or None.
        team_value: the value that the rule gives the team label, or None.
        team: who answers, or None where nobody does, that is not decided, or it depends on the
            alert's labels: `parts` says then how.
        receivers: in the order in which Alertmanager tells them, informed ones included.
        informed: those of `receivers` that are told and do not answer.
        properties: a judgement each.
        verdict, reason, cause: of the rule: the first property that does not hold.
        witness: labels of an alert that shows it, or None.
        open_label: the label whose value would decide it, or None.
        parts: where the rule's alerts do not all take the same routes to the same team, each
            kind of them; else empty.
    """

    alert: str
    span: Span
    severity: str | None
    model: str | None
    team_value: str | None
    team: str | None
    receivers: tuple[str, ...]
    informed: tuple[str, ...]
    properties: tuple[tuple[Property, Judgement], ...]
    verdict: Verdict
    reason: str
    cause: Cause
    witness: tuple[tuple[str, str], ...] | None
    open_label: str | None = None
    parts: tuple[PartAnswer, ...] = ()

    @property
    def teams(self) -> tuple[str, ...]:
        """Who answers for some alert of the rule, each once."""
        if self.team is not None or not self.parts:
            return () if self.team is None else (self.team,)
        return tuple(dict.fromkeys(part.team for part in self.parts if part.team is not None))

    def judgement(self, of: Property) -> Judgement:
        """The judgement of the property `of`."""
        return dict(self.properties)[of]


def with_promise(
    answer: RuleAnswer, of: Property, judged: Judgement, witness: Mapping[str, str] | None = None
) -> RuleAnswer:
    """`answer` with a property that was promised; it decides where all else is proven.

    Args:
        witness: labels of an alert for which a refuted promise is not kept.
    """
    properties = (*answer.properties, (of, judged))
    decided = judged.verdict in {Verdict.REFUTED, Verdict.UNKNOWN}
    if answer.verdict is not Verdict.PROVEN or not decided:
        return replace(answer, properties=properties)
    return replace(
        answer,
        properties=properties,
        verdict=judged.verdict,
        reason=judged.reason,
        cause=judged.cause,
        witness=None if witness is None else tuple(sorted(witness.items())),
    )


def conjunction(judgements: Iterable[Judgement]) -> Judgement:
    """The one that decides: the first refuted, else the first unknown, else proven."""
    every = tuple(judgements)
    for verdict in (Verdict.REFUTED, Verdict.UNKNOWN):
        for judgement in every:
            if judgement.verdict is verdict:
                return judgement
    return PROVEN
