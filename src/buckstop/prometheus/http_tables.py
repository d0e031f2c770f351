"""How Prometheus reaches an Alertmanager: the sections of ``alertmanagers`` about HTTP.

Measured with promtool 2.42, 2.53 and 3.5: what came between two of them counts from the later one.
"""

from __future__ import annotations

from typing import Final

from buckstop.document import Field, Table
from buckstop.document.versions import Version

_BETWEEN_2_42_AND_2_53: Final[Version] = (2, 53)
_BETWEEN_2_53_AND_3_5: Final[Version] = (3, 5)
_TLS_VERSIONS: Final = ("TLS10", "TLS11", "TLS12", "TLS13")

TLS_CONFIG: Final = Table(
    "a TLS configuration",
    (
        Field("ca", since=_BETWEEN_2_42_AND_2_53),
        Field("ca_file", "path"),
        Field("ca_ref", since=_BETWEEN_2_42_AND_2_53),
        Field("cert", since=_BETWEEN_2_42_AND_2_53),
        Field("cert_file", "path"),
        Field("cert_ref", since=_BETWEEN_2_42_AND_2_53),
        Field("key", "secret", since=_BETWEEN_2_42_AND_2_53),
        Field("key_file", "path"),
        Field("key_ref", since=_BETWEEN_2_42_AND_2_53),
        Field("server_name"),
        Field("insecure_skip_verify", "boolean"),
        Field("min_version", choices=_TLS_VERSIONS),
        Field("max_version", choices=_TLS_VERSIONS),
    ),
    exclusive=(
        ("ca", "ca_file", "ca_ref"),
        ("cert", "cert_file", "cert_ref"),
        ("key", "key_file", "key_ref"),
    ),
)
BASIC_AUTH: Final = Table(
    "basic_auth",
    (
        Field("username"),
        Field("username_file", "path", since=_BETWEEN_2_42_AND_2_53),
        Field("username_ref", since=_BETWEEN_2_42_AND_2_53),
        Field("password", "secret"),
        Field("password_file", "path"),
        Field("password_ref", since=_BETWEEN_2_42_AND_2_53),
    ),
    exclusive=(
        ("username", "username_file", "username_ref"),
        ("password", "password_file", "password_ref"),
    ),
)
AUTHORIZATION: Final = Table(
    "authorization",
    (
        Field("type"),
        Field("credentials", "secret"),
        Field("credentials_file", "path"),
        Field("credentials_ref", since=_BETWEEN_2_42_AND_2_53),
    ),
    exclusive=(("credentials", "credentials_file", "credentials_ref"),),
)
OAUTH2: Final = Table(
    "oauth2",
    (
        Field("client_id"),
        Field("client_secret", "secret"),
        Field("client_secret_file", "path"),
        Field("client_secret_ref", since=_BETWEEN_2_42_AND_2_53),
        Field("scopes", "texts"),
        Field("token_url"),
        Field("endpoint_params", "text_map"),
        Field("tls_config", TLS_CONFIG),
        Field("proxy_url"),
        Field("no_proxy", since=_BETWEEN_2_42_AND_2_53),
        Field("proxy_from_environment", "boolean", since=_BETWEEN_2_42_AND_2_53),
        Field("proxy_connect_header", "text_lists", since=_BETWEEN_2_42_AND_2_53),
        *(
            Field(name, since=_BETWEEN_2_53_AND_3_5)
            for name in ("grant_type", "client_certificate_key_id", "signature_algorithm")
        ),
        Field("client_certificate_key", "secret", since=_BETWEEN_2_53_AND_3_5),
        Field("client_certificate_key_file", "path", since=_BETWEEN_2_53_AND_3_5),
        Field("client_certificate_key_ref", since=_BETWEEN_2_53_AND_3_5),
        Field("iss", since=_BETWEEN_2_53_AND_3_5),
        Field("audience", since=_BETWEEN_2_53_AND_3_5),
        Field("claims", "anything_map", since=_BETWEEN_2_53_AND_3_5),
    ),
    required=(("client_id",), ("token_url",)),
    exclusive=(
        ("client_secret", "client_secret_file", "client_secret_ref"),
        ("proxy_url", "proxy_from_environment"),
    ),
)
HTTP_HEADER: Final = Table(
    "an HTTP header", (Field("values", "texts"), Field("secrets", "texts"), Field("files", "texts"))
)
AUTHORIZATIONS: Final = (
    *("basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "sigv4"),
)
"""Ways to say who asks, of which at most one may be given."""
