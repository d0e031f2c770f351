"""Inhibition: which firing alert keeps which other one quiet."""

from __future__ import annotations

from buckstop.alertmanager import read
from buckstop.alertmanager.inhibition import Inhibitor


def inhibitor(rules: str, *firing: dict[str, str]) -> Inhibitor:
    text = f"route: {{receiver: r}}\nreceivers: [{{name: r}}]\ninhibit_rules: {rules}\n"
    config, diagnostics = read(text, "alertmanager.yml")
    assert config is not None
    assert diagnostics == ()
    return Inhibitor(config.inhibit_rules, firing)


def source(tested: Inhibitor, **labels: str) -> dict[str, str] | None:
    found = tested.inhibition(labels)
    return None if found is None else dict(found.source)


RULE = "[{source_matchers: [severity=critical], target_matchers: [severity=minor], equal: [model]}]"


def test_target_is_quiet_while_a_source_with_equal_labels_fires() -> None:
    """Of another model's alerts nothing is held back."""
    critical = {"severity": "critical", "model": "a"}
    tested = inhibitor(RULE, critical)
    assert source(tested, severity="minor", model="a") == critical
    assert source(tested, severity="minor", model="b") is None
    assert source(tested, severity="major", model="a") is None


def test_label_missing_on_both_sides_is_equal() -> None:
    """Missing and empty are the same, and no `equal` lets any source inhibit."""
    assert source(inhibitor(RULE, {"severity": "critical"}), severity="minor", model="") is not None
    everywhere = "[{source_match: {severity: critical}, target_match_re: {severity: 'mi.*'}}]"
    tested = inhibitor(everywhere, {"severity": "critical", "model": "a"})
    assert source(tested, severity="minor", model="b") is not None


def test_alert_that_matches_both_sides_needs_a_source_that_does_not() -> None:
    """Else two such alerts would silence each other, and one would silence itself."""
    rule = "[{source_matchers: ['x=~\"1|2\"'], target_matchers: ['x=~\"2|3\"'], equal: []}]"
    two, one = {"x": "2", "n": "first"}, {"x": "1"}
    assert source(inhibitor(rule, two), x="2") is None
    assert source(inhibitor(rule, two), x="3") == two
    assert source(inhibitor(rule, two, one), x="2") == one
    assert source(inhibitor(rule, two, one), x="3") == two


def test_inhibited_alert_inhibits_all_the_same() -> None:
    """A chain holds back its end even where the middle is quiet itself."""
    rules = (
        "[{source_matchers: [x=a], target_matchers: [x=b]},"
        " {source_matchers: [x=b], target_matchers: [x=c]}]"
    )
    tested = inhibitor(rules, {"x": "a"}, {"x": "b"})
    assert source(tested, x="b") == {"x": "a"}
    assert source(tested, x="c") == {"x": "b"}


def test_rule_that_inhibits_is_named_with_its_place() -> None:
    """The first one, where several would."""
    tested = inhibitor(
        "\n- {source_matchers: [x=a], target_matchers: [x=z]}\n"
        "- {source_matchers: [x=a], target_matchers: [x=c]}\n"
        "- {source_matchers: [x=a], target_matchers: [x=c]}",
        {"x": "a"},
    )
    found = tested.inhibition({"x": "c"})
    assert found is not None
    assert found.rule.span.line == 5
