"""The files that a charter is read from: which they are, and what becomes of them together."""

from __future__ import annotations

import random
from pathlib import Path

from tests.charter.written_charters import TABLE, TEAMS, TODAY, charter_of, findings

from buckstop.charter import load
from buckstop.diagnostics import Level


def test_several_files_are_one_charter() -> None:
    """Teams, rows, models and defaults of all files are put together."""
    charter = charter_of(TEAMS, TABLE, "models: {credit: {}}", "models: {churn: {}}")
    assert [team.id for team in charter.teams] == ["a", "b"]
    assert {model.id for model in charter.models} == {"credit", "churn"}


def test_a_team_in_two_files_is_an_error_at_both_lines() -> None:
    """Neither file wins silently."""
    (found,) = findings(TEAMS + TABLE, "teams:\n  a: {}\n")
    assert found.code.name == "charter-duplicate"
    assert found.span is not None
    assert (found.span.file, found.span.line) == ("1.yaml", 2)
    assert (found.related[0].span.file, found.related[0].span.line) == ("0.yaml", 3)


def test_the_source_of_a_secret_is_blotted(tmp_path: Path) -> None:
    """What is given for excerpts holds the line, without the secret in it."""
    path = tmp_path / "charter.yaml"
    path.write_text(
        "defaults:\n  slack: {api_url: https://hooks.slack.com/services/T0/B0/XYZ}\n"
        + TEAMS
        + TABLE
    )
    loaded = load(path, TODAY)
    assert loaded.charter is None
    assert "XYZ" not in "".join(loaded.sources.values())
    assert "slack: {api_url: •••" in loaded.sources[str(path)]


def test_digest_changes_with_content_and_name_only(tmp_path: Path) -> None:
    """The digest names what was decided, not where it lay on disk."""
    digests = []
    for folder, name, more in [
        ("x", "c.yaml", ""),
        ("y", "c.yaml", ""),
        ("z", "d.yaml", ""),
        ("w", "c.yaml", "# more\n"),
    ]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(TEAMS + TABLE + more)
        charter = load(tmp_path / folder, TODAY).charter
        assert charter is not None
        digests.append(charter.digest)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_foreign_files_may_lie_beside_the_charter(tmp_path: Path) -> None:
    """Rules, routes, Compose and dbt files, and a build's output, are not taken for charter."""
    (tmp_path / "charter.yaml").write_text(TEAMS + TABLE)
    foreign = {
        "rules.yml": "groups: []",
        "alertmanager.yml": "route: {receiver: a}\nreceivers: [{name: a}]",
        "compose.yaml": "version: '3'\nservices: {a: {image: b}}",
        "schema.yml": "version: 2\nmodels:\n  - name: orders\n",
        "deployment.yaml": "apiVersion: v1\nkind: Deployment\n",
        "list.yaml": "- a\n- b\n",
        "template.yaml": "{{- if .Values.x }}\n  b: [\n",
        "empty.yaml": "",
        "build/accountability.json": "{}",
        "build/teams.yaml": TEAMS,
        ".hidden/teams.yaml": TEAMS,
    }
    for name, text in foreign.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    loaded = load(tmp_path, TODAY)
    assert loaded.charter is not None
    assert [file.path for file in loaded.charter.files] == ["charter.yaml"]
    assert loaded.diagnostics == ()


def test_a_part_that_cannot_be_parsed_is_not_passed_over(tmp_path: Path) -> None:
    """A slip in one file of the folder is an error at its line, not a charter without it."""
    (tmp_path / "charter.yaml").write_text(TEAMS + TABLE)
    (tmp_path / "more.yaml").write_text("models:\n  credit: {owner: [\n")
    loaded = load(tmp_path, TODAY)
    assert loaded.charter is None
    (found,) = [one for one in loaded.diagnostics if one.level is Level.ERROR]
    assert found.span is not None
    assert found.span.file == (tmp_path / "more.yaml").as_posix()


def test_reading_is_the_same_whatever_the_order_of_files(tmp_path: Path) -> None:
    """Files are read in the order of their names, so that a build is the same everywhere."""
    names = [f"m{number}.yaml" for number in range(20)]
    random.Random(1).shuffle(names)
    (tmp_path / "charter.yaml").write_text(TEAMS + TABLE)
    for name in names:
        (tmp_path / name).write_text(f"models: {{{name.removesuffix('.yaml')}: {{}}}}\n")
    charter = load(tmp_path, TODAY).charter
    assert charter is not None
    assert [model.id for model in charter.models] == sorted(name[:-5] for name in names)
