"""What Go's template parser refuses, in its words and at its place."""

from __future__ import annotations

import pytest

from buckstop.gotemplate import MAX_TEMPLATE_CHARACTERS, parse, prometheus_engine
from buckstop.gotemplate.nodes import Parsed

ENGINE = prometheus_engine()


def parsed(text: str, go: tuple[int, ...] | None = None) -> Parsed:
    return parse(text, ENGINE.knows, tuple(ENGINE.variables), go)


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{{ $value", "unclosed action"),
        ("{{ if $value }}high", "unexpected EOF"),
        ("{{ end }}", "unexpected {{end}}"),
        ("{{ else }}", "unexpected {{else}}"),
        ("{{ continue }}", "{{continue}} outside {{range}}"),
        ("{{ range $labels }}{{ else }}{{ break }}{{ end }}", "{{break}} outside {{range}}"),
        ("{{ humanise $value }}", 'function "humanise" not defined'),
        ("{{ $label.x }}", 'undefined variable "$label"'),
        ("{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", 'undefined variable "$x"'),
        ("{{ }}", "missing value for command"),
        ("{{ range }}{{ end }}", "missing value for range"),
        ("{{ ($value }}", "unclosed left paren"),
        ("{{ $value) }}", "unexpected right paren"),
        ("{{ | humanize }}", 'unexpected "|" in command'),
        ("{{/* open }}", "unclosed comment"),
        ("{{/* a */ $value }}", "comment ends before closing delimiter"),
        ("{{ $value % 5 }}", 'unexpected "%" in operand'),
        ('{{ "open }}', "unterminated quoted string"),
        ("{{ `open }}", "unterminated raw quoted string"),
        ("{{ 'open }}", "unterminated character constant"),
        (r'{{ "\q" }}', "invalid syntax"),
        ("{{ 08 }}", 'integer overflow: "08"'),
        ("{{ " + "9" * 6_000 + " }}", f'illegal number syntax: "{"9" * 6_000}"'),
        ("{{ 5x }}", 'bad number syntax: "5x"'),
        ("{{ 1 | 2 }}", "non executable command in pipeline stage 2"),
        ("{{ true.x }}", 'unexpected . after term "true"'),
        ("{{ .a-b }}", "bad character U+002D '-'"),
        ("{{ template $value }}", 'unexpected "$value" in template clause'),
        ("{{ if true }}{{ define `x` }}{{ end }}{{ end }}", "unexpected <define> in command"),
        ("{{ range $a, $b, $c := $labels }}{{ end }}", "too many declarations in range"),
        ("{{ if true }}{{ else }}{{ else }}{{ end }}", "expected end; found {{else}}"),
        (
            "{{ define `x` }}a{{ end }}{{ define `x` }}b{{ end }}",
            'template: multiple definition of template "x"',
        ),
    ],
)
def test_the_first_fault_is_said_as_go_says_it(template: str, fault: str) -> None:
    """The user can look the message up, and finds the same in the server's log."""
    assert parsed(template).faults[0].message == fault


@pytest.mark.parametrize(
    "template",
    [
        "",
        "no action } {",
        "{{- /* trimmed */ -}}",
        "{{ $x := 5 }}{{ $x }}{{ $x = 6 }}",
        "{{ range $i, $e := query `up` }}{{ $i }}{{ break }}{{ else }}none{{ end }}",
        "{{ with query \"a{b='c'}\" }}{{ . | first | value | printf `%.1f` }}{{ end }}",
        "{{ if and (gt $value 1.0) (not false) }}a{{ else if true }}b{{ end }}",
        "{{ 0x1F }}{{ 0b1 }}{{ 0o7 }}{{ 1_000 }}{{ 1e3 }}{{ 'a' }}{{ 1i }}{{ 0x1p-2 }}",
        "{{ block `x` . }}{{ .Labels }}{{ end }}{{ template `x` }}",
        "{{ (query `up` | first).Value }}{{ $value | }}",
        "{{ $value -}} \n {{- $value }}",
    ],
)
def test_what_go_takes_has_no_fault(template: str) -> None:
    """No false alarm about a text that loads."""
    assert parsed(template).faults == ()


def test_all_unknown_names_are_found_in_one_run() -> None:
    """Go stops at the first; who mends a text wants to see the others too."""
    text = "a {{ nope }}\n{{ $nothing }} {{ gone }}"
    faults = parsed(text).faults
    assert [text[fault.start : fault.end] for fault in faults] == ["nope", "$nothing", "gone"]
    assert [fault.line for fault in faults] == [1, 2, 2]


def test_a_text_beyond_the_limit_is_not_judged() -> None:
    """A limit is no fault of the text."""
    found = parsed("{{" * MAX_TEMPLATE_CHARACTERS)
    assert found.faults == ()
    assert found.doubts[0].message == f"longer than {MAX_TEMPLATE_CHARACTERS} characters"


@pytest.mark.parametrize("opening", ["{{ if true }}", "{{ (", "{{ define `x` }}{{ with 1 }}"])
def test_deep_nesting_ends_in_a_doubt_or_fault_and_never_in_a_traceback(opening: str) -> None:
    """Whatever a file holds, the reader survives it."""
    found = parsed(opening + "{{ if true }}" * 5_000 + "((" * 5_000)
    assert found.faults or found.doubts


@pytest.mark.parametrize(
    ("go", "faults", "doubts"), [((1, 19), 1, 0), ((1, 23), 0, 0), (None, 0, 1)]
)
def test_else_with_depends_on_the_servers_go(
    go: tuple[int, ...] | None, faults: int, doubts: int
) -> None:
    """Debian 12's Alertmanager refuses what newer builds take."""
    found = parsed("{{ with $value }}a{{ else with $labels }}b{{ end }}", go)
    assert (len(found.faults), len(found.doubts)) == (faults, doubts)


def test_trimming_takes_the_white_space_beside_the_action_alone() -> None:
    """The text parts are those that the server would print."""
    texts = [one.text for one in parsed("a \n{{- 1 -}}\t b {{- 2}} c").main.statements[::2]]  # type: ignore[union-attr]
    assert texts == ["a", "b", " c"]


def test_a_text_full_of_faults_gives_the_first_hundred() -> None:
    """Nobody mends more in one go, and a report stays readable."""
    assert len(parsed("{{ nope }}" * 1_000).faults) == 100
