"""Configurations whose receivers and defaults are right, or wrong in one place."""

from __future__ import annotations

from tests.differential.routing_configs import PLAIN

HTTP = {
    "empty": "{}",
    "null": "null",
    "basic": "{basic_auth: {username: u, password: p}}",
    "basic-empty": "{basic_auth: {}}",
    "basic-both": "{basic_auth: {username: u, password: p, password_file: f}}",
    "basic-username-file": "{basic_auth: {username_file: u}}",
    "basic-unknown": "{basic_auth: {user: u}}",
    "bearer": "{bearer_token: t}",
    "bearer-both": "{bearer_token: t, bearer_token_file: f}",
    "bearer-basic": "{bearer_token: t, basic_auth: {username: u}}",
    "authorization": "{authorization: {type: Token, credentials: c}}",
    "authorization-basic": "{authorization: {type: ' Basic '}}",
    "authorization-both": "{authorization: {credentials: c, credentials_file: f}}",
    "authorization-bearer": "{authorization: {credentials: c}, bearer_token: t}",
    "authorization-basic-auth": "{authorization: {credentials: c}, basic_auth: {username: u}}",
    "oauth2": "{oauth2: {client_id: i, token_url: http://t/, client_secret: s, scopes: [a]}}",
    "oauth2-no-id": "{oauth2: {token_url: http://t/}}",
    "oauth2-no-url": "{oauth2: {client_id: i}}",
    "oauth2-signed-two-keys": (
        "{oauth2: {client_id: i, token_url: u, grant_type: 'urn:ietf:params:oauth:grant-type:"
        "jwt-bearer', client_certificate_key: a, client_certificate_key_file: b}}"
    ),
    "oauth2-signed-algorithm": (
        "{oauth2: {client_id: i, token_url: u, grant_type: 'urn:ietf:params:oauth:grant-type:"
        "jwt-bearer', signature_algorithm: x}}"
    ),
    "oauth2-signed-two-secrets": (
        "{oauth2: {client_id: i, token_url: u, grant_type: 'urn:ietf:params:oauth:grant-type:"
        "jwt-bearer', client_secret: a, client_secret_file: b}}"
    ),
    "oauth2-two-secrets": (
        "{oauth2: {client_id: i, token_url: u, client_secret: a, client_secret_file: b}}"
    ),
    "oauth2-basic": "{oauth2: {client_id: i, token_url: u}, basic_auth: {username: u}}",
    "tls": "{tls_config: {ca_file: a, cert_file: b, key_file: c, server_name: d}}",
    "tls-inline": "{tls_config: {ca: a}}",
    "tls-insecure": "{tls_config: {insecure_skip_verify: true}}",
    "tls-insecure-text": "{tls_config: {insecure_skip_verify: maybe}}",
    "tls-version": "{tls_config: {min_version: TLS12, max_version: TLS13}}",
    "tls-version-bad": "{tls_config: {min_version: '1.2'}}",
    "tls-cert-alone": "{tls_config: {cert_file: b}}",
    "tls-key-alone": "{tls_config: {key_file: b}}",
    "tls-ca-both": "{tls_config: {ca: a, ca_file: b}}",
    "proxy": "{proxy_url: 'http://p:3128'}",
    "proxy-header": "{proxy_url: 'http://p', proxy_connect_header: {X: [y]}}",
    "proxy-header-alone": "{proxy_connect_header: {X: [y]}}",
    "proxy-environment": "{proxy_from_environment: true}",
    "proxy-both": "{proxy_from_environment: true, proxy_url: 'http://p'}",
    "proxy-none-alone": "{no_proxy: a}",
    "proxy-none": "{no_proxy: a, proxy_url: 'http://p'}",
    "proxy-none-environment": "{no_proxy: a, proxy_from_environment: true}",
    "headers": "{http_headers: {X-A: {values: [b]}}}",
    "headers-unknown": "{http_headers: {X-A: {value: b}}}",
    "headers-text": "{http_headers: {X-A: b}}",
    "headers-reserved": "{http_headers: {Content-Type: {values: [b]}}}",
    "redirects": "{follow_redirects: false, enable_http2: no}",
    "unknown": "{proxy: 'http://p'}",
}
ADDRESSES = {
    "plain": "http://x",
    "secure": "https://x.example:8443/a/b?c=d#e",
    "upper": "HTTP://x/",
    "ipv6": "'http://[::1]:80/'",
    "user": "http://u:p@x/",
    "redacted": "<secret>",
    "relative": "/a",
    "no-scheme": "x.example/a",
    "other-scheme": "ftp://x/",
    "no-host": "http:///a",
    "opaque": "http:x",
    "empty": "''",
    "null": "null",
    "template": "'{{ .X }}'",
    "template-host": "'http://{{ .X }}/'",
    "template-path": "'http://x/{{ .X }}'",
    "space-host": "'http://a b/'",
    "space-path": "'http://a/b c'",
    "bad-escape": "http://x/%zz",
    "bad-port": "http://x:y/",
    "empty-port": "'http://x:/'",
    "list": "[http://x/]",
    "number": "5",
}
GLOBALS = {
    "resolve": "{resolve_timeout: 5m}",
    "resolve-bad": "{resolve_timeout: 5 minutes}",
    "slack-both": "{slack_api_url: http://x/, slack_api_url_file: f}",
    "slack-bad": "{slack_api_url: x}",
    "opsgenie-both": "{opsgenie_api_key: k, opsgenie_api_key_file: f}",
    "victorops-both": "{victorops_api_key: k, victorops_api_key_file: f}",
    "smtp": "{smtp_smarthost: 'h:25', smtp_from: a, smtp_require_tls: false}",
    "smtp-no-port": "{smtp_smarthost: h}",
    "smtp-empty-port": "{smtp_smarthost: 'h:'}",
    "smtp-no-host": "{smtp_smarthost: ':25'}",
    "smtp-empty": "{smtp_smarthost: ''}",
    "smtp-ipv6": "{smtp_smarthost: '[::1]:25'}",
    "smtp-ipv6-bare": "{smtp_smarthost: '::1:25'}",
    "smtp-both": "{smtp_auth_password: p, smtp_auth_password_file: f}",
    "smtp-tls": "{smtp_tls_config: {ca_file: f}}",
    "rocketchat": "{rocketchat_token: t, rocketchat_token_id: i}",
    "rocketchat-both": "{rocketchat_token: t, rocketchat_token_file: f}",
    "unknown": "{smtp_smart_host: 'h:25'}",
}
CONTACTS = {
    "slack": [
        "{}",
        "{channel: c}",
        "{api_url: http://x/}",
        "{api_url_file: f}",
        "{api_url: http://x/, api_url_file: f}",
        "{api_url: http://x/, chanel: c}",
        "{api_url: http://x/, channel: ['c']}",
        "{api_url: http://x/, send_resolved: yes, short_fields: no, link_names: true}",
        "{api_url: http://x/, send_resolved: maybe}",
        "{api_url: http://x/, title: t, title_link: l, pretext: p, text: t, footer: f}",
        "{api_url: http://x/, fallback: f, callback_id: c, icon_emoji: e, icon_url: u}",
        "{api_url: http://x/, image_url: i, thumb_url: t, mrkdwn_in: [text], color: c}",
        "{api_url: http://x/, mrkdwn_in: text}",
        "{api_url: http://x/, fields: [{title: t, value: v, short: true}]}",
        "{api_url: http://x/, fields: [{title: t}]}",
        "{api_url: http://x/, fields: {title: t, value: v}}",
        "{api_url: http://x/, actions: [{type: b, text: t, url: u}]}",
        "{api_url: http://x/, actions: [{type: b, text: t}]}",
        "{api_url: http://x/, actions: [{type: b, text: t, name: n, confirm: {text: t}}]}",
        "{api_url: http://x/, actions: [{type: b, text: t, name: n, confirm: {title: t}}]}",
        "{api_url: http://x/, text: '{{ .Nothing }}'}",
        "text",
        "[]",
    ],
    "pagerduty": [
        "{}",
        "{service_key: k}",
        "{routing_key: k}",
        "{service_key_file: f}",
        "{routing_key_file: f}",
        "{service_key: k, routing_key: k}",
        "{service_key: k, service_key_file: f}",
        "{routing_key: k, routing_key_file: f}",
        "{routing_key: ''}",
        "{service_key: '{{ .Secret.X }}'}",
        "{routing_key: k, url: http://x/, client: c, client_url: u, description: d}",
        "{routing_key: k, severity: s, class: c, component: c, group: g, source: s}",
        "{routing_key: k, details: {a: b, c: 5}}",
        "{routing_key: k, details: {a: [b]}}",
        "{routing_key: k, images: [{src: s, alt: a, href: h}], links: [{href: h, text: t}]}",
        "{routing_key: k, links: [{url: h}]}",
        "{routing_key: k, url: nothing}",
    ],
    "webhook": [
        "{}",
        "{url: http://x/}",
        "{url_file: f}",
        "{url: http://x/, url_file: f}",
        "{url: http://x/, max_alerts: 5}",
        "{url: http://x/, max_alerts: -5}",
        "{url: http://x/, max_alerts: 0x10}",
        "{url: http://x/, max_alerts: many}",
        "{url: http://x/, timeout: 5s}",
        "{url: http://x/, timeout: 5}",
        "{url: http://x/, timeout: soon}",
        "{url: http://x/, send_resolved: 'true'}",
        "{url: http://x/, http_config: {bearer_token: t}}",
    ],
    "email": [
        "{}",
        "{to: t}",
        "{to: t, from: f}",
        "{to: t, from: f, smarthost: 'h:25'}",
        "{to: t, from: f, smarthost: h}",
        "{to: t, from: f, smarthost: 'h:25', auth_username: u, auth_password: p}",
        "{to: t, from: f, smarthost: 'h:25', auth_password: p, auth_password_file: p}",
        "{to: t, from: f, smarthost: 'h:25', auth_secret: s, auth_identity: i, hello: h}",
        "{to: t, from: f, smarthost: 'h:25', auth_secret_file: s}",
        "{to: t, from: f, smarthost: 'h:25', headers: {Subject: s}, html: h, text: t}",
        "{to: t, from: f, smarthost: 'h:25', headers: {Subject: s, subject: t}}",
        "{to: t, from: f, smarthost: 'h:25', require_tls: false, tls_config: {ca_file: f}}",
        "{to: t, from: f, smarthost: 'h:25', http_config: {}}",
    ],
    "opsgenie": [
        "{}",
        "{api_key: k}",
        "{api_key_file: f}",
        "{api_key: k, api_key_file: f}",
        "{api_key: k, api_url: http://x/, message: m, description: d, source: s, entity: e}",
        "{api_key: k, tags: t, note: n, priority: P1, actions: a, update_alerts: true}",
        "{api_key: k, details: {a: b}}",
        "{api_key: k, responders: [{name: n, type: team}]}",
        "{api_key: k, responders: [{name: n, type: Team}]}",
        "{api_key: k, responders: [{name: n}]}",
        "{api_key: k, responders: [{type: team}]}",
        "{api_key: k, responders: [{name: n, type: pet}]}",
        "{api_key: k, responders: [{name: n, type: '{{ .X }}'}]}",
        "{api_key: k, teams: t}",
    ],
    "victorops": [
        "{}",
        "{routing_key: r}",
        "{api_key: k, routing_key: r}",
        "{api_key_file: f, routing_key: r}",
        "{api_key: k, api_key_file: f, routing_key: r}",
        "{api_key: k, routing_key: r, message_type: m, state_message: s, monitoring_tool: t}",
        "{api_key: k, routing_key: r, custom_fields: {a: b}}",
        "{api_key: k, routing_key: r, custom_fields: {entity_id: b}}",
    ],
    "wechat": [
        "{}",
        "{api_secret: s}",
        "{api_secret: s, corp_id: c}",
        "{api_secret: s, corp_id: c, message_type: markdown, agent_id: 5, to_user: u}",
        "{api_secret: s, corp_id: c, message_type: html}",
        "{api_secret: s, corp_id: c, message_type: ''}",
    ],
    "pushover": [
        "{}",
        "{user_key: u}",
        "{user_key: u, token: t}",
        "{user_key_file: u, token_file: t}",
        "{user_key: u, token: t, token_file: f}",
        "{user_key: u, token: t, retry: 1m, expire: 1.5h, html: true, priority: 2}",
        "{user_key: u, token: t, retry: 60}",
        "{user_key: u, token: t, retry: 1d}",
        "{user_key: u, token: t, device: d}",
        "{user_key: u, token: t, ttl: 1h}",
        "{user_key: u, token: t, sound: s, url: u, url_title: t}",
    ],
    "sns": [
        "{}",
        "{topic_arn: a}",
        "{target_arn: a, sigv4: {region: r, access_key: a, secret_key: s}}",
        "{topic_arn: a, sigv4: {access_key: a}}",
        "{topic_arn: a, sigv4: {profile: p, role_arn: r}}",
        "{topic_arn: a, sigv4: {use_fips_sts_endpoint: true}}",
        "{topic_arn: a, phone_number: 5}",
        "{topic_arn: a, attributes: {a: b}, subject: s, message: m, api_url: u}",
    ],
    "telegram": [
        "{}",
        "{bot_token: b}",
        "{bot_token: b, chat_id: 5, api_url: http://x/}",
        "{bot_token: b, chat_id: -1001234567890, api_url: http://x/}",
        "{bot_token: b, chat_id: 0, api_url: http://x/}",
        "{bot_token: b, chat_id: '5', api_url: http://x/}",
        "{bot_token_file: b, chat_id: 5, api_url: http://x/}",
        "{bot_token: b, chat_id: 5, api_url: http://x/, parse_mode: HTML}",
        "{bot_token: b, chat_id: 5, api_url: http://x/, parse_mode: html}",
        "{bot_token: b, chat_id: 5, api_url: http://x/, parse_mode: ''}",
        "{bot_token: b, chat_id: 5, api_url: http://x/, message_thread_id: 7}",
        "{bot_token: b, chat_id: 5, api_url: http://x/, disable_notifications: true}",
    ],
    "webex": [
        "{}",
        "{room_id: r}",
        "{room_id: r, http_config: {}}",
        "{room_id: r, http_config: {authorization: {credentials: c}}}",
        "{room_id: r, http_config: {bearer_token: t}}",
        "{http_config: {authorization: {credentials: c}}}",
    ],
    "discord": [
        "{}",
        "{webhook_url: http://x/}",
        "{webhook_url_file: f}",
        "{webhook_url: http://x/, webhook_url_file: f}",
        "{webhook_url: http://x/, title: t, message: m}",
        "{webhook_url: http://x/, content: c, username: u, avatar_url: a}",
    ],
    "msteams": ["{}", "{webhook_url: http://x/, title: t, text: t, summary: s}"],
    "msteamsv2": ["{}", "{webhook_url: http://x/, title: t, text: t}", "{webhook_url_file: f}"],
    "rocketchat": [
        "{}",
        "{token: t}",
        "{token: t, token_id: i, channel: c, emoji: e, color: c}",
        "{token_file: t, token_id_file: i}",
        "{token: t, token_file: t, token_id: i}",
        "{token: t, token_id: i, fields: [{title: t, short: true}]}",
        "{token: t, token_id: i, actions: [{type: b, imageurl: u, iswebview: true}]}",
        "{token: t, token_id: i, actions: [{image_url: u}]}",
    ],
}


def receiver_cases() -> dict[str, str]:
    """Name of the case to a whole ``alertmanager.yml``."""
    cases = {}
    for name, settings in GLOBALS.items():
        cases[f"global {name}"] = f"{PLAIN}global: {settings}\n"
    for name, http in HTTP.items():
        cases[f"http {name}"] = _contact("webhook", f"{{url: http://x/, http_config: {http}}}")
    for name, address in ADDRESSES.items():
        cases[f"url {name}"] = _contact("slack", f"api_url: {address}")
        cases[f"plain url {name}"] = _contact("pagerduty", f"routing_key: k\n    url: {address}")
    for kind, contacts in CONTACTS.items():
        for index, text in enumerate(contacts):
            cases[f"{kind} {index} {text}"] = _contact(kind, text)
    inherited = {
        "slack": ("slack_api_url: http://x/", "{}"),
        "slack-file": ("slack_api_url_file: f", "{}"),
        "email": ("smtp_smarthost: 'h:25'\n  smtp_from: f", "{to: t}"),
        "email-half": ("smtp_smarthost: 'h:25'", "{to: t}"),
        "opsgenie": ("opsgenie_api_key: k", "{}"),
        "victorops": ("victorops_api_key_file: k", "{routing_key: r}"),
        "wechat": ("wechat_api_secret: s\n  wechat_api_corp_id: c", "{}"),
        "rocketchat": ("rocketchat_token: t\n  rocketchat_token_id: i", "{}"),
    }
    for name, (settings, text) in inherited.items():
        kind = name.partition("-")[0]
        cases[f"inherited {name}"] = f"global:\n  {settings}\n{_contact(kind, text)}"
    return cases


def _contact(kind: str, text: str) -> str:
    return f"route: {{receiver: r}}\nreceivers:\n- name: r\n  {kind}_configs:\n  - {text}\n"
