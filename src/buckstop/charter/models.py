"""Models: whose they are, where their metrics come from, and what is promised of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from buckstop.charter import codes
from buckstop.charter.drafts import Draft, draft
from buckstop.charter.gather import Gathered
from buckstop.charter.model import Model, Serving, Slo
from buckstop.charter.model_schema import ModelEntry, ServingEntry, SloEntry
from buckstop.charter.names import Names, unknown
from buckstop.charter.objectives import Template, settle
from buckstop.charter.parts import Piece, value_span
from buckstop.charter.runtimes import GENERIC, RUNTIMES, Runtime
from buckstop.charter.schema import ID_PATTERN
from buckstop.charter.sli import SLIS
from buckstop.charter.units import UnitError, parse_number
from buckstop.charter.validate import remainder, validate
from buckstop.diagnostics import Diagnostic, Level, Related, Span
from buckstop.document import Entry as Pair
from buckstop.document import Mapping, Node, Sequence
from buckstop.promql import placeholders

Found = list[Diagnostic]
Uses = dict[Span, list[Pair]]
"""Where an expression stands that says of no model, and the models that use it."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """Profiles as written, and what combinations of them come to, worked out once each."""

    drafts: dict[str, tuple[Draft, ...]]
    names: Names
    default_for_seconds: float | None
    combined: dict[tuple[str, ...], dict[str, Template]] = field(default_factory=dict)

    def templates(self, use: tuple[str, ...], found: Found) -> dict[str, Template]:
        """The objectives of the profiles `use`, by name; of two with one name the later wins."""
        if use not in self.combined:
            drafts: dict[str, Draft] = {}
            for profile in use:
                for one in self.drafts.get(profile, ()):
                    name = one.name or ""
                    drafts[name] = drafts[name].under(one) if name in drafts else one
            templates = {}
            for name, one in drafts.items():
                template, wrong = settle(one, self.names, self.default_for_seconds)
                found += wrong
                if template:
                    templates[name] = template
            self.combined[use] = templates
        return self.combined[use]


def read_profiles(
    gathered: Gathered, names: Names, default_for_seconds: float | None
) -> tuple[Profiles, tuple[Diagnostic, ...]]:
    """The charter's ``profiles``. Each is checked, used or not."""
    found: Found = []
    drafts = {}
    for pair in gathered.pairs("profiles").values():
        pieces = _slo_pieces(pair.value, found)
        drafts[pair.key.text] = _distinct((draft(piece) for piece in pieces), found)
    profiles = Profiles(drafts, names, default_for_seconds)
    for name in drafts:
        profiles.templates((name,), found)
    return profiles, tuple(found)


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
    found += _expressions_shared(uses)
    return tuple(models), tuple(found)


def _expressions_shared(uses: Uses) -> Iterator[Diagnostic]:
    """Expressions that several models use and that select none of them."""
    for place, users in uses.items():
        if len(users) < 2:
            continue
        first, second = users[0].key, users[1].key
        more = f" and {len(users) - 2} more models" if len(users) > 2 else ""
        yield Diagnostic(
            codes.EXPR_SHARED,
            f"the expression is the same for `{first.text}`, `{second.text}`{more}",
            place,
            hint='select the model in it, as in `{model="$model"}`',
            related=(
                Related(first.span, f"used by `{first.text}`"),
                Related(second.span, f"used by `{second.text}`"),
            ),
        )


def _read_model(
    pair: Pair, names: Names, profiles: Profiles, uses: Uses
) -> tuple[Model | None, Found]:
    found: Found = list(_id(pair))
    piece, wrong = validate(ModelEntry, pair.value, leave_out=frozenset({"slos"}))
    found += wrong
    written = pair.value.get("slos") if isinstance(pair.value, Mapping) else None
    pieces = _slo_pieces(written, found) if written else ()
    own = _distinct((draft(one) for one in pieces), found)
    if known := piece or remainder(ModelEntry, pair.value):
        found += _names_wrong(known, names)
    if piece is None:
        for one in own:
            found += settle(one, names, profiles.default_for_seconds)[1]
        return None, found
    entry = piece.entry
    found += _baselines_wrong(piece, {one.name for one in own})
    objectives = _Objectives(pair, piece, profiles, found)
    slos = objectives.of(own)
    for place in objectives.unselective():
        uses.setdefault(place, []).append(pair)
    serving, wrong_serving = _serving(pair, piece, slos)
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


class _Objectives:
    """All objectives of one model: its profiles', and its own laid over them."""

    def __init__(
        self, pair: Pair, piece: Piece[ModelEntry], profiles: Profiles, found: Found
    ) -> None:
        self._pair = pair
        self._entry = piece.entry
        self._profiles = profiles
        self._found = found
        self._slos: dict[str, Slo] = {}
        self._drafts: dict[str, Draft] = {}
        self._never_expanded: list[Slo] = []

    def of(self, own: Iterable[Draft]) -> tuple[Slo, ...]:
        templates = dict(self._profiles.templates(self._entry.use, self._found))
        nearer: list[Draft] = []
        for one in own:
            if one.name in templates:
                merged = templates[one.name].draft.under(one)
                template = self._settle(merged)
                if template:
                    templates[one.name] = template
            else:
                nearer.append(one)
        for template in templates.values():
            self._expand(template)
        # Entries for all features first: those for a single feature are nearer and override them.
        for one in sorted(nearer, key=lambda one: one.get("each") is None):
            base = self._drafts.get(one.name or "")
            template = self._settle(base.under(one) if base else one)
            if template:
                self._expand(template)
        self._found += self._without_features()
        return tuple(self._slos.values())

    def unselective(self) -> frozenset[Span]:
        """Where the expressions of the objectives stand that do not say which model they are of."""
        return frozenset(
            draft.field_span("expr")
            for draft in self._drafts.values()
            if (expr := draft.get("expr")) and "model" not in placeholders(expr)
        )

    def _without_features(self) -> Iterator[Diagnostic]:
        """Findings for objectives that stand for no feature, unless another watches the same."""
        watched = {slo.sli or slo.expr for slo in self._slos.values()}
        for slo in self._never_expanded:
            if (slo.sli or slo.expr) not in watched:
                yield Diagnostic(
                    codes.SLO_NEVER_EXPANDED,
                    f"`{slo.name}` is one objective for each feature, and "
                    f"`{self._pair.key.text}` names no features",
                    self._pair.key.span,
                    hint="add `features: [NAME, …]` to the model",
                    related=(Related(slo.span, "the objective"),),
                )

    def _settle(self, written: Draft) -> Template | None:
        template, wrong = settle(written, self._profiles.names, self._profiles.default_for_seconds)
        self._found += wrong
        return template

    def _expand(self, template: Template) -> None:
        if not template.each:
            self._put(template)
            return
        features = dict.fromkeys(self._entry.features)
        if not features:
            self._never_expanded.append(template.slo)
        for feature in features:
            self._put(template.of_feature(feature))

    def _put(self, template: Template) -> None:
        slo, wrong = template.of_model(
            self._pair.key.text, self._pair.key.span, self._entry.baselines, self._entry.runbook
        )
        self._found += wrong
        if slo:
            self._slos[slo.name] = slo
            self._drafts[slo.name] = template.draft


def _id(pair: Pair) -> Iterator[Diagnostic]:
    if not re.fullmatch(ID_PATTERN, pair.key.text):
        yield Diagnostic(
            codes.VALUE_INVALID,
            f"`{pair.key.text}` cannot be a model's id",
            pair.key.span,
            hint="ids are label values and names of files: letters, digits, `_`, `.`, `-`; where "
            "the server calls it otherwise, say `serving: {model: NAME}`",
        )


def _slo_pieces(node: Node, found: Found) -> tuple[Piece[SloEntry], ...]:
    if not isinstance(node, Sequence):
        found.append(
            Diagnostic(
                codes.VALUE_INVALID,
                "expected a list of objectives; begin each with `- `",
                value_span(node, ()),
            )
        )
        return ()
    pieces = []
    for item in node.items:
        piece, wrong = validate(SloEntry, item)
        found += wrong
        if piece:
            pieces.append(piece)
    return tuple(pieces)


def _distinct(drafts: Iterable[Draft], found: Found) -> tuple[Draft, ...]:
    """The drafts, the later of two with one name left out as an error."""
    kept: dict[object, Draft] = {}
    for one in drafts:
        earlier = kept.setdefault(one.name or one.span, one)
        if earlier is not one:
            found.append(
                Diagnostic(
                    codes.SLO_DUPLICATE,
                    f"two objectives are called `{one.name}`",
                    one.span,
                    hint="give one of them a `name` of its own",
                    related=(Related(earlier.span, "the other is here"),),
                )
            )
    return tuple(kept.values())


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


def _serving(
    pair: Pair, piece: Piece[ModelEntry], slos: tuple[Slo, ...]
) -> tuple[Serving | None, Found]:
    entry = piece.entry.serving
    if entry is None:
        needed = any(
            slo.sli in SLIS
            and SLIS[slo.sli].origin == "serving"
            and slo.metric is None
            and slo.expr is None
            for slo in slos
        )
        if not needed:
            return None, []
        entry = ServingEntry.model_validate({})
    name = entry.runtime or GENERIC
    runtime = RUNTIMES.get(name, Runtime(name, None, None, None, None))
    latency = entry.latency or runtime.latency
    requests = entry.requests or runtime.requests
    errors = entry.errors or runtime.errors
    has_label = "model_label" in entry.model_fields_set or runtime.model_label is not None
    if latency is None or requests is None or errors is None or not has_label:
        return None, [_names_missing(piece, runtime, entry)]
    model_label = (
        entry.model_label if "model_label" in entry.model_fields_set else runtime.model_label
    )
    return Serving(
        runtime=name,
        job=entry.job,
        latency=latency,
        requests=requests,
        errors=errors,
        model_label=model_label,
        model_value=entry.model or pair.key.text,
        span=piece.key_span("serving"),
    ), []


def _names_missing(piece: Piece[ModelEntry], runtime: Runtime, entry: ServingEntry) -> Diagnostic:
    known = [
        f"{key} `{name}`"
        for key, name in (("latency", runtime.latency), ("model_label", runtime.model_label))
        if name is not None
    ]
    missing = [
        f"`{key}`"
        for key in ("latency", "requests", "errors", "model_label")
        if getattr(runtime, key) is None and key not in entry.model_fields_set
    ]
    if runtime.name in RUNTIMES:
        said = f"`{runtime.name}` exports no metric for all that is watched"
    else:
        said = f"the metric names of the runtime `{runtime.name}` are not known"
    hint = f"set {', '.join(missing)} under `serving`"
    hint += f" (known: {', '.join(known)})" if known else ""
    return Diagnostic(
        codes.SERVING_NAMES_MISSING,
        said,
        piece.span("serving", "runtime"),
        hint=f"{hint}; runtimes that need none of them: "
        + ", ".join(one.name for one in RUNTIMES.values() if one.requests and one.errors),
    )
