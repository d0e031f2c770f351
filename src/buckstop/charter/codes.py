"""What can be wrong with a charter: one kind of finding each, one docs page each."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Code, Level

CHARTER_NOT_FOUND: Final = Code(
    "charter-not-found",
    Level.ERROR,
    "There is no charter here",
    "Without a charter nobody has been declared accountable for anything.",
)
CHARTER_FILE_IGNORED: Final = Code(
    "charter-file-ignored",
    Level.WARNING,
    "A file looks like a part of the charter and is not read",
    "What stands in a file that is not read makes nobody accountable.",
)
CHARTER_FOLDER_TOO_LARGE: Final = Code(
    "charter-folder-too-large",
    Level.ERROR,
    "A folder holds more files than are looked at for a charter",
    "What stands in the files that are left would make nobody accountable.",
)
CHARTER_DUPLICATE: Final = Code(
    "charter-duplicate",
    Level.ERROR,
    "The same thing is declared twice",
    "Of two declarations only one can hold, and a reader cannot tell which.",
)
KEY_UNKNOWN: Final = Code(
    "charter-key-unknown",
    Level.ERROR,
    "A key means nothing in a charter",
    "A misspelt key would be a promise that nothing keeps.",
)
KEY_MISSING: Final = Code(
    "charter-key-missing",
    Level.ERROR,
    "A required key is missing",
    "What is left out cannot be guessed without guessing who answers.",
)
WORD_RESERVED: Final = Code(
    "charter-word-reserved",
    Level.WARNING,
    "A reserved word is not yet acted on",
    "The charter reads as if this were in force, and nothing enforces it yet.",
)
WORD_NOT_YET: Final = Code(
    "charter-word-not-yet",
    Level.ERROR,
    "A reserved word cannot be used yet",
    "The charter would promise what nothing keeps.",
)
VALUE_INVALID: Final = Code(
    "charter-value-invalid",
    Level.ERROR,
    "A value is not of the form it must have",
    "A value that cannot be read cannot be acted on.",
)
SECRET_INLINE: Final = Code(
    "secret-inline",
    Level.ERROR,
    "A secret is written out in the charter",
    "Everybody who reads the charter could page or silence in the team's name; treat a secret "
    "that was committed as known and replace it.",
)
TEAM_UNKNOWN: Final = Code(
    "team-unknown",
    Level.ERROR,
    "A team is named that is not declared",
    "Nobody can answer for what is given to a team that does not exist.",
)
SEVERITY_UNKNOWN: Final = Code(
    "severity-unknown",
    Level.ERROR,
    "A severity is named that is not declared",
    "No contact and no row can be meant for a severity that nothing else knows.",
)
FAULT_UNKNOWN: Final = Code(
    "fault-unknown",
    Level.ERROR,
    "A kind of fault is named that is not declared",
    "A misspelt fault would slip past the row that is meant for it, to another team.",
)
MODEL_UNKNOWN: Final = Code(
    "model-unknown",
    Level.ERROR,
    "A model is named that is not declared",
    "A row for a model that does not exist makes nobody accountable.",
)
SLI_UNKNOWN: Final = Code(
    "sli-unknown",
    Level.ERROR,
    "An indicator is named that is not known",
    "An objective on a number that nothing measures can never be breached.",
)
PROFILE_UNKNOWN: Final = Code(
    "profile-unknown",
    Level.ERROR,
    "A profile is named that is not declared",
    "The model would be watched by none of the profile's objectives.",
)
NOTIFY_DEFAULT_MISSING: Final = Code(
    "notify-default-missing",
    Level.ERROR,
    "A team cannot be reached for every severity",
    "An accountable team that is not told cannot answer.",
)
CONTACT_INCOMPLETE: Final = Code(
    "contact-incomplete",
    Level.ERROR,
    "A contact lacks what delivery needs",
    "Alertmanager would refuse the file, or drop the page.",
)
SLO_INCOMPLETE: Final = Code(
    "slo-incomplete",
    Level.ERROR,
    "An objective does not say all that it must",
    "A promise without a number, a measure or a severity cannot be breached.",
)
SLO_DUPLICATE: Final = Code(
    "slo-duplicate",
    Level.ERROR,
    "Two objectives of a model have the same name",
    "An alert names its objective; with two of a name nobody can tell which was breached.",
)
SLO_FIELD_MISPLACED: Final = Code(
    "slo-field-misplaced",
    Level.ERROR,
    "A field does not belong to this kind of objective",
    "The field would be ignored although the charter reads as if it held.",
)
SLO_FAULT_UNUSUAL: Final = Code(
    "slo-fault-unusual",
    Level.WARNING,
    "An indicator counts as another kind of fault than usual",
    "The fault decides who answers, so a slip here gives the alert to another team.",
)
SLO_NEVER_EXPANDED: Final = Code(
    "slo-never-expanded",
    Level.WARNING,
    "An objective for each feature has no feature",
    "The profile promises that drift is watched, and for this model nothing watches it.",
)
OBJECTIVE_INVALID: Final = Code(
    "objective-invalid",
    Level.ERROR,
    "An objective cannot be read",
    "A promise that cannot be read cannot be kept or breached.",
)
OBJECTIVE_DIRECTION: Final = Code(
    "objective-direction",
    Level.ERROR,
    "An objective bounds the wrong side",
    "The alert would fire while all is well and be silent when it breaks.",
)
OBJECTIVE_OUT_OF_RANGE: Final = Code(
    "objective-out-of-range",
    Level.ERROR,
    "An objective lies outside what the indicator can be",
    "The alert could never fire, or would always fire.",
)
OBJECTIVE_BASELINE_MISSING: Final = Code(
    "objective-baseline-missing",
    Level.ERROR,
    "A relative objective has no baseline",
    "Without the reference value there is no threshold.",
)
EXPR_INVALID: Final = Code(
    "expr-invalid",
    Level.ERROR,
    "A PromQL expression cannot be read, or gives no instant vector",
    "Prometheus would refuse the whole rule file, and with it every alert in it.",
)
EXPR_COMPARES: Final = Code(
    "expr-compares",
    Level.WARNING,
    "An expression compares, where it should give a number",
    "While all is well the expression gives nothing, so an alert says that the number is missing.",
)
EXPR_SHARED: Final = Code(
    "expr-shared",
    Level.ERROR,
    "An expression of several models does not tell them apart",
    "A breach by one model would be an alert of each, and page the teams of models that are well.",
)
SERVING_NAMES_MISSING: Final = Code(
    "serving-names-missing",
    Level.ERROR,
    "The metric names of a model server are not known",
    "An alert on a series that does not exist never fires.",
)
OTHERWISE_MISSING: Final = Code(
    "decision-otherwise-missing",
    Level.ERROR,
    "Nobody answers for what no row decides",
    "An alert that nobody foresaw, or whose label is misspelt, must still reach a team.",
)
DECISION_HOLE: Final = Code(
    "decision-hole",
    Level.ERROR,
    "Nobody answers for a case",
    "An alert of this kind would have no accountable team.",
)
DECISION_OVERLAP: Final = Code(
    "decision-overlap",
    Level.ERROR,
    "Two rows decide the same case and neither is the more specific",
    "Two accountable teams are none: each can think that the other answers.",
)
DECISION_OWNER_MISSING: Final = Code(
    "decision-owner-missing",
    Level.ERROR,
    "A row names the model's owner and the model has none",
    "An alert of this model would have no accountable team.",
)
DECISION_ROW_DEAD: Final = Code(
    "decision-row-dead",
    Level.WARNING,
    "A row can never decide anything",
    "Whoever wrote it believes that a team answers, and another one does.",
)
DECISION_ROW_NOT_IN_FORCE: Final = Code(
    "decision-row-not-in-force",
    Level.INFO,
    "A row does not hold today",
    "Until its day comes, and after it is over, another row decides.",
)
DECISION_FAILS_LATER: Final = Code(
    "decision-fails-later",
    Level.WARNING,
    "The decision table stops being sound on a day to come",
    "From that day on nobody, or more than one team, would answer.",
)
TEAM_UNREACHED: Final = Code(
    "team-unreached",
    Level.INFO,
    "A team answers for nothing",
    "Its people may believe that they are told, and nothing reaches them.",
)
ALERT_ENTRY_DEAD: Final = Code(
    "alert-entry-dead",
    Level.WARNING,
    "An entry for existing alerts never applies",
    "An earlier, more general entry gives its alerts to another team.",
)
LEDGER_WITHOUT_TOKEN: Final = Code(
    "ledger-without-token",
    Level.WARNING,
    "A ledger outside this machine has no token",
    "The ledger answers nobody without a token outside loopback, so no incident would be recorded.",
)
