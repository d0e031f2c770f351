"""What ``init`` reads a charter off: the user's own rules and routes, in files and objects."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from buckstop.alertmanager import read as read_alertmanager
from buckstop.alertmanager.codes import SLACK_URL_MISSING
from buckstop.cli.input_kinds import InputFile
from buckstop.cli.input_search import STANDARD_INPUT
from buckstop.cli.inputs import Inputs, Named, find_inputs
from buckstop.cli.main import CommandFailed
from buckstop.cli.manifests import Objects, check_something, read_objects
from buckstop.cli.target import Aimed
from buckstop.diagnostics import Diagnostic, Level
from buckstop.kubernetes.codes import KUBERNETES_BASE_UNSEEN
from buckstop.prometheus import read_rules

if TYPE_CHECKING:
    from buckstop.adoption import Start
    from buckstop.alertmanager.model import AlertmanagerConfig
    from buckstop.prometheus.model import RuleFile


def read_sources(sources: tuple[Path, ...], named: Named) -> Start | None:
    """What the user's files say; None where nothing is named and there are none.

    Args:
        named: which of several Kubernetes objects are meant.

    Raises:
        CommandFailed: there are none in what is named, or one of them cannot be read.
    """
    inputs = find_inputs(sources, named, kinds={"alertmanager", "manifest"}, option="--from")
    # Rules and routes that were built from a charter are no source for one.
    if inputs.manifest is None:
        start = _read(inputs, is_asked_for=bool(sources))
        if start is not None:
            return start
    if sources:
        raise CommandFailed(
            "no rules or routes of your own in " + ", ".join(str(path) for path in sources)
        )
    return None


def _read(inputs: Inputs, *, is_asked_for: bool) -> Start | None:
    """What `inputs` say; None where nothing in them does."""
    from buckstop.adoption import read_start
    from buckstop.cli.excerpts import hidden
    from buckstop.cli.reading import secrets_of

    found: list[Diagnostic] = []
    objects = read_objects(inputs, Aimed(), found)
    if objects is not None and is_asked_for:
        check_something(inputs, objects, found)
    unread = [one.message for one in inputs.unread]
    rule_files = _rules(inputs, unread)
    config = None
    if objects is not None:
        rule_files += _rules_of_objects(objects, unread)
        unread += [_said(objects, one) for one in found if _is_missed(one)]
        config = _routes_of_objects(objects, unread)
    if inputs.alertmanager is not None and (objects is None or objects.routed is None):
        config = _routes(inputs, unread)
    if unread:
        # A charter without what stands in such a file would name the wrong teams in silence.
        secrets = secrets_of(inputs, objects)
        raise CommandFailed(
            "these could not be read, and a charter without them would be wrong:\n  "
            + "\n  ".join(hidden(one, secrets) for one in unread)
            + "\nMend them (`buckstop check` shows the places), or name others with --from."
        )
    if not rule_files and config is None:
        return None
    return read_start(tuple(rule_files), config, tuple(map(_name, inputs.files)))


def _name(file: InputFile) -> str:
    return "standard input" if file.path == STANDARD_INPUT else file.display


def _rules(inputs: Inputs, unread: list[str]) -> list[RuleFile]:
    files = []
    for file in inputs.rules:
        rules, diagnostics = read_rules(file.data, file.display)
        wrong = _first_error(diagnostics)
        if wrong is not None:
            unread.append(_placed(wrong))
        else:
            assert rules is not None, "what has no error is read"
            files.append(rules)
    return files


def _rules_of_objects(objects: Objects, unread: list[str]) -> list[RuleFile]:
    files = []
    for rules in objects.manifests.rules:
        wrong = _first_error(rules.findings)
        if wrong is not None:
            unread.append(_said(objects, wrong))
        else:
            assert rules.rule_file is not None, "what has no error is read"
            files.append(rules.rule_file)
    return files


def _routes(inputs: Inputs, unread: list[str]) -> AlertmanagerConfig | None:
    file = inputs.alertmanager
    assert file is not None, "asked only where there is one"
    config, diagnostics = read_alertmanager(file.data, file.display)
    wrong = _first_error(diagnostics)
    if wrong is not None:
        unread.append(_placed(wrong))
    return config


def _routes_of_objects(objects: Objects, unread: list[str]) -> AlertmanagerConfig | None:
    routed = objects.routed
    if routed is None:
        return None
    wrong = _first_error(routed.findings)
    if wrong is not None:
        unread.append(_said(objects, wrong))
    return routed.config


def _first_error(findings: Iterable[Diagnostic]) -> Diagnostic | None:
    # A Slack contact without its address hides nothing: the charter names a file to put it in.
    errors = (one for one in findings if one.level is Level.ERROR)
    return next((one for one in errors if one.code is not SLACK_URL_MISSING), None)


def _is_missed(found: Diagnostic) -> bool:
    """Whether `found` says that rules or routes are not read, or stand with what is not there."""
    return found.level is Level.ERROR or found.code is KUBERNETES_BASE_UNSEEN


def _said(objects: Objects, found: Diagnostic) -> str:
    return _placed(objects.placed(found))


def _placed(found: Diagnostic) -> str:
    return f"{found.span}: {found.message}" if found.span is not None else found.message
