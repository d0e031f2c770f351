"""Templates in rules: what Prometheus refuses at load, in words."""

from __future__ import annotations

import pytest

from buckstop.prometheus.templates import MAX_TEMPLATE_LENGTH, template_fault


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{{ $value", "an action is not closed: '{{' without '}}'"),
        ("{{ if $value }}high", "a block 'if' has no 'end'"),
        ("{{ end }}", "an 'end' ends nothing"),
        ("{{ else }}", "an 'else' stands outside of 'if', 'range' and 'with'"),
        ("{{ continue }}", "a 'continue' stands outside of 'range'"),
        ("{{ humanise $value }}", "the function 'humanise' is not defined"),
        ("{{ $label.x }}", "the variable '$label' is not defined"),
        ("{{ }}", "an action is empty: '{{ }}'"),
        ("{{ range }}{{ end }}", "a block 'range' says nothing"),
        ("{{ ($value }}", "a parenthesis is not closed"),
        ("{{ $value) }}", "a closing parenthesis has no opening one"),
        ("{{ | humanize }}", "a '|' has no command before it"),
        ("{{/* open }}", "a comment is not closed by '*/}}'"),
        ("{{ $value % 5 }}", "unexpected '%' in an action"),
        ('{{ "open }}', "unexpected '\"' in an action"),
        ("{{" * MAX_TEMPLATE_LENGTH, f"longer than {MAX_TEMPLATE_LENGTH} characters"),
    ],
)
def test_fault_is_said_in_words(template: str, fault: str) -> None:
    """The user learns what is open or unknown."""
    assert template_fault(template) == fault


@pytest.mark.parametrize(
    "template",
    [
        "",
        "no action } {",
        "{{- /* trimmed */ -}}",
        "{{ $x := 5 }}{{ $x }}",
        "{{ range $i, $e := query `up` }}{{ $i }}{{ break }}{{ else }}none{{ end }}",
        "{{ with query \"a{b='c'}\" }}{{ . | first | value | printf `%.1f` }}{{ end }}",
        "{{ if and (gt $value 1.0) (not false) }}a{{ else if true }}b{{ end }}",
    ],
)
def test_valid_templates_have_no_fault(template: str) -> None:
    """What the server parses passes."""
    assert template_fault(template) is None
