"""The ``global`` section that an ``Alertmanager`` gives beside its ``AlertmanagerConfig``."""

from __future__ import annotations

from typing import Final

from buckstop.document import Entry, Fields, Mapping
from buckstop.kubernetes.contact_fields import HTTP, TLS, Spelling, Spellings, fields_of, secrets_of
from buckstop.kubernetes.contacts import ReceiverWriter
from buckstop.kubernetes.nodes import entry, mapping, text, text_at, value_at

_OWN: Final[Spellings] = fields_of(
    "resolveTimeout",
    pagerdutyUrl=Spelling("pagerduty_url"),
    slackApiUrl=Spelling("slack_api_url", "secret"),
    opsGenieApiUrl=Spelling("opsgenie_api_url", "secret"),
    opsGenieApiKey=Spelling("opsgenie_api_key", "secret"),
    httpConfig=HTTP,
)
_SMTP: Final[Spellings] = {
    name: Spelling(f"smtp_{spelling.to}", spelling.way, spelling.nested)
    for name, spelling in {
        **fields_of("from hello authUsername authIdentity requireTLS forceImplicitTLS"),
        **secrets_of("authPassword authSecret"),
        "tlsConfig": TLS,
    }.items()
}
_SECTIONS: Final[dict[str, Spellings]] = {
    "smtp": _SMTP,
    "telegram": {
        "apiURL": Spelling("telegram_api_url"),
        "botToken": Spelling("telegram_bot_token", "secret"),
        "botTokenFile": Spelling("telegram_bot_token_file"),
    },
    "jira": {"apiURL": Spelling("jira_api_url")},
    "rocketChat": {
        "apiURL": Spelling("rocketchat_api_url"),
        "token": Spelling("rocketchat_token", "secret"),
        "tokenID": Spelling("rocketchat_token_id", "secret"),
    },
    "webex": {"apiURL": Spelling("webex_api_url")},
    "wechat": {
        "apiURL": Spelling("wechat_api_url"),
        "apiSecret": Spelling("wechat_api_secret", "secret"),
        "apiCorpID": Spelling("wechat_api_corp_id"),
    },
    "victorops": {
        "apiURL": Spelling("victorops_api_url"),
        "apiKey": Spelling("victorops_api_key", "secret"),
    },
    "mattermost": {"webhookURL": Spelling("mattermost_webhook_url", "secret")},
}


def write_global(configuration: Mapping, writer: ReceiverWriter) -> Mapping | None:
    """The ``global`` section of ``spec.alertmanagerConfiguration``; None where it gives none."""
    node = value_at(configuration, "global")
    if node is None:
        return None
    fields = Fields.of(node, "the global section", writer.findings)
    if fields is None:
        return None
    entries: list[Entry] = []
    for name, spellings in _SECTIONS.items():
        section = fields.node_at(name)
        if section is None:
            continue
        known = spellings
        host = value_at(section, "smartHost") if name == "smtp" else None
        if host is not None:
            address = f"{text_at(host, 'host')}:{text_at(host, 'port')}"
            entries.append(entry("smtp_smarthost", text(address, host.span)))
            known = {**spellings, "smartHost": Spelling("", "nothing")}
        written = writer.section(section, f"'{name}'", known)
        entries += () if written is None else written.entries
    own = Mapping(
        tuple(one for one in fields.node.entries if one.key.text not in _SECTIONS), node.span
    )
    written = writer.section(own, "the global section", _OWN)
    entries += () if written is None else written.entries
    return mapping(entries, fields.node.span)
