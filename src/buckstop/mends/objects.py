"""All mends of one file of Kubernetes objects, tried against the file as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from buckstop.alertmanager import read_node
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.diagnostics import Diagnostic, Span, has_errors
from buckstop.document import Plain, to_plain
from buckstop.kubernetes.alertmanager_config import convert
from buckstop.kubernetes.collection import Collection, collect
from buckstop.kubernetes.contents import Content
from buckstop.kubernetes.merging import alone
from buckstop.kubernetes.objects import Object, Stream, namespace_of
from buckstop.mends.agreement import agree
from buckstop.mends.alertmanager import mend_alertmanager
from buckstop.mends.alertmanager_configs import mend_alertmanager_config
from buckstop.mends.embedded import Holding, NotInPlaceError
from buckstop.mends.model import Edit, Kept, Mend, View
from buckstop.mends.source import Source, apply, do_overlap

_BOM = "\ufeff"
_UNSHOWN = "what it means could not be shown to stay the same"

_SECTIONS = frozenset({"data", "binaryData", "stringData"})

_Name = tuple[str, str, str, str]
"""Kind, namespace and name of an object, and the key of a value of it; empty for the whole."""


@dataclass(frozen=True, slots=True)
class MendedObjects:
    """A file of Kubernetes objects, mended as far as that is safe.

    Attributes:
        text: the new text; the old one where nothing is mended.
        mends: what was done.
        kept: what is left to its owner.
        diagnostics: why values and objects were not looked at, where they have errors.
        views: the file without what is encoded in it, then each text that is encoded; what is not
            changed is left out.
    """

    text: str
    mends: tuple[Mend, ...]
    kept: tuple[Kept, ...]
    diagnostics: tuple[Diagnostic, ...]
    views: tuple[View, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    """What is done to one value or one object, as a whole.

    Attributes:
        mends: at places of the file; their edits are those of `edits`, or make them up.
        becomes: the new text of the value; None for an object of which parts are edited.
        view: of a text that is encoded, or None.
    """

    name: _Name
    mends: tuple[Mend, ...]
    edits: tuple[Edit, ...]
    becomes: str | None = None
    view: View | None = None


def mend_objects(
    text: str, file: str, version: str | None = None, *, moves_secrets: bool = False
) -> MendedObjects:
    """`text`, Kubernetes objects, mended: what Alertmanager and the operator do stays as it is.

    Mended are the ``alertmanager.yml`` that Secrets and ConfigMaps hold, and AlertmanagerConfigs.

    Args:
        file: the name that places are given with.
        version: Alertmanager's; None means every supported one.
        moves_secrets: whether the user wants inline secrets in files, which it says are kept.

    Raises:
        ValueError: if `version` is none.
    """
    bare = text.removeprefix(_BOM)
    before = _collected(bare, file)
    errors = (one for one in before.findings if has_errors((one,)))
    work = _Work(Source(bare), version, errors, moves_secrets=moves_secrets)
    changes = [*work.of_contents(before.contents), *work.of_configs(before)]
    if not _is_same(bare, file, before, changes, version):
        alone_same = [one for one in changes if _is_same(bare, file, before, [one], version)]
        is_whole_same = _is_same(bare, file, before, alone_same, version)
        made = alone_same if is_whole_same else []
        lost = [one for one in changes if one not in made]
        work.kept += [Kept(mend.span, _UNSHOWN) for one in lost for mend in one.mends]
        changes = made
    new = _applied(bare, changes)
    plain = _applied(bare, [one for one in changes if one.view is None])
    views = [View(file, bare, plain), *(one.view for one in changes if one.view is not None)]
    return MendedObjects(
        text[: len(text) - len(bare)] + new,
        tuple(sorted((mend for one in changes for mend in one.mends), key=_place)),
        tuple(sorted(work.kept, key=_place)),
        tuple(dict.fromkeys(work.diagnostics)),
        tuple(view for view in views if view.old != view.new),
    )


def _place(one: Mend | Kept) -> Span:
    return one.span


def _collected(text: str, file: str) -> Collection:
    return collect([Stream(text.encode(), file)])


class _Work:
    """Collects what is kept and what is wrong while changes are looked for."""

    def __init__(
        self,
        source: Source,
        version: str | None,
        found: Iterable[Diagnostic],
        *,
        moves_secrets: bool,
    ) -> None:
        self.source = source
        self.version = version
        self.moves_secrets = moves_secrets
        self.kept: list[Kept] = []
        self.diagnostics = [*found]

    def of_contents(self, contents: Iterable[Content]) -> Iterator[_Change]:
        """The changes of every value that is an ``alertmanager.yml``."""
        for content in contents:
            if content.shape == "alertmanager":
                change = self._of_content(Holding.of(self.source, content))
                if change is not None:
                    yield change

    def of_configs(self, collection: Collection) -> Iterator[_Change]:
        """The changes of every AlertmanagerConfig."""
        for one in collection.of_kind("AlertmanagerConfig"):
            faults = convert(one, namespace_of(one), collection.keys).findings
            if has_errors(faults):
                self.diagnostics += faults
                continue
            found = list(mend_alertmanager_config(self.source, one))
            self.kept += [kept for kept in found if isinstance(kept, Kept)]
            mends = tuple(mend for mend in found if isinstance(mend, Mend))
            if mends:
                yield _Change(_named(one), mends, tuple(_edits(mends)))

    def _of_content(self, holding: Holding) -> _Change | None:
        value, file, node = holding.content.value, holding.content.file, holding.content.node
        assert value.text is not None, "only what could be read is a configuration"
        found = () if node is None else read_node(node, file, self.version)[1]
        found = (*holding.content.findings, *found)
        if has_errors(found):
            self.diagnostics += map(holding.placed, found)
            return None
        mended = mend_alertmanager(value.text, file, self.version)
        self.kept += map(holding.kept, mended.kept)
        if self.moves_secrets:
            with_secrets = mend_alertmanager(value.text, file, self.version, "/secrets").mends
            reason = "an Alertmanager in a cluster has only files of Secrets that it mounts"
            self.kept += [
                holding.kept(Kept(one.span, f"{one.title}: {reason}"))
                for one in with_secrets
                if one.secret is not None
            ]
        if not mended.mends:
            return None
        mends = tuple(
            Mend(one.title, holding.kept(Kept(one.span, "")).span, one.edits)
            for one in mended.mends
        )
        try:
            edits = holding.edits(_edits(mends))
        except NotInPlaceError as error:
            self.kept += [Kept(mend.span, f"{mend.title}: {error}") for mend in mends]
            return None
        name = (*_named(value.holder)[:3], value.key)
        view = View(file, value.text, mended.text) if value.is_encoded else None
        return _Change(name, mends, edits, mended.text, view)


def _edits(mends: Iterable[Mend]) -> Iterator[Edit]:
    return (edit for mend in mends for edit in mend.edits)


def _named(one: Object) -> _Name:
    return one.kind, namespace_of(one), one.name, ""


def _applied(text: str, changes: Iterable[_Change]) -> str:
    return apply(text, (edit for one in changes for edit in one.edits))


def _is_same(
    text: str, file: str, before: Collection, changes: list[_Change], version: str | None
) -> bool:
    """Whether the file with `changes` holds the same objects, but for what is to change."""
    if do_overlap(edit for one in changes for edit in one.edits):
        return False
    after = _collected(_applied(text, changes), file)
    expected = _texts(before) | {
        one.name: one.becomes for one in changes if one.becomes is not None
    }
    mended = {one.name for one in changes}
    return (
        _texts(after) == expected
        and _rest(after, mended) == _rest(before, mended)
        and after.ignored == before.ignored
        and all(
            _agree(*pair, before, after, version)
            for pair in zip(
                before.of_kind("AlertmanagerConfig"),
                after.of_kind("AlertmanagerConfig"),
                strict=True,
            )
            if _named(pair[0]) in mended
        )
    )


def _texts(collection: Collection) -> dict[_Name, str | None]:
    return {
        (*_named(one.value.holder)[:3], one.value.key): one.value.text
        for one in collection.contents
    }


def _rest(collection: Collection, mended: set[_Name]) -> list[tuple[_Name, Plain]]:
    """Every object, without what of it is mended."""
    objects = (one for listed in collection.objects.values() for one in listed)
    return [
        (_named(one), None if _named(one) in mended else _without(one, mended)) for one in objects
    ]


def _without(one: Object, mended: set[_Name]) -> Plain:
    """An object without the values that are mended."""
    kept = []
    for entry in one.node:
        value = to_plain(entry.value)
        if entry.key.text in _SECTIONS and isinstance(value, dict):
            value = {key: of for key, of in value.items() if (*_named(one)[:3], key) not in mended}
        kept.append((entry.key.text, value))
    return dict(kept)


def _agree(
    old: Object, new: Object, before: Collection, after: Collection, version: str | None
) -> bool:
    """Whether the operator makes the same of two states of an AlertmanagerConfig."""
    was, becomes = _config(old, before, version), _config(new, after, version)
    return was is not None and becomes is not None and agree(was, becomes)


def _config(one: Object, among: Collection, version: str | None) -> AlertmanagerConfig | None:
    part = convert(one, namespace_of(one), among.keys)
    return read_node(alone(part, None), one.file, version)[0]
