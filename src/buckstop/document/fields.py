"""Reading a mapping field by field, so that every mistake in it is found in one run.

A reader takes a `Fields`, asks for the keys that it knows, and ends with `finish`, which reports
the keys that nobody asked for::

    fields = Fields.of(node, "a route", findings)
    if fields is not None:
        receiver = fields.text("receiver")
        continues = fields.boolean("continue") or False
        children = fields.sequence("routes", "routes")
        fields.finish()

What is wrong is appended to `findings` and read as absent; reading goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from buckstop.diagnostics import Diagnostic
from buckstop.diagnostics.nearest import did_you_mean
from buckstop.document.codes import KEY_UNKNOWN, TYPE_WRONG
from buckstop.document.tree import Entry, Mapping, Node, Scalar, Sequence
from buckstop.document.values import as_bool, as_float, as_int, as_text, wrong_type

T = TypeVar("T")

MAX_LISTED = 20
"""Of more known keys than this, the list helps nobody and is not shown."""


class Fields:
    """One mapping, the keys asked for so far, and the place where findings go.

    Attributes:
        node: the mapping.
        what: what it is, with its article, for messages: "a route", "the receiver 'x'".
        findings: to which everything wrong is appended.
    """

    def __init__(self, node: Mapping, what: str, findings: list[Diagnostic]) -> None:
        self.node = node
        self.what = what
        self.findings = findings
        self._entries: dict[str, Entry] = {entry.key.text: entry for entry in node.entries}
        self._asked: dict[str, None] = {}

    @classmethod
    def of(cls, node: Node, what: str, findings: list[Diagnostic]) -> Fields | None:
        """The fields of `node`; None, with a finding, where it is no mapping."""
        if isinstance(node, Mapping):
            return cls(node, what, findings)
        findings.append(wrong_type(node, f"{what} (a mapping)"))
        return None

    def entry(self, key: str) -> Entry | None:
        """The entry as it stands, null included; None where the key is absent."""
        self._asked[key] = None
        return self._entries.get(key)

    def entries_of(self, keys: Iterable[str]) -> list[tuple[str, Entry]]:
        """Those of `keys` that are there, each with its entry as it stands, in their order.

        Of many keys, most of them absent, quicker than to ask for each.
        """
        self._asked.update(dict.fromkeys(keys))
        entries = self._entries
        return [(key, entries[key]) for key in keys if key in entries]

    def seen(self, key: str) -> Entry | None:
        """As `entry`, but `finish` still takes the key for one that nobody asked for."""
        return self._entries.get(key)

    def node_at(self, key: str) -> Node | None:
        """The value as a node; None where the key is absent or its value is null."""
        self._asked[key] = None
        entry = self._entries.get(key)
        if entry is None:
            return None
        value = entry.value
        return None if isinstance(value, Scalar) and value.is_null else value

    def scalar(self, key: str, expected: str = "text") -> Scalar | None:
        """The value as a scalar, which knows its place."""
        node = self.node_at(key)
        if node is None or isinstance(node, Scalar):
            return node
        self.findings.append(wrong_type(node, expected))
        return None

    def text(self, key: str, expected: str = "text") -> str | None:
        """The value as text, whatever scalar it is; None where absent, null or no scalar."""
        return self.read(key, lambda node: as_text(node, expected))

    def boolean(self, key: str) -> bool | None:
        """``true`` or ``false`` as Go reads them."""
        return self.read(key, as_bool)

    def integer(self, key: str) -> int | None:
        """A whole number."""
        return self.read(key, as_int)

    def number(self, key: str) -> float | None:
        """A number."""
        return self.read(key, as_float)

    def sequence(self, key: str, of: str) -> tuple[Node, ...]:
        """The items of a list, "of" what (in the plural, for messages); empty where absent."""
        node = self.node_at(key)
        if node is None:
            return ()
        if isinstance(node, Sequence):
            return node.items
        self.findings.append(_no_list(node, of))
        return ()

    def scalars(self, key: str, of: str) -> tuple[Scalar, ...] | None:
        """The items of a list of scalars; None where the key is absent."""
        if self.node_at(key) is None:
            return None
        read: list[Scalar] = []
        for item in self.sequence(key, of):
            if isinstance(item, Scalar):
                read.append(item)
            else:
                self.findings.append(wrong_type(item, f"text in a list of {of}"))
        return tuple(read)

    def mapping(self, key: str, of: str) -> Mapping | None:
        """The value as a mapping "of" what (for messages)."""
        node = self.node_at(key)
        if node is None or isinstance(node, Mapping):
            return node
        self.findings.append(wrong_type(node, f"a mapping of {of}"))
        return None

    def pairs(self, key: str, of: str) -> tuple[tuple[Scalar, Scalar], ...]:
        """A mapping of scalars to scalars, such as labels: each key and value with its place.

        A value that is null is empty text, as the servers read it.
        """
        mapping = self.mapping(key, of)
        read: list[tuple[Scalar, Scalar]] = []
        for entry in mapping.entries if mapping is not None else ():
            value = entry.value
            if isinstance(value, Scalar):
                read.append((entry.key, value._replace(text="") if value.is_null else value))
            else:
                self.findings.append(wrong_type(value, f"text for '{entry.key.text}'"))
        return tuple(read)

    def fields(self, key: str, what: str) -> Fields | None:
        """The value as fields of its own; None where absent, null or no mapping."""
        node = self.node_at(key)
        return None if node is None else Fields.of(node, what, self.findings)

    def read(self, key: str, reader: Callable[[Node], T | Diagnostic]) -> T | None:
        """The value through a reader of one's own: a value, or what is wrong with it."""
        node = self.node_at(key)
        if node is None:
            return None
        value = reader(node)
        if isinstance(value, Diagnostic):
            self.findings.append(value)
            return None
        return value

    def finish(self, also_known: Collection[str] = ()) -> None:
        """Report the keys that were never asked for and are not among `also_known`."""
        asked = self._asked
        unknown = [name for name in self._entries if name not in asked and name not in also_known]
        if not unknown:
            return
        known = dict.fromkeys((*asked, *also_known))
        free = [key for key in known if key not in self._entries]
        for name in unknown:
            self.findings.append(
                Diagnostic(
                    KEY_UNKNOWN,
                    f"{self.what} has no field '{name}'",
                    self._entries[name].key.span,
                    hint=did_you_mean(name, free) or _listed(known),
                )
            )


def _no_list(node: Node, of: str) -> Diagnostic:
    wrong = wrong_type(node, f"a list of {of}")
    return Diagnostic(TYPE_WRONG, wrong.message, wrong.span, hint="start each item with '- '")


def _listed(known: Iterable[str]) -> str | None:
    names = sorted(known)
    return f"known here: {', '.join(names)}" if 0 < len(names) <= MAX_LISTED else None
