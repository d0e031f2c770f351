"""Which notification templates can never execute."""

from __future__ import annotations

import subprocess

import pytest

from buckstop.prover.model import Verdict
from buckstop.prover.template_execution import execution
from buckstop.servers import Installation

FAILS = [
    ("{{ .Secret.PAGERDUTY_INFRA_KEY }}", "can't evaluate field Secret in type template.Data"),
    ("{{ $.Secret.X }}", "can't evaluate field Secret in type template.Data"),
    ("{{ .CommonLabels.foo.bar }}", "can't evaluate field bar in type string"),
    ("{{ .commonLabels.foo }}", "can't evaluate field commonLabels in type template.Data"),
    ("{{ .Status.Foo }}", "can't evaluate field Foo in type string"),
    ("{{ humanize 3 }}", 'function "humanize" not defined'),
    ("{{ env `KEY` }}", 'function "env" not defined'),
    ("{{ range .Alerts }}{{ .Labels.a }}{{ .Nope }}{{ end }}", "can't evaluate field Nope"),
    ("{{ range $i, $a := .Alerts }}{{ $a.Nope }}{{ end }}", "can't evaluate field Nope"),
    ("{{ $a := .Status }}{{ $a.Nope }}", "can't evaluate field Nope in type string"),
    ("{{ if .Nope }}x{{ end }}", "can't evaluate field Nope"),
    ('{{ template "mine" . }}', 'template "mine" is not defined'),
    ("{{ $x }}", 'undefined variable "$x"'),
    ("{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", 'undefined variable "$x"'),
    ("{{ if", "unclosed action"),
    ("{{ .Status", "unclosed action"),
    ("{{ if .Status }}x", "without an end"),
    ("{{ end }}", "unexpected {{end}}"),
    ('{{ reReplaceAll "(" "x" .Status }}', "bad regular expression"),
    ("{{ }}", "missing value for command"),
    ('{{ "x', "unterminated string"),
]

EXECUTES = [
    "no template at all",
    "{{ .CommonLabels.anything }} {{ .GroupLabels.a }} {{ .CommonAnnotations.summary }}",
    "{{ .Receiver }}{{ .Status | toUpper }}{{ .ExternalURL }}",
    "{{ range .Alerts }}{{ .Labels.a }}{{ .StartsAt }}{{ .Fingerprint }}{{ end }}",
    "{{ range $i, $a := .Alerts }}{{ $a.Labels.x }}{{ $.Status }}{{ $i }}{{ end }}",
    '[{{ .Status }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}]',
    '{{ .GroupLabels.SortedPairs.Values | join " " }}',
    "{{- /* a comment */ -}} text",
    "{{ (index .Alerts 0).Labels.x }}",
    "{{ with .CommonLabels.a }}{{ . }}{{ else }}{{ .Status }}{{ end }}",
    '{{ .Status | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;" }}',
    "{{ range $i, $a := .Alerts }}{{ if lt $i 10 }}{{ $a.Status }}{{ end }}{{ end }}",
    "{{ range .Alerts }}{{ with . }}{{ .Status }}{{ end }}{{ end }}",
    "{{ if gt (len .Alerts) 10 }}{{ len .Alerts }}{{ end }}",
    '{{ printf "%s" .Status }}',
]

DEPENDS = [
    ("{{ with .CommonLabels.a }}{{ .Nope }}{{ end }}", "where that branch is taken"),
    ("{{ range .Alerts.Firing }}{{ .Nope }}{{ end }}", "where that branch is taken"),
    ("{{ or .Status .Nope }}", "where it is evaluated"),
    ("{{ toUpper .CommonLabels }}", 'the call of "toUpper" is not followed'),
    ("{{ (index .Alerts 3).Labels.x }}", "a group may hold fewer alerts"),
    (
        "{{ $x := .Alerts }}{{ if .Status }}{{ $x = .Status }}{{ end }}{{ len $x }}",
        'the call of "len" is not followed',
    ),
]


@pytest.mark.parametrize(("text", "reason"), FAILS)
def test_a_template_that_always_fails_is_refuted_in_the_words_of_the_engine(
    text: str, reason: str
) -> None:
    """A user sees before the incident what Alertmanager would only log during it."""
    judged = execution(text, own_templates=False)
    assert judged.verdict is Verdict.REFUTED
    assert reason in judged.reason


@pytest.mark.parametrize("text", EXECUTES)
def test_a_template_that_executes_is_not_complained_about(text: str) -> None:
    """Ordinary templates give no finding."""
    assert execution(text, own_templates=False).verdict is Verdict.PROVEN


@pytest.mark.parametrize(("text", "reason"), DEPENDS)
def test_what_depends_on_a_branch_is_unknown(text: str, reason: str) -> None:
    """Neither a false alarm nor a wrong proof where execution depends on the alert."""
    judged = execution(text, own_templates=False)
    assert judged.verdict is Verdict.UNKNOWN
    assert reason in judged.reason


@pytest.mark.parametrize(
    "text",
    [
        "{{ .Alerts.Firing.Foo }}",
        "{{ (.Alerts.Firing).Foo }}",
        "{{ $x := .Alerts.Resolved }}{{ $x.Foo }}",
        "{{ range .Alerts }}{{ .StartsAt.Foo }}{{ end }}",
        "{{ .GroupLabels.Names.x }}",
        "{{ range .Status }}x{{ end }}",
        "{{ not }}",
        "{{ eq .Alerts .Alerts }}",
        "{{ eq .CommonLabels .CommonLabels }}",
        '{{ template "slack.default.title" .Alerts }}',
        '{{ template "slack.default.title" }}',
    ],
)
def test_a_template_that_always_fails_is_never_proven(text: str) -> None:
    """What the walk does not follow to its end may fail, and then nobody is told."""
    assert execution(text, own_templates=False).verdict is not Verdict.PROVEN


def test_a_name_may_stand_in_the_users_own_template_files() -> None:
    """With `templates:` configured, an unfamiliar name is not called undefined."""
    assert execution('{{ template "mine" . }}', own_templates=True).verdict is Verdict.UNKNOWN


def test_alertmanagers_own_templates_are_known() -> None:
    """The default title and text of Slack need no template file."""
    text = '{{ template "slack.default.title" . }}{{ template "__subject" . }}'
    assert execution(text, own_templates=False).verdict is Verdict.PROVEN


def test_the_failing_action_is_named() -> None:
    """In a long text the user sees which action fails."""
    judged = execution("a {{ .Status }} b {{ .Secret.K }} c", own_templates=False)
    assert (judged.action, judged.field) == ("{{ .Secret.K }}", "Secret")


@pytest.mark.servers
@pytest.mark.parametrize("text", [text for text, _ in FAILS] + EXECUTES)
def test_amtool_says_the_same(text: str, installation: Installation) -> None:
    """Each verdict is Alertmanager's own: amtool renders what we call executable, and no more."""
    rendered = subprocess.run(
        [
            *(installation.amtool, "template", "render"),
            *("--template.glob=/nonexistent/*.tmpl", f"--template.text={text}"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    judged = execution(text, own_templates=False)
    assert (rendered.returncode == 0) == (judged.verdict is Verdict.PROVEN), rendered.stderr
