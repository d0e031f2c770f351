"""``who --format json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from buckstop.cli.check_json import FORMAT_VERSION, answer_value
from buckstop.cli.route_json import match_value
from buckstop.cli.who_subject import Found
from buckstop.prometheus import format_duration
from buckstop.prover.explanation import Explanation

if TYPE_CHECKING:
    from buckstop.compiler.manifest import Authority


def who_json(alert: str, found: Found) -> str:
    """Every rule of the name `alert`, or the charter's entry, as JSON text with a newline."""
    value = {
        "version": FORMAT_VERSION,
        "alert": alert,
        "rules": [_explanation(explanation) for explanation in found.explanations],
        "entries": [
            {
                **answer_value(entry.answer),
                "match": dict(entry.match),
                "authority": _authority(entry.authority),
            }
            for entry in found.entries
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _explanation(explanation: Explanation) -> dict[str, Any]:
    rule, authority, noticing = explanation.rule, explanation.authority, explanation.noticing
    return {
        **answer_value(explanation.answer),
        "group": rule.group,
        "expr": rule.expr,
        "for": format_duration(rule.for_seconds),
        "labels": {name: value.text for name, value in rule.labels},
        "not_carried": dict(explanation.not_carried),
        "routes": [match_value(match) for match in explanation.matches],
        "authority": None if authority is None else _authority(authority),
        "worst_case": (
            None
            if noticing is None
            else {
                "new_group_seconds": noticing.new_group,
                "open_group_seconds": noticing.open_group,
                "scrape_seconds": noticing.scrape,
                "evaluation_seconds": noticing.evaluation,
                "for_seconds": noticing.holding,
                "group_wait_seconds": noticing.group_wait,
                "group_interval_seconds": noticing.group_interval,
                "intervals_from": explanation.intervals.source,
            }
        ),
    }


def _authority(authority: Authority) -> dict[str, Any]:
    return {"file": authority.file, "line": authority.line, "text": authority.text}
