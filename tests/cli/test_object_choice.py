"""Several Alertmanager and Prometheus objects in one stream: one is chosen, and judged alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

STACK = """\
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {{name: main, namespace: {namespace}}}
spec: {{alertmanagerConfigSelector: {{}}}}
---
apiVersion: v1
kind: Secret
metadata: {{name: alertmanager-main, namespace: {namespace}}}
stringData:
  alertmanager.yaml: |
    route: {{receiver: {namespace}}}
    receivers: [{{name: {namespace}, webhook_configs: [{{url: 'https://pager.example/x'}}]}}]
---
apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {{name: own, namespace: {namespace}}}
spec:
  route: {{receiver: hook}}
  receivers: [{{name: hook, webhookConfigs: [{{url: 'https://pager.example/y'}}]}}]
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {{name: {prometheus}, namespace: {namespace}}}
spec:
  ruleSelector: {{}}
  alerting: {{alertmanagers: [{{name: alertmanager-main, namespace: {target}, port: web}}]}}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {{name: rules, namespace: {namespace}}}
spec:
  groups:
  - name: g
    rules:
    - {{alert: Alert_{namespace}, expr: up == 0, labels: {{namespace: {namespace}}}}}
---
"""


def stack(namespace: str, prometheus: str = "k8s", target: str | None = None) -> str:
    """A whole stack of one namespace, whose Prometheus sends to the Alertmanager of `target`."""
    return STACK.format(namespace=namespace, prometheus=prometheus, target=target or namespace)


BOTH = stack("east") + stack("west")


def run(*arguments: str, piped: str = BOTH) -> Result:
    return CliRunner().invoke(root, [*arguments], input=piped)


def report(*arguments: str, piped: str = BOTH) -> dict[str, Any]:
    result = run("check", "--format", "json", "-", *arguments, piped=piped)
    assert result.exit_code in {0, 1}, result.output
    value: dict[str, Any] = json.loads(result.stdout)
    return value


@pytest.mark.parametrize("command", [("check", "-"), ("who", "-", "Alert_east"), ("route", "-")])
def test_several_alertmanagers_are_listed_with_their_places(command: tuple[str, ...]) -> None:
    """Which of them routes an alert is not guessed; the message can be typed after."""
    result = run(*command)
    assert result.exit_code == 2
    assert "Alertmanager east/main, -:2:1" in result.output
    assert "Alertmanager west/main, -:38:1" in result.output
    assert "--alertmanager-object east/main" in result.output


@pytest.mark.parametrize("name", ["east", "west"])
def test_chosen_alertmanager_is_judged_with_what_it_selects(name: str) -> None:
    """Its own routes and the configs of its namespace, for the rules that are sent to it."""
    read = report("--alertmanager-object", f"{name}/main")
    (rule,) = read["rules"]
    assert rule["alert"] == f"Alert_{name}"
    assert rule["receivers"] == [f"{name}/own/hook"]
    codes = [found["code"] for found in read["diagnostics"]]
    assert "kubernetes-run-elsewhere" in codes
    assert "kubernetes-unselected" not in codes


def test_name_without_a_namespace_must_be_the_only_one() -> None:
    """Where two namespaces have the name, they are listed again."""
    result = run("check", "--alertmanager-object", "main", "-")
    assert result.exit_code == 2
    assert "east/main" in result.output
    assert "west/main" in result.output


def test_unknown_name_is_answered_with_those_there_are() -> None:
    """A slip in the name is no empty success."""
    result = run("check", "--alertmanager-object", "north/main", "-")
    assert result.exit_code == 2
    assert "north/main: there is no such object" in result.output
    assert "Alertmanager west/main" in result.output


def test_choice_without_objects_is_refused() -> None:
    """The option means nothing for plain files."""
    result = run("check", "--prometheus-object", "k8s", "-", piped="groups: []\n")
    assert result.exit_code == 2
    assert "there is no such object" in result.output


def test_route_asks_nothing_of_prometheus_and_walks_the_chosen_routes() -> None:
    """What Prometheus runs has no say in where an alert goes."""
    result = run("route", "--alertmanager-object", "west/main", "-", "namespace=west")
    assert result.exit_code == 0, result.output
    assert result.stdout == "west/own/hook\n"


def test_several_prometheuses_are_listed_until_one_is_chosen() -> None:
    """What one adds to its alerts is not put on another's; the rest is said to be left aside."""
    one_alertmanager = stack("east") + "---\n".join(
        part
        for part in stack("west", "batch", "east").split("---\n")
        if "ertmanagerC" not in part
        and "kind: Alertmanager" not in part
        and "kind: Secret" not in part
    )
    result = run("check", "-", piped=one_alertmanager)
    assert result.exit_code == 2
    assert "Prometheus east/k8s" in result.output
    assert "--prometheus-object east/k8s" in result.output
    read = report("--prometheus-object", "batch", piped=one_alertmanager)
    assert [rule["alert"] for rule in read["rules"]] == ["Alert_west"]
    (left,) = [one for one in read["diagnostics"] if one["code"] == "kubernetes-run-elsewhere"]
    assert "PrometheusRule east/rules is run by Prometheus east/k8s" in left["message"]


def test_only_prometheus_decides_between_alertmanagers() -> None:
    """It sends to one of them, so that its alerts never get to the other."""
    only = "---\n".join(
        part
        for part in BOTH.split("---\n")
        if not ("namespace: west" in part and "kind: Prometheus" in part)
    )
    (rule,) = report(piped=only)["rules"]
    assert rule["receivers"] == ["east/own/hook"]


def test_secret_without_an_alertmanager_object_is_chosen_by_its_name() -> None:
    """`kubectl get secrets,prometheusrules` has no Alertmanager objects."""
    bare = "---\n".join(part for part in BOTH.split("---\n") if "kind: Secret" in part)
    assert run("route", "-", "a=b", piped=bare).exit_code == 2
    chosen = run("route", "--alertmanager-object", "west/alertmanager-main", "-", "a=b", piped=bare)
    assert chosen.stdout == "west\n", chosen.output
