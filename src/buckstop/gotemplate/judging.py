"""Whether a template executes: always, never, not for some data, or not decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from buckstop.gotemplate.engines import Engine, Witness
from buckstop.gotemplate.execution import execute
from buckstop.gotemplate.failures import Failure
from buckstop.gotemplate.html_context import is_followed
from buckstop.gotemplate.nodes import Fault
from buckstop.gotemplate.parsing import parse
from buckstop.gotemplate.template_set import TemplateSet


class Executes(StrEnum):
    """What becomes of a template when the server executes it."""

    ALWAYS = "executes"
    NEVER = "fails"
    NOT_FOR_ALL = "fails for some data"
    NOT_DECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where and why a template fails, or may.

    Attributes:
        reason: in the words of Go's parser and executor.
        start, end: where in the template's text, in code points; both 0 where it fails in
            another text that it calls.
        source: what stands there.
        line, column: as Go counts them: lines from 1, columns in bytes from 0; column is None
            for what does not parse, of which Go gives the line alone.
        field: the field that does not exist, else empty.
    """

    reason: str
    start: int = 0
    end: int = 0
    source: str = ""
    line: int = 1
    column: int | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one template.

    Attributes:
        findings: why it does not execute always; the first is the one that the server names.
            Every fault of a text that does not parse is among them.
        witness: data for which it fails, where it is not all.
        parses: whether the server's parser takes it.
    """

    executes: Executes
    findings: tuple[Finding, ...] = ()
    witness: Witness | None = None
    parses: bool = True

    @property
    def reason(self) -> str:
        """Why it does not execute always; empty where it does."""
        return self.findings[0].reason if self.findings else ""


NOTHING_DEFINED = TemplateSet()


def judge(
    text: str,
    engine: Engine,
    beside: TemplateSet = NOTHING_DEFINED,
    *,
    is_html: bool = False,
    excluded_witnesses: frozenset[str] = frozenset(),
) -> Judgement:
    """Judge the template `text`.

    Args:
        beside: the other templates that it may call.
        is_html: whether it is executed as HTML, which the engine must be able to escape.
        excluded_witnesses: data that this template is never handed.
    """
    if "{{" not in text:
        return Judgement(Executes.ALWAYS)
    parsed = parse(text, engine.knows, tuple(engine.variables), engine.go)
    if parsed.faults:
        # Before a fault, something that only some versions take may stand: it fails in either.
        faults = tuple(_of_fault(fault, text) for fault in parsed.faults)
        return Judgement(Executes.NEVER, faults, parses=False)
    doubts = tuple(
        Finding(doubt.message, doubt.start, doubt.end, text[doubt.start : doubt.end])
        for doubt in parsed.doubts
    )
    known = beside.adding(parsed.definitions)
    run = execute(parsed.main, known, engine, engine.data)
    if run.failure is not None:
        return Judgement(Executes.NEVER, (_of_failure(run.failure, text),))
    doubts += tuple(_of_failure(doubt, text) for doubt in run.doubts)
    if is_html and not is_followed(parsed.main, known):
        doubts += (Finding("how the engine escapes this HTML is not followed"),)
    if not doubts:
        return Judgement(Executes.ALWAYS)
    for witness in engine.witnesses:
        if witness.name not in excluded_witnesses:
            failure = execute(parsed.main, known, engine, witness.data).failure
            if failure is not None:
                return Judgement(Executes.NOT_FOR_ALL, (_of_failure(failure, text),), witness)
    return Judgement(Executes.NOT_DECIDED, doubts)


def _of_fault(fault: Fault, text: str) -> Finding:
    return Finding(
        fault.message, fault.start, fault.end, text[fault.start : fault.end], line=fault.line
    )


def _of_failure(failure: Failure, text: str) -> Finding:
    place = failure.place
    before = failure.text[: place.reported]
    line_start = before.rfind("\n") + 1
    is_here = failure.text == text
    return Finding(
        failure.reason,
        place.start if is_here else 0,
        place.end if is_here else 0,
        place.source,
        line=1 + before.count("\n"),
        column=len(before[line_start:].encode()),
        field=failure.field,
    )
