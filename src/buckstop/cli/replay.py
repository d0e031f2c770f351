"""``check --confirm``: every printed witness walked by amtool itself, and its answer compared."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from buckstop.alertmanager import Router
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.cli.codes import AMTOOL_DISAGREES
from buckstop.cli.compiled import GENERATED_ROUTES
from buckstop.cli.main import CommandFailed
from buckstop.cli.reading import Reading
from buckstop.cli.report import Confirmation, Report
from buckstop.diagnostics import Diagnostic, has_errors
from buckstop.prover.model import RuleAnswer

if TYPE_CHECKING:
    from buckstop.cli.inputs import Inputs
    from buckstop.servers import Amtool

MAX_REPLAYS: Final = 200
"""Witnesses that amtool is started for; those that no route can tell apart count as one."""

_HINT: Final = (
    "where amtool is of another version than the Alertmanager aimed at, put that one on PATH; "
    "else please report it with the routes, the labels and both answers: one of the two is wrong"
)

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Walked:
    """Routes, the file that amtool reads them from, and the answers that hold on them.

    Attributes:
        is_refused: whether the findings say already that Alertmanager does not load the file.
    """

    config: AlertmanagerConfig
    data: bytes
    answers: tuple[RuleAnswer, ...]
    is_refused: bool


def replay(report: Report, reading: Reading, inputs: Inputs) -> Report:
    """`report` with what amtool says of its witnesses; where it says otherwise, an error each.

    Raises:
        CommandFailed: there is no amtool.
    """
    from buckstop.servers import ServersMissing, find_amtool

    try:
        amtool = find_amtool()
    except ServersMissing as error:
        raise CommandFailed(f"--confirm replays alerts on amtool. {error}") from error
    confirmation = Confirmation(amtool.version)
    found: list[Diagnostic] = []
    for walked in _walked(report, reading, inputs):
        confirmation = _replay(walked, amtool, confirmation, found)
    return replace(report, diagnostics=(*report.diagnostics, *found), confirmation=confirmation)


def _walked(report: Report, reading: Reading, inputs: Inputs) -> Iterator[_Walked]:
    """The charter's alerts on what it compiles to, and the rules of files on their routes."""
    of_files = 0 if report.examination is None else len(report.examination.rules)
    of_charter = report.answers[: len(report.answers) - of_files]
    if reading.compiled is not None and of_charter:
        routes = reading.compiled.routes
        yield _Walked(routes, _data(routes, reading, inputs), of_charter, is_refused=False)
    given = reading.given
    if given is not None and given.config is not None:
        yield _Walked(
            given.config,
            _data(given.config, reading, inputs),
            report.answers[len(of_charter) :],
            is_refused=has_errors(given.load_diagnostics),
        )


def _data(config: AlertmanagerConfig, reading: Reading, inputs: Inputs) -> bytes:
    """The file of `config`: as it was read, or as it was put together."""
    if reading.compiled is not None and config is reading.compiled.routes:
        return reading.compiled.build.files[GENERATED_ROUTES].encode()
    is_from_objects = reading.objects is not None and reading.objects.routed is not None
    if inputs.alertmanager is not None and not is_from_objects:
        return inputs.alertmanager.data
    from buckstop.alertmanager import write

    return write(config).encode()


def _replay(
    walked: _Walked, amtool: Amtool, before: Confirmation, found: list[Diagnostic]
) -> Confirmation:
    """`before` and what amtool says here; disagreements are added to `found`."""
    from buckstop.servers import ServerRefused, route_test

    router = Router(walked.config)
    alike = _alike(walked.answers, router)
    replayed = list(alike.values())[: MAX_REPLAYS - before.replayed]
    agreed = witnesses = 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "alertmanager.yml"
        file.write_bytes(walked.data)
        try:
            route_test(amtool, file, {"alertname": "Probe"})
        except ServerRefused as error:
            refused = str(error).replace(str(file), walked.config.file)
            if not walked.is_refused:
                found.append(
                    Diagnostic(
                        AMTOOL_DISAGREES,
                        f"{amtool} does not take {walked.config.file}, in which no error was "
                        f"found: {refused}",
                        walked.config.route.span,
                        _HINT,
                    )
                )
            return replace(before, refused=(*before.refused, walked.config.file))
        for group in replayed:
            answer = group[0]
            labels = dict(answer.witness or ())
            ours = [match.receiver for match in router.route(labels)]
            try:
                theirs = route_test(amtool, file, labels)
            except ServerRefused as error:
                theirs = [f"({error})"]
            if theirs == ours:
                agreed += 1
                witnesses += len(group)
            else:
                found.append(_disagreement(answer, amtool, ours, theirs))
    return replace(
        before,
        replayed=before.replayed + len(replayed),
        agreed=before.agreed + agreed,
        witnesses=before.witnesses + witnesses,
        left_out=before.left_out + len(alike) - len(replayed),
    )


def _alike(answers: Iterable[RuleAnswer], router: Router) -> dict[Labels, list[RuleAnswer]]:
    """The answers with a witness, by the labels of it that some route asks for."""
    groups: dict[Labels, list[RuleAnswer]] = {}
    for answer in answers:
        if answer.witness is not None:
            asked = tuple(pair for pair in answer.witness if pair[0] in router.labels_asked)
            groups.setdefault(asked, []).append(answer)
    return groups


def _disagreement(
    answer: RuleAnswer, amtool: Amtool, ours: list[str], theirs: list[str]
) -> Diagnostic:
    labels = " ".join(f"{name}={value!r}" for name, value in answer.witness or ())
    return Diagnostic(
        AMTOOL_DISAGREES,
        f"an alert of {answer.alert} with {labels} goes to {', '.join(ours)}; "
        f"{amtool} says: {', '.join(theirs)}",
        answer.span,
        _HINT,
    )
