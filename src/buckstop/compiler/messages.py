"""What a notification says: Go templates, whole in their fields.

Every field that Alertmanager would otherwise fill from its default template is given, so that the
text depends on nothing that is installed beside it. The templates use what Alertmanager 0.25 knows
and newer ones still do. Labels and annotations may come from anybody's rules: for Slack, whose
``<…>`` are commands (``<!channel>``), they are escaped.

A notification may hold hundreds of alerts; the first `SHOWN_ALERTS` are spelt out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from buckstop.charter.model import Charter, Team
from buckstop.compiler.rule import TEAM_LABEL

SHOWN_ALERTS: Final = 10

TITLE: Final = (
    "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }}"
    "{{ with .CommonLabels.model }} {{ . }}{{ end }}"
    "{{ with .CommonLabels.severity }} ({{ . }}){{ end }}"
)
COLOR: Final = '{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}'

PAGERDUTY_SEVERITIES: Final = ("critical", "error", "warning", "info")
"""PagerDuty knows these four only, from the gravest down; a charter's are given by rank."""

_SLACK_ESCAPES: Final = (
    '| reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"'
)


@dataclass(frozen=True, slots=True)
class Voice:
    """To whom a notification speaks.

    Attributes:
        team: whose receiver it is.
        accountable: whether the team answers, or is only told.
        ledger_url: the ledger's address, or None.
        severities: the charter's, from the gravest down.
    """

    team: Team
    accountable: bool
    ledger_url: str | None
    severities: tuple[str, ...]


def voice(charter: Charter, team: Team, *, accountable: bool) -> Voice:
    """How the charter's notifications speak to `team`."""
    ledger_url = charter.ledger.url if charter.ledger else None
    return Voice(team, accountable, ledger_url, charter.severities)


def slack_title() -> str:
    """The heading of a Slack message; Slack reads commands there too."""
    return (
        "[{{ .Status | toUpper }}] "
        f"{{{{ .CommonLabels.alertname {_SLACK_ESCAPES} }}}}"
        f"{{{{ with .CommonLabels.model }}}} {{{{ . {_SLACK_ESCAPES} }}}}{{{{ end }}}}"
        f"{{{{ with .CommonLabels.severity }}}} ({{{{ . {_SLACK_ESCAPES} }}}}){{{{ end }}}}"
    )


def slack_text(to: Voice) -> str:
    """The body of a Slack message."""
    return _body(to, _SLACK_ESCAPES)


def plain_text(to: Voice) -> str:
    """The body of an e-mail, and PagerDuty's details: text that nobody interprets."""
    return _body(to, "")


def page_title() -> str:
    """PagerDuty's one line: which alert, and the number against the objective."""
    return f"{TITLE}{{{{ with .CommonAnnotations.summary }}}}: {{{{ . }}}}{{{{ end }}}}"


def pagerduty_severity(severities: tuple[str, ...]) -> str:
    """PagerDuty's word for the alert's severity; an unknown one is the gravest but one."""
    last = len(PAGERDUTY_SEVERITIES) - 1
    branches = [
        f"{{{{ {'else if' if rank else 'if'} eq .CommonLabels.severity {_quoted(word)} }}}}"
        f"{PAGERDUTY_SEVERITIES[min(rank, last)]}"
        for rank, word in enumerate(severities)
    ]
    return "".join(branches) + f"{{{{ else }}}}{PAGERDUTY_SEVERITIES[1]}{{{{ end }}}}"


def link(to: Voice) -> str:
    """Where the incident is acknowledged: the alert's own page, else the ledger's, else here."""
    otherwise = to.ledger_url or "{{ .ExternalURL }}"
    return (
        f"{{{{ with .CommonAnnotations.ledger_url }}}}{{{{ . }}}}{{{{ else }}}}{otherwise}"
        "{{ end }}"
    )


def _body(to: Voice, escapes: str) -> str:
    """One paragraph an alert: what is wrong, who is accountable and why, and where to go.

    `escapes` is a pipeline that each value from an alert passes through.
    """

    def value(path: str) -> str:
        return f"{{{{ {path} {escapes} }}}}" if escapes else f"{{{{ {path} }}}}"

    def line_with(path: str, before: str = "") -> str:
        return f"{{{{ with {path} }}}}{before}{value('.')}\n{{{{ end }}}}"

    ledger = line_with(".Annotations.ledger_url", "Acknowledge: ")
    if to.ledger_url is not None:
        ledger = (
            f"Acknowledge: {{{{ with .Annotations.ledger_url }}}}{value('.')}"
            f"{{{{ else }}}}{to.ledger_url}{{{{ end }}}}\n"
        )
    paragraph = (
        f"{{{{ with .Annotations.summary }}}}{value('.')}{{{{ else }}}}"
        f"{value('.Labels.alertname')}{{{{ end }}}}"
        '{{ if eq .Status "resolved" }} (resolved){{ end }}\n'
        + line_with(".Annotations.description")
        + _standing(to, value)
        + "\n"
        + ledger
        + line_with(".Annotations.runbook_url", "Runbook: ")
        + line_with(".GeneratorURL", "Expression: ")
    )
    return (
        f"{{{{ range $i, $alert := .Alerts }}}}{{{{ if lt $i {SHOWN_ALERTS} }}}}"
        "{{ with $alert }}"
        f"{paragraph}\n"
        "{{ end }}{{ end }}{{ end }}"
        f"{{{{ if gt (len .Alerts) {SHOWN_ALERTS} }}}}"
        f"{{{{ len .Alerts }}}} alerts in all; the first {SHOWN_ALERTS} are shown.{{{{ end }}}}"
    )


def _standing(to: Voice, value: Callable[[str], str]) -> str:
    """The sentence that says who is accountable, and why."""
    team, named = to.team.id, f".Labels.{TEAM_LABEL}"
    if not to.accountable:
        return (
            "For your information. "
            f"{{{{ with .Annotations.accountability }}}}{value('.')}{{{{ else }}}}"
            f"{{{{ with {named} }}}}{value('.')} is accountable{{{{ end }}}}{{{{ end }}}}"
        )
    return (
        f"{{{{ if eq {named} {_quoted(team)} }}}}You are accountable: "
        f"{{{{ with .Annotations.accountability }}}}{value('.')}"
        "{{ else }}the alert names your team{{ end }}"
        "{{ else }}You are accountable: the charter routes this alert to "
        f"{team}{{{{ with {named} }}}}, although its label names {value('.')}{{{{ end }}}}"
        "{{ end }}"
    )


def _quoted(text: str) -> str:
    """A string of a Go template; ids hold nothing that JSON would write differently."""
    return json.dumps(text, ensure_ascii=False)
