"""``--help`` of every command: it fits a terminal, and says the same things in the same way."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from buckstop.cli.main import COMMANDS, root

WIDTH_COLUMNS = 80


def every_command() -> Iterator[tuple[str, ...]]:
    """The words of each command, those within a group too."""
    context = click.Context(root)
    for name in COMMANDS:
        yield (name,)
        command = root.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((name, part) for part in command.commands)


def help_of(words: tuple[str, ...]) -> str:
    """What ``--help`` prints on a terminal of 80 columns."""
    answer = CliRunner().invoke(root, [*words, "--help"], terminal_width=WIDTH_COLUMNS)
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.mark.parametrize("words", [(), *every_command()], ids=" ".join)
def test_no_line_is_longer_than_a_terminal_is_wide(words: tuple[str, ...]) -> None:
    """A line that a terminal breaks by itself is hard to read, and an example cannot be copied."""
    long = [line for line in help_of(words).splitlines() if len(line) > WIDTH_COLUMNS]
    assert long == []


@pytest.mark.parametrize("words", [*every_command()], ids=" ".join)
def test_examples_stand_before_the_options(words: tuple[str, ...]) -> None:
    """Whoever has found the examples of one command finds those of every other."""
    text = help_of(words)
    assert text.count("Example") == 1
    assert text.index("Example") < text.index("\nOptions:")


def test_an_option_s_value_has_one_name() -> None:
    """A folder is no DIR here and FOLDER there; a URL is asked for where a server is named."""
    named: dict[str, dict[str, list[str]]] = {}
    context = click.Context(root)
    for words in every_command():
        command: click.Command | None = root
        for word in words:
            assert isinstance(command, click.Group)
            command = command.get_command(context, word)
        assert command is not None
        for option in command.params:
            if isinstance(option, click.Option) and not option.is_flag and option.metavar:
                places = named.setdefault(option.opts[0], {}).setdefault(option.metavar, [])
                places.append(" ".join(words))
    # The ledger asks running servers.
    del named["--alertmanager"]["URL"], named["--prometheus"]["URL"]
    assert {name: places for name, places in named.items() if len(places) > 1} == {}
    assert not any("FOLDER" in places for places in named.values())
