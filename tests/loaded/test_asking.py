"""What a server's answer is worth, and what is said of one that does not answer."""

from __future__ import annotations

import httpx
import pytest

from buckstop.loaded import (
    NotSaidError,
    ask_alertmanager,
    ask_prometheus,
    rule_texts,
    without_credentials,
)

GROUP = {
    "name": "g",
    "file": "/etc/rules/a.yml",
    "interval": 7,
    "limit": 3,
    "rules": [
        {"type": "recording", "name": "a:b", "query": "sum(x)", "labels": {"empty": ""}},
        {
            "type": "alerting",
            "name": "A",
            "query": "up == 0",
            "duration": 90,
            "keepFiringFor": 120,
            "labels": {"team": "{{ $labels.x }}"},
            "annotations": {"summary": 'it\'s "down"'},
        },
    ],
}


def _client(answers: dict[str, object]) -> httpx.Client:
    def answer(request: httpx.Request) -> httpx.Response:
        value = answers.get(request.url.path)
        return httpx.Response(404) if value is None else httpx.Response(200, json=value)

    return httpx.Client(transport=httpx.MockTransport(answer))


def test_rules_are_written_anew_with_all_that_decides() -> None:
    """Intervals, waits, empty labels and templates are as the server has them."""
    assert rule_texts([GROUP]) == {
        "/etc/rules/a.yml": """\
groups:
  - name: g
    interval: 7s
    limit: 3
    rules:
      - record: a:b
        expr: sum(x)
        labels:
          empty: ''
      - alert: A
        expr: up == 0
        for: 1m30s
        keep_firing_for: 2m
        labels:
          team: '{{ $labels.x }}'
        annotations:
          summary: it's "down"
"""
    }


@pytest.mark.parametrize("groups", [[{}], [{"name": 1, "file": "a", "rules": []}], ["g"]])
def test_what_is_no_rule_group_is_refused(groups: list[dict[str, object]]) -> None:
    """A server that answers with something else proves nothing."""
    with pytest.raises(ValueError, match="no rule groups"):
        rule_texts(groups)


def test_versions_and_texts_are_read() -> None:
    """What a Debian build calls itself is still the version that is judged."""
    status = {"config": {"original": "route: {}"}, "versionInfo": {"version": "0.25.0"}}
    routes = ask_alertmanager(_client({"/am/api/v2/status": status}), "http://u:p@x:1/am/")
    assert (routes.url, routes.version, routes.text) == ("http://x:1/am", "0.25", "route: {}")
    answers: dict[str, object] = {
        "/api/v1/status/config": {"data": {"yaml": "{}"}},
        "/api/v1/rules": {"data": {"groups": [GROUP]}},
        "/api/v1/status/buildinfo": {"data": {"version": "3.5.3+ds1"}},
    }
    rules = ask_prometheus(_client(answers), "http://x:2")
    assert (rules.version, rules.text, rules.groups) == ("3.5", "{}", [GROUP])


@pytest.mark.parametrize(
    "answers", [{}, {"/api/v2/status": []}, {"/api/v2/status": {"config": {"original": 1}}}]
)
def test_another_server_is_named_without_its_password(answers: dict[str, object]) -> None:
    """The message says which address; a password in it goes nowhere."""
    with pytest.raises(NotSaidError, match="http://x:1") as failed:
        ask_alertmanager(_client(answers), "http://me:s3cret@x:1")
    assert "s3cret" not in str(failed.value)
    assert without_credentials("http://me:s3cret@x:1/p/") == "http://x:1/p"
