"""What we accept and refuse as ``alertmanager.yml`` is what ``amtool check-config`` does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from buckstop import alertmanager, servers
from buckstop.diagnostics import Level

TREE = """\
route: {receiver: r, routes: [@]}
receivers: [{name: r}, {name: s}]
"""
ROUTES = {
    "empty": "{}",
    "receiver-quoted": "{receiver: 's'}",
    "receiver-undefined": "{receiver: t}",
    "receiver-empty": "{receiver: ''}",
    "receiver-null": "{receiver: null}",
    "receiver-list": "{receiver: [s]}",
    "key-unknown": "{reciever: s}",
    "route-is-text": "text",
    "routes-mapping": "{routes: {receiver: s}}",
    "continue-yes": "{continue: yes}",
    "continue-quoted": "{continue: 'true'}",
    "continue-number": "{continue: 1}",
    "group-by": "{group_by: [a, b_1]}",
    "group-by-all": "{group_by: ['...']}",
    "group-by-all-beside": "{group_by: ['...', a]}",
    "group-by-all-twice": "{group_by: ['...', '...']}",
    "group-by-twice": "{group_by: [a, a]}",
    "group-by-empty": "{group_by: []}",
    "group-by-dotted": "{group_by: [a.b]}",
    "group-by-digit": "{group_by: [1a]}",
    "group-by-empty-name": "{group_by: ['']}",
    "group-by-text": "{group_by: a}",
    "group-wait": "{group_wait: 30s}",
    "group-wait-zero": "{group_wait: 0s}",
    "group-wait-bare-zero": "{group_wait: 0}",
    "group-wait-bare": "{group_wait: 30}",
    "group-wait-fraction": "{group_wait: 1.5m}",
    "group-wait-negative": "{group_wait: -5s}",
    "group-wait-spaces": "{group_wait: '1h 30m'}",
    "group-wait-order": "{group_wait: 30m1h}",
    "group-wait-empty": "{group_wait: ''}",
    "group-wait-null": "{group_wait: null}",
    "group-wait-huge": "{group_wait: 300y}",
    "group-wait-all": "{group_wait: 1y2w3d4h5m6s7ms}",
    "group-interval-zero": "{group_interval: 0s}",
    "group-interval-bare-zero": "{group_interval: 0}",
    "repeat-interval-zero": "{repeat_interval: 0ms}",
    "repeat-below-group": "{repeat_interval: 1s, group_interval: 1h}",
    "match": "{match: {a: b, c: 1, d: yes}}",
    "match-null": "{match: {a: null}}",
    "match-empty-name": "{match: {'': b}}",
    "match-colon": "{match: {'a:b': c}}",
    "match-dotted": "{match: {a.b: c}}",
    "match-list": "{match: [a=b]}",
    "match-nested": "{match: {a: [b]}}",
    "match-re": "{match_re: {a: '^(b|c)$'}}",
    "match-re-bad": "{match_re: {a: '('}}",
    "match-re-null": "{match_re: {a: null}}",
    "match-re-empty": "{match_re: {a: ''}}",
    "match-re-trick": "{match_re: {a: 'b)|(?:c'}}",
    "matchers": "{matchers: ['a=b', 'c!=\"d\"', 'e=~\"f|g\"', 'h!~i']}",
    "matchers-empty-text": "{matchers: ['']}",
    "matchers-braces": "{matchers: ['{a=b,c=d}']}",
    "matchers-open-brace": "{matchers: ['{a=b']}",
    "matchers-comma": "{matchers: ['a=b,c=~d,']}",
    "matchers-commas": "{matchers: ['a=b,,c=d']}",
    "matchers-comma-quoted": "{matchers: ['a=\"b,c\"']}",
    "matchers-colon": "{matchers: ['a:b=c']}",
    "matchers-spaces": "{matchers: ['  a  =~  \"b c\"  ']}",
    "matchers-double-equals": "{matchers: ['a==b']}",
    "matchers-no-value": "{matchers: ['a=']}",
    "matchers-no-operator": "{matchers: ['a']}",
    "matchers-text": "{matchers: 'a=b'}",
    "matchers-mapping": "{matchers: [{a: b}]}",
    "matchers-flow-mapping": "{matchers: {a: b}}",
    "matchers-null": "{matchers: [null]}",
    "matchers-open-quote": "{matchers: ['a=\"b']}",
    "matchers-inner-quote": "{matchers: ['a=b\"c']}",
    "matchers-escape": '{matchers: [\'a="b\\"c\\\\d\\ne"\']}',
    "matchers-odd-escape": "{matchers: ['a=~\"\\d+\\.x\"']}",
    "matchers-quoted-name": "{matchers: ['\"a\"=b']}",
    "matchers-quoted-spaced-name": "{matchers: ['\"a b\"=c']}",
    "matchers-dotted-name": "{matchers: ['a.b=c']}",
    "matchers-unicode-name": "{matchers: ['größe=\"c\"']}",
    "matchers-unicode-value": "{matchers: ['a=größe']}",
    "matchers-quoted-name-escape": '{matchers: [\'"a\\u00e9"="\\x41"\']}',
    "matchers-quoted-name-bad-escape": '{matchers: [\'"a\\q"="b"\']}',
    "matchers-both-syntaxes": '{matchers: [\'{"a b"="c", d="e",}\']}',
    "matchers-only-comma": "{matchers: [',']}",
    "matchers-braces-empty": "{matchers: ['{}']}",
    "regex-bad": "{matchers: ['a=~\"(\"']}",
    "regex-repeat": "{matchers: ['a=~\"x{1001}\"']}",
    "regex-repeat-1000": "{matchers: ['a=~\"x{1000}\"']}",
    "regex-star-star": "{matchers: ['a=~\"x**\"']}",
    "regex-class": "{matchers: ['a=~\"[[:alpha:]]\\\\pL\\\\p{Greek}\"']}",
    "regex-class-unknown": "{matchers: ['a=~\"\\\\p{Nothing}\"']}",
    "regex-any-byte": "{matchers: ['a=~\"\\\\C\"']}",
    "regex-quoted-any-byte": "{matchers: ['a=~\"\\\\Q\\\\C\\\\E\"']}",
    "regex-lookahead": "{matchers: ['a=~\"(?=x)\"']}",
    "regex-backreference": "{matchers: ['a=~\"(x)\\\\1\"']}",
    "regex-end": "{matchers: ['a=~\"x\\\\z\"']}",
    "regex-old-end": "{matchers: ['a=~\"x\\\\Z\"']}",
    "regex-name": "{matchers: ['a=~\"(?P<n>x)\"']}",
    "regex-name-twice": "{matchers: ['a=~\"(?P<n>x)(?P<n>y)\"']}",
    "regex-flags": "{matchers: ['a=~\"(?i)(?s:.)(?U)x+\"']}",
    "regex-flag-unknown": "{matchers: ['a=~\"(?x)x\"']}",
    "mute-undefined": "{mute_time_intervals: [night]}",
    "active-undefined": "{active_time_intervals: [night]}",
}
ROOTS = {
    "plain": "route: {receiver: r}",
    "no-route": "{}",
    "route-null": "route: null",
    "route-list": "route: [a]",
    "no-receiver": "route: {group_by: [a]}",
    "receiver-empty": "route: {receiver: ''}",
    "continue": "route: {receiver: r, continue: true}",
    "continue-false": "route: {receiver: r, continue: false}",
    "match": "route: {receiver: r, match: {a: b}}",
    "match-empty": "route: {receiver: r, match: {}}",
    "match-re": "route: {receiver: r, match_re: {a: b}}",
    "matchers": "route: {receiver: r, matchers: [a=b]}",
    "matchers-empty": "route: {receiver: r, matchers: []}",
    "matchers-empty-text": "route: {receiver: r, matchers: ['']}",
    "matchers-braces": "route: {receiver: r, matchers: ['{}']}",
    "mute": "route: {receiver: r, mute_time_intervals: [n]}\ntime_intervals: [{name: n}]",
    "active": "route: {receiver: r, active_time_intervals: [n]}\ntime_intervals: [{name: n}]",
    "unknown-key": "route: {receiver: r}\nroutes: []",
    "inhibition": "route: {receiver: r}\ninhibition_rules: []",
    "templates-text": "route: {receiver: r}\ntemplates: a",
    "templates": "route: {receiver: r}\ntemplates: ['*.tmpl']",
    "global-null": "route: {receiver: r}\nglobal:",
    "global-list": "route: {receiver: r}\nglobal: []",
    "intervals-twice": "route: {receiver: r}\ntime_intervals: [{name: n}, {name: n}]",
    "intervals-both": (
        "route: {receiver: r}\ntime_intervals: [{name: n}]\nmute_time_intervals: [{name: n}]"
    ),
    "interval-unnamed": "route: {receiver: r}\ntime_intervals: [{time_intervals: []}]",
    "duplicate-key": "route: {receiver: r}\nroute: {receiver: r}",
}
RECEIVER_LISTS = {
    "twice": "[{name: r}, {name: r}]",
    "unnamed": "[{name: r}, {webhook_configs: []}]",
    "empty-name": "[{name: r}, {name: ''}]",
    "number": "[{name: r}, {name: 5}]",
    "mapping": "{name: r}",
    "unknown-kind": "[{name: r, pager_configs: []}]",
    "kind-mapping": "[{name: r, webhook_configs: {url: http://x/}}]",
    "kind-null": "[{name: r, webhook_configs: null}]",
}
INHIBITIONS = {
    "empty": "{}",
    "classic": "{source_match: {a: b}, target_match_re: {c: d}, equal: [e]}",
    "matchers": "{source_matchers: [a=b], target_matchers: [c=d], equal: [e, f]}",
    "bad-matcher": "{source_matchers: [a]}",
    "bad-regex": "{target_match_re: {a: '('}}",
    "bad-name": "{source_match: {a.b: c}}",
    "equal-dotted": "{equal: [a.b]}",
    "equal-text": "{equal: a}",
    "equal-twice": "{equal: [a, a]}",
    "unknown": "{source: {}}",
}
RANGES = {
    "empty": "{}",
    "times": "{times: [{start_time: '09:00', end_time: '24:00'}]}",
    "times-plain": "{times: [{start_time: 09:00, end_time: 17:00}]}",
    "times-backwards": "{times: [{start_time: '22:00', end_time: '06:00'}]}",
    "times-equal": "{times: [{start_time: '22:00', end_time: '22:00'}]}",
    "times-half": "{times: [{start_time: '22:00'}]}",
    "times-one-digit": "{times: [{start_time: '9:00', end_time: '10:00'}]}",
    "times-late": "{times: [{start_time: '09:00', end_time: '24:01'}]}",
    "times-mapping": "{times: {start_time: '09:00', end_time: '10:00'}}",
    "weekdays": "{weekdays: ['monday:friday', Sunday]}",
    "weekdays-wrap": "{weekdays: ['friday:monday']}",
    "weekdays-short": "{weekdays: [mon]}",
    "weekdays-number": "{weekdays: [1]}",
    "weekdays-three": "{weekdays: ['monday:tuesday:friday']}",
    "days": "{days_of_month: ['1:5', '-3:-1', 31]}",
    "days-zero": "{days_of_month: [0]}",
    "days-beyond": "{days_of_month: [32]}",
    "days-mixed": "{days_of_month: ['-1:5']}",
    "days-into-negative": "{days_of_month: ['20:-1']}",
    "days-never": "{days_of_month: ['31:-31']}",
    "days-backwards": "{days_of_month: ['5:1']}",
    "days-text": "{days_of_month: [first]}",
    "months": "{months: ['january:march', 5, 'may:August']}",
    "months-13": "{months: [13]}",
    "months-short": "{months: [jan]}",
    "months-wrap": "{months: ['december:january']}",
    "years": "{years: ['2024:2026', 2030]}",
    "years-backwards": "{years: ['2026:2024']}",
    "years-text": "{years: [now]}",
    "location": "{location: Europe/Berlin}",
    "location-utc": "{location: UTC}",
    "location-unknown": "{location: Europe/Nowhere}",
    "location-empty": "{location: ''}",
    "location-path": "{location: ../etc}",
    "unknown": "{time_zone: UTC}",
}
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


def _cases() -> dict[str, str]:
    cases = {f"route {name}": TREE.replace("@", route) for name, route in ROUTES.items()}
    for name, root in ROOTS.items():
        cases[f"root {name}"] = f"{root}\nreceivers: [{{name: r}}]\n"
    for name, receivers in RECEIVER_LISTS.items():
        cases[f"receivers {name}"] = f"route: {{receiver: r}}\nreceivers: {receivers}\n"
    plain = "route: {receiver: r}\nreceivers: [{name: r}]\n"
    for name, rule in INHIBITIONS.items():
        cases[f"inhibition {name}"] = f"{plain}inhibit_rules: [{rule}]\n"
    for name, ranges in RANGES.items():
        interval = f"[{{name: n, time_intervals: [{ranges}]}}]"
        cases[f"interval {name}"] = f"{plain}time_intervals: {interval}\n"
    for name, settings in GLOBALS.items():
        cases[f"global {name}"] = f"{plain}global: {settings}\n"

    def contact(kind: str, text: str) -> str:
        return f"route: {{receiver: r}}\nreceivers:\n- name: r\n  {kind}_configs:\n  - {text}\n"

    for name, http in HTTP.items():
        cases[f"http {name}"] = contact("webhook", f"{{url: http://x/, http_config: {http}}}")
    for name, address in ADDRESSES.items():
        cases[f"url {name}"] = contact("slack", f"api_url: {address}")
        cases[f"plain url {name}"] = contact("pagerduty", f"routing_key: k\n    url: {address}")
    for kind, contacts in CONTACTS.items():
        for index, text in enumerate(contacts):
            cases[f"{kind} {index} {text}"] = contact(kind, text)
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
        cases[f"inherited {name}"] = f"global:\n  {settings}\n{contact(kind, text)}"
    return cases


def _refused_by_amtool(
    installation: servers.Installation, cases: dict[str, str], folder: Path
) -> dict[str, str]:
    """The cases that amtool refuses, with what it says."""
    paths = []
    for index, text in enumerate(cases.values()):
        path = folder / f"{index:04}.yml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    done = subprocess.run(
        [str(installation.amtool), "check-config", *paths],
        cwd=installation.working_folder,
        capture_output=True,
        text=True,
        check=False,
    )
    reports = re.split(r"Checking '[^']*'", done.stdout)[1:]
    assert len(reports) == len(cases), done.stderr
    return {
        name: report.strip()
        for name, report in zip(cases, reports, strict=True)
        if "FAILED" in report
    }


@pytest.mark.servers
def test_we_refuse_exactly_the_configurations_that_amtool_refuses(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Nothing that loads is called wrong, and nothing that does not load passes."""
    cases = _cases()
    version = ".".join(each_installation.alertmanager_version.split(".")[:2])
    refused = _refused_by_amtool(each_installation, cases, tmp_path)
    disagreements = []
    for name, text in cases.items():
        _, diagnostics = alertmanager.read(text, "alertmanager.yml", version=version)
        errors = [found for found in diagnostics if found.level is Level.ERROR]
        if bool(errors) != (name in refused):
            ours = errors[0].message if errors else "accepted"
            disagreements.append(f"{name}\n  ours: {ours}\n  amtool: {refused.get(name)}")
    assert not disagreements, "\n".join(disagreements)
