"""``prometheus.yml`` in, as far as it says what happens to alerts and when."""

from __future__ import annotations

import pytest

from buckstop.diagnostics import Level
from buckstop.document import parse
from buckstop.prometheus import looks_like_prometheus, read_config

CONFIG = """\
global:
  scrape_interval: 15s
  evaluation_interval: 1m30s
  external_labels: {region: eu}
rule_files: [rules/*.yml]
scrape_configs: [{job_name: a, anything: [deep, {er: 1}]}]
alerting:
  alert_relabel_configs:
  - {action: labeldrop, regex: replica}
  alertmanagers: [{static_configs: [{targets: ['am:9093']}]}]
"""


def test_what_decides_about_alerts_is_read() -> None:
    """Intervals, labels that are added, and where alerts are sent and rewritten."""
    config, diagnostics = read_config(CONFIG, "prometheus.yml")
    assert diagnostics == ()
    assert config is not None
    assert (config.scrape_interval_seconds, config.evaluation_interval_seconds) == (15, 90)
    assert config.external_labels == (("region", "eu"),)
    assert config.rule_files == ("rules/*.yml",)
    assert config.has_alertmanagers
    assert config.relabelled is not None
    assert config.relabelled.line == 9


@pytest.mark.parametrize("text", ["{}", "global:\n", "global: {scrape_interval: 0s}"])
def test_silence_means_the_servers_own_minute(text: str) -> None:
    """A server without settings scrapes and evaluates each minute, and sends nowhere."""
    config, diagnostics = read_config(text, "prometheus.yml")
    assert diagnostics == ()
    assert config is not None
    assert (config.scrape_interval_seconds, config.evaluation_interval_seconds) == (60, 60)
    assert (config.has_alertmanagers, config.relabelled) == (False, None)


def test_relabelling_of_one_alertmanager_counts() -> None:
    """Since 2.51 each target may rewrite labels on its own."""
    config, _ = read_config(
        "alerting: {alertmanagers: [{}, {alert_relabel_configs: [{action: drop}]}]}", "p.yml"
    )
    assert config is not None
    assert config.relabelled is not None


@pytest.mark.parametrize(
    ("text", "before", "since"),
    [
        ("scrape_config_files: [a.yml]", "2.42", "2.43"),
        ("otlp: {}", "2.54", "2.55"),
        ("global: {sample_limit: 1}", "2.44", "2.45"),
        ("global: {scrape_protocols: [PrometheusProto]}", "2.48", "2.49"),
        ("global: {always_scrape_classic_histograms: true}", "3.4", "3.5"),
        ("global: {scrape_native_histograms: true}", "3.7", "3.8"),
        ("global: {extra_scrape_metrics: true}", "3.9", "3.10"),
        ("alerting: {alertmanagers: [{sigv4: {}}]}", "2.47", "2.48"),
        ("alerting: {alertmanagers: [{proxy_from_environment: true}]}", "2.42", "2.43"),
    ],
)
def test_what_a_release_brought_is_too_old_for_the_one_before(
    text: str, before: str, since: str
) -> None:
    """By the release notes, between the measured versions and after them."""
    codes = [one.code.name for one in read_config(text, "p.yml", before)[1]]
    assert codes == ["prometheus-too-old"]
    assert read_config(text, "p.yml", since)[1] == ()


def test_steps_of_one_alertmanager_are_its_own_since_3_7() -> None:
    """Before, they change what the others are sent too, which is a warning."""
    text = (
        "alerting: {alertmanagers: [{}, {alert_relabel_configs: [{regex: a, action: labeldrop}]}]}"
    )
    for version in (None, "3.5", "3.6"):
        assert [one.code.name for one in read_config(text, "p.yml", version)[1]] == [
            "relabelling-shared"
        ]
    assert read_config(text, "p.yml", "3.7")[1] == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("global: {scrape_interval: soon}", "rule-duration-invalid"),
        ("global: {body_size_limit: 1_000MB}", "value-invalid"),
        ("global: {sample_limit: '5'}", "type-wrong"),
        ("global: {scrape_native_histograms: maybe}", "type-wrong"),
        ("globals: {}", "key-unknown"),
        ("global: []", "type-wrong"),
        ("rule_files: rules.yml", "type-wrong"),
        ("[]", "type-wrong"),
    ],
)
def test_mistakes_are_findings(text: str, code: str) -> None:
    """Each with its place."""
    _, diagnostics = read_config(text, "prometheus.yml")
    assert [(one.code.name, one.level) for one in diagnostics] == [(code, Level.ERROR)]
    assert diagnostics[0].span is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CONFIG, True),
        ("scrape_configs: []", True),
        ("global: {}", False),
        ("alerting: {}\nroute: {}", False),
        ("groups: []", False),
        ("[]", False),
    ],
)
def test_document_is_known_by_its_sections(text: str, expected: bool) -> None:  # noqa: FBT001 # a parameter
    """Discovery tells a prometheus.yml from other YAML by what stands at its top."""
    assert looks_like_prometheus(parse(text, "f").root) is expected
