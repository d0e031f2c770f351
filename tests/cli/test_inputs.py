"""Which files a command works on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from buckstop.cli import input_search
from buckstop.cli.input_kinds import kind_of
from buckstop.cli.inputs import Named, find_inputs
from buckstop.cli.main import CommandFailed, root

RULES = "groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]\n"
ROUTES = "route: {receiver: a}\nreceivers: [{name: a}]\n"
CHARTER = "version: 1\nteams: {}\naccountability: []\n"
PROMETHEUS = "global: {}\nrule_files: []\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (RULES, "rules"),
        ('"groups":\n- name: g\n', "rules"),
        (ROUTES, "alertmanager"),
        (CHARTER, "charter"),
        (PROMETHEUS, "prometheus"),
        ('{"version": 1, "charter_digest": "sha256:0"}', "manifest"),
        ('{"groups": []}', "rules"),
        ("route:\n\t broken\nreceivers: [\n", "alertmanager"),
        ("rule_files: [a.yml]\ntests: []\n", None),
        ("services: {web: {image: x}}\n", None),
        ("# groups: in a comment\na:\n  groups: nested\n", None),
        ("a: groups\n", None),
        ("\ufeff" + RULES, "rules"),
        ("  groups:\n  - name: g\n", "rules"),
        ("  route: {receiver: a}\n  receivers: [\n", "alertmanager"),
        ("--- {groups: []}\n", "rules"),
        ("# comment\n{groups: []}\n", "rules"),
        ("{groups: [\n", "rules"),
        ("? groups\n: []\n", "rules"),
        ("? route\n: {receiver: a}\nreceivers: []\n", "alertmanager"),
        ("route: {receiver: a}\rreceivers: []\r", "alertmanager"),
        ("&top {rule_files: []}\n", "prometheus"),
        ("", None),
        ("\x00\x01", None),
    ],
)
def test_files_are_told_by_what_stands_in_them(text: str, kind: str | None) -> None:
    """No name and no option is needed, and a file with a slip in it is still taken."""
    assert kind_of(text.encode()) == kind


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_found(encoding: str) -> None:
    """The servers read it."""
    assert kind_of(("\ufeff" + RULES).encode(encoding)) == "rules"


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffgroups:\n- {name: g, rules: [{alert: A, expr: up}]}\n",
        "  groups:\n  - {name: g, rules: [{alert: A, expr: up}]}\n",
        "--- {groups: [{name: g, rules: [{alert: A, expr: up}]}]}\n",
        "# c\n{groups: [{name: g, rules: [{alert: A, expr: up}]}]}\n",
        "? groups\n: [{name: g, rules: [{alert: A, expr: up}]}]\n",
    ],
)
def test_no_rule_file_of_a_folder_is_passed_over(tmp_path: Path, text: str) -> None:
    """However it is laid out: what the server loads counts among the rules."""
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    result = CliRunner().invoke(root, ["check", str(tmp_path)])
    assert "1 rule:" in result.stdout


def test_a_folder_is_searched_and_other_files_are_left_alone(tmp_path: Path) -> None:
    """Hidden folders, installed packages and other people's YAML are passed over in silence."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yml").write_text(RULES)
    (tmp_path / "rules" / "b.rules").write_text(RULES)
    (tmp_path / "alertmanager.yaml").write_text(ROUTES)
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    for hidden in (".git", "node_modules", "__pycache__"):
        (tmp_path / hidden).mkdir()
        (tmp_path / hidden / "c.yml").write_text(RULES)
    found = find_inputs((tmp_path,), Named())
    assert [Path(file.display).name for file in found.rules] == ["a.yml", "b.rules"]
    assert found.alertmanager is not None
    assert found.said == "2 rule files, 1 alertmanager.yml"
    assert found.unread == ()


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    """A folder and a file in it do not make two."""
    file = tmp_path / "a.yml"
    file.write_text(RULES)
    assert len(find_inputs((tmp_path, file), Named()).rules) == 1


def test_several_alertmanager_files_ask_which_is_meant(tmp_path: Path) -> None:
    """Each is a whole configuration; none is chosen behind the user's back."""
    for name in ("one.yml", "two.yml"):
        (tmp_path / name).write_text(ROUTES)
    with pytest.raises(CommandFailed, match=r"(?s)found 2 files.*--alertmanager FILE") as failure:
        find_inputs((tmp_path,), Named())
    assert str(tmp_path / "two.yml") in failure.value.message
    named = find_inputs((tmp_path,), Named(alertmanager=tmp_path / "two.yml"))
    assert named.alertmanager is not None
    assert named.alertmanager.path.name == "two.yml"


def test_named_rules_are_taken_whatever_they_hold(tmp_path: Path) -> None:
    """What the user names is read as what it is named, and its faults are then said."""
    file = tmp_path / "odd.txt"
    file.write_text("nothing: here\n")
    assert [one.path for one in find_inputs((), Named(rules=(file,))).rules] == [file]


def test_named_rules_may_be_a_folder(tmp_path: Path) -> None:
    """`--rules rules/` takes every rule file in it, and only those."""
    (tmp_path / "a.yml").write_text(RULES)
    (tmp_path / "b.yml").write_text(ROUTES)
    found = find_inputs((), Named(rules=(tmp_path,)))
    assert [file.path.name for file in found.rules] == ["a.yml"]
    assert found.alertmanager is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing", "does not exist"), ("other.yaml", "is none of")],
)
def test_a_path_that_is_nothing_is_said(tmp_path: Path, name: str, said: str) -> None:
    """A slip in a path is not a silent success."""
    (tmp_path / "other.yaml").write_text("services: {}\n")
    with pytest.raises(CommandFailed, match=said):
        find_inputs((tmp_path / name,), Named())


def test_what_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    """A broken link among the files given is reported beside the others."""
    (tmp_path / "a.yml").write_text(RULES)
    (tmp_path / "b.yml").symlink_to(tmp_path / "gone.yml")
    found = find_inputs((tmp_path,), Named())
    assert [one.code.name for one in found.unread] == ["file-unreadable"]
    assert len(found.rules) == 1


def test_a_file_of_comments_alone_is_a_finding(tmp_path: Path) -> None:
    """A rule file that somebody commented out is accepted by the servers without a word."""
    (tmp_path / "a.yml").write_text(RULES)
    (tmp_path / "b.yml").write_text("# groups:\n\n# - name: gone\n")
    found = find_inputs((tmp_path,), Named())
    assert [one.code.name for one in found.findings] == ["yaml-empty"]
    assert found.unread == ()


def test_a_link_that_leads_to_itself_is_a_finding(tmp_path: Path) -> None:
    """No path makes the search fail."""
    (tmp_path / "a.yml").symlink_to(tmp_path / "a.yml")
    found = find_inputs((tmp_path,), Named())
    assert [one.code.name for one in found.unread] == ["file-unreadable"]


def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    """A file name of arbitrary bytes is read, and shown with what cannot be shown replaced."""
    name = os.fsencode(tmp_path) + b"/caf\xe9.yml"
    Path(os.fsdecode(name)).write_text(RULES)
    (found,) = find_inputs((tmp_path,), Named()).rules
    assert found.display.endswith("caf?.yml")


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that would never end asks for a narrower path."""
    monkeypatch.setattr(input_search, "MAX_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.yml").write_text(RULES)
    with pytest.raises(CommandFailed, match="narrower PATH"):
        find_inputs((tmp_path,), Named())


def test_a_build_beside_its_charter_is_not_taken_for_hand_written(tmp_path: Path) -> None:
    """A build derives from the charter; checked alone, it is what there is."""
    build = tmp_path / "build"
    build.mkdir()
    (build / "accountability.json").write_text('{"charter_digest": ""}')
    (build / "alertmanager.yml").write_text(ROUTES)
    found = find_inputs((tmp_path,), Named())
    assert found.said == "1 alertmanager.yml, 1 accountability.json"
    (tmp_path / "charter.yaml").write_text(CHARTER)
    assert find_inputs((tmp_path,), Named()).said == "1 charter"


def test_a_charter_is_its_folder_or_the_file_that_was_given(tmp_path: Path) -> None:
    """In a folder its parts are read together; a file that is named is read alone."""
    file = tmp_path / "charter.yaml"
    file.write_text(CHARTER)
    assert find_inputs((tmp_path,), Named()).charter == tmp_path
    assert find_inputs((file,), Named()).charter == file


def test_several_charters_ask_which_is_meant(tmp_path: Path) -> None:
    """Two organisations in one tree are not merged into one."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "charter.yaml").write_text(CHARTER)
    with pytest.raises(CommandFailed, match=r"(?s)found 2 charters.*--charter PATH"):
        find_inputs((tmp_path,), Named())
