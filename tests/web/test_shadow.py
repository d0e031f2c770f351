"""In shadow the ledger says who would answer, and changes nothing."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.ledger.ledger_machine import accountability
from tests.ledger.ledger_world import MANIFEST, labels, write_build
from tests.ledger.record.recorded import recorded
from tests.web.serve_process import Serve
from tests.web.served_ledger import Served, run

from buckstop.alertmanager import Router, read
from buckstop.charter.model import Handover
from buckstop.cli.main import root
from buckstop.ledger.exporting import ExportRefusedError, export
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.record.checkpoint_folder import CheckpointFolder
from buckstop.ledger.record.evidence import OfIncident
from buckstop.ledger.record.note import new_key
from buckstop.ledger.record.trust import trust
from buckstop.ledger.shadow import check_shadow
from buckstop.ledger.store import SqliteStore, StoreReader, StoreRefusedError
from buckstop.servers import Alertmanager, Installation, await_until
from buckstop.web.asking import ACTS
from buckstop.web.today import Today

SECONDS = 30
HAND_WRITTEN = """\
route:
  receiver: old-pager
  routes:
    - receiver: nowhere
      matchers: [alertname="OldThing"]
receivers:
  - name: old-pager
    webhook_configs: [{url: "http://127.0.0.1:9/"}]
  - name: nowhere
"""


def test_page_api_and_metrics_say_that_it_is_a_shadow(tmp_path: Path) -> None:
    """Nobody takes for a duty what is only tried: neither people nor programs."""

    async def scenario(served: Served) -> None:
        await served.fire()
        for address in ("/", "/incidents/1", "/models", "/teams", "/routes", "/comparison"):
            page = (await served.client.get(address)).text
            assert "<b>Shadow:</b> this ledger only observes" in page, address
            assert "cknowledged" not in page, address
        page = (await served.client.get("/")).text
        assert "Who would answer now" in page
        assert "would be accountable for 1 incident" in page
        page = (await served.client.get("/incidents/1")).text
        assert "would be accountable" in page
        assert "<form" not in page
        for address in ("/api/v1/health", "/api/v1/incidents", "/api/v1/not-accountable"):
            assert (await served.client.get(address)).json()["shadow"] is True
        assert "buckstop_ledger_shadow 1.0" in (await served.client.get("/metrics")).text

    run(tmp_path, scenario, in_shadow=True)


def test_a_ledger_that_is_none_says_so_too(tmp_path: Path) -> None:
    """The word shadow stands where it is meant, and nowhere else."""

    async def scenario(served: Served) -> None:
        await served.fire()
        assert "hadow" not in (await served.client.get("/")).text
        assert (await served.client.get("/api/v1/health")).json()["shadow"] is False
        assert "buckstop_ledger_shadow 0.0" in (await served.client.get("/metrics")).text

    run(tmp_path, scenario)


def test_nobody_acts_in_shadow(tmp_path: Path) -> None:
    """Whoever tries is told why, in every way of acting; the incident is as it was."""

    async def scenario(served: Served) -> None:
        await served.fire()
        before = (await served.client.get("/api/v1/incidents/1")).json()
        said = {"note": "x", "text": "x", "reason": "x", "team": "data_mlops", "entry": 1}
        for name in ACTS:
            answer = await served.client.post(f"/api/v1/incidents/1/{name}", json=said)
            assert (answer.status_code, answer.json()["reason"]) == (409, "shadow"), name
        assert (await served.client.get("/api/v1/incidents/1")).json() == before
        await served.resolve()
        assert (await served.incidents("resolved"))[0]["resolved_by"] == "ledger"

    run(tmp_path, scenario, in_shadow=True)


def test_the_comparison_says_who_would_have_answered(tmp_path: Path) -> None:
    """Owner and row, what had no team, to whom it goes today, and what led nowhere; by time."""

    async def scenario(served: Served) -> None:
        config, _ = read(HAND_WRITTEN, "alertmanager.yml")
        assert config is not None
        served.site.today = Today(Router(config), frozenset({"nowhere"}))
        start = served.clock.now
        await served.fire()
        served.clock.advance(100)
        await served.fire(alertname="OldThing", accountable_team="", model="", fault="")
        await served.fire(alertname="Watchdog")
        found = (await served.client.get("/api/v1/comparison")).json()
        first, second, third = found["incidents"]
        assert (first["team"], first["today"]) == ("infra_sre", ["old-pager"])
        assert first["authority"] == "when fault=latency: accountable infra_sre"
        assert (first["without_team"], first["not_notified"]) == (False, [])
        assert (second["team"], second["without_team"]) == ("default_ops", True)
        assert second["not_notified"] == ["today's routes lead to nowhere, which delivers nowhere"]
        assert (third["team"], third["without_team"]) == (None, False)
        assert found["by_team"] == {"default_ops": 1, "infra_sre": 1}
        assert (found["without_team"], found["not_notified"], found["more"]) == (1, 1, False)
        assert found["shadow"] is True
        page = (await served.client.get("/comparison")).text
        assert "What would have been" in page
        assert "no team named" in page
        assert "not notified (today" in page

        async def numbers(**asked: str | int) -> tuple[list[str], bool]:
            part = (await served.client.get("/api/v1/comparison", params=asked)).json()
            return [one["id"] for one in part["incidents"]], part["more"]

        later = (start + timedelta(seconds=50)).isoformat()
        assert await numbers(since=later) == (["2", "3"], False)
        assert await numbers(since=start.isoformat(), until=later) == (["1"], False)
        assert await numbers(limit=2) == (["1", "2"], True)
        assert await numbers(limit=2, offset=2) == (["3"], False)
        answer = await served.client.get("/api/v1/comparison", params={"until": "noon"})
        assert answer.status_code == 422

    run(tmp_path, scenario, in_shadow=True)


def test_a_shadows_record_is_one_of_its_own(tmp_path: Path) -> None:
    """What was only tried is never gone on with as a record of accountability, or the reverse."""
    path, other = tmp_path / "shadow.db", tmp_path / "ledger.db"
    for _ in range(2):
        ledger = Ledger(SqliteStore(path), accountability(), in_shadow=True)
        ledger.start()
        ledger.load(accountability()).result(20)
        ledger.stop()
    reader = StoreReader(path)
    assert len(reader.apart("shadowed", 9)) == 1
    check_shadow(reader, "s", shadow=True)
    with pytest.raises(StoreRefusedError, match="kept in shadow"):
        check_shadow(reader, "s", shadow=False)
    key = trust(new_key("a").verifier)
    with pytest.raises(ExportRefusedError, match="no evidence"):
        list(export(reader, CheckpointFolder(tmp_path), key, OfIncident(1)))
    reader.close()
    recorded(other)
    reader = StoreReader(other)
    check_shadow(reader, "l", shadow=False)
    with pytest.raises(StoreRefusedError, match="one of its own"):
        check_shadow(reader, "l", shadow=True)
    reader.close()
    SqliteStore(tmp_path / "new.db").close()
    reader = StoreReader(tmp_path / "new.db")
    check_shadow(reader, "n", shadow=True)
    check_shadow(reader, "n", shadow=False)
    reader.close()


@pytest.mark.servers
def test_beside_an_alertmanager_with_routes_of_its_own_nothing_changes(
    installation: Installation, tmp_path: Path
) -> None:
    """Started beside what there is, without a word in its configuration, it reports what it would
    own; alerts, silences and configuration of the Alertmanager are as they were, although the
    charter says that handovers lead alerts."""
    build = write_build(tmp_path / "build", replace(MANIFEST, handover=Handover(reroute="on")))
    now = datetime.now(UTC)
    with ExitStack() as stack:
        alertmanager = stack.enter_context(Alertmanager(installation, HAND_WRITTEN))
        old = {"alertname": "OldThing", "severity": "major"}
        alertmanager.post_alerts([{"labels": labels()}, {"labels": old}])
        silence = {
            "matchers": [{"name": "alertname", "value": "ModelLatencyHigh", "isRegex": False}],
            "startsAt": now.isoformat(),
            "endsAt": (now + timedelta(hours=1)).isoformat(),
            "createdBy": "maria",
            "comment": "known",
        }
        made = alertmanager.http.post(f"{alertmanager.url}/api/v2/silences", json=silence)
        made.raise_for_status()

        def state() -> object:
            get = alertmanager.http.get
            alerts = get(f"{alertmanager.url}/api/v2/alerts").json()
            config = get(f"{alertmanager.url}/api/v2/status").json()["config"]
            silences = get(f"{alertmanager.url}/api/v2/silences").json()
            return sorted(json.dumps(one["labels"]) for one in alerts), config, silences

        before = state()
        options = ("--shadow", "--alertmanager", alertmanager.url, "--ask-seconds", "0.2")
        serve = stack.enter_context(
            Serve(build, tmp_path / "shadow.db", *options, "--reconcile-seconds", "0.2")
        )

        def whole() -> bool:
            found = serve.http.get("/api/v1/comparison").json()["incidents"]
            return len(found) == 2 and any(one["today"] and one["not_notified"] for one in found)

        await_until(whole, SECONDS, "both alerts, and the silence")

        def compared(*more: str) -> Result:
            day = ("--since", "2020-01-01", "--until", "2100-01-01", "--server", serve.url)
            return CliRunner().invoke(root, ["incidents", "compare", *day, *more])

        value = json.loads(compared("--format", "json").output)
        assert value["shadow"] is True
        assert value["by_team"] == {"default_ops": 1, "infra_sre": 1}
        assert (value["without_team"], value["not_notified"]) == (1, 2)
        by_team = {one["team"]: one for one in value["incidents"]}
        assert by_team["infra_sre"]["today"] == ["old-pager"]
        assert "maria" in by_team["infra_sre"]["not_notified"][0]
        assert by_team["default_ops"]["today"] == ["nowhere"]
        shown = compared()
        assert "1  without a team of their own" in shown.output
        assert "2  recorded, and not notified" in shown.output
        listed = CliRunner().invoke(root, ["incidents", "list", "--server", serve.url])
        assert "Shadow: these would answer" in listed.output
        assert state() == before
        assert serve.http.get("/api/v1/health").json()["problems"] == {}
        assert "it observes; nobody is asked" in serve.log
        assert serve.stop() == 0
    store = ("--store", str(tmp_path / "shadow.db"), "--build", str(build))
    refused = CliRunner().invoke(root, ["serve", *store, "--listen", "127.0.0.1:0"])
    assert refused.exit_code == 2
    assert "kept in shadow" in refused.output
