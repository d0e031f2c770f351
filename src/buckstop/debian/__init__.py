"""Debian's packages as plain files: fetched and unpacked, nothing installed, no root needed.

Standard library only: ``scripts/setup.py`` uses it before anything is installed.
"""

from buckstop.debian.apt import AptFailed, download, system_suite, unpack
from buckstop.debian.lock import locked
from buckstop.debian.sources import Source, parse_deb822, parse_one_line, sources_of_suite

__all__ = [
    "AptFailed",
    "Source",
    "download",
    "locked",
    "parse_deb822",
    "parse_one_line",
    "sources_of_suite",
    "system_suite",
    "unpack",
]
