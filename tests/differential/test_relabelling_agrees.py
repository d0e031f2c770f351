"""Our relabelling of alerts is Prometheus's: what real servers send is what we say they send."""

from __future__ import annotations

import json
import random
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from buckstop import prometheus, servers
from buckstop.diagnostics import Level
from buckstop.document.versions import Version
from buckstop.prometheus import AlertmanagerGroup, PrometheusConfig
from buckstop.prometheus.codes import RELABELLING_SHARED
from buckstop.prometheus.relabelling import ACTIONS
from buckstop.prometheus.versions import parse_version

Step = dict[str, Any]
LabelSet = tuple[tuple[str, str], ...]

SERVERS_AT_ONCE = 4
SENDING_ROUNDS = 10
"""Evaluations, five a second, in which an alert that is sent once a second is sent again."""
EXTERNAL = {"region": "eu", "replica": "r-1"}
NAMES = ["alertname", "team", "env", "a", "ab", "b_1", "replica", "region", "_x"]
VALUES = [
    *("sre", "prod", "a", "A", "b", "ab", "a;b", "1", "x-y", "a\nb", "\n", "größe", "ß", "İı"),
    *("ᾳ", "ǆ", "a b", ".*", "$1", "team"),
]
PATTERNS = [
    *("(.*)", ".*", ".+", "", "a|b", "(a)(b)?", "(?P<x>a+)(.*)", "(?i)A", "a.b", "[a-z]+", "x-(y)"),
    *("(.*);(.*)", "(.+)_(\\d)", "a(.*)", "(?s)a.b", "a)|(?:b", "\\pL+", "t(.*)m", "r.*"),
]
REPLACEMENTS = [
    *(
        "$1",
        "${1}",
        "x",
        "",
        "$2-$1",
        "${x}",
        "$1x",
        "${1}x",
        "$$",
        "a$",
        "$x_$1",
        "$0",
        "$9",
        "${",
    ),
    *("$01", "new", "é$1"),
]
TARGETS = ["team", "a", "new", "replica", "alertname"]
TEMPLATED_TARGETS = ["$1", "${1}_t", "a$1", "${x}", "t${2}"]


class Receiver(BaseHTTPRequestHandler):
    """Takes alerts as Alertmanager's API does, and keeps them by the path they were sent to."""

    received: dict[str, set[LabelSet]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        where = self.path.split("/")[1]
        for alert in json.loads(body):
            self.received[where].add(tuple(sorted(alert["labels"].items())))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the test speaks."""


@contextmanager
def receiver() -> Iterator[tuple[int, dict[str, set[LabelSet]]]]:
    """A port, and what was sent to it, by the first part of the path."""
    received: dict[str, set[LabelSet]] = defaultdict(set)
    handler = type("Handler", (Receiver,), {"received": received})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port, received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def random_step(random_: random.Random) -> Step:
    step: Step = {"action": random_.choice([*ACTIONS, "replace", "replace", "labelmap"])}
    action = step["action"]
    if action not in {"labeldrop", "labelkeep", "labelmap"}:
        step["source_labels"] = random_.sample(NAMES, random_.choice([0, 1, 1, 2, 3]))
        if action not in {"keepequal", "dropequal"} and random_.random() < 0.2:
            step["separator"] = random_.choice(["", "-", "::"])
    if action in {"replace", "keep", "drop", "labelmap", "labeldrop", "labelkeep"}:
        step["regex"] = random_.choice(PATTERNS)
    if action == "replace":
        step["target_label"] = random_.choice([*TARGETS, *TEMPLATED_TARGETS])
        step["replacement"] = random_.choice(REPLACEMENTS)
    elif action == "labelmap":
        step["replacement"] = random_.choice(["$1", "x_$1", "${1}", "new", "a${1}"])
    elif action not in {"keep", "drop", "labeldrop", "labelkeep"}:
        step["target_label"] = random_.choice(TARGETS)
    if action == "hashmod":
        step["modulus"] = random_.choice([1, 2, 7, 2**64 - 1])
    return step


def random_labels(random_: random.Random, index: int) -> dict[str, str]:
    """Labels of a rule; `index` keeps them apart, unless a step takes it away."""
    chosen = random_.sample(NAMES[1:], random_.randint(0, 5))
    return {"n": str(index), **{name: random_.choice(VALUES) for name in chosen}}


def rule_file(label_sets: list[dict[str, str]]) -> str:
    rules = [{"alert": "A", "expr": "vector(1)", "labels": labels} for labels in label_sets]
    return json.dumps({"groups": [{"name": "g", "rules": rules}]})


def group(port: int, prefix: str, steps: list[Step] | None) -> Step:
    own = {} if steps is None else {"alert_relabel_configs": steps}
    targets = [{"targets": [f"127.0.0.1:{port}"]}]
    return {"path_prefix": f"/{prefix}", "static_configs": targets, **own}


def configuration(global_steps: list[Step], alertmanagers: Step) -> str:
    """One group of Alertmanagers alone: what is done for one group, servers let others see."""
    alerting = {"alert_relabel_configs": global_steps, "alertmanagers": [alertmanagers]}
    settings = {"evaluation_interval": "200ms", "external_labels": EXTERNAL}
    return json.dumps({"global": settings, "rule_files": ["rules/*.yml"], "alerting": alerting})


def await_sent(server: servers.Prometheus) -> None:
    """Wait until the Alertmanager is found and every alert has been sent to it once more."""

    def figure(name: str) -> float:
        lines = server.http.get(f"{server.url}/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(name))

    def are_found() -> bool:
        return figure("prometheus_notifications_alertmanagers_discovered") >= 1

    servers.await_until(are_found, 60, "the Alertmanager to be found")
    rounds = "prometheus_rule_group_iterations_total{"
    enough = figure(rounds) + SENDING_ROUNDS

    def is_sent() -> bool:
        return figure(rounds) >= enough and figure("prometheus_notifications_queue_length") == 0

    servers.await_until(is_sent, 60, "the alerts to be sent")


def agrees(
    installation: servers.Installation, seed: int, *, configurations: int, label_sets: int
) -> int:
    """Compare what is sent; how many label sets were compared."""
    random_ = random.Random(seed)
    version = ".".join(installation.prometheus_version.split(".")[:2])
    aimed = parse_version(version)
    given = [random_labels(random_, index) for index in range(label_sets)]
    has_own_steps = aimed is not None and aimed >= (2, 51)

    def steps() -> list[Step]:
        return [random_step(random_) for _ in range(random_.randint(1, 3))]

    with receiver() as (port, received):

        def judge(text: str) -> None:
            config, diagnostics = prometheus.read_config(text, "prometheus.yml", version)
            assert config is not None
            assert [one for one in diagnostics if one.level is Level.ERROR] == [], text
            with servers.Prometheus(installation, text, {"r.yml": rule_file(given)}) as server:
                await_sent(server)
            (target,) = config.alertmanagers
            expected = {
                tuple(sorted(sent.items()))
                for labels in given
                if (sent := expected_labels(config, target, labels, aimed)) is not None
            }
            got = received[target.path_prefix.strip("/")]
            assert got == expected, (
                f"seed {seed}, {target.path_prefix}: only sent {sorted(got - expected)[:3]}, "
                f"only expected {sorted(expected - got)[:3]}\n{text}"
            )

        texts = [
            configuration(steps(), group(port, f"c{index}", steps() if has_own_steps else None))
            for index in range(configurations)
        ]
        with ThreadPoolExecutor(SERVERS_AT_ONCE) as pool:
            list(pool.map(judge, texts))
    return configurations * label_sets


def expected_labels(
    config: PrometheusConfig,
    target: AlertmanagerGroup,
    labels: dict[str, str],
    version: Version | None,
) -> dict[str, str] | None:
    """What `target` should be sent of the alert of a rule with `labels`."""
    alert = {"alertname": "A", **labels}
    sent = prometheus.sent_labels(
        config.external_labels, config.alert_relabel_configs, alert, version
    )
    if sent is None:
        return None
    return prometheus.relabel(target.alert_relabel_configs, sent, version)


@pytest.mark.servers
def test_steps_of_one_group_reach_the_others(debian14: servers.Installation) -> None:
    """Servers change the alert itself: what we warn of happens.

    The group that drops the label is named first: servers go through groups in an order of their
    own at each sending, and Prometheus 3.5 begins with the first one seven times in eight.
    """
    drop = [{"action": "labeldrop", "regex": "team"}]
    with receiver() as (port, received):
        groups = [group(port, "archive", drop), group(port, "pager", None)]
        text = json.dumps(
            {
                "global": {"evaluation_interval": "200ms"},
                "rule_files": ["rules/*.yml"],
                "alerting": {"alertmanagers": groups},
            }
        )
        _, (diagnostic,) = prometheus.read_config(text, "prometheus.yml")
        assert diagnostic.code is RELABELLING_SHARED
        with servers.Prometheus(debian14, text, {"r.yml": rule_file([{"team": "sre"}])}):
            without = (("alertname", "A"),)
            servers.await_until(lambda: without in received["pager"], 60, "a label to be missing")


@pytest.mark.servers
def test_what_servers_send_is_what_we_say(debian14: servers.Installation) -> None:
    """Random steps on random alerts, through a real Prometheus to a receiver of ours."""
    seed = random.SystemRandom().randrange(2**32)
    assert agrees(debian14, seed, configurations=4, label_sets=500) == 2_000


@pytest.mark.servers
@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_what_each_version_sends_is_what_we_say(each_installation: servers.Installation) -> None:
    """As above, of all three, with more of everything."""
    seed = random.SystemRandom().randrange(2**32)
    agrees(each_installation, seed, configurations=60, label_sets=200)
