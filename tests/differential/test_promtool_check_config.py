"""What we accept and refuse of the alerting part of ``prometheus.yml`` is what promtool does."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path

import pytest
from tests.differential.reached_alertmanagers import split_table

from buckstop import prometheus, servers
from buckstop.diagnostics import Level

GLOBALS = """
scrape_interval: 15s|scrape_timeout: 10s|scrape_protocols: [PrometheusText0.0.4]
evaluation_interval: 15s|rule_query_offset: 1m|query_log_file: x|scrape_failure_log_file: x
external_labels: {a: b}|external_labels: {a-b: b}|external_labels: {__name__: b}
external_labels: {a: ''}|external_labels: {a: null}|external_labels: {'': x}|external_labels: [a]
body_size_limit: 1MB|sample_limit: 5|keep_dropped_targets: 5|metric_name_validation_scheme: utf8
metric_name_escaping_scheme: dots|convert_classic_histograms_to_nhcb: true
always_scrape_classic_histograms: true|scrape_timeout: 2m|evaluation_interval: 0s
evaluation_interval: 5|scrape_interval: -5s|scrape_interval: ''|foo: bar
body_size_limit: 1_000MB|body_size_limit: 1.5GiB|body_size_limit: 5|body_size_limit: 1MiB2MB
body_size_limit: 8EB|body_size_limit: '0'|body_size_limit: ''|body_size_limit: [1MB]
body_size_limit: 1kB|body_size_limit: -1.B|body_size_limit: null|body_size_limit: 1MB2KB
sample_limit: 1_000|sample_limit: 1.5|sample_limit: -1|sample_limit: '5'|sample_limit: 0x1F
label_limit: .5_|label_limit: 1e400|label_limit: x
scrape_native_histograms: maybe|convert_classic_histograms_to_nhcb: 'true'
scrape_interval: 1_0s
scrape_interval: 5s, scrape_timeout: 6s|scrape_timeout: 0s|scrape_interval: null
"""
TOPS = """
global: null|runtime: {gogc: 5}|alerting: null|rule_files: []|rule_files: ['a*.yaml']
rule_files: ['*/a.yaml']|rule_files: ['a/*.yaml']|rule_files: ['a/**/b.yaml']
rule_files: ['[ab]/x*.yaml']|rule_files: x|rule_files: ['**.yaml']
storage: {exemplars: {max_exemplars: 5}}|otlp: {promote_resource_attributes: [a]}|foo: bar
global: []|alerting: []|alerting: {foo: 1}
"""
ALERTMANAGERS = """
{static_configs: [{targets: ['a:1']}]}|{}|{scheme: http}|{path_prefix: /a}|{timeout: 10s}
{timeout: x}|{timeout: 0s}|{api_version: v1}|{api_version: v2}|{api_version: v3}
{api_version: ''}|{relabel_configs: [null]}|{sigv4: {region: x}}|{bearer_token: a}
{relabel_configs: [{action: keep, source_labels: [a]}]}|{alert_relabel_configs: [null]}
{alert_relabel_configs: [{action: keep, source_labels: [a]}]}|{proxy_from_environment: true}
{tls_config: {insecure_skip_verify: true}}|{proxy_url: 'http://x'}|{follow_redirects: true}
{enable_http2: true}|{http_headers: {a: {values: [b]}}}|{dns_sd_configs: [{names: [a]}]}
{foo: bar}|{file_sd_configs: [{files: ['x.json']}]}|{proxy_url: 'http://x', no_proxy: y}
{static_configs: [{targets: ['http://a/b']}]}|{static_configs: [{target: x}]}
{static_configs: [{targets: ['a:1'], labels: {x: y}}]}|{static_configs: {targets: [a]}}
{static_configs: [{targets: a}]}|{static_configs: [null]}|{static_configs: null}
{static_configs: [{labels: {a-b: c}}]}|{static_configs: [{labels: {a: [c]}}]}|{headers: {}}
"""
STEPS = r"""
{}|null|{action: replace}|{action: Replace, target_label: a}|{target_label: a}
{target_label: a-b}|{target_label: 'a.b'}|{target_label: '${1}'}|{target_label: '$1'}
{target_label: 'a${1}b'}|{target_label: '${1}-x'}|{target_label: '-$1'}|{target_label: '$$'}
{target_label: ä}|{target_label: 'ä$1'}|{target_label: ''}|{target_label: 5a}
{target_label: '${a-b}'}|{target_label: '${'}|{target_label: '$1a b'}|{action: keep}
{action: keep, regex: '('}|{action: keep, regex: null}|{action: keep, regex: ''}
{action: keep, regex: '\C'}|{action: drop, source_labels: [a], regex: x}
{action: drop, source_labels: a}|{action: drop, source_labels: [a-b]}
{action: drop, source_labels: ['']}|{action: drop, source_labels: []}
{action: drop, source_labels: null}|{action: drop, source_labels: [5]}
{action: drop, source_labels: [null]}|{action: hashmod, target_label: a, modulus: 5}
{action: hashmod, target_label: a}|{action: hashmod, target_label: a, modulus: 0}
{action: hashmod, target_label: a, modulus: -1}|{action: hashmod, target_label: a, modulus: 1.5}
{action: hashmod, target_label: a, modulus: 18446744073709551615}
{action: hashmod, target_label: a, modulus: 18446744073709551616}
{action: hashmod, target_label: a-b, modulus: 5}|{action: hashmod, modulus: 5}
{action: hashmod, target_label: '$1', modulus: 5}|{action: labelmap}
{action: labelmap, regex: 'a(.*)'}|{action: labelmap, replacement: 'x$1'}
{action: labelmap, replacement: 'x-$1'}|{action: labelmap, replacement: ''}
{action: labelmap, replacement: '5'}|{action: labelmap, source_labels: [a]}
{action: labeldrop}|{action: labeldrop, regex: x}|{action: labeldrop, source_labels: [a]}
{action: labeldrop, source_labels: []}|{action: labeldrop, target_label: a}
{action: labeldrop, modulus: 5}|{action: labeldrop, modulus: 0}|{action: labeldrop, separator: ','}
{action: labeldrop, separator: ';'}|{action: labeldrop, replacement: x}
{action: labelkeep, regex: x, source_labels: [a]}|{action: lowercase, target_label: a}
{action: lowercase}|{action: lowercase, target_label: a-b}
{action: lowercase, target_label: a, replacement: x}|{action: lowercase, target_label: '$1'}
{action: uppercase, target_label: a, source_labels: [b]}|{action: keepequal, target_label: a}
{action: keepequal, target_label: a, regex: x}|{action: keepequal, target_label: a, regex: '(.*)'}
{action: keepequal, target_label: a, separator: ','}|{action: keepequal, target_label: a-b}
{action: keepequal, target_label: a, modulus: 5}|{action: keepequal}
{action: keepequal, target_label: a, regex: null}|{action: dropequal, target_label: a}
{action: nothing}|{action: ''}|{action: null, target_label: a}|{action: [a]}|{foo: bar}
{target_label: a, replacement: null}|{target_label: a, separator: null}|{target_label: null}
{target_label: a, modulus: null}|{target_label: a, regex: [a]}|{target_label: a, replacement: [x]}
{target_label: a, modulus: '5'}|{target_label: a, regex: 5}|{target_label: 'a$'}
{target_label: '$'}|{target_label: '${}'}|{target_label: 'a:b'}|{action: ' keep'}
{action: labeldrop, target_label: ''}|{action: labelmap, target_label: 'a-b'}
{action: keep, target_label: 'a b', modulus: 4, replacement: '$'}
"""


_BEYOND = f"{{action: hashmod, target_label: a, modulus: {2**64}}}"
DELIBERATE = {f"alerting: {{alert_relabel_configs: [{_BEYOND}]}}\n"}
"""2^64 is let through as a fraction and becomes what the machine makes of it."""


def _cases() -> list[str]:
    return [
        *(f"global: {{{setting}}}\n" for setting in split_table(GLOBALS)),
        *(f"{section}\n" for section in split_table(TOPS)),
        *(f"alerting: {{alertmanagers: [{group}]}}\n" for group in split_table(ALERTMANAGERS)),
        *(f"alerting: {{alert_relabel_configs: [{step}]}}\n" for step in split_table(STEPS)),
    ]


def refused_by_promtool(installation: servers.Installation, paths: list[Path]) -> dict[str, str]:
    """The files that promtool refuses, by name, with what it says."""
    done = subprocess.run(
        [str(installation.promtool), "check", "config", *map(str, paths)],
        cwd=installation.working_folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    reports = re.split(r"^Checking (\S+)$", done.stdout, flags=re.MULTILINE)[1:]
    assert len(reports) == 2 * len(paths), done.stdout
    return {
        Path(path).name: report.strip()
        for path, report in zip(reports[::2], reports[1::2], strict=True)
        if "FAILED" in report
    }


NUMBERS = (
    "1|10|1_000|_1|1_|0x1F|0b11|0o17|017|1.5|1e3|1E3|1_0.5_0|.5|.5_|5.|0|00|+1|-1|--1||1 |１|1__0"
    "|9223372036854775807|9223372036854775808|8.5|0x_f|1e400|.nan|~|null|true|1:30|190:20:30|0.1"
)
UNITS = (
    "||B|KB|MB|MiB|GB|TB|PB|EB|K|M|Mb|mb|kB|KIB|KiB|EiB|ZB| MB|bytes|s|m|h30m|ms|y|d|w|1s|µs|_s"
    "|s_|MB1KB|MB 1KB|MB_|1_0s"
)
MEASURED = (
    "body_size_limit|sample_limit|label_limit|keep_dropped_targets|scrape_interval"
    "|evaluation_interval|convert_classic_histograms_to_nhcb"
)


def _random_values(rng: random.Random) -> list[str]:
    """Fields of the global section with what may be a number, with a unit or without."""
    cases = set()
    for _ in range(1_500):
        field, number, unit = (rng.choice(one.split("|")) for one in (MEASURED, NUMBERS, UNITS))
        quote = rng.choice(["", "", '"', "'"]) if number + unit else '"'
        cases.add(f"global: {{{field}: {quote}{number}{unit}{quote}}}\n")
    return sorted(cases)


@pytest.mark.servers
def test_we_refuse_exactly_the_configurations_that_promtool_refuses(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Nothing that loads is called wrong, and nothing that does not load passes."""
    _compare(each_installation, tmp_path, _cases())


@pytest.mark.servers
@pytest.mark.nightly
def test_numbers_and_units_are_refused_as_promtool_refuses_them(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Underscores, bases, fractions, exponents and units, in fields that measure something."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    _compare(each_installation, tmp_path, _random_values(random.Random(seed)))


def _compare(installation: servers.Installation, folder: Path, cases: list[str]) -> None:
    version = ".".join(installation.prometheus_version.split(".")[:2])
    paths = [folder / f"{index}.yml" for index in range(len(cases))]
    for path, text in zip(paths, cases, strict=True):
        path.write_text(text, encoding="utf-8")
    refused = refused_by_promtool(installation, paths)
    disagreements = []
    for path, text in zip(paths, cases, strict=True):
        _, diagnostics = prometheus.read_config(text, "prometheus.yml", version)
        errors = [found.message for found in diagnostics if found.level is Level.ERROR]
        if bool(errors) != (path.name in refused) and text not in DELIBERATE:
            disagreements.append(f"{text}  ours: {errors}\n  promtool: {refused.get(path.name)}")
    assert not disagreements, "\n".join(disagreements)
