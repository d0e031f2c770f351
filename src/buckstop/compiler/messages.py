"""What a notification says: one file of Go templates, which the receivers refer to by name.

Every field that Alertmanager would otherwise fill from its default template is given, so that the
text depends on nothing that is installed beside it. The templates use what Alertmanager 0.25 knows
and newer ones still do. Labels and annotations may come from anybody's rules: for Slack, whose
``<…>`` are commands (``<!channel>``), they are escaped.

A notification may hold hundreds of alerts; the first `SHOWN_ALERTS` are spelt out.
"""

from __future__ import annotations

import json
import re
from typing import Final

from buckstop.charter.model import Charter
from buckstop.compiler.rule import TEAM_LABEL

SHOWN_ALERTS: Final = 10

PAGERDUTY_SEVERITIES: Final = ("critical", "error", "warning", "info")
"""PagerDuty knows these four only, from the gravest down; a charter's are given by rank."""

TITLE: Final = "buckstop.title"
LINK: Final = "buckstop.link"
PAGERDUTY_DESCRIPTION: Final = "buckstop.pagerduty.description"
PAGERDUTY_SEVERITY: Final = "buckstop.pagerduty.severity"
SLACK_TITLE: Final = "buckstop.slack.title"
SLACK_COLOR: Final = "buckstop.slack.color"

# In the texts below «.Labels.x» is a value from an alert, and <WORD> is put in for the charter. A
# line break that must not reach the reader stands before `{{-` or after `-}}`.
_TITLE: Final = """
{{ define "<FAMILY>.title" -}}
[{{ .Status | toUpper }}] «.CommonLabels.alertname»
{{- with .CommonLabels.model }} «.»{{ end }}
{{- with .CommonLabels.severity }} («.»){{ end }}
{{- end }}
"""
_BODIES: Final = """
{{ define "<FAMILY>.accountable" -}}
{{ range $i, $alert := .Alerts }}{{ if lt $i <SHOWN> }}{{ with $alert }}
{{- template "<FAMILY>.what" . -}}
You are accountable:
{{- $named := .Labels.<TEAM> }}
{{- if or (eq $.Receiver $named) (eq $.Receiver (printf "%s-%s" $named .Labels.severity)) }}
{{- with .Annotations.accountability }} «.»{{ else }} the alert names your team{{ end }}
{{- else }} the charter routes this alert to you
{{- with $named }}, although its label names «.»{{ end }}
{{- end }}
{{ template "<FAMILY>.where" . }}
{{ end }}{{ end }}{{ end }}
{{- template "buckstop.rest" . }}
{{- end }}

{{ define "<FAMILY>.informed" -}}
{{ range $i, $alert := .Alerts }}{{ if lt $i <SHOWN> }}{{ with $alert }}
{{- template "<FAMILY>.what" . -}}
For your information.
{{- with .Annotations.accountability }} «.»
{{- else }}{{ with .Labels.<TEAM> }} «.» is accountable{{ end }}
{{- end }}
{{ template "<FAMILY>.where" . }}
{{ end }}{{ end }}{{ end }}
{{- template "buckstop.rest" . }}
{{- end }}

{{ define "<FAMILY>.what" -}}
{{ with .Annotations.summary }}«.»{{ else }}«.Labels.alertname»{{ end }}
{{- if eq .Status "resolved" }} (resolved){{ end }}
{{ with .Annotations.description }}«.»
{{ end }}
{{- end }}

{{ define "<FAMILY>.where" -}}
<ACKNOWLEDGE>
{{ with .Annotations.runbook_url }}Runbook: «.»
{{ end }}
{{- with .GeneratorURL }}Expression: «.»
{{ end }}
{{- end }}
"""
_SHARED: Final = """
{{ define "buckstop.rest" -}}
{{ if gt (len .Alerts) <SHOWN> -}}
{{ len .Alerts }} alerts in all; the first <SHOWN> are shown.
{{- end }}
{{- end }}

{{ define "buckstop.link" -}}
{{ with .CommonAnnotations.ledger_url }}{{ . }}{{ else }}<LEDGER>{{ end }}
{{- end }}
"""
_PAGERDUTY: Final = """
{{ define "buckstop.pagerduty.description" -}}
{{ template "buckstop.title" . }}
{{- with .CommonAnnotations.summary }}: {{ . }}{{ end }}
{{- end }}

{{ define "buckstop.pagerduty.severity" -}}
<SEVERITIES>
{{- end }}
"""
_SLACK: Final = """
{{ define "buckstop.slack.color" -}}
{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}
{{- end }}

{{ define "buckstop.slack.escaped" -}}
{{ . | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;" }}
{{- end }}
"""

_WITH_LEDGER: Final = (
    "Acknowledge: {{ with .Annotations.ledger_url }}«.»{{ else }}<LEDGER>{{ end }}"
)
_WITHOUT_LEDGER: Final = "{{ with .Annotations.ledger_url }}Acknowledge: «.»\n{{ end -}}"
"""An alert that comes from elsewhere may bring a link of its own."""

_VALUE: Final = re.compile("«([^»]+)»")
_WORD: Final = re.compile("<([A-Z]+)>")


def reference(name: str) -> str:
    """A receiver's field that says what the template `name` gives for the whole notification."""
    return f'{{{{ template "{name}" . }}}}'


def plain_body(*, accountable: bool) -> str:
    """The template of an e-mail's text and of PagerDuty's details."""
    return "buckstop.accountable" if accountable else "buckstop.informed"


def slack_body(*, accountable: bool) -> str:
    """The template of a Slack message's text."""
    return "buckstop.slack.accountable" if accountable else "buckstop.slack.informed"


def write_templates(charter: Charter, header: str) -> str:
    """The template file of a build; `header` says where it comes from."""
    return (
        _comment(header)
        + _comment("Plain text: e-mails, and PagerDuty's details.")
        + _family("buckstop", r"{{ \1 }}", charter)
        + _filled(_SHARED, charter)
        + _comment("PagerDuty.")
        + _filled(_PAGERDUTY, charter)
        + _comment("Slack. What an alert says is escaped: <…> are commands there.")
        + _family("buckstop.slack", r'{{ template "buckstop.slack.escaped" \1 }}', charter)
        + _SLACK
    )


def _family(name: str, value: str, charter: Charter) -> str:
    """The texts whose names begin with `name`, each value from an alert written as `value`."""
    acknowledge = _WITHOUT_LEDGER if charter.ledger is None else _WITH_LEDGER
    text = (_TITLE + _BODIES).replace("<FAMILY>", name).replace("<ACKNOWLEDGE>", acknowledge)
    return _filled(_VALUE.sub(value, text), charter)


def _filled(text: str, charter: Charter) -> str:
    words = {
        "SHOWN": str(SHOWN_ALERTS),
        "TEAM": TEAM_LABEL,
        "SEVERITIES": _pagerduty_severities(charter.severities),
        # Without a ledger the link leads to this Alertmanager.
        "LEDGER": "{{ .ExternalURL }}" if charter.ledger is None else charter.ledger.url,
    }
    return _WORD.sub(lambda found: words[found[1]], text)


def _pagerduty_severities(severities: tuple[str, ...]) -> str:
    """PagerDuty's word for the alert's severity; an unknown one is the gravest but one."""
    last = len(PAGERDUTY_SEVERITIES) - 1
    lines = [
        f"{{{{{'- else ' if rank else ' '}if eq .CommonLabels.severity {_quoted(word)} }}}}"
        f"{PAGERDUTY_SEVERITIES[min(rank, last)]}"
        for rank, word in enumerate(severities)
    ]
    return "\n".join((*lines, f"{{{{- else }}}}{PAGERDUTY_SEVERITIES[1]}", "{{- end }}"))


def _comment(text: str) -> str:
    """A comment of the template file; charter text in `text` does not end it."""
    return f"\n{{{{/* {text.replace('*/', '* /')} */}}}}\n"


def _quoted(text: str) -> str:
    """A string of a Go template; ids hold nothing that JSON would write differently."""
    return json.dumps(text, ensure_ascii=False)
