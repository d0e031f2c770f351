"""What the checks look at, and the words they share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from buckstop.alertmanager import RouteMatch, Router
from buckstop.alertmanager.coverage import Coverage, NotDecided
from buckstop.alertmanager.model import AlertmanagerConfig, Matcher, Route
from buckstop.diagnostics import Diagnostic, Related
from buckstop.language import Region
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.arrivals import Arrival
from buckstop.prover.label_environment import LabelEnvironment
from buckstop.prover.model import RuleAnswer
from buckstop.prover.ownership import Ownership
from buckstop.prover.parts import Part
from buckstop.prover.receiver_templates import ReceiverTemplates

MAX_RELATED: Final = 3
"""Further places that one finding shows; the rest is a number."""

_BARE_VALUE: Final = re.compile(r"[A-Za-z_][\w.-]*")


@dataclass(frozen=True, slots=True)
class Answered:
    """An alerting rule and who answers for it.

    Attributes:
        parts: what its alerts can be, by the routes that they take; none where that is not
            decided.
    """

    rule: AlertingRule
    answer: RuleAnswer
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class AlertKind:
    """Alerts that no inhibition rule tells apart.

    Attributes:
        rule: the first that sends them.
        region: their labels, of those that inhibition rules ask for.
        always_fires: whether the expression has a value whatever happens.
    """

    rule: Answered
    region: Region
    always_fires: bool


@dataclass(frozen=True, slots=True)
class TeamTimes:
    """Alerts of which a team is told at the same times.

    Attributes:
        routes: those that tell the team of the first of `rules`.
        rules: at least one.
    """

    team: str
    coverage: Coverage | NotDecided
    routes: tuple[Route, ...]
    rules: tuple[Answered, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSubject:
    """Routes that are judged, whatever rules there are.

    Attributes:
        config: the routes; None where none were given.
        templates: those of the receivers.
        tree: the routes with what arrives at each; None where there is no `config`.
        router: the routes as a concrete alert walks them; None where there is no `config`.
    """

    config: AlertmanagerConfig | None
    ownership: Ownership
    team_label: str
    templates: ReceiverTemplates
    tree: Arrival | None = None
    router: Router | None = None

    def routes(self) -> Iterator[Arrival]:
        """Every route with what arrives there, parents first."""
        if self.tree is not None:
            yield from self.tree.every()

    def taken(self, region: Region) -> tuple[dict[str, str], tuple[RouteMatch, ...]]:
        """A label set of `region`, and the routes that an alert with it takes.

        Raises:
            Undecided: if no label set can be found.
        """
        assert self.router is not None, "there are regions only where there are routes"
        labels = region.witness()
        return labels, self.router.route(labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(RouteSubject):
    """Rules and routes that are judged together.

    Attributes:
        rules: every alerting rule with its answer.
        times: when teams are told, of those with intervals on a route that tells them.
        environment: label to the values that series may have, where a file says so.
        watching: the rules that seem to watch a model, with the kinds of fault that they watch.
        kinds: the alerts that inhibition rules tell apart; none where there are too many.
    """

    rules: tuple[Answered, ...]
    times: tuple[TeamTimes, ...] = ()
    environment: LabelEnvironment = field(default_factory=dict)
    watching: tuple[tuple[Answered, tuple[str, ...]], ...] = ()
    kinds: tuple[AlertKind, ...] = ()


RouteCheck = Callable[[RouteSubject], Iterable[Diagnostic]]
"""A check whose findings do not hang on the rules."""

Check = Callable[[Subject], Iterable[Diagnostic]]


def counted(number: int, noun: str) -> str:
    """``1 rule``, ``950 rules``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def further(rules: Iterable[Answered], say: Callable[[Answered], str]) -> tuple[Related, ...]:
    """The first few of `rules` as related places."""
    first = tuple(rules)[:MAX_RELATED]
    return tuple(Related(found.rule.span, say(found)) for found in first)


def matcher_text(matcher: Matcher) -> str:
    """`matcher` as ``matchers:`` wants it; the value is quoted where it must be."""
    value = matcher.value if _BARE_VALUE.fullmatch(matcher.value) else json.dumps(matcher.value)
    quoted = value if value.startswith('"') else f'"{value}"'
    return f"{matcher.name}{matcher.operator}{quoted}"
