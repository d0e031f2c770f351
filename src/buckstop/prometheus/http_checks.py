"""What no table says of how both servers reach others over HTTP: they share the library for it.

Each check tells what is wrong and where; the reader of either server makes a finding of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from buckstop.diagnostics import Span
from buckstop.document import Mapping, Scalar, as_bool, has_text

FIXED_HEADERS: Final = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "user-agent",
        "www-authenticate",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token",
        "x-prometheus-remote-read-version",
        "x-prometheus-remote-write-version",
        "x-prometheus-scrape-timeout-seconds",
    }
)
"""Headers that the servers set themselves, in small letters."""

TLS_VERSIONS: Final = ("TLS10", "TLS11", "TLS12", "TLS13")

_JWT_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_JWT_SIGNATURES: Final = ("RS256", "RS384", "RS512")
_CLIENT_SECRETS: Final = ("client_secret", "client_secret_file", "client_secret_ref")
_CLIENT_KEYS: Final = (
    "client_certificate_key",
    "client_certificate_key_file",
    "client_certificate_key_ref",
)


class HttpFault(NamedTuple):
    """What is wrong, and what to write instead where that is plain."""

    message: str
    span: Span
    hint: str | None = None


def half_certificate(section: Mapping) -> HttpFault | None:
    """A client's certificate without its key, or the other way around, in a ``tls_config``."""
    halves = {
        half
        for half in ("cert", "key")
        if any(has_text(section, half + suffix) for suffix in ("", "_file", "_ref"))
    }
    if len(halves) != 1:
        return None
    there = halves.pop()
    lacking = "key" if there == "cert" else "cert"
    return HttpFault(
        f"a client certificate needs both halves: '{there}' is given, '{lacking}' is not",
        section.span,
    )


def basic_type(section: Mapping) -> HttpFault | None:
    """An ``authorization`` of the type that ``basic_auth`` is for."""
    kind = section.get("type")
    if not isinstance(kind, Scalar) or kind.text.strip().lower() != "basic":
        return None
    return HttpFault(
        "authorization cannot be of type 'basic'", kind.span, "use 'basic_auth' instead"
    )


def proxy_fault(section: Mapping, *, exceptions_need_proxy: bool) -> HttpFault | None:
    """What is said of a proxy, where there is none.

    Args:
        exceptions_need_proxy: whether ``no_proxy`` alone is refused.
    """
    from_environment = section.get("proxy_from_environment")
    asks_environment = isinstance(from_environment, Scalar) and as_bool(from_environment) is True
    has_proxy = has_text(section, "proxy_url")
    header, exceptions = section.get("proxy_connect_header"), section.get("no_proxy")
    message: str | None = None
    if isinstance(header, Mapping) and header.entries and not (has_proxy or asks_environment):
        message = "'proxy_connect_header' needs 'proxy_url'"
    elif has_text(section, "no_proxy") and asks_environment:
        message = "'no_proxy' cannot stand beside 'proxy_from_environment'"
    elif has_text(section, "no_proxy") and not has_proxy and exceptions_need_proxy:
        message = "'no_proxy' needs 'proxy_url'"
    if message is None:
        return None
    return HttpFault(message, (section if exceptions is None else exceptions).span)


def asks_for_signed_token(section: Mapping) -> bool:
    """Whether an ``oauth2`` has the client sign its request, for which it needs no secret."""
    grant = section.get("grant_type")
    return isinstance(grant, Scalar) and grant.text == _JWT_GRANT


def oauth2_fault(section: Mapping) -> HttpFault | None:
    """Secrets or keys of which only one may be given."""
    if not asks_for_signed_token(section):
        return _several(section, _CLIENT_SECRETS)
    signature = section.get("signature_algorithm")
    known = ("", *_JWT_SIGNATURES)
    if isinstance(signature, Scalar) and not signature.is_null and signature.text not in known:
        return HttpFault(
            f"'{signature.text}' is no signature algorithm",
            signature.span,
            f"one of {', '.join(_JWT_SIGNATURES)}",
        )
    return _several(section, _CLIENT_KEYS)


def lacks_client_secret(section: Mapping) -> HttpFault | None:
    """An ``oauth2`` without the client's secret, which old versions do not take."""
    if any(has_text(section, name) for name in _CLIENT_SECRETS):
        return None
    return HttpFault("oauth2 needs 'client_secret' or 'client_secret_file'", section.span)


def signature_fault(section: Mapping) -> HttpFault | None:
    """Half of the credentials of a ``sigv4``, or an external id without the role that it is for."""
    halves = [name for name in ("access_key", "secret_key") if has_text(section, name)]
    if len(halves) == 1:
        return HttpFault("'access_key' and 'secret_key' come together", section.span)
    if has_text(section, "external_id") and not has_text(section, "role_arn"):
        return HttpFault("'external_id' needs 'role_arn'", section.span)
    return None


def fixed_headers(section: Mapping, server: str) -> Iterator[HttpFault]:
    """The ``http_headers`` that `server` sets itself."""
    headers = section.get("http_headers")
    for entry in headers.entries if isinstance(headers, Mapping) else ():
        if entry.key.text.lower() in FIXED_HEADERS:
            yield HttpFault(
                f"the header '{entry.key.text}' is set by {server} itself", entry.key.span
            )


def _several(section: Mapping, names: tuple[str, ...]) -> HttpFault | None:
    given = [entry.key for entry in section if entry.key.text in names]
    given = [key for key in given if has_text(section, key.text)]
    if len(given) < 2:
        return None
    first, second = given[0], given[1]
    return HttpFault(
        f"'{first.text}' and '{second.text}' exclude each other",
        second.span,
        "keep one of the two",
    )
