"""``alert_relabel_configs`` in: each step with its defaults, and what Prometheus would refuse."""

from __future__ import annotations

import re
from typing import Final

from buckstop.diagnostics import Diagnostic, Span, did_you_mean, has_errors
from buckstop.document import Fields, Node, Scalar, finish_section
from buckstop.document.versions import Version
from buckstop.language.patterns import PatternError, compile_pattern
from buckstop.prometheus.codes import RELABELLING_INVALID
from buckstop.prometheus.config_tables import RELABELLING
from buckstop.prometheus.names import is_label_name
from buckstop.prometheus.relabelling import (
    ACTIONS,
    DEFAULT_PATTERN,
    DEFAULT_REPLACEMENT,
    DEFAULT_SEPARATOR,
    Action,
    Relabelling,
)
from buckstop.prometheus.versions import UTF8_NAMES, field_faults, pattern_faults
from buckstop.prometheus.whole_numbers import read_whole_number

LETTER_CASE_TARGETS: Final[Version] = (2, 53)
"""Since then the target of ``lowercase`` and ``uppercase`` is a plain name."""
MAX_MODULUS: Final = 2**64 - 1

_TARGETED: Final = frozenset(
    {"replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal"}
)
_LETTER_CASE: Final = frozenset({"lowercase", "uppercase"})
_EQUALITY: Final = frozenset({"keepequal", "dropequal"})
_LABELS_ALONE: Final = frozenset({"labeldrop", "labelkeep"})
_TARGET = re.compile(r"(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+", re.ASCII)
MAX_TARGET_LENGTH: Final = 1_000
"""Characters of a target that are looked at."""


def read_relabelling(parent: Fields, key: str, version: Version | None) -> tuple[Relabelling, ...]:
    """The steps under `key`; those that cannot be read are left out, with findings."""
    steps: list[Relabelling] = []
    for item in parent.sequence(key, "relabelling steps"):
        step = _read_step(item, version, parent.findings)
        if step is not None:
            steps.append(step)
    return tuple(steps)


def _read_step(
    node: Node, version: Version | None, findings: list[Diagnostic]
) -> Relabelling | None:
    fields = Fields.of(node, RELABELLING.what, findings)
    if fields is None:
        return None
    before = len(findings)
    action = _action(fields)
    sources = fields.scalars("source_labels", "label names") or ()
    for source in sources:
        if not source.is_null and not is_label_name(source.text, version):
            _refuse(fields, f"'{source.text}' is not the name of a label", source.span)
    step = Relabelling(
        action=action or "replace",
        source_labels=tuple("" if source.is_null else source.text for source in sources),
        separator=_text(fields, "separator", DEFAULT_SEPARATOR),
        pattern=_pattern(fields, version),
        modulus=_modulus(fields),
        target_label=_text(fields, "target_label", ""),
        replacement=_text(fields, "replacement", DEFAULT_REPLACEMENT),
        span=node.span,
    )
    finish_section(fields, RELABELLING, field_faults(version))
    if action is not None and not has_errors(findings[before:]):
        _check_target(fields, step, version)
        _check_only(fields, step)
    return None if has_errors(findings[before:]) else step


def _action(fields: Fields) -> Action | None:
    """The action, whatever its letters' case; ``replace`` where none is named."""
    entry = fields.entry("action")
    if entry is None:
        return "replace"
    value = fields.scalar("action", "an action such as keep")
    name = "" if value is None else value.text.lower()
    if name in ACTIONS:
        return name
    if value is not None or fields.node_at("action") is None:
        _refuse(
            fields,
            f"'{'' if value is None else value.text}' is no relabelling action",
            entry.value.span,
            did_you_mean(name, ACTIONS) or f"one of {', '.join(ACTIONS)}",
        )
    return None


def _text(fields: Fields, key: str, default: str) -> str:
    value = fields.text(key)
    return default if value is None else value


def _pattern(fields: Fields, version: Version | None) -> str:
    """The pattern; one that is null is empty, which is not the default."""
    if fields.entry("regex") is None:
        return DEFAULT_PATTERN
    value = fields.scalar("regex", "a regular expression")
    if value is None:
        return ""
    try:
        compile_pattern(value.text)
    except PatternError as error:
        _refuse(fields, f"'{value.text}' is no valid regular expression: {error}", value.span)
    else:
        fields.findings.extend(pattern_faults(value.text, version, value.span))
    return value.text


def _modulus(fields: Fields) -> int:
    return (
        fields.read("modulus", lambda node: read_whole_number(node, "modulus", 0, MAX_MODULUS)) or 0
    )


def _check_target(fields: Fields, step: Relabelling, version: Version | None) -> None:
    target = step.target_label
    place = _place(fields, "target_label")
    if step.action in _TARGETED and target == "":
        _refuse(fields, f"the action '{step.action}' needs 'target_label'", place)
    elif step.action in _TARGETED and not _is_target(step.action, target, version):
        _refuse(fields, f"'{target}' cannot be the target of '{step.action}'", place)
    if step.action == "hashmod" and step.modulus == 0:
        _refuse(fields, "the action 'hashmod' needs 'modulus'", _place(fields, "modulus"))
    if step.action == "labelmap" and not _is_template(step.replacement, version):
        _refuse(
            fields,
            f"'{step.replacement}' cannot be the name of a label that 'labelmap' makes",
            _place(fields, "replacement"),
        )


def _is_target(action: Action, target: str, version: Version | None) -> bool:
    if version is None or version >= UTF8_NAMES:
        return True
    takes_groups = action == "replace" or (action in _LETTER_CASE and version < LETTER_CASE_TARGETS)
    if takes_groups and "$" in target:
        return _is_template(target, version)
    return is_label_name(target, version)


def _is_template(text: str, version: Version | None) -> bool:
    """Whether names of labels may come of `text` with its groups filled in."""
    if version is None or version >= UTF8_NAMES:
        return text != ""
    return len(text) <= MAX_TARGET_LENGTH and _TARGET.fullmatch(text) is not None


def _check_only(fields: Fields, step: Relabelling) -> None:
    """Refuse the fields that an action cannot have beside its own."""
    changed = {
        "source_labels": fields.node_at("source_labels") is not None,
        "target_label": step.target_label != "",
        "separator": step.separator != DEFAULT_SEPARATOR,
        "regex": fields.entry("regex") is not None,
        "modulus": step.modulus != 0,
        "replacement": step.replacement != DEFAULT_REPLACEMENT,
    }
    if step.action in _LETTER_CASE:
        own = changed.keys() - {"replacement"}
    elif step.action in _EQUALITY:
        own = {"source_labels", "target_label"}
    elif step.action in _LABELS_ALONE:
        own = {"regex"}
    else:
        return
    for key, is_changed in changed.items():
        if is_changed and key not in own:
            _refuse(fields, f"the action '{step.action}' cannot have '{key}'", _place(fields, key))


def _refuse(fields: Fields, message: str, span: Span, hint: str | None = None) -> None:
    fields.findings.append(Diagnostic(RELABELLING_INVALID, message, span, hint))


def _place(fields: Fields, key: str) -> Span:
    """The value of `key`, or where the step begins."""
    entry = fields.entry(key)
    if entry is not None:
        value = entry.value
        return entry.key.span if isinstance(value, Scalar) and value.is_null else value.span
    return fields.node.entries[0].key.span if fields.node.entries else fields.node.span
