"""A certificate holds of the files that it was made of, and of no others; nor if it is changed."""

from __future__ import annotations

import copy
import hashlib
import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.differential import random_routes
from tests.differential.attacks import reading
from tests.differential.random_rules import estate
from tests.volume import cases

from buckstop.alertmanager import read
from buckstop.certificate import CertificateError, digest, verify
from buckstop.prometheus import read_rules
from buckstop.prover.certifying import MadeOf, certificate
from buckstop.prover.examination import examine
from buckstop.prover.given import Given

ROUTES = """
route:
  receiver: rest
  routes:
  - matchers: ['severity="info"', 'team=""']
    receiver: rest
  - matchers: ['team="infra"']
    receiver: infra
    routes:
    - {matchers: ['zone=~"eu-.*"'], receiver: infra-eu}
  - {matchers: ['team="data"'], receiver: data}
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
- {name: infra-eu, webhook_configs: [{url: 'http://127.0.0.1/eu'}]}
- {name: data, webhook_configs: [{url: 'http://127.0.0.1/data'}]}
"""
RULES = """
groups:
- name: g
  rules:
  - {alert: Slow, expr: up == 0, labels: {team: infra}}
  - {alert: Lost, expr: up == 0, labels: {team: nobody}}
"""
FILES = {"alertmanager.yml": ROUTES.encode(), "rules.yml": RULES.encode()}


def certified(given: Given, files: dict[str, bytes]) -> dict[str, Any]:
    hashes = [(path, hashlib.sha256(data).hexdigest()) for path, data in files.items()]
    return certificate(given, examine(given), hashes, MadeOf("alertmanager.yml"), "1.0")


def of_files() -> dict[str, Any]:
    config, _ = read(ROUTES, "alertmanager.yml")
    rules, _ = read_rules(RULES, "rules.yml")
    assert config is not None
    assert rules is not None
    given = Given(rule_files=(rules,), config=config, team_label="team")
    return certified(given, FILES)


def test_certificate_of_the_files_at_hand_holds() -> None:
    """The one rule that is proven is found to be, by the routes of both its parts."""
    made = of_files()
    assert verify(made, FILES.__getitem__) == 1
    assert len(made["rules"][0]["parts"]) == 2


def rule(made: Any) -> Any:
    return made["rules"][0]


TAMPERINGS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "verdict": (lambda made: made["rules"][1].update(verdict="proven"), "nothing is said"),
    "verdict taken back": (lambda made: rule(made).update(verdict="unknown"), "only what is"),
    "team": (lambda made: rule(made)["parts"][0].update(team="data"), "is not said to be data's"),
    "owner": (
        lambda made: (
            rule(made)["parts"][0].update(team="data"),
            made["owners"].update({"infra": ["data"], "infra-eu": ["data"]}),
        ),
        "name another team",
    ),
    "role": (
        lambda made: rule(made)["parts"][0]["routes"][0].update(role="informed"),
        "nobody who answers",
    ),
    "route": (
        lambda made: rule(made)["parts"][0]["routes"][0].update(path=[2]),
        "a part takes the routes",
    ),
    "receiver": (
        lambda made: rule(made)["parts"][0]["routes"][0].update(receiver="data"),
        "a part takes the routes",
    ),
    "region left out": (lambda made: rule(made)["parts"].pop(), "do not cover"),
    "region widened": (
        lambda made: rule(made)["parts"][0]["region"].pop("zone"),
        "of some alerts of a part only",
    ),
    "domain": (
        lambda made: rule(made)["domain"][0].update(team={"is": ["data"]}),
        "the rule sets team",
    ),
    "language": (
        lambda made: rule(made)["domain"][0].update(team={"was": "data"}),
        "no language",
    ),
    "hash": (lambda made: made["inputs"][0].update(sha256="0"), "is not the file"),
    "rule left out": (lambda made: made["rules"].pop(), "every alerting rule"),
    "rule": (lambda made: rule(made).update(alert="Fast"), "there is no such rule"),
    "form": (lambda made: made.pop("owners"), "has not the form"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_changed_certificate_is_refused(name: str) -> None:
    """By its digest; and by what it then says, where the digest was made anew."""
    tamper, said = TAMPERINGS[name]
    made = copy.deepcopy(of_files())
    tamper(made)
    with pytest.raises(CertificateError, match="changed after it was written"):
        verify(made, FILES.__getitem__)
    with pytest.raises(CertificateError, match=said):
        verify(made | {"digest": digest(made)}, FILES.__getitem__)


def test_other_files_are_refused() -> None:
    """A certificate says nothing of files that were changed since, or are gone."""
    changed = FILES | {"rules.yml": RULES.replace("up == 0", "up == 1").encode()}
    with pytest.raises(CertificateError, match=r"rules\.yml is not the file"):
        verify(of_files(), changed.__getitem__)


def test_every_certificate_holds() -> None:
    """Of random trees and rules: what the prover proves, the checker finds proven."""
    rng = random.Random(3)
    proven = 0
    for _ in range(cases(12)):
        one = estate(rng, 20, random_routes.PLAIN, group_labels=True)
        given, files = reading(one)
        made = certified(given, files)
        expected = sum(answer["verdict"] == "proven" for answer in made["rules"])
        assert verify(made, files.__getitem__) == expected
        proven += expected
    assert proven >= cases(20)
