"""What we write from a ``prometheus.yml`` that we read is the same to a running Prometheus."""

from __future__ import annotations

import random

import pytest
from tests.differential.random_prometheus_configs import config, parts
from tests.differential.test_reaching_alertmanagers_agrees import FILES, PEM
from tests.differential.test_writing_agrees import same

from buckstop import prometheus, servers
from buckstop.diagnostics import Level
from buckstop.document import parse

SEED = 13


def written(text: str, version: str) -> str:
    """`text`, read and written."""
    read, diagnostics = prometheus.read_config(text, "prometheus.yml", version)
    assert [one.message for one in diagnostics if one.level is Level.ERROR] == [], text
    assert read is not None
    return prometheus.write_config(read)


def differences(installation: servers.Installation, seed: int, count: int) -> list[str]:
    """The files that are not the same to the server after they were written anew."""
    rng = random.Random(seed)
    version = installation.prometheus_version
    known = parts(version)
    found = []
    with servers.Prometheus(installation, "{}") as running:
        for name in FILES:
            (running.folder / name).write_bytes(PEM.read_bytes())
        for _ in range(count):
            text = config(rng, known)
            running.reload(text)
            before = running.loaded_config()
            ours = written(text, version)
            running.reload(ours)
            after = running.loaded_config()
            if before != after:
                found.append(
                    f"{text}\n--- written\n{ours}\n--- before\n{before}\n--- after\n{after}"
                )
    return found


@pytest.mark.servers
def test_server_has_the_same_configuration_after_it_was_read_and_written(
    each_installation: servers.Installation,
) -> None:
    """Nothing that a server would notice is lost or changed, whether we judge it or not."""
    found = differences(each_installation, SEED, 100)
    assert not found, f"seed {SEED}: {len(found)} of 100 differ:\n{found[0]}"


@pytest.mark.nightly
@pytest.mark.servers
@pytest.mark.timeout(1_800)
def test_server_has_the_same_configuration_at_length(
    each_installation: servers.Installation,
) -> None:
    """The same with a new seed each night."""
    seed = random.SystemRandom().randrange(2**32)
    found = differences(each_installation, seed, 2_000)
    assert not found, f"seed {seed}: {len(found)} of 2000 differ:\n{found[0]}"


def test_every_scalar_is_the_same_after_it_was_read_and_written() -> None:
    """Secrets too, which no server shows; and what was written is written so again."""
    rng, known = random.Random(SEED), parts("3.5")
    for _ in range(100):
        text = config(rng, known)
        once = written(text, "3.5")
        assert written(once, "3.5") == once, f"seed {SEED}"
        assert same(parse(text, "a").root, parse(once, "b").root), f"seed {SEED}:\n{text}\n{once}"
