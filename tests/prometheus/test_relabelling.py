"""Relabelling: labels in, labels out or dropped, as Prometheus does it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from buckstop.language.expansion import expand
from buckstop.prometheus import read_config, relabel, sent_labels
from buckstop.prometheus.relabelling import Relabelling

LABELS = {"alertname": "A", "team": "sre", "replica": "r-1"}


def steps(*given: dict[str, Any], version: str | None = None) -> tuple[Relabelling, ...]:
    text = json.dumps({"alerting": {"alert_relabel_configs": list(given)}})
    config, diagnostics = read_config(text, "prometheus.yml", version)
    assert config is not None
    assert diagnostics == ()
    return config.alert_relabel_configs


@pytest.mark.parametrize(
    ("step", "result"),
    [
        ({"target_label": "env", "replacement": "prod"}, {**LABELS, "env": "prod"}),
        ({"source_labels": ["team"], "target_label": "owner"}, {**LABELS, "owner": "sre"}),
        ({"action": "labeldrop", "regex": "replica"}, {"alertname": "A", "team": "sre"}),
        ({"action": "labelkeep", "regex": "team"}, {"team": "sre"}),
        ({"action": "drop", "source_labels": ["team"], "regex": "sre|ml"}, None),
        ({"action": "keep", "source_labels": ["team"], "regex": "ml"}, None),
        ({"action": "keep", "source_labels": ["team"], "regex": "s"}, None),
        ({"action": "drop", "source_labels": ["none"], "regex": ""}, None),
        ({"action": "labelmap", "regex": "t(.*)", "replacement": "x$1"}, {**LABELS, "xeam": "sre"}),
        (
            {"action": "uppercase", "source_labels": ["team"], "target_label": "team"},
            {**LABELS, "team": "SRE"},
        ),
        (
            {"source_labels": ["team", "replica"], "regex": "(.*);r-(\\d)", "target_label": "t$2"},
            {**LABELS, "t1": "sre"},
        ),
        ({"target_label": "team", "replacement": ""}, {"alertname": "A", "replica": "r-1"}),
    ],
)
def test_each_action_does_what_it_does(step: dict[str, Any], result: dict[str, str] | None) -> None:
    """By its own field, anchored, the absent label being the empty string."""
    assert relabel(steps(step), LABELS) == result


def test_a_pattern_that_leaves_its_anchors_replaces_each_match() -> None:
    """`a)|(?:b` is an a in front or a b behind, and both may be there."""
    step = steps({"action": "labelmap", "regex": "a)|(?:b", "replacement": "x"})
    assert relabel(step, {"a_b": "1"}) == {"a_b": "1", "x_x": "1"}


def test_a_later_step_sees_what_an_earlier_one_did() -> None:
    """A label made by one step can be matched by the next, and dropped by the last."""
    made = {"target_label": "env", "replacement": "test"}
    dropped = {"action": "drop", "source_labels": ["env"], "regex": "test"}
    assert relabel(steps(made, dropped), LABELS) is None
    assert relabel(steps(dropped, made), LABELS) == {**LABELS, "env": "test"}


def test_external_labels_fill_what_is_empty_before_the_steps() -> None:
    """A step can take an external label away again, as high availability needs."""
    external = (("replica", "b"), ("region", "eu"))
    drop = steps({"action": "labeldrop", "regex": "replica"})
    assert sent_labels(external, (), {"replica": ""}) == {"replica": "b", "region": "eu"}
    assert sent_labels(external, drop, LABELS) == {
        "alertname": "A",
        "region": "eu",
        "team": "sre",
    }


def test_a_dot_matches_a_newline_from_3_0_on() -> None:
    """The same step keeps an alert on one version and drops it on another."""
    step = steps({"action": "keep", "source_labels": ["a"], "regex": "x.y"})
    assert relabel(step, {"a": "x\ny"}, (2, 53)) is None
    assert relabel(step, {"a": "x\ny"}, (3, 0)) == {"a": "x\ny"}
    assert relabel(step, {"a": "x\ny"}) == {"a": "x\ny"}


@pytest.mark.parametrize(
    ("template", "expanded"),
    [
        ("$1", "one"),
        ("${1}x", "onex"),
        ("$1x", ""),
        ("$name-$2", "named-"),
        ("$$1", "$1"),
        ("a$", "a$"),
        ("${", "${"),
        ("${a-b}", "${a-b}"),
        ("$01", ""),
        ("$0", "whole"),
    ],
)
def test_references_are_go_s(template: str, expanded: str) -> None:
    """A name is as long as it goes; what is no reference stands for itself."""
    groups: dict[int | str, str] = {0: "whole", 1: "one", "name": "named"}
    assert expand(template, groups.get) == expanded


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"action": "labeldrop", "source_labels": ["a"]}, "cannot have 'source_labels'"),
        ({"action": "kepe"}, "'kepe' is no relabelling action"),
        ({"action": "hashmod", "target_label": "a"}, "needs 'modulus'"),
        ({"action": "replace"}, "needs 'target_label'"),
        ({"action": "keep", "regex": "("}, "no valid regular expression"),
        ({"action": "keep", "labels": ["a"]}, "no field 'labels'"),
        ({"target_label": "a-b"}, "'a-b' cannot be the target of 'replace'"),
    ],
)
def test_what_prometheus_refuses_is_said_at_its_place(step: dict[str, Any], said: str) -> None:
    """A step that cannot be read is left out, and where relabelling stands is still known."""
    text = json.dumps({"alerting": {"alert_relabel_configs": [step]}})
    config, (diagnostic,) = read_config(text, "prometheus.yml", "2.53")
    assert said in diagnostic.message
    assert diagnostic.span is not None
    assert config is not None
    assert config.alert_relabel_configs == ()
    assert config.relabelled is not None


@pytest.mark.parametrize(("version", "owner"), [((2, 42), "zoe"), ((2, 53), "EU"), (None, "EU")])
def test_a_label_that_a_step_set_comes_after_the_others(
    version: tuple[int, int] | None, owner: str
) -> None:
    """As with external labels: before 2.53 each step finds all in the order of their names."""
    both = steps(
        {"action": "uppercase", "source_labels": ["region"], "target_label": "area"},
        {"action": "labelmap", "regex": "area|zone", "replacement": "owner"},
    )
    made = relabel(both, {"region": "eu", "zone": "zoe"}, version)
    assert made is not None
    assert made["owner"] == owner


@pytest.mark.parametrize(("version", "owner"), [((2, 42), "zoe"), ((2, 53), "eu"), (None, "eu")])
def test_external_labels_come_after_the_alerts_own(
    version: tuple[int, int] | None, owner: str
) -> None:
    """Where ``labelmap`` makes one label of two, the last one stays: which, the servers changed."""
    mapped = steps({"action": "labelmap", "regex": "region|zone", "replacement": "owner"})
    sent = sent_labels([("region", "eu")], mapped, {"zone": "zoe"}, version)
    assert sent == {"region": "eu", "zone": "zoe", "owner": owner}
