"""Several slips in one entry are all told in one run, and nothing that follows from them is."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from buckstop.charter.load import read

CHARTER = """\
severities: [critical, major, minor]
defaults:
  for: 10m
  group_wait: 10s
  slack:
    api_url: {file: slack_url}
  email:
    smarthost: smtp.acme.example:587
    from: alerts@acme.example
teams:
  sre:
    name: SRE
    members: [jo@acme.example]
    notify:
      default: [{webhook: {url: "http://pager.internal/sre"}}]
      critical: [{slack: {channel: "#sre"}}]
      major:
        - webhook:
            url: http://pager.internal/major
        - email: {to: ops@acme.example}
  science: {notify: {default: [{webhook: {url: "http://pager.internal/science"}}]}}
accountability:
  - otherwise: true
    accountable: sre
  - when:
      fault: [quality, drift]
      severity: major
    accountable: science
    inform: [sre]
    from: 2020-01-01
profiles:
  tier1:
    - sli: p95
      objective: "<= 500ms"
      severity: minor
      for: 5m
      fault: latency
models:
  credit:
    owner:
      team: science
    features: [income]
    baselines:
      rmse: 4.2
    use: tier1
    serving:
      runtime: generic
      job: serving
    slos:
      - sli: auc
        objective: ">= 0.85"
        for: 15m
        severity: major
        fault: quality
        min_samples: 500
      - sli: rmse
        objective: "<= 1.2 * baseline"
        severity: minor
      - sli: ks
        objective: "<= 0.2"
        severity: minor
        each: feature
alerts:
  - match: {alertname: Backup}
    accountable: science
    inform: [sre]
  - match: {alertname: Lag}
    fault: latency
    model: credit
    inform: [science]
ledger:
  url: http://127.0.0.1:9890
  token: {file: token}
  owner: sre
  handover:
    answer_within: 15m
    reroute: off
"""

INVALID = "charter-value-invalid"
UNKNOWN_KEY = "charter-key-unknown"

SLIPS: dict[str, list[tuple[str, str, str | None]]] = {
    "objective": [
        ("      - sli: auc", "      - sli: aux", "sli-unknown"),
        ('        objective: ">= 0.85"', "        objective: [1]", INVALID),
        ("        for: 15m", "        for: 15", INVALID),
        ("        severity: major\n        fault", "        severity: majr\n        fault", None),
        ("        fault: quality", "        fault: qualty", "fault-unknown"),
        ("        min_samples: 500", "        min_samples: many", INVALID),
        ("        min_samples: 500", "        min_sample: 500", UNKNOWN_KEY),
    ],
    "an objective's keys": [
        ("      - sli: auc", "      - slii: auc", UNKNOWN_KEY),
        ('        objective: ">= 0.85"', '        objectve: ">= 0.85"', UNKNOWN_KEY),
        ("        for: 15m", "        fr: 15m", UNKNOWN_KEY),
        ("        fault: quality", "        faullt: quality", UNKNOWN_KEY),
        ("        severity: major\n        fault", "        sevrity: major\n        fault", None),
    ],
    "an objective of a feature": [
        ('        objective: "<= 0.2"', '        objective: ">= 0.2"', "objective-direction"),
        ("        each: feature", "        each: column", INVALID),
    ],
    "profile": [
        ("    - sli: p95", "    - sli: p59", "sli-unknown"),
        ('      objective: "<= 500ms"', '      objective: "<= fast"', "objective-invalid"),
        ("      severity: minor\n      for", "      severity: minr\n      for", None),
        ("      for: 5m", "      for: 5", INVALID),
        ("      fault: latency", "      fault: latncy", "fault-unknown"),
    ],
    "model": [
        ("      team: science", "      team: sciense", "team-unknown"),
        ("    features: [income]", "    features: {income: 1}", INVALID),
        ("      rmse: 4.2", "      rmse: high", "objective-invalid"),
        ("      rmse: 4.2", "      rmse: [4.2]", INVALID),
        ("    use: tier1", "    use: teir1", "profile-unknown"),
        ("      runtime: generic", "      runtime: [generic]", INVALID),
        ("      job: serving", "      jobb: serving", UNKNOWN_KEY),
    ],
    "team": [
        ("    name: SRE", "    name: [SRE]", INVALID),
        ("    members: [jo@acme.example]", "    members: jo@acme.example", INVALID),
        ('      critical: [{slack: {channel: "#sre"}}]', "      critcal: []", "severity-unknown"),
        ("      default: [{webh", "      defalt: [{webh", "severity-unknown"),
        ("        - email: {to: ops@", "        - email: {too: ops@", UNKNOWN_KEY),
    ],
    "contact": [
        ('      critical: [{slack: {channel: "#sre"}}]', "      critical: [{slack: {}}]", None),
        ("            url: http://pager.internal/major", "            url: pager", INVALID),
        ("        - email: {to: ops@acme.example}", "        - email: {to: []}", INVALID),
    ],
    "decision row": [
        ("      fault: [quality, drift]", "      fault: [quality, drfit]", "fault-unknown"),
        ("      severity: major\n    acc", "      severity: majr\n    acc", None),
        (
            "    accountable: science\n    inform: [sre]\n    from",
            "    accountable: {}\n    inform: [sre]\n    from",
            None,
        ),
        ("    inform: [sre]\n    from", "    inform: [sr]\n    from", None),
        ("    from: 2020-01-01", "    from: soon", INVALID),
    ],
    "alerts entry": [
        ("  - match: {alertname: Lag}", "  - match: [Lag]", INVALID),
        ("    fault: latency\n    model", "    fault: latncy\n    model", "fault-unknown"),
        ("    fault: latency\n    model", "    fualt: latency\n    model", UNKNOWN_KEY),
        ("    model: credit", "    model: credti", "model-unknown"),
        ("    inform: [science]", "    inform: [sience]", "team-unknown"),
    ],
    "defaults": [
        ("  for: 10m", "  for: 10", INVALID),
        ("  group_wait: 10s", "  group_wat: 10s", UNKNOWN_KEY),
        ("    api_url: {file: slack_url}", "    api_url: {}", INVALID),
        ("    smarthost: smtp", "    smarthots: smtp", UNKNOWN_KEY),
    ],
    "ledger": [
        ("  url: http://127.0.0.1:9890", "  url: ledger", INVALID),
        ("  token: {file: token}", "  token: {file: []}", INVALID),
        ("  owner: sre", "  owner: ser", "team-unknown"),
        ("    answer_within: 15m", "    answer_within: 0s", INVALID),
        ("    reroute: off", "    reroute: perhaps", INVALID),
    ],
}
"""By kind of entry: what is written, the slip, and its code where that is worth pinning."""


def lines(text: str) -> set[tuple[str, int]]:
    """Code and line of each finding in a charter; it is read only where there is none."""
    charter, found = read({"charter.yaml": text}, date(2026, 1, 1))
    assert (charter is None) == bool(found)
    return {(one.code.name, one.span.line if one.span else 0) for one in found}


def placed(good: str, bad: str) -> tuple[int, str]:
    """The number of the line that a slip changes, and the line with the slip."""
    assert CHARTER.count(good) == 1, good
    before, after = CHARTER.split("\n"), CHARTER.replace(good, bad).split("\n")
    pairs = enumerate(zip(before, after, strict=True), 1)
    return next((number, new) for number, (old, new) in pairs if old != new)


def test_the_charter_that_slips_are_put_into_is_right() -> None:
    """What is found below is found because of the slips."""
    assert lines(CHARTER) == set()


@pytest.mark.parametrize("kind", SLIPS)
def test_slips_in_one_entry_are_all_told_in_one_run(kind: str) -> None:
    """Each of one, two or three slips is told at its line, and no line without a slip is named."""
    for count in (1, 2, 3):
        for slips in itertools.combinations(SLIPS[kind], count):
            changed = dict(placed(good, bad) for good, bad, _ in slips)
            if len(changed) < count:
                continue  # two slips cannot stand in one place
            written = enumerate(CHARTER.split("\n"), 1)
            text = "\n".join(changed.get(number, line) for number, line in written)
            expected = {placed(good, bad)[0]: code for good, bad, code in slips}
            found = lines(text)
            assert {line for _, line in found} == expected.keys(), (slips, found)
            named = {(code, line) for line, code in expected.items() if code is not None}
            assert named <= found, slips


def test_an_objective_laid_over_a_broken_one_is_not_incomplete() -> None:
    """The fields of the profile's objective are there, if not all can be read."""
    text = CHARTER.replace("      for: 5m", "      for: 5").replace(
        "      - sli: auc", '      - {sli: p95, objective: "<= 400ms"}\n      - sli: auc'
    )
    assert {code for code, _ in lines(text)} == {INVALID}


def test_a_number_with_a_decimal_comma_is_not_judged_by_its_beginning() -> None:
    """In ``99,9%`` only the comma is wrong, and what else stands in the entry is still read."""
    text = CHARTER.replace(
        "      - sli: auc",
        "      - {sli: success_ratio, objective: 99,9%, severity: majr}\n      - sli: auc",
    )
    assert {code for code, _ in lines(text)} == {UNKNOWN_KEY, "severity-unknown"}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("word", ['""', "|"])
def test_an_empty_word_in_the_place_of_a_list_is_one_slip(word: str) -> None:
    """One word may stand for a list of one; that it is no word is found, and reading ends."""
    text = CHARTER.replace("    use: tier1\n", f"    use: {word}\n")
    charter, found = read({"charter.yaml": text}, date(2026, 1, 1))
    assert charter is None
    (slip,) = found
    assert slip.span is not None
    assert CHARTER.splitlines()[slip.span.line - 1] == "    use: tier1"
