"""From an examination to a certificate: what was proven of which alerts, by which routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class MadeOf:
    """Which inputs the rules and routes come from.

    Attributes:
        routes: the path of the ``alertmanager.yml``, or the name of the configuration that
            `objects` make up.
        objects: the paths of the files with Kubernetes objects, in the order in which they count.
        alertmanager: the Alertmanager object that was asked for by name, or None.
        prometheus: the Prometheus object that was asked for by name, or None.
        base: the path of an ``alertmanager.yml`` beside `objects`, or None.
    """

    routes: str
    objects: tuple[str, ...] = ()
    alertmanager: str | None = None
    prometheus: str | None = None
    base: str | None = None


def certificate(
    given: Given,
    examination: Examination,
    inputs: Iterable[tuple[str, str]],
    made_of: MadeOf,
    program_version: str,
) -> dict[str, Any]:
    """What `examination` found of `given`, for `buckstop.certificate.verify`.

    Args:
        inputs: path and SHA-256 of every file that it rests on.
        made_of: which of them are what.
    """
    answers, _ = answers_on(given)
    inputs = tuple(inputs)
    paths = {path for path, _ in inputs}
    owners = _owners(examination.ownership)
    value: dict[str, Any] = {
        "version": VERSION,
        "buckstop": program_version,
        "alertmanager": given.alertmanager,
        "prometheus_version": given.prometheus_version,
        "inputs": [{"path": path, "sha256": sha256} for path, sha256 in inputs],
        "routes": made_of.routes,
        "objects": _objects(made_of),
        "rule_files": [
            file.file
            for file in given.rule_files
            if file.file in paths and file.file not in made_of.objects
        ],
        "prometheus": None if given.prometheus is None else given.prometheus.file,
        "assumptions": {one.name: one.text for one in examination.assumptions},
        "team_label": examination.team_label.name,
        "owners": owners,
        "rules": [_rule(one, answers, owners) for one in examination.rules],
    }
    return value | {"digest": digest(value)}


def _objects(made_of: MadeOf) -> dict[str, Any] | None:
    if not made_of.objects:
        return None
    return {
        "files": list(made_of.objects),
        "alertmanager": made_of.alertmanager,
        "prometheus": made_of.prometheus,
        "base": made_of.base,
    }


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
        "column": answer.span.column,
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
