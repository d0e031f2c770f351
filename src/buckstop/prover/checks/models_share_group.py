"""Model alerts under a `group_by` that does not keep models apart."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Answered, Subject, further
from buckstop.prover.codes import MODELS_SHARE_GROUP
from buckstop.prover.model_rules import MODEL_LABELS, pins_one_model
from buckstop.prover.placement import Placed, placed


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a `group_by`, for the rules that look like a model's and may be of any model.

    A rule that pins one model is left out: where ``alertname`` is in the key it has a group of
    its own, and where it is not, mixing rules is what the user asked for.
    """
    if subject.config is None or subject.router is None:
        return
    nodes = {node.path: node for node in placed(subject.config.route)}
    by_place: dict[tuple[int, ...] | None, list[tuple[Placed, Answered]]] = {}
    for one, _ in subject.watching:
        if pins_one_model(one.rule):
            continue
        for match in subject.router.route(one.rule.static_labels):
            node = nodes[match.path]
            if match.receiver not in one.answer.receivers or _kept_apart(node):
                continue
            key = next((path for path, at in nodes.items() if at.route is node.grouped_at), None)
            by_place.setdefault(key, []).append((node, one))
    for found in by_place.values():
        node, first = found[0]
        rules = tuple({one.rule.span: one for _, one in found}.values())
        at = node.grouped_at or subject.config.route
        entry = at.node.entry("group_by")
        labels = ", ".join(node.group_by or ())
        yield Diagnostic(
            MODELS_SHARE_GROUP,
            f"alerts of all models share one group here (`group_by: [{labels}]` has no `model`): "
            f"{first.rule.alert} of a second model waits up to group_interval "
            f"({node.group_interval}) behind the first's",
            at.span if entry is None else entry.value.span,
            hint=f"add `model`: `group_by: [{', '.join((*(node.group_by or ()), 'model'))}]`, and "
            "see that the expression keeps that label",
            related=further(rules, lambda one: f"{one.rule.alert} is grouped by it"),
        )


def _kept_apart(node: Placed) -> bool:
    labels = node.group_by or ()
    return "..." in labels or any(name in labels for name in MODEL_LABELS)
