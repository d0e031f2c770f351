"""Every reader of what other people write, under one form, with files to start from.

A reader that is not here, and is not reached through one that is, fails
`test_no_reader_is_forgotten`.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from pydantic import ValidationError
from tests.fuzzing import seeds
from tests.fuzzing.evidence_seed import evidence_seed

from buckstop import alertmanager, charter, document, prometheus, promql
from buckstop.alertmanager.matcher_syntax import MatcherError, parse_classic, parse_matchers
from buckstop.alertmanager.matcher_utf8 import parse_utf8
from buckstop.alertmanager.versions import parse_version as parse_alertmanager_version
from buckstop.charter.units import UnitError, parse_number, parse_objective
from buckstop.cli.baseline import BaselineError, Entry, baseline_text, read_baseline
from buckstop.cli.excerpts import without_secrets
from buckstop.cli.expectations import read_expectations
from buckstop.cli.input_kinds import kind_of
from buckstop.cli.label_sets import read_asked, read_firing
from buckstop.cli.lines import read_lines
from buckstop.cli.moment import parse_moment
from buckstop.cli.waivers import read_waivers
from buckstop.compiler import ManifestError, Targets, build, read_manifest
from buckstop.diagnostics import Diagnostic, Span
from buckstop.document.text import decode
from buckstop.gotemplate import alertmanager_engine, judge, prometheus_engine
from buckstop.kubernetes import Stream, read_manifests
from buckstop.language.patterns import PatternError, compile_pattern
from buckstop.ledger.domain.events import read_event
from buckstop.ledger.payload import read_feed, read_webhook
from buckstop.ledger.record.checkpoint import read_checkpoint, write_checkpoint
from buckstop.ledger.record.evidence import EvidenceInvalidError, read_evidence
from buckstop.ledger.record.note import (
    KeyInvalidError,
    NoteInvalidError,
    SignerKey,
    read_signer,
    read_verifier,
)
from buckstop.ledger.record.trust import read_trust, trust
from buckstop.prometheus.durations import format_duration
from buckstop.prometheus.versions import parse_version as parse_prometheus_version
from buckstop.promql.domains import ExpressionDomains, RecordedDomains, Recording, domain
from buckstop.prover.examination import examine
from buckstop.prover.given import Given
from buckstop.prover.label_environment import read_label_environment
from buckstop.prover.teams_file import read_teams
from buckstop.web.routes_view import LabelsError, read_labels
from buckstop.web.server import AddressError, read_address
from buckstop.web.tokens import read_until

FILE: Final = "fuzz.yaml"
"""The name under which every input is read."""
PARTS: Final = b"\n#%%%%\n"
"""Where the second file begins in an input that holds two."""

Findings = Iterable[Diagnostic]


@dataclass(frozen=True, slots=True)
class Reader:
    """One way in.

    Attributes:
        covers: the functions that it calls, by their full names.
        read: gives an input to them; returns what they find.
        seeds: valid inputs, and nearly valid ones.
        refuses: the exceptions by which they say no, as their docstrings promise.
    """

    covers: tuple[str, ...]
    read: Callable[[bytes], Findings]
    seeds: tuple[bytes, ...]
    refuses: tuple[type[Exception], ...] = ()

    @property
    def name(self) -> str:
        """The first of its functions, without the package that all share."""
        return self.covers[0].removeprefix("buckstop.")


def _text(data: bytes) -> str:
    """As commands hand it to those that read text; places are those of this text."""
    return document.shown_text(data)


_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_START: Final = Span(FILE, 1, 1, 1, 1)


_SIGNER: Final = SignerKey("ledger.example", bytes(range(32)))


def _signed(data: bytes) -> Findings:
    """Keys and checkpoints: each is read as what it may be, and says by which name it is not."""
    text = _text(data)
    for read in (read_verifier, read_signer, read_trust):
        with contextlib.suppress(KeyInvalidError):
            read(text)
    with contextlib.suppress(NoteInvalidError):
        read_checkpoint(text, trust(_SIGNER.verifier))
    return ()


def _evidence(data: bytes) -> Findings:
    """Evidence as it is, and with a last line that fits, as whoever alters it would make it."""
    content = data.removesuffix(b"\n").rpartition(b"\n")[0] + b"\n"
    digest = hashlib.sha256(content).hexdigest()
    with contextlib.suppress(EvidenceInvalidError):
        read_evidence(content + f'{{"sha256":"{digest}"}}\n'.encode())
    read_evidence(data)
    return ()


def _document(data: bytes) -> Findings:
    text, found = decode(data, FILE)
    parsed = document.parse(data, FILE)
    if text is None:
        assert found == parsed.diagnostics
    for root in parsed.roots:
        if root is not None:
            document.to_plain(root)
    return (*parsed.diagnostics, *document.parse_one(data, FILE)[1])


def _rules(data: bytes) -> Findings:
    _, found = prometheus.read_rules(data, FILE)
    _, aimed = prometheus.read_rules(data, FILE, "2.42")
    return (*found, *aimed)


def _config(data: bytes) -> Findings:
    _, found = prometheus.read_config(data, FILE)
    _, aimed = prometheus.read_config(data, FILE, "3.5")
    return (*found, *aimed)


def _alertmanager(data: bytes) -> Findings:
    _, found = alertmanager.read(data, FILE)
    _, aimed = alertmanager.read(data, FILE, "0.25")
    return (*found, *aimed)


def _promql(data: bytes) -> Findings:
    text = _text(data)
    parsed = promql.parse(text)
    fault = promql.fault_of(text)
    if isinstance(parsed, promql.PromqlError):
        assert fault == parsed
        assert 0 <= parsed.start <= parsed.start + parsed.length <= len(text)
    else:
        assert fault is None
        for use in promql.uses(text):
            assert 0 <= use.start <= use.end <= len(text)
        skeleton = promql.skeleton_of(text)
        if skeleton is not None:
            used = [use.feature for use in promql.uses(text)]
            assert used == [use.feature for use in promql.uses(skeleton)]
        promql.value_type(parsed)
        promql.fill(text, {"model": 'a"b\\'})
        promql.without_comments(text)
        recorded = RecordedDomains([Recording("up", 'sum by (job) (down{job=~"a|b"})')])
        assert ExpressionDomains(recorded).domain(text) == domain(parsed, recorded)
    return ()


def _template(data: bytes) -> Findings:
    text = _text(data)
    for engine in (alertmanager_engine(), prometheus_engine()):
        for finding in judge(text, engine).findings:
            assert 0 <= finding.start <= finding.end <= len(text)
    return ()


def _pattern(data: bytes) -> Findings:
    matches = compile_pattern(_text(data))
    for value in ("", "a", "模型", "a\nb"):
        matches(value)
    return ()


def _matchers(data: bytes) -> Findings:
    for version in ((0, 25), (0, 28)):
        parse_matchers(_text(data), _START, version)
    return ()


def _classic(data: bytes) -> Findings:
    parse_classic(_text(data))
    return ()


def _utf8(data: bytes) -> Findings:
    parse_utf8(_text(data))
    return ()


def _duration(data: bytes) -> Findings:
    seconds = prometheus.parse_duration(_text(data))
    assert prometheus.parse_duration(format_duration(seconds)) == seconds
    return ()


def _version(data: bytes) -> Findings:
    assert parse_alertmanager_version(_text(data)) == parse_prometheus_version(_text(data))
    return ()


def _charter(data: bytes) -> Findings:
    read, found = charter.read({FILE: _text(data)}, date(2026, 1, 1))
    if read is not None:
        build(read, Targets())
    return found


def _objective(data: bytes) -> Findings:
    for unit in ("ratio", "seconds"):
        parse_objective(_text(data), unit)
    return ()


def _number(data: bytes) -> Findings:
    parse_number(_text(data))
    return ()


def _manifest(data: bytes) -> Findings:
    read_manifest(_text(data))
    return ()


def _objects(data: bytes) -> Findings:
    read = read_manifests([Stream(data, FILE), Stream(data, "piped", is_piped=True)])
    found = list(read.findings)
    for rules in read.rules:
        found += rules.findings
    for routed in read.routed:
        found += routed.findings
    return found


def _webhook(data: bytes) -> Findings:
    read_webhook(data, "am", _NOW)
    return ()


def _feed(data: bytes) -> Findings:
    read_feed(data, "prom", _NOW)
    return ()


def _event(data: bytes) -> Findings:
    read_event(_text(data))
    return ()


def _address(data: bytes) -> Findings:
    read_address(_text(data))
    return ()


def _label_sets(data: bytes) -> Findings:
    found: list[Diagnostic] = []
    for line in read_lines(io.BytesIO(data)):
        asked = read_asked(line)
        if isinstance(asked, Diagnostic):
            found.append(asked)
    return (*found, *read_firing(io.BytesIO(data), FILE)[1])


def _kind(data: bytes) -> Findings:
    kind_of(data)
    shown = without_secrets(_text(data))
    assert len(shown) == len(_text(data))
    return ()


def _until(data: bytes) -> Findings:
    assert read_until(_text(data)).tzinfo is not None
    return ()


def _pasted(data: bytes) -> Findings:
    assert all(read_labels(_text(data)).values())
    return ()


def _moment(data: bytes) -> Findings:
    assert parse_moment(_text(data)).tzinfo is not None
    return ()


def _baseline(data: bytes) -> Findings:
    read_baseline(data)
    return ()


def _proof(data: bytes) -> Findings:
    rules, _, routes = data.partition(PARTS)
    rule_file, _ = prometheus.read_rules(rules, FILE)
    config, loading = alertmanager.read(routes, FILE)
    given = Given(() if rule_file is None else (rule_file,), config, loading)
    examine(given)
    return ()


READERS: Final = (
    Reader(
        (
            "buckstop.document.parse.parse",
            "buckstop.document.parse.parse_one",
            "buckstop.document.text.decode",
        ),
        _document,
        (*seeds.RULES, *seeds.ROUTES, *seeds.CHARTERS, *seeds.OBJECTS, *seeds.TIMES),
    ),
    Reader(("buckstop.prometheus.rule_reading.read_rules",), _rules, seeds.RULES),
    Reader(("buckstop.prometheus.config_reading.read_config",), _config, seeds.PROMETHEUS),
    Reader(("buckstop.alertmanager.reading.read",), _alertmanager, (*seeds.ROUTES, *seeds.TIMES)),
    Reader(
        (
            "buckstop.promql.parsing.parse",
            "buckstop.promql.parsing.fault_of",
            "buckstop.promql.grammar.read",
        ),
        _promql,
        seeds.EXPRESSIONS,
    ),
    Reader(("buckstop.gotemplate.parsing.parse",), _template, seeds.TEMPLATES),
    Reader(
        ("buckstop.language.patterns.compile_pattern",), _pattern, seeds.PATTERNS, (PatternError,)
    ),
    Reader(
        ("buckstop.alertmanager.matcher_syntax.parse_matchers",),
        _matchers,
        seeds.MATCHERS,
        (MatcherError,),
    ),
    Reader(
        ("buckstop.alertmanager.matcher_syntax.parse_classic",),
        _classic,
        seeds.MATCHERS,
        (MatcherError,),
    ),
    Reader(
        ("buckstop.alertmanager.matcher_utf8.parse_utf8",), _utf8, seeds.MATCHERS, (ValueError,)
    ),
    Reader(
        ("buckstop.prometheus.durations.parse_duration",), _duration, seeds.DURATIONS, (ValueError,)
    ),
    Reader(
        (
            "buckstop.alertmanager.versions.parse_version",
            "buckstop.prometheus.versions.parse_version",
        ),
        _version,
        seeds.VERSIONS,
        (ValueError,),
    ),
    Reader(("buckstop.web.tokens.read_until",), _until, seeds.ENDS, (ValueError,)),
    Reader(
        ("buckstop.web.routes_view.read_labels",),
        _pasted,
        (b'{a="b", c="d"}', b'a="b"\nc="d"', b'{"a": "b"}'),
        (LabelsError,),
    ),
    Reader(("buckstop.charter.load.read",), _charter, seeds.CHARTERS),
    Reader(("buckstop.charter.units.parse_objective",), _objective, seeds.OBJECTIVES, (UnitError,)),
    Reader(("buckstop.charter.units.parse_number",), _number, seeds.OBJECTIVES, (UnitError,)),
    Reader(
        ("buckstop.compiler.manifest_json.read_manifest",),
        _manifest,
        seeds.MANIFESTS,
        (ManifestError,),
    ),
    Reader(
        ("buckstop.kubernetes.reading.read_manifests",),
        _objects,
        (*seeds.OBJECTS, *seeds.RULES, *seeds.ROUTES),
    ),
    Reader(("buckstop.ledger.payload.read_webhook",), _webhook, seeds.WEBHOOKS),
    Reader(("buckstop.ledger.payload.read_feed",), _feed, seeds.FEEDS),
    Reader(
        ("buckstop.ledger.domain.events.read_event",),
        _event,
        (b'{"kind": "opened"}', *seeds.WEBHOOKS),
        (ValidationError,),
    ),
    Reader(
        (
            "buckstop.ledger.record.note.read_verifier",
            "buckstop.ledger.record.note.read_signer",
            "buckstop.ledger.record.trust.read_trust",
            "buckstop.ledger.record.checkpoint.read_checkpoint",
        ),
        _signed,
        (
            str(_SIGNER.verifier).encode(),
            f"# keys\n{_SIGNER.verifier} until=7\n".encode(),
            _SIGNER.secret_text().encode(),
            write_checkpoint(7, bytes(32), _SIGNER).encode(),
        ),
    ),
    Reader(
        ("buckstop.ledger.record.evidence.read_evidence",),
        _evidence,
        (evidence_seed(_SIGNER),),
        (EvidenceInvalidError,),
    ),
    Reader(("buckstop.web.server.read_address",), _address, (b"[::1]:80", b":1"), (AddressError,)),
    Reader(
        ("buckstop.prover.teams_file.read_teams",),
        lambda data: read_teams(data, FILE)[1],
        (b"accountable: {a: b, c: [d]}\ninformed: [e]\nnot_accountable: ['null']\n",),
    ),
    Reader(
        ("buckstop.prover.label_environment.read_label_environment",),
        lambda data: read_label_environment(data, FILE)[1],
        (b"env: [prod, 'dev']\nnamespace: {matches: 'team-.+'}\n",),
    ),
    Reader(
        (
            "buckstop.cli.lines.read_lines",
            "buckstop.cli.label_sets.read_asked",
            "buckstop.cli.label_sets.read_firing",
            "buckstop.document.text.decode_any",
        ),
        _label_sets,
        seeds.LABEL_SETS,
    ),
    Reader(
        ("buckstop.cli.waivers.read_waivers",),
        lambda data: read_waivers(_text(data), FILE, ("rule-refuted",))[1],
        (
            b"a: | # buckstop: x\n  # buckstop: y\nb: 'one\n  two' # buckstop: z\n",
            b"# buckstop: ignore[rule-refuted] until=2999-01-01 reason='z'\nb: 1\n",
            b"b: 1 # buckstop: ignore[rule-refuted] reason=x until=2999-02-30\n",
        ),
    ),
    Reader(
        ("buckstop.cli.baseline.read_baseline",),
        _baseline,
        (baseline_text((Entry("a.yml", "A", "b", "0:1"), Entry("", "", "c", "1"))).encode(),),
        (BaselineError,),
    ),
    Reader(
        ("buckstop.cli.moment.parse_moment",),
        _moment,
        (b"2026-12-25T03:00:00+01:00", b"2026-12-25 03:00Z"),
        (ValueError,),
    ),
    Reader(
        ("buckstop.cli.expectations.read_expectations",),
        lambda data: read_expectations(data, FILE)[1],
        (
            b"expectations:\n- {name: a, labels: {b: 5}, firing: [{c: d}], expect: {team: ~}}\n",
            b"expectations: [{name: a, labels: {}, at: 2026-12-25T03:00Z, expect: {muted: no}}]\n",
        ),
    ),
    Reader(
        ("buckstop.cli.input_kinds.kind_of",),
        _kind,
        (*seeds.RULES, *seeds.ROUTES, *seeds.MANIFESTS),
    ),
    Reader(
        ("buckstop.prover.examination.examine",),
        _proof,
        tuple(
            rules + PARTS + routes
            for rules in seeds.RULES
            for routes in (*seeds.ROUTES, *seeds.TIMES)
        ),
    ),
)

REACHED_THROUGH_OTHERS: Final = {
    "buckstop.gotemplate.engines.parsed_version": "reads versions that stand in the code",
    "buckstop.language.syntax.read_expression": "reads what compile_pattern has accepted",
}
"""Functions that take text and are not given a user's as it comes, and why."""
