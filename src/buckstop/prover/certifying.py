"""From an examination to a certificate: what was proven of which alerts, by which routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from buckstop.certificate import VERSION, digest, language_value
from buckstop.language import Region
from buckstop.prover.answers import Answers
from buckstop.prover.checks import Answered
from buckstop.prover.examination import Examination
from buckstop.prover.given import Given
from buckstop.prover.grounds import answers_on
from buckstop.prover.model import Verdict
from buckstop.prover.ownership import Ownership
from buckstop.prover.parts import Part


def certificate(
    given: Given,
    examination: Examination,
    inputs: Iterable[tuple[str, str]],
    routes: str,
    program_version: str,
) -> dict[str, Any]:
    """What `examination` found of `given`, for `buckstop.certificate.verify`.

    Args:
        inputs: path and SHA-256 of every file that it rests on.
        routes: the path of the ``alertmanager.yml`` among them.
    """
    answers, _ = answers_on(given)
    owners = _owners(examination.ownership)
    value: dict[str, Any] = {
        "version": VERSION,
        "buckstop": program_version,
        "alertmanager": given.alertmanager,
        "prometheus_version": given.prometheus_version,
        "inputs": [{"path": path, "sha256": sha256} for path, sha256 in inputs],
        "routes": routes,
        "rule_files": [rule_file.file for rule_file in given.rule_files],
        "prometheus": None if given.prometheus is None else given.prometheus.file,
        "assumptions": {one.name: one.text for one in examination.assumptions},
        "team_label": examination.team_label.name,
        "owners": owners,
        "rules": [_rule(one, answers, owners) for one in examination.rules],
    }
    return value | {"digest": digest(value)}


def _owners(ownership: Ownership) -> dict[str, list[str]]:
    """Receiver to its teams: what a file declares goes before what the routes show."""
    owners = {receiver: list(teams) for receiver, teams in ownership.led_to.items()}
    for receiver, holder in ownership.declared.items():
        owners[receiver] = [] if holder.team is None else [holder.team]
    return owners


def _rule(answered: Answered, answers: Answers, owners: Mapping[str, list[str]]) -> dict[str, Any]:
    answer = answered.answer
    is_proven = answer.verdict is Verdict.PROVEN
    return {
        "file": answer.span.file,
        "line": answer.span.line,
        "alert": answer.alert,
        "verdict": answer.verdict.value,
        "reason": answer.reason,
        "domain": [_region(one) for one in answers.sent(answered.rule)] if is_proven else [],
        "parts": [_part(part, owners) for part in answered.parts] if is_proven else [],
    }


def _part(part: Part, owners: Mapping[str, list[str]]) -> dict[str, Any]:
    def role(receiver: str) -> str:
        if receiver in part.informed:
            return "informed"
        return "accountable" if part.team in owners.get(receiver, ()) else "not accountable"

    return {
        "region": _region(part.region),
        "team": part.team,
        "routes": [
            {"path": list(match.path), "receiver": match.receiver, "role": role(match.receiver)}
            for match in part.way.matches
        ],
    }


def _region(region: Region) -> dict[str, Any]:
    """Of the labels that it names; any other may have any value."""
    return {name: language_value(language) for name, language in region.named}
