"""Findings as SARIF: what a code scanning service needs, at the place and under the name it had."""

from __future__ import annotations

import json
from typing import Any

from buckstop.diagnostics import Code, Diagnostic, Level, Related, Span, to_sarif
from buckstop.diagnostics.sarif import FINGERPRINT

ERROR = Code("receiver-unknown", Level.ERROR, "No such receiver", "Nobody is told.")
NOTE = Code("team-guessed", Level.INFO, "A guess", "It may be wrong.")
TEXT = "route:\n  receiver: x\n  routes: []\n"
FINDING = Diagnostic(
    ERROR,
    "no receiver 'x'",
    Span("conf/am one.yml", 2, 13, 2, 14),
    hint="did you mean 'y'?",
    related=(Related(Span("conf/am one.yml", 1, 1, 1, 6), "the tree starts here"),),
)


def run_of(*diagnostics: Diagnostic, text: str = TEXT, **options: str) -> dict[str, Any]:
    """The only run of the log, as a reader of JSON gets it."""
    log = json.loads(
        json.dumps(
            to_sarif(
                diagnostics,
                {"conf/am one.yml": text},
                "1.2.3",
                options.get("documentation"),
                pages=lambda name: f"# {name}\n",
            )
        )
    )
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def fingerprints(*diagnostics: Diagnostic, text: str = TEXT) -> list[str]:
    results = run_of(*diagnostics, text=text)["results"]
    return [result["partialFingerprints"][FINGERPRINT] for result in results]


def test_a_rule_carries_its_help_and_a_result_points_at_its_rule() -> None:
    """The schema's required parts are there, and each kind of finding explains itself."""
    run = run_of(Diagnostic(NOTE, "guessed"), FINDING)
    driver = run["tool"]["driver"]
    assert driver["name"] == "buckstop"
    assert driver["semanticVersion"] == "1.2.3"
    assert [rule["id"] for rule in driver["rules"]] == ["receiver-unknown", "team-guessed"]
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert f"buckstop explain {rule['id']}" in rule["help"]["text"]
        assert rule["help"]["markdown"] == f"# {rule['id']}\n"
        assert "helpUri" not in rule
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
    assert [result["level"] for result in run["results"]] == ["note", "error"]


def test_regions_count_from_one_in_characters_and_end_exclusive() -> None:
    """An editor underlines exactly what the terminal underlines."""
    run = run_of(FINDING)
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "conf/am%20one.yml"},
        "region": {"startLine": 2, "startColumn": 13, "endLine": 2, "endColumn": 14},
    }
    assert result["message"]["text"] == "no receiver 'x'\nhelp: did you mean 'y'?"
    (related,) = result["relatedLocations"]
    assert related["message"]["text"] == "the tree starts here"


def test_fingerprints_outlive_other_lines_and_tell_findings_apart() -> None:
    """A finding that somebody dismissed does not come back because a comment was added above."""
    moved = Diagnostic(ERROR, FINDING.message, Span("conf/am one.yml", 4, 13, 4, 14))
    assert fingerprints(FINDING) == fingerprints(moved, text=f"# a\n# b\n{TEXT}")
    other = Diagnostic(ERROR, "no receiver", Span("conf/am one.yml", 3, 3, 3, 9))
    assert len(set(fingerprints(FINDING, FINDING, other))) == 3
    changed = TEXT.replace("receiver: x", "receiver: z")
    assert fingerprints(FINDING) != fingerprints(FINDING, text=changed)


def test_findings_without_a_place_or_text_are_results_too() -> None:
    """A file that cannot be read is no reason for a log that cannot be written."""
    unplaced = Diagnostic(ERROR, "gone.yml does not exist")
    unseen = Diagnostic(ERROR, "lost", Span("/etc/\udcff.yml", 9, 1, 12, 1))
    first, second = run_of(unplaced, unseen)["results"]
    assert first["locations"] == []
    uri = second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "file:///etc/%3F.yml"


def test_pages_are_linked_where_their_address_is_known() -> None:
    """Whoever publishes the docs gives readers a link, not only a name."""
    (rule,) = run_of(FINDING, documentation="https://docs.example.org/buckstop/")["tool"]["driver"][
        "rules"
    ]
    assert rule["helpUri"] == (
        "https://docs.example.org/buckstop/docs/diagnostics/receiver-unknown.md"
    )
