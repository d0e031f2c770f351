"""One proof of what servers have loaded, and a check of the record; both in a process of their own.

A proof of thousands of rules takes seconds of pure computing. In the ledger's own process every
request would wait for it.
"""

from __future__ import annotations

import hashlib
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path
from typing import Final

from buckstop.ledger.proving.subject import (
    BuildUnreadableError,
    given_by_build,
    given_by_servers,
    read_build_texts,
)
from buckstop.loaded import (
    LoadedRoutes,
    LoadedRules,
    NotSaidError,
    ask_alertmanager,
    ask_prometheus,
    client_of,
    differences,
)
from buckstop.prover.examination import Examination, examine
from buckstop.prover.model import RuleAnswer, Verdict

MAX_DIFFERENCES: Final = 20
"""Parts that differ which are named, on the record and on the pages."""
NICENESS: Final = 10
"""Proving yields to taking alerts in."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is to be proven.

    Attributes:
        build: the folder that the ledger serves.
        known: the digest of what was proven last; the same is not proven again.
    """

    build: Path
    alertmanagers: tuple[str, ...]
    prometheuses: tuple[str, ...]
    known: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of it.

    Attributes:
        loaded: digest of what the servers have loaded and of the build.
        witness: the first rule that is not proven, why, and with which alert; "" where all are.
        differs: the parts in which what runs is not the build.
    """

    loaded: str
    rules: int
    proven: int
    refuted: int
    unknown: int
    witness: str
    differs: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every rule has exactly one team that answers."""
        return self.rules == self.proven


class NotProvenError(Exception):
    """It could not be asked or not be read; the message says what. Nothing is concluded."""


def prepare() -> None:
    """Make this process one that computes for the ledger, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    parent = parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(0)

        threading.Thread(target=follow, daemon=True).start()


def prove(asking: Asking) -> Proof | None:
    """Ask the servers and prove what they have loaded; None where nothing has changed.

    Every Prometheus is proven against every Alertmanager. Raises NotProvenError.
    """
    try:
        with client_of() as client:
            routes = [ask_alertmanager(client, url) for url in asking.alertmanagers]
            rules = [ask_prometheus(client, url) for url in asking.prometheuses]
        build = read_build_texts(asking.build)
        digest = _digest(routes, rules, build.files)
        if digest == asking.known:
            return None
        said = given_by_build(build)
        givens = [given_by_servers(one, other, said) for one in routes for other in rules]
        examined = [examine(given) for given in givens]
        found = [
            f"{one.part} at {_place(one.part, routes, rules)}: {one.text}"
            for given in givens
            for one in differences(said, given)
        ]
    except (NotSaidError, BuildUnreadableError, ValueError) as error:
        raise NotProvenError(str(error)) from error
    verdicts = [answer.verdict for one in examined for answer in one.verdicts]
    return Proof(
        loaded=digest,
        rules=len(verdicts),
        proven=verdicts.count(Verdict.PROVEN),
        refuted=verdicts.count(Verdict.REFUTED),
        unknown=verdicts.count(Verdict.UNKNOWN),
        witness=next(_witnesses(examined), ""),
        differs=tuple(dict.fromkeys(found))[:MAX_DIFFERENCES],
    )


def check_record(where: str) -> tuple[int, tuple[str, ...]]:
    """How many events the record at `where` has, and what is wrong with it.

    Raises NotProvenError where it cannot be read.
    """
    from buckstop.ledger.store import StoreError, StoreRefusedError
    from buckstop.ledger.store.opening import open_verification

    try:
        verification = open_verification(where, [])
        found = tuple(f"{one.kind}: {one.said}" for one in verification.run())
    except (StoreError, StoreRefusedError) as error:
        raise NotProvenError(str(error)) from error
    return verification.events, found


def _place(part: str, routes: list[LoadedRoutes], rules: list[LoadedRules]) -> str:
    servers = routes if part == "routes" else rules
    return " or ".join(one.url for one in servers)


def _digest(
    routes: list[LoadedRoutes], rules: list[LoadedRules], files: tuple[tuple[str, str], ...]
) -> str:
    digest = hashlib.sha256()
    said = [(one.url, one.text) for one in routes]
    said += [(one.url, one.text) for one in rules]
    said += [(one.url, repr([_lasting(group) for group in one.groups])) for one in rules]
    for name, text in (*said, *files):
        digest.update(f"{len(name)} {len(text)}\n{name}{text}".encode())
    return "sha256:" + digest.hexdigest()


def _lasting(group: object) -> object:
    """What of a group stays the same from one evaluation to the next."""
    if isinstance(group, dict):
        return sorted((key, _lasting(value)) for key, value in group.items() if key not in _PASSING)
    return [_lasting(one) for one in group] if isinstance(group, list) else group


_PASSING: Final = frozenset(
    {"alerts", "state", "health", "evaluationTime", "lastEvaluation", "lastError"}
)


def _witnesses(examined: list[Examination]) -> Iterator[str]:
    answers = [answer for one in examined for answer in one.verdicts]
    for verdict in (Verdict.REFUTED, Verdict.UNKNOWN):
        yield from (_said(one) for one in answers if one.verdict is verdict)


def _said(answer: RuleAnswer) -> str:
    labels = ", ".join(f'{name}="{value}"' for name, value in answer.witness or ())
    shown = f" {{{labels}}}" if labels else ""
    return f"{answer.alert}{shown} ({answer.span}): {answer.verdict.value}, {answer.reason}"
