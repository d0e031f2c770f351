"""What Prometheus finds out of how it reaches an Alertmanager only when it loads the file.

``promtool check config`` takes all of this; the server then does not start with it. Files that the
configuration names may be there or not where the server runs, and are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from buckstop.document import Mapping, Scalar, has_text
from buckstop.document.versions import Version
from buckstop.prometheus.http_checks import (
    TLS_VERSIONS,
    HttpFault,
    asks_for_signed_token,
    half_certificate,
)
from buckstop.prometheus.http_tables import FIRST_CHECKED_PAIRS

_LAST_WITHOUT_SECRETS: Final[Version] = (3, 5)
"""The last version known to have no place that a reference to a secret leads to."""

_CERTIFICATE = re.compile("^-----BEGIN CERTIFICATE-----$", re.MULTILINE)
_KEY = re.compile("^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----$", re.MULTILINE)
_INLINE: Final = (
    ("ca", _CERTIFICATE, "certificate"),
    ("cert", _CERTIFICATE, "certificate"),
    ("key", _KEY, "private key"),
)
_REFERENCES: Final = {
    "tls_config": ("ca_ref", "cert_ref", "key_ref"),
    "basic_auth": ("username_ref", "password_ref"),
    "authorization": ("credentials_ref",),
}


def loading_faults(group: Mapping, version: Version | None) -> Iterator[HttpFault]:
    """What keeps Prometheus from sending to a group of Alertmanagers that promtool takes."""
    tls = group.get("tls_config")
    if isinstance(tls, Mapping):
        yield from _tls_faults(tls, version)
    if version is not None and version <= _LAST_WITHOUT_SECRETS:
        yield from _unresolved(group)


def _tls_faults(section: Mapping, version: Version | None) -> Iterator[HttpFault]:
    # From then on promtool finds this too, and in every section.
    if version is None or version < FIRST_CHECKED_PAIRS:
        half = half_certificate(section)
        if half is not None:
            yield half
    lowest, highest = section.get("min_version"), section.get("max_version")
    if isinstance(lowest, Scalar) and isinstance(highest, Scalar):
        known = lowest.text in TLS_VERSIONS and highest.text in TLS_VERSIONS
        if known and TLS_VERSIONS.index(highest.text) < TLS_VERSIONS.index(lowest.text):
            yield HttpFault("'max_version' is below 'min_version'", highest.span)
    for name, block, what in _INLINE:
        value = section.get(name)
        if isinstance(value, Scalar) and has_text(section, name) and not block.search(value.text):
            yield HttpFault(
                f"'{name}' holds no {what}",
                value.span,
                f"write the {what} in PEM form, or name its file: '{name}_file'",
            )


def _unresolved(group: Mapping) -> Iterator[HttpFault]:
    """References to secrets: these servers have nothing that keeps secrets."""
    oauth2 = group.get("oauth2")
    signs = isinstance(oauth2, Mapping) and asks_for_signed_token(oauth2)
    of_oauth2 = "client_certificate_key_ref" if signs else "client_secret_ref"
    for place, names in (*_REFERENCES.items(), ("oauth2", (of_oauth2,))):
        section = group.get(place)
        if not isinstance(section, Mapping):
            continue
        for name in names:
            value = section.get(name)
            if value is not None and has_text(section, name):
                yield HttpFault(
                    f"'{name}' refers to a secret, and Prometheus keeps none",
                    value.span,
                    f"name a file instead: '{name.removesuffix('_ref')}_file'",
                )
