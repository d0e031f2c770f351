"""Rule files, written anew from what a Prometheus says it has loaded.

Comments, layout and places are lost, and what a group sets for all its rules stands at each of
them. A group's ``query_offset`` is not said by any version. All that decides about alerts is there,
empty labels included (measured with 2.42, 2.53 and 3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from buckstop.document import Emittable, emit
from buckstop.prometheus import format_duration


def rule_texts(groups: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Path on the server to the text of a rule file with the same rules, in their order.

    Args:
        groups: as ``/api/v1/rules`` gives them.

    Raises:
        ValueError: they are not of that form.
    """
    files: dict[str, list[Emittable]] = {}
    try:
        for group in groups:
            files.setdefault(_text(group["file"]), []).append(_group(group))
        return {file: emit({"groups": written}) for file, written in files.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no rule groups as Prometheus gives them: {error!r}") from error


def _group(group: Mapping[str, Any]) -> Emittable:
    written: dict[str, Emittable] = {"name": _text(group["name"])}
    interval = group.get("interval")
    if interval:
        written["interval"] = format_duration(interval)
    if group.get("limit"):
        written["limit"] = int(group["limit"])
    written["rules"] = [_rule(rule) for rule in group["rules"]]
    return written


def _rule(rule: Mapping[str, Any]) -> Emittable:
    is_alert = rule["type"] == "alerting"
    written: dict[str, Emittable] = {
        "alert" if is_alert else "record": _text(rule["name"]),
        "expr": _text(rule["query"]),
    }
    for name, field in (("for", "duration"), ("keep_firing_for", "keepFiringFor")):
        if rule.get(field):
            written[name] = format_duration(rule[field])
    for name in ("labels", "annotations"):
        pairs = rule.get(name)
        if pairs:
            written[name] = {_text(key): _text(value) for key, value in pairs.items()}
    return written


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
