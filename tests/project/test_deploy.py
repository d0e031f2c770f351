"""The recipes of ``deploy/`` start the ledger as it is: options, paths, ports and probes."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from buckstop.cli.serve import command as serve
from buckstop.ledger.record.key_file import is_open
from buckstop.ledger.store.opening import is_postgres
from buckstop.web.guard import needed_scope

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = DEPLOY / "systemd" / "buckstop.service"
ONE = DEPLOY / "kubernetes" / "ledger.yaml"
REPLICAS = DEPLOY / "kubernetes-replicas" / "ledger.yaml"


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


def objects(manifest: Path) -> list[Any]:
    return list(yaml.safe_load_all(manifest.read_text(encoding="utf-8")))


def the(kind: str, manifest: Path) -> Any:
    (found,) = [one for one in objects(manifest) if one["kind"] == kind]
    return found


def container(manifest: Path) -> Any:
    return the("Deployment", manifest)["spec"]["template"]["spec"]["containers"][0]


def of_pod(manifest: Path) -> list[str]:
    words: list[str] = container(manifest)["args"]
    return words


@pytest.mark.parametrize("words", [of_unit(), of_container(), of_pod(ONE), of_pod(REPLICAS)])
def test_every_recipe_gives_serve_what_it_takes(words: list[str]) -> None:
    """A renamed option is noticed here, and not by whoever is on call."""
    assert words[0] == "serve"
    context = serve.make_context("serve", words[1:])
    given = context.params
    assert given["listen_text"] == "0.0.0.0:9890"
    assert given["tokens_path"] is not None
    assert str(given["store"]).startswith(("/var/lib/buckstop/", "postgresql://"))
    checkpoints = given["checkpoints"]
    assert checkpoints is None or Path(given["store"]).parent not in checkpoints.parents


@pytest.mark.parametrize("manifest", [ONE, REPLICAS])
def test_the_pod_asks_what_needs_no_token_at_the_port_that_is_served(manifest: Path) -> None:
    """A kubelet has no token; a probe that is refused would restart a healthy ledger for ever."""
    ports = {one["name"]: one["containerPort"] for one in container(manifest)["ports"]}
    assert ports == {"http": 9890}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container(manifest)[probe]["httpGet"]
        assert ports[asked["port"]] == 9890
        assert needed_scope("GET", asked["path"]) is None


def test_a_record_on_a_volume_has_one_pod() -> None:
    """Two servers on one file would be refused, and an update would never end."""
    spec = the("Deployment", ONE)["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"]["type"] == "Recreate"


def test_several_pods_share_what_they_write() -> None:
    """The record is in PostgreSQL, whose password is no file; all can write the checkpoints; one
    stays when nodes are drained, and one browser stays with one pod."""
    spec = the("Deployment", REPLICAS)["spec"]
    assert spec["replicas"] > 1
    assert spec["strategy"]["type"] == "RollingUpdate"
    (store,) = [word for word in of_pod(REPLICAS) if word.startswith("--store=")]
    assert is_postgres(store.removeprefix("--store="))
    assert "password" not in store
    assert [one["name"] for one in container(REPLICAS)["env"]] == ["PGPASSWORD"]
    claim = the("PersistentVolumeClaim", REPLICAS)
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    budget = the("PodDisruptionBudget", REPLICAS)["spec"]
    assert budget["minAvailable"] < spec["replicas"]
    assert budget["selector"] == spec["selector"]
    assert the("Service", REPLICAS)["spec"]["sessionAffinity"] == "ClientIP"


@pytest.mark.parametrize("manifest", [ONE, REPLICAS])
def test_what_a_manifest_refers_to_is_there(manifest: Path) -> None:
    """Volumes, claims, mounts, selectors and the key's mode fit; a pod that does not start is found
    here."""
    deployment = the("Deployment", manifest)["spec"]
    pod = deployment["template"]["spec"]
    mounted = {one["name"]: one["mountPath"] for one in container(manifest)["volumeMounts"]}
    assert {one["name"] for one in pod["volumes"]} == set(mounted)
    claims = {
        one["metadata"]["name"]
        for one in objects(manifest)
        if one["kind"] == "PersistentVolumeClaim"
    }
    used = [
        one["persistentVolumeClaim"] for one in pod["volumes"] if "persistentVolumeClaim" in one
    ]
    assert {one["claimName"] for one in used} == claims
    paths = [word.split("=", 1)[1] for word in of_pod(manifest) if "=/" in word]
    assert all(any(path.startswith(mount) for mount in mounted.values()) for path in paths)
    labels = deployment["template"]["metadata"]["labels"].items()
    assert deployment["selector"]["matchLabels"].items() <= labels
    assert the("Service", manifest)["spec"]["selector"].items() <= labels
    (secret,) = [one["secret"] for one in pod["volumes"] if "secret" in one]
    # Root's, and readable by the pod's group: the key must be taken all the same.
    assert not is_open(secret["defaultMode"], 0, pod["securityContext"]["runAsUser"])
    assert pod["securityContext"]["fsGroup"] == pod["securityContext"]["runAsGroup"]


@pytest.mark.parametrize("manifest", [ONE, REPLICAS])
def test_no_field_of_a_manifest_is_misspelt(manifest: Path) -> None:
    """A field that Kubernetes does not know is dropped in silence, or refused on the day."""
    for one in objects(manifest):
        assert one["apiVersion"] == VERSIONS[one["kind"]]
        assert not sorted(fields(one) - FIELDS), one["kind"]


def fields(value: Any) -> set[str]:
    """All names of fields, without labels and what else users name."""
    if isinstance(value, list):
        return set().union(*map(fields, value))
    if not isinstance(value, dict):
        return set()
    named = {"labels", "matchLabels", "requests", "limits"}
    whole = isinstance(value.get("app.kubernetes.io/name"), str)
    found = set() if whole else set(value)
    return found.union(*(fields(part) for key, part in value.items() if key not in named))


VERSIONS = {
    "ServiceAccount": "v1",
    "PersistentVolumeClaim": "v1",
    "Service": "v1",
    "Deployment": "apps/v1",
    "PodDisruptionBudget": "policy/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
}
FIELDS = frozenset(
    re.findall(
        r"\w+",
        """
    apiVersion kind metadata name labels spec automountServiceAccountToken accessModes resources
    requests storage limits selector sessionAffinity ports port targetPort replicas strategy type
    rollingUpdate maxUnavailable maxSurge matchLabels template serviceAccountName
    terminationGracePeriodSeconds securityContext runAsNonRoot runAsUser runAsGroup fsGroup
    seccompProfile topologySpreadConstraints maxSkew topologyKey whenUnsatisfiable labelSelector
    containers image args env value valueFrom secretKeyRef key containerPort startupProbe
    livenessProbe readinessProbe httpGet path periodSeconds failureThreshold timeoutSeconds
    allowPrivilegeEscalation readOnlyRootFilesystem capabilities drop volumeMounts mountPath
    readOnly volumes persistentVolumeClaim claimName configMap items secret secretName defaultMode
    emptyDir medium sizeLimit minAvailable podSelector policyTypes ingress from namespaceSelector
    """,
    )
)
"""As the API's reference spells them, of the kinds above."""


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
