"""Who answers for each rule, as far as the labels that the rule itself sets decide it.

The walk is concrete with holes (`Router.explore`): the rule's own static labels are known, the
team label is known to be absent where the rule does not set it (assumption A1), anything else may
be anything. Where one of those holes would decide, the answer is "not decided", with the label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from buckstop.alertmanager import Decided, Explored, RouteMatch, Router, Undecided
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.prometheus import PrometheusConfig
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.model import (
    ALWAYS_JUDGED,
    NOT_APPLICABLE,
    PROVEN,
    Cause,
    Judgement,
    Property,
    RuleAnswer,
    Verdict,
    conjunction,
)
from buckstop.prover.ownership import Claim, Ownership, claim, nodes_on
from buckstop.prover.team_label import routes_of


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the labels of a rule's alerts.

    Attributes:
        labels: name to the value that every alert of the rule has.
        absent: names that no alert of the rule has.
        team: the value of the team label; None where it is absent or open.
        team_open: whether the team label's value is known only when the alert fires.
    """

    labels: Mapping[str, str]
    absent: frozenset[str]
    team: str | None
    team_open: bool


def known_labels(
    rule: AlertingRule,
    team_label: str,
    prometheus: PrometheusConfig | None,
    carried: Mapping[str, str] | None = None,
) -> Known:
    """The labels of `rule`'s alerts under A1, and under A2 where `prometheus` is None.

    `carried` are labels of one alert at hand, for those that the rule leaves to the series.
    """
    labels = {**(carried or {}), **rule.static_labels}
    external = {} if prometheus is None else dict(prometheus.external_labels)
    # A label that the rule sets to nothing is dropped, whatever the series say.
    absent = {name for name, value in rule.labels if value.text == "" and not external.get(name)}
    labels = {name: value for name, value in labels.items() if name not in absent}
    team_open = team_label in rule.templated_labels and team_label not in labels
    if team_label not in labels and not team_open:
        if external.get(team_label):
            labels[team_label] = external[team_label]
        else:
            absent.add(team_label)
    return Known(labels, frozenset(absent), labels.get(team_label), team_open)


@dataclass(slots=True)
class Answers:
    """Answers rules on one configuration; rules that the tree cannot tell apart share a walk.

    Attributes:
        config: the routes; None where none were given.
        delivers: receiver to whether it can deliver.
        prometheus: the configuration of the server that runs the rules, or None.
        without_routes: why nothing is decided where there is no `config`.
    """

    config: AlertmanagerConfig | None
    router: Router | None
    ownership: Ownership
    team_label: str
    delivers: Mapping[str, Judgement]
    prometheus: PrometheusConfig | None
    without_routes: str
    _walks: dict[tuple[frozenset[tuple[str, str]], frozenset[str]], Explored] = field(
        default_factory=dict, init=False
    )
    _mentioned: frozenset[str] = field(default=frozenset(), init=False)

    def __post_init__(self) -> None:
        if self.config is not None:
            self._mentioned = frozenset(
                matcher.name for route in routes_of(self.config.route) for matcher in route.matchers
            )

    def answer(self, rule: AlertingRule, carried: Mapping[str, str] | None = None) -> RuleAnswer:
        """Who answers for `rule`; for one alert of it, where the labels it `carried` are given."""
        known = known_labels(rule, self.team_label, self.prometheus, carried)
        if self.config is None or self.router is None:
            return _open(rule, known, self.without_routes, "no routes")
        if self.prometheus is not None and self.prometheus.relabelled is not None:
            where = self.prometheus.relabelled
            return _open(
                rule,
                known,
                f"not decided: alert_relabel_configs ({where.file}:{where.line}) "
                "may change any label",
                "undecided",
            )
        explored = self._explore(known)
        if isinstance(explored, Undecided):
            span = explored.matcher.span
            return _open(
                rule,
                known,
                f"not decided: label {explored.label} (asked for at {span.file}:{span.line}; "
                "the rule does not set it)",
                "undecided",
            )
        return self._decided(rule, known, self.config, explored)

    def routes(
        self, rule: AlertingRule, carried: Mapping[str, str] | None = None
    ) -> tuple[RouteMatch, ...]:
        """The routes that alerts of `rule` take; none where that is not decided."""
        if self.router is None:
            return ()
        explored = self._explore(known_labels(rule, self.team_label, self.prometheus, carried))
        return explored.matches if isinstance(explored, Decided) else ()

    def _explore(self, known: Known) -> Explored:
        assert self.router is not None
        labels = {name: value for name, value in known.labels.items() if name in self._mentioned}
        key = (frozenset(labels.items()), known.absent)
        if key not in self._walks:
            self._walks[key] = self.router.explore(known=labels, absent=known.absent)
        return self._walks[key]

    def _decided(
        self, rule: AlertingRule, known: Known, config: AlertmanagerConfig, explored: Decided
    ) -> RuleAnswer:
        claims = tuple(
            claim(self.ownership, config, match, self.team_label, known.team)
            for match in explored.matches
        )
        accountable = tuple(found for found in claims if found.kind == "accountable")
        teams = tuple(dict.fromkeys(found.team for found in accountable))
        if (
            not accountable
            and claims
            and all(found.kind in {"not accountable", "informed"} for found in claims)
            and any(found.kind == "not accountable" for found in claims)
        ):
            properties = dict.fromkeys(ALWAYS_JUDGED, NOT_APPLICABLE)
            deciding = Judgement(Verdict.PROVEN, "nobody needs to answer", "nobody needs to answer")
        else:
            properties = {
                Property.ANSWERED: self._answered(claims, known),
                Property.SINGLE: self._single(accountable, claims),
                Property.AGREES: self._agrees(accountable, known),
                Property.DELIVERS: self._delivers(claims),
                Property.ALWAYS: _always(config, accountable),
            }
            deciding = conjunction(properties.values())
        if deciding.verdict is Verdict.REFUTED:
            assert self.router is not None
            told = tuple(match.receiver for match in self.router.route(known.labels))
            assert told == tuple(match.receiver for match in explored.matches), (
                "the walk with holes and the concrete walk must agree on the witness"
            )
        return RuleAnswer(
            alert=rule.alert,
            span=rule.span,
            severity=known.labels.get("severity"),
            model=known.labels.get("model"),
            team_value=known.team,
            team=teams[0] if len(teams) == 1 else None,
            receivers=tuple(match.receiver for match in explored.matches),
            informed=tuple(
                found.receiver
                for found in claims
                if found.kind == "informed" or (found.kind == "in passing" and accountable)
            ),
            properties=tuple(properties.items()),
            verdict=deciding.verdict,
            reason=deciding.reason,
            cause=deciding.cause,
            witness=(
                tuple(sorted(known.labels.items())) if deciding.verdict is Verdict.REFUTED else None
            ),
        )

    def _answered(self, claims: tuple[Claim, ...], known: Known) -> Judgement:
        if any(found.kind == "accountable" for found in claims):
            return PROVEN
        for found in claims:
            if found.kind == "shared":
                return self._shared(found)
        open_claims = [found for found in claims if found.kind in {"not known", "in passing"}]
        if open_claims:
            return Judgement(
                Verdict.UNKNOWN,
                f"whose receiver {open_claims[0].receiver} is, no route says; name it with --teams",
                "owner not known",
            )
        only = ", ".join(dict.fromkeys(found.receiver for found in claims)) or "nobody"
        if known.team is None and not known.team_open:
            return Judgement(
                Verdict.REFUTED,
                f"it names no {self.team_label}; only {only} is told, and that is no team's",
                "no team label",
            )
        if known.team is not None and known.team not in self.ownership.teams:
            return Judgement(
                Verdict.REFUTED,
                f"no route knows the team {known.team}; only {only} is told, and that is no team's",
                "team without route",
            )
        return Judgement(
            Verdict.REFUTED, f"only {only} is told, and that is no team's", "nobody answers"
        )

    def _agrees(self, accountable: tuple[Claim, ...], known: Known) -> Judgement:
        if not accountable:
            return NOT_APPLICABLE
        if known.team_open:
            return Judgement(
                Verdict.UNKNOWN,
                f"not decided: label {self.team_label} (the rule fills it when it fires)",
                "undecided",
            )
        if known.team is None:
            return NOT_APPLICABLE
        for found in accountable:
            if found.team != known.team:
                return Judgement(
                    Verdict.REFUTED,
                    f"it names {known.team}, but {found.receiver} is {found.team}'s",
                    "another team",
                )
        return PROVEN

    def _single(self, accountable: tuple[Claim, ...], claims: tuple[Claim, ...]) -> Judgement:
        if not accountable:
            return NOT_APPLICABLE
        teams = tuple(dict.fromkeys(str(found.team) for found in accountable))
        if len(teams) > 1:
            return Judgement(
                Verdict.REFUTED, f"{' and '.join(teams)} would both answer", "several teams"
            )
        for found in claims:
            if found.kind == "shared":
                return self._shared(found)
            if found.kind in {"not known", "catch-all"}:
                return Judgement(
                    Verdict.UNKNOWN,
                    f"{found.receiver} is told too, and no route says whose it is; "
                    "name it with --teams",
                    "owner not known",
                )
        return PROVEN

    def _shared(self, found: Claim) -> Judgement:
        teams = self.ownership.led_to[found.receiver]
        listed = f"{', '.join(teams[:-1])} and {teams[-1]}"
        return Judgement(
            Verdict.UNKNOWN,
            f"the routes lead to {found.receiver} for {listed} alike; "
            "say whose it is with --teams FILE",
            "owner not known",
        )

    def _delivers(self, claims: tuple[Claim, ...]) -> Judgement:
        """Of those who answer; where nobody does, of those who would be told."""
        accountable = [found for found in claims if found.kind == "accountable"]
        judged = accountable or [found for found in claims if found.kind != "informed"]
        if not judged:
            return NOT_APPLICABLE
        return conjunction(self.delivers.get(found.receiver, PROVEN) for found in judged)


def _always(config: AlertmanagerConfig, accountable: tuple[Claim, ...]) -> Judgement:
    """Mute and active intervals count on the route that notifies; they are not inherited."""
    if not accountable:
        return NOT_APPLICABLE
    for found in accountable:
        route = nodes_on(config.route, found.match.path)[-1]
        names: Mapping[str, Cause] = dict.fromkeys(
            (*route.mute_time_intervals, *route.active_time_intervals), "muted at times"
        )
        for name, cause in names.items():
            return Judgement(
                Verdict.UNKNOWN,
                f"not decided: time interval {name} on the route at "
                f"{route.span.file}:{route.span.line}",
                cause,
            )
    return PROVEN


def _open(rule: AlertingRule, known: Known, reason: str, cause: Cause) -> RuleAnswer:
    judgement = Judgement(Verdict.UNKNOWN, reason, cause)
    return RuleAnswer(
        alert=rule.alert,
        span=rule.span,
        severity=known.labels.get("severity"),
        model=known.labels.get("model"),
        team_value=known.team,
        team=None,
        receivers=(),
        informed=(),
        properties=tuple((of, judgement) for of in ALWAYS_JUDGED),
        verdict=Verdict.UNKNOWN,
        reason=reason,
        cause=cause,
        witness=None,
    )
