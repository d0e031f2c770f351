"""``who`` for people: the rule, the routes as a small tree, who answers, and how soon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from buckstop.alertmanager.label_text import matcher_text
from buckstop.cli.part_text import part_outcome, part_where
from buckstop.diagnostics import visible
from buckstop.prometheus import format_duration
from buckstop.prover.explanation import Explanation, Step
from buckstop.prover.model import RuleAnswer, Verdict

if TYPE_CHECKING:
    from buckstop.cli.who_entries import EntryAnswer

MAX_EXPLAINED: Final = 5
"""Rules of one name that are explained; more are counted, and a label narrows them down."""

_COLOURS: Final = {
    Verdict.PROVEN: "green",
    Verdict.REFUTED: "bold red",
    Verdict.UNKNOWN: "yellow",
}
_WIDTH: Final = 10


def print_explanations(explanations: tuple[Explanation, ...], console: Console) -> None:
    """Print each, the first few if there are many."""
    for index, explanation in enumerate(explanations[:MAX_EXPLAINED]):
        if index:
            _line(console, Text())
        for line in _lines(explanation):
            _line(console, line)
    more = len(explanations) - MAX_EXPLAINED
    if more > 0:
        _line(console, Text())
        _line(console, Text(f"and {more:,} more rules of this name; narrow with label=value"))


def print_entries(alert: str, entries: tuple[EntryAnswer, ...], console: Console) -> None:
    """Print what the charter says of alerts whose rule was not given."""
    if not entries:
        return
    _line(
        console,
        Text.assemble(
            (visible(alert), "bold"),
            "  no rule file with it was given; the charter has an entry for it",
        ),
    )
    for entry in entries:
        match = ", ".join(f'{name}="{value}"' for name, value in entry.match.items())
        where = f"{entry.authority.file}:{entry.authority.line}"
        _line(console, _field("carrying", f"{match}; what else its rule sets is not known"))
        _line(console, _told(entry.answer))
        _line(console, _answers(entry.answer))
        _line(console, _field("because", f"{where}: {entry.authority.text}"))
        _line(console, _verdict(entry.answer))


def _lines(explanation: Explanation) -> Iterable[Text]:
    rule, answer = explanation.rule, explanation.answer
    yield Text.assemble(
        (visible(rule.alert), "bold"),
        visible(f"  {rule.span.file}:{rule.span.line}, group {rule.group}"),
    )
    yield _field("expr", " ".join(rule.expr.split()))
    yield _field("for", format_duration(rule.for_seconds))
    labels = ", ".join(f'{name}="{value.text}"' for name, value in rule.labels)
    yield _field("labels", labels or "none")
    if explanation.not_carried:
        said = ", ".join(f"{name}={value}" for name, value in explanation.not_carried)
        yield _field("left out", f"{said}: no alert of this rule can carry that")
    yield from _tree(explanation.steps)
    yield _told(answer)
    yield _answers(answer)
    for part in answer.parts:
        yield _field("", f"{part_where(part)}: {part_outcome(part)}")
    yield from _because(explanation)
    yield _verdict(answer)
    for judgement in (judged for _, judged in answer.properties):
        if judgement.reason and judgement.reason != answer.reason:
            yield _field("", f"{judgement.verdict.value}: {judgement.reason}")
    yield from _time(explanation)


def _told(answer: RuleAnswer) -> Text:
    told = ", ".join(
        f"{name} (informed)" if name in answer.informed else name for name in answer.receivers
    )
    return _field("told", told or "not decided")


def _verdict(answer: RuleAnswer) -> Text:
    verdict = Text.assemble((answer.verdict.value, _COLOURS[answer.verdict]))
    if answer.reason:
        verdict.append(f": {visible(answer.reason)}")
    return Text.assemble(("  verdict".ljust(_WIDTH + 2), "dim"), verdict)


def _answers(answer: RuleAnswer) -> Text:
    if answer.cause == "nobody needs to answer":
        return _field("answers", "nobody needs to")
    if answer.verdict is Verdict.PROVEN and answer.team is None:
        return _field("answers", f"{' or '.join(answer.teams)}, by the alert's labels")
    if answer.team is None:
        undecided = answer.verdict is Verdict.UNKNOWN
        return _field("answers", "not decided" if undecided else "nobody, or more than one")
    return Text.assemble(("  answers".ljust(_WIDTH + 2), "dim"), (visible(answer.team), "bold"))


def _because(explanation: Explanation) -> Iterable[Text]:
    authority = explanation.authority
    if authority is not None:
        yield _field("because", f"{authority.file}:{authority.line}: {authority.text}")
        return
    label = explanation.rule.label(explanation.team_label)
    if label is not None and explanation.answer.team == label.text:
        yield _field(
            "because",
            f"the rule says so (line {label.span.line}) and the routes lead to its receiver; "
            "no charter stands behind it",
        )


def _tree(steps: tuple[Step, ...]) -> Iterable[Text]:
    for index, step in enumerate(steps):
        head = "  routes".ljust(_WIDTH + 2) if index == 0 else " " * (_WIDTH + 2)
        branch = "   " * (step.depth - 1) + "└─ " if step.depth else ""
        asked = ", ".join(matcher_text(matcher) for matcher in step.matchers)
        what = f"{{{asked}}}" if asked else "everything"
        line = Text.assemble((head, "dim"), branch, visible("the root" if not step.depth else what))
        if step.notifies:
            line.append(f" → {visible(step.receiver)}", "bold")
        if step.continues:
            line.append(" (and goes on)")
        line.append(visible(f"  {step.file}:{step.line}"), "dim")
        yield line


def _time(explanation: Explanation) -> Iterable[Text]:
    noticing = explanation.noticing
    if noticing is None:
        return
    yield _field(
        "told in",
        f"{format_duration(noticing.new_group)} at worst: "
        f"scrape {format_duration(noticing.scrape)} + "
        f"evaluation {format_duration(noticing.evaluation)} + "
        f"for {format_duration(noticing.holding)} + "
        f"group_wait {format_duration(noticing.group_wait)}",
    )
    yield _field(
        "",
        f"{format_duration(noticing.open_group)} where its group has just been told of another "
        f"alert (group_interval {format_duration(noticing.group_interval)})",
    )
    yield _field("", f"scrape and evaluation intervals: {explanation.intervals.source}")


def _field(name: str, value: str) -> Text:
    return Text.assemble((f"  {name}".ljust(_WIDTH + 2), "dim"), visible(value))


def _line(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True, highlight=False, markup=False)
