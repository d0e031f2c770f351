"""Files of routing expectations: alerts, and who is to be told of each.

.. code-block:: yaml

    expectations:
    - name: drift of a model goes to MLOps
      labels: {alertname: ModelDriftHigh, accountable_team: mlops}
      at: 2026-12-25T03:00:00+01:00      # optional: mute and active times count
      firing: [{alertname: ClusterDown}] # optional: inhibition counts
      expect: {receivers: [mlops-chat], team: mlops, muted: false, inhibited: false}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from buckstop.cli.codes import EXPECTATION_INVALID
from buckstop.cli.moment import parse_moment
from buckstop.diagnostics import Diagnostic, Span
from buckstop.document import Fields, Node, Scalar, as_text, parse_one, wrong_type

MAX_EXPECTATIONS: Final = 100_000
"""Of one file."""

_NEEDED: Final = {
    "name": "name: drift goes to MLOps",
    "labels": "labels: {alertname: ModelDriftHigh}",
    "expect": "expect: {receivers: [mlops-chat]}",
}
"""What every expectation has, with an example."""

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of an alert; None: nothing, of that part.

    Attributes:
        receivers: in the order of notification, repeats included.
        team: the one that answers; an empty text for no team, or for several.
        muted, inhibited: whether all that keeps the alert quiet is a mute time, or another alert.
        places: part to where its value stands.
    """

    receivers: tuple[Scalar, ...] | None
    team: Scalar | None
    muted: bool | None
    inhibited: bool | None
    places: Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class Expectation:
    """One alert, and what is expected of it.

    Attributes:
        span: where its name stands.
        at: the moment for mute and active times; None leaves them out.
        firing: the label sets of alerts that fire, for inhibition.
    """

    name: str
    span: Span
    labels: Labels
    at: datetime | None
    firing: tuple[Labels, ...]
    expected: Expected


def read_expectations(
    text: str | bytes, file: str
) -> tuple[tuple[Expectation, ...], tuple[Diagnostic, ...]]:
    """The expectations of a file, and what is wrong with others."""
    node, diagnostics = parse_one(text, file)
    findings = list(diagnostics)
    fields = None if node is None else Fields.of(node, "a file of expectations", findings)
    if fields is None:
        return (), tuple(findings)
    items = fields.sequence("expectations", "expectations")
    fields.finish()
    if len(items) > MAX_EXPECTATIONS:
        message = f"more than {MAX_EXPECTATIONS:,} expectations in one file"
        findings.append(_invalid(message, items[MAX_EXPECTATIONS].span))
    read = (_read(item, findings) for item in items[:MAX_EXPECTATIONS])
    return tuple(one for one in read if one is not None), tuple(findings)


def _read(node: Node, findings: list[Diagnostic]) -> Expectation | None:
    """One expectation; None, with findings, where it cannot be tried."""
    before = len(findings)
    fields = Fields.of(node, "an expectation", findings)
    if fields is None:
        return None
    name = fields.scalar("name")
    given = fields.node_at("labels")
    labels = {} if given is None else _labels(given, "labels", findings)
    at = fields.read("at", _moment)
    firing = [
        _labels(item, "an alert that fires", findings)
        for item in fields.sequence("firing", "label sets")
    ]
    inner = fields.fields("expect", "what is expected")
    expected = None if inner is None else _expected(inner, has_moment="at" in fields.node)
    fields.finish()
    for part, example in _NEEDED.items():
        if fields.node_at(part) is None:
            message = f"an expectation needs '{part}'"
            findings.append(_invalid(message, _start(fields), f"for example `{example}`"))
    if len(findings) > before:
        return None
    assert name is not None, "it is needed"
    assert expected is not None, "it is needed"
    return Expectation(name.text, name.span, labels, at, tuple(firing), expected)


def _expected(fields: Fields, *, has_moment: bool) -> Expected:
    # Null says something here: no team is to answer.
    team = fields.entry("team")
    expected = Expected(
        receivers=fields.scalars("receivers", "receivers"),
        team=None if team is None else _team(team.value, fields.findings),
        muted=fields.boolean("muted"),
        inhibited=fields.boolean("inhibited"),
        places={entry.key.text: entry.value.span for entry in fields.node},
    )
    fields.finish()
    if expected.muted is not None and not has_moment:
        fields.findings.append(
            _invalid(
                "whether an alert is muted depends on the time",
                expected.places["muted"],
                "say the time beside its labels: `at: 2026-12-25T03:00:00+01:00`",
            )
        )
    if not fields.node.entries:
        message = "nothing is expected: say receivers, team, muted or inhibited"
        fields.findings.append(_invalid(message, fields.node.span))
    return expected


def _team(node: Node, findings: list[Diagnostic]) -> Scalar | None:
    if not isinstance(node, Scalar):
        findings.append(wrong_type(node, "the name of a team"))
        return None
    return node._replace(text="") if node.is_null else node


def _moment(node: Node) -> datetime | Diagnostic:
    text = as_text(node, "a time")
    if isinstance(text, Diagnostic):
        return text
    try:
        return parse_moment(text)
    except ValueError as error:
        return _invalid(str(error), node.span)


def _labels(node: Node, what: str, findings: list[Diagnostic]) -> Labels:
    fields = Fields.of(node, what, findings)
    labels: dict[str, str] = {}
    for entry in () if fields is None else fields.node:
        value = as_text(entry.value, f"text for '{entry.key.text}'")
        if isinstance(value, Diagnostic):
            findings.append(value)
        else:
            labels[entry.key.text] = value
    return labels


def _start(fields: Fields) -> Span:
    entries = fields.node.entries
    return entries[0].key.span if entries else fields.node.span


def _invalid(message: str, span: Span, hint: str | None = None) -> Diagnostic:
    return Diagnostic(EXPECTATION_INVALID, message, span, hint)
