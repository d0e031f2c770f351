"""What a charter says, once it is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.charter.written_charters import TABLE, TEAMS, TODAY, charter_of, slos

from buckstop.charter import Charter, Loaded, Model, Table, load, read
from buckstop.charter.model import PagerDuty, Secret, Slack

SKETCH = Path(__file__).parent / "sketch"


@pytest.fixture(scope="module")
def sketch() -> Loaded:
    return load(SKETCH, TODAY)


def sketch_model(sketch: Loaded, name: str) -> tuple[Charter, Model]:
    assert sketch.charter is not None
    return sketch.charter, next(one for one in sketch.charter.models if one.id == name)


def test_the_sketch_loads_without_an_error(sketch: Loaded) -> None:
    """The charter that the design shows is one, with notes on what is not in force."""
    assert sketch.charter is not None
    assert {one.code.name for one in sketch.diagnostics} == {
        "charter-word-reserved",
        "decision-row-not-in-force",
    }


def test_a_team_is_told_by_severity_and_otherwise_by_default(sketch: Loaded) -> None:
    """Critical pages the pager, everything else goes to the channel with the default webhook."""
    assert sketch.charter is not None
    team = sketch.charter.team("infra_sre")
    assert team.name == "Infrastructure SRE"
    (pager,) = team.contacts("critical")
    assert isinstance(pager, PagerDuty)
    assert (pager.routing_key.source, pager.routing_key.name) == ("file", "pagerduty_infra")
    (chat,) = team.contacts("minor")
    assert isinstance(chat, Slack)
    assert isinstance(chat.api_url, Secret)
    assert (chat.channel, chat.api_url.name) == ("#infra-sre", "slack_url")


@pytest.mark.parametrize(
    ("fault", "team", "inform"),
    [
        ("latency", "infra_sre", ()),
        ("traffic", "infra_sre", ()),
        ("drift", "data_mlops", ("data_engineering",)),
        ("quality", "credit_models", ()),
    ],
)
def test_the_table_answers(sketch: Loaded, fault: str, team: str, inform: tuple[str, ...]) -> None:
    """Each fault goes to its team, quality to the model's owner."""
    charter, model = sketch_model(sketch, "credit-income")
    decision = Table.of(charter).decision(fault, "critical", model)
    assert (decision.team, decision.inform) == (team, inform)


def test_a_row_holds_from_its_first_day_on() -> None:
    """The row that begins in 2027 informs model risk in 2027, and only of high-risk models."""
    charter = load(SKETCH, date(2027, 1, 1)).charter
    assert charter is not None
    risky, other = charter.models
    assert Table.of(charter).decision("quality", "major", risky).inform == ("model_risk",)
    assert Table.of(charter).decision("quality", "major", other).inform == ()


def test_what_nobody_foresaw_goes_to_the_otherwise_team(sketch: Loaded) -> None:
    """An alert without a model whose row asks for the model's owner still has an answer."""
    charter, _ = sketch_model(sketch, "churn")
    assert Table.of(charter).decision("quality", "minor", None).team == "default_ops"


def test_profile_and_own_objectives_come_together(sketch: Loaded) -> None:
    """The model has its profile's objectives and its own, in base units."""
    charter, _ = sketch_model(sketch, "credit-income")
    found = slos(charter, "credit-income")
    assert list(found) == ["auc", "p95", "success_ratio", "ks-income", "approval-rate"]
    assert found["p95"].objective.value == 0.5
    assert found["p95"].objective.text == "<= 500ms"
    assert found["success_ratio"].objective.value == 0.999
    assert found["success_ratio"].window_seconds == 30 * 86400
    assert found["ks-income"].metric == "ks_statistic_drift_score"
    assert found["approval-rate"].objective.upper == 0.6


def test_each_stands_for_all_features_and_a_nearer_entry_overrides_one() -> None:
    """`each: feature` gives one objective a feature; an entry of that name changes its fields."""
    charter = charter_of(
        TEAMS
        + TABLE
        + """
profiles:
  tier1:
    - {sli: ks, each: feature, objective: "<= 0.3", severity: minor, for: 20m}
models:
  credit:
    use: tier1
    features: [income, "years at job"]
    slos: [{sli: ks, feature: income, objective: "<= 0.2"}]
"""
    )
    found = slos(charter, "credit")
    assert list(found) == ["ks-income", "ks-years-at-job"]
    income, years = found.values()
    assert (income.objective.value, income.severity, income.for_seconds) == (0.2, "minor", 1200)
    assert (years.objective.value, years.feature) == (0.3, "years at job")


def test_an_override_of_the_whole_profile_entry_holds_for_each_feature() -> None:
    """An entry with the profile entry's own name overrides it for all features."""
    charter = charter_of(
        TEAMS
        + TABLE
        + """
profiles:
  tier1: [{sli: ks, each: feature, objective: "<= 0.3", severity: minor}]
models:
  credit:
    use: tier1
    features: [income, age]
    slos: [{name: ks, objective: "<= 0.1"}]
"""
    )
    assert [slo.objective.value for slo in slos(charter, "credit").values()] == [0.1, 0.1]


def test_of_two_profiles_the_later_wins_field_by_field() -> None:
    """`use: [tier1, strict]` is tier1 with what strict says differently."""
    charter = charter_of(
        TEAMS
        + TABLE
        + """
profiles:
  tier1: [{sli: auc, objective: ">= 0.8", severity: minor, runbook: "https://runbooks/auc"}]
  strict: [{sli: auc, objective: ">= 0.9", severity: critical}]
models:
  credit: {use: [tier1, strict]}
"""
    )
    auc = slos(charter, "credit")["auc"]
    assert (auc.objective.value, auc.severity) == (0.9, "critical")
    assert auc.runbook == "https://runbooks/auc"


def test_a_relative_objective_is_multiplied_out_for_each_model() -> None:
    """One profile, two models with two baselines, two thresholds."""
    charter = charter_of(
        TEAMS
        + TABLE
        + """
profiles:
  regression: [{sli: rmse, objective: "<= 1.2 * baseline", severity: minor}]
models:
  price: {use: regression, baselines: {rmse: 0.1}}
  demand: {use: regression, baselines: {rmse: 20}}
"""
    )
    price, demand = (slos(charter, name)["rmse"] for name in ("price", "demand"))
    assert (price.objective.value, price.baseline) == (0.12, 0.1)
    assert (demand.objective.value, demand.baseline) == (24.0, 20.0)
    assert price.objective.text == "<= 1.2 * baseline"


def test_a_metric_without_an_sli_is_selected_by_model() -> None:
    """A series of one's own becomes the expression of each model that uses it."""
    charter = charter_of(
        TEAMS
        + TABLE
        + """
profiles:
  own: [{fault: quality, metric: calibration_error, objective: "<= 0.1", severity: minor}]
models: {credit: {use: own}, churn: {use: own}}
"""
    )
    assert slos(charter, "churn")["calibration_error"].expr == 'calibration_error{model="churn"}'


@pytest.mark.parametrize("runtime", ["generic", "seldon-v1", "seldon-v2", "bentoml"])
def test_a_preset_knows_all_names(runtime: str) -> None:
    """A server with a preset needs nothing but its name."""
    charter = charter_of(
        TEAMS
        + TABLE
        + f"""
models:
  credit:
    serving: {{runtime: {runtime}, job: serving, model: "org/credit:7"}}
    slos: [{{sli: p95, objective: "<= 500ms", severity: critical}}]
"""
    )
    serving = charter.models[0].serving
    assert serving is not None
    assert serving.latency
    assert serving.requests
    assert serving.errors
    assert serving.model_value == "org/credit:7"


def test_a_serving_objective_without_serving_reads_the_conventional_series() -> None:
    """A p95 objective alone is enough; the generic names are taken."""
    charter = charter_of(
        TEAMS
        + TABLE
        + 'models: {credit: {slos: [{sli: p95, objective: "<= 1s", severity: critical}]}}'
    )
    serving = charter.models[0].serving
    assert serving is not None
    assert (serving.runtime, serving.job) == ("generic", None)
    assert serving.latency == "model_inference_latency_seconds"


def test_ledger_defaults_to_this_machine_and_the_otherwise_team() -> None:
    """A charter without a word about the ledger is observed, and somebody answers for it."""
    ledger = charter_of(TEAMS + TABLE).ledger
    assert ledger is not None
    assert (ledger.url, ledger.token, ledger.owner) == ("http://127.0.0.1:9890", None, "a")
    assert (ledger.handover.answer_within_seconds, ledger.handover.reroute) == (1800.0, "off")
    assert charter_of(TEAMS + TABLE + "ledger: none").ledger is None


@pytest.mark.parametrize("reroute", ["off", "dry-run", "on"])
def test_what_becomes_of_an_accepted_handover_is_the_charters(reroute: str) -> None:
    """Recorded only, tried out, or led to the new team; the time to answer stays as it was."""
    ledger = charter_of(TEAMS + TABLE + f"ledger: {{handover: {{reroute: {reroute}}}}}").ledger
    assert ledger is not None
    assert (ledger.handover.reroute, ledger.handover.answer_within_seconds) == (reroute, 1800.0)


def test_the_time_to_answer_a_proposal_is_the_charters() -> None:
    """A company whose people sleep gives more time than one with a shift at work."""
    ledger = charter_of(TEAMS + TABLE + "ledger: {handover: {answer_within: 2h}}").ledger
    assert ledger is not None
    assert ledger.handover.answer_within_seconds == 7200.0


@pytest.mark.parametrize(
    ("written", "code", "word"),
    [
        ("{answer_within: 8d}", "charter-value-invalid", "7 days"),
        ("{answer_within: 0s}", "charter-value-invalid", "no time"),
        ("{answer_within: soon}", "charter-value-invalid", "soon"),
        ("{reroute: maybe}", "charter-value-invalid", "off"),
    ],
)
def test_a_handover_promises_only_what_is_kept(written: str, code: str, word: str) -> None:
    """A charter that says alerts follow the handover would be believed."""
    text = TEAMS + TABLE + f"ledger: {{handover: {written}}}"
    charter, found = read({"charter.yaml": text}, TODAY)
    assert charter is None
    (one,) = found
    assert one.code.name == code
    assert word in one.message + (one.hint or "")


def test_a_row_not_covered_by_words_alone_is_decided_by_the_models_attributes() -> None:
    """A row that names a model is more specific than one for its risk class."""
    charter = charter_of(
        TEAMS
        + """
accountability:
  - {when: {risk: high}, accountable: a}
  - {when: {model: [credit, churn]}, accountable: b}
  - {otherwise: true, accountable: a}
models: {credit: {risk: high}, churn: {risk: high}, price: {risk: high}}
"""
    )
    answers = {
        one.id: Table.of(charter).decision("drift", "minor", one).team for one in charter.models
    }
    assert answers == {"credit": "b", "churn": "b", "price": "a"}
