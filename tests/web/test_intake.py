"""The doors for alerts: what they answer, and that an answer is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.ledger.ledger_world import feed_alert, labels, webhook
from tests.web.served_ledger import FEED, WEBHOOK, Served, run, tokens

from buckstop.web.guard import INTAKE_BYTES


def test_a_posted_alert_has_an_owner_when_the_post_is_answered(tmp_path: Path) -> None:
    """200 means: on disk, with its accountable team."""

    async def scenario(served: Served) -> None:
        await served.fire()
        (incident,) = await served.incidents()
        assert incident["team"] == "infra_sre"
        assert incident["authority"]["line"] == 23
        assert incident["owed"] == "infra_sre"
        assert incident["routed"]["receivers"] == ["buckstop-ledger", "infra_sre-critical"]
        assert incident["withheld"] is None
        assert incident["delivery"] == "unknown"

    run(tmp_path, scenario)


def test_webhook_and_feed_are_two_sources_of_one_incident(tmp_path: Path) -> None:
    """The same alert by both ways is one incident."""

    async def scenario(served: Served) -> None:
        await served.fire()
        alert = feed_alert(labels(), served.clock.now)
        response = await served.client.post(WEBHOOK, json=webhook(alert))
        assert response.json() == {"recorded": 1}
        (incident,) = await served.incidents()
        kinds = [source["kind"] for source in incident["members"][0]["sources"]]
        assert kinds == ["feed", "webhook"]

    run(tmp_path, scenario)


def test_a_short_incident_is_on_record_in_whichever_order_it_is_told(tmp_path: Path) -> None:
    """Both posts were answered with 200, so the team that was accountable can be looked up."""

    async def scenario(served: Served) -> None:
        alert = feed_alert(labels(), served.clock.now, started_seconds_ago=100, ended_seconds_ago=1)
        for status in ("resolved", "firing"):
            response = await served.client.post(WEBHOOK, json=webhook(alert, status=status))
            assert response.json() == {"recorded": 1}
        response = await served.client.get("/api/v1/incidents?state=all")
        (incident,) = response.json()["incidents"]
        assert (incident["state"], incident["team"]) == ("resolved", "infra_sre")
        assert incident["authority"]["line"] == 23

    run(tmp_path, scenario)


def test_good_alerts_survive_a_bad_one_in_their_batch(tmp_path: Path) -> None:
    """400 names the bad one; the others are on record all the same."""

    async def scenario(served: Served) -> None:
        now = served.clock.now
        batch = [feed_alert(labels(), now), {"labels": {}}, feed_alert(labels(model="churn"), now)]
        response = await served.client.post(FEED, json=batch)
        assert response.status_code == 400
        assert response.json()["recorded"] == 2
        assert response.json()["mistakes"] == [
            {"where": "[1].labels", "message": "at least one label was expected"}
        ]
        assert len(await served.incidents()) == 2

    run(tmp_path, scenario)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 60_000, b'{"version":"4"}'])
@pytest.mark.parametrize("path", [FEED, WEBHOOK])
def test_what_cannot_be_read_is_a_400_with_a_reason(tmp_path: Path, path: str, body: bytes) -> None:
    """Never a traceback, never a silent 200."""

    async def scenario(served: Served) -> httpx.Response:
        return await served.client.post(path, content=body)

    response = run(tmp_path, scenario)
    assert response.status_code == 400
    assert response.json()["mistakes"][0]["message"]


def test_a_body_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    """A sender cannot fill the memory, whether it declares its size or not."""

    async def scenario(served: Served) -> None:
        declared = await served.client.post(FEED, content=b" " * (INTAKE_BYTES + 1))
        assert declared.status_code == 413

        async def undeclared_body() -> AsyncIterator[bytes]:
            for _ in range(2 * INTAKE_BYTES // 65_536):
                yield b" " * 65_536

        undeclared = await served.client.post(FEED, content=undeclared_body())
        assert undeclared.status_code == 413

    run(tmp_path, scenario)


@pytest.mark.parametrize("name", ["a%2Fb%2Fc", "x" * 65, "a b", ".hidden", "%00"])
def test_a_sources_name_is_a_plain_word(tmp_path: Path, name: str) -> None:
    """Names stand in pages, metrics and logs."""

    async def scenario(served: Served) -> int:
        response = await served.client.post(f"/feed/{name}/api/v2/alerts", json=[])
        return response.status_code

    assert run(tmp_path, scenario) == 404


def test_a_full_disk_is_a_503_and_heals_without_a_restart(tmp_path: Path) -> None:
    """Prometheus and Alertmanager try again after a 503; nothing half is kept."""

    async def scenario(served: Served) -> None:
        now = served.clock.now
        flood = [feed_alert(labels(model=f"m{index}"), now) for index in range(3000)]
        response = await served.client.post(WEBHOOK, json=webhook(*flood))
        assert response.status_code == 503
        assert "retry-after" in response.headers
        assert await served.incidents() == []
        health = (await served.client.get("/api/v1/health")).json()
        assert health["status"] == "degraded"
        assert "no space" in health["problems"]["store"]
        assert "no space" in (await served.client.get("/")).text
        await served.fire()
        assert len(await served.incidents()) == 1
        assert (await served.client.get("/api/v1/health")).json()["status"] == "ok"

    run(tmp_path, scenario, max_pages=60)


def test_an_intake_may_carry_its_token_in_the_path(tmp_path: Path) -> None:
    """For senders that cannot set a header; a wrong or missing token records nothing."""

    async def scenario(served: Served) -> None:
        batch = [feed_alert(labels(), served.clock.now)]
        for path in (FEED, "/feed/prometheus/wrong/api/v2/alerts"):
            assert (await served.client.post(path, json=batch)).status_code == 401
        as_reader = {"authorization": "Bearer token-of-jo"}
        assert (await served.client.post(FEED, json=batch, headers=as_reader)).status_code == 403
        by_path = await served.client.post(
            "/feed/prometheus/token-of-prom/api/v2/alerts", json=batch
        )
        assert by_path.status_code == 200
        as_source = {"authorization": "Bearer token-of-prom"}
        assert (await served.client.post(FEED, json=batch, headers=as_source)).status_code == 200
        listed = await served.client.get("/api/v1/incidents", headers=as_reader)
        assert len(listed.json()["incidents"]) == 1

    run(tmp_path, scenario, tokens(prom="intake", jo="read"))


def test_intakes_are_counted_and_timed(tmp_path: Path) -> None:
    """The ledger's own objective, 50 ms to a durable owner, can be watched."""

    async def scenario(served: Served) -> str:
        await served.fire()
        await served.client.post(FEED, content=b"{")
        return (await served.client.get("/metrics")).text

    text = run(tmp_path, scenario)
    assert 'buckstop_ledger_intake_seconds_count{kind="feed"} 1.0' in text
    assert (
        'buckstop_ledger_open_incidents{acknowledged="false",severity="critical",team="infra_sre"}'
        " 1.0" in text
    )
    for status in ("200", "400"):
        assert (
            "buckstop_ledger_intake_requests_total"
            f'{{kind="feed",source="prometheus",status="{status}"}} 1.0' in text
        )
    assert 'buckstop_build_info{version="' in text
    assert "buckstop_ledger_store_up 1.0" in text


def test_an_end_that_is_posted_again_ends_nothing_that_began_since(tmp_path: Path) -> None:
    """A retry or a replay of an old message takes no team's open incident away."""

    async def scenario(served: Served) -> list[str]:
        await served.fire()
        served.clock.advance(60)
        end = feed_alert(labels(), served.clock.now, ended_seconds_ago=0)
        assert (await served.client.post(FEED, json=[end])).status_code == 200
        assert await served.incidents() == []
        served.clock.advance(1_800)
        await served.fire()
        assert (await served.client.post(FEED, json=[end])).status_code == 200
        still = [incident["state"] for incident in await served.incidents()]
        served.clock.advance(60)
        await served.resolve()
        return [*still, *(incident["state"] for incident in await served.incidents())]

    assert run(tmp_path, scenario) == ["open"]
