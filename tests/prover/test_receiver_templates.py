"""The templates of receivers' fields, as one Alertmanager executes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from buckstop.alertmanager import read
from buckstop.gotemplate import Executes
from buckstop.prover.model import Verdict
from buckstop.prover.receiver_templates import ReceiverTemplates, receiver_templates

ROUTES = """
templates: {templates}
route: {{receiver: a}}
receivers:
- name: a
  {kind}_configs:
  - {contact}
"""
SLACK = "{{api_url: 'http://127.0.0.1/', channel: c, {more}}}"
PAGER = "{{routing_key: k, {more}}}"


def templates_of(
    kind: str,
    contact: str,
    *,
    files: tuple[str, ...] | None = None,
    globs: str = "[]",
    version: str | None = None,
) -> ReceiverTemplates:
    text = ROUTES.format(kind=kind, contact=contact, templates=globs)
    config, found = read(text, "alertmanager.yml")
    assert config is not None, found
    return receiver_templates(replace(config, template_texts=files), version)


def slack_title(title: str, **given: object) -> ReceiverTemplates:
    return templates_of("slack", SLACK.format(more=f"title: '{title}'"), **given)  # type: ignore[arg-type]


def test_a_field_that_fails_is_found_with_its_action_and_place() -> None:
    """The carets stand under what does not exist; the action is quoted whole."""
    (field,) = slack_title("a {{ .Secret.K }} b").fields
    assert field.verdict is Verdict.REFUTED
    assert field.action == "{{ .Secret.K }}"
    assert (field.place.line, field.place.column) == (7, 61)
    assert field.place.end_column - field.place.column == len(".Secret.K")


def test_a_text_that_does_not_parse_is_not_repeated() -> None:
    """It may be a secret that only looks like a template."""
    (field,) = slack_title("{{ hunter2 }").fields
    assert field.verdict is Verdict.REFUTED
    assert field.action == ""


def test_template_files_are_followed() -> None:
    """What the files define is executed where a field calls it."""
    title = '{{ template "mine" . }}'
    good = slack_title(title, files=('{{ define "mine" }}{{ .Status }}{{ end }}',), globs="[x]")
    assert [field.verdict for field in good.fields] == [Verdict.PROVEN]
    bad = slack_title(title, files=('{{ define "mine" }}{{ .Nope }}{{ end }}',), globs="[x]")
    assert [field.verdict for field in bad.fields] == [Verdict.REFUTED]
    assert bad.fields[0].action == ""
    assert bad.fields[0].place == bad.fields[0].scalar.span
    assert bad.fields[0].complaint.startswith("`.Nope` in a template that it calls: can't evaluate")


@pytest.mark.parametrize(
    ("files", "globs", "verdict"),
    [
        (None, "[]", Verdict.REFUTED),
        (None, "['*.tmpl']", Verdict.UNKNOWN),
        (("a",), "['*.tmpl']", Verdict.REFUTED),
        (("a",), "['dir/min*']", Verdict.UNKNOWN),
    ],
)
def test_an_unfamiliar_name_is_undefined_only_where_all_files_are_known(
    files: tuple[str, ...] | None, globs: str, verdict: Verdict
) -> None:
    """A name may stand in a file that is not read, or be the file's own."""
    (field,) = slack_title('{{ template "mine" . }}', files=files, globs=globs).fields
    assert field.verdict is verdict


def test_a_file_that_cannot_be_parsed_is_found() -> None:
    """Alertmanager does not load then."""
    found = slack_title("{{ .Status }}", files=("fine", "{{ upper }}"), globs="[x]")
    assert [(one.number, one.fault.message) for one in found.broken] == [
        (2, 'function "upper" not defined')
    ]


@pytest.mark.parametrize(
    ("kind", "contact", "executes"),
    [
        ("pagerduty", PAGER.format(more="description: '{}'"), Executes.NOT_FOR_ALL),
        ("pagerduty", PAGER.format(more="send_resolved: false, description: '{}'"), None),
        ("slack", SLACK.format(more="title: '{}'"), None),
        ("slack", SLACK.format(more="send_resolved: true, title: '{}'"), Executes.NOT_FOR_ALL),
    ],
)
def test_a_receiver_is_not_blamed_for_what_it_is_never_told(
    kind: str, contact: str, executes: Executes | None
) -> None:
    """Only where resolved alerts are told of can there be none that fires."""
    text = contact.replace("{}", "{{ index .Alerts.Firing 0 }}")
    (field,) = templates_of(kind, text).fields
    assert field.judged.executes is (executes or Executes.NOT_DECIDED)
    assert field.verdict is Verdict.UNKNOWN


def test_versions_differ() -> None:
    """The same text is a page in 0.28, and none in 0.25."""
    title = "{{ .Status | trimSpace }}"
    verdicts = [slack_title(title, version=one).fields[0].verdict for one in ("0.25", "0.28")]
    assert verdicts == [Verdict.REFUTED, Verdict.PROVEN]


@pytest.mark.parametrize(
    ("kind", "contact", "is_html"),
    [
        ("slack", "{{api_url: 'http://127.0.0.1/', channel: c, title: '{}'}}", False),
        ("email", "{{to: a@b, from: a@b, smarthost: 'h:25', html: '{}'}}", True),
        ("email", "{{to: a@b, from: a@b, smarthost: 'h:25', text: '{}'}}", False),
        ("pushover", "{{user_key: u, token: t, message: '{}'}}", False),
        ("pushover", "{{user_key: u, token: t, html: true, message: '{}'}}", True),
        ("pushover", "{{user_key: u, token: t, html: true, title: '{}'}}", False),
        ("telegram", "{{bot_token: t, chat_id: 1, message: '{}'}}", True),
        ("telegram", "{{bot_token: t, chat_id: 1, parse_mode: HTML, message: '{}'}}", True),
        ("telegram", "{{bot_token: t, chat_id: 1, parse_mode: Markdown, message: '{}'}}", False),
    ],
)
def test_only_what_is_executed_as_html_is_held_against_html(
    kind: str, contact: str, *, is_html: bool
) -> None:
    """An action where HTML has no place for one fails there, and is fine in a plain text."""
    (field,) = templates_of(kind, contact.format("<p {{ .Status }}>")).fields
    assert (field.verdict is not Verdict.PROVEN) is is_html


@pytest.mark.parametrize(
    ("kind", "contact"),
    [
        ("webhook", "{url: 'http://127.0.0.1/{{ .Status }}'}"),
        ("email", "{to: a@b, from: a@b, smarthost: 'h:25', html: '<p {{ .Status }}>'}"),
    ],
)
def test_what_is_not_known_to_be_a_text_template_is_not_decided(kind: str, contact: str) -> None:
    """No proof of a field that some versions send as it stands, or escape as HTML."""
    (field,) = templates_of(kind, contact).fields
    assert field.verdict is Verdict.UNKNOWN
