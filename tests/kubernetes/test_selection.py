"""Who selects what: as Kubernetes evaluates selectors, and said where the files leave it open."""

from __future__ import annotations

import pytest

from buckstop.document import parse_one
from buckstop.kubernetes import Manifests, Stream, read_manifests
from buckstop.kubernetes.selection import selects

BASE = """\
apiVersion: v1
kind: Secret
metadata: {name: alertmanager-main, namespace: ops}
stringData:
  alertmanager.yaml: |
    route:
      receiver: rest
      routes: [{receiver: own}]
    receivers: [{name: rest}, {name: own}]
    inhibit_rules: [{source_matchers: [a=b], target_matchers: [c=d]}]
---
"""


def server(spec: str) -> str:
    return (
        "apiVersion: monitoring.coreos.com/v1\nkind: Alertmanager\n"
        f"metadata: {{name: main, namespace: ops}}\nspec: {spec}\n---\n"
    )


def config(name: str, namespace: str, labels: str = "{}") -> str:
    return (
        "apiVersion: monitoring.coreos.com/v1beta1\nkind: AlertmanagerConfig\n"
        f"metadata: {{name: {name}, namespace: {namespace}, labels: {labels}}}\n"
        "spec:\n  route: {receiver: hook}\n  receivers: [{name: hook}]\n"
        "  inhibitRules: [{sourceMatch: [{name: x, value: y}]}]\n---\n"
    )


def read(text: str) -> Manifests:
    return read_manifests([Stream((BASE + text).encode(), "objects.yaml")])


def receivers(manifests: Manifests) -> list[str | None]:
    """Those of the routes below the root."""
    (routed,) = manifests.routed
    assert routed.config is not None, routed.findings
    return [route.receiver for route in routed.config.route.routes]


@pytest.mark.parametrize(
    ("selector", "labels", "expected"),
    [
        ("{}", {}, True),
        ("{matchLabels: {a: b}}", {"a": "b"}, True),
        ("{matchLabels: {a: b}}", {"a": "c"}, False),
        ("{matchLabels: {a: b}}", {}, False),
        ("{matchExpressions: [{key: a, operator: In, values: [b, c]}]}", {"a": "c"}, True),
        ("{matchExpressions: [{key: a, operator: NotIn, values: [b]}]}", {}, True),
        ("{matchExpressions: [{key: a, operator: NotIn, values: [b]}]}", {"a": "b"}, False),
        ("{matchExpressions: [{key: a, operator: Exists}]}", {"a": ""}, True),
        ("{matchExpressions: [{key: a, operator: DoesNotExist}]}", {"a": "b"}, False),
        (
            "{matchLabels: {a: b}, matchExpressions: [{key: c, operator: Exists}]}",
            {"a": "b"},
            False,
        ),
        ("{matchExpressions: [{key: a, operator: Near}]}", {"a": "b"}, False),
    ],
)
def test_selector_takes_labels_as_kubernetes_does(
    selector: str, labels: dict[str, str], *, expected: bool
) -> None:
    """All conditions hold; a missing label fulfils NotIn; an empty selector takes all."""
    node, _ = parse_one(selector, "selector")
    assert selects(node, labels) is expected


def test_without_a_selector_nothing_is_taken() -> None:
    """A null selector takes no object; the Secret is then what runs."""
    manifests = read(server("{}") + config("ml", "ops"))
    assert receivers(manifests) == ["own"]
    assert [found.code.name for found in manifests.findings] == ["kubernetes-unselected"]


def test_without_a_namespace_selector_only_the_own_namespace_is_searched() -> None:
    """An object elsewhere is named: it was applied without a word and does nothing."""
    manifests = read(
        server("{alertmanagerConfigSelector: {}}") + config("a", "ops") + config("b", "ml")
    )
    assert receivers(manifests) == ["ops/a/hook", "own"]
    (found,) = manifests.findings
    assert found.code.name == "kubernetes-unselected"
    assert "AlertmanagerConfig ml/b" in found.message


@pytest.mark.parametrize(
    ("namespace", "expected", "codes"),
    [
        ("", ["ml/a/hook", "own"], ["kubernetes-selection-undecided"]),
        ("{name: ml, labels: {tier: prod}}", ["ml/a/hook", "own"], []),
        ("{name: ml, labels: {tier: test}}", ["own"], ["kubernetes-unselected"]),
    ],
)
def test_labels_of_a_namespace_decide_where_they_are_known(
    namespace: str, expected: list[str], codes: list[str]
) -> None:
    """Without the namespace, the object counts as selected, and that is said."""
    given = f"apiVersion: v1\nkind: Namespace\nmetadata: {namespace}\n---\n" if namespace else ""
    spec = (
        "{alertmanagerConfigSelector: {}, "
        "alertmanagerConfigNamespaceSelector: {matchLabels: {tier: prod}}}"
    )
    manifests = read(server(spec) + given + config("a", "ml"))
    assert receivers(manifests) == expected
    assert [found.code.name for found in manifests.findings] == codes


def test_objects_come_before_the_own_routes_in_the_order_of_their_names() -> None:
    """So an alert of theirs meets them first, and goes on to the base's routes."""
    spec = "{alertmanagerConfigSelector: {}, alertmanagerConfigNamespaceSelector: {}}"
    manifests = read(server(spec) + config("b", "ml") + config("a", "ml") + config("z", "data"))
    assert receivers(manifests) == ["data/z/hook", "ml/a/hook", "ml/b/hook", "own"]
    (routed,) = manifests.routed
    assert routed.config is not None
    assert [route.continues for route in routed.config.route.routes] == [True, True, True, False]


@pytest.mark.parametrize(
    ("strategy", "confined"),
    [
        (None, {"ops": True, "ml": True}),
        ("OnNamespace", {"ops": True, "ml": True}),
        ("None", {"ops": False, "ml": False}),
        ("OnNamespaceExceptForAlertmanagerNamespace", {"ops": False, "ml": True}),
    ],
)
def test_strategy_decides_whose_alerts_an_object_takes(
    strategy: str | None, confined: dict[str, bool]
) -> None:
    """Routes and inhibition rules alike."""
    said = "" if strategy is None else f", alertmanagerConfigMatcherStrategy: {{type: {strategy}}}"
    spec = f"{{alertmanagerConfigSelector: {{}}, alertmanagerConfigNamespaceSelector: {{}}{said}}}"
    manifests = read(server(spec) + config("a", "ops") + config("a", "ml"))
    (routed,) = manifests.routed
    assert routed.config is not None
    routes = {route.receiver: route.matchers for route in routed.config.route.routes}
    for namespace, is_confined in confined.items():
        matchers = routes[f"{namespace}/a/hook"]
        assert [(one.name, one.value) for one in matchers] == (
            [("namespace", namespace)] if is_confined else []
        )
    sources = [
        {one.value for one in rule.source if one.name == "namespace"}
        for rule in routed.config.inhibit_rules
    ]
    assert sources == [set(), *({name} if confined[name] else set() for name in ("ml", "ops"))]


def test_unselected_rule_is_a_warning_unless_a_thanos_ruler_may_run_it() -> None:
    """A rule that nobody runs never fires."""
    text = (
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\n"
        "metadata: {name: k8s, namespace: ops}\nspec: {}\n---\n"
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n"
        "metadata: {name: quality, namespace: ops}\nspec: {groups: []}\n"
    )
    ruler = "---\napiVersion: monitoring.coreos.com/v1\nkind: ThanosRuler\nmetadata: {name: r}\n"
    assert [one.code.name for one in read(text).findings] == ["kubernetes-unselected"]
    assert read(text + ruler).findings == ()
