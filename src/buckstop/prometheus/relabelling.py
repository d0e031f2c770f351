"""What ``alert_relabel_configs`` do to the labels of an alert: concrete and pure.

The order of steps and of labels is that of Prometheus's own: of two labels that a step makes one,
the later wins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, assert_never, get_args

from buckstop.diagnostics import Span
from buckstop.document.versions import Version
from buckstop.language.expansion import expand, matched_groups, refers_to_groups
from buckstop.language.patterns import engine_program
from buckstop.prometheus.names import is_label_name

Action = Literal[
    "replace",
    "keep",
    "drop",
    "keepequal",
    "dropequal",
    "hashmod",
    "labelmap",
    "labeldrop",
    "labelkeep",
    "lowercase",
    "uppercase",
]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

DEFAULT_PATTERN: Final = "(.*)"
DEFAULT_REPLACEMENT: Final = "$1"
DEFAULT_SEPARATOR: Final = ";"
DOT_MATCHES_NEWLINE: Final[Version] = (3, 0)
"""Since then ``.`` in a pattern matches a newline too."""

DELETES_THE_EXPANDED: Final[Version] = (2, 53)
"""Since then (2.42 and 2.53 were measured) an empty replacement removes the label that the target
comes to; before, the one that is called as the target is written, its ``$`` included."""

SET_LABELS_COME_LAST: Final[Version] = (2, 53)
"""Since then (2.42 and 2.53 were measured) external labels, and those that a step has set, come
after the others; before, all stand in the order of their names at every step. It decides what
``labelmap`` makes of two labels as one."""

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Relabelling:
    """One step of a ``relabel_configs``, its defaults filled in.

    Attributes:
        pattern: RE2 syntax, to match the whole value.
        modulus: of ``hashmod``; else of no account.
        span: where it stands.
    """

    action: Action
    source_labels: tuple[str, ...]
    separator: str
    pattern: str
    modulus: int
    target_label: str
    replacement: str
    span: Span


def relabel(
    steps: Iterable[Relabelling], labels: Labels, version: Version | None = None
) -> dict[str, str] | None:
    """`labels` after all `steps`, by name; None where a step drops the alert.

    Args:
        labels: a label that is missing is the empty string, and an empty one is missing.
        version: Prometheus's; None stands for the newest.
    """
    return _relabelled(steps, _Builder(labels), version)


def sent_labels(
    external_labels: Iterable[tuple[str, str]],
    steps: Iterable[Relabelling],
    labels: Labels,
    version: Version | None = None,
) -> dict[str, str] | None:
    """What is sent of an alert: external labels fill what it lacks, then the global `steps`.

    The steps of a single Alertmanager (2.51 and newer) are for `relabel`, on the result.
    """
    builder = _Builder(labels)
    for name, value in external_labels:
        if not labels.get(name):
            builder.set(name, value)
    return _relabelled(steps, builder, version)


def _relabelled(
    steps: Iterable[Relabelling], builder: _Builder, version: Version | None
) -> dict[str, str] | None:
    for step in steps:
        if version is not None and version < SET_LABELS_COME_LAST:
            builder = _Builder(builder.labels())
        if not _apply(step, builder, version):
            return None
    return builder.labels()


class _Builder:
    """Labels in the making, in Prometheus's order: those that were there by name, then the set."""

    def __init__(self, labels: Labels) -> None:
        self._base = {name: labels[name] for name in sorted(labels) if labels[name] != ""}
        self._set: dict[str, str] = {}
        self._deleted: set[str] = set()

    def get(self, name: str) -> str:
        if name in self._set:
            return self._set[name]
        return "" if name in self._deleted else self._base.get(name, "")

    def set(self, name: str, value: str) -> None:
        if value == "":
            self.delete(name)
        else:
            self._set[name] = value

    def delete(self, name: str) -> None:
        self._set.pop(name, None)
        self._deleted.add(name)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The labels as they stand, which may be changed meanwhile."""
        kept = (
            pair
            for pair in self._base.items()
            if pair[0] not in self._deleted and pair[0] not in self._set
        )
        return (*kept, *self._set.items())

    def labels(self) -> dict[str, str]:
        return dict(sorted(self.pairs()))


def _apply(step: Relabelling, labels: _Builder, version: Version | None) -> bool:
    """Change `labels` as `step` says; False where it drops the alert."""
    value = step.separator.join(labels.get(name) for name in step.source_labels)
    match step.action:
        case "keep" | "drop" | "keepequal" | "dropequal":
            return keeps(step, value, labels.get(step.target_label), version)
        case "replace" | "lowercase" | "uppercase" | "hashmod":
            assigned = assignment(step, value, version)
            if assigned is not None:
                labels.set(*assigned)
        case "labelmap":
            for name, text in labels.pairs():
                if matches(step, name, version):
                    labels.set(mapped_name(step, name, version), text)
        case "labeldrop":
            for name, _ in labels.pairs():
                if matches(step, name, version):
                    labels.delete(name)
        case "labelkeep":
            for name, _ in labels.pairs():
                if not matches(step, name, version):
                    labels.delete(name)
        case _:
            assert_never(step.action)
    return True


def matches(step: Relabelling, text: str, version: Version | None) -> bool:
    """Whether the step's pattern matches a value, or of a step on names a name."""
    return _program(step, version).search(text) is not None


def keeps(step: Relabelling, value: str, target: str, version: Version | None) -> bool:
    """Whether an alert outlives a step that keeps or drops.

    Args:
        value: of the source labels, joined.
        target: of the target label.
    """
    match step.action:
        case "keep":
            return matches(step, value, version)
        case "drop":
            return not matches(step, value, version)
        case "keepequal":
            return target == value
        case "dropequal":
            return target != value
        case _:
            return True


def assignment(step: Relabelling, value: str, version: Version | None) -> tuple[str, str] | None:
    """The label that a step sets, and to what: the empty text removes it.

    None where it sets none. `value` is that of the source labels, joined.
    """
    match step.action:
        case "replace":
            return _replacement(step, value, version)
        case "lowercase":
            return step.target_label, "".join(map(_lower, value))
        case "uppercase":
            return step.target_label, "".join(map(_upper, value))
        case "hashmod":
            digest = hashlib.md5(value.encode(), usedforsecurity=False).digest()
            remainder = int.from_bytes(digest[8:], "big") % step.modulus
            return step.target_label, str(remainder)
        case _:
            return None


def _replacement(step: Relabelling, value: str, version: Version | None) -> tuple[str, str] | None:
    is_plain = not refers_to_groups(step.target_label) and not refers_to_groups(step.replacement)
    if value == "" and step.pattern == DEFAULT_PATTERN and is_plain:
        return step.target_label, step.replacement
    found = _program(step, version).search(value)
    if found is None:
        return None
    target = expand(step.target_label, matched_groups(found))
    text = expand(step.replacement, matched_groups(found))
    if is_label_name(target, version) and text != "":
        return target, text
    if version is not None and version < DELETES_THE_EXPANDED:
        return step.target_label, ""
    return (target, "") if is_label_name(target, version) else None


def mapped_name(step: Relabelling, name: str, version: Version | None) -> str:
    """What ``labelmap`` makes of a `name` that matches.

    Every match is replaced: all of it, unless the pattern breaks out of its anchors. An empty
    match right behind another counts as none, as in Go.
    """
    written, position, last_end = "", 0, 0
    for found in _program(step, version).finditer(name):
        start, end = found.span()
        if end > last_end or start == 0:
            written += name[position:start] + expand(step.replacement, matched_groups(found))
            position = last_end = end
    return written + name[position:]


def _program(step: Relabelling, version: Version | None) -> Any:
    return engine_program(
        step.pattern, dot_newline=version is None or version >= DOT_MATCHES_NEWLINE
    )


def _upper(character: str) -> str:
    """Go maps characters one to one: ``ß`` stays, ``ᾳ`` is ``ᾼ``."""
    for mapped in (character.upper(), character.title()):
        if len(mapped) == 1:
            return mapped
    return character


def _lower(character: str) -> str:
    mapped = character.lower()
    return mapped if len(mapped) == 1 else mapped[0]
