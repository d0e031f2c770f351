"""``diff --format json``."""

from __future__ import annotations

import json
from typing import Any

from buckstop.cli.check_json import FORMAT_VERSION
from buckstop.cli.diff_subject import Difference, Side
from buckstop.cli.route_json import match_value
from buckstop.language import Region
from buckstop.prover.moves.causes import cause_of
from buckstop.prover.moves.model import ChangedRule, JudgedRule, Move, Shown
from buckstop.prover.wording import values_text


def diff_json(difference: Difference) -> str:
    """All that moves as JSON text with a newline at its end."""
    value = {
        "version": FORMAT_VERSION,
        "old": _side(difference.old),
        "new": _side(difference.new),
        "moves": difference.is_any,
        "rules": None if difference.rules is None else [_rule(one) for one in difference.rules],
        "routes": None if difference.routes is None else [_move(one) for one in difference.routes],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _side(side: Side) -> dict[str, Any]:
    hashes = side.reading.hashes
    return {
        "name": side.place.word,
        "inputs": [{"path": side.place.named(path), "sha256": sha256} for path, sha256 in hashes],
    }


def _rule(changed: ChangedRule) -> dict[str, Any]:
    return {
        "alert": changed.given.rule.alert,
        "before": None if changed.before is None else _judged(changed.before),
        "after": None if changed.after is None else _judged(changed.after),
        "moves": [_move(move) for move in changed.moves],
    }


def _judged(judged: JudgedRule) -> dict[str, Any]:
    rule, answer = judged.rule, judged.answer
    return {
        "file": rule.span.file,
        "line": rule.span.line,
        "group": rule.group,
        "verdict": answer.verdict,
        "teams": list(answer.teams),
        "receivers": list(answer.receivers),
        "reason": answer.reason,
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "kind": cause_of(move).kind,
        "where": _where(move.region),
        "before": None if move.before is None else _shown(move.before),
        "after": None if move.after is None else _shown(move.after),
    }


def _where(region: Region) -> dict[str, str]:
    return {name: values_text(language) for name, language in region.named}


def _shown(shown: Shown) -> dict[str, Any]:
    outcome = shown.outcome
    return {
        "teams": list(outcome.teams),
        "receivers": list(outcome.receivers),
        "routes": [
            {
                **match_value(match),
                "mute_time_intervals": list(match.route.mute_time_intervals),
                "active_time_intervals": list(match.route.active_time_intervals),
                "file": match.route.span.file,
                "line": match.route.span.line,
            }
            for match in outcome.matches
        ],
        "witness": dict(shown.witness),
    }
