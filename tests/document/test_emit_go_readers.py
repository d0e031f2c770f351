"""What `emit` writes, read by the servers themselves: go-yaml 3 and go-yaml 2."""

from __future__ import annotations

from typing import Any

import pytest

from buckstop.document import emit
from buckstop.servers import Alertmanager, Installation, Prometheus

pytestmark = pytest.mark.servers

TEXTS = (
    "", " ", "yes", "No", "on", "y", "null", "~", "true", "0755", "0o17", "1e3", "1_000", "0x1F",
    "12:30", "2027-01-01", ".5", "-1", ".inf", "=", "<<", "a: b", "a:", "# x", "a #b", "a#b",
    "- a", "? a", "[a", "{a}", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a`", "'a'", '"a"', "it's",
    "a\\b", "a\"b'c", " a", "a ", "\ta", "a\tb", "a\nb", "a\nb\n", "a\n\n", "\na", "\n", " a\nb",
    "a\n  b", "a\n \nb", "a\r\nb", "---", "--- a", "a\n---\nb", "模型 P95", "😀", "\x85", "\u2028",
    "\ufeff", "a\u2028b\nc", "x" * 5000, "5m", "0.25", "99.9%", "#channel", "\uffff", "\x1b[31m",
    "{{ $value }}", '{{ printf "%.2f" $value }}',
)  # fmt: skip


def test_prometheus_reads_each_text_as_it_was_given(installation: Installation) -> None:
    """Annotations come back from the rules API exactly as they were before they were written."""
    rules: list[dict[str, Any]] = [
        {"alert": f"A{i}", "expr": "vector(1)", "annotations": {"text": text}}
        for i, text in enumerate(TEXTS)
    ]
    written = emit({"groups": [{"name": "g", "rules": rules}]})
    config = emit({"rule_files": ["rules/*.yml"]})
    with Prometheus(installation, config, rules={"texts.yml": written}) as prometheus:
        (group,) = prometheus.rules()
        read = [rule["annotations"]["text"] for rule in group["rules"]]
    assert read == list(TEXTS)


def test_alertmanager_reads_each_text_as_it_was_given(installation: Installation) -> None:
    """Receiver names come back from the API exactly as they were before they were written."""
    names = [text for text in TEXTS if text]
    config: dict[str, Any] = {
        "route": {"receiver": names[0]},
        "receivers": [{"name": name} for name in names],
    }
    with Alertmanager(installation, emit(config)) as alertmanager:
        answer = alertmanager.http.get(f"{alertmanager.url}/api/v2/receivers")
        read = [receiver["name"] for receiver in answer.raise_for_status().json()]
    assert sorted(read) == sorted(names)
