"""Rule files in: their rules, and everything for which Prometheus would refuse the file."""

from __future__ import annotations

from typing import Final

from buckstop import promql
from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document import (
    Fields,
    Mapping,
    Node,
    Scalar,
    collection_paused,
    finish_section,
    inside,
    is_nothing,
    parse_one,
)
from buckstop.document.codes import KEY_MISSING
from buckstop.document.versions import Version
from buckstop.prometheus.codes import (
    PROMQL_INVALID,
    RULE_DURATION_INVALID,
    RULE_FIELD_MISPLACED,
    RULE_GROUP_DUPLICATE,
    RULE_KIND_UNCLEAR,
)
from buckstop.prometheus.durations import parse_duration
from buckstop.prometheus.expression_versions import feature_faults
from buckstop.prometheus.model import AlertingRule, RecordingRule, RuleFile, RuleGroup
from buckstop.prometheus.names import Named, name_fault
from buckstop.prometheus.rule_duplicates import duplicates
from buckstop.prometheus.rule_tables import GROUP, RULE, RULE_FILE
from buckstop.prometheus.rule_templates import template_faults
from buckstop.prometheus.versions import field_faults, parse_version
from buckstop.prometheus.whole_numbers import read_whole_number

Labels = tuple[tuple[str, Scalar], ...]

_NULL_IS_NO_EXPRESSION: Final[Version] = (3, 5)
"""The first measured version to which ``expr: null`` says nothing; 2.53 takes it as a series."""
MAX_LIMIT: Final = 2**63 - 1
"""Alerts or series that a group may give; Go's ``int``."""


def read_rules(
    text: str | bytes, file: str, version: str | None = None
) -> tuple[RuleFile | None, tuple[Diagnostic, ...]]:
    """The rules that `text` holds, and all that keeps Prometheus from loading them.

    A rule that cannot be read is left out and diagnosed; the others are returned. None where the
    file is no mapping at all. An empty file holds no rules, which Prometheus accepts.

    Args:
        file: the name that places are given with.
        version: Prometheus's, such as ``3.5``; None takes what any supported version takes.

    Raises:
        ValueError: if `version` is none.
    """
    parse_version(version)
    node, diagnostics = parse_one(text, file)
    if node is None:
        is_empty = not any(finding.level == "error" for finding in diagnostics)
        return RuleFile(file, ()) if is_empty else None, diagnostics
    with collection_paused():
        rule_file, findings = read_rule_node(node, file, version)
    return rule_file, (*diagnostics, *findings)


def read_rule_node(
    node: Node, file: str, version: str | None = None
) -> tuple[RuleFile | None, tuple[Diagnostic, ...]]:
    """As `read_rules`, of a tree that stands at `node`: a rule file may be part of a file."""
    aimed = parse_version(version)
    findings: list[Diagnostic] = []
    root = Fields.of(node, RULE_FILE.what, findings)
    if root is None:
        return None, tuple(findings)
    groups: list[RuleGroup] = []
    named: dict[str, RuleGroup] = {}
    for item in root.sequence("groups", "groups of rules"):
        if is_nothing(item):
            continue
        group = _read_group(item, aimed, findings)
        if group is None:
            continue
        earlier = named.setdefault(group.name, group)
        if earlier is not group and group.name:
            findings.append(
                Diagnostic(
                    RULE_GROUP_DUPLICATE,
                    f"a group called '{group.name}' stands in this file already",
                    group.span,
                    related=(Related(earlier.span, "it is here"),),
                )
            )
        groups.append(group)
    finish_section(root, RULE_FILE, field_faults(aimed))
    return RuleFile(file, tuple(groups)), tuple(findings)


def looks_like_rules(root: Node | None) -> bool:
    """Whether a document is meant as a rule file: groups at its top and nothing else."""
    return isinstance(root, Mapping) and "groups" in root and len(root.entries) == 1


def _read_group(
    node: Node, version: Version | None, findings: list[Diagnostic]
) -> RuleGroup | None:
    fields = Fields.of(node, GROUP.what, findings)
    if fields is None:
        return None
    name = fields.scalar("name")
    if name is None or name.text == "":
        findings.append(Diagnostic(KEY_MISSING, "a group of rules needs 'name'", _start(node)))
    interval = _duration(fields, "interval")
    _duration(fields, "query_offset")
    fields.read("limit", lambda node: read_whole_number(node, "limit", -MAX_LIMIT - 1, MAX_LIMIT))
    inherited = _labels(fields, "labels", version, is_alert=False)
    group_name = "" if name is None else name.text
    rules = tuple(
        rule
        for item in fields.sequence("rules", "rules")
        if not is_nothing(item)
        and (rule := _read_rule(item, group_name, inherited, version, findings)) is not None
    )
    finish_section(fields, GROUP, field_faults(version))
    findings += duplicates(rules)
    return RuleGroup(
        name=group_name,
        span=_start(node) if name is None else name.span,
        interval_seconds=interval or None,
        rules=rules,
    )


def _read_rule(
    node: Node,
    group: str,
    inherited: Labels,
    version: Version | None,
    findings: list[Diagnostic],
) -> AlertingRule | RecordingRule | None:
    fields = Fields.of(node, RULE.what, findings)
    if fields is None:
        return None
    alert, record = _name(fields, "alert"), _name(fields, "record")
    is_alert = alert is not None
    expr = _expr(fields, version)
    for_seconds = _duration(fields, "for") or 0.0
    keep_seconds = _duration(fields, "keep_firing_for") or 0.0
    labels = _labels(fields, "labels", version, is_alert=is_alert)
    annotations = _labels(fields, "annotations", version, is_alert=is_alert)
    finish_section(fields, RULE, field_faults(version))
    if alert is not None and record is not None:
        findings.append(
            Diagnostic(
                RULE_KIND_UNCLEAR,
                "a rule has both 'alert' and 'record'; it can be only one of them",
                record.span,
            )
        )
        return None
    if alert is None and record is None:
        findings.append(
            Diagnostic(RULE_KIND_UNCLEAR, "a rule needs 'alert' or 'record'", _start(node))
        )
        return None
    labels = _over(inherited, labels)
    if alert is not None:
        if expr is None:
            return None
        return AlertingRule(
            alert=alert.text,
            group=group,
            span=alert.span,
            expr=expr.text,
            expr_span=expr.span,
            for_seconds=for_seconds,
            labels=labels,
            annotations=annotations,
        )
    assert record is not None, "one of the two is there"
    fault = name_fault(record, "series", version)
    if fault is not None:
        findings.append(fault)
    _check_recording(fields, annotations, for_seconds, keep_seconds)
    if expr is None:
        return None
    return RecordingRule(
        record=record.text,
        group=group,
        span=record.span,
        expr=expr.text,
        expr_span=expr.span,
        labels=labels,
    )


def _name(fields: Fields, key: str) -> Scalar | None:
    """The rule's name; an empty one is none."""
    name = fields.scalar(key, "a name")
    return name if name is not None and name.text != "" else None


def _expr(fields: Fields, version: Version | None) -> Scalar | None:
    expr = _null_as_text(fields, version)
    if expr is None and fields.node_at("expr") is not None:
        expr = fields.scalar("expr", "an expression")
        if expr is None:
            return None
    if expr is None or expr.text == "":
        fields.findings.append(Diagnostic(KEY_MISSING, "a rule needs 'expr'", _start(fields.node)))
        return None
    fault = promql.fault_of(expr.text)
    if fault is not None:
        fields.findings.append(
            Diagnostic(
                PROMQL_INVALID,
                f"this is not PromQL: {fault.message}",
                inside(expr, fault.start, fault.start + fault.length),
                hint=fault.hint,
            )
        )
    else:
        fields.findings += feature_faults(expr.text, version, expr.span)
    return expr


def _null_as_text(fields: Fields, version: Version | None) -> Scalar | None:
    """An expression ``null`` for a server that takes it for the series of this name, else None.

    Without a version it is missing: nobody means that series.
    """
    entry = fields.entry("expr")
    if version is None or version >= _NULL_IS_NO_EXPRESSION or entry is None:
        return None
    value = entry.value
    if not isinstance(value, Scalar) or not value.is_null or value.text.lower() != "null":
        return None
    return value


def _duration(fields: Fields, key: str) -> float | None:
    value = fields.scalar(key, "a duration such as 5m")
    if value is None:
        return None
    try:
        return parse_duration(value.text)
    except ValueError as error:
        fields.findings.append(Diagnostic(RULE_DURATION_INVALID, str(error), value.span))
        return None


def _labels(fields: Fields, key: str, version: Version | None, *, is_alert: bool) -> Labels:
    """Labels or annotations; only those of an alert are read as templates."""
    read: list[tuple[str, Scalar]] = []
    named: Named = "label" if key == "labels" else "annotation"
    for name, value in fields.pairs(key, "names and texts"):
        misnamed = name_fault(name, named, version)
        if misnamed is not None:
            fields.findings.append(misnamed)
        if is_alert:
            fields.findings += template_faults(value, named, name.text, version)
        read.append((name.text, value))
    return tuple(read)


def _over(inherited: Labels, own: Labels) -> Labels:
    """The rule's own labels win over its group's (Prometheus 3.0 and newer)."""
    if not inherited:
        return own
    names = {name for name, _ in own}
    return (*(pair for pair in inherited if pair[0] not in names), *own)


def _check_recording(
    fields: Fields, annotations: Labels, for_seconds: float, keep_seconds: float
) -> None:
    misplaced = {
        "annotations": bool(annotations),
        "for": for_seconds > 0,
        "keep_firing_for": keep_seconds > 0,
    }
    for key, is_given in misplaced.items():
        entry = fields.node.entry(key)
        if is_given and entry is not None:
            fields.findings.append(
                Diagnostic(
                    RULE_FIELD_MISPLACED,
                    f"a recording rule cannot have '{key}'; only an alert can",
                    entry.key.span,
                )
            )


def _start(node: Node) -> Span:
    """Where a mapping begins, by its first key: the whole of it would be too much to underline."""
    if isinstance(node, Mapping) and node.entries:
        return node.entries[0].key.span
    return node.span
