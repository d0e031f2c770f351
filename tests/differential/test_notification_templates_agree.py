"""What we say of a notification template is what Alertmanager makes of it, by ``amtool``."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.differential.random_templates import ALERTMANAGER, Grammar

from buckstop.gotemplate import Executes, TemplateSet, alertmanager_engine, judge, parsed_version
from buckstop.servers import Installation

GO = {"0.25.0": (1, 19), "0.28.1": (1, 24), "0.33.1": (1, 27)}
"""Version of amtool to the Go that Debian built it with."""
BATCH = 400


def _alert(status: str, labels: Mapping[str, str], annotations: Mapping[str, str]) -> object:
    return {
        "status": status,
        "labels": labels,
        "annotations": annotations,
        "startsAt": "2024-02-03T04:05:06Z",
        "endsAt": "2024-02-03T05:05:06Z",
        "generatorURL": "http://127.0.0.1/graph",
        "fingerprint": "0123456789abcdef",
    }


def _data(alerts: list[object], common: Mapping[str, str], status: str) -> dict[str, Any]:
    return {
        "receiver": "team",
        "status": status,
        "alerts": alerts,
        "groupLabels": {},
        "commonLabels": common,
        "commonAnnotations": {},
        "externalURL": "http://127.0.0.1:9093",
    }


_NAMED = {"alertname": "Witness"}
WITNESSES = {
    "one firing alert": _data([_alert("firing", _NAMED, {})], _NAMED, "firing"),
    "one resolved alert": _data([_alert("resolved", _NAMED, {})], _NAMED, "resolved"),
    "a firing and a resolved alert": _data(
        [_alert("firing", _NAMED, {}), _alert("resolved", _NAMED, {})], _NAMED, "firing"
    ),
}
"""The witnesses that a verdict names, as amtool reads them."""


def _generated_data(generator: random.Random) -> dict[str, Any]:
    """A notification as Alertmanager assembles it."""

    def some() -> dict[str, str]:
        names = generator.sample(["a", "b", "severity", "summary"], generator.randint(0, 3))
        return {name: generator.choice(["", "a", "aa", "B<é>", "5"]) for name in names}

    statuses = [generator.choice(["firing", "resolved"]) for _ in range(generator.randint(1, 4))]
    alerts = [_alert(status, {**some(), "alertname": "A"}, some()) for status in statuses]
    status = "firing" if "firing" in statuses else "resolved"
    found = _data(alerts, {"alertname": "A", **some()}, status)
    found["groupLabels"] = some()
    found["commonAnnotations"] = some()
    return found


@dataclass(frozen=True)
class Judge:
    """amtool, and a folder for what it reads."""

    installation: Installation
    folder: Path

    def complaint(self, text: str, data: Path, glob: str = "/nonexistent/*") -> str | None:
        """What amtool says of `text` on `data`; None where it renders."""
        done = subprocess.run(
            [
                *(str(self.installation.amtool), "template", "render"),
                *(f"--template.glob={glob}", f"--template.text={text}"),
                f"--template.data={data}",
            ],
            cwd=self.installation.working_folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return None if done.returncode == 0 else done.stderr.strip()

    def failing(self, texts: Mapping[str, str], data: Path) -> dict[str, str]:
        """Of named texts that should render, those that do not; many at once."""
        wrong: dict[str, str] = {}
        left = dict(texts)
        while left:
            glob = self.folder / "batch.tmpl"
            glob.write_text(
                "".join(
                    f'{{{{ define "{name}" }}}}{text} {{{{ end }}}}' for name, text in left.items()
                )
            )
            calls = "".join(f'{{{{ template "{name}" . }}}}' for name in left)
            said = self.complaint(calls, data, str(glob))
            if said is None:
                break
            named = re.search(r'executing "(\w+)"', said)
            assert named, said
            wrong[named[1]] = said
            del left[named[1]]
        return wrong


def _disagreements(
    installation: Installation, folder: Path, seed: int, count: int
) -> tuple[list[str], dict[Executes, int]]:
    generator = random.Random(seed)
    version = installation.alertmanager_version
    engine = alertmanager_engine(parsed_version(version), GO[version])
    judge_ = Judge(installation, folder)
    data = []
    for index in range(3):
        path = folder / f"data{index}.json"
        path.write_text(json.dumps(_generated_data(generator)))
        data.append(path)
    for name, content in WITNESSES.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    grammar = Grammar(generator, ALERTMANAGER)
    verdicts: dict[Executes, int] = dict.fromkeys(Executes, 0)
    found: list[str] = []
    renders: dict[str, str] = {}
    fails: list[tuple[str, str, Path]] = []
    for index in range(count):
        text = grammar.template()
        judged = judge(text, engine, TemplateSet())
        verdicts[judged.executes] += 1
        match judged.executes:
            case Executes.ALWAYS:
                renders[f"t{index}"] = text
            case Executes.NEVER:
                fails.append((text, judged.reason, generator.choice(data)))
            case Executes.NOT_FOR_ALL:
                assert judged.witness is not None
                fails.append((text, judged.reason, folder / f"{judged.witness.name}.json"))
            case Executes.NOT_DECIDED:
                pass
    for path in (*data, *(folder / f"{name}.json" for name in WITNESSES)):
        for batch in _batches(renders):
            for name, said in judge_.failing(batch, path).items():
                found.append(f"we say it executes: {renders[name]}\n  {path.name}: {said}")
    with ThreadPoolExecutor(2) as pool:
        said_of = pool.map(lambda one: judge_.complaint(one[0], one[2]), fails)
        for (text, reason, path), complaint in zip(fails, said_of, strict=True):
            if complaint is None:
                found.append(f"we say it fails: {text}\n  {path.name}: {reason}")
    return found, verdicts


def _batches(texts: Mapping[str, str]) -> Iterable[dict[str, str]]:
    names = list(texts)
    for start in range(0, len(names), BATCH):
        yield {name: texts[name] for name in names[start : start + BATCH]}


def _assert_agreement(installation: Installation, folder: Path, seed: int, count: int) -> None:
    found, verdicts = _disagreements(installation, folder, seed, count)
    said = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.items())
    print(f"amtool {installation.alertmanager_version}, seed {seed}: {count} templates: {said}")
    assert not found, f"seed {seed}\n" + "\n".join(found)


@pytest.mark.servers
def test_generated_templates_render_as_we_say(
    each_installation: Installation, tmp_path: Path
) -> None:
    """No template that we say executes fails, and none that we say fails renders."""
    _assert_agreement(each_installation, tmp_path, random.randrange(10**9), 700)


@pytest.mark.servers
@pytest.mark.nightly
@pytest.mark.timeout(1_800)
def test_many_generated_templates_render_as_we_say(
    each_installation: Installation, tmp_path: Path
) -> None:
    """The same, ten thousand for each version."""
    seed = random.randrange(10**9)
    for batch in range(10):
        _assert_agreement(each_installation, tmp_path, seed + batch, 1_000)
