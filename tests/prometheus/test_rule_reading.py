"""Rule files in: their rules with their places, and all refusals in one run."""

from __future__ import annotations

import pytest

from buckstop.diagnostics import Diagnostic, Level
from buckstop.document import parse
from buckstop.prometheus import looks_like_rules, read_rules
from buckstop.prometheus.model import AlertingRule, RecordingRule

RULES = """\
groups:
- name: models
  interval: 30s
  rules:
  - record: model:auc
    expr: auc
    labels: {source: batch}
  - alert: AucLow
    expr: |
      model:auc
        < 0.85
    for: 15m
    labels:
      accountable_team: "{{ $labels.owner }}"
      severity: major
      region: ''
    annotations: {summary: 'AUC is {{ $value }}'}
- name: empty
"""


def found(rules: str, version: str | None = None) -> list[tuple[str, int]]:
    """Code and line of each finding, for one version or for whatever any takes."""
    return [
        (one.code.name, one.span.line if one.span is not None else 0)
        for one in read_rules(rules, "rules.yml", version)[1]
    ]


def test_values_are_read_with_their_places() -> None:
    """What a check needs to know of a rule is there, and where it stands."""
    rules, diagnostics = read_rules(RULES, "rules.yml")
    assert diagnostics == ()
    assert rules is not None
    models, empty = rules.groups
    assert (models.name, models.interval_seconds, models.span.line) == ("models", 30, 2)
    assert (empty.interval_seconds, empty.rules) == (None, ())
    recording, alert = models.rules
    assert isinstance(recording, RecordingRule)
    assert (recording.record, recording.expr, recording.span.line) == ("model:auc", "auc", 5)
    assert isinstance(alert, AlertingRule)
    assert rules.alerts == (alert,)
    assert (alert.alert, alert.group, alert.for_seconds) == ("AucLow", "models", 900)
    assert (alert.span.line, alert.expr_span.line) == (8, 9)
    assert alert.expr == "model:auc\n  < 0.85\n"
    assert alert.static_labels == {"alertname": "AucLow", "severity": "major"}
    assert alert.templated_labels == ("accountable_team",)
    severity = alert.label("severity")
    assert severity is not None
    assert severity.span.line == 15
    assert alert.label("team") is None


def test_group_labels_are_under_the_rules_own() -> None:
    """Since Prometheus 3 a group can give labels, which a rule overrides."""
    rules, _ = read_rules(
        "groups: [{name: g, labels: {team: sre, env: prod}, rules: ["
        "{alert: A, expr: up, labels: {team: data}}]}]",
        "rules.yml",
    )
    assert rules is not None
    assert rules.alerts[0].static_labels == {"alertname": "A", "team": "data", "env": "prod"}


def test_all_mistakes_are_found_in_one_run() -> None:
    """Each at its line, and the rules that can be read are read."""
    text = """\
groups:
- name: g
  interval: 1 minute
  rules:
  - alert: A
    expr: sum(up
    for: 5
    label: {team: sre}
  - record: a-b
    expr: up
    annotations: {summary: s}
  - alert: B
    expr: up
    labels: {a-b: c}
    annotations: {summary: '{{ $labels.x'}
  - alert: C
  - expr: up
  - alert: D
    record: d
    expr: up
  - {alert: E, expr: up}
  - {alert: E, expr: up}
- name: g
- rules: []
rules: []
"""
    assert found(text, "2.53") == [
        ("rule-duration-invalid", 3),
        ("promql-invalid", 6),
        ("rule-duration-invalid", 7),
        ("key-unknown", 8),
        ("rule-name-invalid", 9),
        ("rule-field-misplaced", 11),
        ("rule-name-invalid", 14),
        ("rule-template-invalid", 15),
        ("key-missing", 16),
        ("rule-kind-unclear", 17),
        ("rule-kind-unclear", 19),
        ("rule-duplicate", 22),
        ("rule-group-duplicate", 23),
        ("key-missing", 24),
        ("key-unknown", 25),
    ]
    rules, _ = read_rules(text, "rules.yml")
    assert rules is not None
    assert [alert.alert for alert in rules.alerts] == ["A", "B", "E", "E"]


def test_misspelt_key_is_answered_with_the_one_that_was_meant() -> None:
    """`label:` is refused by the server; the hint names `labels`."""
    _, diagnostics = read_rules(
        "groups: [{name: g, rules: [{alert: A, expr: up, label: {}}]}]", "r"
    )
    assert ["labels" in (one.hint or "") for one in diagnostics] == [True]


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}", "groups:", "groups: []"])
def test_file_without_rules_is_accepted(text: str) -> None:
    """The server takes it, and so do we."""
    rules, diagnostics = read_rules(text, "rules.yml")
    assert rules is not None
    assert rules.groups == ()
    assert all(one.level is not Level.ERROR for one in diagnostics)


@pytest.mark.parametrize("text", ["[]", "groups", "groups: [", "a: b: c", b"\xff\xfe\x00"])
def test_file_that_is_no_mapping_holds_nothing(text: str | bytes) -> None:
    """None comes back, with the reason."""
    rules, diagnostics = read_rules(text, "rules.yml")
    assert rules is None
    assert any(one.level is Level.ERROR for one in diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        "groups: {a: b}",
        "groups: [5, null, [], {name: [], rules: 5, interval: {}, limit: x, labels: 5}]",
        "groups: [{name: g, rules: [5, null, [], {}, {alert: {}, expr: []}]}]",
        "groups: [{name: g, rules: [{alert: A, expr: up, labels: 5, annotations: [a], for: []}]}]",
        "groups: [{name: g, rules: [{alert: A, expr: up, labels: {a: [b]}}]}]",
        "groups: [{name: g, rules: [{record: [], expr: {}}]}]",
        'groups: [{name: g, rules: [{alert: A, expr: "\\U0001F600"}]}]',
    ],
)
def test_values_of_the_wrong_kind_are_findings_never_exceptions(text: str) -> None:
    """Whatever stands where something else was expected is said, with its place."""
    _, diagnostics = read_rules(text, "rules.yml")
    assert diagnostics
    assert all(isinstance(one, Diagnostic) and one.span is not None for one in diagnostics)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("groups: []", True),
        ("groups:\n- name: g", True),
        ("groups: []\nteams: {}", False),
        ("rules: []", False),
        ("[]", False),
        ("", False),
    ],
)
def test_document_is_known_by_its_groups(text: str, expected: bool) -> None:  # noqa: FBT001 # a parameter
    """Discovery tells a rule file from other YAML by what stands at its top."""
    assert looks_like_rules(parse(text, "f").root) is expected


AIMED = """\
groups:
- name: g
  query_offset: 1m
  labels: {a: b}
  rules:
  - {alert: A, expr: 'holt_winters(up[5m], 0.5, 0.5)'}
  - {record: a.b, expr: 'histogram_avg(up)'}
  - {record: a, expr: 'sum by ("a.b") (up) > 5m'}
"""


def test_a_file_is_valid_for_a_version() -> None:
    """What came later and what is gone is said of the version aimed at, at its place."""
    old, new = "prometheus-too-old", "prometheus-too-new"
    assert found(AIMED) == []
    assert found(AIMED, "2.42.0") == [
        (old, 7),
        ("rule-name-invalid", 7),
        (old, 8),
        (old, 8),
        (old, 3),
        (old, 4),
    ]
    assert found(AIMED, "2.53") == [("rule-name-invalid", 7), (old, 8), (old, 8), (old, 4)]
    assert found(AIMED, "3.5") == [(new, 6)]


def test_an_experimental_function_names_its_flag_once() -> None:
    """A server that is started with the flag loads the file: so it is no error."""
    text = "groups: [{name: g, rules: [{alert: A, expr: 'info(mad_over_time(up[5m]))'}]}]"
    _, (diagnostic,) = read_rules(text, "rules.yml", "3.5")
    assert diagnostic.level is Level.WARNING
    assert "--enable-feature=promql-experimental-functions" in diagnostic.message


@pytest.mark.parametrize(
    ("expr", "before", "since"),
    [
        ("histogram_stddev(up)", "2.46", "2.47"),
        ("histogram_avg(up)", "2.50", "2.51"),
        ("up > 5m", "2.53", "2.54"),
        ('sum by ("a.b") (up)', "2.54", "2.55"),
        ("limitk(1, up)", "2.53", "2.54"),
        ("info(up)", "2.54", "2.55"),
        ("first_over_time(up[5m])", "3.6", "3.7"),
        ("up + fill(0) up", "3.9", "3.10"),
        ("histogram_quantiles(up, 'q', 0.5)", "3.10", "3.11"),
        ("start_timestamp(up)", "3.13", "3.14"),
        ("integral(up[5m])", "3.15", "3.16"),
    ],
)
def test_what_a_release_brought_is_too_old_for_the_one_before(
    expr: str, before: str, since: str
) -> None:
    """By the release notes, between the measured versions and after them."""
    text = f"groups:\n- name: g\n  rules:\n  - record: a\n    expr: {expr}\n"
    assert found(text, before) == [("prometheus-too-old", 5)]
    assert ("prometheus-too-old", 5) not in found(text, since)


def test_expressions_that_differ_in_values_alone_have_each_their_finding() -> None:
    """What is found out once for all of them is said of each, at its own place and version."""
    rules = "groups:\n- name: g\n  rules:\n" + "".join(
        f"  - {{alert: A{i}, expr: 'mad_over_time(x{{job=\"j{i}\"}}[5m]) > {i + 1}'}}\n"
        for i in range(3)
    )
    assert found(rules, "3.5") == [("promql-experimental", line) for line in (4, 5, 6)]
    assert found(rules, "2.42") == [("prometheus-too-old", line) for line in (4, 5, 6)]
    assert found(rules.replace("mad_over_time", "max_over_time"), "2.42") == []


def test_a_function_that_became_stable_needs_its_flag_no_longer() -> None:
    """``first_over_time`` of 3.14: a warning would ask for a flag that does nothing."""
    text = "groups: [{name: g, rules: [{record: a, expr: 'first_over_time(up[5m])'}]}]"
    assert found(text, "3.13") == [("promql-experimental", 1)]
    assert found(text, "3.14") == []
    assert found(text) == []


def test_a_version_that_is_none_is_refused() -> None:
    """A slip in a program is not taken for the newest version."""
    with pytest.raises(ValueError, match="no version"):
        read_rules("groups: []", "rules.yml", "three")
