"""``buckstop route`` as a user meets it."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.label_sets import read_firing
from buckstop.cli.main import root
from buckstop.diagnostics.source import source_lines
from buckstop.document import shown_text
from buckstop.document.text import MAX_BYTES
from buckstop.servers import Installation

ROOT = Path(__file__).parents[2]
CHARTER = ROOT / "examples" / "article" / "charter"
PAGES = ROOT / "docs" / "diagnostics"
ROUTES = """\
route:
  receiver: ops
  group_by: [alertname]
  routes:
  - {receiver: ledger, continue: true}
  - receiver: sre
    matchers: [team="sre"]
    mute_time_intervals: [weekend]
    routes:
    - {receiver: pager, matchers: [severity="critical"], group_by: ['...'], group_wait: 0s}
  - {receiver: ops}
time_intervals:
- name: weekend
  time_intervals: [{weekdays: [saturday, sunday], location: Europe/Berlin}]
inhibit_rules:
- {source_matchers: [severity=critical], target_matchers: [severity=minor], equal: [model]}
receivers: [{name: ops}, {name: ledger}, {name: sre}, {name: pager}]
"""


@pytest.fixture
def routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an alertmanager.yml, which is the current one."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "alertmanager.yml"
    path.write_text(ROUTES)
    return path


def route(*words: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(root, ["route", *words], input=given)


def batch(text: str | bytes, *words: str) -> tuple[int, list[dict[str, Any]], str]:
    result = route("--batch", "-", *words, given=text)
    return (
        result.exit_code,
        [json.loads(line) for line in result.stdout.splitlines()],
        result.stderr,
    )


@pytest.mark.usefixtures("routes")
def test_receivers_are_printed_in_order_as_amtool_prints_them() -> None:
    """One line, commas between; an alert without labels is one too."""
    assert route("team=sre", "severity=critical").stdout == "ledger,pager\n"
    assert route().stdout == "ledger,ops\n"
    assert route("alertmanager.yml", "team=SRE=x").stdout == "ledger,ops\n"


@pytest.mark.usefixtures("routes")
def test_json_has_routes_groups_timers_and_team() -> None:
    """The shape that scripts rely on."""
    value = json.loads(route("--format", "json", "team=sre", "severity=critical").stdout)
    assert value["labels"] == {"team": "sre", "severity": "critical"}
    assert value["receivers"] == ["ledger", "pager"]
    assert (value["team"], value["muted"], value["inhibited_by"]) == ("sre", False, None)
    assert value["routes"][1] == {
        "path": [1, 0],
        "receiver": "pager",
        "matchers": ['severity="critical"'],
        "group_by": ["..."],
        "group_wait": "0s",
        "group_interval": "5m",
        "repeat_interval": "4h",
        "group_key": '{}/{team="sre"}/{severity="critical"}:{severity="critical", team="sre"}',
        "muted_by": [],
    }


@pytest.mark.usefixtures("routes")
def test_mute_times_count_once_a_time_is_given() -> None:
    """A Sunday in Berlin that is still Saturday in UTC; without a time it is not known."""
    unasked = route("team=sre")
    assert unasked.stdout == "ledger,sre\n"
    assert "say when with --at" in unasked.stderr
    sunday = route("--at", "2026-11-21T23:30:00Z", "team=sre")
    assert sunday.stdout == "ledger,sre\n", "who is routed, whoever is notified"
    assert sunday.stderr == "sre is muted by weekend (alertmanager.yml:6)\n"
    assert route("--at", "2026-11-23T00:00+01:00", "team=sre").stdout == "ledger,sre\n"
    _, (unknown,), _ = batch('{"labels": {"team": "sre"}}')
    assert (unknown["muted"], unknown["routes"][1]["muted_by"]) == (False, None)


@pytest.mark.parametrize(
    "time", ["now", "2026-11-22", "2026-11-22T10:00", "2026-02-30T10:00Z", "0001-01-01T00:00Z"]
)
@pytest.mark.usefixtures("routes")
def test_time_without_a_zone_or_out_of_the_calendar_is_refused(time: str) -> None:
    """A time without its zone would be read as the wrong one by somebody."""
    result = route("--at", time)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("form", ["api", "lines", "label sets", "UTF-16"])
def test_firing_alerts_inhibit(routes: Path, form: str) -> None:
    """As the API lists them, one a line, or as label sets; what is resolved does not count."""
    critical = {"severity": "critical", "model": "m"}
    resolved = {"labels": {"severity": "critical", "model": "other"}, "status": "resolved"}
    pending = {"labels": {"severity": "critical", "model": "other"}, "state": "pending"}
    active = {"labels": critical, "status": {"state": "active"}}
    alerts: list[dict[str, Any]] = [active, resolved, pending]
    text = json.dumps(alerts)
    if form == "lines":
        text = "\n".join(map(json.dumps, alerts))
    if form == "label sets":
        text = json.dumps(critical)
    encoding = "utf-16" if form == "UTF-16" else "utf-8"
    (routes.parent / "firing").write_bytes(text.encode(encoding))
    result = route("--firing", "firing", "severity=minor", "model=m")
    assert result.exit_code == 0
    assert result.stdout == "ledger,ops\n"
    assert result.stderr == (
        'inhibited by {model="m", severity="critical"} (alertmanager.yml:16)\n'
    )
    other = route("--firing", "firing", "severity=minor", "model=other")
    assert other.stdout == "ledger,ops\n"


@pytest.mark.usefixtures("routes")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be"])
def test_a_batch_is_read_in_the_encoding_that_it_begins_with(encoding: str) -> None:
    """As every other file: what an editor or a shell on Windows writes is answered too."""
    text = '{"labels": {"team": "sre", "x": "模型"}}\n{"labels": 1}\n{"labels": {}}\n'
    mark = "" if encoding == "utf-8-sig" else "\ufeff"
    code, answers, _ = batch((mark + text).encode(encoding))
    assert (code, answers) == batch(text)[:2]
    assert [answer.get("receivers") for answer in answers] == [
        ["ledger", "sre"],
        None,
        ["ledger", "ops"],
    ]


def test_firing_alerts_may_hold_what_json_allows(routes: Path) -> None:
    """An annotation may hold a character that YAML refuses, and alerts may be many."""
    alert = {"labels": {"severity": "critical", "model": "m"}, "annotations": {"x": "\x7f\x85"}}
    padding = " " * MAX_BYTES
    (routes.parent / "firing").write_text(json.dumps([alert], ensure_ascii=False) + padding)
    result = route("--firing", "firing", "severity=minor", "model=m")
    assert result.exit_code == 0, result.stderr[-500:]
    assert "inhibited by" in result.stderr


def test_firing_alerts_under_a_mark_have_their_findings_where_editors_show_the_text() -> None:
    """Bytes that are plain text under a mark of UTF-16 make one line of other characters."""
    data = b'\xfe\xff{"labels": 2026-02-30\n{"labsls": {}}\n'
    firing, findings = read_firing(io.BytesIO(data), "firing")
    assert firing == ()
    assert [str(one.span) for one in findings] == ["firing:1:19"]
    assert [len(line) for line in source_lines(shown_text(data))] == [19]


@pytest.mark.usefixtures("routes")
def test_tree_shows_the_way() -> None:
    """Routes that notify and those on the way are marked, also without colours."""
    assert route("--tree", "team=sre").stdout == (
        "| the root → ops  alertmanager.yml:2\n"
        "> ├─ everything → ledger (and goes on)  alertmanager.yml:5\n"
        '> ├─ {team="sre"} → sre [sre] (muted: weekend)  alertmanager.yml:6\n'
        '  │  └─ {severity="critical"} → pager [sre]  alertmanager.yml:10\n'
        "  └─ everything → ops  alertmanager.yml:11\n"
    )
    assert route("--tree").stdout.startswith("the root → ops")
    tree = json.loads(route("--tree", "--format", "json", "team=sre").stdout)
    assert [child["part"] for child in tree["routes"]] == ["notifies", "notifies", "not taken"]
    assert tree["routes"][1]["routes"][0]["team"] == "sre"


@pytest.mark.usefixtures("routes")
def test_batch_answers_line_by_line_and_goes_on_past_broken_ones() -> None:
    """Every line has its answer at its place; broken and unmet ones make it exit with 1."""
    lines = (
        b'{"labels": {"team": "sre"}, "expect": ["ledger", "sre"]}\n'
        b'{"labels": {"team": "sre"}, "expect": ["sre"]}\n'
        b"\n"
        b"{\n"
        b'{"labels": {"x": null}}\n'
        b'["labels"]\n'
        b'{"labels": {"x": "\xff"}}\n'
        b'{"labels": {}, "expect": "ops"}\n' + b"[" * 100_000 + b"\n"
        b'{"labels": {"x": "' + b"y" * (1 << 20) + b'"}}\n'
        b'{"labels": {"x": "\\ud800"}}'
    )
    code, answers, said = batch(lines)
    assert code == 1
    assert [answer.get("met") for answer in answers[:2]] == [True, False]
    wrong = [answer["diagnostics"][0] for answer in answers[2:-1]]
    assert [(one["code"], one["line"]) for one in wrong] == [
        ("label-set-invalid", line) for line in (4, 5, 6, 7, 8, 9, 10)
    ]
    assert answers[-1]["labels"] == {"x": "\ufffd"}
    assert "3 label sets, 1 unexpected, 7 lines not read" in said
    assert "route-unexpected" in said
    assert "expected sre; it goes to ledger,sre" in said


@pytest.mark.usefixtures("routes")
def test_batch_answers_as_one_call_for_each() -> None:
    """What is remembered between lines changes no answer, nor does a group by all labels."""
    sets = [
        {"team": "sre", "severity": severity, "alertname": name, "model": model}
        for severity in ("critical", "minor")
        for name in ("A", "B")
        for model in ("m", "n", "m")
    ]
    Path("firing.json").write_text('{"labels": {"severity": "critical", "model": "n"}}\n')
    options = ("--firing", "firing.json", "--at", "2026-12-05T12:00:00Z")
    lines = "".join(f"{json.dumps({'labels': labels})}\n" for labels in sets)
    code, answers, _ = batch(lines, *options)
    assert code == 0
    assert {answer["inhibited_by"] is None for answer in answers} == {True, False}
    for labels, answer in zip(sets, answers, strict=True):
        words = [f"{name}={value}" for name, value in labels.items()]
        assert answer == json.loads(route("--format", "json", *options, *words).stdout)


@pytest.mark.usefixtures("routes")
@pytest.mark.parametrize(
    "written",
    [
        '{"labels": {"team": "sre", "x": "模型"}}',
        ' {"labels":{"team":"sre","x":"模型"}} ',
        '{"labels": {"team": "sre", "x": "\\u6a21型"} }',
        '{"labels": {"team": "sre" ,"x": "模型"}}',
        '{"labels": {"team": "sre", "x": "模型" }}',
        '{"labels": {"team": "ops", "x": "模型", "team": "sre"}}',
        '{"labels": {"y": "z"}, "labels": {"team": "sre", "x": "模型"}}',
        '{"labels": {"team": "sre", "x": "模型"}, "expect": null}',
    ],
)
def test_labels_are_answered_as_they_are_meant_however_they_are_written(written: str) -> None:
    """What a line has twice or escapes comes out once and plain, as the quick way has it too."""
    result = route("--batch", "-", given=written)
    labels, _, rest = result.stdout.partition(', "routes": ')
    assert labels == '{"labels": {"team": "sre", "x": "模型"}'
    assert rest


@pytest.mark.usefixtures("routes")
@pytest.mark.parametrize("name", ["a", ": ", ", ", "}}"])
def test_labels_that_look_like_json_are_answered_as_they_are(name: str) -> None:
    """Names and values that could be taken for what stands between them are themselves."""
    sets = [{name: ": ", "x": ", "}, {name: "}}", "x": ""}, {name: "x", "x": "{"}]
    code, answers, _ = batch("".join(f"{json.dumps({'labels': labels})}\n" for labels in sets))
    assert code == 0
    assert [answer["labels"] for answer in answers] == sets


@pytest.mark.usefixtures("routes")
def test_white_space_beside_a_text_of_punctuation_is_written_as_everywhere() -> None:
    """A name that reads like what stands between texts hides no misplaced space."""
    result = route("--batch", "-", given='{"labels": {": " :": "}}')
    assert result.stdout.startswith('{"labels": {": ": ": "}, ')


@pytest.mark.usefixtures("routes")
def test_a_control_character_in_a_text_is_refused() -> None:
    """JSON has it escaped, and the server refuses it too."""
    code, (answer,), _ = batch(b'{"labels": {"team": "s\tre"}}')
    assert code == 1
    assert answer["diagnostics"][0]["code"] == "label-set-invalid"


def test_batch_says_where_no_route_takes_the_alert(routes: Path) -> None:
    """A root with matchers is refused, and answered as it is written."""
    routes.write_text("route: {receiver: a, matchers: [x=y]}\nreceivers: [{name: a}]\n")
    code, (answer,), _ = batch('{"labels": {"x": "z"}}')
    assert code == 1
    assert answer == json.loads(route("x=z", "--format", "json").stdout)
    assert answer["routes"] == []


def test_flood_of_findings_is_counted_not_printed(routes: Path) -> None:
    """Of ten thousand unmet expectations a few are shown."""
    line = '{"labels": {}, "expect": ["nobody"]}\n'
    code, answers, said = batch(line * 10_000)
    assert (code, len(answers)) == (1, 10_000)
    assert "10,000 unexpected" in said
    assert len(said) < 5_000


def test_charter_is_asked_as_it_compiles() -> None:
    """Routes of a charter's build, and the team that it names."""
    words = ("accountable_team=infra_sre", "severity=critical")
    value = json.loads(route(str(CHARTER), *words, "--format", "json").stdout)
    assert value["team"] == "infra_sre"
    assert value["routes"][0]["group_wait"] == "0s"


def test_build_is_asked_as_it_will_be_loaded(tmp_path: Path) -> None:
    """Its manifest says whose the receivers are."""
    built = CliRunner().invoke(root, ["build", str(CHARTER), "-o", str(tmp_path / "out")])
    assert built.exit_code == 0, built.output
    words = ("accountable_team=data_mlops", "severity=major", "fault=drift")
    value = json.loads(route(str(tmp_path / "out"), *words, "--format", "json").stdout)
    assert value["team"] == "data_mlops"
    assert len(value["receivers"]) > 1, "those who are informed are told too"


def test_error_beside_the_routes_is_said_and_the_answer_given(routes: Path) -> None:
    """The server refuses the file, so the exit code is 1; where the alert would go is plain."""
    routes.write_text("route: {receiver: a}\nreceivers: [{name: a, slack_configs: [{}]}]\n")
    result = route("x=y")
    assert (result.exit_code, result.stdout) == (1, "a\n")
    assert "slack-url-missing" in result.stderr


def test_target_decides_what_an_empty_group_by_means(routes: Path) -> None:
    """It inherits before 0.31 and is one group since."""
    routes.write_text(
        "route: {receiver: a, group_by: [x], routes: [{group_by: []}]}\nreceivers: [{name: a}]\n"
    )
    for version, group_by in (("0.28", ["x"]), ("0.33", [])):
        answer = route("--target", f"alertmanager={version}", "--format", "json", "x=y")
        assert json.loads(answer.stdout)["routes"][0]["group_by"] == group_by


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nowhere.yml",), 2, "nowhere.yml does not exist"),
        (("--batch", "-", "team=x"), 2, "takes its labels from the file"),
        (("--batch", "-", "--firing", "-"), 2, "only one of"),
        (("--batch", "missing.jsonl"), 2, "missing.jsonl"),
        (("--batch", "."), 2, "directory"),
    ],
)
@pytest.mark.usefixtures("routes")
def test_what_cannot_be_asked_is_said(words: tuple[str, ...], code: int, said: str) -> None:
    """In words, and with 2."""
    result = route(*words)
    assert result.exit_code == code
    assert said in result.output
    assert "Traceback" not in result.output


def test_routes_with_an_error_are_refused_with_its_place(routes: Path) -> None:
    """A receiver that is not there: nothing is guessed, exit code 1."""
    routes.write_text("route:\n  receiver: nobody\nreceivers: [{name: a}]\n")
    result = route("x=y")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "receiver-undefined" in result.stderr
    assert "alertmanager.yml:2" in result.stderr


def test_folder_without_routes_exits_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says what it looked for."""
    monkeypatch.chdir(tmp_path)
    result = route("x=y")
    assert result.exit_code == 2
    assert "no alertmanager.yml and no charter found" in result.output


@pytest.mark.parametrize("code", ["label-set-invalid", "route-unexpected"])
def test_examples_of_the_pages_are_as_they_say(routes: Path, code: str) -> None:
    """The bad line has the finding, the good one none."""
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    shown = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    text = (
        shown[1]
        if shown
        else 'route: {receiver: r, routes: [{receiver: sre, matchers: [team="sre"]}]}'
    )
    routes.write_text(text if shown else f"{text}\nreceivers: [{{name: r}}, {{name: sre}}]\n")
    for kind, expected in (("bad", 1), ("good", 0)):
        line = re.search(rf"```json {kind}\n(.*?)```", page, re.DOTALL)
        assert line is not None
        exit_code, _, said = batch(line[1])
        assert exit_code == expected
        assert (code in said) is (kind == "bad")


@pytest.mark.usefixtures("routes")
def test_a_line_of_a_batch_with_a_key_that_is_not_read_is_a_finding() -> None:
    """`expected` for `expect` would expect nothing and be met by anything."""
    code, (answer,), _ = batch('{"labels": {"team": "sre"}, "expected": ["nobody"]}')
    assert code == 1
    assert "'expected'" in answer["diagnostics"][0]["message"]
    assert "routes" not in answer


WORDS = (
    *('team="a"', "team=a", "team=~a", "team!=a", "team=", "team='a'", 'team="a b"', "team=a b"),
    *('team="a', r'team="a\"b"', "team==a", "team=a,b=c", "team", "=a", "team = a", 'team="a",b=c'),
)


@pytest.mark.servers
def test_labels_are_written_as_for_amtool(each_installation: Installation, tmp_path: Path) -> None:
    """Quoted or not; what amtool refuses is refused, and what it takes goes the same way."""
    file = tmp_path / "alertmanager.yml"
    file.write_text(
        "route:\n  receiver: d\n  routes:\n"
        "  - {matchers: [team=a], receiver: a}\n"
        "  - {matchers: ['team=\"a b\"'], receiver: ab}\n"
        '  - {matchers: [\'team="a\\"b"\'], receiver: quote}\n'
        "  - {matchers: ['team=\"''a''\"'], receiver: single}\n"
        "receivers: [{name: d}, {name: a}, {name: ab}, {name: quote}, {name: single}]\n"
    )
    test = [str(each_installation.amtool), "config", "routes", "test", f"--config.file={file}"]
    for word in WORDS:
        theirs = subprocess.run([*test, word], capture_output=True, encoding="utf-8", check=False)
        ours = CliRunner().invoke(root, ["route", str(file), word])
        assert (ours.exit_code == 0) == (theirs.returncode == 0), (word, ours.output)
        if theirs.returncode == 0:
            assert ours.stdout == theirs.stdout.splitlines(keepends=True)[-1], word


def test_regions_are_every_way_that_alerts_with_these_labels_may_take(routes: Path) -> None:
    """Of the labels that are not given, those that decide, with the values that lead there."""
    answered = json.loads(route("--regions", "--format", "json", "severity=critical").stdout)
    assert [(one["where"], one["receivers"], one["team"]) for one in answered] == [
        ({"team": "sre"}, ["ledger", "pager"], "sre"),
        ({"team": "not sre"}, ["ledger", "ops"], None),
    ]
    assert answered[0]["example"] == {"severity": "critical", "team": "sre"}
    for one in answered:
        words = [f"{name}={value}" for name, value in one["example"].items()]
        assert route(*words).stdout.strip().split(",") == one["receivers"]
    text = route("--regions").stdout
    assert "team sre, severity critical" in text or "severity critical, team sre" in text


def test_regions_stand_alone(routes: Path) -> None:
    """A time and firing alerts are of one alert; nothing is said of them where many are meant."""
    assert route("--regions", "--tree").exit_code == 2
    assert route("--regions", "--at", "2026-12-25T03:00:00Z").exit_code == 2
    assert route("--regions", "--batch", "-", given="").exit_code == 2
