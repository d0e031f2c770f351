"""What a supervisor asks: no token, no secret, and the truth about the store."""

from __future__ import annotations

from pathlib import Path

from tests.ledger.ledger_world import feed_alert, labels, webhook
from tests.web.served_ledger import FEED, WEBHOOK, Served, run, tokens


def test_probes_need_no_token_and_say_nothing_else(tmp_path: Path) -> None:
    """A kubelet has none, and whoever scans the port learns nothing."""

    async def scenario(served: Served) -> list[tuple[int, str]]:
        await served.client.post(FEED, json=[feed_alert(labels(), served.clock.now)])
        answers = [await served.client.get(f"/-/{name}") for name in ("healthy", "ready")]
        return [(answer.status_code, answer.text) for answer in answers]

    answers = run(tmp_path, scenario, tokens(maria="read act"))
    assert answers == [(200, "healthy\n"), (200, "ready\n")]


def test_a_ledger_that_cannot_record_is_not_ready_and_not_restarted(tmp_path: Path) -> None:
    """A full disk is no reason to restart, and every reason to send nothing more."""

    async def scenario(served: Served) -> list[int]:
        flood = [feed_alert(labels(model=f"m{index}"), served.clock.now) for index in range(3000)]
        assert (await served.client.post(WEBHOOK, json=webhook(*flood))).status_code == 503
        full = [
            (await served.client.get(f"/-/{name}")).status_code for name in ("healthy", "ready")
        ]
        await served.fire()
        return [*full, (await served.client.get("/-/ready")).status_code]

    assert run(tmp_path, scenario, max_pages=60) == [200, 503, 200]
