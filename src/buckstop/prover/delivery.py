"""Whether each receiver is configured so that it can deliver. Never whether an endpoint answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from buckstop.alertmanager.model import AlertmanagerConfig, Receiver
from buckstop.diagnostics import Diagnostic, Level
from buckstop.prover.endpoints import endpoint_doubts, endpoint_faults
from buckstop.prover.model import PROVEN, Judgement, Verdict, conjunction
from buckstop.prover.receiver_templates import ReceiverTemplates


def deliveries(
    config: AlertmanagerConfig,
    load_diagnostics: Iterable[Diagnostic],
    templates: ReceiverTemplates,
) -> Mapping[str, Judgement]:
    """Receiver name to whether it can deliver.

    Args:
        load_diagnostics: what reading `config` found. An error there is one for which
            Alertmanager refuses the whole file, so that nothing in it delivers.
        templates: those of `config`.
    """
    errors = [found for found in load_diagnostics if found.level is Level.ERROR]
    return {
        receiver.name: conjunction(_judgements(receiver, config, errors, templates))
        for receiver in config.receivers
    }


def _judgements(
    receiver: Receiver,
    config: AlertmanagerConfig,
    errors: list[Diagnostic],
    templates: ReceiverTemplates,
) -> Iterable[Judgement]:
    if not receiver.integrations:
        yield _cannot(f"{receiver.name} has no integration: it tells nobody")
    for integration in receiver.integrations:
        for fault in endpoint_faults(integration, config.global_, hides_secrets=config.is_shown):
            yield _cannot(f"{receiver.name}: {fault}")
        for doubt in endpoint_doubts(integration):
            yield Judgement(Verdict.UNKNOWN, f"{receiver.name}: {doubt}", "delivery not known")
    for error in errors:
        if _inside(error, receiver):
            yield _cannot(f"Alertmanager rejects {receiver.name}: {error.message}")
    for field in templates.fields:
        if field.receiver is not receiver:
            continue
        where = f"{receiver.name}: `{field.field}`"
        if field.verdict is Verdict.REFUTED:
            yield _cannot(f"{where} fails at every notification ({field.reason})")
        elif field.verdict is Verdict.UNKNOWN:
            yield Judgement(Verdict.UNKNOWN, f"{where}: {field.reason}", "delivery not known")
    for one in templates.broken:
        yield _cannot(f"Alertmanager does not load a template file: {one.fault.message}")
    if errors:
        yield _cannot(f"Alertmanager does not load this file: {errors[0].message}")
    yield PROVEN


def _cannot(reason: str) -> Judgement:
    return Judgement(Verdict.REFUTED, reason, "cannot deliver")


def _inside(found: Diagnostic, receiver: Receiver) -> bool:
    if found.span is None or found.span.file != receiver.node.span.file:
        return False
    whole = receiver.node.span
    return (
        (whole.line, whole.column)
        <= (found.span.line, found.span.column)
        < (whole.end_line, whole.end_column)
    )
