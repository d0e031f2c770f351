"""Apt's source files in both forms, and the mirrors that are asked for a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from buckstop.debian.sources import (
    ARCHIVE_KEYRING,
    Source,
    parse_deb822,
    parse_one_line,
    read_sources,
    sources_of_suite,
)

MIRROR = "http://mirror.example/debian"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"deb {MIRROR} bookworm main", Source(MIRROR, "bookworm", ("main",))),
        (
            f"deb [arch=amd64,arm64 signed-by=/k.gpg lang=en] {MIRROR} bookworm main contrib # x",
            Source(
                MIRROR,
                "bookworm",
                ("main", "contrib"),
                (("Signed-By", "/k.gpg"), ("Architectures", "amd64 arm64")),
            ),
        ),
    ],
)
def test_one_line_entries_keep_what_decides_on_trust(line: str, expected: Source) -> None:
    """Mirror, suite, components and the options on keys and architectures are read."""
    assert parse_one_line(line) == (expected,)


@pytest.mark.parametrize("line", ["", f"# deb {MIRROR} bookworm main", f"deb-src {MIRROR} x main"])
def test_one_line_entries_that_offer_no_packages_are_left_out(line: str) -> None:
    """Comments and source packages are no place to fetch programs from."""
    assert parse_one_line(line) == ()


def test_a_deb822_stanza_is_one_source_for_each_suite() -> None:
    """Several suites in one stanza, comments and an inline key are all read."""
    text = f"""\
Types: deb deb-src
# a comment amid the stanza
URIs: {MIRROR}
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 AbC

Types: deb
URIs: http://off.example
Suites: bookworm
Components: main
Enabled: no
"""
    sources = parse_deb822(text)
    assert [(source.uri, source.suite) for source in sources] == [
        (MIRROR, "bookworm"),
        (MIRROR, "bookworm-updates"),
    ]
    assert sources[0].options[0][1].endswith("AbC")
    assert parse_deb822(sources[0].stanza()) == sources[:1]


def test_both_forms_are_read_from_the_folder(tmp_path: Path) -> None:
    """``sources.list``, ``*.list`` and ``*.sources`` all count; what is missing does not hurt."""
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (folder / "a.list").write_text(f"deb {MIRROR} one main\n")
    (folder / "b.sources").write_text(
        f"Types: deb\nURIs: {MIRROR}\nSuites: two\nComponents: main\n"
    )
    assert [source.suite for source in read_sources(tmp_path)] == ["one", "two"]


def test_the_suite_itself_is_served_by_its_own_sources() -> None:
    """Updates and security belong to a suite; other vendors' sources do not."""
    sources = (
        Source(MIRROR, "bookworm", ("main", "contrib")),
        Source(MIRROR, "bookworm-security", ("main",)),
        Source(MIRROR, "bookworm-backports", ("main",)),
        Source("http://vendor.example", "nodistro", ("main",)),
    )
    served = sources_of_suite(sources, "bookworm", system_suite="bookworm")
    assert [source.suite for source in served] == ["bookworm", "bookworm-security"]
    assert served[0].components == ("main",)


def test_another_release_is_asked_of_the_system_s_mirror_with_the_archive_s_keys() -> None:
    """Debian 13's packages come from the mirror that Debian 12 uses, and are verified."""
    sources = (
        Source(MIRROR, "bookworm", ("main",), (("Signed-By", "/only-bookworm.gpg"),)),
        Source("http://vendor.example", "nodistro", ("main",)),
    )
    assert sources_of_suite(sources, "trixie", system_suite="bookworm") == (
        Source(MIRROR, "trixie", ("main",), (("Signed-By", ARCHIVE_KEYRING),)),
    )


def test_a_system_without_debian_s_mirror_yields_none() -> None:
    """No mirror is invented where the system names none."""
    vendor = (Source("http://vendor.example", "nodistro", ("main",)),)
    assert sources_of_suite(vendor, "trixie", system_suite="bookworm") == ()
    assert sources_of_suite((), "trixie", system_suite=None) == ()
