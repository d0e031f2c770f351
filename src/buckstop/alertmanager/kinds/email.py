"""``email_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import CONTACT_FIELDS_CONFLICT
from buckstop.alertmanager.kinds.http import TLS_CONFIG
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.diagnostics import Diagnostic, Related
from buckstop.document import Field, Mapping, Scalar, Table, as_bool, texts
from buckstop.document.codes import VALUE_INVALID
from buckstop.document.tables import Inherited
from buckstop.document.versions import Version

_THREAD_HEADERS: Final = frozenset({"references", "in-reply-to"})
_THREADS_BY_DATE: Final = ("daily", "none")


def _same_header(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """Names of headers differ in more than case."""
    headers = section.get("headers")
    seen: dict[str, Scalar] = {}
    for entry in headers.entries if isinstance(headers, Mapping) else ():
        name = entry.key.text.lower()
        first = seen.setdefault(name, entry.key)
        if first is not entry.key:
            findings.append(
                Diagnostic(
                    CONTACT_FIELDS_CONFLICT,
                    f"the header '{entry.key.text}' is given twice; case does not matter",
                    entry.key.span,
                    related=(Related(first.span, "it is here too"),),
                )
            )


def _known_thread(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """Where it is enabled, ``thread_by_date`` is ``daily`` or ``none``."""
    by_date = section.get("thread_by_date")
    if not _is_enabled(section):
        return
    if not isinstance(by_date, Scalar) or by_date.text not in _THREADS_BY_DATE:
        findings.append(
            Diagnostic(
                VALUE_INVALID,
                "threading needs 'thread_by_date'",
                section.span if by_date is None else by_date.span,
                hint=f"one of {', '.join(_THREADS_BY_DATE)}",
            )
        )


def _check_email(section: Mapping, version: Version, findings: list[Diagnostic]) -> None:
    """Headers are given once, in whatever case; threading sets its own."""
    _same_header(section, version, findings)
    threading, headers = section.get("threading"), section.get("headers")
    if not isinstance(threading, Mapping) or not _is_enabled(threading):
        return
    findings.extend(
        Diagnostic(
            CONTACT_FIELDS_CONFLICT,
            f"the header '{entry.key.text}' is set by 'threading'",
            entry.key.span,
        )
        for entry in (headers.entries if isinstance(headers, Mapping) else ())
        if entry.key.text.lower() in _THREAD_HEADERS
    )


def _is_enabled(threading: Mapping) -> bool:
    enabled = threading.get("enabled")
    return enabled is not None and as_bool(enabled) is True


_THREADING: Final = Table(
    "threading",
    (Field("enabled", "boolean"), Field("thread_by_date")),
    check=_known_thread,
)

EMAIL: Final = Kind(
    "email",
    Table(
        "an e-mail contact",
        (
            Field("send_resolved", "boolean"),
            *texts("to", "from", "hello"),
            Field("smarthost", "host_port"),
            *texts("auth_username", "auth_identity"),
            Field("auth_password", "secret"),
            Field("auth_password_file", "path", since=(0, 25)),
            Field("auth_secret", "secret"),
            Field("auth_secret_file", "path", since=(0, 31)),
            Field("headers", "text_map"),
            *texts("html", "text"),
            Field("require_tls", "boolean"),
            Field("tls_config", TLS_CONFIG),
            Field("force_implicit_tls", "boolean", since=(0, 31)),
            Field("threading", _THREADING, since=(0, 30)),
        ),
        required=(("to",),),
        inherits=(
            Inherited("a mail server", ("smarthost",), ("smtp_smarthost",)),
            Inherited("a sender's address", ("from",), ("smtp_from",)),
        ),
        check=_check_email,
    ),
)
