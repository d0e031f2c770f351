r"""Which ``\p{…}`` each server's tool takes is what is taken here for its version."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.differential import amtool
from tests.differential.test_promtool_check_config import refused_by_promtool

from buckstop import alertmanager, prometheus, servers
from buckstop.diagnostics import has_errors
from buckstop.language.unicode_classes import CLASS_NAMES

NO_NAMES = """
Katakana_Or_Hiragana|Unknown|L&|Alphabetic|White_Space|Grek|Latn|InGreek|Script=Greek|gc=Lu|Emoji||^
|-|_| ^Greek|gr\u00e9ek|\u017fogdian|greek\t
""".replace("\n", "").split("|")
VARIED = "any|aNY|^Any|^greek|^ greek|lower case-letter| Greek |l_u|old-italic|_L|lc|cn|gree\u006b"
OTHERS = r"""
(?<n>a) (?<1>a) (?<>a) (?<é>a) (?P<n>a)(?<n>b) \pl \pL \pЖ \p_ [\p{ASCII}a] [^\p{ascii}] \P{LC}
[\P{Cn}] \(?<n>a \\p{greek} [(?<n>] \Q\p{greek}\E \Q(?<n>\E [\p{greek}-z] (?i)\P{Assigned} \p \p{L
"""
PATTERNS = (
    *(rf"\p{{{name}}}" for name in (*sorted(CLASS_NAMES), *NO_NAMES, *VARIED.split("|"))),
    *OTHERS.split(),
)


def quoted(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"


@pytest.mark.servers
def test_promtool_takes_the_classes_that_are_taken_here(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """The names of scripts and categories, which came with versions of Go, each by itself."""
    texts = {
        tmp_path / f"{index}.yml": "alerting: {alert_relabel_configs: "
        f"[{{action: drop, source_labels: [a], regex: {quoted(pattern)}}}]}}\n"
        for index, pattern in enumerate(PATTERNS)
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    refused = refused_by_promtool(each_installation, list(texts))
    for (path, text), pattern in zip(texts.items(), PATTERNS, strict=True):
        _, found = prometheus.read_config(text, "p.yml", each_installation.prometheus_version)
        assert has_errors(found) == (path.name in refused), (pattern, found)


@pytest.mark.servers
def test_amtool_takes_the_classes_that_are_taken_here(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Alertmanager of the same release is built with the same Go."""
    texts = {
        pattern: f"route: {{receiver: a, routes: [{{match_re: {{a: {quoted(pattern)}}}}}]}}\n"
        "receivers: [{name: a}]\n"
        for pattern in PATTERNS
    }
    refused = amtool.judge(each_installation, texts, tmp_path)
    for pattern, text in texts.items():
        _, found = alertmanager.read(text, "a.yml", each_installation.alertmanager_version)
        assert has_errors(found) == (pattern in refused), (pattern, found)
