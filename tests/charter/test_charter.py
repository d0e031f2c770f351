"""What a charter says, once it is read."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from buckstop.charter import Charter, Loaded, Model, Table, load, read
from buckstop.charter.model import PagerDuty, Secret, Slack, Slo
from buckstop.diagnostics import Diagnostic, Level

SKETCH = Path(__file__).parent / "sketch"
TODAY = date(2026, 1, 1)

TEAMS = """
teams:
  a: {notify: {default: [{webhook: {url: "http://pager.internal/a"}}]}}
  b: {notify: {default: [{webhook: {url: "http://pager.internal/b"}}]}}
"""
TABLE = """
accountability:
  - {when: {fault: quality}, accountable: b}
  - {otherwise: true, accountable: a}
"""


def charter_of(*texts: str) -> Charter:
    charter, found = read({f"{number}.yaml": text for number, text in enumerate(texts)}, TODAY)
    assert charter is not None, found
    return charter


def findings(*texts: str) -> tuple[Diagnostic, ...]:
    return read({f"{number}.yaml": text for number, text in enumerate(texts)}, TODAY)[1]


def slos(charter: Charter, model: str) -> dict[str, Slo]:
    return {slo.name: slo for one in charter.models if one.id == model for slo in one.slos}


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


def test_several_files_are_one_charter() -> None:
    """Teams, rows, models and defaults of all files are put together."""
    charter = charter_of(TEAMS, TABLE, "models: {credit: {}}", "models: {churn: {}}")
    assert [team.id for team in charter.teams] == ["a", "b"]
    assert {model.id for model in charter.models} == {"credit", "churn"}


def test_a_team_in_two_files_is_an_error_at_both_lines() -> None:
    """Neither file wins silently."""
    (found,) = findings(TEAMS + TABLE, "teams:\n  a: {}\n")
    assert found.code.name == "charter-duplicate"
    assert found.span is not None
    assert (found.span.file, found.span.line) == ("1.yaml", 2)
    assert (found.related[0].span.file, found.related[0].span.line) == ("0.yaml", 3)


def test_ledger_defaults_to_this_machine_and_the_otherwise_team() -> None:
    """A charter without a word about the ledger is observed, and somebody answers for it."""
    ledger = charter_of(TEAMS + TABLE).ledger
    assert ledger is not None
    assert (ledger.url, ledger.token, ledger.owner) == ("http://127.0.0.1:9890", None, "a")
    assert charter_of(TEAMS + TABLE + "ledger: none").ledger is None


def test_all_mistakes_are_found_in_one_run() -> None:
    """A broken team does not hide a broken row, a broken model or an unknown name elsewhere."""
    found = findings(
        """
teams:
  a: {notfy: {default: []}}
  b: {notify: {default: [{webhook: {url: "http://pager.internal/b"}}]}}
accountability:
  - {when: {fault: drift}, accountable: bb}
  - {when: {fautl: drift}, accountable: b}
  - {otherwise: true, accountable: a}
models:
  credit:
    owner: {team: c}
    slos:
      - {sli: auc, objective: "<= 0.8", severity: minr}
      - {sli: ks, objectve: "<= 0.8"}
"""
    )
    assert [(one.code.name, one.span and one.span.line) for one in found] == [
        ("charter-key-unknown", 3),
        ("team-unknown", 6),
        ("charter-key-unknown", 7),
        ("charter-key-unknown", 14),
        ("team-unknown", 11),
        ("severity-unknown", 13),
        ("objective-direction", 13),
        ("slo-incomplete", 14),
        ("slo-incomplete", 14),
    ]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("  a: {notfy: {}}", "did you mean `notify`?"),
        ("  a: {notify: {default: [{slak: {channel: x}}]}}", "did you mean `slack`?"),
        ("  a: {notify: {default: [{slack: {chanel: x}}]}}", "did you mean `channel`?"),
        ("  a: {notify: {}, leed: x}", "did you mean `lead`?"),
    ],
)
def test_a_misspelt_key_at_any_depth_gets_the_nearest(line: str, hint: str) -> None:
    """The hint names the key that was meant, from among those that can stand there."""
    found = findings("teams:\n" + line + "\naccountability: [{otherwise: true, accountable: a}]")
    assert hint in {one.hint for one in found}


REST_OF_A = "accountability: [{otherwise: true, accountable: a}]\n"


def test_a_decimal_comma_between_brackets_is_named() -> None:
    """There the comma ends the value: ``99`` is read, and a key `9%`."""
    models = "models: {m: {slos: [{sli: success_ratio, objective: 99,9%, severity: minor}]}}\n"
    (found,) = findings(models + TEAMS + TABLE)
    assert found.hint == "numbers have a decimal point, as in `99.9%`"


@pytest.mark.parametrize(
    "defaults",
    [
        "{slack: {api_url: https://hooks.slack.com/services/T0/B0/XYZ}}",
        "{slack: {api_ulr: {file: slack_url}}, email: {smarthost: 'a:25', from: a@b.example}}",
        "[slack]",
    ],
)
def test_contacts_do_not_lack_what_is_there_and_broken(defaults: str) -> None:
    """One finding, at the default itself; each channel would be noise."""
    team = "{notify: {default: [{slack: {channel: x}}]}}"
    found = findings(f"defaults: {defaults}\nteams: {{a: {team}}}\n{REST_OF_A}")
    assert "contact-incomplete" not in {one.code.name for one in found}
    assert {one.span.line for one in found if one.span} == {1}


def test_a_secret_written_out_is_not_shown() -> None:
    """Neither message nor source excerpt repeats the secret."""
    key = "0123456789abcdef0123456789abcdef"
    text = f"""
teams:
  a: {{notify: {{default: [{{pagerduty: {{routing_key: {key}}}}}]}}}}
accountability: [{{otherwise: true, accountable: a}}]
"""
    found = findings(text)
    assert [one.code.name for one in found] == ["secret-inline"]
    assert key not in repr(found)


def test_the_source_of_a_secret_is_blotted(tmp_path: Path) -> None:
    """What is given for excerpts holds the line, without the secret in it."""
    path = tmp_path / "charter.yaml"
    path.write_text(
        "defaults:\n  slack: {api_url: https://hooks.slack.com/services/T0/B0/XYZ}\n"
        + TEAMS
        + TABLE
    )
    loaded = load(path, TODAY)
    assert loaded.charter is None
    assert "XYZ" not in "".join(loaded.sources.values())
    assert "slack: {api_url: •••" in loaded.sources[str(path)]


def test_digest_changes_with_content_and_name_only(tmp_path: Path) -> None:
    """The digest names what was decided, not where it lay on disk."""
    digests = []
    for folder, name, more in [
        ("x", "c.yaml", ""),
        ("y", "c.yaml", ""),
        ("z", "d.yaml", ""),
        ("w", "c.yaml", "# more\n"),
    ]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(TEAMS + TABLE + more)
        charter = load(tmp_path / folder, TODAY).charter
        assert charter is not None
        digests.append(charter.digest)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_foreign_files_may_lie_beside_the_charter(tmp_path: Path) -> None:
    """Rules, routes, Compose and dbt files, and a build's output, are not taken for charter."""
    (tmp_path / "charter.yaml").write_text(TEAMS + TABLE)
    foreign = {
        "rules.yml": "groups: []",
        "alertmanager.yml": "route: {receiver: a}\nreceivers: [{name: a}]",
        "compose.yaml": "version: '3'\nservices: {a: {image: b}}",
        "schema.yml": "version: 2\nmodels:\n  - name: orders\n",
        "deployment.yaml": "apiVersion: v1\nkind: Deployment\n",
        "list.yaml": "- a\n- b\n",
        "template.yaml": "{{- if .Values.x }}\n  b: [\n",
        "empty.yaml": "",
        "build/accountability.json": "{}",
        "build/teams.yaml": TEAMS,
        ".hidden/teams.yaml": TEAMS,
    }
    for name, text in foreign.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    loaded = load(tmp_path, TODAY)
    assert loaded.charter is not None
    assert [file.path for file in loaded.charter.files] == ["charter.yaml"]
    assert loaded.diagnostics == ()


def test_a_part_that_cannot_be_parsed_is_not_passed_over(tmp_path: Path) -> None:
    """A slip in one file of the folder is an error at its line, not a charter without it."""
    (tmp_path / "charter.yaml").write_text(TEAMS + TABLE)
    (tmp_path / "more.yaml").write_text("models:\n  credit: {owner: [\n")
    loaded = load(tmp_path, TODAY)
    assert loaded.charter is None
    (found,) = [one for one in loaded.diagnostics if one.level is Level.ERROR]
    assert found.span is not None
    assert found.span.file == (tmp_path / "more.yaml").as_posix()


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


def test_overlap_says_the_case_and_a_row_that_mends_it() -> None:
    """The finding names both lines, an example, and the conditions of a deciding row."""
    (found,) = findings(
        TEAMS
        + """
accountability:
  - {when: {fault: [drift, quality]}, accountable: a}
  - {when: {severity: critical, fault: drift}, accountable: b}
  - {when: {severity: critical, fault: [latency, quality]}, accountable: b}
  - {otherwise: true, accountable: a}
"""
    )
    assert found.code.name == "decision-overlap"
    assert "the one in line 7 both decide" in found.message
    assert "`quality` at `critical`" in found.message
    assert "when: {fault: quality, severity: critical}" in str(found.hint)


def test_reading_is_the_same_whatever_the_order_of_files(tmp_path: Path) -> None:
    """Files are read in the order of their names, so that a build is the same everywhere."""
    names = [f"m{number}.yaml" for number in range(20)]
    random.Random(1).shuffle(names)
    (tmp_path / "charter.yaml").write_text(TEAMS + TABLE)
    for name in names:
        (tmp_path / name).write_text(f"models: {{{name.removesuffix('.yaml')}: {{}}}}\n")
    charter = load(tmp_path, TODAY).charter
    assert charter is not None
    assert [model.id for model in charter.models] == sorted(name[:-5] for name in names)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"teams: 5",
        b"- a",
        b"teams:\n\ta: b",
        b"teams: {a: {notify: [1, 2]}}",
        b"accountability: [1, null, [x], {when: []}, {when: {fault: {a: b}}}]",
        b"models: {m: 3, n: null, o: {slos: {}}, p: {slos: [4]}, '': {}}",
        b"severities: {a: b}\nfaults: x\norganization: [y]\nversion: [1]",
        b"profiles: {x: 1, y: [null]}\nalerts: {}",
        b"ledger: [1]\ndefaults: 3",
        b"teams: &a {b: *a}",
        b"defaults: {for: [1], slack: {api_url: {}}, email: null}",
        b"alerts: [{match: {}}, {match: {'a b': c}, accountable: x}, {match: x}]",
        b"ledger: {url: 'http://[::1', owner: [x], token: y}",
        b"ledger: {url: 'ftp://x:99999'}",
        b"a: &a [1]\nb: &b [*a,*a]\nteams: {x: *b}",
        (
            b"models: {m: {baselines: {rmse: x}, slos: [{sli: rmse, objective: '<= 1.2 * baseline',"
            b" severity: major}]}}"
        ),
    ],
)
def test_bad_input_is_answered_with_findings(tmp_path: Path, raw: bytes) -> None:
    """Whatever stands in the file, the answer is a finding and never an exception."""
    path = tmp_path / "charter.yaml"
    path.write_bytes(raw)
    loaded = load(path, TODAY)
    assert loaded.charter is None
    assert any(one.level is Level.ERROR for one in loaded.diagnostics)


@pytest.mark.parametrize(
    ("contact", "place"),
    [
        ("{webhook: {url: pager.internal/a}}", "7:33"),
        ("{pagerduty: {routing_key: {file: k}, url: 'ftp://x'}}", "7:59"),
    ],
)
def test_address_that_alertmanager_refuses_is_refused_first(contact: str, place: str) -> None:
    """A contact's address is checked where it is written, not in the generated file."""
    found = findings(
        "accountability:\n"
        "  - {otherwise: true, accountable: a}\n"
        "teams:\n"
        "  a:\n"
        "    name: A\n"
        "    notify:\n"
        f"      default: [{contact}]\n"
    )
    (one,) = [one for one in found if one.level is Level.ERROR]
    assert "is not the address of a server" in one.message
    assert one.span is not None
    assert f"{one.span.line}:{one.span.column}" == place


def test_a_slip_among_thousands_of_names_still_gets_the_nearest() -> None:
    """With 5,000 models a misspelt one is found without comparing it with each."""
    models = "".join(f"  credit-{number:04}: {{}}\n" for number in range(5_000))
    (found,) = findings(
        TEAMS
        + "accountability:\n"
        + "  - {when: {model: credit-0432x}, accountable: b}\n"
        + "  - {otherwise: true, accountable: a}\n"
        + f"models:\n{models}"
    )
    assert found.hint == "did you mean `credit-0432`?"
