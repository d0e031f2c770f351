"""One alert, one receiver, two routes: the warning, and what the servers do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from buckstop import servers
from buckstop.alertmanager import Router, read
from buckstop.diagnostics import Diagnostic
from buckstop.prometheus import read_rules
from buckstop.prover.codes import RECEIVER_TOLD_TWICE
from buckstop.prover.examination import examine
from buckstop.prover.given import Given

ROUTES = """
route:
  receiver: rest
  group_wait: 0s
  routes:
  - matchers: ['severity="critical"']
    receiver: infra
    continue: true
  - matchers: ['team="infra"']
    receiver: infra
receivers:
- {name: rest, webhook_configs: [{url: 'URL'}]}
- {name: infra, webhook_configs: [{url: 'URL'}]}
"""
SAME_MATCHERS = ROUTES.replace('severity="critical"', 'team="infra"')


def told_twice(routes: str, *rules: str) -> list[Diagnostic]:
    """The warnings for rules with these labels, called A1, A2 and so on."""
    text = "".join(
        f"  - {{alert: A{number}, expr: up == 0, labels: {{{labels}}}}}\n"
        for number, labels in enumerate(rules, 1)
    )
    rule_file, _ = read_rules(f"groups:\n- name: g\n  rules:\n{text}", "rules.yml")
    config, found = read(routes.replace("URL", "http://127.0.0.1/"), "alertmanager.yml")
    assert rule_file is not None
    assert config is not None, found
    examination = examine(Given(rule_files=(rule_file,), config=config, team_label="team"))
    return [one for one in examination.diagnostics if one.code is RECEIVER_TOLD_TWICE]


def test_two_routes_to_one_receiver_are_one_finding_at_the_later_one() -> None:
    """However many rules take both, with the place of the earlier route."""
    both = "team: infra, severity: critical"
    (found,) = told_twice(ROUTES, both, "team: infra, severity: minor", both)
    assert found.span is not None
    assert found.span.line == 9
    assert found.message.startswith("A1 (2 rules) reaches infra by this route and by an earlier")
    assert next(related.span.line for related in found.related) == 6


@pytest.mark.parametrize(
    "routes",
    [
        ROUTES.replace("    continue: true\n", ""),
        ROUTES.replace(
            'severity="critical"\']\n    receiver: infra', 'severity="x"\']\n    receiver: infra'
        ),
        ROUTES.replace("{name: infra, webhook_configs: [{url: 'URL'}]}", "{name: infra}"),
    ],
)
def test_one_notification_is_no_finding(routes: str) -> None:
    """A walk that stops, a route that does not match, a receiver that tells nobody."""
    assert told_twice(routes, "team: infra, severity: critical") == []


def test_routes_that_the_series_decide_are_no_finding() -> None:
    """Whether both are taken is not known before it fires."""
    assert told_twice(ROUTES, "team: infra") == []


@contextmanager
def webhook() -> Iterator[tuple[str, list[str]]]:
    """A URL, and the group keys of what was posted to it."""
    posted: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append(json.loads(body)["groupKey"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the tests' terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", posted
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.servers
@pytest.mark.parametrize("routes", [ROUTES, SAME_MATCHERS], ids=["two groups", "one group key"])
def test_alertmanager_tells_the_receiver_twice(
    each_installation: servers.Installation, routes: str
) -> None:
    """Each route pages by itself, and the concrete router foresees the group keys."""
    labels = {"alertname": "A1", "team": "infra", "severity": "critical"}
    assert len(told_twice(routes, "team: infra, severity: critical")) == 1
    with webhook() as (url, posted):
        text = routes.replace("URL", url)
        config, _ = read(text, "alertmanager.yml")
        assert config is not None
        expected = sorted(match.group_key(labels) for match in Router(config).route(labels))
        with servers.Alertmanager(each_installation, text) as running:
            running.post_alerts([{"labels": labels}])
            servers.await_until(lambda: len(posted) == 2, 20, "both notifications")
    assert sorted(posted) == expected
