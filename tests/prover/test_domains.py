"""What of a rule's alerts is sent, as far as anybody asks."""

from __future__ import annotations

import json

import pytest

from buckstop.document.versions import Version
from buckstop.language import matching, region
from buckstop.prometheus import read_rules
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.domains import Domains


def rule_of(expr: str) -> AlertingRule:
    rules = [{"alert": "A", "expr": expr}]
    rule_file, _ = read_rules(json.dumps({"groups": [{"name": "g", "rules": rules}]}), "r.yml")
    assert rule_file is not None
    return rule_file.alerts[0]


def domains(*asked: str, version: Version | None = None) -> Domains:
    """Of a server without configuration, asked for these labels."""
    return Domains(
        team_label="team",
        asked=frozenset(asked),
        config=None,
        version=version,
        carriers=frozenset(),
    )


@pytest.mark.parametrize(("version", "is_sent"), [((2, 53), False), ((3, 0), True), (None, True)])
def test_the_dot_of_a_selector_is_the_servers(version: Version | None, *, is_sent: bool) -> None:
    """It matches a newline since Prometheus 3, and may where the version is not known."""
    sent = domains("zone", version=version).sent(rule_of('up{zone=~"a.b"}'), {})
    assert any(one.has({"zone": "a\nb"}) for one in sent.domain) is is_sent


def test_of_labels_for_which_nobody_asks_those_count_that_tell_alerts_apart() -> None:
    """Which alerts there are hangs on them; of the others, rules share their walks."""
    rule = rule_of('up{job=~"a.*", zone=~"x.*"} or up{job=~"a.*", zone=~"y.*"}')
    sent = domains("severity", version=(2, 53)).sent(rule, {})
    assert set(sent.domain) == {region({"zone": matching(f"{each}.*")}) for each in "xy"}
