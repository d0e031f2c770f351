"""What we put together of AlertmanagerConfig objects, before the real amtool of three releases."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.kubernetes import random_objects

from buckstop import servers
from buckstop.alertmanager import Router
from buckstop.document import emit, to_plain
from buckstop.kubernetes import Manifests, Routed, Stream, read_manifests

SHOP = Path(__file__).parent / "shop"
SEED = 11


def read(objects: list[str], version: str) -> Manifests:
    return read_manifests([Stream("---\n".join(objects).encode(), "objects.yaml")], (), version)


def only(manifests: Manifests) -> Routed:
    (routed,) = manifests.routed
    return routed


def write(routed: Routed, path: Path) -> Path:
    path.write_text(emit(to_plain(routed.node)), encoding="utf-8")
    return path


def compare(
    installation: servers.Installation, folder: Path, seed: int, clusters: int, label_sets: int
) -> tuple[int, list[str]]:
    """How many routings were compared, and those that differ."""
    rng = random.Random(seed)
    disagreements: list[str] = []
    compared = 0
    for number in range(clusters):
        made = [emit(one) for one in random_objects.cluster(rng)]
        routed = only(read(made, installation.alertmanager_version))
        assert routed.config is not None, (seed, number, routed.findings)
        path = write(routed, folder / f"{number}.yml")
        judged = servers.check_config(installation, path)
        assert judged.ok, (seed, number, judged.output)
        router = Router(routed.config)
        for _ in range(label_sets):
            labels = random_objects.label_set(rng)
            ours = [match.receiver for match in router.route(labels)]
            theirs = servers.route_test(installation, path, labels)
            compared += 1
            if ours != theirs:
                disagreements.append(f"seed {seed}, {labels}\n ours {ours}\n theirs {theirs}")
    return compared, disagreements


@pytest.mark.servers
def test_shop_is_accepted_by_the_real_alertmanager(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """All that the operator would write for a real set of objects loads on each version."""
    streams = [Stream(path.read_bytes(), path.name) for path in sorted(SHOP.glob("*.yaml"))]
    version = each_installation.alertmanager_version
    routed = only(read_manifests(streams, (), version))
    assert routed.config is not None
    judged = servers.check_config(each_installation, write(routed, tmp_path / "alertmanager.yml"))
    assert judged.ok, judged.output


@pytest.mark.servers
def test_routes_agree_with_amtool(each_installation: servers.Installation, tmp_path: Path) -> None:
    """Whatever matchers, strategies and nesting: the receivers are amtool's, in its order."""
    compared, disagreements = compare(each_installation, tmp_path, SEED, 6, 8)
    assert compared == 48
    assert disagreements == []


@pytest.mark.nightly
@pytest.mark.servers
@pytest.mark.timeout(1800)
def test_many_routes_agree_with_amtool(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """The same, from a new seed every night."""
    seed = random.SystemRandom().randrange(1_000_000)
    _, disagreements = compare(each_installation, tmp_path, seed, 100, 20)
    assert disagreements == []
