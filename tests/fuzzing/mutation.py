"""Bad input on purpose: valid files, broken in the ways in which files break."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

MAX_BYTES = 1 << 16
"""Of one input; what is larger is cut."""
CHANGE_COUNTS = (1, 1, 1, 1, 2, 2, 3, 5, 8)
"""How many changes an input gets: mostly so few that a reader comes past the first of them."""

ODD = (
    *(
        b"",
        b"~",
        b"null",
        b"[]",
        b"{}",
        b"- ",
        b": ",
        b"? ",
        b"#",
        b"---\n",
        b"...\n",
        b"|\n",
        b">-\n",
    ),
    *(b"&a ", b"*a", b"&a [*a]", b"<<: *a\n", b"!!str ", b"!!binary x", b"!x ", b"%YAML 9.9\n"),
    *(b"'", b'"', b"`", b"[", b"]", b"{", b"}", b"(", b")", b"\\", b"\\C", b"\\x", b'"\\ud800"'),
    *(b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\x00", b"\x1b[31m", b"\t", b"\r", b"\xc2\x85"),
    *(
        "\u2028".encode(),
        "\u202e".encode(),
        "模型".encode(),
        "\U0001f600".encode(),
        b"\xed\xa0\x80",
    ),
    *(
        b"0",
        b"-1",
        b"0x",
        b"0755",
        b"1e999",
        b".nan",
        b"-.inf",
        b"9" * 400,
        b"1_0",
        b"yes",
        b"2026-02-30",
    ),
    *(b"5m", b"1h30", b"99999999y", b"0s", b"24:00", b"-1:-9", b"sunday:monday", b"Europe/Nowhere"),
    *(b'a="b"', b"a=~", b'a=~"("', b'a!~"[\\pL"', b"{", b"=~", b'"a b"="c"', b"(((((((((("),
    *(
        b"{{",
        b"}}",
        b"{{ . }}",
        b"{{ .Labels.x }}",
        b"{{ range . }}",
        b'{{ template "x" }}',
        b"{{/*",
    ),
    *(
        b"[{}]",
        b"[[[[[[[[[[",
        b'{"a":',
        b"http://",
        b"file://\xff",
        b"$1",
        b"${a}",
        b"%s",
        b"../" * 9,
    ),
)
"""What somewhere means something, or nothing at all."""

_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]{2,40}")
_VALUE = re.compile(rb"(?<=[:=] )[^\n]*")

Change = Callable[[bytes, Random, Sequence[bytes]], bytes]


def mutated(seeds: Sequence[bytes], random: Random) -> bytes:
    """One of `seeds` after a few changes; some inputs are nothing but noise."""
    if random.random() < 0.03:
        return random.randbytes(random.randrange(200))
    text = random.choice(seeds)
    for _ in range(random.choice(CHANGE_COUNTS)):
        text = random.choice(CHANGES)(text, random, seeds)[:MAX_BYTES]
    return text


def _stretch(text: bytes, random: Random, longest: int) -> tuple[int, int]:
    start = random.randint(0, len(text))
    return start, min(len(text), start + random.randint(0, longest))


def _flip(text: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    at = random.randrange(len(text) + 1)
    return text[:at] + bytes([random.randrange(256)]) + text[at + 1 :]


def _delete(text: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, end = _stretch(text, random, 40)
    return text[:start] + text[end:]


def _repeat(text: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, end = _stretch(text, random, 60)
    return text[:end] + text[start:end] * random.choice((1, 1, 2, 200)) + text[end:]


def _insert(text: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(ODD) + text[at:]


def _replace_value(text: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    found = list(_VALUE.finditer(text))
    if not found:
        return text
    value = random.choice(found)
    return text[: value.start()] + random.choice(ODD) + text[value.end() :]


def _exchange_words(text: bytes, random: Random, seeds: Sequence[bytes]) -> bytes:
    """A word of one file in the place of another's: fields in the wrong section, and so on."""
    own = list(_WORD.finditer(text))
    other = list(_WORD.finditer(random.choice(seeds)))
    if not own or not other:
        return text
    word = random.choice(own)
    return text[: word.start()] + random.choice(other).group() + text[word.end() :]


def _line(text: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """One line gone, twice, moved, or indented otherwise."""
    lines = text.split(b"\n")
    at = random.randrange(len(lines))
    match random.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines.insert(random.randrange(len(lines)), lines.pop(at))
        case _:
            lines[at] = b" " * random.randrange(9) + lines[at].lstrip()
    return b"\n".join(lines)


def _splice(text: bytes, random: Random, seeds: Sequence[bytes]) -> bytes:
    other = random.choice(seeds)
    start, end = _stretch(other, random, 400)
    at = random.randint(0, len(text))
    return text[:at] + other[start:end] + text[at:]


def _cut(text: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return text[: random.randint(0, len(text))]


CHANGES: tuple[Change, ...] = (
    _flip,
    _delete,
    _repeat,
    _insert,
    _replace_value,
    _replace_value,
    _exchange_words,
    _line,
    _splice,
    _cut,
)
