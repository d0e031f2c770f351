"""Alerting rules made from a seed, and the server that runs them: what a proof can get wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.differential import random_routes

from buckstop.document import Emittable, emit
from buckstop.prover.ownership import Role

TEAMS = random_routes.VALUES[:3]
"""Those to whom receivers belong; routes ask for these and for more."""
OTHERS = tuple(name for name in random_routes.NAMES if name != "team")
EXPRESSIONS = (
    *("@ > 0", "@", "-@ < 0", "sort(@)", "topk(2, @)", "@ or vector(1)", "count_over_time(@[5m])"),
    *('@{env="a"}', '@{env=~"a|b", severity!=""}', '@{team=~"a|b"}', '@{model!~"a.*"}'),
    *('@{team="b"} or @{team="a", env!="a"}', '@{_x1=~"(?i)a"} unless @{severity="b"}'),
    *("sum by (env, severity) (@)", "sum without (env) (@)", "max by (team) (@)", "count(@)"),
    *('label_replace(@, "team", "$1", "env", "(.*)")', 'count_values("severity", @)'),
    *('label_replace(@, "severity", "b", "model", "a.*")', "max by (model, team) (@) > 0"),
    *('label_join(@, "env", "-", "severity", "model")', 'absent(none{env="a", severity=~"b"})'),
    *('@ and on (env) @{severity="a"}', "sum by (env) (@) * on (env) group_left () count(@)"),
    "@ * on (env) group_left (severity) topk by (env) (1, max by (env, severity) (@))",
    *("@:sum", '@:sum{env="a"} > 0', "max by (env) (@:sum) * on (env) group_right () @"),
)
"""`@` stands for the rule's own metric; `@:sum` is recorded of it."""
TEMPLATES = (
    *("{{ $labels.env }}", "a{{ $labels.severity }}", "{{ $labels.team }}", "{{ .Labels.model }}b"),
    *('{{ if eq $labels.env "a" }}a{{ else }}b{{ end }}', "{{ $labels.none }}", "{{ $value }}"),
    *("{{ $externalLabels.env }}", "{{ $labels._x1 | toUpper }}"),
)
STEPS: tuple[dict[str, Any], ...] = (
    {"source_labels": ["env"], "target_label": "severity"},
    {"source_labels": ["env"], "regex": "(a|b).*", "target_label": "env", "replacement": "$1"},
    {"source_labels": ["model"], "regex": "a", "target_label": "team", "replacement": "b"},
    {"source_labels": ["severity", "env"], "regex": "a;.*", "action": "drop"},
    {"source_labels": ["team"], "regex": ".+", "action": "keep"},
    {"action": "labeldrop", "regex": "_x1|none"},
    {"action": "labelmap", "regex": "_(x1)", "replacement": "model"},
    {"source_labels": ["model"], "target_label": "model", "action": "lowercase"},
)

Held = tuple[Role, str | None]
"""What a receiver is, and the team that it belongs to."""


@dataclass(frozen=True, slots=True)
class Estate:
    """What one proof is about.

    Attributes:
        routes: an ``alertmanager.yml`` whose receivers have no integrations.
        groups: of the rule file, one for each alert; ``R1`` is about the metric ``r1``, and so on.
        prometheus: a ``prometheus.yml``, or None.
        holders: receiver to role and team, or None where the routes alone are to tell.
    """

    routes: str
    groups: tuple[Mapping[str, Emittable], ...]
    prometheus: str | None
    holders: Mapping[str, Held] | None

    @property
    def rules(self) -> str:
        """The rule file."""
        return emit({"groups": self.groups})


def estate(
    rng: random.Random, rules: int, kind: random_routes.Kind, *, group_labels: bool
) -> Estate:
    """A random one with so many alerting rules."""
    return Estate(
        routes=random_routes.config(rng, kind),
        groups=tuple(
            group(rng, f"r{number}", group_labels=group_labels) for number in range(rules)
        ),
        prometheus=prometheus(rng) if rng.random() < 0.4 else None,
        holders=holders(rng) if rng.random() < 0.8 else None,
    )


def holders(rng: random.Random) -> dict[str, Held]:
    """Each receiver of a random tree: seldom informed or nobody's, most often one of few teams'."""
    teams = rng.sample(TEAMS, rng.choice((1, 2, 2, 3)))
    roles: tuple[Role, ...] = ("accountable", "informed", "not accountable")
    found: dict[str, Held] = {}
    for number in range(random_routes.RECEIVERS):
        role = rng.choices(roles, (7, 2, 1))[0]
        found[f"r{number}"] = (role, rng.choice(teams) if role == "accountable" else None)
    return found


def group(rng: random.Random, metric: str, *, group_labels: bool) -> dict[str, Emittable]:
    """An alert about `metric`, of which something is recorded as well."""
    recorded: dict[str, Emittable] = {
        "record": f"{metric}:sum",
        "expr": f"sum by (env, model) ({metric})",
    }
    if rng.random() < 0.5:
        recorded["labels"] = {rng.choice(random_routes.NAMES): rng.choice(TEAMS)}
    alert: dict[str, Emittable] = {
        "alert": metric.title(),
        "expr": rng.choice(EXPRESSIONS).replace("@", metric),
        "labels": dict(labels(rng)),
    }
    found: dict[str, Emittable] = {"name": metric, "rules": [recorded, alert]}
    if group_labels and rng.random() < 0.2:
        found["labels"] = {rng.choice(random_routes.NAMES): rng.choice(random_routes.VALUES[:6])}
    return found


def labels(rng: random.Random) -> dict[str, str]:
    """The labels of a rule: most often a team, and some others."""
    found: dict[str, str] = {}
    if rng.random() < 0.6:
        found["team"] = rng.choice((*TEAMS, *TEAMS, "", rng.choice(TEMPLATES)))
    for name in rng.sample(OTHERS, rng.randint(0, len(OTHERS))):
        found[name] = rng.choice((*random_routes.VALUES[:6], rng.choice(random_routes.VALUES)))
        if rng.random() < 0.3:
            found[name] = rng.choice(TEMPLATES)
    return found


def prometheus(rng: random.Random) -> str:
    """A ``prometheus.yml`` with external labels and steps of relabelling, or without."""
    external = {
        name: rng.choice(TEAMS) for name in rng.sample(random_routes.NAMES, rng.choice((0, 1, 2)))
    }
    steps: list[Emittable] = list(rng.sample(STEPS, rng.choice((0, 1, 1, 2))))
    return emit(
        {
            "global": {"external_labels": dict(external)},
            "rule_files": ["rules.yml"],
            "alerting": {
                "alert_relabel_configs": steps,
                "alertmanagers": [{"static_configs": [{"targets": ["127.0.0.1:9093"]}]}],
            },
        }
    )
