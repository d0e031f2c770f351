"""A charter that is read off rules and routes says what they say, and is sound."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.adoption.existing_files import ROUTES, RULES

from buckstop.adoption import read_start, start_texts
from buckstop.adoption.text import flow
from buckstop.alertmanager import read as read_alertmanager
from buckstop.charter import Charter, Table, read
from buckstop.charter.model import Email, PagerDuty, Slack, Webhook
from buckstop.compiler import Targets, build
from buckstop.diagnostics import Level
from buckstop.document import parse_one, to_plain
from buckstop.prometheus import read_rules

TODAY = date(2026, 1, 1)


def written(rules: str, routes: str | None) -> dict[str, str]:
    rule_file, _ = read_rules(rules, "rules.yml")
    config = read_alertmanager(routes, "alertmanager.yml")[0] if routes else None
    assert rule_file is not None
    return start_texts(read_start((rule_file,), config, ("rules.yml", "alertmanager.yml")))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return written(RULES, ROUTES)


@pytest.fixture(scope="module")
def charter(texts: dict[str, str]) -> Charter:
    charter, found = read(texts, TODAY)
    assert charter is not None, found
    return charter


def test_contacts_are_read_off_the_receivers(charter: Charter) -> None:
    """Channels, addresses and files of secrets are those of the receivers, by severity."""
    team = charter.team("db-core")
    (chat,) = team.contacts("warning")
    assert isinstance(chat, Slack)
    assert (chat.channel, chat.api_url.name) == ("#db", "slack_url")
    (pager,) = team.contacts("critical")
    assert isinstance(pager, PagerDuty)
    assert (pager.routing_key.name, pager.url) == (
        "pagerduty_db-core",
        "https://events.eu.example/v2",
    )
    mail, hook = charter.team("web").contacts("warning")
    assert isinstance(mail, Email)
    assert isinstance(hook, Webhook)
    assert hook.url == "http://pager.internal/web"
    assert charter.defaults.smtp == ("mail.acme.example:25", "alerts@acme.example")
    (ops,) = charter.team(charter.otherwise.accountable).contacts("page")
    assert isinstance(ops, Slack)
    assert ops.api_url.name == "/etc/am/slack"


def test_a_webhook_with_a_secret_address_is_left_to_newer_versions(texts: dict[str, str]) -> None:
    """What the oldest supported Alertmanager cannot do stands there as a comment, with the why."""
    (line,) = [line for line in texts["teams.yaml"].splitlines() if "url_secret" in line]
    assert line.strip() == "# - {webhook: {url_secret: {file: webhook_web}}}"
    assert "since 0.26" in texts["teams.yaml"]


def test_no_secret_is_carried_over(texts: dict[str, str]) -> None:
    """What is written out in the routes is named by its place, and not copied."""
    whole = "".join(texts.values())
    for secret in ("HELD", "0123456789abcdef", "u:pw"):
        assert secret not in whole
    assert "put the URL that stands at alertmanager.yml:3 into slack_url" in whole


def test_each_rule_keeps_its_team(charter: Charter) -> None:
    """Rules with a team, a misspelt team, or a team without a route are each answered for."""
    answers = {dict(alert.match)["alertname"]: alert for alert in charter.alerts}
    assert answers["DbDown"].fault == "availability"
    assert Table.of(charter).decision("availability", "critical", None).team == "db-core"
    assert answers["DbSlow"].accountable == "db-core", "latency has two teams, so no row"
    assert answers["WebSlow"].accountable == "web"
    assert answers["Typo"].accountable == "web"
    assert answers["Orphan"].accountable == "search"
    assert answers["NightOnly"].accountable == "night-desk"
    assert answers["Watchdog"].not_accountable
    assert charter.otherwise.accountable == "ops-chat"


def test_what_is_not_known_is_said(texts: dict[str, str]) -> None:
    """Comments name the alerts that nobody is named for, and what the user has to change."""
    table = texts["accountability.yaml"]
    assert "These fall to ops-chat. Is that meant?" in table
    assert "DiskFull" in table.partition("These fall to")[2]
    assert "AnyGrave" in table.partition("decide when they fire")[2]
    assert "the rule says Web, which no route knows; web is taken" in table
    assert "CHANGE THIS: vendor uses opsgenie" in texts["teams.yaml"]


def test_routes_without_a_team_label_make_a_team_of_each_receiver() -> None:
    """Where no label names teams, whoever is notified today is taken for the team."""
    texts = written(
        "groups: [{name: a, rules: [{alert: A, expr: x, labels: {service: pay}}]}]",
        """
route:
  receiver: everyone
  routes: [{matchers: ['service="pay"'], receiver: payments}]
receivers:
  - {name: everyone, webhook_configs: [{url: "http://pager.internal/all"}]}
  - {name: payments, webhook_configs: [{url: "http://pager.internal/pay"}]}
""",
    )
    charter, found = read(texts, TODAY)
    assert charter is not None, found
    assert charter.alerts[0].accountable == "payments"


NAMES = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() != "")


@settings(max_examples=100, deadline=None)
@given(st.recursive(NAMES, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=6))
def test_any_text_is_written_so_that_it_is_read_back(value: object) -> None:
    """Names of teams, channels and alerts reach the charter as they are, whatever they hold."""
    try:
        line = f"x: {flow(value)}\n"  # type: ignore[arg-type]
    except ValueError:
        return  # half a surrogate pair, which no file can hold
    node, found = parse_one(line, "x.yaml")
    assert found == ()
    assert node is not None
    assert to_plain(node) == {"x": value}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(team=NAMES, receiver=NAMES, severity=NAMES, alert=st.from_regex(r"[\w .\[\]{},#:-]{1,12}"))
def test_whatever_names_the_files_have_the_charter_is_sound(
    team: str, receiver: str, severity: str, alert: str
) -> None:
    """No name of a team, receiver, severity or alert makes `init` write a charter with errors."""
    rules = {
        "groups": [
            {
                "name": "a",
                "rules": [
                    {"alert": alert, "expr": "x", "labels": {"team": team, "severity": severity}}
                ],
            }
        ]
    }
    routes = {
        "route": {
            "receiver": "rest",
            "routes": [{"match": {"team": team, "severity": severity}, "receiver": receiver}],
        },
        "receivers": [{"name": "rest"}, {"name": receiver}],
    }
    rule_file, _ = read_rules(json.dumps(rules), "rules.yml")
    config, _ = read_alertmanager(json.dumps(routes), "alertmanager.yml")
    if rule_file is None or config is None:
        return
    texts = start_texts(read_start((rule_file,), config, ("rules.yml",)))
    charter, found = read(texts, TODAY)
    assert charter is not None, (found, texts)
    assert not any(one.level is Level.ERROR for one in build(charter, Targets()).diagnostics)
