"""Label sets that try to show a proof wrong: inside what it speaks of, at the borders."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.differential import random_routes
from tests.differential.random_rules import Estate

from buckstop.alertmanager import Router, read
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.alertmanager.routing import RouteNode
from buckstop.document.versions import Version
from buckstop.language import Language, Region, example
from buckstop.prometheus import PrometheusConfig, read_config, read_rules, relabel, sent_labels
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.answers import Answers
from buckstop.prover.given import Declared, Given
from buckstop.prover.grounds import answers_on
from buckstop.prover.ownership import Holder, claim
from buckstop.prover.parts import Part

TEAM_LABEL = "team"
ANYWHERE = ("", "a", "b", "A", "\n", "a\n", " a", "unheard-of", *random_routes.VALUES[10:18])
UNASKED = ("pod", "instance", "zone")
"""Labels that no route asks for; a rule's series may have them."""

_DELIVERING = ", ".join(
    f"{{name: r{number}, webhook_configs: [{{url: 'http://127.0.0.1/r{number}'}}]}}"
    for number in range(random_routes.RECEIVERS)
)


@dataclass(frozen=True, slots=True)
class Proof:
    """An estate, read as a user's files are, and what answers its rules.

    Attributes:
        runs_on: the version of Prometheus that runs the rules; None: the newest.
    """

    estate: Estate
    answers: Answers
    config: AlertmanagerConfig
    router: Router
    rules: tuple[AlertingRule, ...]
    prometheus: PrometheusConfig | None
    runs_on: Version | None = None

    @property
    def said(self) -> str:
        """All of it, to see where a fault lies."""
        here = self.estate
        return f"{here.holders}\n{here.routes}\n{here.rules}\n{here.prometheus}"

    def fault(self, part: Part, labels: Mapping[str, str], told: tuple[str, ...]) -> str | None:
        """What is wrong with `part` if an alert of it with `labels` reaches the receivers `told`.

        None where nothing is.
        """
        if told != part.receivers:
            return f"{told} are told, and not {part.receivers}"
        owners = self.owners(labels, told)
        team = next(iter(owners)) if len(owners) == 1 else None
        return None if team == part.team else f"{owners or None} answer, and not {part.team}"

    def owners(self, labels: Mapping[str, str], told: tuple[str, ...]) -> set[str]:
        """Those who would answer for an alert with `labels`, of which `told` are told."""
        if self.estate.holders is not None:
            held = [self.estate.holders[name] for name in told]
            return {str(team) for role, team in held if role == "accountable"}
        claims = [
            claim(self.answers.ownership, self.config, match, TEAM_LABEL, labels.get(TEAM_LABEL))
            for match in self.router.route(labels)
        ]
        owning = {str(found.team) for found in claims if found.kind == "accountable"}
        return owning and owning | {
            str(found.team) for found in claims if found.kind == "another's"
        }

    def is_well_owned(
        self, rule: AlertingRule, labels: Mapping[str, str], told: tuple[str, ...]
    ) -> bool:
        """Whether exactly one team answers, the one that `labels` name where they name one.

        Where a file says that nobody needs to, none may be named, unless by the server for all.
        """
        owners = self.owners(labels, told)
        named = labels.get(TEAM_LABEL)
        if not owners and self.estate.holders is not None:
            roles = {self.estate.holders[name][0] for name in told}
            return "not accountable" in roles and named in {None, self._external_team(rule)}
        return len(owners) == 1 and named in {None, *owners}

    def _external_team(self, rule: AlertingRule) -> str | None:
        if self.prometheus is None or rule.static_labels.get(TEAM_LABEL):
            return None
        return dict(self.prometheus.external_labels).get(TEAM_LABEL)

    def sent(self, labels: Mapping[str, str]) -> dict[str, str] | None:
        """What the server sends of an alert with `labels`; None where it drops it."""
        if self.prometheus is None:
            return dict(labels)
        config = self.prometheus
        steps = config.alert_relabel_configs
        sent = sent_labels(config.external_labels, steps, labels, self.runs_on)
        (group,) = config.alertmanagers
        return None if sent is None else relabel(group.alert_relabel_configs, sent, self.runs_on)


def reading(estate: Estate, version: Version | None = None) -> tuple[Given, dict[str, bytes]]:
    """`estate` as a user's files are read, and these; its receivers have something to deliver with.

    Args:
        version: of Prometheus, as said to the prover; None: any.
    """
    tree, _ = estate.routes.split("receivers:")
    files = {
        "alertmanager.yml": f"{tree}receivers: [{_DELIVERING}]\n",
        "rules.yml": estate.rules,
    }
    config, found = read(files["alertmanager.yml"], "alertmanager.yml")
    assert config is not None, found
    rule_file, found = read_rules(files["rules.yml"], "rules.yml")
    assert rule_file is not None, found
    prometheus = None
    if estate.prometheus is not None:
        files["prometheus.yml"] = estate.prometheus
        prometheus, _ = read_config(estate.prometheus, "prometheus.yml")
    declared = None
    if estate.holders is not None:
        holders = {name: Holder(*held) for name, held in estate.holders.items()}
        declared = Declared("teams.yaml", holders)
    given = Given(
        rule_files=(rule_file,),
        config=config,
        team_label=TEAM_LABEL,
        declared=declared,
        prometheus=prometheus,
        prometheus_version=None if version is None else ".".join(map(str, version)),
    )
    return given, {name: text.encode() for name, text in files.items()}


def proof(
    estate: Estate, version: Version | None = None, *, runs_on: Version | None = None
) -> Proof:
    """What answers the rules of `estate`; `version` as for `reading`."""
    given, _ = reading(estate, version)
    assert given.config is not None
    (rule_file,) = given.rule_files
    answers, _ = answers_on(given)
    router = Router(given.config)
    return Proof(estate, answers, given.config, router, rule_file.alerts, given.prometheus, runs_on)


class Attacker:
    """Makes label sets of regions, of the values that the routes of `proof` may tell apart."""

    def __init__(self, proof: Proof, rng: random.Random) -> None:
        self._rng = rng
        self._tempting: dict[str, dict[str, None]] = {}
        self._found: dict[tuple[str, Language], list[str]] = {}
        for node in _nodes(proof.router.root):
            for asked in node.conditions:
                values = self._tempting.setdefault(asked.matcher.name, dict.fromkeys(ANYWHERE))
                values |= dict.fromkeys(_near(asked.listed or (), asked.language))

    def members(self, here: Region, count: int) -> Iterator[dict[str, str]]:
        """Label sets of `here`, with labels that nobody asks for where it may have any."""
        for _ in range(count):
            labels = {
                name: self._rng.choice(self._values(name, here.language(name)))
                for name in (*here.names, *self._tempting)
            }
            for name in self._rng.sample(UNASKED, self._rng.randrange(len(UNASKED))):
                labels.setdefault(name, self._rng.choice(ANYWHERE))
            yield {name: value for name, value in labels.items() if value}

    def _values(self, name: str, language: Language) -> list[str]:
        """Values of `language`, which is not empty, that a matcher on `name` may tell apart."""
        key = (name, language)
        if key not in self._found:
            tempting = (one for one in self._tempting.get(name, ANYWHERE) if one in language)
            shortest = example(language)
            assert shortest is not None
            self._found[key] = list(dict.fromkeys((*tempting, shortest)))
        return self._found[key]


def _near(listed: frozenset[str] | tuple[str, ...], language: Language) -> Iterator[str]:
    """Values on both sides of the border of `language`, which lists some or none."""
    inside, outside = example(language), example(~language)
    border = (*sorted(listed), *(one for one in (inside, outside) if one is not None))
    for value in border:
        yield from (value, value.swapcase(), value.title())
        yield from (f"{value}\n", f"\n{value}", f"{value}x", f"x{value}", value[:-1], value * 2)


def _nodes(node: RouteNode) -> Iterator[RouteNode]:
    yield node
    for child in node.children.all:
        yield from _nodes(child)
