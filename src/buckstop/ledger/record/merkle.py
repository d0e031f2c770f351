"""RFC 6962's Merkle tree: one hash that stands for a whole list, and short proofs about it.

A tree over the first n leaves never changes by what is appended later. An inclusion proof shows
that a leaf is in it; a consistency proof shows that an older tree is the beginning of a newer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

Proof = tuple[bytes, ...]

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf; its prefix keeps a leaf from passing for a node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two halves."""
    return sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that only grows: it keeps its full subtrees' hashes, not its leaves."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add the next leaf, by its hash."""
        self._full.append(leaf)
        self.size += 1
        # As many pairs of equal subtrees merge as the new size has zeros at its end.
        size = self.size
        while size % 2 == 0:
            right, left = self._full.pop(), self._full.pop()
            self._full.append(node_hash(left, right))
            size //= 2

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._full:
            return EMPTY_ROOT
        found = self._full[-1]
        for left in reversed(self._full[:-1]):
            found = node_hash(left, found)
        return found


def root(leaves: Iterable[bytes]) -> bytes:
    """The root of the tree over `leaves`, given by their hashes."""
    tree = Growing()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


class Whole:
    """The tree over `leaves`, given by their hashes, with every node kept: for many proofs."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels: list[Sequence[bytes]] = [leaves]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            level = [node_hash(left, right) for left, right in pairs]
            if len(below) % 2:
                # A lone last subtree has no sibling, and goes up as it is.
                level.append(below[-1])
            self._levels.append(level)

    def root(self) -> bytes:
        """The root over all leaves."""
        top = self._levels[-1]
        return top[0] if top else EMPTY_ROOT

    def inclusion_proof(self, index: int) -> Proof:
        """The hashes by which leaf `index` leads to the root, from the leaf upwards."""
        assert 0 <= index < len(self._levels[0])
        proof = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                proof.append(level[sibling])
            index //= 2
        return tuple(proof)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> Proof:
    """The hashes by which leaf `index` leads to the root, from the leaf upwards."""
    return Whole(leaves).inclusion_proof(index)


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> Proof:
    """The hashes that show the tree over the first `old_size` leaves to begin this one."""
    assert 0 < old_size <= len(leaves)
    return tuple(_subproof(leaves, old_size, 0, len(leaves), whole=True))


def includes(root_hash: bytes, size: int, index: int, leaf: bytes, proof: Proof) -> bool:
    """Whether `proof` shows that `leaf` is the leaf `index` of the tree of `size` leaves."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            found = node_hash(step, found)
            node, last = _up_to_left_half(node, last)
        else:
            found = node_hash(found, step)
        node, last = node // 2, last // 2
    return last == 0 and found == root_hash


def begins(old_root: bytes, old_size: int, new_root: bytes, new_size: int, proof: Proof) -> bool:
    """Whether `proof` shows that the tree of `old_size` leaves is the beginning of the new one."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    # A full old tree is itself the first hash of the proof, and is left out of it.
    steps = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not steps:
        return False
    node, last = old_size - 1, new_size - 1
    while node % 2 == 1:
        node, last = node // 2, last // 2
    found_old = found_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            found_old, found_new = node_hash(step, found_old), node_hash(step, found_new)
            node, last = _up_to_left_half(node, last)
        else:
            found_new = node_hash(found_new, step)
        node, last = node // 2, last // 2
    return last == 0 and found_old == old_root and found_new == new_root


def _up_to_left_half(node: int, last: int) -> tuple[int, int]:
    """Pass over the levels at which a lone last subtree has no sibling."""
    while node % 2 == 0 and node != 0:
        node, last = node // 2, last // 2
    return node, last


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _root(leaves: Sequence[bytes], start: int, end: int) -> bytes:
    return root(leaves[position] for position in range(start, end))


def _subproof(
    leaves: Sequence[bytes], old_end: int, start: int, end: int, *, whole: bool
) -> Iterator[bytes]:
    """RFC 6962, 2.1.2; `whole`: the old tree is a subtree whose root the verifier knows."""
    if old_end == end:
        if not whole:
            yield _root(leaves, start, end)
        return
    middle = start + _split(end - start)
    if old_end <= middle:
        yield from _subproof(leaves, old_end, start, middle, whole=whole)
        yield _root(leaves, middle, end)
    else:
        yield from _subproof(leaves, old_end, middle, end, whole=False)
        yield _root(leaves, start, middle)
