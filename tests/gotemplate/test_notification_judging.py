"""Which notification templates execute: always, never, for some data."""

from __future__ import annotations

import subprocess

import pytest

from buckstop.gotemplate import (
    RESOLVED_WITNESSES,
    Executes,
    TemplateSet,
    alertmanager_engine,
    alertmanagers_own,
    judge,
    parse,
)
from buckstop.servers import Installation

ENGINE = alertmanager_engine()
OWN = alertmanagers_own()

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
    ('{{ template "mine" . }}', 'template "mine" not defined'),
    ("{{ $x }}", 'undefined variable "$x"'),
    ("{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", 'undefined variable "$x"'),
    ("{{ if", "unclosed action"),
    ("{{ .Status", "unclosed action"),
    ("{{ if .Status }}x", "unexpected EOF"),
    ("{{ end }}", "unexpected {{end}}"),
    ('{{ reReplaceAll "(" "x" .Status }}', "error parsing regexp"),
    (r"{{ reReplaceAll `\C` `x` .Status }}", "invalid escape sequence"),
    ("{{ }}", "missing value for command"),
    ('{{ "x', "unterminated quoted string"),
    ("{{ .Alerts.Firing.Foo }}", "can't evaluate field Foo in type []template.Alert"),
    ("{{ (.Alerts.Firing).Foo }}", "can't evaluate field Foo"),
    ("{{ $x := .Alerts.Resolved }}{{ $x.Foo }}", "can't evaluate field Foo"),
    ("{{ range .Alerts }}{{ .StartsAt.Foo }}{{ end }}", "can't evaluate field Foo"),
    ("{{ .GroupLabels.Names.x }}", "can't evaluate field x in type []string"),
    ("{{ range .Status }}x{{ end }}", "range can't iterate over .Status"),
    ("{{ not }}", "wrong number of args for not: want 1 got 0"),
    ("{{ eq .Alerts .Alerts }}", "non-comparable type"),
    ("{{ eq .CommonLabels .CommonLabels }}", "non-comparable type"),
    ("{{ toUpper .CommonLabels }}", "wrong type for value; expected string; got template.KV"),
    ("{{ lt 1 1.0 }}", "incompatible types for comparison"),
    ("{{ safeHtml .Status | toUpper }}", "expected string; got template.HTML"),
    ("{{ nil }}", "nil is not a command"),
    ("{{ if .Status }}{{ .Nope }}{{ else }}{{ .Nope }}{{ end }}", "can't evaluate field Nope"),
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
    r"{{ .Status | reReplaceAll `\p{Greek}|[[:word:]]+` `` }}",
    "{{ range $i, $a := .Alerts }}{{ if lt $i 10 }}{{ $a.Status }}{{ end }}{{ end }}",
    "{{ range .Alerts }}{{ with . }}{{ .Status }}{{ end }}{{ end }}",
    "{{ if gt (len .Alerts) 10 }}{{ len .Alerts }}{{ end }}",
    '{{ printf "%s" .Status }}',
    "{{ or true .Nope }}",
    "{{ if .Alerts }}{{ else }}{{ .Nope }}{{ end }}",
    '{{ define "x" }}{{ .Labels.a }}{{ end }}{{ range .Alerts }}{{ template "x" . }}{{ end }}',
    "{{ $x := .Alerts }}{{ if .Status }}{{ $x = $.Alerts }}{{ end }}{{ range $x }}a{{ end }}",
    '{{ (.CommonLabels.Remove (stringSlice "a")).SortedPairs }}',
    "{{ (index .Alerts 0).StartsAt.UTC.Format `15:04` }}",
]

FOR_SOME = [
    ("{{ (index .Alerts.Firing 0).Labels.x }}", "one resolved alert"),
    ("{{ (index .Alerts 1).Labels.x }}", "one firing alert"),
    ("{{ range .Alerts.Resolved }}{{ .Nope }}{{ end }}", "one resolved alert"),
    ('{{ if eq .Status "resolved" }}{{ .Nope }}{{ end }}', "one resolved alert"),
    ("{{ with .CommonLabels.alertname }}{{ .Nope }}{{ end }}", "one firing alert"),
    ("{{ humanizeDuration .CommonLabels.a }}", "one firing alert"),
]

NOT_DECIDED = [
    ("{{ with .CommonLabels.a }}{{ .Nope }}{{ end }}", "can't evaluate field Nope"),
    ("{{ trimSpace .Status }}", "exists in some versions only"),
    ("{{ .NotificationReason }}", "exists in some versions only"),
    ("{{ range 3 }}x{{ end }}", "Go 1.24"),
    ("{{ match .Status .Receiver }}", "is a regular expression is not known"),
    (r"{{ match `\p{Kawi}` .Status }}", r"an older server does not know the class '\p{Kawi}'"),
    ("{{ match `(?<n>a)` .Status }}", "an older server does not know a group named by '(?<n>'"),
    ('{{ template "slack.default.title" .Alerts }}', "is made for other data"),
    ('{{ template "slack.default.title" }}', "is made for other data"),
    ('{{ template "slack.default.color" . }}', "only some versions define it"),
]


@pytest.mark.parametrize(("text", "reason"), FAILS)
def test_a_template_that_always_fails_is_refuted_in_the_words_of_the_engine(
    text: str, reason: str
) -> None:
    """A user sees before the incident what Alertmanager would only log during it."""
    judged = judge(text, ENGINE, OWN)
    assert judged.executes is Executes.NEVER
    assert reason in judged.reason


@pytest.mark.parametrize("text", EXECUTES)
def test_a_template_that_executes_is_not_complained_about(text: str) -> None:
    """Ordinary templates give no finding."""
    assert judge(text, ENGINE, OWN).executes is Executes.ALWAYS


@pytest.mark.parametrize(("text", "witness"), FOR_SOME)
def test_a_template_that_fails_for_some_data_has_a_witness(text: str, witness: str) -> None:
    """The user sees which notification would be lost."""
    judged = judge(text, ENGINE, OWN)
    assert judged.executes is Executes.NOT_FOR_ALL
    assert judged.witness is not None
    assert judged.witness.name == witness


@pytest.mark.parametrize(("text", "reason"), NOT_DECIDED)
def test_what_depends_on_more_than_is_known_is_not_decided(text: str, reason: str) -> None:
    """Neither a false alarm nor a wrong proof."""
    judged = judge(text, ENGINE, OWN)
    assert judged.executes is Executes.NOT_DECIDED
    assert reason in judged.reason


def test_data_that_a_receiver_is_never_handed_is_no_witness() -> None:
    """Without `send_resolved` there is no notification in which no alert fires."""
    text = "{{ index .Alerts.Firing 0 }}"
    judged = judge(text, ENGINE, OWN, excluded_witnesses=RESOLVED_WITNESSES)
    assert judged.executes is Executes.NOT_DECIDED


@pytest.mark.parametrize(
    ("version", "verdict"),
    [((0, 25), Executes.NEVER), ((0, 27), Executes.NOT_DECIDED), ((0, 28), Executes.ALWAYS)],
)
def test_a_function_is_judged_by_the_version_that_is_aimed_at(
    version: tuple[int, ...], verdict: Executes
) -> None:
    """0.25 does not know `trimSpace`, 0.28 does, and for those between nobody was asked."""
    text = "{{ .Status | trimSpace }}"
    assert judge(text, alertmanager_engine(version), OWN).executes is verdict


def test_templates_of_a_file_are_followed_with_the_dot_that_they_are_given() -> None:
    """A shared template is judged where it is called, on what it is called with."""
    text = '{{ define "mine" }}{{ .Labels.team }}{{ end }}'
    templates = OWN.adding(parse(text, ENGINE.knows).definitions)
    ranged = '{{ range .Alerts }}{{ template "mine" . }}{{ end }}'
    assert judge(ranged, ENGINE, templates).executes is Executes.ALWAYS
    whole = judge('{{ template "mine" . }}', ENGINE, templates)
    assert whole.executes is Executes.NEVER
    assert whole.reason == "can't evaluate field Labels in type template.Data"


def test_a_name_may_stand_in_a_template_file_that_is_not_read() -> None:
    """Where there are more files than are known, an unfamiliar name is not called undefined."""
    judged = judge('{{ template "mine" . }}', ENGINE, OWN.opened("not read"))
    assert judged.executes is Executes.NOT_DECIDED


def test_endless_recursion_is_not_decided() -> None:
    """A template that calls itself is followed to a depth and no further."""
    text = '{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}'
    assert judge(text, ENGINE, OWN).executes is Executes.NOT_DECIDED


def test_the_failing_part_is_named_with_its_place() -> None:
    """In a long text the user sees which part fails; Go's own line and column beside it."""
    text = "a {{ .Status }} b\n é {{ .Secret.K }} c"
    found = judge(text, ENGINE, OWN).findings[0]
    assert text[found.start : found.end] == ".Secret.K"
    # Go counts bytes: é is two.
    assert (found.line, found.column, found.field) == (2, 14, "Secret")


@pytest.mark.parametrize(
    ("html", "verdict"),
    [
        ('{{ template "email.default.html" . }}', Executes.ALWAYS),
        ("<p>{{ .Status }}</p>{{ range .Alerts }}<br>{{ end }}", Executes.ALWAYS),
        ("<a href='{{ .ExternalURL }}'>", Executes.NOT_DECIDED),
        ("<script>{{ .Status }}</script>", Executes.NOT_DECIDED),
        ("{{ .Status | html | toUpper }}", Executes.NOT_DECIDED),
        ("<p>{{ .Nope }}</p>", Executes.NEVER),
    ],
)
def test_html_executes_only_where_its_escaping_is_plain(html: str, verdict: Executes) -> None:
    """`html/template` refuses what it cannot escape; that is never called proven."""
    assert judge(html, ENGINE, OWN, is_html=True).executes is verdict


@pytest.mark.servers
@pytest.mark.parametrize("text", [text for text, _ in FAILS] + EXECUTES)
def test_amtool_says_the_same(text: str, each_installation: Installation) -> None:
    """Each verdict is Alertmanager's own: amtool renders what we call executable, and no more."""
    rendered = subprocess.run(
        [
            *(str(each_installation.amtool), "template", "render"),
            *("--template.glob=/nonexistent/*.tmpl", f"--template.text={text}"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    judged = judge(text, ENGINE, TemplateSet())
    assert (rendered.returncode == 0) == (judged.executes is Executes.ALWAYS), rendered.stderr
