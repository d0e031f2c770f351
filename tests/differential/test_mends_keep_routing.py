"""A mended file routes as it did, by the router and by the real amtool."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from tests.differential import random_routes

from buckstop import servers
from buckstop.alertmanager import Router, read
from buckstop.mends import mend_alertmanager


def block_style(text: str) -> str:
    """The same file as somebody might have written it: lists and mappings on lines."""
    return yaml.safe_dump(yaml.safe_load(text), allow_unicode=True, sort_keys=False, width=200)


def mended_pair(seed: int) -> tuple[str, str, int]:
    """A random file, what it is mended to, and how many mends that took."""
    rng = random.Random(seed)
    text = random_routes.config(rng)
    if rng.random() < 0.5:
        text = block_style(text)
    config, diagnostics = read(text, "am.yml")
    assert config is not None, f"seed {seed}: {diagnostics}"
    mended = mend_alertmanager(text, "am.yml")
    assert mended.diagnostics == (), f"seed {seed}"
    return text, mended.text, len(mended.mends)


def check_routing(seed: int, text: str, mended: str, label_sets: int) -> None:
    old, _ = read(text, "am.yml")
    new, diagnostics = read(mended, "am.yml")
    assert old is not None
    assert new is not None, f"seed {seed}: {diagnostics}\n{mended}"
    before, after = Router(old), Router(new)
    rng = random.Random(seed)
    for _ in range(label_sets):
        labels = random_routes.labels(rng)
        paths = [[match.path for match in router.route(labels)] for router in (before, after)]
        assert paths[0] == paths[1], f"seed {seed}: {labels}\n{text}\n{mended}"


def test_a_mended_file_routes_every_label_set_as_before() -> None:
    """Random trees in both styles; a second mend finds nothing more."""
    first = random.SystemRandom().randrange(2**32)
    made = 0
    for seed in range(first, first + 150):
        text, mended, count = mended_pair(seed)
        made += count
        check_routing(seed, text, mended, 30)
        again = mend_alertmanager(mended, "am.yml")
        assert again.mends == (), f"seed {seed}\n{mended}"
    assert made > 100


@pytest.mark.servers
def test_amtool_takes_mended_files(each_installation: servers.Installation, tmp_path: Path) -> None:
    """Of every supported version."""
    first = random.SystemRandom().randrange(2**32)
    for seed in range(first, first + 12):
        _, mended, _ = mended_pair(seed)
        path = tmp_path / f"{seed}.yml"
        path.write_text(mended, encoding="utf-8")
        result = servers.check_config(each_installation, path)
        assert result.ok, f"seed {seed}: {result.output}\n{mended}"


@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_many_mended_files_route_every_label_set_as_before() -> None:
    """As above, a hundred thousand label sets."""
    first = random.SystemRandom().randrange(2**32)
    for seed in range(first, first + 1_000):
        text, mended, _ = mended_pair(seed)
        check_routing(seed, text, mended, 100)
