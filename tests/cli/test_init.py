"""A charter to start from says what the user's files say, and passes `check` as it is."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buckstop.alertmanager import read as read_alertmanager
from buckstop.charter import Charter, Table, load, read
from buckstop.charter.model import Email, PagerDuty, Slack, Webhook
from buckstop.cli.main import root
from buckstop.cli.start_facts import read_start
from buckstop.cli.start_text import flow, start_texts
from buckstop.compiler import Targets, build
from buckstop.diagnostics import Level
from buckstop.document import parse_one, to_plain
from buckstop.prometheus import read_rules

ARTICLE = Path(__file__).parents[1] / "fixtures" / "article"
TODAY = date(2026, 1, 1)

ROUTES = """
global:
  slack_api_url: https://hooks.slack.com/services/T0/B0/HELD
  smtp_smarthost: mail.acme.example:25
  smtp_from: alerts@acme.example
route:
  receiver: ops-chat
  routes:
    - matchers: ['team="db core"']
      receiver: db-chat
      routes:
        - matchers: ['severity=~"critical|page"']
          receiver: db-pager
    - matchers: ['team="web"']
      receiver: web-hooks
    - matchers: ['team="vendor"']
      receiver: vendor
    - matchers: ['severity="page"']
      receiver: night-desk
receivers:
  - name: ops-chat
    slack_configs: [{channel: "#ops", api_url_file: /etc/am/slack}]
  - name: db-chat
    slack_configs: [{channel: "#db"}]
  - name: db-pager
    pagerduty_configs: [{routing_key: 0123456789abcdef, url: "https://events.eu.example/v2"}]
  - name: web-hooks
    webhook_configs: [{url: "http://pager.internal/web"}, {url: "https://u:pw@hook.example/x"}]
    email_configs: [{to: web@acme.example}]
  - name: vendor
    opsgenie_configs: [{api_key: HELD}]
  - name: night-desk
    pagerduty_configs: [{routing_key_file: /etc/am/night}]
"""
RULES = """
groups:
  - name: a
    rules:
      - {alert: DbDown, expr: 'up{job="db"} == 0', labels: {team: db core, severity: critical}}
      - {alert: DbSlow, expr: 'db_latency > 1', labels: {team: db core, severity: warning}}
      - {alert: WebSlow, expr: 'web_latency > 1', labels: {team: web, severity: warning}}
      - {alert: Typo, expr: 'x > 1', labels: {team: Web, severity: warning}}
      - {alert: Orphan, expr: 'x > 2', labels: {team: search, severity: warning}}
      - {alert: DiskFull, expr: 'x > 3', labels: {severity: warning}}
      - {alert: NightOnly, expr: 'x > 4', labels: {severity: page}}
      - {alert: AnyGrave, expr: 'x > 5'}
      - {alert: Watchdog, expr: 'vector(1)', labels: {severity: none}}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, arguments)


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


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_passes_check_without_a_finding(here: Path) -> None:
    """In an empty folder `init` writes an example that explains itself and is a sound charter."""
    result = run("init")
    assert result.exit_code == 0, result.output
    assert "buckstop check charter" in result.output
    assert "buckstop build charter -o build" in result.output
    checked = run("check", "charter")
    assert checked.exit_code == 0, checked.output
    assert load(here / "charter", TODAY).diagnostics == ()
    for name in ("teams.yaml", "accountability.yaml", "models.yaml"):
        assert (here / "charter" / name).read_text().startswith("# ")


def test_the_articles_own_files_become_a_charter_that_passes_check(here: Path) -> None:
    """The article's rules and routes are found, and what they say is kept."""
    shutil.copytree(ARTICLE, here / "article")
    result = run("init")
    assert result.exit_code == 0, result.output
    assert run("check", "charter").exit_code == 0
    charter = load(here / "charter", TODAY).charter
    assert charter is not None
    assert charter.severities == ("critical", "major")
    assert [team.id for team in charter.teams] == ["infra_sre", "data_mlops", "default-ops"]
    assert Table.of(charter).decision("latency", "critical", None).team == "infra_sre"
    assert Table.of(charter).decision("drift", "major", None).team == "data_mlops"
    assert Table.of(charter).decision("quality", "major", None).team == "default-ops"
    assert [dict(alert.match)["alertname"] for alert in charter.alerts] == [
        "HighModelLatency",
        "SignificantDataDrift",
    ]
    assert "{{" not in (here / "charter" / "teams.yaml").read_text()


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


def test_what_is_read_off_passes_check(here: Path) -> None:
    """The charter that says what rules and routes say compiles, and every alert is answered for."""
    (here / "rules.yml").write_text(RULES)
    (here / "alertmanager.yml").write_text(ROUTES)
    assert run("init").exit_code == 0
    checked = run("check", "charter")
    assert checked.exit_code == 0, checked.output


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


def test_rules_alone_give_their_teams(here: Path) -> None:
    """Without routes the teams are those that the rules name, with contacts to be changed."""
    (here / "rules.yml").write_text(RULES)
    assert run("init", "--from", "rules.yml").exit_code == 0
    assert run("check", "charter").exit_code == 0
    charter = load(here / "charter", TODAY).charter
    assert charter is not None
    assert {"db-core", "web", "default_ops"} <= {team.id for team in charter.teams}
    assert "CHANGE THIS" in (here / "charter" / "teams.yaml").read_text()


def test_nothing_is_written_over_without_force(here: Path) -> None:
    """A charter that is there stays as it is, unless the user says otherwise."""
    (here / "charter").mkdir()
    (here / "charter" / "teams.yaml").write_text("mine")
    refused = run("init")
    assert refused.exit_code == 2
    assert "teams.yaml" in refused.output
    assert [path.name for path in (here / "charter").iterdir()] == ["teams.yaml"]
    assert (here / "charter" / "teams.yaml").read_text() == "mine"
    assert run("init", "--force").exit_code == 0
    assert (here / "charter" / "teams.yaml").read_text() != "mine"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("alertmanager.yml", "route: {receiver: a\nreceivers: []\n"),
        ("rules.yml", "groups: [{name: a, rules: [\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_left_out(here: Path, name: str, text: str) -> None:
    """A charter without what stands there would be wrong, so there is none, and it is said why."""
    (here / name).write_text(text)
    result = run("init")
    assert result.exit_code == 2, result.output
    assert name in result.output
    assert "Traceback" not in result.output
    assert not (here / "charter").exists()


def test_sources_without_rules_are_refused(here: Path) -> None:
    """`--from` a folder with nothing of use in it does not end in an example by surprise."""
    (here / "empty").mkdir()
    result = run("init", "--from", "empty")
    assert result.exit_code == 2
    assert "empty" in result.output


def test_a_file_where_the_folder_belongs_is_refused(here: Path) -> None:
    """Nothing is made beside or instead of a file of that name."""
    (here / "charter").write_text("")
    assert run("init").exit_code == 2


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
