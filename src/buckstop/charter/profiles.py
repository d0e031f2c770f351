"""Profiles: objectives that several models share, and lists of objectives as written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from buckstop.charter import codes
from buckstop.charter.drafts import Draft, draft
from buckstop.charter.gather import Gathered
from buckstop.charter.model_schema import SloEntry
from buckstop.charter.names import Names
from buckstop.charter.objectives import Template, settle
from buckstop.charter.parts import Piece, value_span
from buckstop.charter.validate import validate
from buckstop.diagnostics import Diagnostic, Related
from buckstop.document import Node, Sequence

Found = list[Diagnostic]


@dataclass(frozen=True, slots=True)
class Combined:
    """The objectives of some profiles, by name.

    Attributes:
        drafts: as written, those with errors included.
        templates: those without.
    """

    drafts: dict[str, Draft]
    templates: dict[str, Template]


@dataclass(frozen=True, slots=True)
class Profiles:
    """Profiles as written, and what combinations of them come to, worked out once each."""

    drafts: dict[str, tuple[Draft, ...]]
    names: Names
    default_for_seconds: float | None
    combined: dict[tuple[str, ...], Combined] = field(default_factory=dict)

    def combine(self, use: tuple[str, ...], found: Found) -> Combined:
        """The objectives of the profiles `use`; of two with one name the later wins."""
        if use not in self.combined:
            drafts: dict[object, Draft] = {}
            for profile in use:
                for one in self.drafts.get(profile, ()):
                    name = one.name or one.span
                    drafts[name] = drafts[name].under(one) if name in drafts else one
            templates = {}
            for one in drafts.values():
                template, wrong = settle(one, self.names, self.default_for_seconds)
                found += wrong
                if template:
                    templates[template.slo.name] = template
            named = {one.name: one for one in drafts.values() if one.name is not None}
            self.combined[use] = Combined(named, templates)
        return self.combined[use]


def read_profiles(
    gathered: Gathered, names: Names, default_for_seconds: float | None
) -> tuple[Profiles, tuple[Diagnostic, ...]]:
    """The charter's ``profiles``. Each is checked, used or not."""
    found: Found = []
    drafts = {}
    for pair in gathered.pairs("profiles").values():
        drafts[pair.key.text] = read_drafts(pair.value, found)
    profiles = Profiles(drafts, names, default_for_seconds)
    for name in drafts:
        profiles.combine((name,), found)
    return profiles, tuple(found)


def read_drafts(node: Node, found: Found) -> tuple[Draft, ...]:
    """The objectives of a list, as far as they can be read; what is wrong is added to `found`."""
    return _distinct((draft(piece) for piece in _pieces(node, found)), found)


def _pieces(node: Node, found: Found) -> tuple[Piece[SloEntry], ...]:
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
        _, known, wrong = validate(SloEntry, item)
        found += wrong
        if known:
            pieces.append(known)
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
