"""A build is confirmed against its charter, and a build that went wrong is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from buckstop.alertmanager import read
from buckstop.charter import Charter, load
from buckstop.compiler import Build, Targets, build
from buckstop.prover.confirmation import confirm
from buckstop.prover.model import Property, RuleAnswer, Verdict

EXAMPLE = Path(__file__).parents[2] / "examples" / "article" / "charter"


@dataclass(frozen=True)
class Case:
    charter: Charter
    build: Build
    routes: str

    def confirmed(self, routes: str | None = None) -> tuple[RuleAnswer, ...]:
        config, found = read(self.routes if routes is None else routes, "alertmanager.yml")
        assert config is not None, found
        templates = self.build.files["alertmanager/templates/buckstop.tmpl"]
        config = replace(config, template_texts=(templates,))
        return confirm(self.charter, self.build.manifest, config)


@pytest.fixture(scope="module")
def case() -> Case:
    charter = load(EXAMPLE, date(2026, 1, 1)).charter
    assert charter is not None
    made = build(charter, Targets())
    return Case(charter, made, made.files["alertmanager/alertmanager.yml"])


def named(answers: tuple[RuleAnswer, ...], alert: str) -> RuleAnswer:
    return next(answer for answer in answers if answer.alert == alert)


def test_every_alert_of_the_article_reaches_the_team_that_its_charter_names(case: Case) -> None:
    """Every generated alert and every `alerts:` entry is proven, at the line that decides."""
    answers = case.confirmed()
    manifest = case.build.manifest
    assert len(answers) == len(manifest.alerts) + len(manifest.existing)
    assert {answer.verdict for answer in answers} == {Verdict.PROVEN}
    assert {answer.team for answer in answers if answer.alert == "ModelDriftHigh"} == {"data_mlops"}
    drift = named(answers, "ModelDriftHigh")
    line = (EXAMPLE / "charter.yaml").read_text().splitlines()[drift.span.line - 1]
    assert "fault: drift" in line
    assert drift.judgement(Property.ON_RECORD).verdict is Verdict.PROVEN
    assert any("data_engineering" in receiver for receiver in drift.informed)


def test_existing_rules_are_confirmed_by_their_entry(case: Case) -> None:
    """The article's own two rules, left running, reach the teams their entries decide."""
    answers = case.confirmed()
    assert named(answers, "HighModelLatency").team == "infra_sre"
    assert named(answers, "SignificantDataDrift").team == "data_mlops"


@pytest.mark.parametrize(
    ("before", "after", "of", "said"),
    [
        # A route that asks for another team: its alerts fall to the catch-all's team.
        (
            'accountable_team="data_mlops"',
            'accountable_team="data_ml0ps"',
            Property.AGREES,
            "data_mlops is accountable, but default_ops is told",
        ),
        # The ledger no longer goes on: it alone hears of everything.
        (
            "continue: true",
            "continue: false",
            Property.ANSWERED,
            "is accountable, but only buckstop-ledger is told",
        ),
    ],
)
def test_routes_that_went_wrong_are_refuted(
    case: Case, before: str, after: str, of: Property, said: str
) -> None:
    """Nothing trusts how the tree was made: the walk itself shows who is told."""
    assert before in case.routes
    answers = case.confirmed(case.routes.replace(before, after))
    refuted = [answer for answer in answers if answer.verdict is Verdict.REFUTED]
    assert refuted
    drift = named(tuple(refuted), "ModelDriftHigh")
    assert drift.judgement(of).verdict is Verdict.REFUTED
    assert said in drift.judgement(of).reason
    assert drift.witness is not None


def test_who_must_be_told_comes_from_the_table_and_not_from_the_build(case: Case) -> None:
    """A manifest and routes that agree with each other and not with the charter are refuted."""
    rows = tuple(
        replace(row, accountable="infra_sre") if row.when == (("fault", ("drift",)),) else row
        for row in case.charter.rows
    )
    moved = replace(case, charter=replace(case.charter, rows=rows))
    drift = named(moved.confirmed(), "ModelDriftHigh")
    assert drift.verdict is Verdict.REFUTED
    assert "infra_sre is accountable, but data_mlops is told" in drift.reason


def test_an_informed_team_that_is_not_told_is_refuted(case: Case) -> None:
    """To inform is promised too."""
    rows = tuple(replace(row, inform=("default_ops",)) for row in case.charter.rows)
    moved = replace(case, charter=replace(case.charter, rows=rows))
    latency = named(moved.confirmed(), "ModelLatencyHigh")
    assert latency.verdict is Verdict.REFUTED
    assert "to be informed: default_ops; informed: nobody" in latency.reason


ENTRIES = """teams:
  infra:
    notify:
      critical: [{webhook: {url: "http://pager.internal/infra-critical"}}]
      default: [{webhook: {url: "http://pager.internal/infra"}}]
  data: {notify: {default: [{webhook: {url: "http://pager.internal/data"}}]}}
accountability:
- {when: {fault: latency, severity: major}, accountable: data}
- {otherwise: true, accountable: infra}
alerts:
- {match: {severity: minor}, accountable: data}
- {match: {alertname: ChurnSlow}, fault: latency}
- {match: {namespace: payments}, accountable: infra}
"""


def test_an_entry_is_confirmed_at_every_severity_that_it_leaves_open(tmp_path: Path) -> None:
    """A route for one severity that leads elsewhere is found, though no label of the entry asks."""
    (tmp_path / "charter.yaml").write_text(ENTRIES)
    charter = load(tmp_path, date(2026, 1, 1)).charter
    assert charter is not None
    made = build(charter, Targets())
    case = Case(charter, made, made.files["alertmanager/alertmanager.yml"])
    assert {answer.verdict for answer in case.confirmed()} == {Verdict.PROVEN}
    astray = case.routes.replace("receiver: infra-critical", "receiver: data")
    assert astray != case.routes
    wrong = [one for one in case.confirmed(astray) if one.verdict is not Verdict.PROVEN]
    assert "namespace=payments" in {one.alert for one in wrong}
    assert {one.reason for one in wrong} == {"infra is accountable, but data is told"}
    assert all(one.severity == "critical" for one in wrong)
