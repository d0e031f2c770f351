"""``prometheus.yml`` out: the same to a server, however it was spelled."""

from __future__ import annotations

import pytest

from buckstop.prometheus import read_config, write_config


def rewritten(text: str) -> str:
    config, diagnostics = read_config(text, "prometheus.yml")
    assert diagnostics == ()
    assert config is not None
    return write_config(config)


def test_what_is_text_to_the_server_is_written_as_text() -> None:
    """Every reader of YAML then takes it for the same text."""
    assert rewritten("global: {external_labels: {a: yes, b: 0755, c: ~}}") == (
        "global:\n  external_labels:\n    a: 'yes'\n    b: '0755'\n    c: null\n"
    )


@pytest.mark.parametrize("value", ["yes", "0755", "0.5", "'0755'", "!!str 5", "~"])
def test_what_is_not_judged_keeps_its_spelling(value: str) -> None:
    """Whether it is a number, a truth or text is for the server to say."""
    expected = {"!!str 5": "'5'", "~": "null"}.get(value, value)
    for text in (f"tracing: {{a: {value}}}", f"scrape_configs: [{{job_name: a, a: {value}}}]"):
        assert f"a: {expected}\n" in rewritten(text)
    discovery = f"alerting: {{alertmanagers: [{{x_sd_configs: [{{a: {value}}}]}}]}}"
    assert f"a: {expected}\n" in rewritten(discovery)


def test_truths_and_numbers_are_written_as_such() -> None:
    """A server refuses them in quotes."""
    once = rewritten("global: {sample_limit: 1_000, scrape_native_histograms: off}")
    assert once == "global:\n  sample_limit: 1000\n  scrape_native_histograms: false\n"
    assert rewritten(once) == once


def test_anchors_are_written_out() -> None:
    """A server reads the same without them."""
    text = "alerting: {alertmanagers: [&a {scheme: https}, {<<: *a, path_prefix: /b}]}"
    assert rewritten(text).count("scheme: https") == 2
