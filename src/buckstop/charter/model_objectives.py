"""All objectives of one model: its profiles', and its own laid over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from buckstop.charter import codes
from buckstop.charter.drafts import Draft
from buckstop.charter.model import Slo
from buckstop.charter.model_schema import ModelEntry
from buckstop.charter.objectives import Template, settle
from buckstop.charter.parts import Piece
from buckstop.charter.profiles import Found, Profiles
from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document import Entry as Pair
from buckstop.promql import placeholders

Uses = dict[Span, list[Pair]]
"""Where an expression stands that says of no model, and the models that use it."""


class Objectives:
    """All objectives of one model: its profiles', and its own laid over them."""

    def __init__(
        self, pair: Pair, piece: Piece[ModelEntry], profiles: Profiles, found: Found
    ) -> None:
        self._pair = pair
        self._piece = piece
        self._entry = piece.entry
        self._profiles = profiles
        self._found = found
        self._slos: dict[str, Slo] = {}
        self._drafts: dict[str, Draft] = {}
        self._never_expanded: list[Slo] = []

    def of(self, own: Iterable[Draft]) -> tuple[Slo, ...]:
        """The objectives, by name; `own` are the model's own as written."""
        combined = self._profiles.combine(self._entry.use, self._found)
        templates = dict(combined.templates)
        nearer: list[Draft] = []
        for one in own:
            if one.name in combined.drafts:
                template = self._settle(combined.drafts[one.name].under(one))
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
        if self._piece.is_broken("features"):
            return
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
        if not self._piece.is_broken("baselines"):
            self._found += wrong
        if slo:
            self._slos[slo.name] = slo
            self._drafts[slo.name] = template.draft


def expressions_shared(uses: Uses) -> Iterator[Diagnostic]:
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
