"""The route tree: from an alert's labels to the team that answers, with nobody left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from buckstop.alertmanager.copies import COPY_LABEL, COPY_MARK, INCIDENT_LABEL, SEQUENCE_LABEL
from buckstop.charter.model import Charter, ExistingAlert, Team
from buckstop.compiler.manifest import ManifestAlert
from buckstop.compiler.ownership import Answer, Table, entry_answer
from buckstop.compiler.receivers import (
    LEDGER_RECEIVER,
    NOT_ACCOUNTABLE,
    accountable_receiver,
    inform_receiver,
    own_severities,
)
from buckstop.compiler.rule import TEAM_LABEL
from buckstop.document import Emittable
from buckstop.prometheus import format_duration

GROUP_BY: Final = (TEAM_LABEL, "model", "severity", "fault", "alertname")
"""Alerts of different teams, models and severities are never one notification."""

LEDGER_GROUP_INTERVAL_SECONDS: Final = 10.0
"""The ledger hears of a resolution this soon; the 5 minutes of a pager would be inherited."""
LONGEST_REPEAT_SECONDS: Final = 3600.0
"""What was lost on the way, and incidents that fall back to a team, come again within the hour."""

NO_SEVERITY: Final = ""
"""An alert without a declared severity: rows that ask for one do not apply to it."""

Matchers = list[str]


def write_route(
    charter: Charter, alerts: Iterable[ManifestAlert], table: Table
) -> tuple[dict[str, Emittable], frozenset[str]]:
    """The whole tree, and the ids of the teams that it informs of something."""
    defaults = charter.defaults
    default_team = charter.team(charter.otherwise.accountable)
    informed = informed_routes(charter, alerts)
    entries = [_entry_route(entry, charter, table) for entry in charter.alerts]
    teams = {team for team, _ in informed} | set(charter.otherwise.inform)
    teams |= {
        team
        for entry in charter.alerts
        for answer in _answers(entry, charter, table).values()
        for team in answer.inform
    }
    routes = [
        *([_ledger_route(charter)] if charter.ledger is not None else []),
        *([_copies_route(charter)] if reroutes(charter) else []),
        # Before the informed routes, which ask for labels that only generated rules set: an entry
        # decides alone, and says itself whom it informs.
        *entries,
        *(
            {"receiver": inform_receiver(charter.team(team)), **_when(matchers), "continue": True}
            for team, matchers in informed
        ),
        *(_team_route(team, [_equals(TEAM_LABEL, team.id)]) for team in charter.teams),
        # Without it, the observers above would be the only ones to hear of an alert whose team is
        # misspelt or missing: a matched child keeps its parent's own receiver from being used.
        _node(
            [],
            accountable_receiver(default_team, NO_SEVERITY),
            (charter.team(team) for team in charter.otherwise.inform if team != default_team.id),
            _by_severity(default_team),
        ),
    ]
    root: dict[str, Emittable] = {
        "receiver": accountable_receiver(default_team, NO_SEVERITY),
        "group_by": list(GROUP_BY),
        "group_wait": format_duration(defaults.group_wait_seconds),
        "group_interval": format_duration(defaults.group_interval_seconds),
        "repeat_interval": format_duration(_repeat_seconds(charter)),
        "routes": routes,
    }
    return root, frozenset(teams)


def informed_routes(
    charter: Charter, alerts: Iterable[ManifestAlert]
) -> tuple[tuple[str, Matchers], ...]:
    """Who is told of which generated alerts, in as few routes as say exactly that.

    A team is told of (fault, severity, model). Models are named only where not all models with
    such alerts are meant, and severities with the same models share a route.
    """
    with_alerts: dict[tuple[str, str], set[str]] = defaultdict(set)
    told: dict[str, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for alert in alerts:
        labels = dict(alert.labels)
        if "model" not in labels:
            continue
        kind = (labels["fault"], labels["severity"])
        with_alerts[kind].add(labels["model"])
        for team in alert.inform:
            told[team][kind].add(labels["model"])
    routes: list[tuple[str, Matchers]] = []
    for team in (team.id for team in charter.teams if team.id in told):
        # Fault and models to the severities that share them.
        shared: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
        for fault, severity in sorted(told[team], key=lambda kind: _rank(kind, charter)):
            models = told[team][fault, severity]
            named = () if models == with_alerts[fault, severity] else tuple(sorted(models))
            shared[fault, named].append(severity)
        for (fault, named), severities in shared.items():
            matchers = [_equals("fault", fault), _one_of("severity", severities)]
            # No model at all would be somebody else's alert with the same fault and severity.
            matchers.append(_one_of("model", named) if named else 'model=~".+"')
            routes.append((team, matchers))
    return tuple(routes)


def _rank(kind: tuple[str, str], charter: Charter) -> tuple[int, int]:
    fault, severity = kind
    return charter.faults.index(fault), charter.severities.index(severity)


def _ledger_route(charter: Charter) -> Emittable:
    defaults = charter.defaults
    interval = min(LEDGER_GROUP_INTERVAL_SECONDS, defaults.group_interval_seconds)
    repeat = min(LONGEST_REPEAT_SECONDS, defaults.repeat_interval_seconds)
    return {
        "receiver": LEDGER_RECEIVER,
        "continue": True,
        "group_by": ["..."],
        "group_wait": "0s",
        "group_interval": format_duration(interval),
        "repeat_interval": format_duration(repeat),
    }


def reroutes(charter: Charter) -> bool:
    """Whether the charter has accepted handovers led to the new team, or tries that out."""
    return charter.ledger is not None and charter.ledger.handover.reroute != "off"


def _copies_route(charter: Charter) -> Emittable:
    """The first route that decides: copies of handed over alerts, to the team in their label.

    Only the ledger's observer stands before it, so that the ledger hears of a copy that it never
    made.
    """
    default_team = charter.team(charter.otherwise.accountable)
    return {
        "receiver": accountable_receiver(default_team, NO_SEVERITY),
        **_when([_equals(COPY_LABEL, COPY_MARK)]),
        # A handover is one notification, however many alerts it takes along, and never waits for
        # another's group.
        "group_by": [INCIDENT_LABEL, SEQUENCE_LABEL],
        "group_wait": "0s",
        "repeat_interval": format_duration(_repeat_seconds(charter)),
        "routes": [_team_route(team, [_equals(TEAM_LABEL, team.id)]) for team in charter.teams],
    }


def _repeat_seconds(charter: Charter) -> float:
    """Within the hour where alerts are re-routed: falling back to a team must not be silent."""
    seconds = charter.defaults.repeat_interval_seconds
    return min(LONGEST_REPEAT_SECONDS, seconds) if reroutes(charter) else seconds


def _team_route(team: Team, matchers: Matchers) -> dict[str, Emittable]:
    """To `team`, by severity where it has contacts for one."""
    return _node(matchers, accountable_receiver(team, NO_SEVERITY), (), _by_severity(team))


def _by_severity(team: Team) -> list[Emittable]:
    return [
        {
            "receiver": accountable_receiver(team, severity),
            **_when([_equals("severity", severity)]),
        }
        for severity in own_severities(team)
    ]


def _node(
    matchers: Matchers, receiver: str, informed: Iterable[Team], children: list[Emittable]
) -> dict[str, Emittable]:
    """A route; where it informs others, its own receiver becomes the explicit last child."""
    observers: list[Emittable] = [
        {"receiver": inform_receiver(team), "continue": True} for team in informed
    ]
    routes = [*observers, *children]
    if observers:
        routes.append({"receiver": receiver})
    return {
        "receiver": receiver,
        **_when(matchers),
        **({"routes": routes} if routes else {}),
    }


def _answers(entry: ExistingAlert, charter: Charter, table: Table) -> dict[str, Answer]:
    """Who answers for the alerts of an entry, by severity; `NO_SEVERITY` for all others."""
    severities = (NO_SEVERITY, *charter.severities)
    if entry.not_accountable is not None:
        return {}
    if entry.accountable is not None:
        answer = entry_answer(entry, entry.accountable, entry.inform)
        return dict.fromkeys(severities, answer)
    assert entry.fault is not None, "an entry says one of three"
    model = next((model for model in charter.models if model.id == entry.model), None)
    return {
        severity: _informing_too(table.answer(entry.fault, severity, model), entry)
        for severity in severities
    }


def _informing_too(answer: Answer, entry: ExistingAlert) -> Answer:
    more = tuple(team for team in entry.inform if team not in {answer.team, *answer.inform})
    return replace(answer, inform=(*answer.inform, *more))


def entry_answers(
    entry: ExistingAlert, charter: Charter, table: Table
) -> tuple[tuple[str | None, Answer], ...]:
    """The distinct answers of an entry in the order of its routes: by severity, then for the rest.

    Empty for an entry that nobody answers for.
    """
    answers = _answers(entry, charter, table)
    if not answers:
        return ()
    rest = answers.pop(NO_SEVERITY)
    special = [
        (severity, answer) for severity, answer in answers.items() if not _same(answer, rest)
    ]
    return (*special, (None, rest))


def _same(one: Answer, other: Answer) -> bool:
    return (one.team, one.inform) == (other.team, other.inform)


def _entry_route(entry: ExistingAlert, charter: Charter, table: Table) -> Emittable:
    matchers = [_equals(name, value) for name, value in entry.match]
    answers = entry_answers(entry, charter, table)
    if not answers:
        return {"receiver": NOT_ACCOUNTABLE, **_when(matchers)}
    *special, (_, rest) = answers
    decided = {severity for severity, _ in special}
    rest_team = charter.team(rest.team)
    children: list[Emittable] = [
        _node(
            [_equals("severity", severity or NO_SEVERITY)],
            accountable_receiver(charter.team(answer.team), severity or NO_SEVERITY),
            (charter.team(team) for team in answer.inform),
            [],
        )
        for severity, answer in special
    ]
    by_severity: list[Emittable] = [
        {
            "receiver": accountable_receiver(rest_team, severity),
            **_when([_equals("severity", severity)]),
        }
        for severity in own_severities(rest_team)
        if severity not in decided
    ]
    receiver = accountable_receiver(rest_team, NO_SEVERITY)
    informed = tuple(charter.team(team) for team in rest.inform)
    if not children:
        return _node(matchers, receiver, informed, by_severity)
    # The severities that others answer for come first and stop the walk, so that only the rest
    # informs those who are to be told of the rest.
    return _node(matchers, receiver, (), [*children, _node([], receiver, informed, by_severity)])


def _equals(name: str, value: str) -> str:
    return f'{name}="{_escaped(value)}"'


def _one_of(name: str, values: Iterable[str]) -> str:
    chosen = list(values)
    if len(chosen) == 1:
        return _equals(name, chosen[0])
    pattern = "|".join(re.escape(value) for value in chosen)
    return f'{name}=~"{_escaped(pattern)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _when(matchers: Matchers) -> dict[str, Emittable]:
    return {"matchers": list(matchers)} if matchers else {}
