"""What we write from what we read is the same to a running Alertmanager.

Its API gives the configuration that it has loaded, with all defaults. Secrets are hidden there, so
what the files say is compared as well, field by field.
"""

from __future__ import annotations

import random

import pytest
from tests.differential import random_configs
from tests.differential.test_fields_agree import version_of

from buckstop import alertmanager, servers
from buckstop.diagnostics import Level
from buckstop.document import Mapping, Node, Scalar, Sequence, as_bool, as_float, parse

SEED = 11
ROOT_ONLY = "route: {receiver: r0}\nreceivers: [{name: r0}]\n"


def written(text: str, version: str) -> str:
    """`text`, read and written."""
    config, diagnostics = alertmanager.read(text, "alertmanager.yml", version)
    assert [one for one in diagnostics if one.level is Level.ERROR] == [], text
    assert config is not None
    return alertmanager.write(config)


def differences(installation: servers.Installation, seed: int, count: int) -> list[str]:
    """The configurations that are not the same to the server after they were written anew."""
    rng = random.Random(seed)
    known = version_of(installation)
    version = ".".join(map(str, known))
    found = []
    with servers.Alertmanager(installation, ROOT_ONLY) as running:
        for _ in range(count):
            text = random_configs.config(rng, known)
            running.reload(text)
            before = running.status()["config"]["original"]
            ours = written(text, version)
            running.reload(ours)
            after = running.status()["config"]["original"]
            if before != after:
                found.append(
                    f"{text}\n--- written\n{ours}\n--- before\n{before}\n--- after\n{after}"
                )
    return found


@pytest.mark.servers
def test_server_has_the_same_configuration_after_it_was_read_and_written(
    each_installation: servers.Installation,
) -> None:
    """Nothing that a server would notice is lost or changed on the way through our hands."""
    found = differences(each_installation, SEED, 50)
    assert not found, f"seed {SEED}: {len(found)} of 50 differ:\n{found[0]}"


@pytest.mark.nightly
@pytest.mark.servers
@pytest.mark.timeout(1_800)
def test_server_has_the_same_configuration_at_length(
    each_installation: servers.Installation,
) -> None:
    """The same with a new seed each night."""
    seed = random.SystemRandom().randrange(2**32)
    found = differences(each_installation, seed, 1_000)
    assert not found, f"seed {seed}: {len(found)} of 1000 differ:\n{found[0]}"


@pytest.mark.parametrize("version", [(0, 25), (0, 28), (0, 33)])
def test_every_scalar_is_the_same_after_it_was_read_and_written(version: tuple[int, int]) -> None:
    """Secrets too, which no server shows; and what was written is written so again."""
    rng = random.Random(SEED)
    dotted = ".".join(map(str, version))
    for _ in range(40):
        text = random_configs.config(rng, version)
        once = written(text, dotted)
        assert written(once, dotted) == once, f"seed {SEED}"
        assert same(parse(text, "a").root, parse(once, "b").root), f"seed {SEED}:\n{text}\n{once}"


def same(before: Node | None, after: Node | None) -> bool:
    """Whether both trees say the same; a truth or a number may be spelled anew."""
    match before, after:
        case Mapping(), Mapping():
            return [entry.key.text for entry in before] == [
                entry.key.text for entry in after
            ] and all(
                same(old.value, new.value)
                for old, new in zip(before.entries, after.entries, strict=True)
            )
        case Sequence(), Sequence():
            return len(before.items) == len(after.items) and all(
                same(old, new) for old, new in zip(before.items, after.items, strict=True)
            )
        case Scalar(), Scalar():
            if before.text == after.text or (before.is_null and after.is_null):
                return True
            truth, number = as_bool(before), as_float(before)
            return truth == as_bool(after) if isinstance(truth, bool) else number == as_float(after)
    return False
