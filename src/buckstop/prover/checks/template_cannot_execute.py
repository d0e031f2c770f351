"""Receivers' fields whose template fails at every notification."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.gotemplate.alertmanager_data import DATA_FIELDS
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import TEMPLATE_CANNOT_EXECUTE
from buckstop.prover.model import Verdict
from buckstop.prover.receiver_templates import TemplatedField

SECRET_FILE_FIELDS = {
    ("pagerduty", "routing_key"): ("routing_key_file", "0.25"),
    ("pagerduty", "service_key"): ("service_key_file", "0.25"),
    ("opsgenie", "api_key"): ("api_key_file", "0.24"),
    ("victorops", "api_key"): ("api_key_file", "0.25"),
    ("pushover", "user_key"): ("user_key_file", "0.26"),
    ("pushover", "token"): ("token_file", "0.26"),
    ("wechat", "api_secret"): ("api_secret_file", "0.31"),
}
"""(integration, secret field) to the field that names a file, and its first Alertmanager."""


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a field, where it fails."""
    for field in subject.templates.fields:
        if field.verdict is Verdict.REFUTED:
            # Without an action to name, the text is not repeated: the field may hold a secret.
            shown = f"`{field.action}`" if field.action else "it"
            yield Diagnostic(
                TEMPLATE_CANNOT_EXECUTE,
                f"`{field.field}` of {field.receiver.name} is a notification template, and "
                f"{shown} fails each time it is executed: {field.complaint}",
                field.place,
                hint=_mend(field),
            )


def _mend(field: TemplatedField) -> str:
    in_file = SECRET_FILE_FIELDS.get((field.integration.kind, field.field))
    if in_file is not None:
        name, version = in_file
        return (
            f"put the secret into a file and name it: "
            f"`{name}: /etc/alertmanager/secrets/{field.receiver.name}` "
            f"(Alertmanager {version} or newer)"
        )
    if field.judged.findings[0].field:
        fields = ", ".join(f".{name}" for name, _, absent, _ in DATA_FIELDS if absent is None)
        return f"a template may use {fields}"
    return "try it with `amtool template render --template.text '…'`"
