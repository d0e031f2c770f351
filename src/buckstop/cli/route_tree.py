"""All routes, drawn: for ``route --tree`` and ``tree``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rich.console import Console
from rich.text import Text

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.label_text import matcher_text
from buckstop.cli.route_answer import Routes
from buckstop.cli.route_json import match_value
from buckstop.diagnostics import Diagnostic, Level, visible

Part = Literal["notifies", "on the way", "not taken"]

_GUTTER: Mapping[Part, tuple[str, str]] = {
    "notifies": ("> ", "bold green"),
    "on the way": ("| ", "bold"),
    "not taken": ("  ", "dim"),
}
_LEVELS: Mapping[Level, str] = {Level.ERROR: "red", Level.WARNING: "yellow", Level.INFO: "blue"}


@dataclass(frozen=True, slots=True)
class Branch:
    """One route of the tree.

    Attributes:
        part: what it does for the alert that was asked about; None where none was.
        team: whose its receiver is, or None.
        mark: what else is known of it; None where nothing was looked at.
    """

    match: RouteMatch
    part: Part | None
    team: str | None
    children: tuple[Branch, ...]
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a route beside where it stands.

    Attributes:
        rules: how many rules have alerts of which it tells.
        findings: what is wrong there.
    """

    rules: int
    findings: tuple[Diagnostic, ...]


def grow(
    routes: Routes,
    labels: Mapping[str, str] | None,
    marks: Mapping[tuple[int, ...], Mark] | None = None,
) -> Branch:
    """The whole tree, with the way of an alert with `labels` in it unless they are None.

    Args:
        marks: the path of each route to what is known of it, or None.
    """
    taken = () if labels is None else routes.router.route(labels)
    notifying = {match.path for match in taken}
    on_the_way = {path[:length] for path in notifying for length in range(len(path))}
    below: dict[tuple[int, ...], list[Branch]] = {}
    # Children stand behind their parents, so from the back each one's own are complete.
    for match in reversed(tuple(routes.router.every())):
        part: Part | None = None
        if labels is not None:
            part = "on the way" if match.path in on_the_way else "not taken"
            part = "notifies" if match.path in notifying else part
        children = tuple(reversed(below.pop(match.path, ())))
        branch = Branch(
            match,
            part,
            routes.team_of([match], (labels or {}).get(routes.team_label) or None),
            children,
            None if marks is None else marks[match.path],
        )
        if not match.path:
            return branch
        below.setdefault(match.path[:-1], []).append(branch)
    raise AssertionError("the root comes last")


def tree_json(root: Branch) -> str:
    """The tree as JSON text with a newline at its end."""
    return json.dumps(_value(root), ensure_ascii=False, indent=1) + "\n"


def _value(branch: Branch) -> dict[str, Any]:
    route = branch.match.route
    return {
        **match_value(branch.match),
        "continue": route.continues,
        "mute_time_intervals": list(route.mute_time_intervals),
        "active_time_intervals": list(route.active_time_intervals),
        "file": route.span.file,
        "line": route.span.line,
        "team": branch.team,
        **({} if branch.part is None else {"part": branch.part}),
        **({} if branch.mark is None else _mark_value(branch.mark)),
        "routes": [_value(child) for child in branch.children],
    }


def _mark_value(mark: Mark) -> dict[str, Any]:
    return {
        "rules": mark.rules,
        "diagnostics": [
            {"code": one.code.name, "level": one.code.level.value, "message": one.message}
            for one in mark.findings
        ],
    }


def print_tree(root: Branch, console: Console) -> None:
    """Print the tree, a route a line; marks in front show the way of the alert."""
    for line in _lines(root, "", ""):
        console.print(line, soft_wrap=True, highlight=False, markup=False)


def _lines(branch: Branch, branch_text: str, indent: str) -> Iterable[Text]:
    match, route = branch.match, branch.match.route
    gutter, style = ("", "") if branch.part is None else _GUTTER[branch.part]
    asked = ", ".join(matcher_text(matcher) for matcher in route.matchers)
    what = f"{{{asked}}}" if asked else "everything"
    line = Text.assemble((gutter, style), (branch_text, "dim"))
    line.append(visible(f"{what if match.path else 'the root'} → {match.receiver}"), style)
    if branch.team is not None:
        line.append(visible(f" [{branch.team}]"), "cyan")
    if route.continues:
        line.append(" (and goes on)")
    for said, names in (
        ("muted", route.mute_time_intervals),
        ("active", route.active_time_intervals),
    ):
        if names:
            line.append(visible(f" ({said}: {', '.join(names)})"))
    line.append(visible(f"  {route.span.file}:{route.span.line}"), "dim")
    if branch.mark is not None and branch.mark.rules:
        line.append(f"  {branch.mark.rules:,} rule{'' if branch.mark.rules == 1 else 's'}")
    yield line
    hanging = f"{indent}{'│  ' if branch.children else '   '}"
    for found in branch.mark.findings if branch.mark is not None else ():
        level = found.code.level
        said = visible(f"{level.value}[{found.code.name}]: {found.message}")
        yield Text.assemble((hanging, "dim"), (said, _LEVELS[level]))
    for index, child in enumerate(branch.children):
        is_last = index == len(branch.children) - 1
        own, below = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        yield from _lines(child, indent + own, indent + below)
