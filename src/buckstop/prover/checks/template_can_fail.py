"""Receivers' fields whose template fails for some notifications."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.gotemplate import Executes
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import TEMPLATE_CAN_FAIL


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a field, where it fails."""
    for field in subject.templates.fields:
        witness = field.judged.witness
        if field.judged.executes is Executes.NOT_FOR_ALL and witness is not None:
            shown = f"`{field.action}`" if field.action else "it"
            yield Diagnostic(
                TEMPLATE_CAN_FAIL,
                f"`{field.field}` of {field.receiver.name}: {shown} fails for a notification of "
                f"{witness.name}: {field.complaint}",
                field.place,
                hint="ask first whether it is there, with `{{ if … }}` or `{{ with … }}`",
            )
