"""``http_config`` and ``tls_config``: how an integration reaches its server."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import CONTACT_FIELDS_CONFLICT
from buckstop.diagnostics import Code, Diagnostic
from buckstop.document import Field, Mapping, Table, has_text, is_nothing
from buckstop.document.codes import KEY_MISSING
from buckstop.document.versions import Version
from buckstop.prometheus.http_checks import (
    TLS_VERSIONS,
    HttpFault,
    basic_type,
    fixed_headers,
    half_certificate,
    lacks_client_secret,
    oauth2_fault,
    proxy_fault,
)

_FIRST_CHECKED_PAIRS: Final[Version] = (0, 26)
"""Since when a certificate without its key, and what a proxy lacks, is refused at load."""

_LAST_WITH_CLIENT_SECRET: Final[Version] = (0, 25)
"""The last version known to want the secret of an OAuth 2.0 client; 0.28 does not."""

_FIRST_SIGNED_TOKENS: Final[Version] = (0, 30)
"""Since when OAuth 2.0 may use a token that the client signs (RFC 7523)."""


def _whole_certificate(section: Mapping, version: Version, findings: list[Diagnostic]) -> None:
    """A client's certificate and its key come together."""
    if version >= _FIRST_CHECKED_PAIRS:
        _report(KEY_MISSING, half_certificate(section), findings)


TLS_CONFIG: Final = Table(
    "a TLS configuration",
    (
        Field("ca", since=(0, 26)),
        Field("ca_file", "path"),
        Field("ca_ref", since=(0, 28)),
        Field("cert", since=(0, 26)),
        Field("cert_file", "path"),
        Field("cert_ref", since=(0, 28)),
        Field("key", "secret", since=(0, 26)),
        Field("key_file", "path"),
        Field("key_ref", since=(0, 28)),
        Field("server_name"),
        Field("insecure_skip_verify", "boolean"),
        Field("min_version", choices=TLS_VERSIONS),
        Field("max_version", choices=TLS_VERSIONS),
    ),
    exclusive=(
        ("ca", "ca_file", "ca_ref"),
        ("cert", "cert_file", "cert_ref"),
        ("key", "key_file", "key_ref"),
    ),
    check=_whole_certificate,
)

_BASIC_AUTH: Final = Table(
    "basic_auth",
    (
        Field("username"),
        Field("username_file", "path", since=(0, 27)),
        Field("username_ref", since=(0, 28)),
        Field("password", "secret"),
        Field("password_file", "path"),
        Field("password_ref", since=(0, 28)),
    ),
    exclusive=(
        ("username", "username_file", "username_ref"),
        ("password", "password_file", "password_ref"),
    ),
)


def _not_basic(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """The type is not ``basic``: that is what ``basic_auth`` is for."""
    _report(CONTACT_FIELDS_CONFLICT, basic_type(section), findings)


_AUTHORIZATION: Final = Table(
    "authorization",
    (
        Field("type"),
        Field("credentials", "secret"),
        Field("credentials_file", "path"),
        Field("credentials_ref", since=(0, 28)),
    ),
    exclusive=(("credentials", "credentials_file", "credentials_ref"),),
    check=_not_basic,
)


def _whole_proxy(section: Mapping, version: Version, findings: list[Diagnostic]) -> None:
    """What is said of a proxy needs a proxy."""
    checks_exceptions = version >= _FIRST_CHECKED_PAIRS
    fault = proxy_fault(section, exceptions_need_proxy=checks_exceptions)
    _report(CONTACT_FIELDS_CONFLICT, fault, findings)


def _check_oauth2(section: Mapping, version: Version, findings: list[Diagnostic]) -> None:
    """One secret, which 0.25 needs, or one key; what is said of a proxy needs a proxy."""
    _whole_proxy(section, version, findings)
    _report(CONTACT_FIELDS_CONFLICT, oauth2_fault(section), findings)
    if version <= _LAST_WITH_CLIENT_SECRET:
        _report(KEY_MISSING, lacks_client_secret(section), findings)


def _report(code: Code, fault: HttpFault | None, findings: list[Diagnostic]) -> None:
    if fault is not None:
        findings.append(Diagnostic(code, fault.message, fault.span, fault.hint))


_OAUTH2: Final = Table(
    "oauth2",
    (
        Field("client_id"),
        Field("client_secret", "secret"),
        Field("client_secret_file", "path"),
        Field("client_secret_ref", since=(0, 28)),
        Field("scopes", "texts"),
        Field("token_url"),
        Field("endpoint_params", "text_map"),
        Field("tls_config", TLS_CONFIG),
        Field("proxy_url", "any_url"),
        Field("no_proxy", since=(0, 26)),
        Field("proxy_from_environment", "boolean", since=(0, 26)),
        Field("proxy_connect_header", "text_lists", since=(0, 26)),
        *(
            Field(name, since=_FIRST_SIGNED_TOKENS)
            for name in ("grant_type", "client_certificate_key_id", "signature_algorithm")
        ),
        Field("client_certificate_key", "secret", since=_FIRST_SIGNED_TOKENS),
        Field("client_certificate_key_file", "path", since=_FIRST_SIGNED_TOKENS),
        Field("client_certificate_key_ref", since=_FIRST_SIGNED_TOKENS),
        Field("iss", since=_FIRST_SIGNED_TOKENS),
        Field("audience", since=_FIRST_SIGNED_TOKENS),
        Field("claims", "anything_map", since=_FIRST_SIGNED_TOKENS),
    ),
    required=(("client_id",), ("token_url",)),
    exclusive=(("proxy_url", "proxy_from_environment"),),
    check=_check_oauth2,
)


HTTP_HEADER: Final = Table(
    "an HTTP header", (Field("values", "texts"), Field("secrets", "texts"), Field("files", "texts"))
)


def _check_http(section: Mapping, version: Version, findings: list[Diagnostic]) -> None:
    """What is said of a proxy needs a proxy. Alertmanager's own headers cannot be set."""
    _whole_proxy(section, version, findings)
    for fault in fixed_headers(section, "Alertmanager"):
        _report(CONTACT_FIELDS_CONFLICT, fault, findings)


HTTP_CONFIG: Final = Table(
    "an HTTP configuration",
    (
        Field("basic_auth", _BASIC_AUTH),
        Field("authorization", _AUTHORIZATION),
        Field("oauth2", _OAUTH2),
        Field("bearer_token", "secret"),
        Field("bearer_token_file", "path"),
        Field("tls_config", TLS_CONFIG),
        Field("follow_redirects", "boolean"),
        Field("enable_http2", "boolean"),
        Field("http_headers", HTTP_HEADER, since=(0, 28), keyed=True),
        Field("proxy_url", "any_url"),
        Field("no_proxy", since=(0, 26)),
        Field("proxy_from_environment", "boolean", since=(0, 26)),
        Field("proxy_connect_header", "text_lists"),
    ),
    exclusive=(
        ("basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file"),
        ("proxy_url", "proxy_from_environment"),
    ),
    check=_check_http,
)


def is_authorized(http: Mapping) -> bool:
    """Whether an ``http_config`` carries an authorization; a bearer token is another way to."""
    authorization = http.get("authorization")
    return (authorization is not None and not is_nothing(authorization)) or any(
        has_text(http, name) for name in ("bearer_token", "bearer_token_file")
    )


COMMON_FIELDS: Final = (Field("send_resolved", "boolean"), Field("http_config", HTTP_CONFIG))
"""What every integration but e-mail has."""
