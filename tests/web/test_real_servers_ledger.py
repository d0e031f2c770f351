"""With a real Prometheus and a real Alertmanager: the owner on record, by both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.ledger.ledger_world import ROUTES, labels, write_build
from tests.web.listing import open_incidents
from tests.web.serve_process import Serve

from buckstop.ledger.domain.events import Proved
from buckstop.ledger.store.opening import open_reader
from buckstop.servers import Alertmanager, Installation, Prometheus, await_until, free_port

pytestmark = pytest.mark.servers

SECONDS = 60

INHIBITION = """\
inhibit_rules:
  - source_matchers: [alertname="NodeDown"]
    target_matchers: [alertname="ModelLatencyHigh"]
    equal: [model]
"""

DELIVERING = ROUTES
for _name in ("infra_sre-critical", "infra_sre", "data_mlops", "default_ops"):
    DELIVERING = DELIVERING.replace(
        f"  - name: {_name}\n",
        f"  - name: {_name}\n    webhook_configs: [{{url: 'http://127.0.0.1:1/{_name}'}}]\n",
    )
"""The routes, with receivers that are configured to deliver."""

PROMETHEUS = """\
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [rules/*.yml]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["{alertmanager}"]}}]
    - static_configs: [{{targets: ["{ledger}"]}}]
      path_prefix: /feed/prometheus
      timeout: 1s
"""

RULES = """\
groups:
  - name: credit
    rules:
      - alert: ModelLatencyHigh
        expr: vector({value}) > 0.5
        labels: {{accountable_team: infra_sre, severity: critical, fault: latency, model: credit}}
        annotations: {{summary: "p95 is {{{{ $value }}}}s"}}
"""


@dataclass
class World:
    """A ledger and an Alertmanager that know each other."""

    serve: Serve
    alertmanager: Alertmanager

    def open(self) -> list[dict[str, Any]]:
        """The open incidents."""
        return open_incidents(self.serve.http)

    def await_one(self, what: str, **fields: object) -> dict[str, Any]:
        """The one open incident, once its fields are these."""

        def found() -> dict[str, Any] | None:
            incidents = self.open()
            if len(incidents) == 1 and fields.items() <= incidents[0].items():
                return incidents[0]
            return None

        incident = await_until(found, SECONDS, what)
        assert incident is not None
        return incident

    def await_none(self) -> None:
        """No incident is open any more."""
        await_until(lambda: not self.open(), SECONDS, "the incident to resolve")

    def silence(self, seconds: float) -> str:
        """Silence the model; the silence's id."""
        now = datetime.now(UTC)
        answer = httpx.post(
            f"{self.alertmanager.url}/api/v2/silences",
            json={
                "matchers": [
                    {"name": "model", "value": "credit", "isRegex": False, "isEqual": True}
                ],
                "startsAt": now.isoformat(),
                "endsAt": (now + timedelta(seconds=seconds)).isoformat(),
                "createdBy": "jo",
                "comment": "known <b>trouble</b>",
            },
            trust_env=False,
        )
        found: str = answer.raise_for_status().json()["silenceID"]
        return found


def world(stack: ExitStack, installation: Installation, folder: Path) -> World:
    """Start both; the ledger first, so that its Alertmanager does not answer for a while."""
    build = write_build(folder / "build", routes=ROUTES + INHIBITION)
    port = free_port()
    options = ("--alertmanager", f"http://127.0.0.1:{port}", "--ask-seconds", "0.5")
    serve = stack.enter_context(Serve(build, folder / "ledger.db", *options))
    hook = f"{serve.url}/intake/alertmanager/main"
    receiver = f"  - name: buckstop-ledger\n    webhook_configs: [{{url: '{hook}'}}]\n"
    config = ROUTES.replace("  - name: buckstop-ledger\n", receiver) + INHIBITION
    alertmanager = stack.enter_context(Alertmanager(installation, config, port=port))
    return World(serve, alertmanager)


@pytest.fixture
def each_world(each_installation: Installation, tmp_path: Path) -> Iterator[World]:
    """Both releases' Alertmanager in turn."""
    with ExitStack() as stack:
        yield world(stack, each_installation, tmp_path)


def test_an_alert_posted_to_alertmanager_has_its_owner_on_record(each_world: World) -> None:
    """Through the webhook to the record; routed by the tree that Alertmanager has loaded;
    silences and inhibitions are said; resolved closes."""
    am = each_world.alertmanager
    am.post_alerts([{"labels": labels(), "annotations": {"summary": "slow"}}])
    incident = each_world.await_one("the owner on record", team="infra_sre")
    assert incident["routed"]["receivers"] == ["buckstop-ledger", "infra_sre-critical"]
    assert incident["members"][0]["sources"][0]["kind"] == "webhook"
    each_world.await_one("Alertmanager's word", notification="not withheld by Alertmanager")

    silence = each_world.silence(600)
    silenced = await_until(
        lambda: next((i for i in each_world.open() if i["withheld"]), None), SECONDS, "the silence"
    )
    assert silenced is not None
    assert silenced["withheld"]["reason"] == "silenced"
    assert silenced["withheld"]["by"] == "jo"
    assert re.match(r"recorded, not notified \(silenced by jo until", silenced["notification"])
    page = each_world.serve.http.get("/").text
    assert "silenced by jo until" in page
    assert "<b>trouble" not in page
    httpx.delete(f"{am.url}/api/v2/silence/{silence}", trust_env=False).raise_for_status()
    each_world.await_one("the silence's end", withheld=None, withheld_known=True)

    am.post_alerts([{"labels": {"alertname": "NodeDown", "model": "credit"}}])
    inhibited = await_until(
        lambda: next((i for i in each_world.open() if i["withheld"]), None), SECONDS, "inhibition"
    )
    assert inhibited is not None
    assert inhibited["withheld"]["reason"] == "inhibited"
    assert inhibited["withheld"]["by"] == "NodeDown"

    ended = datetime.now(UTC).isoformat()
    gone = {"endsAt": ended, "startsAt": "2020-01-01T00:00:00Z"}
    am.post_alerts([{"labels": {"alertname": "NodeDown", "model": "credit"}, **gone}])
    await_until(lambda: len(each_world.open()) == 1, SECONDS, "the other incident's end")
    am.post_alerts([{"labels": labels(), **gone}])
    each_world.await_none()


def test_owners_follow_the_tree_that_alertmanager_really_loaded(
    installation: Installation, tmp_path: Path
) -> None:
    """A tree that differs from the build's decides, and the difference is on record."""
    with ExitStack() as stack:
        both = world(stack, installation, tmp_path)
        both.alertmanager.post_alerts([{"labels": labels()}])
        both.await_one("the owner", team="infra_sre")
        config = (both.alertmanager.folder / "alertmanager.yml").read_text()
        both.alertmanager.reload(config.replace('team="infra_sre"', 'team="nobody"'))
        moved = both.await_one("the owner to move", team="default_ops")
        assert moved["owed"] == "infra_sre"
        assert [owner["team"] for owner in moved["owners"]] == ["infra_sre", "default_ops"]


def test_an_accepted_handover_stands_whatever_alertmanager_loads(
    installation: Installation, tmp_path: Path
) -> None:
    """It is recorded, the page is not re-routed and says so, and it ends with the incident."""
    with ExitStack() as stack:
        both = world(stack, installation, tmp_path)
        both.alertmanager.post_alerts([{"labels": labels()}])
        both.await_one("the owner", team="infra_sre")
        path = "/api/v1/incidents/1"
        asked = {"team": "data_mlops", "reason": "late features"}
        both.serve.http.post(f"{path}/propose", json=asked).raise_for_status()
        both.serve.http.post(f"{path}/accept").raise_for_status()
        both.await_one(
            "the handover",
            team="data_mlops",
            handover="recorded; Alertmanager still notifies Infrastructure SRE",
        )
        config = (both.alertmanager.folder / "alertmanager.yml").read_text()
        both.alertmanager.reload(config.replace('team="infra_sre"', 'team="nobody"'))
        both.await_one(
            "the new tree, and the owner as before",
            team="data_mlops",
            handover="recorded; Alertmanager still notifies default_ops",
        )
        gone = {"endsAt": datetime.now(UTC).isoformat(), "startsAt": "2020-01-01T00:00:00Z"}
        both.alertmanager.post_alerts([{"labels": labels(), **gone}])
        both.await_none()
        owners = both.serve.http.get(path).json()["owners"]
        assert [owner["team"] for owner in owners] == ["infra_sre", "data_mlops"]


def test_prometheus_feeds_the_ledger_even_what_is_silenced(
    installation: Installation, tmp_path: Path
) -> None:
    """An alert that Alertmanager never notifies of has an owner all the same, and the record
    says that nobody was told; the resolved of Prometheus closes it."""
    with ExitStack() as stack:
        both = world(stack, installation, tmp_path)
        both.silence(600)
        targets = {
            "alertmanager": both.alertmanager.url.removeprefix("http://"),
            "ledger": both.serve.url.removeprefix("http://"),
        }
        prometheus = stack.enter_context(
            Prometheus(
                installation,
                PROMETHEUS.format(**targets),
                {"credit.yml": RULES.format(value=0.8)},
            )
        )
        incident = both.await_one("the owner on record", team="infra_sre")
        assert {s["kind"] for m in incident["members"] for s in m["sources"]} == {"feed"}
        assert incident["authority"]["line"] == 23
        withheld = await_until(
            lambda: both.open()[0]["withheld"], SECONDS, "the silence to be on record"
        )
        assert withheld["by"] == "jo"
        prometheus.reload(rules={"credit.yml": RULES.format(value=0.2)})
        both.await_none()
        assert "Traceback" not in both.serve.log


def test_what_nobody_told_of_is_on_record_and_a_silent_server_is_shown(
    installation: Installation, tmp_path: Path
) -> None:
    """No feed is wired and the webhook is lost: asking finds the alert. When Prometheus is gone,
    the ledger says so and closes nothing."""
    with ExitStack() as stack:
        alertmanager = stack.enter_context(Alertmanager(installation, ROUTES))
        target = alertmanager.url.removeprefix("http://")
        config = PROMETHEUS.format(alertmanager=target, ledger=target)
        rules = {"credit.yml": RULES.format(value=0.8)}
        prometheus = stack.enter_context(Prometheus(installation, config, rules))
        build = write_build(tmp_path / "build")
        serve = stack.enter_context(
            Serve(
                build,
                tmp_path / "ledger.db",
                *("--prometheus", prometheus.url, "--reconcile-seconds", "0.3"),
            )
        )
        both = World(serve, alertmanager)
        incident = both.await_one("the owner on record", team="infra_sre")
        source = incident["members"][0]["sources"][0]
        assert source["kind"] == "asked_prometheus"
        assert source["name"] == prometheus.url.removeprefix("http://")
        assert "buckstop_ledger_untold_alerts_total 1.0" in serve.http.get("/metrics").text
        prometheus.stop()
        shown = await_until(
            lambda: serve.http.get("/api/v1/health").json()["problems"], SECONDS, "the problem"
        )
        assert shown is not None
        assert "nothing is concluded from its silence" in next(iter(shown.values()))
        assert len(both.open()) == 1
        assert "asked_failures_total" in serve.http.get("/metrics").text


def test_the_proof_follows_what_the_servers_have_loaded(
    installation: Installation, tmp_path: Path
) -> None:
    """It holds, since when; a reload by hand ends it, and the page, the API, the metrics and the
    record say with which alert."""
    rules = RULES.format(value=0.2)
    build = write_build(tmp_path / "build", routes=DELIVERING)
    (build / "prometheus" / "rules").mkdir(parents=True)
    (build / "prometheus" / "rules" / "credit.yml").write_text(rules)
    with ExitStack() as stack:
        alertmanager = stack.enter_context(Alertmanager(installation, DELIVERING))
        target = alertmanager.url.removeprefix("http://")
        config = PROMETHEUS.format(alertmanager=target, ledger=target)
        prometheus = stack.enter_context(Prometheus(installation, config, {"credit.yml": rules}))
        options = ("--alertmanager", alertmanager.url, "--prometheus", prometheus.url)
        serve = stack.enter_context(
            Serve(build, tmp_path / "ledger.db", *options, "--reconcile-seconds", "0.5")
        )

        def proof(*, holds: bool) -> dict[str, Any] | None:
            health = serve.http.get("/api/v1/health").json()
            found: dict[str, Any] | None = health["proof"]
            return found if found is not None and found["holds"] is holds else None

        held = await_until(lambda: proof(holds=True), SECONDS, "the proof")
        assert held is not None
        assert (held["rules"], held["proven"], held["differs"]) == (1, 1, [])
        assert "Proven since" in serve.http.get("/").text
        assert "buckstop_ledger_proof_holds 1.0" in serve.http.get("/metrics").text

        alertmanager.reload(DELIVERING.replace('="infra_sre"', '="nobody"'))
        broken = await_until(lambda: proof(holds=False), SECONDS, "the end of the proof")
        assert broken is not None
        assert 'accountable_team="infra_sre"' in broken["witness"]
        assert "default_ops" in broken["witness"]
        assert any(one.startswith("routes at") for one in broken["differs"])
        assert broken["since"] > held["since"]
        assert "Not proven since" in serve.http.get("/").text
        assert "buckstop_ledger_proof_holds 0.0" in serve.http.get("/metrics").text

        alertmanager.reload(DELIVERING)
        assert await_until(lambda: proof(holds=True), SECONDS, "the proof again")
        assert serve.stop() == 0
        assert "Traceback" not in serve.log
    reader = open_reader(str(tmp_path / "ledger.db"))
    bodies = [event.body for event in reader.apart("proved", 10)]
    assert [body.holds for body in bodies if isinstance(body, Proved)] == [True, False, True]
