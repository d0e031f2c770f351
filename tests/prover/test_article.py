"""The article's own two files: each of their faults, at its line, with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from buckstop.alertmanager import read
from buckstop.diagnostics import Diagnostic
from buckstop.prometheus import read_rules
from buckstop.prover.examination import Examination, examine
from buckstop.prover.given import Given
from buckstop.prover.model import Property, Verdict
from buckstop.servers import Installation, check_config

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT / "tests" / "fixtures" / "article"
ROUTES = "alertmanager.yml"
RULES = "model_alerts.yml"


@pytest.fixture(scope="module")
def found() -> tuple[Examination, tuple[Diagnostic, ...]]:
    """The examination, and all findings, of reading and of the checks."""
    rule_file, rule_diagnostics = read_rules((ARTICLE / RULES).read_bytes(), RULES)
    config, load_diagnostics = read((ARTICLE / ROUTES).read_bytes(), ROUTES)
    assert rule_file is not None
    assert config is not None
    examination = examine(
        Given(rule_files=(rule_file,), config=config, load_diagnostics=load_diagnostics)
    )
    return examination, (*rule_diagnostics, *load_diagnostics, *examination.diagnostics)


@pytest.mark.parametrize("name", [ROUTES, RULES])
def test_the_example_and_the_fixture_are_the_same_files(name: str) -> None:
    """What the tests judge is what the example shows."""
    example = ROOT / "examples" / "article" / "original" / name
    assert example.read_bytes() == (ARTICLE / name).read_bytes()


@pytest.mark.parametrize(
    ("code", "file", "line", "said", "mend"),
    [
        ("slack-url-missing", ROUTES, 26, "no webhook URL", "slack_api_url_file"),
        ("slack-url-missing", ROUTES, 32, "no webhook URL", "slack_api_url_file"),
        ("template-cannot-execute", ROUTES, 29, "field Secret", "service_key_file:"),
        ("matchers-deprecated", ROUTES, 13, "`match`", 'accountable_team="infra_sre"'),
        ("matchers-deprecated", ROUTES, 18, "`match`", 'accountable_team="data_mlops"'),
        ("continue-without-effect", ROUTES, 22, "does nothing", "remove it"),
        ("continue-false-is-default", ROUTES, 17, "30s (of line 8)", "group_wait: 0s"),
        ("severity-not-routed", ROUTES, 4, "critical, major", 'severity="critical"'),
        (
            "models-share-group",
            ROUTES,
            7,
            "waits up to group_interval (5m)",
            "group_by: [alertname, instance, accountable_team, model]",
        ),
        ("catch-all-without-team", ROUTES, 6, "caught by default-ops", "--teams"),
        ("sli-without-rule", RULES, 5, "quality (AUC, RMSE) or availability", "objectives"),
        ("quantile-per-series", RULES, 6, "one alert a pod", "sum by (model, le)"),
        ("quantile-per-series", RULES, 6, "one alert a pod", "must end above 0.5"),
    ],
)
def test_each_fault_of_the_article_is_named_at_its_line_with_its_mend(
    found: tuple[Examination, tuple[Diagnostic, ...]],
    code: str,
    file: str,
    line: int,
    said: str,
    mend: str,
) -> None:
    """Whoever brings exactly these files learns what they really do, and what to write."""
    same = [
        one
        for one in found[1]
        if one.code.name == code and one.span and (one.span.file, one.span.line) == (file, line)
    ]
    assert len(same) == 1, [(one.code.name, str(one.span)) for one in found[1]]
    assert said in same[0].message
    assert same[0].hint is not None
    assert mend in same[0].hint


def test_nothing_else_is_complained_about(
    found: tuple[Examination, tuple[Diagnostic, ...]],
) -> None:
    """Twelve findings, each one true; a thirteenth would be noise."""
    assert len(found[1]) == 12


@pytest.mark.parametrize(
    ("alert", "team", "receiver", "why"),
    [
        ("HighModelLatency", "infra_sre", "infra-team-pagerduty", "`service_key` fails"),
        ("SignificantDataDrift", "data_mlops", "mlops-drift-slack", "no webhook URL"),
    ],
)
def test_both_rules_have_an_owner_who_would_never_hear_of_it(
    found: tuple[Examination, tuple[Diagnostic, ...]],
    alert: str,
    team: str,
    receiver: str,
    why: str,
) -> None:
    """The routing is right and the delivery is not: both are said."""
    answer = found[0].named(alert)[0].answer
    assert (answer.team, answer.receivers) == (team, (receiver,))
    for of in (Property.ANSWERED, Property.SINGLE, Property.AGREES):
        assert answer.judgement(of).verdict is Verdict.PROVEN
    assert answer.judgement(Property.DELIVERS).verdict is Verdict.REFUTED
    assert answer.verdict is Verdict.REFUTED
    assert why in answer.reason


@pytest.mark.servers
def test_the_real_alertmanager_rejects_the_file_too(each_installation: Installation) -> None:
    """Our error is amtool's error, in all three versions."""
    assert not check_config(each_installation, ARTICLE / ROUTES).ok


@pytest.mark.servers
def test_with_a_slack_url_amtool_accepts_what_can_never_execute(
    tmp_path: Path, each_installation: Installation
) -> None:
    """The template's fault is ours to find: once the URL is there, amtool sees nothing wrong."""
    text = (
        (ARTICLE / ROUTES)
        .read_text()
        .replace(
            "  resolve_timeout: 5m", "  resolve_timeout: 5m\n  slack_api_url: http://127.0.0.1:9/x"
        )
    )
    (tmp_path / ROUTES).write_text(text)
    assert check_config(each_installation, tmp_path / ROUTES).ok
    config, load_diagnostics = read(text, ROUTES)
    assert config is not None
    assert load_diagnostics == ()
    examination = examine(Given(rule_files=(), config=config))
    assert "template-cannot-execute" in {one.code.name for one in examination.diagnostics}
