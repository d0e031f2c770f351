"""How a ``prometheus.yml`` says that Alertmanagers are reached is taken as the server takes it.

promtool judges each; what it takes, a running server is given, which finds out more.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.differential.reached_alertmanagers import cases
from tests.differential.test_promtool_check_config import refused_by_promtool

from buckstop import prometheus, servers
from buckstop.diagnostics import Level

PEM = Path(__file__).parent / "alertmanager.pem"
"""A certificate and its key, in one file, which serves as either."""
FILES = ("x", "y", "5", "true", "null")
"""What the cases name as files of a TLS configuration."""


def _config(group: str) -> str:
    return f"alerting: {{alertmanagers: [{group}]}}\n"


def _errors(text: str, version: str | None) -> list[str]:
    _, diagnostics = prometheus.read_config(text, "prometheus.yml", version)
    return [found.message for found in diagnostics if found.level is Level.ERROR]


def _inline() -> list[str]:
    """Certificates and keys in the configuration itself."""
    parts = PEM.read_text(encoding="utf-8").partition("-----BEGIN PRIVATE KEY-----")
    certificate, key = json.dumps(parts[0]), json.dumps(parts[1] + parts[2])
    pairs = [(certificate, key), (certificate, certificate), (key, key), ("x", key)]
    sections = [f"{{ca: {certificate}}}", f"{{ca: {key}}}", '{ca: "x\\ny"}']
    sections += [f"{{cert: {one}, key: {other}}}" for one, other in pairs]
    sections += [f"{{cert: {certificate}, key_file: x}}", f"{{cert_file: x, key: {key}}}"]
    return [f"{{tls_config: {section}}}" for section in sections]


@pytest.mark.servers
@pytest.mark.timeout(600)
def test_we_refuse_exactly_the_ways_to_an_alertmanager_that_the_server_refuses(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Nothing that loads is called wrong, and nothing that keeps a server from starting passes."""
    texts = [_config(group) for group in (*cases(), *_inline())]
    paths = [tmp_path / f"{index}.yml" for index in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    refused = refused_by_promtool(each_installation, paths)
    disagreements = []
    with servers.Prometheus(each_installation, "{}") as running:
        for name in FILES:
            (running.folder / name).write_bytes(PEM.read_bytes())
        for path, text in zip(paths, texts, strict=True):
            said = refused.get(path.name)
            # Whether AWS gives credentials depends on the machine.
            if said is None and "sigv4" not in text:
                try:
                    running.reload(text)
                except servers.ServerRefused as error:
                    said = str(error)
            ours = _errors(text, each_installation.prometheus_version)
            if bool(ours) != bool(said):
                disagreements.append(f"{text}  ours: {ours}\n  the server's: {said}")
    assert not disagreements, f"{len(disagreements)} of {len(texts)}:\n" + "\n".join(disagreements)


def test_nothing_is_refused_without_a_version_that_each_version_takes() -> None:
    """Whoever names no version is told only what no version takes."""
    for group in cases():
        text = _config(group)
        if _errors(text, None):
            assert all(_errors(text, version) for version in ("2.42", "2.53", "3.5", "3.16")), text
