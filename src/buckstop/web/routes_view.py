"""The loaded route tree as a page draws it, and the way of one alert through it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from buckstop.alertmanager.label_text import matcher_text
from buckstop.alertmanager.matcher_syntax import MatcherError, parse_matchers
from buckstop.alertmanager.routing import Router
from buckstop.compiler.manifest import ManifestReceiver
from buckstop.diagnostics import Span

Part = Literal["notifies", "on the way", "not taken", "not asked"]
LABELS_CHARACTERS: Final = 8_000
DRAWN_ROUTES: Final = 600
"""Of a larger tree only the way of an alert is drawn."""

_PASTED: Final = Span("the labels", 1, 1, 1, 1)
_ANY_VERSION: Final = (0, 28)
"""Quoted names too are understood, whichever Alertmanager runs: an alert may carry them."""


class LabelsError(ValueError):
    """A text that is no label set; the message says why."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One route.

    Attributes:
        asks: its matchers; empty for one that takes everything.
        said: whose its receiver is, for people; empty where the charter knows no such receiver.
        goes_on: later siblings are asked too.
        part: what it does for the alert that was asked about.
        left_out: children that are not drawn.
    """

    asks: tuple[str, ...]
    receiver: str
    said: str
    line: int
    goes_on: bool
    part: Part
    children: tuple[Branch, ...]
    left_out: int


def read_labels(text: str) -> Mapping[str, str]:
    """The label set that somebody pasted: JSON, or ``name="value"`` with commas or line by line.

    Raises:
        LabelsError: it is none.
    """
    text = text.strip()
    if len(text) > LABELS_CHARACTERS:
        raise LabelsError(f"more than {LABELS_CHARACTERS:,} characters")
    if text.startswith('{"') and ":" in text:
        return _from_json(text)
    lines = (line.strip().rstrip(",") for line in text.splitlines())
    try:
        pasted = parse_matchers(",".join(line for line in lines if line), _PASTED, _ANY_VERSION)
    except (MatcherError, ValueError) as error:
        raise LabelsError(f'write alertname="Name", severity="critical": {error}') from None
    other = next((one for one in pasted if one.operator != "="), None)
    if other is not None:
        raise LabelsError(f"an alert has one value for each label: {matcher_text(other)} has not")
    return _once((one.name, one.value) for one in pasted)


def _from_json(text: str) -> Mapping[str, str]:
    try:
        value = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise LabelsError(f"it is no JSON: {error}") from None
    if not all(isinstance(one, str) for _, one in value):
        raise LabelsError('each value must be a text: {"severity": "critical"}')
    return _once(value)


def _once(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    labels: dict[str, str] = {}
    for name, value in pairs:
        if name in labels:
            raise LabelsError(f"it gives {name} twice")
        labels[name] = value
    # To Alertmanager an empty value is a label that is not there.
    return {name: value for name, value in labels.items() if value}


def tree(
    router: Router,
    receivers: Mapping[str, ManifestReceiver],
    names: Mapping[str, str],
    labels: Mapping[str, str] | None,
) -> Branch:
    """The whole tree, with the way of an alert with `labels` unless they are None.

    Args:
        receivers: what the charter says of each receiver, by name.
        names: team to what it is called.
    """
    every = tuple(router.every())
    notifying = {match.path for match in (() if labels is None else router.route(labels))}
    taken = notifying | {path[:length] for path in notifying for length in range(len(path))}
    below: dict[tuple[int, ...], list[Branch]] = {}
    left_out: dict[tuple[int, ...], int] = {}
    # Children stand behind their parents, so from the back each one's own are complete.
    for match in reversed(every):
        if len(every) > DRAWN_ROUTES and match.path and match.path not in taken:
            left_out[match.path[:-1]] = left_out.get(match.path[:-1], 0) + 1
            below.pop(match.path, None)
            continue
        part: Part = "not asked"
        if labels is not None:
            part = "on the way" if match.path in taken else "not taken"
            part = "notifies" if match.path in notifying else part
        branch = Branch(
            asks=tuple(matcher_text(one) for one in match.route.matchers),
            receiver=match.receiver,
            said=_whose(receivers.get(match.receiver), names),
            line=match.route.span.line,
            goes_on=match.route.continues,
            part=part,
            children=tuple(reversed(below.pop(match.path, ()))),
            left_out=left_out.get(match.path, 0),
        )
        if not match.path:
            return branch
        below.setdefault(match.path[:-1], []).append(branch)
    raise AssertionError("the root comes last")


def _whose(receiver: ManifestReceiver | None, names: Mapping[str, str]) -> str:
    if receiver is None:
        return ""
    if receiver.team is None:
        return "the ledger" if receiver.role == "ledger" else "nobody needs to answer"
    name = names.get(receiver.team, receiver.team)
    return name if receiver.role == "accountable" else f"{name} is informed"
