"""The label sets that a rule's alerts have when they get to Alertmanager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from buckstop.document.versions import Version
from buckstop.language import ABSENT, region
from buckstop.language.domains import Domain, is_bounded_openly, narrowed, simplified
from buckstop.language.sets import EVERYTHING, Finite
from buckstop.prometheus import PrometheusConfig, Relabelling
from buckstop.prometheus.model import AlertingRule
from buckstop.prometheus.names import METRIC_NAME_LABEL
from buckstop.prometheus.relabelling import DOT_MATCHES_NEWLINE
from buckstop.promql.domains import ExpressionDomains, RecordedDomains, Recording
from buckstop.prover.alert_domain import alert_domain, sent_domain
from buckstop.prover.carriers import supplies
from buckstop.prover.dropping import dropping_step
from buckstop.prover.label_environment import LabelEnvironment, bounded

FILLED_BY_RULE: Final = "the rule fills it when it fires"
SUPPLIED_BY_EXPRESSION: Final = "the expression may supply it"
NOT_SET: Final = "the rule does not set it"
RELABELLED: Final = "alert_relabel_configs may change it"
FILLED_BY_ENVIRONMENT: Final = (
    "its external label holds `$`, which Prometheus fills from its environment"
)
"""Since 3.0 in every case, before that where a feature flag asks for it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What of a rule's alerts is sent to Alertmanager.

    Attributes:
        domain: their label sets, of the labels that matter; empty where none is sent.
        dropped_by: the step of ``alert_relabel_configs`` by which some may not be sent, or None.
    """

    domain: Domain
    dropped_by: Relabelling | None = None


@dataclass(slots=True)
class Domains:
    """Says of rules which label sets their alerts can have, under A1, and A2 without `config`.

    Attributes:
        asked: the labels that matter.
        config: of the server that runs the rules, or None.
        version: of that server; None: any that is supported.
        carriers: names of series made by the files that may have the team label.
        environment: label to the values that series may have, where a file says so.
        recordings: the rules that record series, which expressions are followed to.
        follows_recordings: whether what was said of some rule rests on A3.
    """

    team_label: str
    asked: frozenset[str]
    config: PrometheusConfig | None
    version: Version | None
    carriers: AbstractSet[str]
    environment: LabelEnvironment = field(default_factory=dict)
    recordings: Iterable[Recording] = ()
    follows_recordings: bool = field(default=False, init=False)
    _expressions: ExpressionDomains = field(init=False)
    _external: Mapping[str, str] = field(init=False)
    _sent: dict[tuple[str, ...], Sent] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        dot_newline = None if self.version is None else self.version >= DOT_MATCHES_NEWLINE
        recorded = RecordedDomains(self.recordings, dot_newline=dot_newline)
        self._expressions = ExpressionDomains(recorded, dot_newline=dot_newline)
        labels = () if self.config is None else self.config.external_labels
        self._external = {name: value for name, value in labels if value}

    def sent(self, rule: AlertingRule, carried: Mapping[str, str]) -> Sent:
        """What is sent of `rule`: of one alert, where the labels it `carried` are given."""
        if not self._is_relabelled():
            values = self._values(rule) if self._external.keys().isdisjoint(self.asked) else None
            if values is None:
                return Sent(_narrowed(self._projected(self.whole(rule)), rule, carried)[0])
            if values not in self._sent:
                self._sent[values] = Sent(
                    (region(dict(zip(self.asked, map(_single, values), strict=True))),)
                )
            plain = self._sent[values]
            return Sent(_narrowed(plain.domain, rule, carried)[0]) if carried else plain
        assert self.config is not None
        dropped_by = dropping_step(self._alerts(rule), self.config, self.version, self.asked)
        return Sent(_narrowed(self._projected(self.whole(rule)), rule, carried)[0], dropped_by)

    def not_carried(self, rule: AlertingRule, carried: Mapping[str, str]) -> tuple[str, ...]:
        """The labels of `carried` whose value no alert of `rule` has, by all that is known."""
        return _narrowed(self.whole(rule), rule, carried)[1]

    def whole(self, rule: AlertingRule) -> Domain:
        """All that is known of the label sets of `rule`'s alerts, those labels included that no
        route asks for.
        """
        alerts = self._alerts(rule)
        if self.config is None:
            return alerts
        # Groups of Alertmanagers that are sent the same are of no account apart.
        groups = {
            group.alert_relabel_configs: group
            for group in self.config.alertmanagers
            if group.is_reached
        }
        return simplified(
            one
            for group in groups.values()
            for one in sent_domain(alerts, self.config, group, self.version, self.asked)
        )

    def sent_of(self, rule: AlertingRule, names: AbstractSet[str]) -> Domain:
        """What is sent of `rule`, of the labels `names` alone."""
        fixed = rule.static_labels
        if self.config is None and names <= fixed.keys():
            return (region({name: _single(fixed[name]) for name in names}),)
        return simplified(
            region({name: one.language(name) for name in names}) for one in self.whole(rule)
        )

    def _values(self, rule: AlertingRule) -> tuple[str, ...] | None:
        """What is `asked`, where the rule's own labels settle all of it; else None."""
        fixed = rule.static_labels
        if not self.asked - {self.team_label} <= fixed.keys():
            return None
        written = rule.label(self.team_label)
        if self.team_label not in fixed and not (
            self._lacks_team(rule) if written is None else written.text == ""
        ):
            return None
        return tuple([fixed.get(name, "") for name in self.asked])

    def _lacks_team(self, rule: AlertingRule) -> bool:
        """Whether A1 says that the series have no team label.

        It does not of a rule that sets the label itself, and may copy that of the series elsewhere.
        """
        return (
            rule.label(self.team_label) is None
            and self.team_label not in self.environment
            and not supplies(rule.expr, self.team_label, self.carriers)
        )

    def _series(self, rule: AlertingRule) -> Domain:
        series = self._of_expression(rule.expr)
        if self._lacks_team(rule):
            lacking = (narrowed(one, self.team_label, ABSENT) for one in series)
            series = tuple(one for one in lacking if one is not None)
        return bounded(series, self.environment) if self.environment else series

    def _of_expression(self, expr: str) -> Domain:
        if not self.follows_recordings and self._expressions.series_followed(expr):
            self.follows_recordings = True
        # Templates see the name of a series, and of that the domain says nothing.
        return tuple(
            one.replaced(METRIC_NAME_LABEL, EVERYTHING) for one in self._expressions.domain(expr)
        )

    def _alerts(self, rule: AlertingRule) -> Domain:
        """The label sets of `rule`'s alerts before the server relabels them."""
        return alert_domain(self._series(rule), rule, self.config, self.version)

    def _projected(self, domain: Domain) -> Domain:
        """`domain`, of the labels that are asked for alone."""
        names = (*self.asked, *_telling_apart(domain))
        return simplified(region({name: one.language(name) for name in names}) for one in domain)

    def _is_relabelled(self) -> bool:
        return self.config is not None and self.config.relabelled is not None

    def why_open(self, rule: AlertingRule, name: str) -> str:
        """Why it is not known which value the label `name` has."""
        if self._is_relabelled():
            return RELABELLED
        if "$" in self._external.get(name, "") and rule.static_labels.get(name) is None:
            return FILLED_BY_ENVIRONMENT
        if name in rule.templated_labels:
            return FILLED_BY_RULE
        return SUPPLIED_BY_EXPRESSION if name == self.team_label else NOT_SET

    def external_team(self, rule: AlertingRule) -> str:
        """The team that the server gives to alerts of `rule`, which names none; else empty."""
        given = self._external.get(self.team_label, "")
        return "" if given and rule.static_labels.get(self.team_label) else given


def _single(value: str) -> Finite:
    return Finite(frozenset({value}))


def _narrowed(
    sent: Domain, rule: AlertingRule, carried: Mapping[str, str]
) -> tuple[Domain, tuple[str, ...]]:
    """What of `sent` is so of the alert that `carried` these labels, where `rule` fixes none.

    And the names of those labels that are so of nothing in `sent`; they narrow nothing.
    """
    outside: list[str] = []
    for name, value in carried.items():
        if name not in rule.static_labels:
            given = (narrowed(one, name, _single(value)) for one in sent)
            inside = tuple(one for one in given if one is not None)
            if not inside:
                outside.append(name)
            sent = inside or sent
    return sent, tuple(outside)


def _telling_apart(domain: Domain) -> frozenset[str]:
    """The labels whose value decides in which region of `domain` an alert is, and is not listed.

    Which regions there are alerts of is not known then, though no route asks for these labels.
    """
    if len(domain) == 1:
        return frozenset()
    return frozenset(
        name
        for one in domain
        for name, language in one.named
        if is_bounded_openly(language) and any(other.language(name) != language for other in domain)
    )
