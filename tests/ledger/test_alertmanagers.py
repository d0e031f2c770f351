"""What Alertmanager's own words come to: silenced, inhibited, muted, by whom, until when."""

from __future__ import annotations

from typing import Any

from tests.ledger.ledger_world import START, labels

from buckstop.ledger.alertmanagers import Saying, merged, withholdings
from buckstop.ledger.domain.events import Withholding
from buckstop.ledger.domain.labels import IdentityRule

RULE = IdentityRule("accountable_team")
MEMBER = RULE.identify(labels()).member


def saying(*alerts: dict[str, Any], silences: tuple[dict[str, Any], ...] = ()) -> Saying:
    """An Alertmanager that knows these alerts and silences."""
    return Saying("http://am", "route: {}", alerts, silences)


def alert(carried: dict[str, str], fingerprint: str = "f", **status: list[str]) -> dict[str, Any]:
    """An alert as API v2 gives it."""
    return {"labels": carried, "fingerprint": fingerprint, "status": status}


def test_a_silence_names_its_author_its_end_and_its_reason() -> None:
    """Who silenced an alert is on record."""
    silence = {
        "id": "s1",
        "createdBy": "jo",
        "comment": "known",
        "endsAt": "2030-01-31T12:00:00.000Z",
    }
    found = withholdings(saying(alert(labels(), silencedBy=["s1"]), silences=(silence,)), RULE)
    assert found == {MEMBER: (Withholding("silenced", "jo", START, "known"),)}


def test_an_inhibition_names_the_alert_that_inhibits() -> None:
    """A fingerprint says nothing to a person; the alert's name does."""
    source = alert({"alertname": "NodeDown"}, "n1")
    found = withholdings(saying(alert(labels(), inhibitedBy=["n1"]), source), RULE)
    assert found[MEMBER] == (Withholding("inhibited", "NodeDown"),)


def test_a_mute_names_its_interval() -> None:
    """Alertmanager 0.28 and newer say which time interval mutes."""
    found = withholdings(saying(alert(labels(), mutedBy=["weekends"])), RULE)
    assert found[MEMBER] == (Withholding("muted", "weekends"),)


def test_an_active_alert_is_not_withheld() -> None:
    """Known and not withheld is something else than unknown."""
    found = withholdings(saying(alert(labels(), silencedBy=[], inhibitedBy=[])), RULE)
    assert found == {MEMBER: ()}


def test_one_alertmanager_that_notifies_is_enough() -> None:
    """Of a pair, a silence on one withholds nothing."""
    quiet = {MEMBER: (Withholding("silenced", "jo"),)}
    assert merged([quiet, {MEMBER: ()}]) == {MEMBER: ()}
    assert merged([{MEMBER: ()}, quiet]) == {MEMBER: ()}
    assert merged([quiet, {}, quiet]) == quiet


def test_what_no_alertmanager_would_say_is_survived() -> None:
    """Fields of other types, missing ones: nothing is concluded from them."""
    odd = saying({}, {"labels": [], "status": 3}, alert(labels(), silencedBy=["gone"]))
    found = withholdings(odd, RULE)
    assert found[MEMBER] == (Withholding("silenced", "an unknown person"),)
