"""What to do after a ``check``: commands that work as they are printed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from buckstop.cli.words import sort_words
from buckstop.prover.grounds import NO_ROUTES

if TYPE_CHECKING:
    from buckstop.cli.inputs import Inputs, Named
    from buckstop.cli.report import Report
    from buckstop.cli.target import Aimed
    from buckstop.prover.model import RuleAnswer

STANDARD_INPUT: Final = Path("-")


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``check`` was asked about, as the user typed it."""

    paths: tuple[Path, ...]
    named: Named
    team_label: str | None
    teams: Path | None
    labels: Path | None
    target: Aimed

    @property
    def is_piped(self) -> bool:
        """Whether something came from standard input, which no second command can read again."""
        return STANDARD_INPUT in self.paths

    def words(self) -> tuple[str, ...]:
        """The options and the PATHs by which another command reads the same."""
        given = [("--rules", str(path)) for path in self.named.rules]
        for option, value in (
            ("--alertmanager", self.named.alertmanager),
            ("--prometheus", self.named.prometheus),
            ("--charter", self.named.charter),
            ("--alertmanager-object", self.named.alertmanager_object),
            ("--prometheus-object", self.named.prometheus_object),
            ("--team-label", self.team_label),
            ("--teams", self.teams),
            ("--labels", self.labels),
        ):
            if value is not None:
                given.append((option, str(value)))
        for server in ("alertmanager", "prometheus"):
            version = getattr(self.target, server)
            if version is not None:
                given.append(("--target", f"{server}={version}"))
        return (*(word for pair in given for word in pair), *map(str, self.paths))

    def sources(self) -> tuple[str, ...]:
        """The options by which ``init`` reads the same rules and routes; none where it does so."""
        if self.paths in ((), (Path(),)) and not self.named.any:
            return ()
        files = [*self.named.rules, *self.paths]
        if self.named.alertmanager is not None:
            files.append(self.named.alertmanager)
        return tuple(word for path in files for word in ("--from", str(path)))


def next_steps(report: Report, inputs: Inputs, asked: Asked) -> Iterator[str]:
    """What to do now, from the most pressing."""
    if report.compiled is not None and report.examination is None:
        if report.exit_code(allow_unknown=True) == 0:
            yield f"Next: {_command('build', str(report.compiled.root))} -o DIR"
        return
    causes = {answer.cause for answer in report.answers}
    if any(answer.reason == NO_ROUTES for answer in report.answers):
        yield "Next: give the alertmanager.yml that routes these rules (--alertmanager FILE)."
    elif "owner not known" in causes:
        yield "Next: name the receivers' teams in a file, and give it with --teams FILE."
    elif not asked.is_piped:
        yield from _who(report, asked)
    # A charter is started from files of the user's own, which a build's and a cluster's are not.
    own = inputs.charter is None and inputs.manifest is None and not inputs.objects
    if own and report.examination is not None:
        yield (
            "Nothing in these files records who owns an incident until it is resolved or handed "
            f"over: `{_command('init', 'charter', *asked.sources())}` starts a charter from them, "
            "and from it come working rules, routes and that record."
        )


def _who(report: Report, asked: Asked) -> Iterator[str]:
    undecided = [answer for answer in report.answers if answer.open_label is not None]
    if undecided:
        first = undecided[0]
        if _can_be_asked(first):
            command = _command("who", *asked.words(), first.alert)
            yield f"Next: {command} {first.open_label}=… says who answers for one value of it."
    elif report.compiled is None and report.exit_code(allow_unknown=True) == 0 and report.answers:
        first = report.answers[0]
        if _can_be_asked(first):
            yield f"Next: {_command('who', *asked.words(), first.alert)} explains one of them."


def _can_be_asked(answer: RuleAnswer) -> bool:
    """Whether ``who`` takes the alert's name for a name, and for no path or label."""
    return sort_words((answer.alert,))[2] == (answer.alert,) and not answer.alert.startswith("-")


def _command(*words: str) -> str:
    return f"buckstop {shlex.join(words)}"
