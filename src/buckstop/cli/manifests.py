"""Kubernetes objects and what is piped in: what they add to the rules and routes of plain files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from buckstop.cli.excerpts import without_secrets, without_spans
from buckstop.cli.input_kinds import InputFile
from buckstop.cli.input_search import STANDARD_INPUT
from buckstop.cli.inputs import Inputs
from buckstop.cli.main import CommandFailed
from buckstop.cli.object_choice import MAX_NAMED, check_one
from buckstop.cli.target import Aimed
from buckstop.cli.template_files import read_templates
from buckstop.diagnostics import Diagnostic
from buckstop.document import Mapping as MappingNode
from buckstop.document import parse_one
from buckstop.prover.given import Given
from buckstop.prover.rule_loading import refusal_of

if TYPE_CHECKING:
    from buckstop.kubernetes import Enclosure, Manifests, Routed
    from buckstop.prometheus import PrometheusConfig


@dataclass(frozen=True, slots=True)
class Objects:
    """What manifests and pipes add.

    Attributes:
        sources: text by the name of the file in places, for excerpts; secrets made unreadable.
        enclosures: by the name of the file in places of texts that are quoted or encoded.
    """

    manifests: Manifests
    sources: Mapping[str, str]
    enclosures: Mapping[str, Enclosure]
    routed: Routed | None
    prometheus: PrometheusConfig | None

    def placed(self, found: Diagnostic) -> Diagnostic:
        """`found` at a place that the user's file has, where it stands in an encoded value."""
        from buckstop.kubernetes import enclosed

        return enclosed(found, self.enclosures)

    def add_to(self, given: Given, found: list[Diagnostic]) -> Given:
        """`given` with these rules and routes; what was found while reading is added to `found`."""
        refusals = dict(given.refusals)
        doubts = dict(given.doubts)
        for rules in self.manifests.rules:
            found += rules.findings
            refusal = refusal_of(rules.findings, rules.said)
            if refusal is not None and rules.rule_file is not None:
                refusals[rules.rule_file.file] = refusal
            if rules.doubt is not None and rules.rule_file is not None:
                doubts[rules.rule_file.file] = rules.doubt
        read = (rules.rule_file for rules in self.manifests.rules)
        given = replace(
            given,
            rule_files=(*given.rule_files, *(one for one in read if one is not None)),
            refusals=refusals,
            doubts=doubts,
            prometheus=self.prometheus or given.prometheus,
        )
        if self.routed is None:
            return given
        found += self.routed.findings
        return replace(given, config=self.routed.config, load_diagnostics=self.routed.findings)


def read_objects(inputs: Inputs, aimed: Aimed, found: list[Diagnostic]) -> Objects | None:
    """What the manifests among `inputs` and standard input hold; None where there are none.

    Args:
        aimed: the versions that are to load what the objects hold.

    Raises:
        CommandFailed: several configurations compete, or none is called as the user says.
    """
    if not inputs.objects:
        _check_nothing_chosen(inputs)
        return None
    from buckstop.kubernetes import Base, Choice, Stream, read_manifests

    streams = [
        Stream(file.data, file.display, is_piped=file.path == STANDARD_INPUT)
        for file in inputs.objects
    ]
    given: list[Base] = []
    plain = inputs.alertmanager
    if plain is not None:
        node, _ = parse_one(plain.data, plain.display)
        if isinstance(node, MappingNode):
            given.append(Base(plain.display, plain.display, node))
    choice = Choice(inputs.alertmanager_object, inputs.prometheus_object)
    manifests = read_manifests(streams, given, aimed.alertmanager, aimed.prometheus, choice)
    found += manifests.findings
    check_one("Alertmanager", manifests.alertmanagers, choice.alertmanager)
    takes_objects = inputs.needs_prometheus and inputs.prometheus is None
    if takes_objects or choice.prometheus is not None:
        check_one("Prometheus", manifests.prometheuses, choice.prometheus)
    return Objects(
        manifests,
        _sources(inputs.objects, manifests),
        manifests.enclosures,
        _with_templates(next(iter(manifests.routed), None), plain),
        next(iter(manifests.prometheus), None) if takes_objects else None,
    )


def _check_nothing_chosen(inputs: Inputs) -> None:
    for option, name in (
        ("--alertmanager-object", inputs.alertmanager_object),
        ("--prometheus-object", inputs.prometheus_object),
    ):
        if name is not None:
            raise CommandFailed(f"{option} {name}: no Kubernetes object is among the files")


def check_something(inputs: Inputs, objects: Objects, found: Iterable[Diagnostic]) -> None:
    """See to it that something among all inputs says who is told, or that a finding says why not.

    Raises:
        CommandFailed: nothing does; the message counts what stands there.
    """
    manifests = objects.manifests
    others = inputs.rules or inputs.alertmanager or inputs.prometheus or inputs.charter
    read = manifests.rules or manifests.routed or manifests.prometheus
    if read or others or any(found):
        return
    names = ", ".join(file.display for file in inputs.objects[:MAX_NAMED])
    ignored = said_ignored(manifests)
    raise CommandFailed(
        f"nothing in {names} says who is told{f'; there is {ignored}' if ignored else ''}"
    )


def said_ignored(manifests: Manifests) -> str:
    """What does not concern us, counted: ``3 Deployment, 1 Service``; empty for nothing."""
    counts = sorted(manifests.ignored.items(), key=lambda item: (-item[1], item[0]))
    said = [f"{count:,} {kind}" for kind, count in counts]
    others = len(manifests.unknown)
    if others:
        said.append(f"{others:,} other document{'' if others == 1 else 's'}")
    return ", ".join(said)


def _with_templates(routed: Routed | None, plain: InputFile | None) -> Routed | None:
    """`routed` with the templates that lie beside the file that it is made of."""
    if routed is None or routed.config is None or plain is None or routed.file != plain.display:
        return routed
    templates = read_templates(routed.config, plain.path.parent)
    if templates is None:
        return routed
    texts = tuple(one.text for one in templates)
    return replace(routed, config=replace(routed.config, template_texts=texts))


def _sources(files: Iterable[InputFile], manifests: Manifests) -> dict[str, str]:
    spans: dict[str, list[tuple[int, int, int, int]]] = {}
    for span in manifests.secrets:
        file = manifests.names.get(span.file, span.file)
        spans.setdefault(file, []).append(span[1:])
    sources = {
        file.display: without_spans(without_secrets(file.text), spans.get(file.display, ()))
        for file in files
    }
    sources |= {name: sources[file] for name, file in manifests.names.items() if file in sources}
    for name, enclosure in manifests.enclosures.items():
        sources[name] = without_secrets(enclosure.text)
    return sources
