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

from buckstop.language import NOTHING, Region
from buckstop.language.domains import Domain, is_bounded_openly
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


def settled(
    domain: Domain, parts: Sequence[Sequence[Part]], why_open: WhyOpen
) -> tuple[Settled, ...]:
    """What each part says of the rule; `parts` has those of each region of `domain`."""
    regions = tuple(zip(domain, parts, strict=True))
    return tuple(
        _settled(part, _deciding_label(region, part, regions), why_open)
        for region, of_region in regions
        for part in of_region
    )


def _settled(part: Part, label: str | None, why_open: WhyOpen) -> Settled:
    """What `part` says, where `label` decides whether there are such alerts, or None does."""
    if label is None:
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


def _deciding_label(
    region: Region, part: Part, regions: Sequence[tuple[Region, Sequence[Part]]]
) -> str | None:
    """The label that decides whether the rule sends alerts of `part`, which refutes something.

    None where that is certain, or where what it sends instead is refuted as well.
    """
    every = (*part.properties.values(), part.deciding)
    if all(judged.verdict is not Verdict.REFUTED for judged in every):
        return None
    for other, of_other in regions:
        label, near = _apart(region, other), of_other
        if other is region:
            label = _told_apart_by(region, part)
            near = [one for one in of_other if _may_meet(region, part, one)]
        if label and not all(one.deciding.verdict is Verdict.REFUTED for one in near):
            return label
    return None


def _apart(region: Region, other: Region) -> str | None:
    """The first label by which `region` is told from `other` though its values are not listed."""
    for name, language in region.named:
        if is_bounded_openly(language) and other.language(name) != language:
            return name
    return None


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
        not isinstance(language, Finite)
        or part.region.language(name) & other.region.language(name) != NOTHING
        for name, language in domain.named
    )


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
