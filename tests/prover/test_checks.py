"""Each check: its docs page's examples, and what nearly is a fault and is not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from buckstop.alertmanager import read
from buckstop.diagnostics import Code, Diagnostic, Level, has_errors
from buckstop.prometheus import read_rules
from buckstop.prover import codes
from buckstop.prover.checks import CHECKS, ROUTE_CHECKS, RouteSubject
from buckstop.prover.examination import Examination, examine
from buckstop.prover.given import Declared, Given
from buckstop.prover.teams_file import read_teams

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
CODES = [value for value in vars(codes).values() if isinstance(value, Code)]
WITHOUT_GOOD_EXAMPLE = {"sli-without-rule", "catch-all-without-team"}
"""Their mend stands in another file than the one that is judged."""


def examples(code: Code, kind: str) -> list[str]:
    page = (PAGES / f"{code.name}.md").read_text()
    return re.findall(rf"```yaml {kind}\n(.*?)```", page, re.DOTALL)


def examined(texts: list[str]) -> Examination:
    rule_files = []
    templates: list[str] = []
    config = None
    declared = None
    load_diagnostics: tuple[Diagnostic, ...] = ()
    for text in texts:
        if text.startswith("groups:"):
            rule_file, found = read_rules(text, "rules.yml")
            assert rule_file is not None, found
            rule_files.append(rule_file)
        elif text.startswith("accountable:"):
            holders, found = read_teams(text, "teams.yaml")
            assert holders is not None, found
            declared = Declared("teams.yaml", holders)
        elif text.startswith("{{ define"):
            templates.append(text)
        else:
            config, load_diagnostics = read(text, "alertmanager.yml")
            assert config is not None, load_diagnostics
    assert load_diagnostics == ()
    if config is not None and templates:
        config = replace(config, template_texts=tuple(templates))
    return examine(Given(rule_files=tuple(rule_files), config=config, declared=declared))


def found_in(texts: list[str]) -> list[Diagnostic]:
    return list(examined(texts).diagnostics)


def test_each_code_has_its_check_in_a_file_of_its_name() -> None:
    """Code, file and docs page are found by one name."""
    files = {check.__module__.rpartition(".")[2].replace("_", "-") for check in CHECKS}
    assert files == {code.name for code in CODES}


def test_a_check_that_sees_no_rule_is_not_run_anew_for_one() -> None:
    """What a check is given says whether its findings can hang on a rule."""
    of_routes = {
        check for check in CHECKS if check.__annotations__["subject"] == RouteSubject.__name__
    }
    assert of_routes == ROUTE_CHECKS


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_each_page_says_its_level(code: Code) -> None:
    """The docs link of a finding leads to a page that weighs it alike."""
    page = (PAGES / f"{code.name}.md").read_text()
    assert page.startswith(f"# {code.name}\n")
    said = {Level.ERROR: "an error", Level.WARNING: "a warning", Level.INFO: "a note"}
    assert f"This is {said[code.level]}." in page
    assert "## Why it matters" in page
    assert "## The mend" in page


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_bad_example_has_the_finding_at_a_line_with_a_mend(code: Code) -> None:
    """What the page warns of is what `check` finds."""
    ours = [one for one in found_in(examples(code, "bad")) if one.code is code]
    assert len(ours) == 1
    assert ours[0].span is not None
    assert ours[0].hint


@pytest.mark.parametrize(
    "code",
    [code for code in CODES if code.name not in WITHOUT_GOOD_EXAMPLE],
    ids=lambda code: code.name,
)
def test_good_example_does_not_have_it(code: Code) -> None:
    """The mend mends."""
    good = examples(code, "good")
    assert good
    assert [one.message for one in found_in(good) if one.code is code] == []


HEAD = """receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: a, webhook_configs: [{url: 'http://127.0.0.1/a'}]}
- {name: b, webhook_configs: [{url: 'http://127.0.0.1/b'}]}
route:
  receiver: rest
  routes:
"""


def names(routes: str) -> list[str]:
    return [one.code.name for one in found_in([HEAD + routes])]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ("{receiver: b}", 0),
        ("{matchers: ['y=\"2\"'], receiver: b}", 0),
        ("{matchers: ['x=~\"1|3\"'], receiver: b}", 0),
        ("{matchers: ['x=~\"2|3\"'], receiver: b}", 1),
        ("{matchers: ['x=\"2\"'], receiver: b}", 1),
    ],
)
def test_continue_has_an_effect_where_a_later_sibling_may_match(later: str, expected: int) -> None:
    """Only what can never go on is complained about."""
    first = "{matchers: ['x=\"1\"'], receiver: a, continue: true}"
    routes = f"  - {first}\n  - {later}\n"
    assert names(routes).count("continue-without-effect") == expected


def test_an_observer_that_only_takes_some_alerts_hides_nothing() -> None:
    """Alerts that it does not take still reach the parent's receiver."""
    routes = (
        "  - {matchers: ['severity=\"critical\"'], receiver: a, continue: true}\n"
        "  - {matchers: ['x=\"1\"'], receiver: b}\n"
    )
    assert "observer-hides-default" not in names(routes)


def test_an_observer_with_a_receiver_of_its_own_is_no_route_of_options_alone() -> None:
    """To tell somebody and go on is what `continue` is for."""
    routes = (
        "  - {matchers: ['x=\"1\"'], receiver: a, continue: true}\n"
        "  - {matchers: ['x=\"1\"'], receiver: b}\n"
    )
    assert "route-options-only" not in names(routes)
    assert "route-options-only" in names(routes.replace("receiver: a, ", ""))


def test_an_explicit_catch_all_is_the_one_that_needs_a_team() -> None:
    """Behind an observer, the last child without matchers takes the unrecognised."""
    routes = "  - {receiver: a, continue: true}\n  - {receiver: b}\n"
    found = found_in([HEAD + routes])
    caught = [one for one in found if one.code.name == "catch-all-without-team"]
    assert [one.message.split("caught by ")[1][0] for one in caught] == ["b"]


def test_wait_is_alertmanagers_default_where_no_route_says_otherwise() -> None:
    """The number that really holds is said, with where it comes from."""
    found = found_in([HEAD + "  - {matchers: ['x=\"1\"'], receiver: a, continue: false}\n"])
    said = [one.message for one in found if one.code.name == "continue-false-is-default"]
    assert len(said) == 1
    assert "30s (Alertmanager's default)" in said[0]


def rules(*rules: str) -> str:
    return "groups:\n- name: g\n  rules:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules)


def test_950_rules_without_a_team_are_one_finding() -> None:
    """A vendor's rules give a count, not a wall."""
    many = rules(*(f"alert: A{n}, expr: up == 0, labels: {{severity: x}}" for n in range(950)))
    found = [
        one
        for one in found_in([HEAD + "  - {receiver: a}\n", many])
        if one.code.name == "rule-without-team"
    ]
    assert len(found) == 1
    assert "none of the 950 rules sets accountable_team" in found[0].message
    assert len(found[0].related) == 3


def test_rules_without_a_team_are_found_without_routes() -> None:
    """Whoever has only rule files learns it too."""
    found = [one.code.name for one in found_in([rules("alert: A, expr: up == 0")])]
    assert found == ["rule-without-team"]


def test_a_case_slip_in_the_team_is_one_finding_with_the_name_that_was_meant() -> None:
    """`Infra_SRE` on three rules: named once, with `infra_sre` as the mend."""
    routes = "  - {matchers: ['team=\"infra_sre\"'], receiver: a}\n"
    typos = rules(*(f"alert: A{n}, expr: up == 0, labels: {{team: Infra_SRE}}" for n in range(3)))
    found = [
        one for one in found_in([HEAD + routes, typos]) if one.code.name == "team-without-route"
    ]
    assert len(found) == 1
    assert "`Infra_SRE` (3 rules)" in found[0].message
    assert found[0].hint == "did you mean `infra_sre`?"


def test_equal_severities_need_no_route() -> None:
    """One severity for all is not a severity that is ignored."""
    routes = "  - {matchers: ['team=\"a\"'], receiver: a}\n"
    same = rules(
        "alert: A, expr: up == 0, labels: {team: a, severity: x}",
        "alert: B, expr: up == 0, labels: {team: a, severity: x}",
    )
    assert "severity-not-routed" not in [one.code.name for one in found_in([HEAD + routes, same])]


@pytest.mark.parametrize(
    "rule",
    [
        "alert: A, expr: node_load1 > 3, labels: {team: a}",
        "alert: A, expr: model_auc < 0.8, labels: {team: a, model: credit}",
        "alert: A, expr: 'model_auc{model=\"credit\"} < 0.8', labels: {team: a}",
    ],
)
def test_only_rules_of_several_models_need_the_model_in_the_group(rule: str) -> None:
    """Other software's rules, and a rule that pins its model, are left alone."""
    routes = "  - {matchers: ['team=\"a\"'], receiver: a, group_by: [alertname]}\n"
    found = [one.code.name for one in found_in([HEAD + routes, rules(rule)])]
    assert "models-share-group" not in found


def test_all_four_kinds_watched_is_no_finding() -> None:
    """Quality, drift, latency and availability each have a rule."""
    four = rules(
        "alert: AucLow, expr: model_auc < 0.8, labels: {team: a}",
        "alert: Drift, expr: model_feature_drift > 0.3, labels: {team: a}",
        "alert: Slow, expr: model_latency_p95 > 0.5, labels: {team: a}",
        "alert: Errors, expr: model_errors_ratio > 0.1, labels: {team: a}",
    )
    routes = "  - {matchers: ['team=\"a\"'], receiver: a}\n"
    assert "sli-without-rule" not in [one.code.name for one in found_in([HEAD + routes, four])]


def test_a_root_that_goes_on_is_answered() -> None:
    """A `continue` that slipped out of its route is an error of the file, and no traceback."""
    routes = (
        "route:\n  receiver: a\n  routes:\n  - match: {team: b}\n  continue: true\n"
        "receivers: [{name: a}]\n"
    )
    config, found = read(routes, "alertmanager.yml")
    rules, _ = read_rules("groups: [{name: g, rules: [{alert: A, expr: up}]}]\n", "rules.yml")
    assert config is not None
    assert rules is not None
    assert has_errors(found)
    examination = examine(Given((rules,), config, load_diagnostics=found))
    assert "continue-without-effect" not in {one.code.name for one in examination.diagnostics}
