"""From the judgements of its parts to the verdict of a rule: refuted, or only not decided?

A part for which nobody answers refutes the rule if an alert of the rule certainly may lie in it.
Whether one may is known of labels whose values are listed. Where a part is told from its
neighbours by a label that may have any value, or by a pattern, the rule is not decided, unless the
neighbours are refuted too: then every value of that label shows the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from buckstop.language import Region
from buckstop.language.sets import Finite
from buckstop.prover.model import NOT_APPLICABLE, Judgement, Property, Verdict
from buckstop.prover.parts import Part

WhyOpen = Callable[[str], str]
"""Says of a label why it is not known which values it has."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A part, and what it says of the rule.

    Attributes:
        judgement: what decides of it; refuted only if the rule may certainly send such an alert.
        open_label: the label whose value would decide, or None.
    """

    part: Part
    judgement: Judgement
    properties: Mapping[Property, Judgement]
    open_label: str | None = None


def settled(domain: Region, parts: Sequence[Part], why_open: WhyOpen) -> tuple[Settled, ...]:
    """What each of `parts`, which together are `domain`, says of the rule."""
    return tuple(_settled(domain, part, parts, why_open) for part in parts)


def _settled(domain: Region, part: Part, parts: Sequence[Part], why_open: WhyOpen) -> Settled:
    refuted = [judged for judged in part.properties.values() if judged.verdict is Verdict.REFUTED]
    if not refuted and part.deciding.verdict is not Verdict.REFUTED:
        return Settled(part, part.deciding, part.properties)
    label = _told_apart_by(domain, part)
    near = (one for one in parts if _may_meet(domain, part, one))
    if label is None or all(one.deciding.verdict is Verdict.REFUTED for one in near):
        return Settled(part, part.deciding, part.properties)
    open_ = Judgement(Verdict.UNKNOWN, why_open(label), "undecided")
    return Settled(
        part,
        open_ if part.deciding.verdict is Verdict.REFUTED else part.deciding,
        {
            of: open_ if judged.verdict is Verdict.REFUTED else judged
            for of, judged in part.properties.items()
        },
        label,
    )


def _told_apart_by(domain: Region, part: Part) -> str | None:
    """The first label that may have any value in `domain` and only some of them in `part`."""
    for name, language in part.region.named:
        before = domain.language(name)
        if language != before and not isinstance(before, Finite):
            return name
    return None


def _may_meet(domain: Region, part: Part, other: Part) -> bool:
    """Whether some alert of `part` has the same listed labels as one of `other`."""
    return all(
        not isinstance(language, Finite) or _finite(part.region, name) & _finite(other.region, name)
        for name, language in domain.named
    )


def _finite(region: Region, name: str) -> frozenset[str]:
    language = region.language(name)
    assert isinstance(language, Finite), "a part of a finite language is finite"
    return language.strings


def properties_of(settled_parts: Iterable[Settled]) -> dict[Property, Judgement]:
    """Each property of a rule: what is worst of it in any part; proven where it is in some."""
    found: dict[Property, Judgement] = {}
    for one in settled_parts:
        for of, judged in one.properties.items():
            before = found.get(of, NOT_APPLICABLE)
            if _RANK[judged.verdict] > _RANK[before.verdict]:
                found[of] = judged
            else:
                found.setdefault(of, before)
    return found


_RANK = {
    Verdict.NOT_APPLICABLE: 0,
    Verdict.PROVEN: 1,
    Verdict.UNKNOWN: 2,
    Verdict.REFUTED: 3,
}


def deciding(settled_parts: Sequence[Settled]) -> Settled | None:
    """The part that decides: the first that refutes, else the first not decided, else None.

    Of those not decided, one that a label would decide comes first: it says what to look for.
    """
    refuting = (one for one in settled_parts if one.judgement.verdict is Verdict.REFUTED)
    unknown = [one for one in settled_parts if one.judgement.verdict is Verdict.UNKNOWN]
    by_label = (one for one in unknown if one.open_label is not None)
    return next(chain(refuting, by_label, unknown), None)
