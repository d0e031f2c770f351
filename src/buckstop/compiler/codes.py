"""What can be wrong with a charter that only shows when it is compiled for a target."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Code, Level

SECRET_UNREADABLE: Final = Code(
    "secret-unreadable",
    Level.ERROR,
    "The target cannot read this secret from a file",
    "Alertmanager would not load the file, so nobody would be told of anything.",
)
NAME_CLASH: Final = Code(
    "generated-name-clash",
    Level.ERROR,
    "Two generated things would have one name",
    "One would take the other's alerts, and the wrong team would be told.",
)
ENTRY_TAKES_GENERATED: Final = Code(
    "alert-entry-takes-generated",
    Level.ERROR,
    "An entry for existing alerts also matches a generated one",
    "The entry would take the alert from the team that the decision table makes accountable.",
)
WINDOW_TOO_SHORT: Final = Code(
    "window-too-short",
    Level.ERROR,
    "A window is too short for the scrape interval",
    "A rate needs two samples; with fewer the objective has no value and can never be breached.",
)
OBJECTIVE_UNTESTED: Final = Code(
    "objective-untested",
    Level.WARNING,
    "No test could be written for an objective",
    "Whether the alert can fire is then known only when it should.",
)
ERRORS_INVALID: Final = Code(
    "errors-invalid",
    Level.ERROR,
    "What counts as a failed request cannot be read",
    "Prometheus would not load the model's rules, so none of its alerts could fire.",
)
