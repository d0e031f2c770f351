"""Findings in a terminal: as a good compiler shows them, and nothing that the terminal obeys."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from buckstop.diagnostics import Code, Diagnostic, Level, Related, Span, render_terminal, visible
from buckstop.diagnostics.source import MAX_LINE_CELLS, excerpt

MISSING = Code("slack-url-missing", Level.ERROR, "No Slack URL", "Nobody would be told.")
NOTE = Code("continue-is-default", Level.WARNING, "It does nothing", "A reader expects more.")


def span(line: int, column: int, end_column: int, file: str = "am.yml") -> Span:
    return Span(file, line, column, line, end_column)


def rendered(*diagnostics: Diagnostic, am_yml: str | None = None, color: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=80, force_terminal=color, color_system="standard" if color else None
    )
    render_terminal(diagnostics, {} if am_yml is None else {"am.yml": am_yml}, console)
    return out.getvalue()


def test_finding_shows_place_line_marks_reason_mend_and_page() -> None:
    """The whole form of one finding with a second place."""
    text = "global: {}\nroute:\n  receiver: ops\n"
    finding = Diagnostic(
        MISSING,
        "the receiver 'ops' has no Slack URL",
        span(3, 13, 16),
        hint="give it 'api_url_file'",
        related=(Related(span(1, 1, 7), "or give one here"),),
    )
    assert rendered(finding, am_yml=text) == (
        "error[slack-url-missing]: the receiver 'ops' has no Slack URL\n"
        " --> am.yml:3:13\n"
        "  |\n"
        "3 |   receiver: ops\n"
        "  |             ^^^\n"
        " ::: am.yml:1:1\n"
        "  |\n"
        "1 | global: {}\n"
        "  | ------ or give one here\n"
        "  = why: Nobody would be told.\n"
        "  = help: give it 'api_url_file'\n"
        "  = docs: buckstop explain slack-url-missing\n"
        "\n"
    )


def marks_of(line: str, column: int, end_column: int) -> str:
    """The stretch of the shown line that stands above the marks."""
    shown = excerpt(line, column, end_column)
    cells = 0
    marked = ""
    for character in shown.text:
        if shown.offset <= cells < shown.offset + shown.length:
            marked += character
        cells += cell_len(character)
    return marked


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("summary: '模型P95推理延迟超过500ms' # x", "x"),
        ("summary: '模型P95推理延迟超过500ms' # x", "推理"),
        ("\t\tteam: infra", "infra"),
        ("😀 team: infra", "infra"),
        ("e\u0301 team: infra", "infra"),
        ("a" * 500 + " team " + "b" * 500, "team"),
        ("模" * 500 + " team " + "b" * 500, "team"),
        ("x: \x1b[31m\u202e team", "team"),
        ("team" + "b" * 500, "team"),
        ("b" * 500 + "team", "team"),
    ],
)
def test_marks_stand_below_what_they_mark(line: str, marked: str) -> None:
    """After wide characters, tabs, marks, escapes and in cut lines the marks are in place."""
    column = line.index(marked) + 1
    assert marks_of(line, column, column + len(marked)) == marked
    assert cell_len(excerpt(line, column, column + len(marked)).text) <= MAX_LINE_CELLS + 2


@given(st.text(max_size=300), st.integers(1, 310), st.integers(1, 320))
def test_marks_of_any_line_stay_in_bounds(line: str, column: int, end_column: int) -> None:
    """Whatever a line holds, there is at least one mark and none far outside of the line."""
    column = min(column, len(line) + 1)
    shown = excerpt(line, column, max(column, end_column))
    assert shown.length >= 1
    assert shown.offset <= cell_len(shown.text)
    assert shown.offset + shown.length <= cell_len(shown.text) + 1


def test_marks_of_several_lines_end_with_the_first() -> None:
    """A mapping over many lines is marked at its first line."""
    finding = Diagnostic(NOTE, "m", Span("am.yml", 1, 4, 9, 2))
    assert "1 | a: bcd\n  |    ^^^\n" in rendered(finding, am_yml="a: bcd\n")


def test_place_at_the_end_of_a_line_gets_one_mark() -> None:
    """An empty stretch, such as the end of the file, is still pointed at."""
    finding = Diagnostic(NOTE, "m", span(1, 5, 5))
    assert "1 | a: [\n  |     ^\n" in rendered(finding, am_yml="a: [\n")


def test_findings_come_in_file_order_and_those_without_a_place_first() -> None:
    """A reader goes from the top to the end of each file once."""
    out = rendered(
        Diagnostic(NOTE, "second", span(9, 1, 2)),
        Diagnostic(NOTE, "other file", span(1, 1, 2, "b.yml")),
        Diagnostic(MISSING, "first", span(2, 1, 2)),
        Diagnostic(MISSING, "no place"),
    )
    said = [line.split(": ", 1)[1] for line in out.splitlines() if "]: " in line]
    assert said == ["no place", "first", "second", "other file"]


def test_errors_come_first_and_a_kind_stays_together() -> None:
    """Every command shows findings in this order: `build` as `check` does."""
    first = Diagnostic(NOTE, "a warning", span(1, 1, 2))
    second = Diagnostic(MISSING, "an error", span(2, 1, 2))
    third = Diagnostic(NOTE, "another warning", span(3, 1, 2))
    fourth = Diagnostic(MISSING, "another error", span(4, 1, 2))
    output = rendered(first, second, third, fourth)
    assert re.findall(r"^(?:error|warning)\[.*\]: (.*)$", output, re.MULTILINE) == [
        "an error",
        "another error",
        "a warning",
        "another warning",
    ]


def test_same_finding_in_many_places_is_shown_once_with_its_places() -> None:
    """Two hundred rules without an owner do not fill two hundred screens."""
    out = rendered(*(Diagnostic(NOTE, "the same", span(line, 3, 4)) for line in range(1, 31)))
    assert out.count("the same") == 1
    assert "the same  (×30)" in out
    assert "= also: am.yml:2:3, am.yml:3:3," in out
    assert "am.yml:11:3 and 19 more" in out


def test_reason_and_page_are_shown_once_for_each_kind() -> None:
    """What is the same for every finding of a kind is read once."""
    out = rendered(
        Diagnostic(NOTE, "one", span(1, 1, 2), hint="mend one"),
        Diagnostic(NOTE, "two", span(2, 1, 2), hint="mend two"),
    )
    assert out.count("= why:") == out.count("= docs:") == 1
    assert "mend one" in out
    assert "mend two" in out


def test_stale_or_missing_source_is_no_failure() -> None:
    """A file that changed or cannot be shown again leaves the place."""
    finding = Diagnostic(NOTE, "m", span(7, 1, 2), related=(Related(span(8, 1, 2), "there"),))
    for source in (None, "one line\n"):
        out = rendered(finding, am_yml=source)
        assert "--> am.yml:7:1" in out
        assert "= note: there" in out


def test_many_related_places_are_counted() -> None:
    """A finding with a hundred related places shows a few and says how many more."""
    related = tuple(Related(span(line, 1, 2), f"place {line}") for line in range(1, 101))
    out = rendered(Diagnostic(NOTE, "m", span(1, 1, 2), related=related))
    assert "= note: and 95 places more" in out


HOSTILE = "\x1b]0;owned\x07\x1b[2J\r\n[red]\x9b31m\u202e\u2066\udcff\x7f\u2028"


def test_hostile_text_reaches_no_terminal() -> None:
    """Escapes, direction marks and undecodable bytes are shown, not sent, wherever they stand."""
    finding = Diagnostic(
        MISSING,
        HOSTILE,
        Span(HOSTILE, 1, 3, 1, 4),
        hint=HOSTILE,
        related=(Related(Span("gone" + HOSTILE, 1, 1, 1, 2), HOSTILE),),
    )
    out = io.StringIO()
    source = "a" + HOSTILE.replace("\r\n", "")
    render_terminal([finding, finding], {HOSTILE: source}, Console(file=out, no_color=True))
    text = out.getvalue()
    text.encode("utf-8")
    assert text.count("\n") == len(text.splitlines())
    assert not set(text) & set(HOSTILE) - set("owned0;2J[]red31m\n")
    assert "[red]" in text


@given(st.text())
def test_visible_text_is_harmless_and_keeps_what_is_harmless(text: str) -> None:
    """No control character, and nothing that cannot be encoded, is left; printable text stays."""
    shown = visible(text)
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
    shown.encode("utf-8")
    assert visible(shown) == shown
    assert shown == text or not text.isprintable()


def test_colours_only_where_the_console_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe gets no escapes; a terminal gets colour, and none under NO_COLOR."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    finding = Diagnostic(MISSING, "m", span(1, 1, 2))
    assert "\x1b" not in rendered(finding, am_yml="abc")
    assert "\x1b[1;31merror[slack-url-missing]" in rendered(finding, color=True, am_yml="abc")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "[1;31m" not in rendered(finding, color=True, am_yml="abc")
