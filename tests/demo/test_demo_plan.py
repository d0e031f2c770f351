"""The demo's charter: an ordinary one, and its build is what the demo runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from buckstop import charter, servers
from buckstop.demo import plan as plans
from buckstop.demo.breaks import BREAKS
from buckstop.demo.plan import (
    CHARTER_FILE,
    LEDGER_PLACE,
    PAGERDUTY_PLACE,
    CharterRefused,
    Plan,
    charter_text,
    compile_charter,
    prometheus_config,
    shorter_times,
)

TODAY = date(2026, 1, 1)
LEDGER = "http://127.0.0.1:7001"
PAGERDUTY = "http://127.0.0.1:7002"
INSTALLATION = servers.Installation(
    *(Path("/nowhere"),) * 4, prometheus_version="2.42.0", alertmanager_version="0.25.0"
)


def compiled(folder: Path) -> Plan:
    return compile_charter(
        folder / "charter",
        INSTALLATION,
        ledger_url=LEDGER,
        pagerduty_url=PAGERDUTY,
        secrets_folder=folder / "secrets",
        today=TODAY,
    )


def shipped() -> charter.Charter:
    loaded, diagnostics = charter.read({CHARTER_FILE: charter_text()}, TODAY)
    assert diagnostics == ()
    assert loaded is not None
    return loaded


def test_the_shipped_charter_has_nothing_to_complain_of() -> None:
    """It is the example that newcomers read first."""
    assert shipped().organization == "Demo Lending"


def test_the_promised_team_of_each_break_is_the_charters() -> None:
    """The demo's table and the charter say the same, each on its own."""
    loaded = shipped()
    model = loaded.models[0]
    for one in BREAKS:
        severity = "critical" if one.service == "pagerduty" else "major"
        decision = charter.Table.of(loaded).decision(one.fault, severity, model)
        assert decision.team == one.team
        channels = [
            contact.channel
            for team in decision.inform
            for contact in loaded.team(team).contacts(severity)
            if hasattr(contact, "channel")
        ]
        assert tuple(channels) == one.informed


def test_what_makes_a_break_visible_is_what_the_charter_promises() -> None:
    """The measured phases rest on the same thresholds and windows as the rules."""
    slos = {slo.sli: slo for slo in shipped().models[0].slos}
    visible = {one.name: one.visible for one in BREAKS}
    assert f"[{slos['p95'].rate_window_seconds:.0f}s]" in visible["latency"]
    assert visible["latency"].endswith(f"> {slos['p95'].objective.value:g}")
    assert visible["drift"].endswith(f"> {slos['ks'].objective.value:g}")
    assert visible["quality"].endswith(f"< {slos['auc'].objective.value:g}")


def test_the_screen_says_what_was_shortened() -> None:
    """Nobody must take three seconds for what production does."""
    text = shorter_times(shipped())
    assert "for 3s" in text
    assert "group_wait 1s" in text


def test_each_run_puts_its_own_addresses_in(tmp_path: Path) -> None:
    """The places that the charter names are free for others to use."""
    plan = compiled(tmp_path)
    everything = "\n".join(plan.files.values())
    assert LEDGER in everything
    assert f"{PAGERDUTY}/v2/enqueue" in plan.alertmanager
    assert LEDGER_PLACE not in everything
    assert PAGERDUTY_PLACE not in everything
    assert str(tmp_path / "secrets" / "slack_url") in plan.alertmanager


def test_every_break_has_its_rule_in_the_build(tmp_path: Path) -> None:
    """The demo fires generated alerts, none of its own."""
    rules = "\n".join(compiled(tmp_path).rules.values())
    for one in BREAKS:
        assert f"alert: {one.alert}" in rules


def test_prometheus_gets_the_wiring_with_this_runs_addresses(tmp_path: Path) -> None:
    """The wiring is used as its own header tells a user to use it."""
    text = prometheus_config(
        compiled(tmp_path).wiring,
        alertmanager="127.0.0.1:7003",
        prometheus="127.0.0.1:7004",
        jobs={"model-serving": "127.0.0.1:7005"},
    )
    config: dict[str, Any] = yaml.safe_load(text)
    assert "localhost" not in text
    targets = [
        target
        for entry in config["alerting"]["alertmanagers"]
        for static in entry["static_configs"]
        for target in static["targets"]
    ]
    assert sorted(targets) == ["127.0.0.1:7001", "127.0.0.1:7003"]
    jobs = {
        job["job_name"]: job["static_configs"][0]["targets"] for job in config["scrape_configs"]
    }
    assert jobs["model-serving"] == ["127.0.0.1:7005"]
    assert jobs["prometheus"] == ["127.0.0.1:7004"]


def test_a_charter_that_does_not_load_is_said_with_its_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken install ends with the reason, not with a traceback."""
    broken = charter_text().replace("accountable: data_mlops", "accountable: nobody_here")
    monkeypatch.setattr(plans, "charter_text", lambda: broken)
    with pytest.raises(CharterRefused, match=r"charter\.yaml:\d+.*nobody_here"):
        compiled(tmp_path)
