"""What the label that a rule sets can be on its alerts, by the labels of the series."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, assert_never

from buckstop.document.versions import Version
from buckstop.gotemplate import (
    Anything,
    Engine,
    Executes,
    ExternalLabelOf,
    LabelOf,
    Literal,
    OneOf,
    Part,
    judge,
    label_parts,
    prometheus_engine,
)
from buckstop.language import ABSENT, EVERYTHING, Language, Region, matching, only
from buckstop.language.concatenation import concatenation
from buckstop.language.domains import union

KEPT_TEMPLATES: Final = 4_096
"""Texts that are kept taken apart: rules repeat each other's labels."""

COMPLAINT: Final = matching("<error expanding template: (?s:.*)>")
"""What Prometheus puts in the place of a label whose template fails."""


def label_language(
    text: str, series: Region, external: Mapping[str, Language], version: Version | None
) -> Language:
    """What the rule's label `text`, which may be a template, is on alerts of `series`.

    Args:
        series: the label sets of the series, before the rule's own labels.
        external: the server's external labels; one that is not there is missing.
        version: Prometheus's; None: any that is supported.
    """

    def language(part: Part) -> Language:
        match part:
            case Literal(literal):
                return only(literal)
            case LabelOf(name):
                return series.language(name)
            case ExternalLabelOf(name):
                return external.get(name, ABSENT)
            case Anything():
                return EVERYTHING
            case OneOf(options):
                return union(map(whole, options))
            case _:
                assert_never(part)

    def whole(parts: Iterable[Part]) -> Language:
        return concatenation([language(part) for part in parts])

    return COMPLAINT if always_fails(text, version) else whole(template_parts(text, version))


def labels_named(text: str, version: Version | None) -> tuple[str, ...]:
    """The labels of the series that the rule's label `text` takes over."""
    return tuple(dict.fromkeys(_labels_of(template_parts(text, version))))


def _labels_of(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, LabelOf):
            yield part.name
        elif isinstance(part, OneOf):
            for option in part.options:
                yield from _labels_of(option)


@functools.lru_cache(KEPT_TEMPLATES)
def template_parts(text: str, version: Version | None) -> tuple[Part, ...]:
    """The parts of a rule's label, in order."""
    return (Literal(text),) if "{{" not in text else label_parts(text, _engine(version))


@functools.lru_cache(KEPT_TEMPLATES)
def always_fails(text: str, version: Version | None) -> bool:
    """Whether the server's complaint stands in the place of the label `text` on every alert."""
    return "{{" in text and judge(text, _engine(version)).executes is Executes.NEVER


@functools.lru_cache
def _engine(version: Version | None) -> Engine:
    return prometheus_engine(version)
