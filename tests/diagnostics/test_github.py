"""Findings as GitHub annotations: beside their line, and nothing that a user wrote ends one."""

from __future__ import annotations

from buckstop.diagnostics import Code, Diagnostic, Level, Related, Span, github_annotations

ERROR = Code("receiver-unknown", Level.ERROR, "No such receiver", "Nobody is told.")
WARNING = Code("match-deprecated", Level.WARNING, "An old form", "It may go away.")
NOTE = Code("team-guessed", Level.INFO, "A guess", "It may be wrong.")


def test_an_annotation_has_place_title_message_and_mend() -> None:
    """All that the terminal says stands beside the line in the pull request."""
    finding = Diagnostic(
        ERROR,
        "no receiver 'x'",
        Span("am.yml", 3, 5, 3, 6),
        hint="did you mean 'y'?",
        related=(Related(Span("am.yml", 9, 1, 9, 2), "receivers start here"),),
    )
    (line,) = github_annotations([finding])
    assert line == (
        "::error file=am.yml,line=3,endLine=3,col=5,endColumn=6,title=receiver-unknown::"
        "no receiver 'x'%0ANobody is told.%0Ahelp: did you mean 'y'?%0A"
        "am.yml:9:1: receivers start here%0Abuckstop explain receiver-unknown"
    )


def test_what_a_user_wrote_cannot_end_or_forge_an_annotation() -> None:
    """A file name or a value with colons, commas, per cent signs and line breaks stays text."""
    finding = Diagnostic(ERROR, "50%\r\n::stop::", Span("a,b:c%.yml", 1, 1, 1, 2))
    (line,) = github_annotations([finding])
    assert line.startswith("::error file=a%2Cb%3Ac%25.yml,line=1,")
    assert "::50%25%0D%0A::stop::%0A" in line
    assert "\n" not in line
    assert "\r" not in line


def test_columns_are_left_out_where_a_finding_spans_lines() -> None:
    """GitHub refuses columns of different lines."""
    (line,) = github_annotations([Diagnostic(ERROR, "m", Span("f", 1, 5, 2, 3))])
    assert line.startswith("::error file=f,line=1,endLine=2,title=")


def test_errors_come_first_and_each_level_has_its_command() -> None:
    """Of a step's annotations GitHub shows the first few; an error is never cut for a note."""
    found = [Diagnostic(NOTE, "n"), Diagnostic(WARNING, "w"), Diagnostic(ERROR, "e")]
    lines = [line.partition(" ")[0] for line in github_annotations(found)]
    assert lines == ["::error", "::warning", "::notice"]
