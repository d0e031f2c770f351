"""Fields and versions as a page of Markdown, for any format that declares its fields as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field, or one of the shapes that it has had.

    Attributes:
        shape: what its value must look like, as Markdown.
        since: the first version that knows it, such as ``0.28``; empty where every one does.
        until: the first version that knows it no longer (so); empty where every later one does.
        notes: whether it must be there, and what excludes or replaces it; as Markdown.
    """

    name: str
    shape: str
    since: str = ""
    until: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class SectionTable:
    """One section of the file.

    Attributes:
        intro: what stands between the title and the table, as Markdown; may be empty.
    """

    title: str
    intro: str
    rows: tuple[FieldRow, ...]


def field_page(title: str, intro: Sequence[str], sections: Sequence[SectionTable]) -> str:
    """The whole page; every section is a heading, to which `link_to` leads."""
    lines = [f"# {title}", "", *intro]
    for section in sections:
        lines += ["", f"## {section.title}", ""]
        if section.intro:
            lines += [section.intro, ""]
        lines += _table(section.rows)
    return "\n".join(lines) + "\n"


def link_to(title: str) -> str:
    """A link to the section of that title, by the anchor that Markdown renderers give it."""
    kept = "".join(
        letter for letter in title.lower() if letter.isalnum() or letter in {" ", "-", "_"}
    )
    return f"[{title}](#{kept.replace(' ', '-')})"


def _table(rows: Sequence[FieldRow]) -> Iterator[str]:
    if not rows:
        yield "It has no fields."
        return
    yield "| Field | Value | Since | Until | Notes |"
    yield "|---|---|---|---|---|"
    for row in rows:
        cells = (f"`{row.name}`", row.shape, row.since, row.until, row.notes)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
