"""``sns_configs`` (Amazon)."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import CONTACT_FIELD_MISSING, CONTACT_FIELDS_CONFLICT
from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.diagnostics import Diagnostic
from buckstop.document import Field, Mapping, Table, has_text, texts
from buckstop.document.codes import KEY_MISSING
from buckstop.document.versions import Version

_DESTINATIONS: Final = ("topic_arn", "phone_number", "target_arn")


def _whole_credentials(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """An access key and its secret key come together; an external id is for assuming a role."""
    keys = [name for name in ("access_key", "secret_key") if has_text(section, name)]
    if len(keys) == 1:
        findings.append(
            Diagnostic(
                KEY_MISSING,
                f"'{keys[0]}' needs the other of 'access_key' and 'secret_key' beside it",
                section.span,
            )
        )

    if has_text(section, "external_id") and not has_text(section, "role_arn"):
        findings.append(Diagnostic(KEY_MISSING, "'external_id' needs 'role_arn'", section.span))


def _one_destination(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """One destination; the servers let all three together pass as well."""
    destinations = [name for name in _DESTINATIONS if has_text(section, name)]
    if len(destinations) in {0, 2}:
        findings.append(
            Diagnostic(
                CONTACT_FIELDS_CONFLICT if destinations else CONTACT_FIELD_MISSING,
                "an SNS contact needs one of 'topic_arn', 'phone_number' and 'target_arn'",
                section.span,
            )
        )


_SIGV4: Final = Table(
    "a SigV4 configuration",
    (
        Field("region"),
        Field("access_key"),
        Field("secret_key", "secret"),
        *texts("profile", "role_arn"),
        Field("use_fips_sts_endpoint", "boolean", since=(0, 28)),
        Field("service_name", since=(0, 29)),
        Field("external_id", since=(0, 33)),
    ),
    check=_whole_credentials,
)

SNS: Final = Kind(
    "sns",
    Table(
        "an SNS contact",
        (
            *COMMON_FIELDS,
            Field("api_url"),
            Field("sigv4", _SIGV4),
            *texts("topic_arn", "phone_number", "target_arn", "subject", "message"),
            Field("attributes", "text_map"),
            Field("use_aws_http_client", "boolean", since=(0, 33)),
        ),
        check=_one_destination,
    ),
)
