"""Objects in: the same values as from plain files, at the places where they stand."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path

import pytest

from buckstop.diagnostics import Diagnostic, Level
from buckstop.document.text import MAX_BYTES
from buckstop.kubernetes import Manifests, Stream, enclosed, read_manifests

RULES = """\
groups:
- name: quality
  rules:
  - alert: AucLow
    expr: model_auc < 0.85
    labels: {team: ml}
"""
ROUTES = """\
route:
  receiver: rest
receivers:
- name: rest
- name: rest
"""
HEAD = "apiVersion: v1\nkind: {kind}\nmetadata: {{name: alertmanager-main, namespace: m}}\n"


def read(text: str | bytes, *, is_piped: bool = False) -> Manifests:
    data = text if isinstance(text, bytes) else text.encode()
    return read_manifests([Stream(data, "objects.yaml", is_piped)])


def all_findings(manifests: Manifests) -> list[Diagnostic]:
    return [
        *manifests.findings,
        *(found for rules in manifests.rules for found in rules.findings),
        *(found for routed in manifests.routed for found in routed.findings),
    ]


def alerts(manifests: Manifests) -> list[tuple[str, str]]:
    """Each alert's name and place."""
    return [
        (alert.alert, str(alert.span))
        for rules in manifests.rules
        if rules.rule_file is not None
        for alert in rules.rule_file.alerts
    ]


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


RULE_OBJECT = (
    "apiVersion: monitoring.coreos.com/v1\n"
    "kind: PrometheusRule\n"
    "metadata: {name: quality, namespace: credit}\n"
    f"spec:\n{indented(RULES, 2)}"
)


LIST_HEAD = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRuleList\nitems:\n"
SPECLESS = RULE_OBJECT.partition("spec:")[0]
SHORT = ", receivers: [{name: a}]}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (RULES, "objects.yaml:4:12"),
        (RULE_OBJECT, "objects.yaml:8:14"),
        (f"apiVersion: v1\nkind: Service\n---\n{RULE_OBJECT}", "objects.yaml:11:14"),
        (
            "apiVersion: v1\nkind: List\nitems:\n-\n" + indented(RULE_OBJECT, 2),
            "objects.yaml:12:16",
        ),
        (
            f"{LIST_HEAD}- metadata: {{name: a}}\n  spec:\n{indented(RULES, 4)}",
            "objects.yaml:9:16",
        ),
        (
            HEAD.format(kind="ConfigMap") + f"data:\n  any.txt: |\n{indented(RULES, 4)}",
            "objects.yaml:9:16",
        ),
        (
            HEAD.format(kind="ConfigMap")
            + f"data:\n  a.yml: |2-\n\n    # a comment\n{indented(RULES, 4)}",
            "objects.yaml:11:16",
        ),
        (
            HEAD.format(kind="Secret") + f"stringData:\n  a.yml: |\n{indented(RULES, 8)}",
            "objects.yaml:9:20",
        ),
        (
            HEAD.format(kind="Secret") + f"data:\n  a.yml: {packed(RULES)}\n",
            "objects.yaml(Secret m/alertmanager-main, a.yml):4:12",
        ),
    ],
    ids=[
        "plain",
        "object",
        "second document",
        "list",
        "list of one kind",
        "literal block",
        "literal block with an indent of its own",
        "Secret",
        "base64",
    ],
)
def test_alert_stands_where_the_user_wrote_it(text: str, place: str) -> None:
    """Line and column are those of the file, whatever the rules are wrapped into."""
    assert alerts(read(text)) == [("AucLow", place)]


@pytest.mark.parametrize(
    ("value", "line", "column"),
    [
        ("|\n" + indented(ROUTES, 4), 10, 13),
        ('"route:\\n  receiver: rest\\nreceivers:\\n- name: rest\\n- name: rest\\n"\n', 5, 22),
        (">\n" + indented(ROUTES.replace("\n", "\n\n"), 4), 5, 22),
    ],
    ids=["literal", "quoted", "folded"],
)
def test_finding_points_into_a_literal_block_and_at_any_other_value(
    value: str, line: int, column: int
) -> None:
    """Where lines of the value are no lines of the file, the line within is said in words."""
    text = HEAD.format(kind="Secret") + f"stringData:\n  alertmanager.yaml: {value}"
    manifests = read(text)
    (found,) = [one for one in all_findings(manifests) if one.level is Level.ERROR]
    shown = enclosed(found, manifests.enclosures)
    assert shown.span is not None
    assert (shown.span.file, shown.span.line, shown.span.column) == ("objects.yaml", line, column)
    assert ("of 'alertmanager.yaml'" in shown.message) == (column == 22)


def test_compressed_configuration_of_the_operator_is_read() -> None:
    """What the operator has put together is what runs, where nothing else is given."""
    routes = ROUTES.removesuffix("- name: rest\n")
    value = base64.b64encode(gzip.compress(routes.encode())).decode()
    text = (
        "apiVersion: monitoring.coreos.com/v1\nkind: Alertmanager\n"
        "metadata: {name: main, namespace: m}\nspec: {version: v0.27.0}\n---\n"
        "apiVersion: v1\nkind: Secret\n"
        "metadata: {name: alertmanager-main-generated, namespace: m}\n"
        f"data:\n  alertmanager.yaml.gz: {value}\n"
    )
    (routed,) = read(text).routed
    assert routed.config is not None
    assert (routed.config.route.receiver, routed.version) == ("rest", "0.27.0")


def test_secret_without_a_configuration_tells_nobody() -> None:
    """The operator then takes a configuration of its own, in which alerts end unseen."""
    text = (
        "apiVersion: monitoring.coreos.com/v1\nkind: Alertmanager\n"
        "metadata: {name: main, namespace: m}\nspec: {}\n---\n"
        + HEAD.format(kind="Secret")
        + "stringData: {other: x}\n"
    )
    (routed,) = read(text).routed
    assert routed.config is not None
    assert routed.config.route.receiver == "null"


def test_integer_is_an_expression_and_a_number_is_no_label() -> None:
    """`expr` may be a number; labels are text to Kubernetes, where Prometheus is lenient."""
    text = RULE_OBJECT.replace("model_auc < 0.85", "1").replace("team: ml", "team: 7, on: yes")
    manifests = read(text)
    (rules,) = manifests.rules
    assert [found.code.name for found in rules.findings] == ["type-wrong", "type-wrong"]
    assert [str(found.span) for found in rules.findings] == [
        "objects.yaml:10:22",
        "objects.yaml:10:29",
    ]


def test_enforced_namespace_is_on_every_rule() -> None:
    """It wins over what the rule says, for that is what Prometheus gets."""
    server = (
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\n"
        "metadata: {name: k8s, namespace: credit}\n"
        "spec: {ruleSelector: {}, enforcedNamespaceLabel: team}\n---\n"
    )
    (rules,) = read(server + RULE_OBJECT).rules
    assert rules.rule_file is not None
    assert rules.rule_file.alerts[0].static_labels["team"] == "credit"


def test_prometheus_object_says_what_it_adds_to_alerts() -> None:
    """External labels, the one that names the object among them; the operator's intervals."""
    text = (
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\n"
        "metadata: {name: k8s, namespace: m}\n"
        "spec:\n  externalLabels: {cluster: eu}\n  evaluationInterval: 15s\n"
        "  alerting: {alertmanagers: [{name: main, port: web}]}\n"
        "  additionalAlertRelabelConfigs: {name: more, key: relabel.yaml}\n"
    )
    (server,) = read(text).prometheus
    assert server.external_labels == (("cluster", "eu"), ("prometheus", "m/k8s"))
    assert (server.scrape_interval_seconds, server.evaluation_interval_seconds) == (30, 15)
    assert server.has_alertmanagers


def test_objects_of_other_kinds_are_counted_and_their_faults_left_to_others() -> None:
    """A Deployment with a key given twice is none of our business."""
    text = f"apiVersion: apps/v1\nkind: Deployment\nspec: {{a: 1, a: 2}}\n---\n{RULE_OBJECT}"
    manifests = read(text)
    assert manifests.ignored == {"Deployment": 1}
    assert all_findings(manifests) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("apiVersion: v1\nkind: Secret\n", {"kubernetes-object-invalid"}),
        (HEAD.format(kind="Secret") + "data: [a]\n", {"type-wrong"}),
        (HEAD.format(kind="Secret") + "data: {a: [b]}\n", {"type-wrong"}),
        (HEAD.format(kind="Secret") + "data: {a: '%%%'}\n", {"kubernetes-data-unreadable"}),
        (HEAD.format(kind="Secret") + "data: {a: H4sIAAAA}\n", {"kubernetes-data-unreadable"}),
        (
            HEAD.format(kind="ConfigMap")
            + 'data: {"a.yml": "groups:\\n- name: [\\n  alert: x\\n"}\n',
            {"yaml-syntax"},
        ),
        (
            HEAD.format(kind="ConfigMap") + 'data: {"a.yml": "groups: []\\n  - alert: \\0\\n"}\n',
            {"file-not-text"},
        ),
        ("kind: a\n\0", {"file-not-text"}),
        (SPECLESS + "spec: 5\n", {"kubernetes-object-invalid"}),
        (SPECLESS + "spec: {groups: 5}\n", {"type-wrong"}),
        (SPECLESS + "spec: {groups: [5]}\n", {"type-wrong"}),
        (RULE_OBJECT.replace("labels: {team: ml}", "labels: [a]"), {"type-wrong"}),
        (RULE_OBJECT.replace("name: quality\n", "nam: quality\n"), {"key-unknown", "key-missing"}),
        (f"kind: [\n---\n{RULE_OBJECT}", {"yaml-syntax"}),
        (f"{RULES}extra: 1\n", {"key-unknown"}),
        (
            HEAD.format(kind="ConfigMap") + f"data:\n  a: |\n{indented(RULES + 'extra: 1', 4)}",
            {"key-unknown"},
        ),
    ],
)
def test_bad_input_is_a_finding(text: str, codes: set[str]) -> None:
    """Whatever stands there, it is said at a place, and reading goes on."""
    found = all_findings(read(text))
    assert {one.code.name for one in found} == codes
    assert all(one.span is not None for one in found)


@pytest.mark.parametrize(
    "spec",
    [
        "5",
        "[]",
        "{route: 5, receivers: 5, inhibitRules: 5, muteTimeIntervals: 5}",
        "{route: {routes: 5, matchers: 5, groupBy: 5, receiver: [a]}, receivers: [5, {}]}",
        "{route: {receiver: a, matchers: [5, {}, {name: a, matchType: x}]}" + SHORT,
        "{route: {receiver: a}, receivers: [{name: a, slackConfigs: [{apiURL: 5, fields: 5}]}]}",
        "{route: {receiver: a}, receivers: [{name: a, emailConfigs: [{headers: 5}]}]}",
        "{route: {receiver: b}, receivers: [{name: a}]}",
        "{route: {receiver: a, muteTimeIntervals: [x]}, receivers: [{name: a}]}",
        "{route: {receiver: a, groupWait: 5x}, receivers: [{name: a}]}",
        "{inhibitRules: [5, {sourceMatch: 5, targetMatch: [{}], equal: 5}]}",
        "{muteTimeIntervals: [5, {name: a, timeIntervals: [5, {times: [5], daysOfMonth: [{}]}]}]}",
    ],
)
def test_object_that_the_operator_refuses_is_left_out(spec: str) -> None:
    """The rest of the configuration is what it was, and the fault is said at the object."""
    text = (
        "apiVersion: monitoring.coreos.com/v1\nkind: Alertmanager\n"
        "metadata: {name: main, namespace: m}\nspec: {alertmanagerConfigSelector: {}}\n---\n"
        + HEAD.format(kind="Secret")
        + "stringData:\n  alertmanager.yaml: |\n"
        + indented("route: {receiver: rest}\nreceivers: [{name: rest}]\n", 4)
        + "---\napiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\n"
        f"metadata: {{name: ml, namespace: m}}\nspec: {spec}\n"
    )
    manifests = read(text)
    (routed,) = manifests.routed
    assert routed.config is not None
    assert routed.config.route.routes == ()
    errors = [found for found in manifests.findings if found.level is Level.ERROR]
    assert errors
    assert all(found.span is not None and found.span.line > 13 for found in errors)


def test_gzip_bomb_is_not_unpacked() -> None:
    """A value of some kilobytes cannot fill the memory."""
    bomb = base64.b64encode(gzip.compress(b"\0" * (MAX_BYTES + 1))).decode()
    found = all_findings(read(HEAD.format(kind="Secret") + f"data: {{a: {bomb}}}\n"))
    assert [one.code.name for one in found] == ["kubernetes-data-unreadable"]
    assert "64 MiB" in found[0].message


def test_ten_thousand_documents_are_read() -> None:
    """A whole cluster's objects in one stream; what is ours among them is found."""
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
    manifests = read("---\n".join([service] * 10_000 + [RULE_OBJECT]))
    assert manifests.ignored == {"Service": 10_000}
    assert alerts(manifests) == [("AucLow", "objects.yaml:40008:14")]


def test_lists_within_lists_end() -> None:
    """However deep they are nested, reading ends."""
    text = RULE_OBJECT
    for _ in range(12):
        text = "apiVersion: v1\nkind: List\nitems:\n-\n" + indented(text, 2)
    assert alerts(read(text)) == []


def test_templates_beside_a_configuration_are_known(tmp_path: Path) -> None:
    """Keys that end in .tmpl are notification templates, never rules."""
    text = HEAD.format(kind="ConfigMap") + f"data:\n  a.tmpl: |\n{indented(RULES, 4)}"
    manifests = read(text)
    assert manifests.templates == ("ConfigMap m/alertmanager-main, a.tmpl",)
    assert manifests.rules == ()


@pytest.mark.parametrize(
    ("glob", "texts"),
    [
        ("/etc/alertmanager/config/*.tmpl", ('{{ define "a" }}{{ end }}',)),
        ("/etc/alertmanager/config/other.tmpl", None),
    ],
)
def test_template_files_of_the_same_secret_are_what_the_configuration_names(
    glob: str, texts: tuple[str, ...] | None
) -> None:
    """The operator mounts them beside it; what is not there is not taken as empty."""
    text = (
        HEAD.format(kind="Secret")
        + "stringData:\n  a.tmpl: '{{ define \"a\" }}{{ end }}'\n  alertmanager.yaml: |\n"
        + indented(f"templates: ['{glob}']\nroute: {{receiver: r}}\nreceivers: [{{name: r}}]\n", 4)
    )
    (routed,) = read(text).routed
    assert routed.config is not None
    assert routed.config.template_texts == texts


def test_object_as_base_brings_its_global_section_and_no_namespace_matcher() -> None:
    """What an Alertmanager starts from takes the alerts of every namespace."""
    text = """\
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: m}
spec:
  alertmanagerConfiguration:
    name: base
    global:
      resolveTimeout: 10m
      smtp: {from: a@example.com, smartHost: {host: smtp.example.com, port: "25"}}
      slackApiUrl: {name: slack, key: url}
    templates: [{configMap: {name: words, key: words.tmpl}}]
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: AlertmanagerConfig
metadata: {name: base, namespace: m}
spec:
  route: {receiver: mail}
  receivers:
  - name: mail
    emailConfigs: [{to: b@example.com}]
    slackConfigs: [{channel: '#a'}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: words, namespace: m}
data: {words.tmpl: words}
"""
    (routed,) = read(text).routed
    assert routed.findings == ()
    assert routed.config is not None
    assert routed.config.route.receiver == "m/base/mail"
    assert (routed.config.route.matchers, routed.config.route.continues) == ((), False)
    assert routed.config.template_texts == ("words",)


def test_a_block_that_the_file_ends_with_unopened_has_its_finding_inside_the_file() -> None:
    """Half a download ends anywhere; what is said of it points at a line that there is."""
    text = HEAD.format(kind="Secret") + "stringData:\n  alertmanager.yaml: |"
    read_text = read(text)
    found = [enclosed(one, read_text.enclosures) for one in all_findings(read_text)]
    assert "yaml-empty" in {one.code.name for one in found}
    assert all(one.span is None or one.span.line <= 5 for one in found)


def test_a_finding_that_ends_with_the_block_ends_inside_the_file() -> None:
    """The line after a block has no indentation; no column is counted there that it has not."""
    text = HEAD.format(kind="Secret") + "stringData:\n  alertmanager.yaml: |\n"
    text += "    route: {receiver: rest}\n    receivers: [{name: rest}]\n    templates: >-\n"
    lines = text.split("\n")
    for one in all_findings(read(text)):
        if one.span is not None:
            assert one.span.end_column <= len(lines[one.span.end_line - 1]) + 1, one
