"""The templates in an alert's labels and annotations: whether they load, and then execute."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.document import Scalar, inside
from buckstop.document.versions import Version
from buckstop.gotemplate import (
    Engine,
    Executes,
    Judgement,
    Literal,
    is_plain,
    judge,
    label_parts,
    prometheus_engine,
)
from buckstop.prometheus.codes import RULE_TEMPLATE_FAILS, RULE_TEMPLATE_INVALID
from buckstop.prometheus.names import Named

KEPT_JUDGEMENTS: Final = 4_096
"""Texts of which the verdict is kept: rules repeat each other's annotations."""


def template_faults(
    value: Scalar, of: Named, name: str, version: Version | None
) -> tuple[Diagnostic, ...]:
    """What is wrong with the template `value` of the label or annotation called `name`.

    A text that cannot be parsed keeps Prometheus from loading the file; one that cannot be
    executed puts the engine's complaint in the place of the value.
    """
    if "{{" not in value.text or is_plain(value.text):
        return ()
    judged = _judged(value.text, version)
    if not judged.parses:
        return tuple(
            Diagnostic(
                RULE_TEMPLATE_INVALID,
                f"the template of '{name}' cannot be parsed: {found.reason}",
                inside(value, found.start, found.end),
            )
            for found in judged.findings
        )
    when = _when(judged)
    if when is None:
        return ()
    first = judged.findings[0]
    return (
        Diagnostic(
            RULE_TEMPLATE_FAILS,
            f"the template of '{name}' fails {when}: {first.reason}",
            inside(value, first.start, first.end),
            hint=_HINTS[of],
        ),
    )


def fixed_text(text: str) -> str | None:
    """What the label `text` is on every alert; None where that hangs on the alert."""
    return text if "{{" not in text else _fixed(text)


@lru_cache(KEPT_JUDGEMENTS)
def _fixed(text: str) -> str | None:
    parts = label_parts(text, _engine(None))
    texts = [part.text for part in parts if isinstance(part, Literal)]
    return "".join(texts) if len(texts) == len(parts) else None


_HINTS: Final = {
    "label": "routes then see `<error expanding template: …>` as the label's value",
    "annotation": "people then read `<error expanding template: …>` instead of the text",
}


def _when(judged: Judgement) -> str | None:
    """When it fails; None where it is not known to."""
    match judged.executes:
        case Executes.NEVER:
            return "each time the alert fires"
        case Executes.NOT_FOR_ALL:
            assert judged.witness is not None
            return f"for some alerts, such as {judged.witness.name}"
        case Executes.ALWAYS | Executes.NOT_DECIDED:
            return None


@lru_cache(KEPT_JUDGEMENTS)
def _judged(text: str, version: Version | None) -> Judgement:
    return judge(text, _engine(version))


@lru_cache
def _engine(version: Version | None) -> Engine:
    return prometheus_engine(version)
