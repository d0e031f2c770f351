"""What is concluded of all rules that can send the same, from the parts of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from buckstop.language import Region
from buckstop.language.domains import Domain
from buckstop.prometheus import Relabelling
from buckstop.prover.domains import Sent
from buckstop.prover.model import (
    ALWAYS_JUDGED,
    NOT_APPLICABLE,
    PROVEN,
    Cause,
    Judgement,
    PartAnswer,
    Property,
    Verdict,
)
from buckstop.prover.parts import Part
from buckstop.prover.settling import Settled, deciding, properties_of
from buckstop.prover.wording import values_text


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is so of all rules with one domain, and the region that shows it."""

    team: str | None
    receivers: tuple[str, ...]
    informed: tuple[str, ...]
    properties: tuple[tuple[Property, Judgement], ...]
    judgement: Judgement
    shown_by: Region | None
    open_label: str | None
    part_answers: tuple[PartAnswer, ...] = ()
    parts: tuple[Part, ...] = ()


def together(domain: Domain, found: Sequence[Settled]) -> Conclusion:
    """The answer of a rule from what its parts say."""
    properties = tuple(properties_of(found).items())
    decides = deciding(found)
    part_answers = tuple(_part_answers(domain, found))
    every = tuple(one.part for one in found)
    if decides is not None:
        part = decides.part
        is_open = decides.open_label is not None
        return Conclusion(
            team=None if is_open else part.team,
            receivers=() if is_open else part.receivers,
            informed=() if is_open else part.informed,
            properties=properties,
            judgement=decides.judgement,
            shown_by=part.region,
            open_label=decides.open_label,
            part_answers=part_answers,
            parts=every,
        )
    teams = {part.team for part in every}
    causes = {part.deciding.cause for part in every}
    reasons = {part.deciding.reason for part in every}
    return Conclusion(
        team=teams.pop() if len(teams) == 1 else None,
        receivers=tuple(dict.fromkeys(name for part in every for name in part.receivers))
        if len({part.receivers for part in every}) > 1
        else every[0].receivers,
        informed=tuple(dict.fromkeys(name for part in every for name in part.informed)),
        properties=properties,
        judgement=every[0].deciding if len(causes) == len(reasons) == 1 else PROVEN,
        shown_by=None,
        open_label=None,
        part_answers=part_answers,
        parts=every,
    )


def _part_answers(domain: Domain, found: Sequence[Settled]) -> Iterator[PartAnswer]:
    """Each kind of alerts of which something else is true; nothing where all are alike."""
    if len(found) == 1:
        return
    alike = {(one.part.team, one.part.receivers, one.part.deciding) for one in found}
    if len(alike) <= 1:
        return
    for one in found:
        part = one.part
        told_apart = [
            (name, values_text(language))
            for name, language in part.region.named
            if len(domain) > 1 or language != domain[0].language(name)
        ]
        yield PartAnswer(
            where=tuple(told_apart),
            team=part.team,
            receivers=part.receivers,
            verdict=part.deciding.verdict,
            reason=part.deciding.reason,
            witness=tuple(sorted(part.region.witness().items())),
        )


def unsent(sent: Sent) -> Conclusion:
    """Of a rule of which no alert is sent at all."""
    step = sent.dropped_by
    reason = "it never fires: what its expression compares or joins never has the same labels"
    cause: Cause = "never fires"
    if step is not None:
        cause = "nothing is sent"
        where = f"{step.span.file}:{step.span.line}"
        reason = f"alert_relabel_configs drop every alert of it ({where}): nobody is told"
    judgement = Judgement(Verdict.REFUTED, reason, cause)
    properties = dict.fromkeys(ALWAYS_JUDGED, NOT_APPLICABLE) | {Property.ANSWERED: judgement}
    return Conclusion(
        team=None,
        receivers=(),
        informed=(),
        properties=tuple(properties.items()),
        judgement=judgement,
        shown_by=None,
        open_label=None,
    )


def dropped(step: Relabelling) -> tuple[str, Cause, str | None]:
    labels = " and ".join(step.source_labels) or "none"
    reason = (
        f"not decided: label {labels} (alert_relabel_configs at {step.span.file}:"
        f"{step.span.line} may drop alerts by it, and nobody is told of them)"
    )
    return (
        reason,
        "undecided",
        step.source_labels[0] if step.source_labels else None,
    )


def undecided(reason: str, cause: Cause, open_label: str | None = None) -> Conclusion:
    judgement = Judgement(Verdict.UNKNOWN, reason, cause)
    return Conclusion(
        team=None,
        receivers=(),
        informed=(),
        properties=tuple((of, judgement) for of in ALWAYS_JUDGED),
        judgement=judgement,
        shown_by=None,
        open_label=open_label,
    )
