"""``buckstop serve`` leads a handed over alert on a real Alertmanager, killed on the way or not."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.differential.webhook import listening
from tests.ledger.ledger_world import MANIFEST, ROUTES, feed_alert, labels, write_build
from tests.ledger.outbox_servers import BEHIND_THE_OBSERVER, COPIES
from tests.web.serve_process import Serve

from buckstop.charter.model import Handover
from buckstop.servers import Alertmanager, Installation, await_until, free_port

pytestmark = pytest.mark.servers

SECONDS = 60
FEED = "/feed/prometheus/api/v2/alerts"


def test_a_handover_leads_the_alert_though_the_ledger_is_killed(
    installation: Installation, tmp_path: Path
) -> None:
    """Accepted, killed at once, started again: the new team is notified; page and API say so; the
    end, which the silence keeps from the observer, closes the incident."""
    with ExitStack() as stack:
        pager = stack.enter_context(listening())
        routes = ROUTES.replace(BEHIND_THE_OBSERVER, COPIES + BEHIND_THE_OBSERVER, 1)
        manifest = replace(MANIFEST, handover=Handover(reroute="on"))
        build = write_build(tmp_path / "build", manifest, routes)
        am_port, port = free_port(), free_port()
        options = (
            *("--alertmanager", f"http://127.0.0.1:{am_port}"),
            *("--ask-seconds", "0.5", "--listen", f"127.0.0.1:{port}"),
        )
        hooks = {
            "buckstop-ledger": f"http://127.0.0.1:{port}/intake/alertmanager/main",
            "data_mlops": pager.url,
        }
        config = routes
        for name, url in hooks.items():
            entry = f"  - name: {name}\n"
            config = config.replace(entry, f"{entry}    webhook_configs: [{{url: '{url}'}}]\n", 1)
        alertmanager = stack.enter_context(Alertmanager(installation, config, port=am_port))
        serve = stack.enter_context(Serve(build, tmp_path / "ledger.db", *options))

        def send(http: Any, *, ended: bool = False) -> None:
            now = datetime.now(UTC)
            alert = feed_alert(labels(), now, ended_seconds_ago=0 if ended else None)
            alertmanager.post_alerts([alert])
            http.post(FEED, json=[alert]).raise_for_status()

        def shown(http: Any) -> dict[str, Any]:
            found: dict[str, Any] = http.get("/api/v1/incidents/1").json()
            return found

        send(serve.http)
        await_until(
            lambda: len(shown(serve.http)["members"][0]["sources"]) == 2, SECONDS, "both ways in"
        )
        asked = {"team": "data_mlops", "reason": "late features"}
        serve.http.post("/api/v1/incidents/1/propose", json=asked).raise_for_status()
        serve.http.post("/api/v1/incidents/1/accept").raise_for_status()
        serve.kill()

        again = stack.enter_context(Serve(build, tmp_path / "ledger.db", *options))

        def led() -> dict[str, Any] | None:
            rerouting: dict[str, Any] | None = shown(again.http)["rerouting"]
            return rerouting if rerouting and rerouting["state"] == "led" else None

        rerouting = await_until(led, SECONDS, "the alert to be led to its team")
        assert rerouting is not None
        assert rerouting["alertmanagers"] == [
            {"url": alertmanager.url, "state": "copy delivered, original silenced"}
        ]
        assert shown(again.http)["handover"] == ""
        assert shown(again.http)["notification"] == "not withheld by Alertmanager"
        await_until(lambda: pager.payloads, SECONDS, "the new team's page")
        page = again.http.get("/incidents/1").text
        assert "is notified instead of the team before it" in page
        metrics = again.http.get("/metrics").text
        assert "buckstop_ledger_outbox_pending 0.0" in metrics

        send(again.http, ended=True)
        await_until(lambda: shown(again.http)["state"] == "resolved", SECONDS, "the end")
        await_until(lambda: not alertmanager.alerts(), SECONDS, "the copy's end")
        assert len(again.http.get("/api/v1/incidents?state=all").json()["incidents"]) == 1
        assert "Traceback" not in again.log
