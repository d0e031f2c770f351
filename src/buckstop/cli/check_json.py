"""``check --format json``: the shape that scripts and CI rely on."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from buckstop.cli.report import Baseline, Report, Waived
from buckstop.cli.team_times_json import team_values
from buckstop.diagnostics import Level, in_file_order, to_json
from buckstop.prover.model import PartAnswer, RuleAnswer, Verdict

FORMAT_VERSION: Final = 1


def check_json(report: Report) -> str:
    """The report as JSON text with a newline at its end."""
    value: dict[str, Any] = {
        "version": FORMAT_VERSION,
        "inputs": [{"path": path, "sha256": sha256} for path, sha256 in report.hashes],
        "assumptions": [assumption.name for assumption in report.assumptions],
        "summary": {
            "rules": len(report.answers),
            "proven": report.count(Verdict.PROVEN),
            "refuted": report.count(Verdict.REFUTED),
            "unknown": report.count(Verdict.UNKNOWN),
            "errors": report.count_level(Level.ERROR),
            "warnings": report.count_level(Level.WARNING),
            "notes": report.count_level(Level.INFO),
            "waived": len(report.waived),
        },
        "rules": [answer_value(answer) for answer in report.answers],
        "teams": [] if report.examination is None else team_values(report.examination.times),
        "diagnostics": [to_json(found) for found in in_file_order(report.diagnostics)],
        "waived": [_waived_value(one) for one in report.waived],
        "confirmation": None if report.confirmation is None else asdict(report.confirmation),
        "baseline": None if report.baseline is None else _baseline_value(report.baseline),
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _waived_value(waived: Waived) -> dict[str, Any]:
    waiver = waived.waiver
    return {
        **to_json(waived.finding),
        "until": waiver.until.isoformat(),
        "reason": waiver.reason,
        "waiver": {"file": waiver.span.file, "line": waiver.span.line},
    }


def _baseline_value(baseline: Baseline) -> dict[str, Any]:
    return {
        "file": baseline.file,
        "known": [to_json(found) for found in in_file_order(baseline.known)],
        "gone": [entry._asdict() for entry in baseline.gone],
    }


def answer_value(answer: RuleAnswer) -> dict[str, Any]:
    """One rule."""
    return {
        "file": answer.span.file,
        "line": answer.span.line,
        "alert": answer.alert,
        "severity": answer.severity,
        "model": answer.model,
        "verdict": answer.verdict.value,
        "team": answer.team,
        "receivers": list(answer.receivers),
        "informed": list(answer.informed),
        "properties": {of.value: judged.verdict.value for of, judged in answer.properties},
        "witness": None if answer.witness is None else dict(answer.witness),
        "reason": answer.reason,
        "parts": [part_value(part) for part in answer.parts],
    }


def part_value(part: PartAnswer) -> dict[str, Any]:
    """Alerts of a rule of which something else is true than of its others."""
    return {
        "where": dict(part.where),
        "verdict": part.verdict.value,
        "team": part.team,
        "receivers": list(part.receivers),
        "reason": part.reason,
        "example": dict(part.witness),
    }
