"""Kubernetes objects and standard input: found by content, read with all the rest."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

SHOP = Path(__file__).parents[1] / "kubernetes" / "shop"
RULES = "groups: [{name: g, rules: [{alert: A, expr: up == 0, labels: {team: ml}}]}]\n"
ROUTES = """\
route:
  receiver: rest
  routes:
  - {receiver: ml, matchers: [team="ml"]}
receivers:
- {name: rest, webhook_configs: [{url: 'https://pager.example/rest'}]}
- {name: ml, webhook_configs: [{url: 'https://pager.example/ml'}]}
"""
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n"
RULE_OBJECT = """\
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: quality, namespace: credit}
spec:
  groups:
  - name: quality
    rules:
    - alert: AucLow
      expr: model_auc < 0.85
      labels: {team: ml}
"""


def run(*arguments: str, piped: str | bytes | None = None) -> Result:
    return CliRunner().invoke(root, [*arguments], input=piped)


def report(*arguments: str, piped: str | bytes | None = None) -> dict[str, Any]:
    result = run("check", "--format", "json", *arguments, piped=piped)
    assert result.exit_code in {0, 1}, result.output
    value: dict[str, Any] = json.loads(result.stdout)
    return value


def test_plain_documents_are_read_from_standard_input() -> None:
    """Rules and routes piped in one stream are judged together, at the stream's own lines."""
    read = report("-", piped=f"{RULES}---\n{ROUTES}")
    assert [(rule["file"], rule["line"], rule["team"]) for rule in read["rules"]] == [
        ("-", 1, "ml")
    ]
    assert read["summary"]["proven"] == 1


def test_objects_and_plain_files_are_read_together(tmp_path: Path) -> None:
    """A folder may hold both; objects of other kinds are no reason to complain."""
    (tmp_path / "rules.yaml").write_text(f"{DEPLOYMENT}---\n{RULE_OBJECT}")
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    read = report(str(tmp_path))
    assert [(rule["alert"], rule["line"], rule["verdict"]) for rule in read["rules"]] == [
        ("AucLow", 12, "proven")
    ]
    shown = run("check", "-v", str(tmp_path)).output
    assert "1 alertmanager.yml, 1 Kubernetes manifest" in shown
    assert "1 Deployment" in shown
    assert "Deployment" not in run("check", str(tmp_path)).output


def test_rendered_chart_names_its_templates() -> None:
    """The line is the stream's, and the template that it was rendered from stands beside it."""
    rendered = f"---\n# Source: shop/templates/rules.yaml\n{RULE_OBJECT}---\n{ROUTES}"
    read = report("-", piped=rendered)
    (rule,) = read["rules"]
    assert (rule["file"], rule["line"]) == ("-(shop/templates/rules.yaml)", 10)


def test_broken_document_is_a_finding_and_the_rest_is_read() -> None:
    """One slip in a long stream hides nothing else."""
    broken = "apiVersion: v1\nkind: [\n"
    read = report("-", piped=f"{broken}---\n{RULE_OBJECT}---\n{ROUTES}")
    assert [rule["alert"] for rule in read["rules"]] == ["AucLow"]
    assert "yaml-syntax" in {found["code"] for found in read["diagnostics"]}


@pytest.mark.parametrize("piped", ["", "\n\n", "# only a comment\n"])
def test_nothing_on_standard_input_is_no_success(piped: str) -> None:
    """`helm template … | buckstop check -` fails where helm did."""
    assert run("check", "-", piped=piped).exit_code == 2


def test_objects_that_say_nothing_of_alerts_are_no_success(tmp_path: Path) -> None:
    """Whoever gives the wrong folder hears so, with what stands there."""
    (tmp_path / "deployment.yaml").write_text(DEPLOYMENT)
    result = run("check", str(tmp_path))
    assert result.exit_code == 2
    assert "1 Deployment" in result.output


def test_documents_of_other_kinds_are_counted() -> None:
    """What is neither an object nor a file of the servers is passed over, and that is said."""
    result = run("check", "-v", "-", piped=f"services: {{}}\n---\n{RULES}---\n{ROUTES}")
    assert result.exit_code == 0, result.output
    assert "1 other document" in result.output


def test_charter_on_standard_input_is_refused() -> None:
    """It is read from files, and may be a folder of them."""
    result = run("check", "-", piped="version: 1\nteams: {}\naccountability: []\n")
    assert result.exit_code == 2
    assert "give its PATH" in result.output


def test_templates_of_a_chart_are_named_and_not_read(tmp_path: Path) -> None:
    """What is no YAML before it is rendered is no error, and is not passed over in silence."""
    (tmp_path / "chart" / "templates").mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: shop\n")
    (tmp_path / "chart" / "templates" / "rules.yaml").write_text("kind: {{ .Values.kind }}\n")
    (tmp_path / "rules.yml").write_text(RULES)
    codes = {found["code"] for found in report(str(tmp_path))["diagnostics"]}
    assert "kubernetes-chart-unrendered" in codes
    assert "yaml-syntax" not in codes


def test_refused_object_refutes_its_own_rules_alone() -> None:
    """The operator leaves out one object; the others are loaded."""
    refused = RULE_OBJECT.replace("model_auc < 0.85", "model_auc <").replace("quality", "broken")
    read = report("-", piped=f"{RULE_OBJECT}---\n{refused}---\n{ROUTES}")
    assert [rule["verdict"] for rule in read["rules"]] == ["proven", "refuted"]
    assert "PrometheusRule credit/broken" in read["rules"][1]["reason"]


def test_secrets_are_never_shown() -> None:
    """A finding quotes the line it stands in, and neither a password nor its base64."""
    secret = """\
apiVersion: v1
kind: Secret
metadata: {name: alertmanager-main, namespace: monitoring}
data:
  password: aHVudGVyMg
  token: aHVudGVyMg=
stringData:
  alertmanager.yaml: |
    route: {receiver: hook, group_by: [a, a]}
    receivers:
    - name: hook
      webhook_configs: [{url: 'https://pager.example/hunter2', bogus: 1}]
"""
    result = run("check", "-v", "-", piped=secret)
    assert result.exit_code == 1
    assert "kubernetes-data-unreadable" in result.output
    assert "hunter2" not in result.output
    assert "aHVudGVyMg" not in result.output


def test_finding_in_an_encoded_value_points_at_the_value() -> None:
    """base64 has no lines that a user could open: the line within is said in words."""
    encoded = "cm91dGU6IHtyZWNlaXZlcjogYX0KcmVjZWl2ZXJzOgotIG5hbWU6IGEKLSBuYW1lOiBhCg=="
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: alertmanager-main, namespace: m}\n"
        f"data:\n  alertmanager.yaml: {encoded}\n"
    )
    (found,) = [
        one
        for one in report("-", piped=secret)["diagnostics"]
        if one["code"] == "receiver-duplicate"
    ]
    assert (found["file"], found["line"], found["column"]) == ("-", 5, 22)
    assert "line 4 of 'alertmanager.yaml'" in found["message"]


def test_two_alertmanagers_are_not_mixed(tmp_path: Path) -> None:
    """Which of them routes an alert is not for us to guess."""
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: %s}\nstringData:\n  alertmanager.yaml: |\n"
    )
    body = "".join(f"    {line}\n" for line in ROUTES.splitlines())
    text = "---\n".join(secret % name + body for name in ("alertmanager-a", "alertmanager-b"))
    (tmp_path / "secrets.yaml").write_text(text)
    result = run("check", str(tmp_path))
    assert result.exit_code == 2
    assert "alertmanager-a" in result.output
    assert "alertmanager-b" in result.output


def test_whole_shop_is_judged_alike_from_files_and_from_a_pipe() -> None:
    """`kustomize build | buckstop check -` says what `buckstop check FOLDER` says."""
    stream = "---\n".join(path.read_text() for path in sorted(SHOP.glob("*.yaml")))
    from_files, piped = report(str(SHOP)), report("-", piped=stream)
    for key in ("verdict", "team", "receivers", "reason"):
        if key == "reason":
            continue
        assert [rule[key] for rule in from_files["rules"]] == [rule[key] for rule in piped["rules"]]
    assert [rule["receivers"] for rule in piped["rules"]] == [
        ["credit/credit/credit-pager", "credit/credit/credit-mail"],
        ["churn/churn/hook"],
        ["churn/churn/hook"],
    ]


def test_binary_on_standard_input_is_answered() -> None:
    """Bytes that are no text are a finding, not a traceback."""
    result = run("check", "-", piped=io.BytesIO(b"kind: a\n\0\xff\xfe").getvalue())
    assert result.exit_code in {1, 2}
    assert "Traceback" not in result.output


SERVERS = """\
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: mon}
spec: {alertmanagerConfigSelector: {}, alertmanagerConfigNamespaceSelector: {}}
---
apiVersion: v1
kind: Secret
metadata: {name: alertmanager-main, namespace: mon}
stringData:
  alertmanager.yaml: |
    ROUTES
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: mon}
spec:
  version: v3.5.0
  ruleSelector: {matchLabels: {role: alert}}
  ruleNamespaceSelector: {}
  alerting: {alertmanagers: [{TARGET, port: web}]}
---
""".replace("ROUTES", ROUTES.replace("\n", "\n    "))
LABELLED = RULE_OBJECT.replace("{name: quality,", "{name: taken, labels: {role: alert},")


@pytest.mark.parametrize(
    "target",
    [
        "namespace: mon, name: alertmanager-main",
        "name: alertmanager-operated",
        "namespace: mon, name: main",
    ],
)
def test_a_rule_that_no_prometheus_selects_is_not_proven(target: str) -> None:
    """Nobody loads it, so it never fires; the rule beside it in the manifest is proven."""
    piped = f"{SERVERS.replace('TARGET', target)}{LABELLED}---\n{RULE_OBJECT}"
    taken, left = report("-", piped=piped)["rules"]
    assert (taken["verdict"], taken["team"]) == ("proven", "ml")
    assert left["verdict"] == "unknown"
    assert left["reason"] == (
        "not decided: PrometheusRule credit/quality is selected by none of: Prometheus mon/k8s"
    )


@pytest.mark.parametrize(
    ("target", "home"),
    [
        ("namespace: other, name: alertmanager-main", "other"),
        ("namespace: other, name: alertmanager-operated", "other"),
        ("name: someone-else", "mon"),
    ],
)
def test_alerts_that_go_to_another_alertmanager_are_not_proven(target: str, home: str) -> None:
    """The routes at hand are not those of the Alertmanager that the server sends to."""
    (rule,) = report("-", piped=f"{SERVERS.replace('TARGET', target)}{LABELLED}")["rules"]
    assert rule["verdict"] == "unknown"
    name = target.rpartition("name: ")[2]
    assert rule["reason"] == (
        f"not decided: Prometheus mon/k8s sends to the Service {name} in namespace {home}; "
        "that it leads to Alertmanager mon/main is not known"
    )
