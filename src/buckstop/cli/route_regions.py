"""``route --regions``: where alerts go for every value of the labels that are not given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

from buckstop.cli.main import CommandFailed
from buckstop.cli.route_answer import Routes
from buckstop.cli.tables import Row, Shape, print_table
from buckstop.diagnostics import visible
from buckstop.language import only, region
from buckstop.prover.walk import Unwalked, ways
from buckstop.prover.wording import values_text

_NOBODY: Final = "–"


@dataclass(frozen=True, slots=True)
class RegionAnswer:
    """Alerts that take the same routes.

    Attributes:
        where: label to its values in words, for the labels that were not given and decide.
        example: labels of one of them, those given included.
        team: who answers for the example; None for nobody, or where no file says.
    """

    where: tuple[tuple[str, str], ...]
    example: Mapping[str, str]
    receivers: tuple[str, ...]
    team: str | None


def region_answers(routes: Routes, labels: Mapping[str, str]) -> tuple[RegionAnswer, ...]:
    """Where alerts with `labels` go, in the order of the routes.

    Raises:
        CommandFailed: a pattern of the routes is beyond the limits of what can be decided.
    """
    try:
        return tuple(_answers(routes, labels))
    except Unwalked as unwalked:
        asked = unwalked.matcher
        raise CommandFailed(
            f"not decided: label {asked.name} (asked for at {asked.span.file}:{asked.span.line}; "
            f"{unwalked.why})"
        ) from None


def _answers(routes: Routes, labels: Mapping[str, str]) -> Iterator[RegionAnswer]:
    given = region({name: only(value) for name, value in labels.items()})
    for way in ways(routes.router.root, given):
        example = way.region.witness()
        yield RegionAnswer(
            where=tuple(
                (name, values_text(language))
                for name, language in way.region.named
                if name not in labels
            ),
            example=example,
            receivers=tuple(match.receiver for match in way.matches),
            team=routes.team_of(way.matches, example.get(routes.team_label)),
        )


def regions_json(answers: tuple[RegionAnswer, ...]) -> str:
    """The answers as JSON text with a newline at its end."""
    value = [
        {
            "where": dict(answer.where),
            "example": dict(sorted(answer.example.items())),
            "receivers": list(answer.receivers),
            "team": answer.team,
        }
        for answer in answers
    ]
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def print_regions(answers: tuple[RegionAnswer, ...], console: Console) -> None:
    """A row for each kind of alerts."""
    rows = [
        Row(
            (
                Text(
                    visible(", ".join(f"{name} {words}" for name, words in answer.where) or "any")
                ),
                Text(visible(",".join(answer.receivers))),
                Text(visible(answer.team or _NOBODY)),
            )
        )
        for answer in answers
    ]
    print_table(rows, Shape(headings=("WHERE", "RECEIVERS", "TEAM")), console)
