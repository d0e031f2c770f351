"""Which alerts a server sends, told from what it lists and from what it does to labels."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.ledger.ledger_world import START

from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.reconcile.asking import AlertmanagerAsker, PrometheusAsker
from buckstop.ledger.reconcile.round import Round
from buckstop.loaded import NotSaidError

IDENTITY = IdentityRule("accountable_team")

CONFIG = """\
global: {external_labels: {cluster: eu, model: unnamed}}
alerting:
  alert_relabel_configs:
  - {source_labels: [team], target_label: accountable_team}
  - {source_labels: [alertname], regex: Noise, action: drop}
  alertmanagers:
  - static_configs: [{targets: ["a:1"]}]
"""


def _alert(state: str = "firing", **labels: str) -> dict[str, Any]:
    return {
        "labels": {"alertname": "A", **labels},
        "annotations": {"summary": "s"},
        "state": state,
        "activeAt": "2030-01-31T11:58:00.123456789Z",
    }


def _ask(config: str, *alerts: dict[str, Any], version: str = "3.5.3+ds1") -> Round:
    answers: dict[str, Any] = {
        "/api/v1/status/config": {"data": {"yaml": config}},
        "/api/v1/status/buildinfo": {"data": {"version": version}},
        "/api/v1/alerts": {"data": {"alerts": list(alerts)}},
    }
    transport = httpx.MockTransport(lambda asked: httpx.Response(200, json=answers[asked.url.path]))
    with httpx.Client(transport=transport) as client:
        return PrometheusAsker("http://me:secret@x:9090/").ask(client, IDENTITY, START)


def test_external_labels_and_relabelling_are_applied() -> None:
    """The alert is the one that Alertmanager and the feed are sent, so it is the same member."""
    found = _ask(CONFIG, _alert(team="infra", model="credit"))
    assert found.server.name == "x:9090"
    assert [dict(one.labels) for one in found.shown] == [
        {
            "accountable_team": "infra",
            "alertname": "A",
            "cluster": "eu",
            "model": "credit",
            "team": "infra",
        }
    ]
    assert found.shown[0].starts_at.isoformat() == "2030-01-31T11:58:00.123456+00:00"


def test_pending_and_dropped_alerts_are_none() -> None:
    """What is not sent opens nothing."""
    assert (
        _ask(CONFIG, _alert("pending"), {**_alert(), "labels": {"alertname": "Noise"}}).shown == []
    )


def test_an_alert_that_goes_out_under_two_names_is_unknown() -> None:
    """Since 2.51 groups of Alertmanagers may be sent other labels; of that nothing is concluded."""
    more = """\
  - static_configs: [{targets: ["b:1"]}]
    alert_relabel_configs: [{target_label: accountable_team, replacement: other}]
"""
    found = _ask(CONFIG + more, _alert(team="infra"))
    assert (list(found.shown), found.unknown) == ([], 1)


def test_relabelling_that_cannot_be_read_makes_all_unknown() -> None:
    """An alert under wrong labels would be another alert, with another owner."""
    with pytest.raises(NotSaidError, match="cannot be applied"):
        _ask(CONFIG.replace("action: drop", "action: explode"), _alert())


def test_alertmanager_s_own_copies_are_left_out() -> None:
    """A handover's copy is the ledger's own doing."""
    alerts = [
        {"labels": {"alertname": "A"}, "startsAt": "2030-01-31T11:58:00Z"},
        {"labels": {"alertname": "A", "buckstop_incident": "1"}},
    ]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=alerts))
    with httpx.Client(transport=transport) as client:
        found = AlertmanagerAsker("http://am:9093").ask(client, IDENTITY, START)
    assert [dict(one.labels) for one in found.shown] == [{"alertname": "A"}]


@pytest.mark.parametrize("answer", [{}, [], {"data": {"alerts": {}}}, "text"])
def test_another_answer_is_no_answer(answer: Any) -> None:
    """Silence and nonsense are not "no alerts"."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    with httpx.Client(transport=transport) as client, pytest.raises(NotSaidError):
        PrometheusAsker("http://x:1").ask(client, IDENTITY, START)
