"""How Prometheus reaches an Alertmanager: the sections of ``alertmanagers`` about HTTP.

Measured with promtool 2.42, 2.53 and 3.5: what came between two of them counts from the later one.
"""

from __future__ import annotations

from typing import Final

from buckstop.document import Field, Table
from buckstop.document.versions import Version
from buckstop.prometheus.http_checks import TLS_VERSIONS

_BETWEEN_2_42_AND_2_53: Final[Version] = (2, 53)
_BETWEEN_2_53_AND_3_5: Final[Version] = (3, 5)
FIRST_CHECKED_PAIRS: Final = _BETWEEN_2_42_AND_2_53
"""Since when a client's certificate without its key is refused."""
LAST_WITH_CLIENT_SECRET: Final[Version] = (2, 42)
"""The last version known to want the secret of an OAuth 2.0 client."""

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
        Field("min_version", choices=TLS_VERSIONS),
        Field("max_version", choices=TLS_VERSIONS),
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
        Field("proxy_url", "any_url"),
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
    exclusive=(("proxy_url", "proxy_from_environment"),),
)
HTTP_HEADER: Final = Table(
    "an HTTP header", (Field("values", "texts"), Field("secrets", "texts"), Field("files", "texts"))
)
SIGV4: Final = Table(
    "a signature for AWS",
    (
        Field("region"),
        Field("access_key"),
        Field("secret_key", "secret"),
        Field("profile"),
        Field("role_arn"),
        Field("external_id", since=_BETWEEN_2_53_AND_3_5),
        Field("use_fips_sts_endpoint", "boolean"),
    ),
)
HTTP_FIELDS: Final = (
    Field("sigv4", SIGV4, since=(2, 48)),
    Field("basic_auth", BASIC_AUTH),
    Field("authorization", AUTHORIZATION),
    Field("oauth2", OAUTH2),
    Field("bearer_token", "secret"),
    Field("bearer_token_file", "path"),
    Field("tls_config", TLS_CONFIG),
    Field("proxy_url", "any_url"),
    Field("no_proxy", since=(2, 43)),
    Field("proxy_from_environment", "boolean", since=(2, 43)),
    Field("proxy_connect_header", "text_lists"),
    Field("follow_redirects", "boolean"),
    Field("enable_http2", "boolean"),
    Field("http_headers", HTTP_HEADER, since=(2, 53), keyed=True),
)
"""What stands beside the addresses in a group of Alertmanagers."""
AUTHORIZATIONS: Final = (
    *("basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "sigv4"),
)
"""Ways to say who asks, of which at most one may be given."""
