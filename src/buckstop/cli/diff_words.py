"""What moves, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from buckstop.language import Region
from buckstop.prometheus import format_duration
from buckstop.prover.moves.causes import Cause, Group
from buckstop.prover.moves.outcomes import Timing
from buckstop.prover.wording import value_text, values_text

NAME: Final = "alertname"


def heading(group: Group) -> str:
    """What moves for one cause: ``12 alerts move from infra_sre to data_mlops``."""
    count, cause = group.count, group.cause
    is_one = count == 1
    alerts = counted(count, "kind of alerts" if group.instances[0].rule is None else "alert")
    before, after = teams_text(cause.teams_before), teams_text(cause.teams_after)
    match cause.kind:
        case "team":
            return f"{alerts} {'moves' if is_one else 'move'} from {before} to {after}"
        case "receivers":
            told = f"{names_text(cause.receivers_before)} -> {names_text(cause.receivers_after)}"
            return f"{alerts} of {after}: told {'is' if is_one else 'are'} {told}"
        case "timing":
            times = "; ".join(timings_text(cause))
            return f"{alerts} of {after} {'is' if is_one else 'are'} told at other times: {times}"
        case "not sent":
            return f"{alerts} that {before} answered for {'is' if is_one else 'are'} sent no more"
        case "sent":
            return f"{alerts} that {'was' if is_one else 'were'} not sent before: {after} answers"
        case "removed":
            return f"{alerts} removed: {before} answered"
        case "added":
            return f"{alerts} added: {after} answers"
        case "verdict":
            assert cause.verdicts is not None, "a verdict is other"
            return f"{alerts}: {cause.verdicts[0]} -> {cause.verdicts[1]}"


def counted(count: int, noun: str) -> str:
    """``1 alert``, ``2 kinds of alerts``."""
    first, *rest = noun.split(" ", 1)
    return " ".join((f"{count:,}", first if count == 1 else f"{first}s", *rest))


def teams_text(teams: Iterable[str]) -> str:
    """Who answers: one team, several, or nobody."""
    return " and ".join(map(value_text, teams)) or "nobody"


def names_text(names: Iterable[str]) -> str:
    """Receivers, as people read them."""
    return ", ".join(map(value_text, names))


def timings_text(cause: Cause) -> Iterator[str]:
    """Each setting that is other, before and after."""
    said: dict[str, None] = {}
    for before, after in zip(cause.timings_before, cause.timings_after, strict=True):
        old, new = dict(settings(before)), dict(settings(after))
        for name, value in old.items():
            if value != new[name]:
                said[f"{name} {value} -> {new[name]}"] = None
        if old == new:
            said["its time intervals hold at other times"] = None
    yield from said


def settings(timing: Timing) -> Iterator[tuple[str, str]]:
    """When a route notifies, setting by setting, as in the file."""
    yield "group_by", f"[{', '.join(timing.group_by)}]"
    yield "group_wait", format_duration(timing.group_wait_seconds)
    yield "group_interval", format_duration(timing.group_interval_seconds)
    yield "repeat_interval", format_duration(timing.repeat_interval_seconds)
    yield "mute_time_intervals", f"[{', '.join(timing.muted)}]"
    yield "active_time_intervals", f"[{', '.join(timing.active)}]"


def where_text(region: Region, *, is_of_rule: bool) -> str:
    """Which alerts: ``severity is page, env is not prod``; of all, nothing."""
    return ", ".join(
        f"{name} is {values_text(language)}"
        for name, language in region.named
        if not (is_of_rule and name == NAME)
    )


def labels_text(labels: Iterable[tuple[str, str]]) -> str:
    """A label set as on the command line: ``alertname=Slow team=web``; ``no labels`` for none."""
    return " ".join(f"{name}={value_text(value)}" for name, value in labels) or "no labels"
