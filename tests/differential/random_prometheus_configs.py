"""Valid ``prometheus.yml`` files put together at random, spelled in many ways."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.differential.random_configs import TEXTS
from tests.differential.reached_alertmanagers import cases, split_table
from tests.differential.test_promtool_check_config import GLOBALS, STEPS

from buckstop import prometheus
from buckstop.diagnostics import Level

MORE_GROUPS = """
{static_configs: [{targets: [am:9093, '[::1]:9093'], labels: {a: yes, b: 0755, c: ~}}]}
{dns_sd_configs: [{names: [yes.example], type: A, port: 0x50, refresh_interval: 1m}]}
{file_sd_configs: [{files: [a.json], refresh_interval: 5m}], path_prefix: 0755}
{basic_auth: {username: 0755, password: yes}, timeout: 1m30s, follow_redirects: off}
{bearer_token: 1_000, tls_config: {server_name: on, insecure_skip_verify: yes}}
{relabel_configs: [{source_labels: [__address__], regex: 5.0, target_label: a}], api_version: v2}
"""
JOBS = """
{job_name: 5}|{job_name: yes, sample_limit: 1_000, honor_labels: yes, metrics_path: /0755}
{job_name: a, params: {match: [yes, 0755, 1e3, '5', "a\\nb"]}, scrape_interval: 5m}
{job_name: b, static_configs: [{targets: ['a:1', b], labels: {x: null, y: off, z: 2026-01-01}}]}
{job_name: c, basic_auth: {username: 010, password: '010'}, scheme: https, honor_timestamps: n}
{job_name: d, metric_relabel_configs: [{source_labels: [a], regex: 0x1F, action: drop}]}
{job_name: e, relabel_configs: [{regex: null, action: labeldrop}], body_size_limit: 1MB}
{job_name: "größe \\u2028", metrics_path: '/a: b # c', label_limit: 0b11, target_limit: 7}
"""
SECTIONS = """
storage: {exemplars: {max_exemplars: 1_000}}|storage: {tsdb: {out_of_order_time_window: 30m}}
remote_write: [{url: 'http://x:1/', name: yes, queue_config: {capacity: 0x10, max_shards: 3}}]
remote_write: [{url: http://x, headers: {a: 0755}, write_relabel_configs: [{action: drop}]}]
remote_read: [{url: http://x, read_recent: true, required_matchers: {a: 1e3}}]|remote_read: []
rule_files: [0755, 'a: b.yml']
rule_files: [~, yes.yml, "a/*.yml"]|rule_files: null|scrape_configs: null|alerting: null
"""


@dataclass(frozen=True)
class Parts:
    """What a version takes, piece by piece."""

    settings: tuple[str, ...]
    groups: tuple[str, ...]
    steps: tuple[str, ...]
    jobs: tuple[str, ...]
    sections: tuple[str, ...]


def parts(version: str) -> Parts:
    """The pieces that `version` takes; none that needs more than files of certificates."""

    def taken(frame: str, pieces: list[str]) -> tuple[str, ...]:
        return tuple(piece for piece in pieces if _is_taken(frame.replace("@", piece), version))

    groups = [*cases(), *split_table(MORE_GROUPS)]
    labels = [f"external_labels: {{a: {text.yaml}, b: c}}" for text in TEXTS]
    return Parts(
        settings=taken("global: {@}", [*split_table(GLOBALS), *labels]),
        groups=taken(
            "alerting: {alertmanagers: [@]}", [one for one in groups if "sigv4" not in one]
        ),
        steps=taken("alerting: {alert_relabel_configs: [@]}", split_table(STEPS)),
        jobs=tuple(split_table(JOBS)),
        sections=tuple(split_table(SECTIONS)),
    )


def config(rng: random.Random, known: Parts) -> str:
    """A file; each call gives another."""
    sections = {
        "global": _joined({_name(one): one for one in rng.sample(known.settings, 4)}),
        "alerting": "{"
        f"alert_relabel_configs: [{', '.join(rng.sample(known.steps, rng.randrange(4)))}], "
        f"alertmanagers: [{', '.join(rng.sample(known.groups, rng.randrange(4)))}]"
        "}",
        "scrape_configs": f"[{', '.join(rng.sample(known.jobs, rng.randrange(4)))}]",
    }
    for section in rng.sample(known.sections, 2):
        name, _, value = section.partition(": ")
        sections[name] = value
    return "".join(f"{name}: {value}\n" for name, value in _shuffled(rng, sections))


def _is_taken(text: str, version: str) -> bool:
    _, diagnostics = prometheus.read_config(text, "prometheus.yml", version)
    return all(one.level is not Level.ERROR for one in diagnostics)


def _name(setting: str) -> str:
    return setting.partition(":")[0]


def _joined(settings: dict[str, str]) -> str:
    return "{" + ", ".join(settings.values()) + "}"


def _shuffled(rng: random.Random, sections: dict[str, str]) -> Iterator[tuple[str, str]]:
    entries = list(sections.items())
    rng.shuffle(entries)
    yield from entries
