"""How an ``AlertmanagerConfig`` spells the fields of contacts, and what the operator makes of them.

One table a kind. A field that is only named is copied under its name in snake case; the others
say what becomes of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Way = Literal[
    "copy", "secret", "pairs", "tls_file", "either", "header_secrets", "threading", "nothing"
]
"""What becomes of a value.

``secret``: a reference to a key of a Secret, replaced by what stands there. ``either``: one to a
Secret or a ConfigMap. ``tls_file``: the same, mounted as a file. ``pairs``: a list of keys and
values that becomes a mapping. ``header_secrets``: names to lists of references. ``nothing``:
written elsewhere.
"""

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One field: its name in ``alertmanager.yml``, and what becomes of its value.

    Attributes:
        nested: the fields of a section, where it is one.
        many: whether it is a list of such sections.
    """

    to: str
    way: Way = "copy"
    nested: Mapping[str, Spelling] | None = None
    many: bool = False


Spellings = Mapping[str, Spelling]


def snake_case(name: str) -> str:
    """``apiURL`` as ``api_url``, ``enableHttp2`` as ``enable_http2``."""
    return _HUMP.sub("_", name).lower()


def fields_of(names: str, **special: Spelling) -> Spellings:
    """Fields that are copied, by their names, and those of which something else becomes."""
    return {**{name: Spelling(snake_case(name)) for name in names.split()}, **special}


def secrets_of(names: str) -> dict[str, Spelling]:
    """Fields that refer to keys of Secrets, by their names."""
    return {name: Spelling(snake_case(name), "secret") for name in names.split()}


TLS: Final = Spelling(
    "tls_config",
    nested=fields_of(
        "serverName insecureSkipVerify minVersion maxVersion",
        ca=Spelling("ca_file", "tls_file"),
        cert=Spelling("cert_file", "tls_file"),
        keySecret=Spelling("key_file", "secret"),
    ),
)
_PROXY: Final = fields_of(
    "proxyUrl noProxy proxyFromEnvironment",
    proxyConnectHeader=Spelling("proxy_connect_header", "header_secrets"),
)
HTTP: Final = Spelling(
    "http_config",
    nested=fields_of(
        "proxyURL followRedirects enableHttp2",
        authorization=Spelling(
            "authorization", nested=fields_of("type", **secrets_of("credentials"))
        ),
        basicAuth=Spelling("basic_auth", nested=fields_of("", **secrets_of("username password"))),
        oauth2=Spelling(
            "oauth2",
            nested=fields_of(
                "tokenUrl scopes endpointParams",
                clientId=Spelling("client_id", "either"),
                tlsConfig=TLS,
                **secrets_of("clientSecret"),
                **_PROXY,
            ),
        ),
        bearerTokenSecret=Spelling("bearer_token", "secret"),
        tlsConfig=TLS,
        **_PROXY,
    ),
)


def _contact(names: str, **special: Spelling) -> Spellings:
    return fields_of(f"sendResolved {names}", httpConfig=HTTP, **special)


def _many(to: str, names: str, **special: Spelling) -> Spelling:
    return Spelling(to, nested=fields_of(names, **special), many=True)


CONTACTS: Final[Mapping[str, tuple[str, Spellings]]] = {
    "opsgenieConfigs": (
        "opsgenie_configs",
        _contact(
            "apiURL message description source tags note priority updateAlerts entity actions",
            details=Spelling("details", "pairs"),
            responders=_many("responders", "id name username type"),
            **secrets_of("apiKey"),
        ),
    ),
    "pagerdutyConfigs": (
        "pagerduty_configs",
        _contact(
            "url client clientURL description severity class group component source timeout",
            details=Spelling("details", "pairs"),
            pagerDutyImageConfigs=_many("images", "src href alt"),
            pagerDutyLinkConfigs=_many("links", "href", alt=Spelling("text")),
            **secrets_of("routingKey serviceKey"),
        ),
    ),
    "discordConfigs": (
        "discord_configs",
        _contact(
            "title message content username avatarURL", apiURL=Spelling("webhook_url", "secret")
        ),
    ),
    "slackConfigs": (
        "slack_configs",
        _contact(
            "channel username color title titleLink pretext text shortFields footer fallback "
            "callbackId iconEmoji iconURL imageURL thumbURL linkNames mrkdwnIn messageText "
            "updateMessage timeout",
            fields=_many("fields", "title value short"),
            actions=_many(
                "actions",
                "type text url style name value",
                confirm=Spelling("confirm", nested=fields_of("text title okText dismissText")),
            ),
            **secrets_of("apiURL"),
        ),
    ),
    "webhookConfigs": (
        "webhook_configs",
        _contact("url maxAlerts timeout payload", urlSecret=Spelling("url", "secret")),
    ),
    "wechatConfigs": (
        "wechat_configs",
        _contact(
            "apiURL corpID agentID toUser toParty toTag message messageType",
            **secrets_of("apiSecret"),
        ),
    ),
    "emailConfigs": (
        "email_configs",
        fields_of(
            "sendResolved to from hello smarthost authUsername authIdentity html text requireTLS "
            "forceImplicitTLS",
            headers=Spelling("headers", "pairs"),
            tlsConfig=TLS,
            threading=Spelling("threading", "threading"),
            **secrets_of("authPassword authSecret"),
        ),
    ),
    "victoropsConfigs": (
        "victorops_configs",
        _contact(
            "apiUrl routingKey messageType entityDisplayName stateMessage monitoringTool",
            customFields=Spelling("custom_fields", "pairs"),
            **secrets_of("apiKey"),
        ),
    ),
    "pushoverConfigs": (
        "pushover_configs",
        _contact(
            "userKeyFile tokenFile title message url urlTitle ttl device sound priority retry "
            "expire html monospace",
            **secrets_of("userKey token"),
        ),
    ),
    "snsConfigs": (
        "sns_configs",
        _contact(
            "apiURL topicARN subject phoneNumber targetARN message attributes",
            useAWSHTTPClient=Spelling("use_aws_http_client"),
            sigv4=Spelling(
                "sigv4",
                nested=fields_of(
                    "region profile roleArn externalID", **secrets_of("accessKey secretKey")
                ),
            ),
        ),
    ),
    "telegramConfigs": (
        "telegram_configs",
        _contact(
            "apiURL botTokenFile chatID messageThreadID message disableNotifications parseMode",
            **secrets_of("botToken"),
        ),
    ),
    "webexConfigs": ("webex_configs", _contact("apiURL message roomID")),
    "msteamsConfigs": (
        "msteams_configs",
        _contact("title summary text", **secrets_of("webhookUrl")),
    ),
    "msteamsv2Configs": ("msteamsv2_configs", _contact("title text", **secrets_of("webhookURL"))),
    "rocketchatConfigs": (
        "rocketchat_configs",
        _contact(
            "apiURL channel color emoji iconURL text title titleLink shortFields imageURL thumbURL "
            "linkNames",
            fields=_many("fields", "title value short"),
            actions=_many("actions", "text url msg"),
            **secrets_of("token tokenID"),
        ),
    ),
    "mattermostConfigs": (
        "mattermost_configs",
        _contact(
            "channel username text iconURL iconEmoji",
            attachments=_many(
                "attachments",
                "fallback color pretext text authorName authorLink authorIcon title titleLink "
                "thumbURL footer footerIcon imageURL",
                fields=_many("fields", "title value short"),
            ),
            props=Spelling("props", nested=fields_of("card")),
            priority=Spelling(
                "priority", nested=fields_of("priority requestedAck persistentNotifications")
            ),
            **secrets_of("webhookURL"),
        ),
    ),
}
"""The lists of contacts of a receiver: their name in ``alertmanager.yml``, and their fields."""
