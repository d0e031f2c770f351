"""What the ledger says of itself in numbers: the alerts that it writes rules on rest on them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.ledger.ledger_world import START
from tests.web.served_ledger import Served, run

from buckstop.ledger.reconcile.round import Server
from buckstop.web.vigil import Asked, Proven, RecordCheck

HEARTBEAT = 'buckstop_ledger_heartbeats{kind="feed",source="prometheus"} 1.0'


async def _metrics(served: Served) -> list[str]:
    return (await served.client.get("/metrics")).text.splitlines()


def test_a_dead_man_s_switch_is_counted_while_it_is_heard(tmp_path: Path) -> None:
    """Where the number goes, its source has fallen silent; an alert of a team is no heartbeat."""

    async def scenario(served: Served) -> None:
        await served.fire()
        assert HEARTBEAT not in await _metrics(served)
        await served.fire(alertname="Watchdog")
        assert HEARTBEAT in await _metrics(served)
        await served.resolve(alertname="Watchdog")
        assert HEARTBEAT not in await _metrics(served)

    run(tmp_path, scenario)


def test_what_is_known_is_said_and_what_is_not_is_absent(tmp_path: Path) -> None:
    """A proof that was never made is neither 0 nor 1: no alert must rest on a made-up number."""

    async def scenario(served: Served) -> None:
        said = await _metrics(served)
        assert not any(line.startswith("buckstop_ledger_proof_") for line in said)
        assert not any(line.startswith("buckstop_ledger_record_") for line in said)
        vigil = served.site.vigil
        vigil.proof = Proven(False, START, 2, 1, "Orphan", ("rules",))
        vigil.record = RecordCheck(START, 0.5, 7, 0)
        vigil.asked[Server("asked_prometheus", "x:9090")] = Asked(failures=3)
        vigil.asked[Server("asked_alertmanager", "y:9093")] = Asked(at=START + timedelta(seconds=1))
        said = await _metrics(served)
        assert "buckstop_ledger_proof_holds 0.0" in said
        assert "buckstop_ledger_loaded_differences 1.0" in said
        assert "buckstop_ledger_record_discrepancies 0.0" in said
        of_x = '{kind="asked_prometheus",source="x:9090"}'
        assert f"buckstop_ledger_asked_timestamp_seconds{of_x} 0.0" in said
        assert f"buckstop_ledger_asked_failures_total{of_x} 3.0" in said
        page = (await served.client.get("/", headers={"accept": "text/html"})).text
        assert "1 of 2 rules are" in page
        health = (await served.client.get("/api/v1/health")).json()
        assert health["proof"]["witness"] == "Orphan"

    run(tmp_path, scenario)
