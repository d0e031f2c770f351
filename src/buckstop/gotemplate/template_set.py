"""The templates that one text may call by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from buckstop.gotemplate.default_templates import DefaultTemplate, default_templates
from buckstop.gotemplate.engines import Version
from buckstop.gotemplate.nodes import Body

Definition = Body | DefaultTemplate


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """The templates that are defined beside the one that is judged.

    Attributes:
        definitions: name to body, or to what is known of the server's own.
        uncertain: names that only some versions define.
        open_reason: why there may be more names than these; empty where there are not.
        open_names: patterns, as of file names, of names that may be defined too.
    """

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    uncertain: frozenset[str] = frozenset()
    open_reason: str = ""
    open_names: tuple[str, ...] = ()

    def why_open(self, name: str) -> str:
        """Why it is open whether `name` is defined, where it is not among the definitions."""
        if any(fnmatchcase(name, pattern) for pattern in self.open_names):
            return "it may be the name of a template file"
        return self.open_reason

    def adding(self, definitions: Mapping[str, Body]) -> TemplateSet:
        """With `definitions`, which replace what has the same name unless they are empty.

        They must be of a text without faults.
        """
        found = dict(self.definitions)
        found.update(
            {
                name: body
                for name, body in definitions.items()
                if not body.is_empty or name not in found
            }
        )
        return replace(self, definitions=found, uncertain=self.uncertain - definitions.keys())

    def opened(self, reason: str) -> TemplateSet:
        """The same, where there may be more for `reason`."""
        return replace(self, open_reason=reason)


def alertmanagers_own(version: Version | None = None) -> TemplateSet:
    """What Alertmanager's own template file defines."""
    definitions, uncertain = default_templates(version)
    return TemplateSet(definitions, uncertain)
