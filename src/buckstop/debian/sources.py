"""Where a Debian system gets its packages: apt's source files, read and written.

Both forms are read: one line (``deb [signed-by=…] URI SUITE COMPONENT…``) and deb822 stanzas.
Mirrors are always taken from the system's own files, so that a site's mirror and proxy are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

CARRIED_OPTIONS = ("Signed-By", "Trusted", "Check-Valid-Until", "Architectures")
"""The options that a private source keeps; the others do not change what can be fetched."""
COMPONENTS = ("main", "universe")
"""Where Debian and Ubuntu keep Prometheus, Alertmanager and pip."""
ARCHIVE_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

_ONE_LINE = re.compile(r"^deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<rest>.+)$")


@dataclass(frozen=True, slots=True)
class Source:
    """One suite at one mirror.

    Attributes:
        options: deb822 field to value, of `CARRIED_OPTIONS` only.
    """

    uri: str
    suite: str
    components: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()

    def stanza(self) -> str:
        """The source as a deb822 stanza."""
        lines = [
            "Types: deb",
            f"URIs: {self.uri}",
            f"Suites: {self.suite}",
            f"Components: {' '.join(self.components)}",
            *(f"{name}: {value}" for name, value in self.options),
        ]
        return "\n".join(lines) + "\n"


def parse_one_line(text: str) -> tuple[Source, ...]:
    """The ``deb`` entries of a ``sources.list``; other lines are left out."""
    return tuple(source for line in text.splitlines() if (source := _one_line(line)) is not None)


def _one_line(line: str) -> Source | None:
    found = _ONE_LINE.match(line.split("#", 1)[0].strip())
    if found is None:
        return None
    suite, *components = found["rest"].split()
    given = dict(
        option.split("=", 1) for option in (found["options"] or "").split() if "=" in option
    )
    fields = {**given, "architectures": given.get("arch", "").replace(",", " ")}
    return Source(found["uri"], suite, tuple(components), _carried(fields))


def parse_deb822(text: str) -> tuple[Source, ...]:
    """The enabled ``deb`` sources of a ``.sources`` file, one for each URI and suite."""
    return tuple(
        source
        for stanza in re.split(r"\n\s*\n", text)
        for source in _sources_of_stanza(_fields(stanza))
    )


def _fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line[0] in " \t":
            if name:
                fields[name] += "\n" + line
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def _sources_of_stanza(fields: dict[str, str]) -> Iterable[Source]:
    if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() == "no":
        return
    for uri in fields.get("uris", "").split():
        for suite in fields.get("suites", "").split():
            components = tuple(fields.get("components", "").split())
            yield Source(uri, suite, components, _carried(fields))


def _carried(fields: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, fields[name.lower()]) for name in CARRIED_OPTIONS if fields.get(name.lower())
    )


def read_sources(etc: Path) -> tuple[Source, ...]:
    """The sources under apt's folder `etc` (``/etc/apt``); unreadable files are left out."""
    one_line = [etc / "sources.list", *sorted(etc.glob("sources.list.d/*.list"))]
    deb822 = sorted(etc.glob("sources.list.d/*.sources"))
    return (
        *(source for path in one_line for source in parse_one_line(_text(path))),
        *(source for path in deb822 for source in parse_deb822(_text(path))),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def sources_of_suite(
    sources: Iterable[Source], suite: str, *, system_suite: str | None
) -> tuple[Source, ...]:
    """The sources that serve `suite`, its updates and security included.

    Where the system has none, those of the system's own suite are asked for `suite` instead: a
    Debian mirror carries all of them. Empty where the system names no mirror of its own suite.
    """
    known = [
        replace(source, components=components)
        for source in sources
        if (components := tuple(name for name in source.components if name in COMPONENTS))
    ]
    own = tuple(
        source
        for source in known
        if source.suite in {suite, f"{suite}-updates", f"{suite}-security"}
    )
    if own or system_suite is None:
        return own
    return tuple(
        replace(source, suite=suite, options=_with_keyring(source.options))
        for source in known
        if source.suite == system_suite
    )


def _with_keyring(options: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Another suite is signed with other keys of the same archive; its keyring has them all."""
    return (
        *((name, value) for name, value in options if name != "Signed-By"),
        ("Signed-By", ARCHIVE_KEYRING),
    )
