"""Whatever is given to the commands, they answer: no traceback, the file named, nothing lost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.document.privileges import in_child, tiny_disk

from buckstop.cli.main import root

ARTICLE = Path(__file__).parents[2] / "examples" / "article" / "original"
RULES = (ARTICLE / "model_alerts.yml").read_bytes()
ROUTES = (ARTICLE / "alertmanager.yml").read_bytes()
CHARTER = b"""\
version: 1
teams:
  infra_sre:
    notify: {default: [{webhook: {url: "http://pager.internal/infra"}}]}
accountability:
  - {otherwise: true, accountable: infra_sre}
models:
  credit:
    slos:
      - {sli: auc, objective: ">= 0.85", severity: major}
"""
BOMB = b"a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (i, i, b",".join([b"*a%d" % (i - 1)] * 10)) for i in range(1, 12)
)
NINES = b"9" * 6000

BAD: dict[str, bytes] = {
    "binary": b"\x7fELF\x02\x01\x01\x00\xff\xfe" * 200,
    "utf-16 cut": RULES.decode().encode("utf-16")[:-1],
    "latin-1": "groups:\n- name: é\n  rules: []\n".encode("latin-1"),
    "nul at the end": RULES + b"\0\0\0",
    "nul in a key": b"groups:\0\n",
    "rules: tab": b"groups:\n- name: x\n\trules: []\n",
    "rules: bomb": b"groups:\n- name: g\n  rules: []\n" + BOMB,
    "rules: duplicate key": b"groups:\n- name: a\n  name: b\n  rules: []\n",
    "rules: deep brackets": b"groups: " + b"[" * 100_000,
    "rules: deep dashes": b"groups:\n" + b"- " * 5_000,
    "rules: unknown keys": b"groups:\n- name: a\n  rulez: []\nrout: 3\n",
    "rules: no list": b"groups: {a: b}\n",
    "rules: wrong types": b"groups:\n- 3\n- [a]\n- name: [x]\n  rules: {a: b}\n- name: g\n"
    b"  interval: [3]\n  rules:\n  - 5\n  - alert: {a: b}\n    expr: [1]\n    for: {}\n"
    b"    labels: [x]\n    annotations: 7\n  - record: x\n    alert: y\n    expr: 1\n",
    "rules: huge numbers": b"groups:\n- name: x\n  limit: " + NINES + b"\n  interval: " + NINES
    + b"s\n  rules:\n  - alert: x\n    expr: x[" + NINES + b"d]\n    for: " + NINES + b"d\n",
    "rules: brackets in an expression": b"groups:\n- name: x\n  rules:\n  - alert: x\n    expr: "
    + b"(" * 20_000 + b"1" + b")" * 20_000 + b"\n",
    "rules: signs in an expression": b"groups:\n- name: x\n  rules:\n  - alert: x\n    expr: "
     b"1" + b"^1" * 50_000 + b"\n",
    "rules: two documents": b"groups: []\n---\ngroups: []\n",
    "routes: duplicate key": b"route:\n  receiver: a\n  receiver: b\nreceivers:\n- name: a\n",
    "routes: unknown key": ROUTES.replace(b"group_wait", b"group_waits"),
    "routes: wrong types": b"route: []\nreceivers: 3\ninhibit_rules: x\nglobal: [1]\n"
    b"templates: {}\ntime_intervals: 3\n",
    "routes: wrong types within": b"route:\n  receiver: [a]\n  group_by: {a: b}\n  routes: x\n"
    b"  matchers: {a: b}\n  match: [1]\n  continue: 3\n  group_wait: [1]\nreceivers:\n- 3\n"
    b"- name: {}\n- name: a\n  slack_configs: 3\n- name: b\n"
    b"  slack_configs: [3, [x], {channel: [1], api_url: {a: b}}]\n  foo_configs: 3\n",
    "routes: nested too deep": b"receivers: []\nroute:\n  receiver: x\n"
    + b"".join(
        b" " * (4 * i) + b"  routes:\n" + b" " * (4 * i) + b"  - receiver: x\n"
        for i in range(200)
    ),
    "routes: huge pattern": b"route:\n  receiver: x\n  routes:\n"
    b"  - matchers: ['a=~\"((((a{1000}){1000}){1000}){1000})\"']\n    receiver: x\n"
    b"receivers:\n- name: x\n",
    "charter: wrong types": b"version: [1]\norganization: {}\nseverities: x\ndefaults: 3\nteams:\n"
    b"  a: 3\n  b: {notify: 7, lead: [1], members: x}\n"
    b"  c: {notify: {default: [{slack: 3}, 4, {foo: bar}]}}\n  '': {}\n  5: {}\n"
    b"accountability:\n- 3\n- {when: 4, accountable: [x]}\n- {when: {fault: {}}}\n"
    b"- {otherwise: maybe}\nalerts: {x: y}\nprofiles: [1]\nmodels:\n  m: 3\n"
    b"  n: {owner: 3, use: [1, {}], slos: {}, serving: 4, risk: []}\n",
    "charter: nothing in it": b"version:\nteams:\naccountability:\nmodels:\n",
    "charter: tab": b"version: 1\nteams:\n\tx: y\n",
    "charter: duplicate key": CHARTER + b"teams: {}\n",
    "charter: bomb": CHARTER + BOMB,
    "charter: huge numbers": CHARTER.replace(b"0.85", NINES).replace(b"1\n", NINES + b"\n", 1),
    "charter: not closed": CHARTER + b"alerts: [\n",
    "charter: control characters": CHARTER.replace(b"infra_sre", b'"a\\x1b[31m"'),
}  # fmt: skip


def run(*arguments: str | Path) -> Result:
    """Run a command in this process; anything but an orderly exit fails the test."""
    result = CliRunner().invoke(root, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in {0, 1, 2}, result.output
    assert "Traceback" not in result.output
    return result


def refused(result: Result, name: str) -> str:
    """The output of a command that refused its input, which it must name."""
    assert result.exit_code in {1, 2}, result.output
    assert name in result.output
    assert "\x1b" not in result.output
    return result.output


@pytest.mark.parametrize("name", BAD)
def test_check_answers_bad_files(name: str, tmp_path: Path) -> None:
    """Each bad file is a finding in it, in a folder too, and the answer is the same as JSON."""
    path = tmp_path / "the file.yml"
    path.write_bytes(BAD[name])
    refused(run("check", path), "the file.yml")
    report = json.loads(run("check", "--format", "json", path).stdout)
    errors = [one for one in report["diagnostics"] if one["level"] == "error"]
    assert errors
    assert all(one["file"] is None or one["file"].endswith("the file.yml") for one in errors)


@pytest.mark.parametrize("name", [name for name in BAD if name.startswith(("charter", "n", "b"))])
def test_build_answers_bad_charters_and_keeps_the_last_build(name: str, tmp_path: Path) -> None:
    """A charter that does not compile changes nothing of what an earlier one was built into."""
    path, folder = tmp_path / "the charter.yaml", tmp_path / "build"
    path.write_bytes(CHARTER)
    assert run("build", path, "-o", folder).exit_code == 0
    before = contents(folder)
    path.write_bytes(BAD[name])
    refused(run("build", path, "-o", folder), "the charter.yaml")
    assert contents(folder) == before


@pytest.mark.parametrize("name", [name for name in BAD if name.startswith(("rules", "routes"))])
def test_init_answers_bad_files_and_writes_no_charter(name: str, tmp_path: Path) -> None:
    """A charter from files that could not be read would name the wrong teams."""
    (tmp_path / "the file.yml").write_bytes(BAD[name])
    result = run("init", tmp_path / "charter", "--from", tmp_path / "the file.yml")
    if result.exit_code:
        refused(result, "the file.yml")
        assert not (tmp_path / "charter").exists()
    else:
        assert run("check", tmp_path / "charter").exit_code in {0, 1}


@pytest.mark.parametrize("name", [name for name in BAD if name.startswith("rules")])
def test_who_names_the_file_that_hides_the_alert(name: str, tmp_path: Path) -> None:
    """An alert that is not found because its file cannot be read is not just "not found"."""
    (tmp_path / "the file.yml").write_bytes(BAD[name])
    refused(run("who", tmp_path / "the file.yml", "ModelDown"), "the file.yml")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("change", [
    lambda raw: raw.replace(b"\n", b"\r\n"),
    lambda raw: b"\xef\xbb\xbf" + raw,
], ids=["CR LF", "byte order mark"])  # fmt: skip
def test_files_of_other_systems_are_read_alike(
    change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    """Line ends and a byte order mark change no verdict, no finding and no place."""
    reports = []
    for name, rules, routes in (("a", RULES, ROUTES), ("b", change(RULES), change(ROUTES))):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "rules.yml").write_bytes(rules)
        (folder / "alertmanager.yml").write_bytes(routes)
        report = json.loads(run("check", "--format", "json", folder).stdout)
        del report["inputs"]
        reports.append(json.dumps(report).replace(str(folder), ""))
    assert reports[0] == reports[1]


@pytest.mark.parametrize("command", [("check",), ("build", "-o", "out"), ("who", "Alert")])
@pytest.mark.timeout(30)
def test_what_is_no_file_is_answered(command: tuple[str, ...], tmp_path: Path) -> None:
    """A pipe, a socket, links without an end, a missing file, a name that is too long."""
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "loop.yml").symlink_to("loop.yml")
    (tmp_path / "dangling.yml").symlink_to("nothing.yml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.yml"))
    names = ("pipe.yml", "loop.yml", "dangling.yml", "socket.yml", "missing.yml", "x" * 300)
    for name in names:
        result = run(command[0], tmp_path / name, *command[1:])
        assert result.exit_code == 2, (name, result.output)
        refused(result, name)
    assert run("check", "--charter", tmp_path / "pipe.yml").exit_code == 2


@pytest.mark.timeout(30)
def test_folder_with_such_things_is_still_searched(tmp_path: Path) -> None:
    """The good files of a folder are answered, and what could not be read is named."""
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "loop.yml").symlink_to("loop.yml")
    (tmp_path / "up").symlink_to(tmp_path)
    (tmp_path / "rules.yml").write_bytes(RULES)
    (tmp_path / "alertmanager.yml").write_bytes(ROUTES)
    result = run("check", tmp_path)
    assert result.exit_code == 2
    for name in ("pipe.yml", "loop.yml", "HighModelLatency"):
        assert name in result.output


def test_odd_names_are_shown_and_sent_to_no_terminal(tmp_path: Path) -> None:
    """Spaces, line breaks, escapes and bytes that are no UTF-8 in names of files and folders."""
    odd = os.fsdecode(b"a b\n\x1b[31m\xff\xfe" + "模型".encode())
    folder = tmp_path / odd
    folder.mkdir()
    (folder / f"{odd}rules.yml").write_bytes(RULES)
    (folder / f"{odd}alertmanager.yml").write_bytes(ROUTES)
    (folder / f"charter{odd}.yaml").write_bytes(CHARTER)
    for expected, command in (
        (1, ("check", folder)),
        (1, ("check", "--format", "json", folder)),
        (1, ("who", folder, "HighModelLatency")),
        (0, ("build", folder, "-o", folder / "out")),
        (2, ("build", folder / f"missing{odd}", "-o", folder / "out")),
        (0, ("init", folder / "start", "--from", folder)),
        (2, ("check", folder / f"missing{odd}")),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "buckstop", *command], capture_output=True, check=False
        )
        output = done.stdout + done.stderr
        assert done.returncode == expected, output
        assert b"Traceback" not in output, output
        assert output.strip()
        assert b"No module" not in output
        assert b"\x1b" not in output, output
        output.decode("utf-8")


def test_terminal_that_knows_only_ascii_is_no_failure(tmp_path: Path) -> None:
    """The article's Chinese summaries are shown as well as such a terminal can."""
    (tmp_path / "rules.yml").write_bytes(RULES.replace(b"summary:", b"summary: :"))
    done = subprocess.run(
        [sys.executable, "-m", "buckstop", "check", str(tmp_path)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 1, done.stderr
    assert b"yaml-syntax" in done.stdout


def test_a_question_mark_that_alertmanager_trips_over_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within brackets it must be quoted: the servers refuse the file, so there is no verdict."""
    monkeypatch.chdir(tmp_path)
    Path("rules.yml").write_text(
        "groups:\n- name: g\n  rules:\n  - alert: Down\n    expr: up == 0\n"
        "    labels: {team: sre, severity: critical}\n"
    )
    routes = """\
route:
  receiver: ops
  routes:
  - {matchers: [team="sre", severity=~"criticals?"], receiver: sre}
receivers:
- {name: ops, webhook_configs: [{url: 'http://pager.internal/ops'}]}
- {name: sre, webhook_configs: [{url: 'http://pager.internal/sre'}]}
"""
    Path("alertmanager.yml").write_text(routes)
    refused = CliRunner().invoke(root, ["check", "."])
    assert refused.exit_code == 1
    assert "yaml-syntax" in refused.stdout
    assert "alertmanager.yml:4:29" in refused.stdout
    assert """quote it: 'severity=~"criticals?"'""" in refused.stdout
    assert " 0 proven" in refused.stdout
    value = 'severity=~"criticals?"'
    Path("alertmanager.yml").write_text(routes.replace(value, f"'{value}'"))
    mended = CliRunner().invoke(root, ["check", "."])
    assert mended.exit_code == 0
    assert " 1 proven" in mended.stdout


def test_forbidden_files_and_folders_are_named(tmp_path: Path) -> None:
    """What may not be read may hold the very rule that decides, so it is not passed over."""
    for name, mode in (("open.yml", 0o644), ("secret.yml", 0)):
        (tmp_path / name).write_bytes(RULES)
        (tmp_path / name).chmod(mode)
    (tmp_path / "closed").mkdir(mode=0)
    charter = tmp_path / "charter"
    charter.mkdir()
    (charter / "charter.yaml").write_bytes(CHARTER)
    (charter / "closed").mkdir(mode=0)
    tmp_path.chmod(0o755)
    # Commands load their libraries when they run; the child may not be able to read those.
    run("check", tmp_path / "open.yml")
    run("build", charter, "-o", tmp_path / "out", "--check")

    def work() -> None:
        assert run("check", "open.yml").exit_code == 1
        for command in (["check", "secret.yml"], ["who", "secret.yml", "Alert"]):
            assert run(*command).exit_code == 2
        assert run("check", "closed").exit_code == 2
        found = refused(run("check", "."), "closed")
        assert "secret.yml may not be read" in found
        assert "HighModelLatency" in found
        assert "closed" in refused(run("build", "charter", "-o", "out"), "charter")
        refused(run("build", "secret.yml", "-o", "out"), "secret.yml")
        refused(run("build", "closed/charter", "-o", "out"), "closed")
        refused(run("init", "charter2"), "secret.yml")

    try:
        in_child(tmp_path, work)
    finally:
        for folder in (tmp_path / "closed", charter / "closed"):
            folder.chmod(0o755)  # so that pytest can clear it away


def test_read_only_output_folder_keeps_the_last_build(tmp_path: Path) -> None:
    """Where nothing may be written, the reason is said, and the last build stands unchanged."""
    (tmp_path / "charter.yaml").write_bytes(CHARTER)
    assert run("build", tmp_path / "charter.yaml", "-o", tmp_path / "out").exit_code == 0
    before = contents(tmp_path / "out")
    (tmp_path / "charter.yaml").write_bytes(CHARTER.replace(b"0.85", b"0.95"))
    folders = [tmp_path, *(path for path in tmp_path.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)

    as_root = os.getuid() == 0

    def work() -> None:
        result = run("build", "charter.yaml", "-o", "out")
        assert result.exit_code == 2
        assert "may not be written to" in refused(result, "out/")
        assert "may not be written to" in refused(run("build", "charter.yaml", "-o", "new"), "new")
        # What `init` needs is read late, and root's own folders may be closed to the child.
        if not as_root:
            assert "may not be written to" in refused(run("init", "new", "--example"), "new")

    try:
        in_child(tmp_path, work)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert contents(tmp_path / "out") == before
    assert not (tmp_path / "new").exists()


def test_full_disk_keeps_the_last_build_whole(tmp_path: Path) -> None:
    """Routes of today never stand beside rules of yesterday because the disk filled in between."""
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "charter.yaml").write_bytes(CHARTER)
    with tiny_disk(disk, size_kib=256):
        assert run("build", tmp_path / "charter.yaml", "-o", disk / "out").exit_code == 0
        before = contents(disk / "out")
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as out, contextlib.suppress(OSError):
            for _ in range(256):
                out.write(b"x" * 1024)
        with filler.open("r+b") as out:
            out.truncate(filler.stat().st_size - 12 * 1024)  # room for some of the files
        (tmp_path / "charter.yaml").write_bytes(
            CHARTER.replace(b"0.85", b"0.95").replace(b"pager.internal", b"other.internal")
        )
        result = run("build", tmp_path / "charter.yaml", "-o", disk / "out")
        assert result.exit_code == 2
        assert "the disk is full" in refused(result, "out/")
        assert contents(disk / "out") == before


def test_file_in_the_place_of_the_output_folder_is_kept(tmp_path: Path) -> None:
    """A slip in ``-o`` overwrites nothing."""
    (tmp_path / "charter.yaml").write_bytes(CHARTER)
    (tmp_path / "notes").write_text("mine")
    result = run("build", tmp_path / "charter.yaml", "-o", tmp_path / "notes")
    assert result.exit_code == 2
    refused(result, "notes")
    result = run("init", tmp_path / "notes")
    assert result.exit_code == 2
    refused(result, "notes")
    assert (tmp_path / "notes").read_text() == "mine"


@pytest.mark.timeout(30)
def test_pipe_in_the_output_folder_does_not_hang(tmp_path: Path) -> None:
    """Whatever stands where a generated file goes is replaced without being waited for."""
    (tmp_path / "charter.yaml").write_bytes(CHARTER)
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / "accountability.json")
    assert run("build", tmp_path / "charter.yaml", "-o", tmp_path / "out").exit_code == 0
    json.loads((tmp_path / "out" / "accountability.json").read_text())


@pytest.mark.parametrize("team", ["model.owner", "a b", "-", "默认", "x" * 300, "{{ .x }}", "null"])
def test_odd_team_names_become_a_charter_that_passes(team: str, tmp_path: Path) -> None:
    """Whatever stands in a team label today, the charter to start from passes `check`."""
    rules = RULES.replace(b"data_mlops", json.dumps(team, ensure_ascii=False).encode())
    (tmp_path / "rules.yml").write_bytes(rules)
    (tmp_path / "alertmanager.yml").write_bytes(ROUTES)
    assert run("init", tmp_path / "charter", "--from", tmp_path).exit_code == 0
    result = run("check", tmp_path / "charter")
    assert result.exit_code == 0, result.output


FRAGMENTS = (
    b"groups:\n", b"- name: g\n", b"  rules:\n", b"  - alert: A\n", b"    expr: up == 0\n",
    b"    for: 5m\n", b"    labels: {team: x, severity: major}\n", b"route:\n", b"  receiver: a\n",
    b"  routes:\n", b"  - matchers: ['team=\"x\"']\n", b"    receiver: a\n", b"receivers:\n",
    b"- name: a\n", b"  webhook_configs: [{url: 'http://a/'}]\n", b"version: 1\n", b"teams:\n",
    b"  a: {notify: {default: [{webhook: {url: 'http://a/'}}]}}\n", b"accountability:\n",
    b"- {otherwise: true, accountable: a}\n", b"models:\n", b"  m: {slos: []}\n", b"[]", b"{}",
    b": ", b"- ", b"~\n", b"'", b'"', b"&a ", b"*a", b"<<: *a\n", b"---\n", b"\t", b"\xff", b"\0",
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(b"".join))
def test_shuffled_fragments_are_answered(tmp_path: Path, raw: bytes) -> None:
    """Half a charter, half a rule file: every command exits as it promises."""
    path = tmp_path / "mixed.yml"
    path.write_bytes(raw)
    run("check", path)
    run("check", "--rules", path, "--alertmanager", path)
    run("check", "--charter", path)
    run("who", path, "A")
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    run("build", path, "-o", tmp_path / "out")
