"""Findings as data, in order and counted."""

from __future__ import annotations

from buckstop.diagnostics import (
    Code,
    Diagnostic,
    Level,
    Related,
    Span,
    has_errors,
    summary,
    to_json,
)

ERROR = Code("receiver-unknown", Level.ERROR, "No such receiver", "Nobody is told.")
WARNING = Code("match-deprecated", Level.WARNING, "An old form", "It may go away.")
INFO = Code("team-guessed", Level.INFO, "A guess", "It may be wrong.")


def test_finding_as_json_has_all_that_a_script_needs() -> None:
    """The shape is the one that ``--format json`` promises; the span's end is exclusive."""
    finding = Diagnostic(
        ERROR,
        "no receiver 'x'",
        Span("am.yml", 3, 5, 3, 6),
        hint="did you mean 'y'?",
        related=(Related(Span("am.yml", 9, 1, 9, 2), "receivers start here"),),
    )
    assert to_json(finding) == {
        "code": "receiver-unknown",
        "level": "error",
        "file": "am.yml",
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 6,
        "message": "no receiver 'x'",
        "why": "Nobody is told.",
        "hint": "did you mean 'y'?",
        "url": "docs/diagnostics/receiver-unknown.md",
        "explain": "buckstop explain receiver-unknown",
        "related": [
            {
                "file": "am.yml",
                "line": 9,
                "column": 1,
                "end_line": 9,
                "end_column": 2,
                "message": "receivers start here",
            }
        ],
    }


def test_finding_without_a_place_has_the_same_keys() -> None:
    """A script need not ask which keys there are; they are null."""
    placed = to_json(Diagnostic(ERROR, "m", Span("f", 1, 1, 1, 1)))
    unplaced = to_json(Diagnostic(ERROR, "m"))
    assert list(placed) == list(unplaced)
    assert unplaced["file"] is None
    assert unplaced["line"] is None


def test_summary_counts_each_level() -> None:
    """Singular and plural, and nothing said of levels that are not there."""
    one, two, three = (Diagnostic(code, "m") for code in (ERROR, WARNING, INFO))
    assert summary([]) == "no findings"
    assert summary([one]) == "1 error"
    assert summary([two, one, two, three]) == "1 error, 2 warnings, 1 note"
    assert summary([one] * 1200) == "1,200 errors"


def test_only_errors_fail_a_command() -> None:
    """Warnings and notes leave the exit code at 0."""
    assert has_errors([Diagnostic(WARNING, "m"), Diagnostic(ERROR, "m")])
    assert not has_errors([Diagnostic(WARNING, "m"), Diagnostic(INFO, "m")])
