"""A charter as rules and routes: what it compiles to, read back as the servers would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from buckstop import prometheus
from buckstop.alertmanager import read as read_alertmanager
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.cli.target import Aimed
from buckstop.diagnostics import Diagnostic, has_errors
from buckstop.prover.given import Given

if TYPE_CHECKING:
    # Only a charter needs its libraries; hand-written files are answered without them.
    from buckstop.charter import Charter
    from buckstop.compiler import Build
    from buckstop.prometheus.model import RuleFile

GENERATED_ROUTES: Final = "alertmanager/alertmanager.yml"
"""Where a build keeps its routes."""
_GENERATED_TEMPLATES: Final = "alertmanager/templates/buckstop.tmpl"
"""Where a build keeps the words of its notifications."""
_BUILD_FOLDER: Final = "(build)"
"""Stands for the folder of a build that is made in memory, in the names of its files."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A charter and what it compiles to, its routes read back as Alertmanager would.

    Attributes:
        root: the charter's folder; the manifest's places are relative to it.
    """

    charter: Charter
    root: Path
    build: Build
    routes: AlertmanagerConfig

    def rule_files(self, paths: Iterable[str] | None = None) -> tuple[RuleFile, ...]:
        """The rules that it compiles to: all of them, or those in the build's files `paths`."""
        alerts = self.build.manifest.alerts
        wanted = (one.rule_file for one in alerts) if paths is None else paths
        return tuple(self._rule_file(path) for path in dict.fromkeys(wanted))

    def _rule_file(self, path: str) -> RuleFile:
        rule_file, diagnostics = prometheus.read_rules(
            self.build.files[path], f"{_BUILD_FOLDER}/{path}"
        )
        assert rule_file is not None, f"generated rules must load: {diagnostics}"
        return rule_file

    def given(self, rule_files: tuple[RuleFile, ...], base: Given | None = None) -> Given:
        """`rule_files` beside those of `base`, under the routes that it compiles to."""
        base = base or Given((), None)
        return replace(
            base,
            rule_files=(*base.rule_files, *rule_files),
            config=self.routes,
            manifest=self.build.manifest,
            manifest_source="the charter",
        )


def compiled_charter(
    charter: Charter, root: Path, aimed: Aimed, found: list[Diagnostic]
) -> Compiled | None:
    """What `charter` compiles to; None where it does not, for reasons added to `found`."""
    from buckstop.charter import rooted
    from buckstop.compiler import build
    from buckstop.compiler.targets import targets_for

    made = build(charter, targets_for(aimed.alertmanager, aimed.prometheus))
    found += rooted(made.diagnostics, root)
    if has_errors(made.diagnostics):
        return None
    routes, diagnostics = read_alertmanager(
        made.files[GENERATED_ROUTES], f"{_BUILD_FOLDER}/{GENERATED_ROUTES}"
    )
    assert routes is not None, f"the generated routes must load: {diagnostics}"
    routes = replace(routes, template_texts=(made.files[_GENERATED_TEMPLATES],))
    return Compiled(charter, root, made, routes)
