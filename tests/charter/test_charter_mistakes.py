"""What is wrong with a charter is found in one run, each at its place, with the mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.charter.written_charters import TABLE, TEAMS, TODAY, findings

from buckstop.charter import load
from buckstop.diagnostics import Level


def test_all_mistakes_are_found_in_one_run() -> None:
    """A broken team does not hide a broken row, a broken model or an unknown name elsewhere."""
    found = findings(
        """
teams:
  a: {notfy: {default: []}}
  b: {notify: {default: [{webhook: {url: "http://pager.internal/b"}}]}}
accountability:
  - {when: {fault: drift}, accountable: bb}
  - {when: {fautl: drift}, accountable: b}
  - {otherwise: true, accountable: a}
models:
  credit:
    owner: {team: c}
    slos:
      - {sli: auc, objective: "<= 0.8", severity: minr}
      - {sli: ks, objectve: "<= 0.8"}
"""
    )
    assert [(one.code.name, one.span and one.span.line) for one in found] == [
        ("charter-key-unknown", 3),
        ("team-unknown", 6),
        ("charter-key-unknown", 7),
        ("charter-key-unknown", 14),
        ("team-unknown", 11),
        ("severity-unknown", 13),
        ("objective-direction", 13),
        ("slo-incomplete", 14),
        ("slo-incomplete", 14),
    ]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("  a: {notfy: {}}", "did you mean `notify`?"),
        ("  a: {notify: {default: [{slak: {channel: x}}]}}", "did you mean `slack`?"),
        ("  a: {notify: {default: [{slack: {chanel: x}}]}}", "did you mean `channel`?"),
        ("  a: {notify: {}, leed: x}", "did you mean `lead`?"),
    ],
)
def test_a_misspelt_key_at_any_depth_gets_the_nearest(line: str, hint: str) -> None:
    """The hint names the key that was meant, from among those that can stand there."""
    found = findings("teams:\n" + line + "\naccountability: [{otherwise: true, accountable: a}]")
    assert hint in {one.hint for one in found}


REST_OF_A = "accountability: [{otherwise: true, accountable: a}]\n"


def test_a_decimal_comma_between_brackets_is_named() -> None:
    """There the comma ends the value: ``99`` is read, and a key `9%`."""
    models = "models: {m: {slos: [{sli: success_ratio, objective: 99,9%, severity: minor}]}}\n"
    (found,) = findings(models + TEAMS + TABLE)
    assert found.hint == "numbers have a decimal point, as in `99.9%`"


@pytest.mark.parametrize(
    "defaults",
    [
        "{slack: {api_url: https://hooks.slack.com/services/T0/B0/XYZ}}",
        "{slack: {api_ulr: {file: slack_url}}, email: {smarthost: 'a:25', from: a@b.example}}",
        "[slack]",
    ],
)
def test_contacts_do_not_lack_what_is_there_and_broken(defaults: str) -> None:
    """One finding, at the default itself; each channel would be noise."""
    team = "{notify: {default: [{slack: {channel: x}}]}}"
    found = findings(f"defaults: {defaults}\nteams: {{a: {team}}}\n{REST_OF_A}")
    assert "contact-incomplete" not in {one.code.name for one in found}
    assert {one.span.line for one in found if one.span} == {1}


def test_a_secret_written_out_is_not_shown() -> None:
    """Neither message nor source excerpt repeats the secret."""
    key = "0123456789abcdef0123456789abcdef"
    text = f"""
teams:
  a: {{notify: {{default: [{{pagerduty: {{routing_key: {key}}}}}]}}}}
accountability: [{{otherwise: true, accountable: a}}]
"""
    found = findings(text)
    assert [one.code.name for one in found] == ["secret-inline"]
    assert key not in repr(found)


def test_overlap_says_the_case_and_a_row_that_mends_it() -> None:
    """The finding names both lines, an example, and the conditions of a deciding row."""
    (found,) = findings(
        TEAMS
        + """
accountability:
  - {when: {fault: [drift, quality]}, accountable: a}
  - {when: {severity: critical, fault: drift}, accountable: b}
  - {when: {severity: critical, fault: [latency, quality]}, accountable: b}
  - {otherwise: true, accountable: a}
"""
    )
    assert found.code.name == "decision-overlap"
    assert "the one in line 7 both decide" in found.message
    assert "`quality` at `critical`" in found.message
    assert "when: {fault: quality, severity: critical}" in str(found.hint)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"teams: 5",
        b"- a",
        b"teams:\n\ta: b",
        b"teams: {a: {notify: [1, 2]}}",
        b"accountability: [1, null, [x], {when: []}, {when: {fault: {a: b}}}]",
        b"models: {m: 3, n: null, o: {slos: {}}, p: {slos: [4]}, '': {}}",
        b"severities: {a: b}\nfaults: x\norganization: [y]\nversion: [1]",
        b"profiles: {x: 1, y: [null]}\nalerts: {}",
        b"ledger: [1]\ndefaults: 3",
        b"teams: &a {b: *a}",
        b"defaults: {for: [1], slack: {api_url: {}}, email: null}",
        b"alerts: [{match: {}}, {match: {'a b': c}, accountable: x}, {match: x}]",
        b"ledger: {url: 'http://[::1', owner: [x], token: y}",
        b"ledger: {url: 'ftp://x:99999'}",
        b"a: &a [1]\nb: &b [*a,*a]\nteams: {x: *b}",
        (
            b"models: {m: {baselines: {rmse: x}, slos: [{sli: rmse, objective: '<= 1.2 * baseline',"
            b" severity: major}]}}"
        ),
    ],
)
def test_bad_input_is_answered_with_findings(tmp_path: Path, raw: bytes) -> None:
    """Whatever stands in the file, the answer is a finding and never an exception."""
    path = tmp_path / "charter.yaml"
    path.write_bytes(raw)
    loaded = load(path, TODAY)
    assert loaded.charter is None
    assert any(one.level is Level.ERROR for one in loaded.diagnostics)


@pytest.mark.parametrize(
    ("contact", "place"),
    [
        ("{webhook: {url: pager.internal/a}}", "7:33"),
        ("{pagerduty: {routing_key: {file: k}, url: 'ftp://x'}}", "7:59"),
    ],
)
def test_address_that_alertmanager_refuses_is_refused_first(contact: str, place: str) -> None:
    """A contact's address is checked where it is written, not in the generated file."""
    found = findings(
        "accountability:\n"
        "  - {otherwise: true, accountable: a}\n"
        "teams:\n"
        "  a:\n"
        "    name: A\n"
        "    notify:\n"
        f"      default: [{contact}]\n"
    )
    (one,) = [one for one in found if one.level is Level.ERROR]
    assert "is not the address of a server" in one.message
    assert one.span is not None
    assert f"{one.span.line}:{one.span.column}" == place


def test_a_slip_among_thousands_of_names_still_gets_the_nearest() -> None:
    """With 5,000 models a misspelt one is found without comparing it with each."""
    models = "".join(f"  credit-{number:04}: {{}}\n" for number in range(5_000))
    (found,) = findings(
        TEAMS
        + "accountability:\n"
        + "  - {when: {model: credit-0432x}, accountable: b}\n"
        + "  - {otherwise: true, accountable: a}\n"
        + f"models:\n{models}"
    )
    assert found.hint == "did you mean `credit-0432`?"
