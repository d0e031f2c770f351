"""The parts of ``alertmanager.yml`` that decide where an alert goes, as frozen values.

Every value keeps the place it was read from, and, as ``node``, the tree it was read from, so that
a check can point at a field exactly as the user wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from buckstop.alertmanager.time_ranges import TimeInterval
from buckstop.diagnostics import Span
from buckstop.document import Mapping
from buckstop.document.versions import Version

Operator = Literal["=", "!=", "=~", "!~"]


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on one label. A label that is missing counts as the empty string.

    Attributes:
        name: the label.
        operator: ``=``, ``!=``, ``=~`` or ``!~``.
        value: a string, or an RE2 pattern that must match the whole value.
        span: where it stands.
        deprecated: whether it was written under ``match`` or ``match_re``.
    """

    name: str
    operator: Operator
    value: str
    span: Span
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A node of the route tree as written: None means "not given, inherit".

    Attributes:
        matchers: ``match``, ``match_re`` and ``matchers`` together; all must hold.
        continues: ``continue: true``.
        group_by: label names; ``('...',)`` means all labels.
        group_wait, group_interval, repeat_interval: durations as written, for example ``30s``.
        node: the mapping it was read from.
    """

    span: Span
    node: Mapping
    receiver: str | None
    matchers: tuple[Matcher, ...]
    continues: bool
    group_by: tuple[str, ...] | None
    group_wait: str | None
    group_interval: str | None
    repeat_interval: str | None
    mute_time_intervals: tuple[str, ...]
    active_time_intervals: tuple[str, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Integration:
    """One way in which a receiver delivers, for example one entry of ``slack_configs``.

    Attributes:
        kind: without the ``_configs``: ``slack``, ``pagerduty``, ``webhook``, …
        index: its place in that list, from 0.
    """

    kind: str
    index: int
    span: Span
    node: Mapping


@dataclass(frozen=True, slots=True)
class Receiver:
    """A named destination; one without integrations delivers nowhere."""

    name: str
    span: Span
    node: Mapping
    integrations: tuple[Integration, ...]


@dataclass(frozen=True, slots=True)
class InhibitRule:
    """While an alert matches `source`, alerts that match `target` with `equal` labels are quiet."""

    span: Span
    node: Mapping
    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertmanagerConfig:
    """One ``alertmanager.yml``.

    Attributes:
        file: the name under which it was read.
        version: the Alertmanager that it was read for; some of what routes say depends on it.
        global_: the ``global`` section, or None.
        time_intervals: of ``time_intervals`` and ``mute_time_intervals``.
        templates: the globs under ``templates``.
        template_texts: what stands in the files that they name, in the order in which they are
            loaded; None where that is not known.
        is_shown: whether it is what a running Alertmanager shows. That writes ``<secret>`` for each
            secret: that it has them is known, what they are is not; and it writes out defaults.
    """

    file: str
    version: Version
    node: Mapping
    global_: Mapping | None
    route: Route
    receivers: tuple[Receiver, ...]
    inhibit_rules: tuple[InhibitRule, ...]
    time_intervals: tuple[TimeInterval, ...]
    templates: tuple[str, ...]
    template_texts: tuple[str, ...] | None = None
    is_shown: bool = False

    def receiver(self, name: str) -> Receiver | None:
        """The receiver called `name`, or None."""
        return next((receiver for receiver in self.receivers if receiver.name == name), None)
