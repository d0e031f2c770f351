"""What the labels of a rule make of the label sets of its series."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.prover.test_region_relabelling import config_of

from buckstop.language import ABSENT, EVERYTHING, Language, Region, matching, only, region
from buckstop.language.domains import Domain
from buckstop.prometheus import read_rules
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.alert_domain import alert_domain
from buckstop.prover.label_templates import COMPLAINT

COPIED = {"team": "{{ $labels.owner }}"}


def rule_of(labels: dict[str, str], alert: str = "A") -> AlertingRule:
    """A rule with these labels."""
    rules = [{"alert": alert, "expr": "up == 0", "labels": labels}]
    rule_file, _ = read_rules(json.dumps({"groups": [{"name": "g", "rules": rules}]}), "r.yml")
    assert rule_file is not None
    (rule,) = rule_file.alerts
    return rule


def alerts(here: Region, labels: dict[str, str], external: dict[str, str] | None = None) -> Domain:
    """The domain of the alerts of a rule with `labels` on series of `here`."""
    config = None if external is None else config_of([], external=external)
    return alert_domain((here,), rule_of(labels), config, None)


def closed(**languages: Language) -> Region:
    """An alert that has these labels and no others."""
    return region({"alertname": only("A"), **languages}, ABSENT)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param({}, [{"owner": only("a", "b"), "pod": matching("p-.*")}], id="the-series-own"),
        pytest.param({"owner": ""}, [{"pod": matching("p-.*")}], id="empty-removes"),
        pytest.param(
            {"owner": "x", "team": "y", "alertname": "Z"},
            [{"owner": only("x"), "team": only("y"), "pod": matching("p-.*")}],
            id="fixed-over-the-series",
        ),
        pytest.param(
            {**COPIED, "pod": ""},
            [{"owner": only("a"), "team": only("a")}, {"owner": only("b"), "team": only("b")}],
            id="copies-stay-paired",
        ),
        pytest.param(
            {"team": "ml-{{ index $labels `owner` }}", "owner": "", "pod": ""},
            [{"team": only("ml-a", "ml-b")}],
            id="the-series-labels-not-the-rules",
        ),
        pytest.param(
            {"team": "{{ .Labels.nobody }}", "pod": ""}, [{"owner": only("a", "b")}], id="missing"
        ),
        pytest.param(
            {"pod": "x-{{ $labels.pod }}", "owner": ""},
            [{"pod": matching("x\\-(?-s:p-.*)")}],
            id="a-pattern-in-a-pattern",
        ),
        pytest.param(
            {"owner": "", "pod": "{{ $value }}-{{ $value }}"},
            [{"pod": matching("(?s:.*)\\-(?s:.*)")}],
            id="what-is-not-known",
        ),
        pytest.param(
            {
                "pod": "{{ if match `a.*` $labels.pod }}x{{ else }}{{ $labels.owner }}{{ end }}",
            },
            [
                {"owner": only("a"), "pod": only("a", "x")},
                {"owner": only("b"), "pod": only("b", "x")},
            ],
            id="one-of-two",
        ),
        pytest.param(
            {"owner": "", "pod": "x{{ with $labels.pod }}a{{ end }}"},
            [{"pod": EVERYTHING}],
            id="what-is-not-followed",
        ),
        pytest.param({"owner": "", "pod": "{{ $labels.a.b }}"}, [{"pod": COMPLAINT}], id="failure"),
        pytest.param(
            {"owner": "", "pod": "{{ $externalLabels.region }}"}, [{}], id="no-external-labels"
        ),
    ],
)
def test_a_rules_labels_on_its_series(
    labels: dict[str, str], expected: list[dict[str, Any]]
) -> None:
    """What decides who is told is what the alert says, not what the series said."""
    series = region({"owner": only("a", "b"), "pod": matching("p-.*")}, ABSENT)
    assert set(alerts(series, labels)) == {closed(**languages) for languages in expected}


def test_templates_see_external_labels() -> None:
    """One that is filled from the environment may be any text."""
    labels = {"a": "{{ $externalLabels.region }}", "b": "x{{ .ExternalLabels.zone }}"}
    assert alerts(region({}, ABSENT), labels, {"region": "eu", "zone": "$ZONE"}) == (
        closed(a=only("eu"), b=matching("x(?s:.*)")),
    )


def test_the_name_of_a_series_is_no_label_of_an_alert() -> None:
    """But templates see it."""
    series = region({"__name__": only("up")}, ABSENT)
    assert alerts(series, {"a": "{{ $labels.__name__ }}"}) == (closed(a=only("up")),)
