"""The two states that ``diff`` compares, read, and what moves between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from buckstop.cli.input_kinds import InputFile
from buckstop.cli.inputs import Inputs, Named, find_inputs
from buckstop.cli.main import CommandFailed
from buckstop.cli.reading import Reading, read_inputs
from buckstop.cli.revisions import Place
from buckstop.cli.target import Aimed
from buckstop.diagnostics import Diagnostic, Level, has_errors
from buckstop.language import Undecided
from buckstop.prover.given import Given
from buckstop.prover.moves.model import ChangedRule, Move
from buckstop.prover.moves.routes import route_moves
from buckstop.prover.moves.rules import rule_changes, states
from buckstop.prover.walk import Unwalked


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says beside OLD and NEW."""

    team_label: str | None
    teams: Path | None
    labels: Path | None
    target: Aimed
    today: date


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states.

    Attributes:
        errors: why it cannot be compared; empty where it can.
    """

    place: Place
    reading: Reading
    given: Given
    errors: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What moves.

    Attributes:
        rules: None where rules were not asked about, or neither state has any.
        routes: of all label sets; None where the routes alone were not asked about.
    """

    old: Side
    new: Side
    rules: tuple[ChangedRule, ...] | None
    routes: tuple[Move, ...] | None

    @property
    def is_any(self) -> bool:
        """Whether anything moves."""
        return bool(self.rules or self.routes)


def read_side(place: Place, asked: Asked) -> Side:
    """Read one state.

    Raises:
        CommandFailed: there is nothing in it that says who is told.
    """
    inputs = _named_for_people(_found(place), place)
    reading = read_inputs(
        inputs,
        team_label=asked.team_label,
        teams=asked.teams,
        today=asked.today,
        labels=asked.labels,
        aimed=asked.target,
    )
    given = reading.with_generated(Given((), None, team_label=asked.team_label, since=asked.today))
    errors = tuple(
        replace(one, message=place.named(one.message))
        for one in reading.diagnostics
        if one.level is Level.ERROR
    )
    if given is None and not errors:
        raise CommandFailed(f"{place.word} has no rule file, no alertmanager.yml and no charter")
    cannot = (
        given is None
        or reading.unusable
        or (inputs.charter is not None and reading.compiled is None)
        or _is_incomplete(given, inputs)
    )
    return Side(place, reading, given or Given((), None), errors if cannot else ())


def compare(old: Side, new: Side, *, routes: bool) -> Difference:
    """What moves from `old` to `new`: by rules where there are any, or by `routes` alone.

    Raises:
        CommandFailed: if it cannot be decided.
    """
    has_rules = any(file.alerts for one in (old, new) for file in one.given.rule_files)
    before, after = states(old.given, new.given)
    try:
        rules = tuple(rule_changes(before, after)) if has_rules and not routes else None
        moves = None
        if rules is None:
            if before.routing is None or after.routing is None:
                lacking = old if before.routing is None else new
                raise CommandFailed(f"{lacking.place.word} has no routes to compare")
            moves = tuple(route_moves(before.routing, after.routing))
    except Unwalked as unwalked:
        raise CommandFailed(
            f"not decided: {unwalked.why} (a matcher on {unwalked.matcher.name} at "
            f"{unwalked.matcher.span})"
        ) from unwalked
    except Undecided as undecided:
        raise CommandFailed(f"not decided: {undecided}") from undecided
    return Difference(old, new, rules, moves)


def _found(place: Place) -> Inputs:
    try:
        return find_inputs([place.path], Named(), option="a narrower PATH, such as")
    except CommandFailed as failed:
        raise CommandFailed(place.named(failed.message)) from failed


def _named_for_people(inputs: Inputs, place: Place) -> Inputs:
    """`inputs`, in which the files of a copy have names that say of which revision they are."""

    def named(file: InputFile | None) -> InputFile | None:
        return None if file is None else replace(file, display=place.named(file.display))

    def all_named(files: Iterable[InputFile]) -> tuple[InputFile, ...]:
        return tuple(replace(file, display=place.named(file.display)) for file in files)

    return replace(
        inputs,
        rules=all_named(inputs.rules),
        alertmanager=named(inputs.alertmanager),
        prometheus=named(inputs.prometheus),
        manifest=named(inputs.manifest),
        objects=all_named(inputs.objects),
    )


def _is_incomplete(given: Given, inputs: Inputs) -> bool:
    """Whether something that decides who is told could not be read, or is not loaded."""
    return (
        has_errors(given.load_diagnostics)
        or given.prometheus_refusal is not None
        or len(given.rule_files) < len(inputs.rules)
        or (given.declared is not None and not given.declared.is_whole)
    )
