"""The Merkle tree: as RFC 6962 defines it, and no proof shows what is not so."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buckstop.ledger.record.merkle import (
    EMPTY_ROOT,
    Growing,
    begins,
    consistency_proof,
    includes,
    inclusion_proof,
    leaf_hash,
    root,
)

INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The inputs and roots with which Certificate Transparency's own programs are tested."""

SIZES = st.integers(1, 70)


def tree_head(data: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return sha256(b"\x01" + tree_head(data[:k]) + tree_head(data[k:])).digest()


def numbered(size: int) -> list[bytes]:
    """As many different leaves."""
    return [leaf_hash(b"%d" % index) for index in range(size)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    """Any RFC 6962 verifier understands our roots."""
    assert root(map(leaf_hash, INPUTS[:size])).hex() == ROOTS[size - 1]


def test_the_roots_are_as_the_rfc_defines_them() -> None:
    """At every size, also while the tree grows."""
    tree = Growing()
    assert tree.root() == EMPTY_ROOT == tree_head([])
    data = [b"%d" % index for index in range(130)]
    for size in range(1, 131):
        tree.append(leaf_hash(data[size - 1]))
        assert (tree.size, tree.root()) == (size, tree_head(data[:size]))


def test_every_leaf_is_shown_to_be_in_the_tree_and_nowhere_else() -> None:
    """All leaves of all trees up to 33; the same proof shows no other leaf, place or size."""
    for size in range(1, 34):
        leaves = numbered(size)
        head = root(leaves)
        for index, leaf in enumerate(leaves):
            proof = inclusion_proof(leaves, index)
            assert includes(head, size, index, leaf, proof)
            for other in range(-1, size + 1):
                if other != index:
                    assert not includes(head, size, other, leaf, proof)
            assert not includes(head, size, index, leaf_hash(b"other"), proof)


def test_every_older_tree_is_shown_to_be_the_beginning() -> None:
    """All pairs up to 33; no other old root passes."""
    for size in range(1, 34):
        leaves = numbered(size)
        head = root(leaves)
        for old_size in range(1, size + 1):
            proof = consistency_proof(leaves, old_size)
            old = root(leaves[:old_size])
            assert begins(old, old_size, head, size, proof)
            assert not begins(root(leaves[1 : old_size + 1]), old_size, head, size, proof)
            for other in (0, old_size - 1, old_size + 1, size + 1):
                assert not begins(old, other, head, size, proof)


@given(SIZES, st.data())
def test_a_tampered_proof_shows_nothing(size: int, data: st.DataObject) -> None:
    """A hash changed, left out, doubled or added: refused, whatever the proof was for."""
    leaves, index = numbered(size), data.draw(st.integers(0, size - 1))
    old_size = data.draw(st.integers(1, size))
    head, old = root(leaves), root(leaves[:old_size])
    inclusion, consistency = inclusion_proof(leaves, index), consistency_proof(leaves, old_size)

    def tampered(proof: tuple[bytes, ...]) -> tuple[bytes, ...]:
        at = data.draw(st.integers(0, len(proof)))
        kinds = ["add"] if at == len(proof) else ["add", "drop", "change"]
        match data.draw(st.sampled_from(kinds)):
            case "add":
                return (*proof[:at], leaf_hash(b"added"), *proof[at:])
            case "drop":
                return (*proof[:at], *proof[at + 1 :])
            case _:
                return (*proof[:at], leaf_hash(b"changed"), *proof[at + 1 :])

    assert not includes(head, size, index, leaves[index], tampered(inclusion))
    assert not begins(old, old_size, head, size, tampered(consistency))


@given(SIZES, SIZES, st.data())
def test_a_rewritten_beginning_is_never_shown_to_be_the_old_one(
    old_size: int, more: int, data: st.DataObject
) -> None:
    """Whoever changes one old leaf has no proof from the old root to the new one."""
    old_leaves = numbered(old_size)
    at = data.draw(st.integers(0, old_size - 1))
    new_leaves = [*old_leaves, *(leaf_hash(b"new %d" % index) for index in range(more))]
    new_leaves[at] = leaf_hash(b"rewritten")
    proof = consistency_proof(new_leaves, old_size)
    assert not begins(root(old_leaves), old_size, root(new_leaves), len(new_leaves), proof)


def test_nothing_is_shown_of_an_empty_tree() -> None:
    """There is no leaf and no beginning in it."""
    assert not includes(EMPTY_ROOT, 0, 0, leaf_hash(b""), ())
    assert not begins(EMPTY_ROOT, 0, ROOTS[0].encode(), 1, ())
