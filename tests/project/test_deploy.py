"""The recipes of ``deploy/`` start the ledger as it is: options, paths, ports and probes."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from buckstop.cli.serve import command as serve
from buckstop.web.guard import needed_scope

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = DEPLOY / "systemd" / "buckstop.service"
MANIFEST = DEPLOY / "kubernetes" / "ledger.yaml"


def of_unit() -> list[str]:
    text = UNIT.read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert found is not None
    return shlex.split(found[1])[1:]


def of_container() -> list[str]:
    text = (DEPLOY / "container" / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(r"^CMD (\[.*\])$", text, re.MULTILINE)
    assert found is not None
    words: list[str] = yaml.safe_load(found[1])
    return words


def objects() -> Iterator[Any]:
    return iter(list(yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8"))))


def container() -> Any:
    (deployment,) = [one for one in objects() if one["kind"] == "Deployment"]
    return deployment["spec"]["template"]["spec"]["containers"][0]


def of_pod() -> list[str]:
    words: list[str] = container()["args"]
    return words


@pytest.mark.parametrize("words", [of_unit(), of_container(), of_pod()])
def test_every_recipe_gives_serve_what_it_takes(words: list[str]) -> None:
    """A renamed option is noticed here, and not by whoever is on call."""
    assert words[0] == "serve"
    context = serve.make_context("serve", words[1:])
    given = context.params
    assert given["listen_text"] == "0.0.0.0:9890"
    assert given["tokens_path"] is not None
    assert str(given["store"]).startswith("/var/lib/buckstop/")
    checkpoints = given["checkpoints"]
    assert checkpoints is None or Path(given["store"]).parent not in checkpoints.parents


def test_the_pod_asks_what_needs_no_token_at_the_port_that_is_served() -> None:
    """A kubelet has no token; a probe that is refused would restart a healthy ledger for ever."""
    ports = {one["name"]: one["containerPort"] for one in container()["ports"]}
    assert ports == {"http": 9890}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container()[probe]["httpGet"]
        assert ports[asked["port"]] == 9890
        assert needed_scope("GET", asked["path"]) is None


def test_a_record_on_a_volume_has_one_pod() -> None:
    """Two servers on one file would be refused, and an update would never end."""
    (deployment,) = [one for one in objects() if one["kind"] == "Deployment"]
    assert deployment["spec"]["replicas"] == 1
    assert deployment["spec"]["strategy"]["type"] == "Recreate"
    pod = deployment["spec"]["template"]["spec"]
    mounted = {one["name"]: one["mountPath"] for one in container()["volumeMounts"]}
    assert {one["name"] for one in pod["volumes"]} == set(mounted)
    paths = [word.split("=", 1)[1] for word in of_pod() if "=/" in word]
    assert all(any(path.startswith(mount) for mount in mounted.values()) for path in paths)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """No directive is misspelt; what it may touch is little."""
    unit = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/buckstop/bin/buckstop", shutil.which("true") or ""))
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert UNIT.name not in verified.stderr, verified.stderr
