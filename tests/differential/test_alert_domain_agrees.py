"""The alerts that ``promtool`` shows of a rule lie in the domain that we say its alerts have."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest
from tests.differential.promtool_alerts import printed_alerts
from tests.differential.random_templates import PROMETHEUS, Grammar
from tests.differential.test_rule_templates_agree import GO
from tests.prover.random_domains import NAMES, random_members, random_region
from tests.prover.test_alert_domain import rule_of
from tests.prover.test_region_relabelling import config_of

from buckstop.gotemplate import Engine, Executes, judge, parsed_version, prometheus_engine
from buckstop.language import Region, only
from buckstop.language.domains import Domain
from buckstop.prometheus.versions import parse_version
from buckstop.prover.alert_domain import alert_domain
from buckstop.servers import Installation

SERIES = 4
"""Series of each rule's expression, which the label `n` keeps apart."""
EXTERNAL = {"x": "eu", "region": "north"}
PARTS = (
    *("{{ $labels.a }}", "{{ .Labels.team }}", "{{- $labels.env -}}", '{{ index $labels "ab" }}'),
    *("{{ $externalLabels.x }}", "{{ .ExternalLabels.region }}", "{{ $value }}", "{{ `b` }}"),
    *("{{ $labels.none }}", "{{ $labels.__name__ }}", "{{ $labels.a | toUpper }}", "-", "x ", "$"),
    *('{{ if eq $labels.a "a" }}one{{ else }}other{{ end }}', "{{ $labels.a.b }}", ""),
    *('{{ index .ExternalLabels "x" }}', "{{ $x := 1 }}", "{{ $labels := .ExternalLabels }}"),
    *("{{ with $labels.team }}{{ . }}{{ else }}none{{ end }}", "{{ $value | humanize }}"),
    *('{{ reReplaceAll "a" "b" $labels.env }}', "{{/* nothing */}}"),
)


def random_template(source: random.Random, grammar: Grammar, engine: Engine) -> str:
    """One that the engine is known to parse, so that the file is loaded."""
    while True:
        if source.random() < 0.2:
            text = grammar.template()
        else:
            text = "".join(source.choice(PARTS) for _ in range(source.choice([1, 1, 2, 3])))
        judged = judge(text, engine)
        if judged.parses and judged.executes is not Executes.NOT_DECIDED:
            return text


def shown_alerts(
    installation: Installation,
    folder: Path,
    rules: dict[str, dict[str, str]],
    series: dict[str, list[dict[str, str]]],
) -> list[tuple[str, dict[str, str]]]:
    """The name of the rule, and the labels of each of its alerts."""
    groups = [
        {"name": name, "rules": [{"alert": name, "expr": name.lower(), "labels": labels}]}
        for name, labels in rules.items()
    ]
    (folder / "rules.yml").write_text(json.dumps({"groups": groups}))
    given = [
        {"series": f"{name.lower()}{{{_written(labels)}}}", "values": "1 1"}
        for name, sets in series.items()
        for labels in sets
    ]
    # Nothing is expected of any alert, so that promtool prints what it got.
    asked = [{"eval_time": "1m", "alertname": name, "exp_alerts": []} for name in rules]
    test = {
        "interval": "1m",
        "external_labels": EXTERNAL,
        "input_series": given,
        "alert_rule_test": asked,
    }
    suite = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": [test]}
    (folder / "suite.yml").write_text(json.dumps(suite))
    done = subprocess.run(
        [str(installation.promtool), "test", "rules", "suite.yml"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return printed_alerts(done.stdout)


def _written(labels: dict[str, str]) -> str:
    return ",".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels.items()
    )


def agrees(installation: Installation, folder: Path, seed: int, rules: int) -> int:
    """Compare the alerts of random rules; how many."""
    source = random.Random(seed)
    grammar = Grammar(source, PROMETHEUS)
    running = installation.prometheus_version
    engine = prometheus_engine(parsed_version(running), GO[running])
    version = parse_version(".".join(running.split(".")[:2]))
    labels: dict[str, dict[str, str]] = {}
    series: dict[str, list[dict[str, str]]] = {}
    domains: dict[str, tuple[Region, Domain]] = {}
    config = config_of([], external=EXTERNAL)
    for index in range(rules):
        name = f"R{index}"
        chosen = source.sample([*NAMES, "new"], source.randint(1, 3))
        labels[name] = {label: random_template(source, grammar, engine) for label in chosen}
        here = random_region(source)
        members = random_members(source, here, SERIES)
        series[name] = [{**one, "n": str(number)} for number, one in enumerate(members)]
        here = here.replaced("n", only(*map(str, range(SERIES))))
        here = here.replaced("__name__", only(name.lower()))
        aimed = source.choice([version, None])
        rule = rule_of(labels[name], name)
        domains[name] = here, alert_domain((here,), rule, config, aimed)
    shown = shown_alerts(installation, folder, labels, series)
    for name, alert in shown:
        here, domain = domains[name]
        assert any(one.has(alert) for one in domain), (
            f"seed {seed}: {labels[name]} on {series[name]} of {here} gives {alert}"
        )
    assert len(shown) == SERIES * rules
    return len(shown)


@pytest.mark.servers
def test_alerts_lie_in_their_domain(debian14: Installation, tmp_path: Path) -> None:
    """An alert that is left out would be proven to reach a team that it may not reach."""
    assert agrees(debian14, tmp_path, random.randrange(10**9), 100) == 400


@pytest.mark.servers
@pytest.mark.nightly
@pytest.mark.timeout(1_200)
def test_many_alerts_lie_in_their_domain(each_installation: Installation, tmp_path: Path) -> None:
    """As above, of each version, with more of everything."""
    seed = random.randrange(10**9)
    for batch in range(10):
        assert agrees(each_installation, tmp_path, seed + batch, 300) == 1_200
