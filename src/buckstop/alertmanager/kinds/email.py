"""``email_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import CONTACT_FIELDS_CONFLICT
from buckstop.alertmanager.kinds.http import TLS_CONFIG
from buckstop.alertmanager.kinds.table import Field, Inherited, Kind, Table, Version, texts
from buckstop.diagnostics import Diagnostic, Related
from buckstop.document import Mapping, Scalar


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


_THREADING: Final = Table("threading", (Field("enabled", "boolean"), Field("thread_by_date")))

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
        check=_same_header,
    ),
)
