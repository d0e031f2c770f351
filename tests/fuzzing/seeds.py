"""Valid input to start from: the repository's own files, and what they do not show."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def _texts(*patterns: str) -> tuple[bytes, ...]:
    """Files of the repository, in the order of their names."""
    found = tuple(path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern)))
    assert found, patterns
    return found


RULES: Final = _texts(
    "tests/golden/full/build/prometheus/rules/*.yml",
    "tests/fixtures/article/model_alerts.yml",
    "examples/article/original/*alerts*.yml",
)
ROUTES: Final = _texts(
    "tests/golden/full/build/alertmanager/alertmanager.yml",
    "tests/fixtures/article/alertmanager.yml",
)
CHARTERS: Final = _texts("tests/golden/full/charter/*.yaml", "examples/article/charter/*.yaml")
MANIFESTS: Final = _texts("tests/golden/full/build/accountability.json")
OBJECTS: Final = _texts("tests/kubernetes/shop/**/*.yaml")
PROMETHEUS: Final = (
    (
        b"global: {scrape_interval: 15s, evaluation_interval: 1m, external_labels: {zone: eu}}\n"
        b"rule_files: ['rules/*.yml']\n"
        b"alerting:\n"
        b"  alert_relabel_configs:\n"
        b"  - {source_labels: [a, b], regex: '(.*);x', target_label: c, replacement: $1}\n"
        b"  alertmanagers:\n"
        b"  - scheme: https\n"
        b"    timeout: 10s\n"
        b"    basic_auth: {username: u, password_file: p}\n"
        b"    static_configs: [{targets: ['am:9093'], labels: {a: b}}]\n"
        b"scrape_configs: [{job_name: j, static_configs: [{targets: [x]}]}]\n"
    ),
)
TIMES: Final = (
    (
        b"route:\n"
        b"  receiver: a\n"
        b"  routes: [{matchers: ['x=~\"y.*\"'], mute_time_intervals: [night]}]\n"
        b"receivers: [{name: a, webhook_configs: [{url: 'http://x'}]}]\n"
        b"time_intervals:\n"
        b"- name: night\n"
        b"  time_intervals:\n"
        b"  - times: [{start_time: '22:00', end_time: '24:00'}]\n"
        b"    weekdays: ['monday:friday', sunday]\n"
        b"    days_of_month: ['1:5', '-3:-1']\n"
        b"    months: ['january:march', '12']\n"
        b"    years: ['2020:2030']\n"
        b"    location: Europe/Berlin\n"
        b"inhibit_rules: [{source_matchers: [a=b], target_matchers: ['c=~\"d\"'], equal: [e]}]\n"
        b"templates: ['*.tmpl']\n"
    ),
)
EXPRESSIONS: Final = (
    b'sum by (job) (rate(http_requests_total{job=~"a|b.*", code!~`5..`}[5m] offset 1h)) > 0.5',
    b"histogram_quantile(0.95, sum without (pod) (rate(latency_bucket[5m]))) and on(a) up # why",
    b'label_replace(up, "x", "$1", "y", "(.*)") unless absent_over_time(up{a="b"}[1h:5m] @ 0)',
    b"topk(3, -foo ^ 2 * ignoring(a) group_left(b) bar) == bool 0x1F or vector(1e-3)",
    b'{"quoted name", a="\\u6a21"} + holt_winters(x[1d], 0.5, 0.5)',
)
TEMPLATES: Final = (
    (
        b'{{ range $i, $a := .Alerts.Firing }}{{ if eq $a.Labels.team "x" }}{{ $i }}{{ else }}-'
        b'{{- end }}{{ end -}} {{ .CommonLabels.SortedPairs.Values | join ", " | toUpper }}'
    ),
    b'{{ define "t" }}{{ . }}{{ end }}{{ template "t" .GroupLabels }}{{ /* c */ }}',
    b"{{ $labels.instance }} is {{ $value | humanize }} {{ with $x := 1 }}{{ $x }}{{ end }}",
    b'{{ printf "%5.2f %v" $value .Labels }} {{ reReplaceAll "(a)" "$1" "x" }} {{ 0x1p-2 }}',
    b'{{ range query "up" }}{{ .Labels.job }}{{ .Value }}{{ break }}{{ end }} {{ `raw` }}',
)
PATTERNS: Final = (
    b"a|b|c",
    b"(?i)ab+c{2,3}?.*",
    b"^(?:[[:alpha:]]\\pL|\\x{6a21}|\\Qa.b\\E)$",
    b"[^\\d\\s-]+(?P<n>x)?(?s:.)\\b",
)
MATCHERS: Final = (
    b'{team="infra", env=~"a|b", zone!~"(?i)x.*", a!=b}',
    b'"quoted \\u00e9 name"="\\x41\\n"',
    b"a=b,c=d,",
)
DURATIONS: Final = (b"1h30m", b"5m", b"500ms", b"1y2w3d4h5m6s7ms", b"0")
VERSIONS: Final = (b"0.25", b"2.53.1", b"3.5")
OBJECTIVES: Final = (b">= 0.85", b"<= 500ms", b"99.9%", b"in 0.1..0.3", b"<= +10%", b"10/s")
WEBHOOKS: Final = (
    (
        b'{"version": "4", "groupKey": "{}:{a=\\"b\\"}", "truncatedAlerts": 0, "status": "firing", '
        b'"receiver": "r", "groupLabels": {}, "commonLabels": {"a": "b"}, "commonAnnotations": {}, '
        b'"externalURL": "http://x", "alerts": [{"status": "firing", "labels": {"alertname": "A"}, '
        b'"annotations": {"summary": "s"}, "startsAt": "2026-01-01T00:00:00Z", '
        b'"endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": "0123456789abcde"}]}'
    ),
)
FEEDS: Final = (
    (
        b'[{"labels": {"alertname": "A", "team": "x"}, "annotations": {"d": "e"}, '
        b'"startsAt": "2026-01-01T00:00:00.123456789+02:00", "endsAt": "2026-01-01T01:00:00Z", '
        b'"generatorURL": "http://p/graph"}, {"labels": {"alertname": "B"}}]'
    ),
)
LABEL_SETS: Final = (
    b'{"labels": {"team": "a"}, "expect": ["x", "y"]}\n{"labels": {}}\n',
    b'[{"labels": {"alertname": "A"}, "status": {"state": "active"}}]',
    b'{"alertname": "A", "team": "b"}\n',
)

ENDS = (b"2030-01-31", b"2030-01-31T12:00:00Z", b"9999-12-31")
"""When tokens end; the last one is beyond what there is."""
