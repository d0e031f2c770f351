"""Where the story is shown as it goes: a live screen on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.text import Text

from buckstop.demo.plain import news
from buckstop.demo.story import Story
from buckstop.demo.terminal import render

Show = Callable[[Story], None]
REFRESHES_PER_SECOND = 4
PICTURE_COLUMNS = 118


@contextmanager
def open_screen(console: Console, first: Story) -> Iterator[Show]:
    """A way to show each state of the story, from `first` on, on `console`."""
    if console.is_terminal and not console.is_dumb_terminal:
        with Live(
            render(first, time.time()), console=console, refresh_per_second=REFRESHES_PER_SECOND
        ) as live:
            yield lambda story: live.update(render(story, time.time()))
    else:
        shown = first

        def show(story: Story) -> None:
            nonlocal shown
            elapsed = f"{time.time() - story.began:6.1f} s  "
            for line in news(shown, story):
                # As plain text: a phase may hold what looks like rich's own markup.
                console.print(Text(elapsed + line), soft_wrap=True, highlight=False)
            shown = story

        yield show


def write_picture(story: Story, path: Path) -> None:
    """The last screen as an SVG, coloured whatever the terminal.

    Raises:
        OSError: if it cannot be written.
    """
    console = Console(
        file=io.StringIO(),
        record=True,
        width=PICTURE_COLUMNS,
        force_terminal=True,
        color_system="truecolor",
        no_color=False,
    )
    console.print(render(story, story.last_seen))
    picture = console.export_svg(title="buckstop demo", unique_id="demo")
    # A picture in a document must not fetch fonts from anywhere; the reader's monospace will do.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    path.write_text(picture, encoding="utf-8")
