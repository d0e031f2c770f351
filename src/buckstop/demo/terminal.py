"""The demo on a terminal: a table of the breaks, and where their seconds went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from buckstop.demo.plain import intake_line
from buckstop.demo.story import Seen, Story, split

BAR_CELLS: Final = 40
PHASES: Final = (
    ("signal", "cyan", "data, scrape"),
    ("evaluation", "blue", ""),
    ("for", "yellow", ""),
    ("Alertmanager", "magenta", "group_wait"),
)
"""The phases from breach to page, in order: word, colour, what it is."""


def render(story: Story, now: float) -> RenderableType:
    """The whole screen as of `now` (Unix time)."""
    parts: list[RenderableType] = []
    if story.ledger_url:
        parts = [_addresses(story), _table(story.seen, now)]
    if any(one.paged for one in story.seen):
        parts.append(_timeline(story.seen))
    if story.intake is not None:
        parts.append(Text(intake_line(story.intake), style="dim"))
    if story.beside:
        parts.append(Text.assemble(("Also firing: ", "bold"), ", ".join(story.beside)))
    parts += [Text(refusal, style="bold red") for refusal in story.refusals]
    parts.append(Text.assemble((f"{now - story.began:5.1f} s  ", "dim"), (story.phase, "bold")))
    return Group(*parts)


def _addresses(story: Story) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text("Who answers, live", "bold"), Text(story.ledger_url, "bold green"))
    grid.add_row(
        "Real servers",
        f"Prometheus {story.prometheus_url}  Alertmanager {story.alertmanager_url}",
    )
    grid.add_row(
        "Stand-ins", f"PagerDuty {story.pagerduty_url}  Slack {story.slack_url}  (what each got)"
    )
    grid.add_row("Shortened", Text(story.shortened, "yellow"))
    return Panel(grid, title="buckstop demo", title_align="left", expand=False)


def _table(seen: Sequence[Seen], now: float) -> Table:
    table = Table(
        title="Seconds after the breach (resolved: after healing)",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1),
    )
    table.add_column("Break", no_wrap=True)
    for heading in ("Crossed", "Firing", "Paged"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Routed to")
    table.add_column("Owner on record")
    table.add_column("Resolved", justify="right", no_wrap=True)
    for one in seen:
        table.add_row(
            Text(one.what.name, style="bold"),
            _moment(one, one.crossed, now),
            _moment(one, one.firing, now),
            _moment(one, one.paged, now),
            _routed(one),
            _owner(one),
            _resolved(one, now),
        )
    return table


def _moment(seen: Seen, moment: float | None, now: float) -> Text:
    if seen.made is None:
        return Text("–", style="dim")
    if moment is None and seen.healed is not None:
        return Text("not seen", style="yellow")
    if moment is None:
        return Text(f"… {now - seen.made:.0f}", style="yellow")
    return Text(f"{moment - seen.made:.1f}")


def _routed(seen: Seen) -> Text:
    if seen.made is None:
        return Text("–", style="dim")
    routed = Text("waiting…", style="yellow")
    if seen.paged is not None:
        service = "PagerDuty" if seen.what.service == "pagerduty" else "Slack"
        routed = Text(f"{service} {seen.what.recipient}", style="green")
    informed = [name for name in seen.recipients if name in seen.what.informed]
    if informed:
        routed.append(f"\ninformed: {', '.join(informed)}", style="dim")
    if seen.strays:
        routed.append(f"\nastray: {', '.join(seen.strays)}", style="bold red")
    return routed


def _owner(seen: Seen) -> Text:
    if seen.made is None:
        return Text("–", style="dim")
    if seen.owned is None:
        return Text("waiting…", style="yellow")
    style = "bold red" if seen.wrong_owner else "bold green"
    return Text.assemble((str(seen.owner), style), f" {seen.owned - seen.made:.1f}")


def _resolved(seen: Seen, now: float) -> Text:
    if seen.healed is None:
        return Text("–", style="dim")
    if seen.resolved is None:
        return Text(f"… {now - seen.healed:.0f}", style="yellow")
    return Text(f"{seen.resolved - seen.healed:.1f}", style="green")


def _timeline(seen: Sequence[Seen]) -> Table:
    """A bar a break, from breach to page, coloured by what the time was spent on."""
    longest = max((one.since_made(one.paged) or 0.0 for one in seen), default=0.0)
    legend = Text("Where the seconds went:")
    for word, colour, meaning in PHASES:
        legend.append(f"  ■ {word}", style=colour)
        if meaning:
            legend.append(f" ({meaning})", style="dim")
    table = Table.grid(padding=(0, 1))
    table.title = legend
    table.title_justify = "left"
    for one in seen:
        parts = split(one)
        spent = (
            parts.signal_seconds,
            parts.evaluation_seconds,
            parts.holding_seconds,
            parts.grouping_seconds,
        )
        if longest <= 0 or any(seconds is None for seconds in spent):
            continue
        bar = Text()
        words = []
        for (word, colour, _), seconds in zip(PHASES, spent, strict=True):
            assert seconds is not None
            bar.append("■" * round(BAR_CELLS * seconds / longest), style=colour)
            words.append(f"{word} {seconds:.1f}")
        table.add_row(Text(one.what.name, style="bold"), bar, Text(" · ".join(words)))
    return table
