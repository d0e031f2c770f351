"""The world outside: it asks at its own rate, and outcomes become known later."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from buckstop.demo.journal import Label, read_label
from buckstop.demo.model import FEATURES
from buckstop.demo.pagers import Pager
from buckstop.demo.pages import Answer
from buckstop.demo.traffic import Traffic, World
from buckstop.servers import await_until, free_port

DELAY_SECONDS = 0.3
APPLICANTS = 30


class Service:
    """Answers every applicant, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, float | str]] = []
        self._lock = threading.Lock()

    def __call__(self, _: str, body: bytes) -> Answer:
        with self._lock:
            self.asked.append(json.loads(body))
        return Answer(200, "application/json", "{}", None, None)


def ask(folder: Path, world: World) -> tuple[Service, dict[str, Label]]:
    """Let APPLICANTS ask a service in `world`, and wait for their labels."""
    service, path = Service(), folder / "labels.jsonl"
    with (
        Pager("service", service) as server,
        Traffic(
            server.url, path, rate_per_second=200, label_delay_seconds=DELAY_SECONDS, seed=1
        ) as traffic,
    ):
        traffic.world = world
        await_until(
            lambda: path.exists() and len(path.read_bytes().splitlines()) >= APPLICANTS,
            20,
            "labels",
        )
    labels = [read_label(line) for line in path.read_bytes().splitlines()]
    return service, {label.id: label for label in labels}


def test_applicants_send_what_the_model_was_trained_on(tmp_path: Path) -> None:
    """Every feature, under its name, and an id of their own."""
    service, _ = ask(tmp_path, World())
    assert set(service.asked[0]) == {"id", *FEATURES}
    assert len({one["id"] for one in service.asked}) == len(service.asked)


def test_flipped_outcomes_are_the_opposite_of_what_they_would_have_been(tmp_path: Path) -> None:
    """The quality break changes outcomes only: the same applicants ask."""
    (tmp_path / "sound").mkdir()
    (tmp_path / "flipped").mkdir()
    _, sound = ask(tmp_path / "sound", World())
    _, flipped = ask(tmp_path / "flipped", World(flipped_share=1.0))
    both = sound.keys() & flipped.keys()
    # The first few may have been drawn before the world was set.
    differing = [sound[id_].defaulted != flipped[id_].defaulted for id_ in both]
    assert sum(differing) >= len(both) - 2


def test_in_a_poorer_world_applicants_earn_less(tmp_path: Path) -> None:
    """The drift break shifts income."""
    service, _ = ask(tmp_path, World(income_log_shift=-5.0))
    incomes = sorted(float(one["income"]) for one in service.asked)
    assert incomes[len(incomes) // 2] < 2_000


def test_a_dead_service_gets_no_labels_and_does_not_stop_the_world(tmp_path: Path) -> None:
    """Applicants keep coming while it is down, and are answered when it is back."""
    port, path = free_port(), tmp_path / "labels.jsonl"
    with Traffic(
        f"http://127.0.0.1:{port}", path, rate_per_second=200, label_delay_seconds=0.0, seed=1
    ) as traffic:
        await_until(lambda: traffic.failed >= 5, 20, "refused applicants")
        assert traffic.answered == 0
    assert path.read_bytes() == b""
