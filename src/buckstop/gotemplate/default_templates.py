"""The names that Alertmanager's own template file defines, by version.

Read off the files of 0.25.0, 0.28.1 and 0.33.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.gotemplate.engines import Version, has


@dataclass(frozen=True, slots=True)
class DefaultTemplate:
    """One name; where `of_alerts`, it is made for a list of alerts, else for a notification."""

    name: str
    absent: str | None
    present: str | None
    of_alerts: bool = False


def _each(prefix: str, names: str) -> list[str]:
    return [f"{prefix}.{name}" for name in names.split()]


_ALWAYS: Final = (
    "__alertmanager",
    "__alertmanagerURL",
    "__subject",
    "__description",
    *_each("slack.default", "title username fallback callbackid pretext titlelink iconemoji"),
    *_each("slack.default", "iconurl text footer"),
    *_each("pagerduty.default", "description client clientURL"),
    *_each("opsgenie.default", "message description source"),
    *_each("wechat.default", "message to_user to_party to_tag agent_id"),
    *_each("victorops.default", "state_message entity_display_name monitoring_tool"),
    *_each("pushover.default", "title message url"),
    *_each("sns.default", "subject message"),
    "telegram.default.message",
    *_each("discord.default", "title message"),
    "webex.default.message",
    *_each("email.default", "subject html"),
)
_SINCE_0_28: Final = (
    "discord.default.content",
    *_each("msteams.default", "summary title text"),
    *_each("msteamsv2.default", "title text"),
    *_each("rocketchat.default", "title alias titlelink emoji iconurl text"),
)
_SINCE_0_33: Final = (
    "slack.default.color",
    *_each("jira.default", "summary description priority"),
    *_each("mattermost.default", "color username title titlelink fallback text"),
)

DEFAULT_TEMPLATES: Final = (
    *(DefaultTemplate(name, None, None) for name in _ALWAYS),
    DefaultTemplate("pagerduty.default.instances", None, None, of_alerts=True),
    DefaultTemplate("__text_alert_list", None, None, of_alerts=True),
    DefaultTemplate("__text_alert_list_markdown", "0.25.0", "0.28.1", of_alerts=True),
    *(DefaultTemplate(name, "0.25.0", "0.28.1") for name in _SINCE_0_28),
    *(DefaultTemplate(name, "0.28.1", "0.33.1") for name in _SINCE_0_33),
)


def default_templates(version: Version | None) -> tuple[dict[str, DefaultTemplate], frozenset[str]]:
    """The names that `version` may define, and which of them are not certain."""
    there = {one.name: has(one.absent, one.present, version) for one in DEFAULT_TEMPLATES}
    possible = {one.name: one for one in DEFAULT_TEMPLATES if there[one.name] is not False}
    return possible, frozenset(name for name in possible if there[name] is None)
