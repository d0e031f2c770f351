"""All kinds of integration that are known."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.discord import DISCORD
from buckstop.alertmanager.kinds.email import EMAIL
from buckstop.alertmanager.kinds.incidentio import INCIDENTIO
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.alertmanager.kinds.jira import JIRA
from buckstop.alertmanager.kinds.mattermost import MATTERMOST
from buckstop.alertmanager.kinds.msteams import MSTEAMS, MSTEAMSV2
from buckstop.alertmanager.kinds.opsgenie import OPSGENIE
from buckstop.alertmanager.kinds.pagerduty import PAGERDUTY
from buckstop.alertmanager.kinds.pushover import PUSHOVER
from buckstop.alertmanager.kinds.rocketchat import ROCKETCHAT
from buckstop.alertmanager.kinds.slack import SLACK
from buckstop.alertmanager.kinds.sns import SNS
from buckstop.alertmanager.kinds.telegram import TELEGRAM
from buckstop.alertmanager.kinds.victorops import VICTOROPS
from buckstop.alertmanager.kinds.webex import WEBEX
from buckstop.alertmanager.kinds.webhook import WEBHOOK
from buckstop.alertmanager.kinds.wechat import WECHAT

KINDS: Final = (
    DISCORD,
    EMAIL,
    INCIDENTIO,
    JIRA,
    MATTERMOST,
    MSTEAMS,
    MSTEAMSV2,
    OPSGENIE,
    PAGERDUTY,
    PUSHOVER,
    ROCKETCHAT,
    SLACK,
    SNS,
    TELEGRAM,
    VICTOROPS,
    WEBEX,
    WEBHOOK,
    WECHAT,
)


def kind(name: str) -> Kind | None:
    """The kind called `name` (``slack``), or None."""
    return next((known for known in KINDS if known.name == name), None)
