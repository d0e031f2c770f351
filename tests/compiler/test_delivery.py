"""Builds on real servers: each alert arrives at its team, saying what a page must say."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.compiler.charters import ARTICLE, alertmanager_of
from tests.compiler.test_golden import build_of

from buckstop import servers
from buckstop.compiler import Build, Targets
from buckstop.compiler.manifest import ManifestAlert
from buckstop.document import emit

pytestmark = pytest.mark.servers

LEDGER = "http://127.0.0.1:9890"
CHANNELS = {
    "infra_sre": "#infra-sre",
    "data_mlops": "#mlops-data-drift",
    "data_engineering-inform": "#data-engineering",
    "credit_models": "#credit-models",
    "default_ops": "#unhandled-alerts",
}
HOSTILE = {
    "alertname": "<!channel> & <http://evil.example|click>",
    "accountable_team": "Infra_SRE",
    "severity": "catastrophic",
    "model": "</a>\"'\\",
}


@dataclass(slots=True)
class World:
    """Slack, PagerDuty and the ledger in one server that writes down what it is sent."""

    url: str
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def slack(self, channel: str) -> list[dict[str, Any]]:
        return [body for path, body in self.posts if body.get("channel") == channel]

    def pages(self) -> list[dict[str, Any]]:
        return [body for path, body in self.posts if path.startswith("/pagerduty")]

    def ledger(self) -> list[dict[str, Any]]:
        return [
            alert
            for path, body in self.posts
            if path == "/intake/alertmanager/alertmanager"
            for alert in body["alerts"]
        ]


class Patient(ThreadingHTTPServer):
    """Lets as many wait as Alertmanager sends at once; a connection refused is tried again late."""

    request_queue_size = 128


@pytest.fixture
def world() -> Iterator[World]:
    posts: list[tuple[str, dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            # What has been read is on record before the sender hears that it arrived.
            posts.append((self.path, json.loads(body) if body[:1] == b"{" else {"raw": body}))
            # From 0.28 on, Alertmanager takes anything but "ok" from Slack for a failure.
            answer = b"ok" if self.path.startswith("/slack") else b'{"status": "success"}'
            self.send_response(202 if self.path.startswith("/pagerduty") else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Keep quiet."""

    server = Patient(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield World(f"http://127.0.0.1:{server.server_address[1]}", posts)
    server.shutdown()
    server.server_close()
    thread.join()


def alertmanager_text(made: Build, world: World) -> str:
    """The built file, unchanged but for addresses and for how long it waits."""
    config = alertmanager_of(made)
    config["global"] = {"pagerduty_url": f"{world.url}/pagerduty"}
    config["route"]["group_wait"] = "1ms"
    return emit(config).replace(LEDGER, world.url)


def alertmanager(
    installation: servers.Installation, made: Build, text: str
) -> servers.Alertmanager:
    """An Alertmanager with the built files where the build puts them, and `text` as its own."""
    templates = made.files["alertmanager/templates/buckstop.tmpl"]
    return servers.Alertmanager(installation, text, {"templates/buckstop.tmpl": templates})


def article(installation: servers.Installation, world: World, folder: Path) -> Build:
    (folder / "slack_url").write_text(f"{world.url}/slack\n")
    (folder / "pagerduty_infra").write_text("a" * 32 + "\n")
    version = ".".join(installation.alertmanager_version.split(".")[:2])
    return build_of(ARTICLE, Targets(version, secrets_folder=str(folder)))


def annotations_of(made: Build) -> dict[frozenset[tuple[str, str]], dict[str, str]]:
    """What each alert's page says in the first test in which it fires, by its labels."""
    found: dict[frozenset[tuple[str, str]], dict[str, str]] = {}
    for path, text in made.files.items():
        if not path.endswith(".test.yml"):
            continue
        for test in yaml.safe_load(text)["tests"]:
            for asked in test.get("alert_rule_test", ()):
                for alert in asked["exp_alerts"]:
                    labels = {**alert["exp_labels"], "alertname": asked["alertname"]}
                    found.setdefault(frozenset(labels.items()), alert["exp_annotations"])
    return found


def arrived(world: World, receiver: str, labels: dict[str, str]) -> bool:
    """Whether `receiver` was told of the alert, by what tells it from others there."""
    words = [labels["alertname"], labels.get("model", "")]
    if receiver == "infra_sre-critical":
        said = [json.dumps(page, ensure_ascii=False) for page in world.pages()]
    else:
        said = [json.dumps(one, ensure_ascii=False) for one in world.slack(CHANNELS[receiver])]
    return any(all(word in text for word in words) for text in said)


def receivers_of(alert: ManifestAlert) -> list[str]:
    severe = alert.team == "infra_sre" and dict(alert.labels)["severity"] == "critical"
    own = "infra_sre-critical" if severe else alert.team
    return [*(f"{team}-inform" for team in alert.inform), own]


def test_all_alerts_of_the_article_reach_their_teams(
    each_installation: servers.Installation, world: World, tmp_path: Path
) -> None:
    """Every alert pages its accountable team, tells the informed one, and is on record."""
    made = article(each_installation, world, tmp_path)
    words = annotations_of(made)
    alerts = [
        {"labels": dict(alert.labels), "annotations": words[frozenset(alert.labels)]}
        for alert in made.manifest.alerts
    ]
    with alertmanager(each_installation, made, alertmanager_text(made, world)) as am:
        am.post_alerts(alerts)

        def missing() -> list[str]:
            told = [
                f"{receiver}: {alert.labels}"
                for alert in made.manifest.alerts
                for receiver in receivers_of(alert)
                if not arrived(world, receiver, dict(alert.labels))
            ]
            recorded = {frozenset(one["labels"].items()) for one in world.ledger()}
            told += [
                f"ledger: {alert.labels}"
                for alert in made.manifest.alerts
                if frozenset(alert.labels) not in recorded
            ]
            return told

        servers.await_until(lambda: not missing() or None, 30, f"{len(missing())} pages")
        failed = [
            line
            for line in am.metrics().splitlines()
            if line.startswith("alertmanager_notifications_failed_total")
            and not line.endswith(" 0")
        ]
        assert failed == []
    own = [alert for alert in made.manifest.alerts if alert.team == "default_ops"]
    assert all(dict(alert.labels)["fault"] == "ledger" for alert in own)
    assert not world.slack("#unhandled-alerts")[len(own) :], "the default has Buckstop's own alone"


def test_page_says_what_is_wrong_who_answers_and_why(
    each_installation: servers.Installation, world: World, tmp_path: Path
) -> None:
    """Model, number, objective, the line that makes the team accountable, and where to go."""
    made = article(each_installation, world, tmp_path)
    words = annotations_of(made)
    by_name = {alert.alert: alert for alert in made.manifest.alerts if alert.slo != "success_ratio"}
    sent = [by_name[name] for name in ("ModelLatencyHigh", "ModelDriftHigh")]
    with alertmanager(each_installation, made, alertmanager_text(made, world)) as am:
        am.post_alerts(
            [
                {"labels": dict(one.labels), "annotations": words[frozenset(one.labels)]}
                for one in sent
            ]
        )
        servers.await_until(
            lambda: world.pages() and world.slack("#mlops-data-drift"), 20, "the pages"
        )
        servers.await_until(lambda: world.slack("#data-engineering"), 20, "the informed")
    [page] = world.pages()
    assert page["payload"]["summary"] == (
        "[FIRING] ModelLatencyHigh credit-limit (critical): "
        "credit-limit: p95 latency is 550ms, objective <= 500ms"
    )
    assert page["payload"]["severity"] == "critical"
    assert page["client_url"] == f"{LEDGER}/?team=infra_sre&model=credit-limit&fault=latency"
    details = page["payload"]["custom_details"]
    text = details["firing"] if isinstance(details["firing"], str) else json.dumps(details)
    assert "You are accountable: infra_sre is accountable because charter.yaml:" in text
    [drift] = world.slack("#mlops-data-drift")
    [attachment] = drift["attachments"]
    assert "KS distance of feature income is 0.303, objective &lt;= 0.3" in attachment["text"]
    assert (
        "You are accountable: data_mlops is accountable because charter.yaml:" in attachment["text"]
    )
    assert "when fault=drift" in attachment["text"]
    assert (
        f"Acknowledge: {LEDGER}/?team=data_mlops&amp;model=credit-default&amp;fault=drift"
        in attachment["text"]
    )
    [told] = world.slack("#data-engineering")
    assert "For your information. data_mlops is accountable" in told["attachments"][0]["text"]


def test_misspelt_team_and_hostile_text_reach_the_default_team_unharmed(
    each_installation: servers.Installation, world: World, tmp_path: Path
) -> None:
    """`Infra_SRE` pages somebody, is on record, and cannot shout at a whole channel."""
    made = article(each_installation, world, tmp_path)
    summary = "{{ .Secret.X }} <!here> </a>"
    with alertmanager(each_installation, made, alertmanager_text(made, world)) as am:
        am.post_alerts([{"labels": HOSTILE, "annotations": {"summary": summary}}])
        servers.await_until(lambda: world.slack("#unhandled-alerts"), 20, "the default team's page")
        [recorded] = servers.await_until(world.ledger, 20, "the ledger's record")
    assert recorded["labels"] == HOSTILE
    [message] = world.slack("#unhandled-alerts")
    [attachment] = message["attachments"]
    said = attachment["title"] + attachment["text"] + attachment["fallback"]
    assert "<" not in said.replace("<http", "")
    assert "&lt;!channel&gt; &amp; &lt;http://evil.example|click&gt;" in attachment["title"]
    assert "{{ .Secret.X }} &lt;!here&gt;" in attachment["text"]
    assert (
        "You are accountable: the charter routes this alert to you, "
        "although its label names Infra_SRE" in attachment["text"]
    )


def test_resolution_is_told_to_whom_was_paged(
    debian12: servers.Installation, world: World, tmp_path: Path
) -> None:
    """A team that was paged hears that it is over, and so does the ledger, soon."""
    made = article(debian12, world, tmp_path)
    config = yaml.safe_load(alertmanager_text(made, world))
    config["route"]["group_interval"] = "1s"
    config["route"]["routes"][0]["group_interval"] = "1s"
    labels = {"alertname": "A", "accountable_team": "credit_models", "severity": "major"}
    with alertmanager(debian12, made, emit(config)) as am:
        am.post_alerts([{"labels": labels, "annotations": {"summary": "AUC is low"}}])
        servers.await_until(lambda: world.slack("#credit-models"), 20, "the page")
        over = "2020-01-01T00:00:01Z"
        am.post_alerts([{"labels": labels, "startsAt": "2020-01-01T00:00:00Z", "endsAt": over}])
        servers.await_until(lambda: len(world.slack("#credit-models")) > 1, 20, "the resolution")
        servers.await_until(
            lambda: any(alert["status"] == "resolved" for alert in world.ledger()), 20, "the record"
        )
    title = world.slack("#credit-models")[-1]["attachments"][0]["title"]
    assert title.startswith("[RESOLVED] A")


def test_alertmanager_that_takes_nothing_is_noticed_although_the_ledger_listens(
    debian12: servers.Installation, tmp_path: Path
) -> None:
    """A healthy observer does not hide that nobody can be paged."""
    feeds: list[str] = []

    class Feed(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            feeds.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"up_and_running 1\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Keep quiet."""

    ledger = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    threading.Thread(target=ledger.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{ledger.server_address[1]}"
    made = build_of(ARTICLE)
    text = made.files["prometheus/prometheus.wiring.yml"]
    rules = made.files["prometheus/rules/buckstop.yml"]
    rules = rules.replace("127.0.0.1:9890", address).replace("for: 2m", "for: 1s")
    port = servers.free_port()
    text = text.replace("127.0.0.1:9890", address).replace("localhost:9090", f"127.0.0.1:{port}")
    text = text.replace("localhost:9093", "127.0.0.1:1").replace("30s", "1s")
    seed = """
groups:
  - name: seed
    rules: [{alert: Always, expr: vector(1)}]
"""
    config = servers.Prometheus(
        debian12,
        text,
        {"buckstop.yml": rules.replace("interval: 30s", "interval: 1s"), "seed.yml": seed},
        port=port,
    )
    try:
        with config as prometheus:

            def firing() -> list[str]:
                return [
                    alert["labels"]["alertname"]
                    for alert in prometheus.alerts()
                    if alert["state"] == "firing"
                ]

            servers.await_until(lambda: "AlertmanagerNotTakingAlerts" in firing(), 40, "the alert")
            assert "BuckstopLedgerDown" not in firing()
            assert feeds
            assert set(feeds) == {"/feed/prometheus/api/v2/alerts"}
    finally:
        ledger.shutdown()
        ledger.server_close()
