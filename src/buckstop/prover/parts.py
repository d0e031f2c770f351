"""The parts of what a rule can send that are judged alike, each with its judgement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from buckstop.alertmanager import Router
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.language import ABSENT, Language, Region, example, only
from buckstop.language.domains import split_by_values
from buckstop.language.sets import Finite
from buckstop.prover.judgements import Reached, judge
from buckstop.prover.known import Known
from buckstop.prover.model import Judgement, Property, Verdict
from buckstop.prover.ownership import Claim, Ownership, claim
from buckstop.prover.told_times import NO_CLOCK
from buckstop.prover.walk import Way, ways

if TYPE_CHECKING:
    # It brings the charter's libraries, which hand-written files do not need.
    from buckstop.prover.decided_cases import DecidedCases


MAX_CASES: Final = 10_000
"""Cases that are told apart in one region; beyond, a label with many values is taken as open."""


@dataclass(frozen=True, slots=True)
class Part:
    """Label sets that take the same routes, and of which the same is true.

    Attributes:
        way: the routes that they take.
        claims: what each receiver that they reach means for them.
        team: who answers for them, or None where nobody does or several would.
        receivers: in the order in which Alertmanager tells them, informed ones included.
        informed: those of `receivers` that are told and do not answer.
        properties: a judgement each.
        deciding: the judgement that decides.
    """

    region: Region
    way: Way
    claims: tuple[Claim, ...]
    team: str | None
    receivers: tuple[str, ...]
    informed: tuple[str, ...]
    properties: Mapping[Property, Judgement]
    deciding: Judgement


@dataclass(slots=True)
class Judge:
    """Judges regions on one configuration.

    Attributes:
        delivers: receiver to whether it can deliver.
        cases: the cases that a charter at hand decides, or None.
        since: the day of UTC from which on teams must be told.
    """

    config: AlertmanagerConfig
    router: Router
    ownership: Ownership
    team_label: str
    delivers: Mapping[str, Judgement]
    cases: DecidedCases | None = None
    since: date = NO_CLOCK
    _parts: dict[tuple[Region, str], tuple[Part, ...]] = field(default_factory=dict, init=False)

    def parts(self, region: Region, external_team: str) -> tuple[Part, ...]:
        """The parts of `region`, in the order of the routes.

        Args:
            external_team: the team label's value among the server's external labels, where the
                rule leaves it to them; else empty.

        Raises:
            Unwalked: if the walk is not decided.
        """
        key = (region, external_team)
        if key not in self._parts:
            self._parts[key] = tuple(
                self._judged(part, way, team, external_team, region)
                for way in ways(self.router.root, region)
                for case in self._by_case(way.region)
                for part, team in self._by_team(case)
            )
        return self._parts[key]

    def _by_case(self, region: Region) -> Iterator[Region]:
        """`region` by the cases of the charter that it lists: each may be another team's."""
        if self.cases is None:
            yield region
            return
        for part, _ in split_by_values(region, self.cases.labels, MAX_CASES):
            yield part

    def _by_team(self, region: Region) -> Iterator[tuple[Region, str]]:
        """`region` by the value of the team label: each that is known, and one for all others."""
        language = region.language(self.team_label)
        if isinstance(language, Finite):
            known = sorted(language.strings)
        else:
            known = [name for name in ("", *self.ownership.teams) if name in language]
        for name in known:
            yield region.replaced(self.team_label, only(name)), name
        if isinstance(language, Finite):
            return
        others: Language = language - only(*known)
        another = example(others)
        if another is not None:
            yield region.replaced(self.team_label, others), another

    def _judged(
        self, region: Region, way: Way, team: str, external_team: str, domain: Region
    ) -> Part:
        known = Known(
            labels={
                name: value
                for name, language in region.named
                if isinstance(language, Finite) and len(language.strings) == 1
                for value in language.strings
                if value
            },
            absent=frozenset(name for name, language in region.named if language == ABSENT),
            team=team or None,
            is_team_external=bool(team) and team == external_team,
        )
        reached = Reached(
            tuple(
                claim(self.ownership, self.config, match, self.team_label, known.team)
                for match in way.matches
            ),
            known,
            self.ownership,
            self.team_label,
            self.since,
        )
        properties, deciding = judge(reached, self.config, self.delivers)
        teams = reached.teams
        answering = teams[0] if len(teams) == 1 else None
        if self.cases is not None and answering and deciding.verdict is not Verdict.REFUTED:
            wrong = self.cases.disagreement(_given_by(domain, known), answering)
            if wrong is not None:
                properties, deciding = {**properties, Property.AGREES: wrong}, wrong
        return Part(
            region=region,
            way=way,
            claims=reached.claims,
            team=answering,
            receivers=tuple(match.receiver for match in way.matches),
            informed=tuple(
                found.receiver
                for found in reached.claims
                if found.kind == "informed" or (found.kind == "in passing" and teams)
            ),
            properties=properties,
            deciding=deciding,
        )


def _given_by(domain: Region, known: Known) -> Known:
    """`known` without the labels that only the series decide: a case is what a rule gives."""
    given = {
        name: value
        for name, value in known.labels.items()
        if isinstance(domain.language(name), Finite)
    }
    return replace(known, labels=given)
