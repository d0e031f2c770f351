"""Templates in rules: what Prometheus makes of them when the alert fires."""

from __future__ import annotations

import pytest

from buckstop.gotemplate import (
    Anything,
    Executes,
    ExternalLabelOf,
    LabelOf,
    Literal,
    OneOf,
    Part,
    is_plain,
    judge,
    label_parts,
    prometheus_engine,
)

ENGINE = prometheus_engine()
PLAIN = [
    "no template",
    "{{ $labels.instance }} of {{$labels.job}} is {{- .Labels.x -}} down",
    "{{ $value }} {{ $value | humanizePercentage }} {{ humanize $value }} { brace }",
    '{{ printf "%.2f" $value }}{{ $value | printf "%.4g" }}{{ $externalLabels.region }}',
]


@pytest.mark.parametrize("text", PLAIN)
def test_the_commonest_templates_need_no_second_look(text: str) -> None:
    """The quick answer and the thorough one agree."""
    assert is_plain(text)
    assert judge(text, ENGINE).executes is Executes.ALWAYS


@pytest.mark.parametrize(
    "text",
    ["{{ $labels.a.b }}", "{{ $value.x }}", "{{ nope }}", "{{ $labels }", "{{ $value | x }}"],
)
def test_what_may_fail_is_not_taken_for_common(text: str) -> None:
    """The short cut proves nothing that is not so."""
    assert not is_plain(text)


@pytest.mark.parametrize(
    ("text", "executes", "reason"),
    [
        ("{{ $labels.a.b }}", Executes.NEVER, "can't evaluate field b in type string"),
        ("{{ .Nope }}", Executes.NEVER, "can't evaluate field Nope in type struct"),
        ("{{ humanize $labels }}", Executes.NEVER, "can't convert map[string]string to float"),
        ("{{ humanize $labels.a }}", Executes.NOT_FOR_ALL, "invalid syntax"),
        ('{{ humanize "5" }}', Executes.ALWAYS, ""),
        ("{{ toUpper $value }}", Executes.NEVER, "expected string; got float64"),
        ("{{ if eq $value 1 }}a{{ end }}", Executes.NEVER, "incompatible types for comparison"),
        ("{{ if gt $value 1.0 }}a{{ end }}", Executes.ALWAYS, ""),
        ("{{ query `up` | first | value }}", Executes.NOT_DECIDED, "query can be answered"),
        ("{{ range query `up` }}{{ .Nope }}{{ end }}", Executes.NOT_DECIDED, "query"),
        ("{{ if not $value }}{{ .Nope }}{{ end }}", Executes.NOT_FOR_ALL, "field Nope"),
        ("{{ urlQueryEscape `a` }}", Executes.NOT_DECIDED, "exists in some versions only"),
        ("{{ tmpl `a` }}", Executes.NEVER, 'function "tmpl" not defined'),
    ],
)
def test_each_template_has_its_verdict(text: str, executes: Executes, reason: str) -> None:
    """Whoever writes a rule learns of the complaint before people read it."""
    judged = judge(text, ENGINE)
    assert judged.executes is executes
    assert reason in judged.reason


DASH = Literal("-")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("infra", (Literal("infra"),)),
        ("{{ $labels.team }}", (LabelOf("team"),)),
        ("a-{{ .Labels.team }}-{{ `b` }}c", (Literal("a-"), LabelOf("team"), Literal("-bc"))),
        ("{{ $externalLabels.region }}", (ExternalLabelOf("region"),)),
        ("{{/* nothing */}}x", (Literal("x"),)),
        (
            '{{ index $labels "team" }}-{{ index .Labels "a b" }}',
            (LabelOf("team"), DASH, LabelOf("a b")),
        ),
        ('{{ index $externalLabels "region" }}', (ExternalLabelOf("region"),)),
        ("x{{ $value }}", (Literal("x"), Anything())),
        ("x{{ $value | humanize }}", (Anything(),)),
        ("{{ toUpper $labels.team }}-{{ $labels.env }}", (Anything(), DASH, LabelOf("env"))),
        ("{{ $labels := .ExternalLabels }}{{ $labels.team }}", (Anything(),)),
        ("x{{ (query `up` | first).Labels.team }}", (Anything(),)),
        ("x{{ if true }}a{{ end }}", (Literal("x"), OneOf(((Literal("a"),), ())))),
        (
            "{{ if eq $labels.a `b` }}1{{ else if $labels.a }}{{ .Labels.a }}{{ else }}3{{ end }}",
            (OneOf(((Literal("1"),), (OneOf(((LabelOf("a"),), (Literal("3"),))),))),),
        ),
        ("{{ with .Labels }}{{ .Labels.a }}{{ end }}", (Anything(),)),
        ("{{ if $labels.a.b }}1{{ else }}2{{ end }}", (Anything(),)),
        ("{{ if gt $value 1.0 }}1{{ else }}2{{ end }}", (Anything(),)),
        ("{{ if true }}{{ $labels = .ExternalLabels }}{{ end }}{{ $labels.a }}", (Anything(),)),
        ("{{ $labels.a.b }}", (Anything(),)),
        ("{{ $labels.team", (Anything(),)),
    ],
)
def test_a_label_is_its_literal_parts_and_the_labels_it_names(
    text: str, parts: tuple[Part, ...]
) -> None:
    """What a label can be, where that is known; anything where the template may fail."""
    assert label_parts(text, ENGINE) == parts
