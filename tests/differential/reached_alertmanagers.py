"""Ways to say how an Alertmanager is reached, right and wrong, for whoever judges them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

VALUES = ("x", "''", "null", "'null'", "5", "true", "[x]", "{a: b}", "[]", "{}")
FIELDS = {
    "tls_config": (
        *("ca", "ca_file", "ca_ref", "cert", "cert_file", "cert_ref", "key", "key_file"),
        *("key_ref", "server_name", "min_version", "max_version", "insecure_skip_verify"),
    ),
    "basic_auth": (
        *("username", "username_file", "username_ref"),
        *("password", "password_file", "password_ref"),
    ),
    "authorization": ("type", "credentials", "credentials_file", "credentials_ref"),
    "sigv4": ("region", "access_key", "secret_key", "profile", "role_arn", "external_id"),
    "oauth2": (
        *("client_id", "client_secret", "client_secret_file", "client_secret_ref", "token_url"),
        *("scopes", "endpoint_params", "tls_config", "proxy_url", "no_proxy"),
        *("proxy_from_environment", "proxy_connect_header", "grant_type"),
        *("client_certificate_key_id", "client_certificate_key", "client_certificate_key_file"),
        *("client_certificate_key_ref", "signature_algorithm", "iss", "audience", "claims"),
    ),
}
OWN_FIELDS = (
    *("bearer_token", "bearer_token_file", "follow_redirects", "enable_http2", "http_headers"),
    *("proxy_url", "scheme", "path_prefix", "timeout", "no_proxy", "proxy_from_environment"),
    *FIELDS,
)
_CLIENT = {"client_id": "a", "client_secret": "c", "token_url": "b"}
_PROXIES = """
proxy_url: http://a|proxy_url: http://a, no_proxy: b|no_proxy: b|proxy_url: '', no_proxy: ''
proxy_from_environment: true, no_proxy: b|proxy_from_environment: false, no_proxy: b
proxy_url: http://a, proxy_from_environment: true|proxy_url: http://a, proxy_from_environment: false
proxy_url: '', proxy_from_environment: true|proxy_url: ':'|proxy_url: 'a:b'|proxy_url: '%zz'
proxy_url: 'http://a:b'|proxy_url: '1http://a'|proxy_url: 'http://[::1'|proxy_url: socks5://a
proxy_connect_header: {a: [b]}|proxy_url: http://a, proxy_connect_header: {a: [b], c: []}
proxy_from_environment: true, proxy_connect_header: {a: [b]}|proxy_connect_header: {a: b}
proxy_url: http://a, proxy_connect_header: {a: b}|proxy_connect_header: {a: null}
proxy_url: http://a, proxy_connect_header: {a: null}|proxy_connect_header: {a: [[b]]}
proxy_url: http://a, proxy_connect_header: {a: [null]}|proxy_connect_header: {a: {b: c}}
proxy_url: http://a, proxy_connect_header: {a: [[b]]}|proxy_from_environment: 'true'
proxy_from_environment: yes
"""
_HEADERS = """
{a: {values: [b]}}|{a: {secrets: [b]}}|{a: {files: [b]}}|{a: {values: b}}|{a: {}}
{a: {values: null}}|{a: {values: [null]}}|{a: {values: [[x]]}}|{a: {valuess: [b]}}|{a: b}
{Authorization: {values: [b]}}|{host: {values: [b]}}|{User-Agent: {}}|{content-type: null}
{x-prometheus-scrape-timeout-seconds: {values: [b]}}|{'': {values: [b]}}|{'a b': {values: [b]}}
{a: {values: [b]}, A: {values: [c]}}|{5: {values: [b]}}|{a: {files: 5}}|{a: null}
"""
_GRANTS = ("client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer", "x", "")
_SIGNATURES = """
client_id: a|client_certificate_key: k|client_certificate_key: k, client_certificate_key_file: l
client_certificate_key_ref: r|signature_algorithm: x|signature_algorithm: ''
client_certificate_key: k, signature_algorithm: RS384|client_secret: c, client_secret_file: d
client_secret: c, client_secret_file: ''|client_secret_ref: r|claims: {a: {b: [c]}}|claims: [a]
tls_config: {cert_file: x}|tls_config: {ca_ref: x}|tls_config: {ca: x}|tls_config: {foo: x}
"""
_AUTHORIZATIONS = (
    *("basic_auth: {username: u}", "authorization: {credentials: c}", "bearer_token: t"),
    *("oauth2: {client_id: a, client_secret: c, token_url: b}", "bearer_token_file: x"),
    *("sigv4: {region: r, access_key: a, secret_key: s}", "basic_auth: {}", "authorization: {}"),
    *("bearer_token: ''", "bearer_token_file: ''", "basic_auth: null", "oauth2: null"),
)
_TLS_VERSIONS = ("TLS10", "TLS11", "TLS12", "TLS13", "TLS14", "tls12", "'TLS12'", "' TLS12'", "771")


def cases() -> list[str]:
    """Groups of Alertmanagers, in flow style, as they stand under ``alertmanagers``."""
    found = dict.fromkeys(_sections())
    return [f"{{static_configs: [{{targets: ['am:9093']}}], {section}}}" for section in found]


def _sections() -> Iterator[str]:
    for name in OWN_FIELDS:
        yield from (f"{name}: {value}" for value in VALUES)
    for section, names in FIELDS.items():
        for name in names:
            for value in VALUES:
                base = _CLIENT if section == "oauth2" else {}
                yield f"{section}: {_flow(base | {name: value})}"
        if section != "oauth2":
            yield from (f"{section}: {pair}" for pair in _pairs(names))
    yield from _more_tls()
    for proxy in split_table(_PROXIES):
        yield proxy
        yield f"oauth2: {{{_flow(_CLIENT)[1:-1]}, {proxy}}}"
    yield from (f"http_headers: {header}" for header in split_table(_HEADERS))
    yield from _grants()
    for first, second in itertools.permutations(_AUTHORIZATIONS, 2):
        if first.partition(":")[0] != second.partition(":")[0]:
            yield f"{first}, {second}"
    for kind in ("Basic", "basic", "' basic '", "BASIC", "Bearer", "'basic x'"):
        yield f"authorization: {{type: {kind}, credentials: a}}"


def _pairs(names: tuple[str, ...]) -> Iterator[str]:
    for first, second in itertools.combinations(names, 2):
        for one, other in (("x", "y"), ("''", "y"), ("x", "''"), ("x", "null")):
            yield _flow({first: one, second: other})


def _more_tls() -> Iterator[str]:
    halves = ("ca", "ca_file", "cert", "cert_file", "cert_ref", "key", "key_file")
    for three in itertools.combinations(halves, 3):
        yield f"tls_config: {_flow(dict.fromkeys(three, 'x'))}"
    for lowest, highest in itertools.product(_TLS_VERSIONS, repeat=2):
        yield f"tls_config: {{min_version: {lowest}, max_version: {highest}}}"
    yield from (f"tls_config: {{min_version: {version}}}" for version in _TLS_VERSIONS)


def _grants() -> Iterator[str]:
    for grant, more in itertools.product(_GRANTS, split_table(_SIGNATURES)):
        for secret in ("", ", client_secret: c"):
            fields = re.split(r", (?=\w+:)", f"client_id: a, token_url: b{secret}, {more}")
            named = {name: value for name, _, value in (one.partition(": ") for one in fields)}
            yield f"oauth2: {_flow(named | {'grant_type': repr(grant)})}"
    for lacking in _CLIENT:
        yield f"oauth2: {_flow({key: text for key, text in _CLIENT.items() if key != lacking})}"


def _flow(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


def split_table(table: str) -> list[str]:
    """The pieces of a table, parted by bars and line ends."""
    return table.strip().replace("\n", "|").split("|")
