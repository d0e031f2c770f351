"""``route --format json`` and the lines of ``route --batch``."""

from __future__ import annotations

import json
from typing import Any

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.inhibition import Inhibition
from buckstop.alertmanager.label_text import fingerprint, matcher_text
from buckstop.alertmanager.routing import RouteOptions
from buckstop.cli.route_answer import RouteAnswer, Taken
from buckstop.prometheus import format_duration


def route_json(answer: RouteAnswer) -> str:
    """One answer as JSON text with a newline at its end."""
    value = {"labels": dict(answer.labels), **answer_value(answer)}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def answer_value(answer: RouteAnswer) -> dict[str, Any]:
    """All that an answer says, without the labels that were asked about."""
    return {
        "routes": [
            {**taken_value(one), "group_key": one.match.group_key(answer.labels)}
            for one in answer.taken
        ],
        **rest_value(answer),
    }


def taken_value(taken: Taken) -> dict[str, Any]:
    """A route that is taken, but for the key of its group, which hangs on the alert's labels."""
    muted_by = taken.muted_by
    return {**match_value(taken.match), "muted_by": None if muted_by is None else list(muted_by)}


def match_value(match: RouteMatch) -> dict[str, Any]:
    """A route as `route` and `who` show it, after inheritance."""
    return {
        "path": list(match.path),
        "receiver": match.receiver,
        "matchers": [matcher_text(matcher) for matcher in match.route.matchers],
        **options_value(match.options),
    }


def options_value(options: RouteOptions) -> dict[str, Any]:
    """How a route groups and repeats."""
    return {
        "group_by": ["..."] if options.group_by_all else list(options.group_by),
        "group_wait": format_duration(options.group_wait_seconds),
        "group_interval": format_duration(options.group_interval_seconds),
        "repeat_interval": format_duration(options.repeat_interval_seconds),
    }


def rest_value(answer: RouteAnswer) -> dict[str, Any]:
    """What an answer says beside its labels and routes."""
    return {
        "receivers": list(answer.receivers),
        "team": answer.team,
        "muted": answer.muted,
        "inhibited_by": inhibition_value(answer.inhibition),
    }


def inhibition_value(inhibition: Inhibition | None) -> dict[str, Any] | None:
    """What inhibits an alert, and where the rule stands."""
    if inhibition is None:
        return None
    span = inhibition.rule.span
    return {
        "labels": dict(inhibition.source),
        "fingerprint": fingerprint(inhibition.source),
        "file": span.file,
        "line": span.line,
    }
