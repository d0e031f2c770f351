"""What libyaml reads and the servers' go-yaml refuses is refused; tags say what they say there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from buckstop.document import Mapping, Scalar, parse, parse_one
from buckstop.servers import Installation

REFUSED = (
    r'a: "http:\/\/x"',
    r'- &k "\\\/"',
    '"a\\\n \\/"',
    "%YAML 1.2\n---\na: b",
    "# c\n%YAML 1.2\n---\na: b",
)
ADMITTED = (
    r"a: 'x\/y'",
    r'a: "x\\/y"',
    r"a: x\/y",
    "%YAML 1.1\n---\na: b",
    "a: '%YAML 1.2'",
)
MISFITS = (
    *("!!int x", '!!int ""', "!!int 1e3", "!!int 09", "!!int 99999999999999999999"),
    *('!!float "x"', "!!bool x", "!!null x", "!!timestamp x", "!!binary x", '!!binary "Y Q=="'),
    "!<tag:yaml.org,2002:int> x",
)
"""Values that are not what their tag says."""
FITS = (
    *('!!int "5"', "!!int 0x1F", "!!float 1_0.5", "!!float 1", "!!bool TRUE", '!!null "~"'),
    *("!!timestamp 2020-01-01", "!foo x", "!!foo x", "!!binary YQ=="),
)
VALUES = (
    *("!!str ~", "!!foo ~", "!foo null", "! ~", "! x", "~", '"~"', "!!str null", "!!str 5"),
    *("!!int 0x1F", "!!binary YQ==", '!!binary "YWI="', "!!null ~", "!!bool true"),
)


@pytest.mark.parametrize("text", [*REFUSED, *(f"a: {value}" for value in MISFITS), "!!int x: a"])
def test_what_the_servers_refuse_is_refused_whole(text: str) -> None:
    """With one finding, and no tree of which anything could be proven."""
    parsed = parse(text, "f")
    assert [found.code.name for found in parsed.diagnostics] == ["yaml-syntax"]
    assert parsed.root is None


@pytest.mark.parametrize("text", [*ADMITTED, *(f"a: {value}" for value in FITS)])
def test_what_the_servers_read_is_read(text: str) -> None:
    """A backslash outside double quotes and a tag that fits are nobody's fault."""
    assert not parse(text, "f").diagnostics


def test_an_escaped_slash_is_shown_where_it_stands() -> None:
    """The place is the escape's, not the start of the value."""
    (found,) = parse('a: 1\nb: "é\\/"', "f").diagnostics
    assert found.span is not None
    assert (found.span.line, found.span.column) == (2, 6)


def test_a_version_of_yaml_that_no_server_reads_is_shown_at_its_line() -> None:
    """And what follows the directive is no second document."""
    root, (found,) = parse_one("# c\n%YAML 1.2\n---\na: b\n", "f")
    assert root is None
    assert found.message == "the servers read YAML 1.1 only and refuse another version"
    assert found.span is not None
    assert found.span.line == 2


def test_of_two_anchors_of_one_name_the_inner_holds() -> None:
    """As go-yaml has it: the anchor that began last is the one that an alias means."""
    parsed = parse("a: &x {b: &x c}\nd: *x", "f")
    assert isinstance(parsed.root, Mapping)
    inner = parsed.root.get("d")
    assert isinstance(inner, Scalar)
    assert inner.text == "c"


@pytest.mark.servers
def test_the_servers_judge_alike(each_installation: Installation, tmp_path: Path) -> None:
    """Both tools refuse as YAML what is refused here, and read the rest."""
    amtool = (str(each_installation.amtool), "check-config")
    promtool = (str(each_installation.promtool), "check", "rules")
    texts = (*REFUSED, *ADMITTED)
    values = (*MISFITS, *FITS)
    receivers = [
        f"route: {{receiver: d}}\nreceivers:\n- name: d\n- name: {value}" for value in values
    ]
    rules = [
        f"groups:\n- name: g\n  rules:\n  - {{record: a, expr: b, labels: {{c: {value}}}}}"
        for value in values
    ]
    for tool, tagged in (amtool, receivers), (promtool, rules):
        refused = _refused(tool, (*texts, *tagged), tmp_path)
        assert refused == [
            *(text in REFUSED for text in texts),
            *(value in MISFITS for value in values),
        ]


def _refused(tool: tuple[str, ...], texts: Sequence[str], folder: Path) -> list[bool]:
    """Of each text whether `tool` takes it for no YAML."""
    files = [folder / f"{i}.yml" for i in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text + "\n", encoding="utf-8")
    done = subprocess.run(
        [*tool, *map(str, files)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    refused = re.findall(r"/(\d+)\.yml[^\n]*?yaml: (?!unmarshal errors)", done.stdout + done.stderr)
    return [str(i) in refused for i in range(len(texts))]


@pytest.mark.servers
def test_tagged_values_of_labels_are_those_of_promtool(
    each_installation: Installation, tmp_path: Path
) -> None:
    """A label with a tagged value is the one that promtool's own alert carries."""
    rules = "".join(
        f"  - alert: A{i}\n    expr: up == 0\n    labels:\n      team: {value}\n"
        for i, value in enumerate(VALUES)
    )
    (tmp_path / "r.yml").write_text(f"groups:\n- name: g\n  rules:\n{rules}")
    checks = "".join(
        f"  - {{eval_time: 1m, alertname: A{i}, exp_alerts: []}}\n" for i in range(len(VALUES))
    )
    (tmp_path / "t.yml").write_text(
        "rule_files: [r.yml]\ntests:\n- interval: 1m\n"
        "  input_series: [{series: up, values: '0x5'}]\n"
        f"  alert_rule_test:\n{checks}"
    )
    done = subprocess.run(
        [str(each_installation.promtool), "test", "rules", "t.yml"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    got = {
        name: (re.findall(r'team="([^"]*)"', labels) or [""])[0]
        for name, labels in re.findall(
            r'Labels:\{(?=.*?alertname="(A\d+)")([^}]*)\}', done.stdout + done.stderr
        )
    }
    expected = {}
    for i, value in enumerate(VALUES):
        root = parse(f"team: {value}", "f").root
        assert isinstance(root, Mapping)
        scalar = root.get("team")
        assert isinstance(scalar, Scalar)
        expected[f"A{i}"] = "" if scalar.is_null else scalar.text
    assert got == expected
