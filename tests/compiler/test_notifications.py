"""What a notification says, told by amtool from the built template file."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.compiler.charters import built, charter_of, charter_with

from buckstop import servers
from buckstop.charter import Charter

AUC = 'sli: auc, objective: ">= 0.85", severity: minor'
LEDGER = "ledger: {url: 'https://ledger.example'}"
ALERT = {
    "status": "firing",
    "labels": {"alertname": "Slow", "accountable_team": "infra_sre", "severity": "critical"},
    "annotations": {
        "summary": "p95 is 1s",
        "description": "It is slow.",
        "accountability": "infra_sre is accountable because charter.yaml:1",
        "runbook_url": "https://runbook",
    },
    "generatorURL": "http://prometheus/graph",
}


def said(
    installation: servers.Installation,
    folder: Path,
    charter: Charter,
    name: str,
    *alerts: dict[str, Any],
    receiver: str = "infra_sre",
) -> str:
    """What the template `name` gives for a notification of `alerts`."""
    file = folder / "buckstop.tmpl"
    file.write_text(built(charter).files["alertmanager/templates/buckstop.tmpl"], encoding="utf-8")
    data = {
        "receiver": receiver,
        "status": "firing",
        "alerts": list(alerts),
        "commonLabels": alerts[0]["labels"],
        "commonAnnotations": alerts[0]["annotations"],
        "externalURL": "http://alertmanager",
    }
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    done = subprocess.run(
        [
            *(str(installation.amtool), "template", "render", f"--template.glob={file}"),
            f'--template.text={{{{ template "{name}" . }}}}',
            f"--template.data={folder / 'data.json'}",
        ],
        cwd=installation.working_folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


pytestmark = pytest.mark.servers


def test_body_is_a_paragraph_an_alert_for_whoever_answers(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """What is wrong, why you, where to acknowledge; a severity's own receiver is the team's too."""
    charter = charter_with(AUC, more=LEDGER)
    expected = (
        "p95 is 1s\n"
        "It is slow.\n"
        "You are accountable: infra_sre is accountable because charter.yaml:1\n"
        "Acknowledge: https://ledger.example\n"
        "Runbook: https://runbook\n"
        "Expression: http://prometheus/graph\n"
    )
    for receiver in ("infra_sre", "infra_sre-critical"):
        text = said(
            each_installation,
            tmp_path,
            charter,
            "buckstop.accountable",
            ALERT,
            {**ALERT, "status": "resolved"},
            receiver=receiver,
        )
        again = expected.replace("p95 is 1s\n", "p95 is 1s (resolved)\n")
        assert text.strip("\n") == f"{expected}\n{again}".strip("\n")


@pytest.mark.parametrize(
    ("labels", "standing"),
    [
        ({"accountable_team": "infra_sre"}, "infra_sre is accountable because charter.yaml:1"),
        (
            {"accountable_team": "Infra_SRE", "severity": "critical"},
            "the charter routes this alert to you, although its label names Infra_SRE",
        ),
        ({"accountable_team": "infra", "severity": "sre"}, "label names infra"),
        ({}, "the charter routes this alert to you\n"),
    ],
)
def test_body_says_why_the_alert_came_to_this_team(
    labels: dict[str, str], standing: str, debian12: servers.Installation, tmp_path: Path
) -> None:
    """A team whose name the label does not spell is told so, and not that it was named."""
    text = said(
        debian12,
        tmp_path,
        charter_with(AUC),
        "buckstop.accountable",
        {**ALERT, "labels": {"alertname": "Slow", **labels}},
    )
    assert "You are accountable: " in text
    assert standing in text


def test_those_informed_hear_who_answers(debian12: servers.Installation, tmp_path: Path) -> None:
    """They are never told that they are accountable, whatever the receiver is called."""
    charter = charter_with(AUC)
    told = said(debian12, tmp_path, charter, "buckstop.informed", ALERT)
    assert "For your information. infra_sre is accountable because charter.yaml:1\n" in told
    bare = {**ALERT, "annotations": {}}
    told = said(debian12, tmp_path, charter, "buckstop.informed", bare)
    assert told.startswith("Slow\nFor your information. infra_sre is accountable\n")


def test_of_many_alerts_the_first_ten_are_spelt_out(
    debian12: servers.Installation, tmp_path: Path
) -> None:
    """A storm does not become a message that nobody can send or read."""
    text = said(debian12, tmp_path, charter_with(AUC), "buckstop.slack.accountable", *[ALERT] * 12)
    assert text.count("p95 is 1s") == 10
    assert text.rstrip().endswith("12 alerts in all; the first 10 are shown.")


def test_what_an_alert_says_is_escaped_for_slack_alone(
    debian12: servers.Installation, tmp_path: Path
) -> None:
    """`<!channel>` in anybody's label shouts at nobody; an e-mail shows it as it is."""
    hostile = {**ALERT, "labels": {"alertname": "<!channel>&", "model": "<b>", "severity": "<s>"}}
    charter = charter_with(AUC)
    title = said(debian12, tmp_path, charter, "buckstop.slack.title", hostile)
    assert title.strip() == "[FIRING] &lt;!channel&gt;&amp; &lt;b&gt; (&lt;s&gt;)"
    title = said(debian12, tmp_path, charter, "buckstop.title", hostile)
    assert title.strip() == "[FIRING] <!channel>& <b> (<s>)"


@pytest.mark.parametrize(
    ("severity", "word"),
    [("page", "critical"), ("ticket", "error"), ("note", "warning"), ("e", "info"), ("?", "error")],
)
def test_pagerduty_is_told_a_severity_that_it_knows(
    severity: str, word: str, debian12: servers.Installation, tmp_path: Path
) -> None:
    """A charter's own words become PagerDuty's four by rank; a stranger's is taken seriously."""
    charter = charter_with(
        AUC.replace("minor", "ticket"), more="severities: [page, ticket, note, d, e]"
    )
    alert = {**ALERT, "labels": {"alertname": "A", "severity": severity}}
    assert said(debian12, tmp_path, charter, "buckstop.pagerduty.severity", alert).strip() == word


def test_charter_text_cannot_leave_the_comment_that_it_stands_in(
    debian12: servers.Installation, tmp_path: Path
) -> None:
    """An organisation's name is text, whatever it looks like."""
    name = """x */}}{{ define "buckstop.title" }}{{ .Secret }}{{ end }}{{/* y"""
    charter = charter_of(
        f"version: 1\norganization: '{name}'\n"
        "teams: {a: {notify: {default: [{webhook: {url: 'http://h/'}}]}}}\n"
        "accountability: [{otherwise: true, accountable: a}]\n"
    )
    title = said(debian12, tmp_path, charter, "buckstop.title", ALERT)
    assert title.strip() == "[FIRING] Slow (critical)"
