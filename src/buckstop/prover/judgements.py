"""What is judged of the receivers that a rule's alerts reach: one function a property."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from buckstop.alertmanager.coverage import NotDecided
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.prover.known import Known
from buckstop.prover.model import (
    ALWAYS_JUDGED,
    NOT_APPLICABLE,
    PROVEN,
    Judgement,
    Property,
    Verdict,
    conjunction,
)
from buckstop.prover.ownership import Claim, Ownership, paged_teams
from buckstop.prover.told_times import (
    NO_CLOCK,
    has_intervals,
    said_gaps,
    said_moment,
    told_by,
)


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom a rule's alerts reach, and what is known of them.

    Attributes:
        since: the day of UTC from which on the team must be told.
    """

    claims: tuple[Claim, ...]
    known: Known
    ownership: Ownership
    team_label: str
    since: date = NO_CLOCK

    @property
    def accountable(self) -> tuple[Claim, ...]:
        """The receivers of those who answer."""
        return tuple(found for found in self.claims if found.kind == "accountable")

    @property
    def teams(self) -> tuple[str, ...]:
        """Those who answer, or believe so since their own receiver is told too; each once."""
        return paged_teams(self.claims)

    @property
    def is_nobodys(self) -> bool:
        """Whether the alerts end where a file says that nobody needs to answer."""
        kinds = {found.kind for found in self.claims}
        return "not accountable" in kinds and kinds <= {"not accountable", "informed"}


def judge(
    reached: Reached, config: AlertmanagerConfig, delivers: Mapping[str, Judgement]
) -> tuple[dict[Property, Judgement], Judgement]:
    """Each property, and the judgement that decides.

    Args:
        delivers: receiver to whether it can deliver.
    """
    if reached.is_nobodys and (wrong := _named_for_nobody(reached)) is not None:
        return dict.fromkeys(ALWAYS_JUDGED, NOT_APPLICABLE) | {Property.AGREES: wrong}, wrong
    if reached.is_nobodys:
        nobody = Judgement(Verdict.PROVEN, "nobody needs to answer", "nobody needs to answer")
        return dict.fromkeys(ALWAYS_JUDGED, NOT_APPLICABLE), nobody
    properties = {
        Property.ANSWERED: _answered(reached),
        Property.SINGLE: _single(reached),
        Property.AGREES: _agrees(reached),
        Property.DELIVERS: _delivers(reached, delivers),
        Property.ALWAYS: _always(reached, config),
    }
    return properties, conjunction(properties.values())


def _named_for_nobody(reached: Reached) -> Judgement | None:
    """What is wrong where nobody needs to answer and yet the rule names a team; None for nothing.

    A team that the server's external labels give to every alert alike is not named by the rule.
    """
    known = reached.known
    if known.team is None or known.is_team_external:
        return None
    only = ", ".join(dict.fromkeys(found.receiver for found in reached.claims))
    return Judgement(
        Verdict.REFUTED,
        f"it names {known.team}, but only {only} is told, where nobody needs to answer",
        "nobody answers",
    )


def _answered(reached: Reached) -> Judgement:
    if any(found.kind == "accountable" for found in reached.claims):
        return PROVEN
    for found in reached.claims:
        if found.kind == "shared":
            return _shared(found, reached.ownership)
    open_claims = [found for found in reached.claims if found.kind in {"not known", "in passing"}]
    if open_claims:
        return Judgement(
            Verdict.UNKNOWN,
            f"whose receiver {open_claims[0].receiver} is, no route says; name it with --teams",
            "owner not known",
        )
    only = ", ".join(dict.fromkeys(found.receiver for found in reached.claims)) or "nobody"
    told = f"only {only} is told, and that is no team's"
    known = reached.known
    if known.team is None:
        return Judgement(
            Verdict.REFUTED, f"it names no {reached.team_label}; {told}", "no team label"
        )
    if known.team not in reached.ownership.teams:
        return Judgement(
            Verdict.REFUTED, f"no route knows the team {known.team}; {told}", "team without route"
        )
    return Judgement(Verdict.REFUTED, told, "nobody answers")


def _agrees(reached: Reached) -> Judgement:
    known = reached.known
    if not reached.accountable:
        return NOT_APPLICABLE
    if known.team is None:
        return NOT_APPLICABLE
    for found in reached.accountable:
        if found.team != known.team:
            return Judgement(
                Verdict.REFUTED,
                f"it names {known.team}, but {found.receiver} is {found.team}'s",
                "another team",
            )
    return PROVEN


def _single(reached: Reached) -> Judgement:
    if not reached.accountable:
        return NOT_APPLICABLE
    if len(reached.teams) > 1:
        both = " and ".join(reached.teams)
        return Judgement(Verdict.REFUTED, f"{both} would both answer", "several teams")
    for found in reached.claims:
        if found.kind == "shared":
            return _shared(found, reached.ownership)
        if found.kind in {"not known", "catch-all"}:
            return Judgement(
                Verdict.UNKNOWN,
                f"{found.receiver} is told too, and no route says whose it is; "
                "name it with --teams",
                "owner not known",
            )
    return PROVEN


def _shared(found: Claim, ownership: Ownership) -> Judgement:
    teams = ownership.led_to[found.receiver]
    listed = f"{', '.join(teams[:-1])} and {teams[-1]}"
    return Judgement(
        Verdict.UNKNOWN,
        f"the routes lead to {found.receiver} for {listed} alike; "
        "say whose it is with --teams FILE",
        "owner not known",
    )


def _delivers(reached: Reached, delivers: Mapping[str, Judgement]) -> Judgement:
    """Of those who answer; where nobody does, of those who would be told."""
    judged = reached.accountable or tuple(
        found for found in reached.claims if found.kind != "informed"
    )
    if not judged:
        return NOT_APPLICABLE
    return conjunction(delivers.get(found.receiver, PROVEN) for found in judged)


def _always(reached: Reached, config: AlertmanagerConfig) -> Judgement:
    """Mute and active intervals count on the route that notifies; they are not inherited."""
    if not reached.accountable:
        return NOT_APPLICABLE
    telling: dict[str | None, list[Claim]] = {}
    for found in reached.accountable:
        telling.setdefault(found.team, []).append(found)
    return conjunction(
        _team_always(str(team), found, config, reached.since) for team, found in telling.items()
    )


def _team_always(
    team: str, telling: Sequence[Claim], config: AlertmanagerConfig, since: date
) -> Judgement:
    route = next((one.match.route for one in telling if has_intervals(one.match.route)), None)
    if route is None:
        return PROVEN
    told = told_by(config, (one.match for one in telling), since)
    where = f"time intervals of the route at {route.span.file}:{route.span.line}"
    if isinstance(told, NotDecided):
        reason = f"not decided: {where} ({told.reason})"
        return Judgement(Verdict.UNKNOWN, reason, "muted at times")
    if told.untold_at is None:
        return PROVEN
    return Judgement(
        Verdict.REFUTED,
        f"nobody of {team} is told {said_gaps(told)}, such as at {said_moment(told.untold_at)} "
        f"({where})",
        "muted at times",
    )
