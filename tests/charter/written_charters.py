"""The least charter, and what is read of one: shared by the tests of this package."""

from __future__ import annotations

from datetime import date

from buckstop.charter import Charter, read
from buckstop.charter.model import Slo
from buckstop.diagnostics import Diagnostic

TODAY = date(2026, 1, 1)

TEAMS = """
teams:
  a: {notify: {default: [{webhook: {url: "http://pager.internal/a"}}]}}
  b: {notify: {default: [{webhook: {url: "http://pager.internal/b"}}]}}
"""
TABLE = """
accountability:
  - {when: {fault: quality}, accountable: b}
  - {otherwise: true, accountable: a}
"""


def charter_of(*texts: str) -> Charter:
    charter, found = read({f"{number}.yaml": text for number, text in enumerate(texts)}, TODAY)
    assert charter is not None, found
    return charter


def findings(*texts: str) -> tuple[Diagnostic, ...]:
    return read({f"{number}.yaml": text for number, text in enumerate(texts)}, TODAY)[1]


def slos(charter: Charter, model: str) -> dict[str, Slo]:
    return {slo.name: slo for one in charter.models if one.id == model for slo in one.slos}
