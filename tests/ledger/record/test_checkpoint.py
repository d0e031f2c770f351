"""Checkpoints and their keys: the form that others verify, and nothing else is taken for one."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buckstop.ledger.record.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from buckstop.ledger.record.note import (
    KeyInvalidError,
    NoteInvalidError,
    new_key,
    open_note,
    read_signer,
    read_verifier,
    sign,
)
from buckstop.ledger.record.trust import trust

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNATURE = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
    "tpRZb6KE6RyyBwJnAM=\n"
)
"""Key, text and signature from the documentation of Go's ``golang.org/x/mod/sumdb/note``."""

KEY = new_key("acme.example/ledger")


def test_keys_and_signatures_are_those_of_gos_note_package() -> None:
    """What is signed here is verified elsewhere, and the other way round."""
    assert read_signer(PETER_SECRET).verifier == read_verifier(PETER)
    assert sign(TEXT, read_signer(PETER_SECRET)) == f"{TEXT}\n{SIGNATURE}"
    assert open_note(f"{TEXT}\n{SIGNATURE}", read_verifier(PETER)) == TEXT


def test_a_checkpoint_has_three_lines_and_its_signature() -> None:
    """Origin, size, root; then what C2SP asks for."""
    note = write_checkpoint(123, bytes(range(32)), KEY)
    lines = note.split("\n")
    assert lines[:4] == [KEY.name, "123", base64.b64encode(bytes(range(32))).decode(), ""]
    assert lines[4].startswith(f"\u2014 {KEY.name} ")
    assert lines[5:] == [""]
    read = read_checkpoint(note, trust(KEY.verifier))
    assert read == Checkpoint(KEY.name, 123, bytes(range(32)))


def test_signatures_of_witnesses_are_passed_over() -> None:
    """Others may sign a checkpoint too; ours is found among theirs."""
    note = write_checkpoint(7, bytes(32), KEY)
    text, _, ours = note.rpartition("\n\n")
    theirs = sign(text + "\n", new_key("witness.example")).rpartition("\n\n")[2]
    assert read_checkpoint(f"{text}\n\n{theirs}{ours}", trust(KEY.verifier)).size == 7


def test_another_key_of_the_same_name_is_not_taken_for_it() -> None:
    """Whoever makes a key of our name signs nothing in our name."""
    forged = write_checkpoint(7, bytes(32), new_key(KEY.name))
    with pytest.raises(NoteInvalidError, match="no signature in it is that of the key"):
        read_checkpoint(forged, trust(KEY.verifier))


def test_a_checkpoint_of_another_log_is_refused() -> None:
    """A key that signs several logs does not let one stand for another."""
    note = sign(f"other.example\n7\n{base64.b64encode(bytes(32)).decode()}\n", KEY)
    with pytest.raises(NoteInvalidError, match="no checkpoint of acme"):
        read_checkpoint(note, trust(KEY.verifier))


@pytest.mark.parametrize(
    "text",
    ["7\n", f"007\n{'A' * 43}=\n", f"-1\n{'A' * 43}=\n", "7\nAA==\n", "7\nno base64\n"],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    """The key's signature alone makes nothing a checkpoint."""
    with pytest.raises(NoteInvalidError, match="no checkpoint"):
        read_checkpoint(sign(f"{KEY.name}\n{text}", KEY), trust(KEY.verifier))


@given(st.data())
def test_no_altered_checkpoint_holds(data: st.DataObject) -> None:
    """One character changed, left out or added anywhere: refused, in words."""
    note = write_checkpoint(123, bytes(range(32)), KEY)
    at = data.draw(st.integers(0, len(note) - 1))
    new = data.draw(st.sampled_from(["", "0", "A", "\n", " ", "\u2014"]))
    altered = note[:at] + new + note[at + 1 :]
    if altered != note:
        with pytest.raises(NoteInvalidError):
            read_checkpoint(altered, trust(KEY.verifier))


def test_a_key_is_read_as_it_was_written_and_never_shown() -> None:
    """What a log or a traceback may print of the key is not the key."""
    assert read_signer(KEY.secret_text() + "\n") == KEY
    assert read_verifier(str(KEY.verifier)) == KEY.verifier
    secret = KEY.secret_text().rpartition("+")[2]
    assert secret not in repr(KEY)
    assert repr(KEY.seed) not in repr(KEY)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "three parts"),
        ("a+b", "three parts"),
        ("a+00000000+???", "no base64"),
        ("a+00000000+AAAA", "no Ed25519"),
        (PETER.replace("c74f20a3", "c74f20a4"), "altered"),
        (PETER.replace("PeterNeumann", "Peter"), "altered"),
        (PETER.replace("PeterNeumann", "Peter Neumann"), "no spaces"),
        (PETER_SECRET, "it is the signing key"),
    ],
)
def test_what_is_no_verifier_key_is_refused_with_the_reason(text: str, why: str) -> None:
    """A slip in a key is not taken for an altered checkpoint."""
    with pytest.raises(KeyInvalidError, match=why):
        read_verifier(text)


def test_a_public_key_signs_nothing() -> None:
    """The two halves are told apart."""
    with pytest.raises(KeyInvalidError, match="no signing key"):
        read_signer(PETER)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u200bb"])
def test_names_that_would_break_a_note_are_refused(name: str) -> None:
    """A name is a word."""
    with pytest.raises(KeyInvalidError):
        new_key(name)
