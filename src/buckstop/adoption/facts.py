"""What existing rules and routes already say of accountability, as the parts of a charter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from buckstop.adoption.contacts import Shared, at
from buckstop.adoption.teams import SEVERITY_LABEL, StartTeam, Teams, team_id
from buckstop.alertmanager import walk_routes
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.prometheus.model import RuleFile
from buckstop.prover.checks.subject import Answered
from buckstop.prover.examination import examine
from buckstop.prover.given import Given
from buckstop.prover.ownership import teams_named

GRAVITY: Final = (
    "page", "emergency", "disaster", "critical", "crit", "sev0", "sev1", "p0", "p1", "fatal",
    "high", "error", "major", "sev2", "p2", "warning", "warn", "average", "medium", "sev3", "p3",
    "minor", "low", "sev4", "p4", "notice", "info", "none",
)  # fmt: skip
"""Words for severities from the gravest down, for an order to start from."""
DEFAULT_SEVERITIES: Final = ("critical", "major", "minor")
EVIDENCE: Final = {
    "latency": r"latency|slow|p9[059]|response.?time",
    "drift": r"drift|\bpsi\b|kolmogorov|\bks_",
    "quality": r"\bauc\b|rmse|accuracy|precision|recall|f1.?score|model.?quality",
    "availability": r"absent\(|\bup\b.*== *0|unavailab|availability|error.?rate|5xx",
    "traffic": r"traffic|no.?requests|requests?.?vanished",
}
"""Kind of fault to what in a rule's name or expression shows that it is meant."""
HEARTBEATS: Final = ("watchdog", "deadmansswitch", "deadmanssnitch", "infoinhibitor", "heartbeat")
"""Alerts that fire for ever by design, in small letters."""


@dataclass(frozen=True, slots=True)
class StartEntry:
    """An entry of ``alerts``; exactly one of the three answers is given."""

    match: tuple[tuple[str, str], ...]
    team: str | None
    fault: str | None
    not_accountable: str | None
    comment: str


@dataclass(frozen=True, slots=True)
class Start:
    """All that the files say.

    Attributes:
        rows: fault to the team that answers for every rule of that fault.
        unanswered: alerts that fall to the default team today; alert to why.
        undecided: alerts whose labels at run time decide; alert to why.
    """

    files: tuple[str, ...]
    team_label: str
    severities: tuple[str, ...]
    shared: Shared
    teams: tuple[StartTeam, ...]
    default_team: str
    default_comment: str
    rows: tuple[tuple[str, str], ...]
    entries: tuple[StartEntry, ...]
    unanswered: tuple[tuple[str, str], ...]
    undecided: tuple[tuple[str, str], ...]


def read_start(
    rule_files: tuple[RuleFile, ...], config: AlertmanagerConfig | None, files: tuple[str, ...]
) -> Start:
    """What `rule_files` and `config` say. `files` are their names, for comments."""
    examination = examine(Given(rule_files, config))
    teams = Teams(config, examination)
    default, default_comment = teams.default()
    rules = [(one, *_owner(one, teams, default)) for one in examination.rules]
    rows = _rows(rules)
    entries, unanswered, undecided = _entries(rules, rows, examination.team_label.name)
    return Start(
        files=files,
        team_label=examination.team_label.name,
        severities=_severities(rule_files, config),
        shared=teams.shared,
        teams=tuple(teams.by_id.values()),
        default_team=default,
        default_comment=default_comment,
        rows=tuple(rows.items()),
        entries=entries,
        unanswered=unanswered,
        undecided=undecided,
    )


def _owner(one: Answered, teams: Teams, default: str) -> tuple[str | None, str, str]:
    """Who answers for a rule: the team or None; ``team``, ``rest``, ``nobody`` or ``open``; why."""
    answer = one.answer
    if answer.alert.lower().replace("_", "") in HEARTBEATS:
        return None, "nobody", "it fires for ever by design; its absence is the alarm"
    if answer.team_value is not None:
        team, remark = teams.named(answer.team_value, default)
        return team, "team", remark
    if answer.team is not None:
        return team_id(answer.team), "team", ""
    if answer.cause == "undecided":
        return None, "open", answer.reason
    told = next((name for name in answer.receivers if name not in answer.informed), None)
    if told is not None and (team := teams.behind(told)) != default:
        return team, "team", ""
    return None, "rest", answer.reason


Owned = tuple[Answered, str | None, str, str]


def _rows(rules: Iterable[Owned]) -> dict[str, str]:
    """Kinds of fault for which all rules that show it have one team."""
    teams: dict[str, set[str]] = {}
    for one, team, _, _ in rules:
        fault = _fault(one)
        if fault and team:
            teams.setdefault(fault, set()).add(team)
    return {fault: next(iter(teams[fault])) for fault in EVIDENCE if len(teams.get(fault, ())) == 1}


def _entries(
    rules: list[Owned], rows: Mapping[str, str], team_label: str
) -> tuple[tuple[StartEntry, ...], tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    by_alert: dict[str, list[Owned]] = {}
    for owned in rules:
        by_alert.setdefault(owned[0].rule.alert, []).append(owned)
    entries: dict[tuple[tuple[str, str], ...], StartEntry] = {}
    unanswered: dict[str, str] = {}
    undecided: dict[str, str] = {}
    for alert, group in by_alert.items():
        several = len({team for _, team, _, _ in group}) > 1
        for one, team, kind, why in group:
            if kind == "rest":
                unanswered.setdefault(alert, why)
            elif kind == "open":
                undecided.setdefault(alert, why)
            elif several and not one.answer.team_value:
                undecided.setdefault(alert, "rules of this name have different teams")
            else:
                match: tuple[tuple[str, str], ...] = (("alertname", alert),)
                if several and one.answer.team_value:
                    match = (*match, (team_label, one.answer.team_value))
                entries.setdefault(match, _entry(one, match, team, rows, why))
    return tuple(entries.values()), tuple(unanswered.items()), tuple(undecided.items())


def _entry(
    one: Answered,
    match: tuple[tuple[str, str], ...],
    team: str | None,
    rows: Mapping[str, str],
    why: str,
) -> StartEntry:
    if team is None:
        return StartEntry(match, None, None, why, _place(one))
    fault = _fault(one)
    if fault is not None and rows.get(fault) == team:
        return StartEntry(match, None, fault, None, _joined(f"{team}, {_place(one)}", why))
    return StartEntry(match, team, None, None, _joined(_place(one), why))


def _fault(one: Answered) -> str | None:
    """The kind of fault that a rule's name and expression show; None where it is in doubt."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", one.rule.alert)
    text = f"{name} {one.rule.expr}".lower()
    found = [fault for fault, pattern in EVIDENCE.items() if re.search(pattern, text)]
    return found[0] if len(found) == 1 else None


def _severities(
    rule_files: Iterable[RuleFile], config: AlertmanagerConfig | None
) -> tuple[str, ...]:
    found = dict.fromkeys(_severity_words(rule_files, config))
    ranks = {word: rank for rank, word in enumerate(GRAVITY)}
    ordered = sorted(found, key=lambda word: ranks.get(word.lower(), len(ranks)))
    return tuple(ordered) or DEFAULT_SEVERITIES


def _severity_words(
    rule_files: Iterable[RuleFile], config: AlertmanagerConfig | None
) -> Iterator[str]:
    for rule_file in rule_files:
        for rule in rule_file.alerts:
            value = rule.static_labels.get(SEVERITY_LABEL)
            if value and value != "default":
                yield value
    for route in walk_routes(config.route) if config else ():
        for matcher in route.matchers:
            if matcher.name == SEVERITY_LABEL:
                yield from sorted(teams_named(matcher) or ())


def _place(one: Answered) -> str:
    return at(one.rule.span)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
