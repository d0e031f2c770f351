"""``PrometheusRule`` in: the rule file that its ``spec`` is, as the operator hands it on."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.document import Entry, Mapping, Node, Scalar, Sequence, as_bool
from buckstop.document.codes import TYPE_WRONG, VALUE_INVALID
from buckstop.document.values import number_of
from buckstop.kubernetes.codes import KUBERNETES_OBJECT_INVALID
from buckstop.kubernetes.nodes import with_value
from buckstop.kubernetes.objects import Object
from buckstop.prometheus import read_rule_node
from buckstop.prometheus.model import RuleFile

_STRATEGY: Final = "partial_response_strategy"
"""Only Thanos reads it; the operator leaves it out of what Prometheus gets."""
_STRATEGIES: Final = frozenset({"", "abort", "warn"})


def read_prometheus_rule(
    rule: Object, enforced: Entry | None = None, target: str | None = None
) -> tuple[RuleFile | None, tuple[Diagnostic, ...]]:
    """The rules of a ``PrometheusRule``, and all for which Kubernetes or the operator refuse it.

    Args:
        enforced: the label that the operator puts on every rule over whatever stands there
            (``enforcedNamespaceLabel``), its value with the place that it comes from.
        target: the version of Prometheus that is aimed at; None takes what any takes.
    """
    if rule.spec is None:
        wrong = Diagnostic(
            KUBERNETES_OBJECT_INVALID,
            "a PrometheusRule needs 'spec', a mapping with 'groups'",
            rule.place,
        )
        return None, (wrong,)
    findings: list[Diagnostic] = []
    node = _for_prometheus(rule.spec, enforced, findings)
    rule_file, more = read_rule_node(node, rule.file, target)
    return rule_file, (*findings, *more)


def set_apart(rule_file: RuleFile, file: str) -> RuleFile:
    """`rule_file` under another name: what becomes of it says nothing of others in the manifest."""
    groups = tuple(
        replace(
            group,
            span=group.span._replace(file=file),
            rules=tuple(
                replace(
                    rule,
                    span=rule.span._replace(file=file),
                    expr_span=rule.expr_span._replace(file=file),
                )
                for rule in group.rules
            ),
        )
        for group in rule_file.groups
    )
    return RuleFile(file, groups)


def _for_prometheus(spec: Mapping, enforced: Entry | None, findings: list[Diagnostic]) -> Mapping:
    """`spec` as the operator writes it for Prometheus."""
    groups = spec.get("groups")
    if not isinstance(groups, Sequence):
        return spec
    written = tuple(_group(item, enforced, findings) for item in groups.items)
    return with_value(spec, "groups", Sequence(written, groups.span))


def _group(node: Node, enforced: Entry | None, findings: list[Diagnostic]) -> Node:
    if not isinstance(node, Mapping):
        return node
    strategy = node.get(_STRATEGY)
    if strategy is not None and (
        not isinstance(strategy, Scalar) or strategy.text.lower() not in _STRATEGIES
    ):
        findings.append(
            Diagnostic(VALUE_INVALID, f"'{_STRATEGY}' is neither abort nor warn", strategy.span)
        )
    _check_texts(node.get("labels"), findings)
    rules = node.get("rules")
    if isinstance(rules, Sequence):
        written = tuple(_rule(item, enforced, findings) for item in rules.items)
        node = with_value(node, "rules", Sequence(written, rules.span))
    return replace(
        node, entries=tuple(entry for entry in node.entries if entry.key.text != _STRATEGY)
    )


def _rule(node: Node, enforced: Entry | None, findings: list[Diagnostic]) -> Node:
    if not isinstance(node, Mapping):
        return node
    _check_texts(node.get("labels"), findings)
    _check_texts(node.get("annotations"), findings)
    if enforced is None:
        return node
    labels = node.get("labels")
    if labels is None or (isinstance(labels, Scalar) and labels.is_null):
        labels = Mapping((), enforced.value.span)
    if not isinstance(labels, Mapping):
        return node
    return with_value(node, "labels", with_value(labels, enforced.key.text, enforced.value))


def _check_texts(labels: Node | None, findings: list[Diagnostic]) -> None:
    """Labels and annotations are text to Kubernetes, where Prometheus takes any word for text."""
    for entry in labels.entries if isinstance(labels, Mapping) else ():
        value = entry.value
        if not isinstance(value, Scalar) or value.style != "plain" or value.is_null:
            continue
        if number_of(value.text) is not None or isinstance(as_bool(value), bool):
            findings.append(
                Diagnostic(
                    TYPE_WRONG,
                    f"Kubernetes wants text for '{entry.key.text}', and '{value.text}' is none",
                    value.span,
                    hint=f'write "{value.text}", in quotes',
                )
            )
