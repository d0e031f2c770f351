"""`init` reads rules and routes out of Kubernetes objects as `check` does."""

from __future__ import annotations

import base64
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buckstop.charter import Charter, load
from buckstop.cli.main import root

SHOP = Path(__file__).parents[1] / "kubernetes" / "shop"
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n"
RULES = """\
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: quality, namespace: credit}
spec:
  groups:
  - name: quality
    rules:
    - {alert: AucLow, expr: model_auc < 0.85, labels: {team: ml}}
"""
ROUTES = """\
route:
  receiver: rest
  routes:
  - {receiver: ml, matchers: [team="ml"]}
receivers:
- {name: rest, webhook_configs: [{url: 'https://pager.example/rest'}]}
- {name: ml, slack_configs: [{channel: '#ml', api_url: 'https://hooks.example/s3cret'}]}
"""
SECRET = f"""\
apiVersion: v1
kind: Secret
metadata: {{name: alertmanager-main, namespace: monitoring}}
data:
  alertmanager.yaml: {base64.b64encode(ROUTES.encode()).decode()}
"""
MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: alertmanager, namespace: monitoring}
data:
  alertmanager.yaml: |
"""
ALERTMANAGER = """\
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: monitoring}
spec: {alertmanagerConfigSelector: {}, alertmanagerConfigNamespaceSelector: {}}
"""
HOOK = """\
apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {name: hook, namespace: credit}
spec:
  route:
    receiver: hook
    routes: [{receiver: hook, matchers: [{name: team, value: ml, matchType: =}]}]
  receivers:
  - {name: hook, webhookConfigs: [{urlSecret: {name: hook, key: url}}]}
"""


def run(*arguments: str, piped: str | None = None) -> Result:
    return CliRunner().invoke(root, arguments, input=piped)


def charter_in(folder: Path) -> Charter:
    assert run("check", str(folder)).exit_code == 0
    charter = load(folder, date(2026, 1, 1)).charter
    assert charter is not None
    return charter


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_cluster_s_objects_become_a_charter(here: Path) -> None:
    """The routes are those that the operator puts together, the rules those of the objects."""
    shutil.copytree(SHOP, here / "manifests")
    assert run("init").exit_code == 0
    charter = charter_in(here / "charter")
    assert {"credit", "churn", "data", "platform"} == {team.id for team in charter.teams}
    assert [dict(alert.match)["alertname"] for alert in charter.alerts] == [
        "AucLow",
        "P95High",
        "Heartbeat",
    ]
    assert "credit/credit/credit-pager" in (here / "charter" / "teams.yaml").read_text()


def test_what_is_piped_in_becomes_a_charter(here: Path) -> None:
    """`helm template` renders to a pipe; an encoded value says no secret, and its own lines."""
    result = run("init", "--from", "-", piped=f"{RULES}---\n{SECRET}")
    assert result.exit_code == 0, result.output
    assert {"ml", "rest"} == {team.id for team in charter_in(here / "charter").teams}
    text = (here / "charter" / "teams.yaml").read_text()
    assert "#   standard input\n" in text
    assert "s3cret" not in text
    assert "-(Secret monitoring/alertmanager-main, alertmanager.yaml):7 into slack_ml" in text


def test_plain_routes_beside_objects_count(here: Path) -> None:
    """Rules may stand in objects where the routes stand in a file."""
    (here / "rules.yaml").write_text(RULES)
    (here / "alertmanager.yml").write_text(ROUTES)
    assert run("init").exit_code == 0
    assert {"ml", "rest"} == {team.id for team in charter_in(here / "charter").teams}


def test_an_address_in_a_secret_is_not_made_up(here: Path) -> None:
    """A webhook whose address stands in a Secret becomes one that is still to be put in a file."""
    (here / "objects.yaml").write_text(f"{RULES}---\n{ALERTMANAGER}---\n{SECRET}---\n{HOOK}")
    assert run("init").exit_code == 0
    text = (here / "charter" / "teams.yaml").read_text()
    assert 'team="ml" leads to credit/hook/hook (objects.yaml:27)' in text
    assert "put the address that stands at objects.yaml:29 into webhook_ml" in text
    assert "secret.invalid" not in text


def test_one_of_several_alertmanagers_is_chosen(here: Path) -> None:
    """Whose routes are meant is asked, never guessed."""
    other = SECRET.replace("alertmanager-main", "alertmanager-other")
    (here / "objects.yaml").write_text(f"{RULES}---\n{SECRET}---\n{other}")
    refused = run("init")
    assert refused.exit_code == 2
    assert "--alertmanager-object monitoring/alertmanager-main" in refused.output
    assert not (here / "charter").exists()
    assert run("init", "--alertmanager-object", "alertmanager-other").exit_code == 0
    assert "alertmanager-other" in (here / "charter" / "teams.yaml").read_text()


def test_a_prometheus_that_is_not_there_is_refused(here: Path) -> None:
    """A slip in a name must not end in a charter for the rules of all."""
    (here / "objects.yaml").write_text(f"{RULES}---\n{SECRET}")
    refused = run("init", "--prometheus-object", "nowhere")
    assert refused.exit_code == 2
    assert "no such object" in refused.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{RULES}---\n{SECRET}---\nkind: [\n", "objects.yaml:17"),
        (RULES.replace("spec:", "body:"), "needs 'spec'"),
        (ALERTMANAGER, "alertmanager-main"),
        (SECRET.replace("alertmanager.yaml: ", "alertmanager.yaml: '%%%' # "), "not base64"),
        (
            MAP + "    route: {receiver: a, group_wait: 5x}\n    receivers: [{name: a}]\n",
            "objects.yaml:6:38: '5x' is not a duration",
        ),
    ],
)
def test_objects_that_cannot_be_read_are_not_left_out(here: Path, text: str, said: str) -> None:
    """A charter without them would name the wrong teams in silence."""
    (here / "objects.yaml").write_text(text)
    result = run("init")
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert "Traceback" not in result.output
    assert not (here / "charter").exists()


def test_other_objects_alone_give_the_example(here: Path) -> None:
    """A folder of deployments is no reason to fail, unless the user says that rules are there."""
    (here / "shop.yaml").write_text(DEPLOYMENT)
    refused = run("init", "--from", ".")
    assert refused.exit_code == 2
    assert "1 Deployment" in refused.output
    result = run("init")
    assert result.exit_code == 0
    assert "an example that explains itself" in result.output
