"""What the charter's ``alerts:`` says of an alert whose rule was not given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from buckstop.cli.compiled import Compiled
from buckstop.compiler.manifest import Authority, ManifestMatch
from buckstop.prover.confirmation import confirm
from buckstop.prover.model import RuleAnswer


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """Who answers by an entry, for alerts that carry exactly the labels of `match`.

    Attributes:
        authority: the line by which the team answers, as reached from where the command runs.
    """

    match: Mapping[str, str]
    answer: RuleAnswer
    authority: Authority


def find_entries(
    compiled: Compiled, alert: str, labels: Mapping[str, str]
) -> tuple[EntryAnswer, ...]:
    """What the first entries that take an alert with this name and `labels` say.

    Where `labels` has no severity there is one for each severity that is answered apart, and the
    one for all others last.
    """
    carried = {**labels, "alertname": alert}
    taken: dict[str | None, ManifestMatch] = {}
    for one in compiled.build.manifest.existing:
        severity = dict(one.match).get("severity")
        if _takes(one, carried):
            taken.setdefault(severity, one)
            if severity is None or "severity" in labels:
                break
    first = tuple(taken.values())
    manifest = replace(compiled.build.manifest, alerts=(), existing=first)
    answers = confirm(compiled.charter, manifest, compiled.routes)
    return tuple(
        EntryAnswer(
            dict(one.match),
            answer,
            replace(one.authority, file=(compiled.root / one.authority.file).as_posix()),
        )
        for one, answer in zip(first, answers, strict=True)
    )


def _takes(entry: ManifestMatch, carried: Mapping[str, str]) -> bool:
    return all(
        carried.get(name, value if name == "severity" else None) == value
        for name, value in entry.match
    )
