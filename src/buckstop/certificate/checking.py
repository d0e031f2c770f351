"""The checker: believes of a certificate only what it can see for itself.

It shares with the prover how files are read and how languages are decided, and nothing else. A
region is believed to take a route only if all matchers hold of all of it, and not to take it only
if one holds of nothing of it; the prover must have split it until either is so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from buckstop.alertmanager import read
from buckstop.alertmanager.conditions import condition
from buckstop.alertmanager.model import AlertmanagerConfig, Route
from buckstop.certificate.form import VERSION, CertificateError, digest, language_of
from buckstop.diagnostics import has_errors
from buckstop.document import Mapping as MappingNode
from buckstop.document import parse_one
from buckstop.kubernetes import Base, Choice, Manifests, Stream, read_manifests
from buckstop.language import EVERYTHING, Language, Undecided, includes, is_empty, only, region
from buckstop.language.regions import Region
from buckstop.prometheus import read_rules
from buckstop.prometheus.model import AlertingRule

Taken = list[tuple[tuple[int, ...], str]]
"""Routes as places of children from the root on, each with its receiver."""
Place = tuple[str, int, int, str]
"""A rule's file, line and column, and the name of its alert."""


@dataclass(frozen=True, slots=True)
class _Against:
    """What a certificate is held against."""

    config: AlertmanagerConfig
    rules: Mapping[Place, AlertingRule]
    owners: Mapping[str, Any]
    team_label: str
    is_relabelled: bool


def verify(certificate: Any, content: Callable[[str], bytes]) -> int:
    """How many rules it proves; all that it says of them was seen to be so.

    Args:
        certificate: as read from JSON.
        content: of the input at a path; may raise OSError.

    Raises:
        CertificateError: if it does not hold; the message says what does not.
    """
    try:
        return _verified(certificate, content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CertificateError(f"it has not the form of a certificate: {error!r}") from error
    except Undecided as error:
        raise CertificateError(f"it cannot be decided: {error}") from error


def _verified(certificate: Any, content: Callable[[str], bytes]) -> int:
    if certificate["version"] != VERSION:
        raise CertificateError(f"version {certificate['version']} is not {VERSION}")
    if certificate["digest"] != digest(certificate):
        raise CertificateError("it was changed after it was written: its digest is another")
    texts: dict[str, bytes] = {}
    for entry in certificate["inputs"]:
        path = entry["path"]
        try:
            texts[path] = content(path)
        except OSError as error:
            raise CertificateError(f"{path} cannot be read: {error.strerror}") from error
        if hashlib.sha256(texts[path]).hexdigest() != entry["sha256"]:
            raise CertificateError(f"{path} is not the file that was certified")
    manifests = _manifests(certificate, texts)
    against = _Against(
        _routes(certificate["routes"], texts, manifests),
        _rules(certificate["rule_files"], texts, manifests),
        certificate["owners"],
        certificate["team_label"],
        certificate["prometheus"] is not None,
    )
    proven = 0
    for rule in certificate["rules"]:
        try:
            proven += _is_proven(rule, against)
        except CertificateError as error:
            where = f"{rule['alert']} ({rule['file']}:{rule['line']})"
            raise CertificateError(f"{where}: {error}") from error
    if len(certificate["rules"]) != len(against.rules):
        raise CertificateError("it does not speak of every alerting rule once")
    return proven


def _manifests(certificate: Any, texts: Mapping[str, bytes]) -> Manifests | None:
    """What the Kubernetes objects among the inputs hold; None where there are none."""
    objects = certificate["objects"]
    if objects is None:
        return None
    base = objects["base"]
    node = None if base is None else parse_one(texts[base], base)[0]
    return read_manifests(
        [Stream(texts[path], path, is_piped=False) for path in objects["files"]],
        [Base(base, base, node)] if isinstance(node, MappingNode) else [],
        certificate["alertmanager"],
        certificate["prometheus_version"],
        Choice(objects["alertmanager"], objects["prometheus"]),
    )


def _routes(
    name: str, texts: Mapping[str, bytes], manifests: Manifests | None
) -> AlertmanagerConfig:
    routed = () if manifests is None else manifests.routed
    if len(routed) > 1:
        raise CertificateError("its objects make up several configurations")
    if routed and routed[0].file == name:
        config, found = routed[0].config, routed[0].findings
    else:
        config, found = read(texts[name], name)
    if config is None or has_errors(found):
        raise CertificateError(f"Alertmanager does not load {name}")
    return config


def _rules(
    paths: Iterable[str], texts: Mapping[str, bytes], manifests: Manifests | None
) -> dict[Place, AlertingRule]:
    files = [read_rules(texts[path], path)[0] for path in paths]
    if manifests is not None:
        files += [one.rule_file for one in manifests.rules]
    return {
        (rule.span.file, rule.span.line, rule.span.column, rule.alert): rule
        for file in files
        if file is not None
        for rule in file.alerts
    }


def _is_proven(entry: Any, against: _Against) -> bool:
    rule = against.rules.get((entry["file"], entry["line"], entry["column"], entry["alert"]))
    if rule is None:
        raise CertificateError("there is no such rule")
    domain = [_region(one) for one in entry["domain"]]
    if entry["verdict"] != "proven":
        if domain or entry["parts"]:
            raise CertificateError("only what is proven has parts")
        return False
    if not domain:
        raise CertificateError("nothing is said of which alerts it can send")
    if not against.is_relabelled:
        _check_own_labels(rule, domain)
    parts = [(_region(part["region"]), part) for part in entry["parts"]]
    for here in domain:
        if not _covers([one for one, _ in parts], here):
            raise CertificateError("its parts do not cover all alerts that it can send")
    for here, part in parts:
        _check_part(here, part, against)
    return True


def _check_own_labels(rule: AlertingRule, domain: list[Region]) -> None:
    """What the rule itself fixes must stand in the domain that is claimed of it."""
    for name, value in rule.static_labels.items():
        if not any(value in one.language(name) for one in domain):
            raise CertificateError(f"the rule sets {name} to {value!r}, which its domain lacks")


def _check_part(here: Region, part: Any, against: _Against) -> None:
    taken: Taken = []
    _walk(against.config.route, here, (), against.config.route.receiver or "", taken)
    stated = [(tuple(one["path"]), one["receiver"]) for one in part["routes"]]
    if stated != taken:
        raise CertificateError(f"a part takes the routes {taken}, and not {stated}")
    answering = [one["receiver"] for one in part["routes"] if one["role"] == "accountable"]
    roles = {one["role"] for one in part["routes"]}
    if not roles <= {"accountable", "informed", "not accountable"}:
        raise CertificateError(f"no such role: {', '.join(sorted(roles))}")
    team = part["team"]
    if not answering and (team is not None or "not accountable" not in roles):
        raise CertificateError("nobody who answers is told of a part")
    for receiver in answering:
        if team is None or team not in against.owners.get(receiver, ()):
            raise CertificateError(f"{receiver} is not said to be {team}'s")
    named = here.language(against.team_label)
    if answering and not includes(only("", team), named):
        raise CertificateError(f"alerts that name another team reach {team}")


def _walk(route: Route, here: Region, path: tuple[int, ...], receiver: str, taken: Taken) -> bool:
    """Alertmanager's walk, of all of `here` at once; whether it matched at or below `route`."""
    if not _matches(route, here):
        return False
    before = len(taken)
    for place, child in enumerate(route.routes):
        own = child.receiver or receiver
        if _walk(child, here, (*path, place), own, taken) and not child.continues:
            break
    if len(taken) == before:
        taken.append((path, receiver))
    return True


def _matches(route: Route, here: Region) -> bool:
    """Whether the matchers hold of all of `here`; else those of one label must hold of nothing."""
    asked: dict[str, Language] = {}
    for one in route.matchers:
        asked[one.name] = asked.get(one.name, EVERYTHING) & condition(one).language
    if any(is_empty(language & here.language(name)) for name, language in asked.items()):
        return False
    for name, language in asked.items():
        if not includes(language, here.language(name)):
            raise CertificateError(f"a matcher on {name} holds of some alerts of a part only")
    return True


def _covers(parts: Iterable[Region], here: Region) -> bool:
    """Whether every label set of `here` is in one of `parts`."""
    left = [here]
    for part in parts:
        left = [piece for one in left for piece in _without(one, part)]
    return not left


def _without(here: Region, part: Region) -> list[Region]:
    """The pieces of `here` that are not in `part`."""
    pieces: list[Region] = []
    inside = here
    for name, language in part.named:
        outside = inside.narrowed(name, ~language)
        if outside is not None:
            pieces.append(outside)
        both = inside.narrowed(name, language)
        if both is None:
            return [here]
        inside = both
    return pieces


def _region(value: Any) -> Region:
    languages: dict[str, Language] = {name: language_of(one) for name, one in value.items()}
    if any(is_empty(language) for language in languages.values()):
        raise CertificateError("a region without alerts")
    return region(languages, EVERYTHING)
