"""What we accept and refuse as a rule file is what ``promtool check rules`` does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from buckstop import prometheus, servers
from buckstop.diagnostics import Level
from buckstop.prometheus.codes import PROMETHEUS_TOO_OLD, PROMQL_EXPERIMENTAL
from buckstop.promql.features import EXPERIMENTAL_FUNCTIONS

FILES = {
    "empty-mapping": "{}",
    "groups-null": "groups:",
    "groups-list": "groups: []",
    "groups-mapping": "groups: {name: g}",
    "root-list": "- groups",
    "root-text": "groups",
    "unknown-key": "groups: []\nrules: []",
    "group-unnamed": "groups: [{rules: []}]",
    "group-empty-name": "groups: [{name: ''}]",
    "group-twice": "groups: [{name: g}, {name: g}]",
    "group-number": "groups: [{name: 5}]",
    "group-interval": "groups: [{name: g, interval: 1m30s, limit: 5}]",
    "group-interval-zero": "groups: [{name: g, interval: 0s}]",
    "group-interval-bad": "groups: [{name: g, interval: 1 minute}]",
    "group-limit-text": "groups: [{name: g, limit: many}]",
    "group-labels": "groups: [{name: g, labels: {team: sre}}]",
    "group-labels-odd-name": "groups: [{name: g, labels: {a-b: c}}]",
    "group-labels-metric-name": "groups: [{name: g, labels: {__name__: c}}]",
    "group-labels-template": "groups: [{name: g, labels: {a: '{{ nothing }}'}}]",
    "group-query-offset": "groups: [{name: g, query_offset: 1m}]",
    "group-query-offset-zero": "groups: [{name: g, query_offset: 0s}]",
    "group-query-offset-bad": "groups: [{name: g, query_offset: x}]",
    "group-limit-negative": "groups: [{name: g, limit: -5}]",
    "group-limit-quoted": "groups: [{name: g, limit: '5'}]",
    "group-limit-hex": "groups: [{name: g, limit: 0x10}]",
    **{
        f"group-limit-{limit}": f"groups: [{{name: g, limit: {limit}}}]"
        for limit in ("1_000", "1_000.5", "1_0e3", "1.5_0", "_1", "1__0", "-_5", ".5_0", "1_e3")
    },
    "group-limit-null": "groups: [{name: g, limit: null}]",
    "group-interval-empty": "groups: [{name: g, interval: ''}]",
    "group-interval-null": "groups: [{name: g, interval: null}]",
    "group-mimir": "groups: [{name: g, source_tenants: [a]}]",
    "group-unknown": "groups: [{name: g, partial_response_strategy: warn}]",
    "rules-mapping": "groups: [{name: g, rules: {alert: A, expr: up}}]",
    "duplicate-key": "groups: []\ngroups: []",
}
RULES = {
    "alert": "{alert: A, expr: up}",
    "record": "{record: a:b, expr: up}",
    "both": "{alert: A, record: a, expr: up}",
    "neither": "{expr: up}",
    "empty": "{}",
    "text": "up",
    "alert-empty": "{alert: '', expr: up}",
    "alert-odd-name": "{alert: 'Größe 5!', expr: up}",
    "record-bad-name": "{record: a-b, expr: up}",
    "record-dotted": "{record: a.b, expr: up}",
    "record-space": "{record: 'a b', expr: up}",
    "record-umlaut": "{record: ä, expr: up}",
    "record-braces": "{record: 'a{b}', expr: up}",
    "record-labels-odd-name": "{record: a, expr: up, labels: {a.b: c}}",
    "record-digit": "{record: 5a, expr: up}",
    "record-annotations": "{record: a, expr: up, annotations: {b: c}}",
    "record-for": "{record: a, expr: up, for: 5m}",
    "record-for-zero": "{record: a, expr: up, for: 0s}",
    "record-keep": "{record: a, expr: up, keep_firing_for: 5m}",
    "record-template": "{record: a, expr: up, labels: {b: '{{ nothing }}'}}",
    "no-expr": "{alert: A}",
    "expr-empty": "{alert: A, expr: ''}",
    "expr-null": "{alert: A, expr: null}",
    "expr-number": "{alert: A, expr: 5}",
    "expr-list": "{alert: A, expr: [up]}",
    "for": "{alert: A, expr: up, for: 5m, keep_firing_for: 1h}",
    "for-bare": "{alert: A, expr: up, for: 5}",
    "for-negative": "{alert: A, expr: up, for: -5m}",
    "for-empty": "{alert: A, expr: up, for: ''}",
    "unknown": "{alert: A, expr: up, severity: page}",
    "misspelt": "{alert: A, exp: up}",
    "labels": "{alert: A, expr: up, labels: {severity: page, n: 5, b: yes}}",
    "labels-null-value": "{alert: A, expr: up, labels: {a: null}}",
    "labels-bad-name": "{alert: A, expr: up, labels: {a-b: c}}",
    "labels-umlaut": "{alert: A, expr: up, labels: {ä: c}}",
    "labels-empty-name": "{alert: A, expr: up, labels: {'': c}}",
    "labels-null": "{alert: A, expr: up, labels: null}",
    "annotations-empty-name": "{alert: A, expr: up, annotations: {'': c}}",
    "labels-metric-name": "{alert: A, expr: up, labels: {__name__: c}}",
    "labels-alertname": "{alert: A, expr: up, labels: {alertname: c}}",
    "labels-list": "{alert: A, expr: up, labels: [a]}",
    "labels-nested": "{alert: A, expr: up, labels: {a: [b]}}",
    "annotations": "{alert: A, expr: up, annotations: {summary: 's'}}",
    "annotations-bad-name": "{alert: A, expr: up, annotations: {a.b: c}}",
    "annotations-metric-name": "{alert: A, expr: up, annotations: {__name__: c}}",
    "twice": "{alert: A, expr: up}, {alert: A, expr: up}",
}
TEMPLATES = [
    "{{ $value }}",
    "{{ $labels.instance }} {{ .Labels.instance }}",
    "{{- $value -}}",
    "{{ $value | humanize }}",
    '{{ printf "%.2f" $value }}',
    "{{ with query `up` }}{{ . | first | value }}{{ end }}",
    "{{ range query `up` }}{{ .Labels.job }}{{ else }}none{{ end }}",
    "{{ if gt $value 5.0 }}a{{ else if lt $value 1.0 }}b{{ else }}c{{ end }}",
    "{{ $x := $value }}{{ $x }}",
    "{{ range $i, $e := query `up` }}{{ $i }}{{ $e }}{{ end }}",
    "{{/* a comment */}}a",
    "{{- /* a comment */ -}}a",
    "{{ (query `up` | first).Value }}",
    "{{ define `x` }}a{{ end }}{{ template `x` }}",
    "{{ $externalLabels.region }} {{ $externalURL }} {{ externalURL }}",
    "{{ true }} {{ 5 }} {{ 'a' }} {{ 1.5e3 }} {{ -5 }} {{ nil | len }}",
    "{{",
    "{{ $value",
    "{{ $value }",
    "}}",
    "{ $value }",
    "{{ }}",
    "{{ end }}",
    "{{ if true }}",
    "{{ if }}a{{ end }}",
    "{{ else }}",
    "{{ with $value }}{{ else }}{{ end }}{{ end }}",
    "{{ nothing }}",
    "{{ $nothing }}",
    "{{ $value | }}",
    "{{ | humanize }}",
    "{{ ($value }}",
    "{{ $value) }}",
    '{{ "open }}',
    "{{ `open }}",
    "{{ .Labels.a-b }}",
    "{{ $labels.a.b.c }}",
    "{{ break }}",
    "{{ range query `up` }}{{ break }}{{ end }}",
    "{{/* open }}",
    "{{ $value % 5 }}",
    "{{ .Secret.X }}",
    "{{ humanize $value | printf `%s` }}",
]
EXPRESSIONS = [
    "up",
    "up == 0",
    'up{job="a", b!="c", d=~"e|f", g!~"h.*"}',
    "up{job='a'}",
    "up{job=`a`}",
    "up{job=~`a\\d+`}",
    'up{job=~"a\\\\d+"}',
    'up{job=~"a\\d+"}',
    'up{job=~"("}',
    'up{job=~"\\\\C"}',
    'up{job=~"\\\\Qa.b\\\\E"}',
    'up{job=~"x{1001}"}',
    'up{job=~"[[:alpha:]]+\\\\pL"}',
    'up{job=~"(?P<n>a)"}',
    'up{job=~"(?=a)"}',
    'up{job=~"{{a}}"}',
    'up{job=~"a{,5}"}',
    'up{job="größe"}',
    "up{}",
    "{}",
    '{job=""}',
    '{job=~".*"}',
    '{job=~".+"}',
    '{job=~"\\\\Q\\\\E"}',
    "up{,}",
    "up{job}",
    "up{job=5}",
    "rate(up[5m])",
    "rate(up)",
    "rate(up[5m]) > 0.5",
    "up[5m]",
    "rate(up[5m] offset 1h)",
    "up offset -5m",
    "up @ start()",
    "up @ 5",
    "rate(up[5m:1m])",
    "max_over_time(rate(up[5m])[1h:5m])",
    "rate(up[1h30m])",
    "rate(up[1.5h])",
    "rate(up[0s])",
    "rate(up[30m1h])",
    "sum(up)",
    "sum by (a) (up)",
    "sum(up) by (a, b,)",
    "sum without () (up)",
    "sum by a (up)",
    "sum(5)",
    "topk(5, up)",
    "topk(up)",
    'count_values("x", up)',
    "count_values(x, up)",
    "quantile(0.5, up)",
    "histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m]))) > 0.5",
    "holt_winters(up[5m], 0.5, 0.5)",
    "predict_linear(up[1h], 3600)",
    'label_replace(up, "a", "$1", "b", "(.*)")',
    'label_join(up, "a", ",", "b")',
    "absent(up)",
    "absent(up{job='a'}) or up",
    "vector(1)",
    "time() - up > 5",
    "scalar(up)",
    "abs('x')",
    "abs(up, up)",
    "abs()",
    "nothing(up)",
    "up and up",
    "up and 1",
    "1 and 1",
    "1 == 1",
    "1 == bool 1",
    "1 + 1",
    "up == bool 1",
    "up + bool 1",
    "up > on(a) down",
    "up * on(a) group_left(b) down",
    "up * on(a) group_left down",
    "up * on(a) group_left(a) down",
    "up * group_left down",
    "up and on(a) group_left down",
    "up unless ignoring(a) down",
    "up atan2 down",
    "-up",
    "--up",
    "2 ^ 3 ^ up",
    "up % 5",
    "'text'",
    "5",
    "1e3 * up",
    "0x1F * up",
    "Inf * up",
    "up # a comment",
    "# a comment\nup",
    "# a comment",
    "up\n  ==\n  0",
    "up down",
    "(up",
    "up)",
    "up ==",
    "== up",
    "sum(up",
    "$value",
    'up{a="b"',
    "job:up:sum{a='b'}",
    "sum",
    "sum{a='b'}",
    "by",
    "up == on",
    "day_of_week() == 1",
    "minute(up)",
    "clamp_max(up, 5)",
    "changes(up[5m]) > 0",
    "count(up == 0) by (job) / count(up) by (job) * 100 > 50",
    "avg_over_time(up[5m]) unless on(job) absent(up)",
    "sgn(up)",
    "present_over_time(up[5m])",
    "stddev_over_time(up[5m])",
    "group(up)",
    "label_replace(up)",
    "round(up, 5)",
    "up{__name__='a'}",
    "up{__name__=~'a.*'}",
    "{__name__='a'}",
    "bool",
    "offset",
    'up{a="\\q"}',
    'up{a="b" or c="d"}',
    'up{a="or"} or up',
    "limitk(2, up)",
    "limitk by (a) (2, up)",
    "limit_ratio(0.5, up)",
    'sort_by_label(up, "a")',
    "info(up)",
    "mad_over_time(up[5m])",
    "double_exponential_smoothing(up[5m], 0.5, 0.5)",
    "ts_of_max_over_time(up[5m])",
    "histogram_avg(up)",
    "histogram_stddev(up)",
    "histogram_count(up)",
    '{"a.b"}',
    '{"a.b", c="d"}',
    'up{"a.b"="c"}',
    'up{"down"}',
    'sum by ("a.b") (up)',
    'up + on("a.b") up',
    "up[300]",
    "up[5m:30]",
    "up[5m:30s]",
    "up[5m:]",
    "up[0x10]",
    "up[1e2]",
    "up offset 5",
    "up offset -5",
    "up offset 5m + 1m",
    "1h",
    "up > 5m",
    "up == bool 5m",
    "vector(1h30m)",
    "up{a='5m'} > 5",
    "up:5m > 5",
    "up @ end()",
    "max_over_time(up[1h] @ end())",
    'label_replace(up, "a.b", "x", "b", "c")',
    "up > 1_000",
    "up > 1__0",
    "up > _1",
    "up > 1_",
    "up > 0x1_F",
    "up > 0x_1F",
    "up > 1_000.5",
    "up > 1.5_0",
    "up > 1._5",
    "up > .5_0",
    "up > 5_.0",
    "up > 1e1_0",
    "up > 1e_1",
    "up > 1_e3",
    "up > 0_755",
    "rate(up[1_0m])",
    "rate(up[1_000])",
    "up offset 1_0s",
    "up @ 1_000",
    "topk(1_0, up)",
    "up > 1_0m",
    "up > 0b1_0",
    "a_1_2 > 1_000",
    "up{a='1_000'} > 1",
    "up > 1_000i",
    "up > -1_0",
    "up{a='\\x41\\101\\u0041'}",
    'up{a="a\nb"}',
    "up{a=`a\nb`}",
]

DELIBERATE = {
    "rule expr-null": "promtool takes null for the name of a metric; nobody means that",
    "rule twice": "promtool's own lint; the server loads it, so we warn",
}
"""Where we differ, and why."""


def _cases() -> dict[str, str]:
    cases = {f"file {name}": text for name, text in FILES.items()}
    for name, rule in RULES.items():
        cases[f"rule {name}"] = f"groups: [{{name: g, rules: [{rule}]}}]\n"

    def alert(expr: str, summary: str) -> str:
        def literal(text: str) -> str:
            return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'

        return (
            "groups:\n- name: g\n  rules:\n  - alert: A\n"
            f"    expr: {literal(expr)}\n    annotations:\n      summary: {literal(summary)}\n"
        )

    for template in TEMPLATES:
        cases[f"template {template}"] = alert("up", template)
    for expr in EXPRESSIONS:
        cases[f"expr {expr}"] = alert(expr, "s")
    return cases


EXPERIMENTAL = {
    "limitk(2, up)": ("3.5",),
    "limitk by (a) (2, up)": ("3.5",),
    "limit_ratio(0.5, up)": ("3.5",),
    'sort_by_label(up, "a")': ("2.53", "3.5"),
    "info(up)": ("3.5",),
    "mad_over_time(up[5m])": ("2.53", "3.5"),
    "double_exponential_smoothing(up[5m], 0.5, 0.5)": ("3.5",),
    "ts_of_max_over_time(up[5m])": ("3.5",),
}
"""Expressions that a server takes only with a flag, and the versions of which it has one."""


def _minor(version: str) -> str:
    """``3.5`` of ``3.5.3``."""
    return ".".join(version.split(".")[:2])


def _refused_by_promtool(
    installation: servers.Installation, cases: dict[str, str], folder: Path
) -> dict[str, str]:
    """The cases that promtool refuses, with what it says."""
    refused: dict[str, str] = {}
    paths = {}
    for index, (name, text) in enumerate(cases.items()):
        path = folder / f"{index:04}.yml"
        path.write_text(text, encoding="utf-8")
        paths[str(path)] = name
    done = subprocess.run(
        [str(installation.promtool), "check", "rules", *paths],
        cwd=installation.working_folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    reports = re.split(r"^Checking (\S+)$", done.stdout, flags=re.MULTILINE)[1:]
    assert len(reports) == 2 * len(cases), done.stdout
    for checked, report in zip(reports[::2], reports[1::2], strict=True):
        if "FAILED" in report:
            refused[paths[checked]] = report.strip()
    return refused


@pytest.mark.servers
def test_we_refuse_exactly_the_rule_files_that_promtool_refuses(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Nothing that loads is called wrong, and nothing that does not load passes."""
    cases = _cases()
    version = _minor(each_installation.prometheus_version)
    refused = _refused_by_promtool(each_installation, cases, tmp_path)
    disagreements = []
    for name, text in cases.items():
        _, diagnostics = prometheus.read_rules(text, "rules.yml", version)
        found = [one.message for one in diagnostics if one.level is Level.ERROR]
        # promtool knows no flags of the server's.
        found += [one.message for one in diagnostics if one.code is PROMQL_EXPERIMENTAL]
        if bool(found) != (name in refused) and name not in DELIBERATE:
            ours = found[0] if found else "accepted"
            disagreements.append(f"{name}\n  ours: {ours}\n  promtool: {refused.get(name)}")
    assert not disagreements, "\n".join(disagreements)


@pytest.mark.servers
def test_a_server_with_the_flag_takes_the_experimental_functions_of_its_version(
    each_installation: servers.Installation,
) -> None:
    """What we call experimental loads with the flag that we name; what we call too new does not."""
    version = _minor(each_installation.prometheus_version)
    flag = f"--enable-feature={EXPERIMENTAL_FUNCTIONS}"
    with servers.Prometheus(each_installation, "{}", flags=[flag]) as server:
        for expr, versions in EXPERIMENTAL.items():
            rules = f"groups: [{{name: g, rules: [{{alert: A, expr: '{expr}'}}]}}]"
            _, diagnostics = prometheus.read_rules(rules, "rules.yml", version)
            codes = {one.code for one in diagnostics}
            if version in versions:
                assert codes == {PROMQL_EXPERIMENTAL}, expr
                assert flag in diagnostics[0].message
                server.query(expr)
            else:
                assert codes == {PROMETHEUS_TOO_OLD}, expr
                with pytest.raises(servers.ServerRefused):
                    server.query(expr)
