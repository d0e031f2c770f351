"""A running Alertmanager delivers what we say executes, and nothing of what we say fails."""

from __future__ import annotations

import http.server
import json
import random
import re
import threading
from collections.abc import Iterator

import pytest
from tests.differential.random_templates import ALERTMANAGER, Grammar

from buckstop import servers
from buckstop.document import Emittable, emit
from buckstop.gotemplate import (
    Executes,
    alertmanager_engine,
    alertmanagers_own,
    judge,
    parsed_version,
)

COUNT = 60
FIXED = (
    "{{ .Secret.PAGERDUTY_INFRA_KEY }}",
    '{{ template "slack.default.title" . }}{{ template "__text_alert_list" .Alerts.Firing }}',
    '{{ template "nowhere" . }}',
    "{{ (index .Alerts 0).Labels.alertname }}",
    "{{ len . }}",
    "{{ $.Alerts.Firing.Nope }}",
)


class _Pager(http.server.BaseHTTPRequestHandler):
    """PagerDuty's door for events, as far as Alertmanager knocks at it."""

    received: set[str]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.received.add(body["routing_key"])
        self.send_response(202)
        self.end_headers()
        self.wfile.write(b'{"status":"success"}')

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def pager() -> Iterator[http.server.ThreadingHTTPServer]:
    """Takes pages; `received` of its handler are the keys of those who were paged."""
    _Pager.received = set()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pager) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _config(texts: list[str], port: int) -> str:
    receivers: list[Emittable] = [{"name": "rest"}]
    routes: list[Emittable] = []
    for index, text in enumerate(texts):
        contact: Emittable = {
            "routing_key": f"k{index}",
            "url": f"http://127.0.0.1:{port}/",
            "description": text,
        }
        receivers.append({"name": f"r{index}", "pagerduty_configs": [contact]})
        routes.append({"receiver": f"r{index}", "matchers": [f'case="{index}"']})
    route: Emittable = {"receiver": "rest", "group_wait": "0s", "group_by": ["case"]}
    assert isinstance(route, dict)
    return emit({"route": {**route, "routes": routes}, "receivers": receivers})


def _failed(alertmanager: servers.Alertmanager) -> int:
    """How many notifications Alertmanager says it could not send."""
    found = re.findall(
        r'^alertmanager_notifications_failed_total\{integration="pagerduty".*\} (\S+)$',
        alertmanager.metrics(),
        re.MULTILINE,
    )
    return int(sum(float(number) for number in found))


@pytest.mark.servers
def test_the_pager_hears_of_exactly_what_executes(
    each_installation: servers.Installation, pager: http.server.ThreadingHTTPServer
) -> None:
    """The server itself is the last word, amtool only its voice."""
    seed = random.randrange(10**9)
    grammar = Grammar(random.Random(seed), ALERTMANAGER)
    engine = alertmanager_engine(parsed_version(each_installation.alertmanager_version))
    executes: dict[str, bool] = {}
    for text in (*FIXED, *(grammar.template() for _ in range(3 * COUNT))):
        verdict = judge(text, engine, alertmanagers_own()).executes
        if verdict in {Executes.ALWAYS, Executes.NEVER} and len(executes) < COUNT:
            executes[text] = verdict is Executes.ALWAYS
    texts = list(executes)
    expected = {f"k{index}" for index, text in enumerate(texts) if executes[text]}
    with servers.Alertmanager(each_installation, _config(texts, pager.server_port)) as alertmanager:
        labels = [{"alertname": "A", "case": str(index)} for index in range(len(texts))]
        alertmanager.post_alerts([{"labels": one} for one in labels])
        servers.await_until(
            lambda: len(_Pager.received) + _failed(alertmanager) >= len(texts), 30, "all outcomes"
        )
    delivered = {texts[int(key[1:])] for key in _Pager.received ^ expected}
    assert not delivered, f"seed {seed}: we and the server differ on {delivered}"
