"""A build against its own charter: every alert, through the real walk, to the team that answers.

The compiler decides whom a route leads to; this routes every generated alert through the generated
tree as Alertmanager would and compares. Nothing here trusts how the tree was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from buckstop.alertmanager import Router
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.charter import Charter, Table
from buckstop.compiler.manifest import Authority, Manifest
from buckstop.diagnostics import Span
from buckstop.prover.delivery import deliveries
from buckstop.prover.model import (
    NOT_APPLICABLE,
    PROVEN,
    Judgement,
    Property,
    RuleAnswer,
    Verdict,
    conjunction,
)
from buckstop.prover.receiver_templates import receiver_templates


@dataclass(frozen=True, slots=True)
class _Expected:
    """What the charter says of one alert; `team` is None where nobody needs to answer.

    Attributes:
        severities: those that the alert may have beside its `labels`, to be tried as well.
    """

    alert: str
    labels: Mapping[str, str]
    severities: tuple[str, ...]
    team: str | None
    inform: tuple[str, ...] | None
    authority: Authority


def confirm(
    charter: Charter, manifest: Manifest, config: AlertmanagerConfig
) -> tuple[RuleAnswer, ...]:
    """One answer for every generated alert and every ``alerts:`` entry, in that order.

    Who must be told comes from the charter's table itself, not from what the build says of it;
    each answer cites the line by which the team answers. A generated alert must reach exactly the
    receivers of its accountable team, those of the informed teams, and the ledger where the build
    has one. An ``alerts:`` entry is tried with exactly the labels that it names, and with each
    severity that it leaves open besides.
    """
    router = Router(config)
    delivers = deliveries(config, (), receiver_templates(config))
    ledger = any(receiver.role == "ledger" for receiver in manifest.receivers)
    return tuple(
        _worst(
            _confirmed(one, manifest, router, delivers, ledger=ledger)
            for one in _variants(expected)
        )
        for expected in _expectations(charter, manifest)
    )


def _variants(expected: _Expected) -> Iterable[_Expected]:
    """`expected` itself, and with each severity that it leaves open."""
    yield expected
    for severity in expected.severities:
        yield replace(expected, labels={**expected.labels, "severity": severity})


def _worst(answers: Iterable[RuleAnswer]) -> RuleAnswer:
    """The first that is not proven; where there is none, the first of all."""
    every = tuple(answers)
    return next((one for one in every if one.verdict is not Verdict.PROVEN), every[0])


def _expectations(charter: Charter, manifest: Manifest) -> Iterable[_Expected]:
    models = {model.id: model for model in charter.models}
    table = Table.of(charter)
    for alert in manifest.alerts:
        labels = {**dict(alert.labels), "alertname": alert.alert}
        decision = table.decision(
            labels.get("fault", ""),
            labels.get("severity", ""),
            models.get(labels.get("model", "")),
        )
        yield _Expected(alert.alert, labels, (), decision.team, decision.inform, alert.authority)
    earlier: list[frozenset[tuple[str, str]]] = []
    for entry in manifest.existing:
        labels = dict(entry.match)
        name = labels.get("alertname") or ", ".join(f"{k}={v}" for k, v in entry.match)
        severities = tuple(
            severity
            for severity in charter.severities
            if "severity" not in labels
            and not any(one <= {*entry.match, ("severity", severity)} for one in earlier)
        )
        if "severity" in labels:
            # Of two entries the first decides: what it takes at this severity is not the later's.
            earlier.append(frozenset(entry.match))
        yield _Expected(name, labels, severities, entry.team, None, entry.authority)


def _confirmed(
    expected: _Expected,
    manifest: Manifest,
    router: Router,
    delivers: Mapping[str, Judgement],
    *,
    ledger: bool,
) -> RuleAnswer:
    receivers = tuple(match.receiver for match in router.route(expected.labels))
    known = {receiver.name: receiver for receiver in manifest.receivers}
    roles = [known[name].role if name in known else None for name in receivers]
    owners = tuple(
        dict.fromkeys(
            known[name].team
            for name, role in zip(receivers, roles, strict=True)
            if role == "accountable"
        )
    )
    informed = {
        known[name].team for name, role in zip(receivers, roles, strict=True) if role == "informed"
    }
    properties = {
        Property.ANSWERED: _answered(expected, owners, receivers),
        Property.SINGLE: _single(owners),
        Property.AGREES: _agrees(expected, owners, informed),
        Property.DELIVERS: conjunction(
            delivers[name]
            for name, role in zip(receivers, roles, strict=True)
            if role in {"accountable", "informed"}
        ),
        Property.ALWAYS: PROVEN,
    }
    if ledger:
        properties[Property.ON_RECORD] = (
            PROVEN
            if "ledger" in roles
            else Judgement(Verdict.REFUTED, "the ledger does not see it", "not on record")
        )
    deciding = conjunction(properties.values())
    if deciding.verdict is Verdict.PROVEN and expected.team is None:
        deciding = Judgement(Verdict.PROVEN, "nobody needs to answer", "nobody needs to answer")
    return RuleAnswer(
        alert=expected.alert,
        span=_place(expected.authority),
        severity=expected.labels.get("severity"),
        model=expected.labels.get("model"),
        team_value=expected.labels.get(manifest.team_label),
        team=owners[0] if len(owners) == 1 else None,
        receivers=receivers,
        informed=tuple(
            name
            for name, role in zip(receivers, roles, strict=True)
            if role in {"informed", "ledger"}
        ),
        properties=tuple(properties.items()),
        verdict=deciding.verdict,
        reason=deciding.reason,
        cause=deciding.cause,
        witness=(
            tuple(sorted(expected.labels.items())) if deciding.verdict is Verdict.REFUTED else None
        ),
    )


def _answered(
    expected: _Expected, owners: tuple[str | None, ...], receivers: tuple[str, ...]
) -> Judgement:
    if expected.team is None:
        if owners:
            return Judgement(
                Verdict.REFUTED,
                f"nobody needs to answer, yet {owners[0]} is told",
                "another team",
            )
        return NOT_APPLICABLE
    if owners:
        return PROVEN
    told = ", ".join(receivers) or "nobody"
    return Judgement(
        Verdict.REFUTED,
        f"{expected.team} is accountable, but only {told} is told",
        "nobody answers",
    )


def _single(owners: tuple[str | None, ...]) -> Judgement:
    if len(owners) > 1:
        names = " and ".join(str(owner) for owner in owners)
        return Judgement(Verdict.REFUTED, f"{names} would both answer", "several teams")
    return PROVEN if owners else NOT_APPLICABLE


def _agrees(
    expected: _Expected, owners: tuple[str | None, ...], informed: set[str | None]
) -> Judgement:
    if expected.team is not None and owners and owners != (expected.team,):
        return Judgement(
            Verdict.REFUTED,
            f"{expected.team} is accountable, but {owners[0]} is told",
            "another team",
        )
    if expected.inform is not None and informed != set(expected.inform):
        return Judgement(
            Verdict.REFUTED,
            f"to be informed: {', '.join(expected.inform) or 'nobody'}; "
            f"informed: {', '.join(sorted(map(str, informed))) or 'nobody'}",
            "another team",
        )
    return PROVEN if owners else NOT_APPLICABLE


def _place(authority: Authority) -> Span:
    return Span(authority.file, authority.line, 1, authority.line, 1)
