"""Models: whose they are, and what is promised of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from buckstop.charter import codes
from buckstop.charter.gather import Gathered
from buckstop.charter.model import Model
from buckstop.charter.model_objectives import Objectives, Uses, expressions_shared
from buckstop.charter.model_schema import ModelEntry
from buckstop.charter.names import Names, unknown
from buckstop.charter.parts import Piece
from buckstop.charter.profiles import Found, Profiles, read_drafts
from buckstop.charter.schema import ID_PATTERN
from buckstop.charter.serving import read_serving
from buckstop.charter.sli import SLIS
from buckstop.charter.units import UnitError, parse_number
from buckstop.charter.validate import validate
from buckstop.diagnostics import Diagnostic, Level
from buckstop.document import Entry as Pair
from buckstop.document import Mapping


def read_models(
    gathered: Gathered, names: Names, profiles: Profiles
) -> tuple[tuple[Model, ...], tuple[Diagnostic, ...]]:
    """Every model that is free of errors, and the errors of the others."""
    models: list[Model] = []
    found: Found = []
    uses: Uses = {}
    for pair in gathered.pairs("models").values():
        model, wrong = _read_model(pair, names, profiles, uses)
        found += wrong
        if model:
            models.append(model)
    found += expressions_shared(uses)
    return tuple(models), tuple(found)


def _read_model(
    pair: Pair, names: Names, profiles: Profiles, uses: Uses
) -> tuple[Model | None, Found]:
    found: Found = list(_id(pair))
    _, piece, wrong = validate(ModelEntry, pair.value, leave_out=frozenset({"slos"}))
    found += wrong
    written = pair.value.get("slos") if isinstance(pair.value, Mapping) else None
    own = read_drafts(written, found) if written else ()
    if piece is None:
        return None, found
    entry = piece.entry
    found += _names_wrong(piece, names)
    found += _baselines_wrong(piece, {one.name for one in own})
    objectives = Objectives(pair, piece, profiles, found)
    slos = objectives.of(own)
    for place in objectives.unselective():
        uses.setdefault(place, []).append(pair)
    if piece.is_broken("serving"):
        return None, found
    serving, wrong_serving = read_serving(pair, piece, slos)
    found += wrong_serving
    if any(one.level is Level.ERROR for one in found):
        return None, found
    return Model(
        id=pair.key.text,
        owner_team=entry.owner.team if entry.owner else None,
        owner_person=entry.owner.person if entry.owner else None,
        task=entry.task,
        risk=entry.risk,
        features=tuple(dict.fromkeys(entry.features)),
        serving=serving,
        slos=slos,
        runbook=entry.runbook,
        span=pair.key.span,
    ), found


def _names_wrong(piece: Piece[ModelEntry], names: Names) -> Iterator[Diagnostic]:
    owner = piece.entry.owner
    if owner:
        yield from names.team(owner.team, piece.span("owner", "team"))
    for index, profile in enumerate(piece.entry.use):
        yield from names.profile(profile, piece.span("use", index))


def _id(pair: Pair) -> Iterator[Diagnostic]:
    if not re.fullmatch(ID_PATTERN, pair.key.text):
        yield Diagnostic(
            codes.VALUE_INVALID,
            f"`{pair.key.text}` cannot be a model's id",
            pair.key.span,
            hint="ids are label values and names of files: letters, digits, `_`, `.`, `-`; where "
            "the server calls it otherwise, say `serving: {model: NAME}`",
        )


def _baselines_wrong(piece: Piece[ModelEntry], own: set[str | None]) -> Iterator[Diagnostic]:
    for name, text in piece.entry.baselines.items():
        if name not in SLIS and name not in own:
            span = piece.key_span("baselines", name)
            yield unknown(codes.SLI_UNKNOWN, "SLI", name, SLIS, span)
        try:
            parse_number(text)
        except UnitError as error:
            yield Diagnostic(
                codes.OBJECTIVE_INVALID, str(error), piece.span("baselines", name), hint=error.hint
            )
