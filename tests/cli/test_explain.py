"""``buckstop explain``: the page that the last line of a finding leads to."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from buckstop.cli.explain import all_codes, command

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"


def test_every_kind_of_finding_is_listed_and_explained() -> None:
    """What a finding has in brackets leads to its page, unchanged in a pipe."""
    listed = CliRunner().invoke(command, [])
    assert listed.exit_code == 0
    for kinds in all_codes().values():
        for code in kinds:
            (line,) = (one for one in listed.output.splitlines() if one.split()[0] == code.name)
            assert line.split()[1] == code.level
            assert line.endswith(code.title)
    explained = CliRunner().invoke(command, ["slack-url-missing"])
    assert explained.exit_code == 0
    assert explained.output == (PAGES / "slack-url-missing.md").read_text()


def test_an_unknown_kind_is_refused_with_the_nearest_one() -> None:
    """A slip is exit code 2, and says what is meant."""
    refused = CliRunner().invoke(command, ["slack-url-mising"])
    assert refused.exit_code == 2
    assert "slack-url-missing" in refused.output
    strange = CliRunner().invoke(command, ["qqqq"])
    assert strange.exit_code == 2
    assert "lists all" in strange.output
