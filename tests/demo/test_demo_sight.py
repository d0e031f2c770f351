"""What the servers say, folded into what was seen of a break."""

from __future__ import annotations

from typing import Any

from buckstop.demo.breaks import BREAKS
from buckstop.demo.pagers import Received
from buckstop.demo.pages import Page, Service
from buckstop.demo.sight import (
    ActiveAlert,
    Incident,
    Member,
    Sight,
    add,
    read_alert,
    read_incident,
    unix_seconds,
)
from buckstop.demo.story import Seen, split

LATENCY, DRIFT = BREAKS[0], BREAKS[1]
MADE = 1000.0


def page(recipient: str, at_seconds: float, alert: str, service: Service = "slack") -> Received:
    return Received(
        at_seconds, Page(service, recipient, "message", "t", f'{{"text": "{alert}"}}', None)
    )


def sight(
    *,
    alerts: tuple[ActiveAlert, ...] = (),
    incidents: tuple[Incident, ...] = (),
    received: tuple[Received, ...] = (),
) -> Sight:
    return Sight(alerts, incidents, received)


def incident(**changes: Any) -> Incident:
    values: dict[str, Any] = {
        "id": "1",
        "team": "data_mlops",
        "owner_since": 1010.0,
        "resolved_at": None,
        "members": (Member("ModelDriftHigh", 1009.0, 1010.0),),
    }
    return Incident(**values | changes)


def test_every_moment_is_taken_from_the_server_that_knows_it() -> None:
    """The terminal's own polling adds nothing to the measured seconds."""
    seen = add(
        Seen(DRIFT, made=MADE),
        sight(
            alerts=(ActiveAlert("ModelDriftHigh", "data_mlops", "firing", 1006.0),),
            incidents=(incident(),),
            received=(
                page("#data-engineering", 1010.1, "ModelDriftHigh"),
                page("#mlops-data-drift", 1010.2, "ModelDriftHigh"),
            ),
        ),
    )
    assert (seen.crossed, seen.firing, seen.paged, seen.owned) == (1006.0, 1009.0, 1010.2, 1010.0)
    assert seen.owner == "data_mlops"
    assert seen.recipients == ("#data-engineering", "#mlops-data-drift")
    assert seen.answered


def test_what_was_before_the_break_is_not_its_doing() -> None:
    """An old incident or an old page must not count as an answer."""
    old = sight(
        alerts=(ActiveAlert("ModelDriftHigh", "data_mlops", "firing", 900.0),),
        incidents=(incident(owner_since=910.0, members=(Member("ModelDriftHigh", 905.0, 910.0),)),),
        received=(page("#mlops-data-drift", 910.0, "ModelDriftHigh"),),
    )
    assert add(Seen(DRIFT, made=MADE), old) == Seen(DRIFT, made=MADE)


def test_a_break_that_was_not_made_sees_nothing() -> None:
    """Before its turn a break is a dash, whatever fires."""
    assert add(Seen(DRIFT), sight(incidents=(incident(),))) == Seen(DRIFT)


def test_another_teams_page_does_not_answer() -> None:
    """The article's typo: everything works, and the wrong people read it."""
    seen = add(
        Seen(DRIFT, made=MADE),
        sight(
            incidents=(incident(team="default_ops"),),
            received=(page("#unhandled-alerts", 1010.0, "ModelDriftHigh"),),
        ),
    )
    assert not seen.answered
    assert seen.wrong_owner
    assert seen.paged is None
    assert seen.strays == ("#unhandled-alerts",)


def test_a_page_that_also_goes_astray_does_not_answer() -> None:
    """Two teams paged as accountable is nobody accountable; informed teams are no strays."""
    pages = (
        page("#data-engineering", 1010.0, "ModelDriftHigh"),
        page("#mlops-data-drift", 1010.0, "ModelDriftHigh"),
    )
    stray = page("#credit-models", 1010.1, "ModelDriftHigh")
    answered = add(Seen(DRIFT, made=MADE), sight(incidents=(incident(),), received=pages))
    assert answered.answered
    assert not add(answered, sight(incidents=(incident(),), received=(*pages, stray))).answered


def test_a_page_about_another_alert_does_not_answer() -> None:
    """The same channel gets many things."""
    received = (page("#mlops-data-drift", 1010.0, "ModelSliMissing"),)
    assert add(Seen(DRIFT, made=MADE), sight(received=received)).paged is None


def test_pagerduty_is_no_slack_channel() -> None:
    """The right name at the wrong service is the wrong recipient."""
    received = (page("infra_sre", 1010.0, "ModelLatencyHigh", "slack"),)
    assert add(Seen(LATENCY, made=MADE), sight(received=received)).paged is None


def test_an_alert_that_joins_an_older_incident_is_on_record_from_then() -> None:
    """The incident of another alert of the same fault does not make the answer seem earlier."""
    older = incident(
        owner_since=900.0,
        members=(Member("ModelSliMissing", 890.0, 900.0), Member("ModelDriftHigh", 1009.0, 1010.5)),
    )
    seen = add(Seen(DRIFT, made=MADE), sight(incidents=(older,)))
    assert (seen.firing, seen.owned) == (1009.0, 1010.5)


def test_a_resolved_incident_keeps_its_owner() -> None:
    """Nobody owns a closed incident, but the record says who did."""
    read = read_incident(
        {
            "id": "7",
            "team": None,
            "owners": [{"team": "data_mlops", "since": "2026-01-01T00:00:10Z"}],
            "resolved_at": "2026-01-01T00:00:30Z",
            "members": [],
        }
    )
    assert (read.team, read.owner_since) == ("data_mlops", unix_seconds("2026-01-01T00:00:10Z"))
    assert read.resolved_at == unix_seconds("2026-01-01T00:00:30Z")


def test_times_as_go_writes_them() -> None:
    """Go writes nanoseconds, and leaves out zeros."""
    assert unix_seconds("1970-01-01T00:00:01.123456789Z") == 1.123456
    assert unix_seconds("1970-01-01T00:00:01.5Z") == 1.5
    assert unix_seconds("1970-01-01T01:00:01+01:00") == 1.0


def test_prometheus_alerts_are_read() -> None:
    """As its API gives them."""
    alert = {
        "labels": {"alertname": "ModelDown", "accountable_team": "infra_sre"},
        "state": "pending",
        "activeAt": "1970-01-01T00:00:01Z",
    }
    assert read_alert(alert) == ActiveAlert("ModelDown", "infra_sre", "pending", 1.0)


def test_the_phases_add_up_to_the_page() -> None:
    """Where the seconds went leaves none out."""
    seen = Seen(
        DRIFT, made=0.0, visible=4.0, crossed=4.5, firing=7.5, paged=8.75, owned=7.52, owner="x"
    )
    parts = split(seen)
    spent = (
        parts.signal_seconds,
        parts.evaluation_seconds,
        parts.holding_seconds,
        parts.grouping_seconds,
    )
    assert spent == (4.0, 0.5, 3.0, 1.25)
    assert split(Seen(DRIFT, made=0.0)).signal_seconds is None
