"""The pages about kinds of finding, which are installed with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_INSTALLED: Final = Path(__file__).parent / "pages"
"""Where the wheel has them."""
_CHECKED_OUT: Final = Path(__file__).parents[3] / "docs" / "diagnostics"


def page_text(name: str) -> str:
    """The page, in Markdown, about the kind of finding that is called `name`.

    Raises OSError where the installation lacks it.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKED_OUT
    return (folder / f"{name}.md").read_text(encoding="utf-8")
