"""Real Prometheus and Alertmanager: start, ask, reload, stop."""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from buckstop import servers

pytestmark = pytest.mark.servers

ROUTE = """\
route: {{receiver: {receiver}, group_wait: 0s}}
receivers:
  - name: {receiver}
"""
RULES = """\
groups:
  - name: model
    rules:
      - alert: Always
        expr: vector(1)
        labels: {accountable_team: infra_sre}
"""
PROMETHEUS = """\
global: {{evaluation_interval: 1s, scrape_interval: 1s}}
rule_files: [rules/*.yml]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


def test_an_alert_goes_from_rule_to_route(each_installation: servers.Installation) -> None:
    """A rule that fires reaches Alertmanager, which names the receiver."""
    config = ROUTE.format(receiver="team-a")
    with (
        servers.Alertmanager(each_installation, config) as alertmanager,
        servers.Prometheus(
            each_installation, PROMETHEUS.format(port=alertmanager.port), {"model.yml": RULES}
        ) as prometheus,
    ):
        alerts = servers.await_until(alertmanager.alerts, 30, "the alert")
        assert alerts[0]["labels"]["accountable_team"] == "infra_sre"
        assert alerts[0]["receivers"] == [{"name": "team-a"}]
        assert [alert["state"] for alert in prometheus.alerts()] == ["firing"]
        assert prometheus.query("vector(7)")[0]["value"][1] == "7"


def test_reload_takes_the_new_and_refuses_the_wrong(
    each_installation: servers.Installation,
) -> None:
    """After a refused reload the old configuration stays, and the server's words are shown."""
    with servers.Alertmanager(each_installation, ROUTE.format(receiver="a")) as alertmanager:
        alertmanager.reload(ROUTE.format(receiver="b"))
        assert "receiver: b" in alertmanager.status()["config"]["original"]
        with pytest.raises(servers.ServerRefused, match="undefined receiver"):
            alertmanager.reload("route: {receiver: nobody}\nreceivers: [{name: x}]\n")
        assert "receiver: b" in alertmanager.status()["config"]["original"]
    with servers.Prometheus(
        each_installation, "rule_files: [rules/*.yml]\n", {"one.yml": RULES}
    ) as prometheus:
        prometheus.reload(rules={"two.yml": RULES.replace("name: model", "name: other")})
        assert [group["name"] for group in prometheus.rules()] == ["other"]
        with pytest.raises(servers.ServerRefused, match="did not reload"):
            prometheus.reload("no_such_key: 1\n")
        with pytest.raises(servers.ServerRefused, match="parse error"):
            prometheus.query("sum(")


class _Slack(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent."""

    received: list[bytes]

    def do_POST(self) -> None:
        """Take one message."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append(body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay quiet."""


@pytest.fixture
def slack() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a stand-in for Slack, and what it has received."""
    received: list[bytes] = []
    handler = type("Handler", (_Slack,), {"received": received})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook", received
        server.shutdown()
        thread.join()


def test_default_templates_and_one_s_own_both_work(
    each_installation: servers.Installation, slack: tuple[str, list[bytes]], tmp_path: Path
) -> None:
    """Debian's unpacked Alertmanager fills its default text, and a template of the user's."""
    url, received = slack
    config = f"""\
route: {{receiver: x, group_wait: 0s}}
receivers:
  - name: x
    slack_configs:
      - {{api_url: "{url}", channel: "#a", text: '{{{{ template "own" . }}}}'}}
templates: [own/*.tmpl]
"""
    template = '{{ define "own" }}Owner: {{ .CommonLabels.accountable_team }}{{ end }}'
    files = {"own/text.tmpl": template}
    alert = {"labels": {"alertname": "Slow", "accountable_team": "infra_sre"}}
    with servers.Alertmanager(each_installation, config, files, folder=tmp_path) as alertmanager:
        alertmanager.post_alerts([alert])
        servers.await_until(lambda: received, 30, "a message to Slack")
        checked = servers.check_config(each_installation, tmp_path / "alertmanager.yml")
    sent = json.loads(received[0])["attachments"][0]
    assert sent["text"] == "Owner: infra_sre"
    assert sent["title"] == "[FIRING:1]  (Slow infra_sre)"
    assert checked.ok, checked.output


def test_a_configuration_that_cannot_load_shows_the_server_s_reason(
    installation: servers.Installation,
) -> None:
    """The user sees what Alertmanager logged, not only that it ended."""
    with (
        pytest.raises(servers.ServerFailed, match=r"no routes? provided"),
        servers.Alertmanager(installation, "receivers: [{name: x}]\n"),
    ):
        pass


def test_a_killed_prometheus_comes_back_with_its_data(
    installation: servers.Installation,
) -> None:
    """A crash in a drill keeps port and series."""
    with servers.Prometheus(installation, "global: {scrape_interval: 1s}\n") as prometheus:
        url = prometheus.url
        prometheus.kill()
        prometheus.start()
        assert prometheus.url == url
        assert prometheus.query("vector(1)")


OWNER = """
import sys
from buckstop import servers
alertmanager = servers.Alertmanager(servers.find(), {config!r})
alertmanager.start()
print(alertmanager.pid, flush=True)
sys.stdin.read()
"""


def test_a_killed_demo_leaves_no_server_behind(installation: servers.Installation) -> None:
    """SIGKILL of the process that started a real server ends the server."""
    code = OWNER.format(config=ROUTE.format(receiver="x"))
    owner = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    owner.send_signal(signal.SIGKILL)
    owner.communicate(timeout=30)

    def ended() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return b"alertmanager" not in Path(f"/proc/{pid}/cmdline").read_bytes()

    servers.await_until(ended, 30, "the server to end")


QUOTED = r"""
route:
  receiver: rest
  routes:
    - {receiver: seen, continue: true}
    - {receiver: odd, matchers: ['note = "a \"b\""']}
receivers: [{name: rest}, {name: seen}, {name: odd}]
"""


def test_the_tools_judge_rules_tests_and_routes(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """promtool and amtool accept what is right, and say what is wrong."""
    rules = tmp_path / "rules.yml"
    rules.write_text(RULES)
    cases = tmp_path / "rules.test.yml"
    cases.write_text(
        "rule_files: [rules.yml]\n"
        "tests:\n"
        "  - interval: 1m\n"
        "    alert_rule_test: [{eval_time: 1m, alertname: Always, exp_alerts: []}]\n"
    )
    config = tmp_path / "alertmanager.yml"
    config.write_text(QUOTED)
    assert servers.check_rules(each_installation, [rules]).ok
    judged = servers.test_rules(each_installation, [cases])
    assert not judged.ok
    assert "Always" in judged.output
    assert servers.route_test(each_installation, config, {"note": 'a "b"'}) == ["seen", "odd"]
    rules.write_text(RULES.replace("vector(1)", "vector("))
    assert not servers.check_rules(each_installation, [rules]).ok
    config.write_text("route: {receiver: x}\n")
    with pytest.raises(servers.ServerRefused, match="amtool"):
        servers.route_test(each_installation, config, {"a": "b"})
