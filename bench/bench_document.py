"""Reading and writing YAML: 100,000 lines of rules, against PyYAML and promtool; a million too."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml
from bench.figures import MEGABYTE, print_table, seconds, spent_by, times
from bench.rule_files import LINES_OF_RULE, write_rules
from yaml import CSafeDumper, CSafeLoader

from buckstop.document import emit, parse, to_plain
from buckstop.servers import ServersMissing, check_rules, find

ALERTS = 10_000
SIZES_LINES = (100_000, 1_000_000)

PARSE = "import sys; from pathlib import Path; from buckstop.document import parse; \
assert not parse(Path(sys.argv[1]).read_bytes(), 'rules.yml').diagnostics"
COMPOSE = "import sys, yaml; yaml.compose(open(sys.argv[1], 'rb'), Loader=yaml.CSafeLoader)"
LOAD = "import sys, yaml; yaml.load(open(sys.argv[1], 'rb'), Loader=yaml.CSafeLoader)"
START = "import sys; from pathlib import Path; from buckstop.document import parse; import yaml"


def rule_file() -> dict[str, Any]:
    """As many alerts as make 100,000 lines, with the summaries of the article."""
    return {
        "groups": [
            {
                "name": f"model-{i}",
                "rules": [
                    {
                        "alert": "HighModelLatency",
                        "expr": "histogram_quantile(0.95, "
                        f'rate(model_inference_latency_seconds_bucket{{model="m{i}"}}[5m])) > 0.5',
                        "for": "5m",
                        "labels": {"severity": "critical", "accountable_team": "infra_sre"},
                        "annotations": {"summary": "模型P95推理延迟超过500ms,服务性能受损。"},
                    }
                ],
            }
            for i in range(ALERTS)
        ]
    }


def measure_sizes() -> None:
    """Lines a second and memory, each reader in a process of its own, the start of Python off."""
    start = spent_by([sys.executable, "-c", START])
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for lines in SIZES_LINES:
            path = Path(folder) / "rules.yml"
            write_rules(path, lines // LINES_OF_RULE)
            for title, program in (
                ("buckstop: positioned tree", PARSE),
                ("PyYAML compose, libyaml (with places)", COMPOSE),
                ("PyYAML safe_load, libyaml (no places)", LOAD),
            ):
                spent = spent_by([sys.executable, "-c", program, str(path)])
                taken = spent.processor_seconds - start.processor_seconds
                memory = spent.peak_bytes - start.peak_bytes
                rows.append(
                    (
                        f"{title}, {lines:,} lines",
                        f"{taken:.1f} s",
                        f"{lines / taken:,.0f}",
                        f"{memory / MEGABYTE:,.0f} MB",
                        f"{memory / lines:,.0f}",
                    )
                )
    head = ("", "processor", "lines/s", "peak memory", "bytes a line")
    print_table("Reading rules, text and tree in memory", head, rows)


def main() -> None:
    """Measure and print."""
    # First, while this process is small.
    measure_sizes()
    data = rule_file()
    text = emit(data)
    root = parse(text, "rules.yml").root
    assert root is not None
    assert to_plain(root) == data

    ours = seconds(lambda: parse(text, "rules.yml"))
    compose = seconds(lambda: yaml.compose(text, Loader=CSafeLoader))
    load = seconds(lambda: yaml.load(text, Loader=CSafeLoader), runs=3)
    rows = [
        ("buckstop: positioned tree", f"{ours:.2f} s", ""),
        ("PyYAML compose, libyaml (with places)", f"{compose:.2f} s", times(compose, ours)),
        ("PyYAML safe_load, libyaml (no places)", f"{load:.2f} s", times(load, ours)),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.yml"
        path.write_text(text, encoding="utf-8")
        try:
            installation = find()
        except ServersMissing as missing:
            rows.append((f"promtool check rules: {missing}", "–", ""))
        else:
            promtool = seconds(lambda: check_rules(installation, [path]), runs=3)
            rows.append(
                (
                    f"promtool {installation.prometheus_version} check rules (with PromQL)",
                    f"{promtool:.2f} s",
                    times(promtool, ours),
                )
            )
    print_table(f"Reading {text.count(chr(10)):,} lines of rules", ("", "median", "ours = 1"), rows)

    writing = seconds(lambda: emit(data))
    dump = seconds(lambda: yaml.dump(data, Dumper=CSafeDumper, sort_keys=False), runs=3)
    print_table(
        "Writing them",
        ("", "median", "ours = 1"),
        [
            ("buckstop: emit", f"{writing:.2f} s", ""),
            ("PyYAML safe_dump, libyaml", f"{dump:.2f} s", times(dump, writing)),
        ],
    )


if __name__ == "__main__":
    main()
